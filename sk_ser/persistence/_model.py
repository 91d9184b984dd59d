"""Saving a model, and loading it without running code."""

import io
import warnings
import zipfile

import joblib
from sklearn.utils.validation import check_is_fitted

from sk_ser.exceptions import ModelFileError, ModelFileWarning
from sk_ser.persistence._file import read_file, write_file
from sk_ser.persistence._header import check_versions, make_header
from sk_ser.persistence._skops import from_members, names_of, to_members
from sk_ser.persistence._travel import ready_for_travel

_PICKLED = "model.joblib"


def save(model, path, *, format="skops", header=None, trusted=()):
    """Save a fitted model and a header in one file.

    Parameters
    ----------
    model : estimator
        Fitted.
    path : str or Path
        Where to; by custom it ends in ``.skops``. The file is complete or not there.
    format : {"skops", "joblib"}, default="skops"
        "skops" keeps named types, arrays, numbers and text, so that loading runs no code.
        "joblib" keeps anything, and whoever loads it has to trust where it comes from.
    header : mapping or None, default=None
        What else the file says about the model, in types that JSON has: what
        :func:`describe_training` returns, ``sampling_rate`` in Hz where the model begins
        with clips and not with an AudioLoader, ``prediction_set``, ``limits``,
        ``intended_use`` and whatever you like.
    trusted : sequence of str or type, default=()
        Types in the model that neither scikit-learn nor this package has, by their
        full name or themselves. :func:`load` has to be told of them, too.

    Returns
    -------
    Path
        Where it is.

    Raises
    ------
    ModelFileError
        If the model holds what cannot be saved, or a type that is not trusted, which
        is named.
    NotFittedError
        If the model is not fitted.
    ValueError
        If the format is not known or the header cannot be written as JSON.

    See Also
    --------
    read_header : What a file says about its model.
    describe_training : Header's part on data and scores.
    save_card : The same as a page to read.

    Notes
    -----
    What belongs to the machine stays there: a pipeline's ``memory``, and of an OptunaSearchCV
    all but its best estimator. Nets are kept as arrays of weights with what makes the net, trees of
    XGBoost as its JSON. A net's optimiser is kept, so that ``partial_fit`` goes on.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.persistence import load, save
    >>> speech = make_emotional_speech(n_speakers=2, n_sentences=2, random_state=0)
    >>> model = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    >>> model = model.fit(speech.data, speech.target)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save(model, pathlib.Path(folder, "svm.skops"), header={"sampling_rate": 16000})
    ...     again = load(path)
    >>> again.predict(speech.data[:1]).tolist()
    ['anger']
    """
    if format not in ("skops", "joblib"):
        raise ValueError(f'save: format={format!r} must be "skops" or "joblib".')
    check_is_fitted(model)
    model = ready_for_travel(model)
    header = make_header(model, format, header)
    if format == "joblib":
        content = io.BytesIO()
        joblib.dump(model, content)
        return write_file(path, header, {_PICKLED: content.getvalue()})
    return write_file(path, header, to_members(model, names_of(trusted)))


def load(path, *, trusted=(), format="skops", versions="error"):
    """Load a model; unless asked for by name, no code of the file runs.

    Parameters
    ----------
    path : str or Path
        File of :func:`save`.
    trusted : sequence of str or type, default=()
        Types to load beside those of scikit-learn and this package: your own, by their full
        name. The file decides what they are made with.
    format : {"skops", "joblib"}, default="skops"
        "joblib" loads a file that was saved as such, or by :func:`joblib.dump`, and
        runs whatever code is in it.
    versions : {"error", "warn"}, default="error"
        What to do about a file of another minor version of sk_ser or scikit-learn.

    Returns
    -------
    estimator
        It predicts, bit by bit, what the saved one predicted.

    Raises
    ------
    ModelFileError
        If the file is no model's, truncated, damaged, of another version, asks for a type that
        is not trusted, or for joblib without your saying so. Nothing of it has run then.
    ImportError
        If the model needs an extra that is not installed, which is named.

    Warns
    -----
    ModelFileWarning
        If joblib loaded it, or it is of another version and `versions` lets that pass.

    Notes
    -----
    Checksums in the file tell damage, but are no signature: someone who wants to deceive
    can write them, too. What a stranger's file cannot do is name code to run. It can hold a model
    that predicts nonsense, takes long to, or whose numbers make compiled code of scikit-learn
    fail: nets and boosted trees are checked for the latter, other models' arrays are not.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.persistence import load, save
    >>> model = GaussianNB().fit([[0.0], [1.0]], ["calm", "angry"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = load(save(model, pathlib.Path(folder, "model.skops")))
    >>> again.predict([[0.9]]).tolist()
    ['angry']
    """
    for name, value, known in (
        ("format", format, ("skops", "joblib")),
        ("versions", versions, ("error", "warn")),
    ):
        if value not in known:
            raise ValueError(f"load: {name}={value!r} must be {known[0]!r} or {known[1]!r}.")
    if format == "joblib":
        return _load_joblib(path, versions)
    header, members = read_file(path)
    if header.get("kind") != "skops":
        raise ModelFileError(
            f"{path}: it was saved with {header.get('kind')!r}, and loading it can run any code. "
            'If you trust where it comes from, say load(path, format="joblib"); otherwise '
            'have it saved anew with format="skops".'
        )
    check_versions(header, path, versions)
    return from_members(members, names_of(trusted), path)


def _load_joblib(path, versions):
    if zipfile.is_zipfile(path):
        header, members = read_file(path)
        if header.get("kind") != "joblib" or _PICKLED not in members:
            raise ModelFileError(
                f'{path}: it was saved with {header.get("kind")!r}. Leave format="joblib" out.'
            )
        check_versions(header, path, versions)
        source = io.BytesIO(members[_PICKLED])
    else:
        source = path
    warnings.warn(
        f"{path}: joblib loads it, which runs whatever code is in it. Trust where it comes from, "
        'or have it saved with format="skops".',
        ModelFileWarning,
        stacklevel=3,
    )
    try:
        return joblib.load(source)
    except (ImportError, FileNotFoundError):
        raise
    except Exception as error:
        # a stream that is cut off or is none makes unpickling fail in any way
        raise ModelFileError(f"{path}: joblib cannot read it ({error!r}).") from error
