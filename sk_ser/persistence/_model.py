"""Save a model, and load it without running code."""

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import joblib
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from sk_ser.exceptions import ModelFileError, ModelFileWarning
from sk_ser.persistence._file import named, read_file, write_file
from sk_ser.persistence._header import check_versions, make_header
from sk_ser.persistence._skops import from_members, names_of, to_members
from sk_ser.persistence._travel import ready_for_travel
from sk_ser.recognition import TrainedModel

_PICKLED = "model.joblib"
#: Suffixes of files that joblib or pickle write, by custom.
_PICKLE_SUFFIXES = {".joblib", ".pkl", ".pickle"}


def save(
    model: BaseEstimator,
    path: str | Path,
    *,
    format: str = "skops",
    header: Mapping | None = None,
    trusted: Sequence[str] = (),
) -> Path:
    """Save a fitted model and a header in one file.

    Parameters
    ----------
    model : estimator
        Fitted.
    path : str or Path
        Usually it ends in ``.skops``. The file is written completely or not at all.
    format : {"skops", "joblib"}, default="skops"
        "skops" stores types by name, arrays, numbers and text, so loading runs no code.
        "joblib" stores any object; load such a file only if you trust its source.
    header : mapping or None, default=None
        Further entries about the model, in types that JSON can represent: what
        :func:`describe_training` returns, ``sampling_rate`` in Hz if the model takes clips
        and has no AudioLoader, ``prediction_set``, ``limits``, ``intended_use`` or any
        other.
    trusted : sequence of str or type, default=()
        Types in the model that belong neither to scikit-learn nor to this package, as full
        names or as objects. Pass the same to :func:`load`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ModelFileError
        If the model holds an object that cannot be saved, or a type that is not trusted;
        the message names it.
    NotFittedError
        If the model is not fitted.
    ValueError
        If the format is unknown or JSON cannot represent the header.

    See Also
    --------
    load_model : Load the model with its header.
    read_header : Read the header alone.
    describe_training : Entries about training data and scores.
    sk_ser.reports.save_card : The header as a page.

    Notes
    -----
    ``memory``, ``n_jobs`` and ``verbose`` are not saved, also not those that a search has tried. An
    OptunaSearchCV is saved as its best estimator. Nets are stored as arrays of weights with their
    parameters, XGBoost's trees as its JSON. A net's optimiser is stored, so ``partial_fit``
    continues.

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
    _check("save", "format", format, "skops", "joblib")
    check_is_fitted(model)
    model = ready_for_travel(model)
    header = make_header(model, format, header)
    if format == "joblib":
        content = io.BytesIO()
        joblib.dump(model, content)
        return write_file(path, header, {_PICKLED: content.getvalue()})
    return write_file(path, header, to_members(model, names_of(trusted)))


def load(
    path: str | Path,
    *,
    trusted: Sequence[str] = (),
    format: str = "skops",
    versions: str = "error",
) -> BaseEstimator:
    """Load a model without running code of the file, unless joblib is asked for.

    Parameters
    ----------
    path : str or Path
        A file of :func:`save`.
    trusted : sequence of str or type, default=()
        Types to load beside those of scikit-learn and this package: your own, as full names or
        objects. The file decides which arguments they are created with.
    format : {"skops", "joblib"}, default="skops"
        "joblib" loads a file that was saved in this format, or by :func:`joblib.dump`, and runs
        any code in it.
    versions : {"error", "warn"}, default="error"
        What to do about a file of another minor version of sk_ser or scikit-learn.

    Returns
    -------
    estimator
        Its predictions equal those of the saved estimator bit by bit.

    Raises
    ------
    ModelFileError
        If the file is not a model, is truncated, damaged or of another version, asks for a type
        that is not trusted, or needs joblib and that was not asked for. No code of it has run.
    ImportError
        If the model needs an extra that is not installed; the message names it.

    Warns
    -----
    ModelFileWarning
        If joblib loaded it, or it is of another version and `versions` is "warn".

    See Also
    --------
    load_model : Load the model with its header.

    Notes
    -----
    Checksums detect corruption, not tampering. A stranger's file cannot name code to run. It can
    hold a model that predicts nonsense or takes long. Arrays that compiled code uses as indices are
    checked in nets, boosted trees, support vector machines, nearest neighbours and k-means.

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
    return _load(path, trusted, format, versions)[0]


def load_model(
    path: str | Path,
    *,
    trusted: Sequence[str] = (),
    format: str = "skops",
    versions: str = "error",
) -> TrainedModel:
    """Load a classifier with its header, for predictions of recordings.

    Parameters
    ----------
    path : str or Path
        A file of :func:`save`.
    trusted, format, versions
        As of :func:`load`.

    Returns
    -------
    TrainedModel
        With an empty header if :func:`joblib.dump` wrote the file.

    Raises
    ------
    ModelFileError, ImportError
        As of :func:`load`.
    ValueError
        If the model is not a classifier.

    Warns
    -----
    ModelFileWarning
        As of :func:`load`.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.persistence import load_model, save
    >>> speech = make_emotional_speech(2, 2, ["anger", "sadness"], random_state=0)
    >>> svm = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    >>> svm = svm.fit(speech.data, speech.target)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     model = load_model(save(svm, pathlib.Path(folder, "model.skops")))
    >>> model.header["classes"], model.sampling_rate
    (['anger', 'sadness'], 16000)
    """
    return TrainedModel(*_load(path, trusted, format, versions))


def format_of(path: str | Path) -> str:
    """Return the format in which the user who named a model's file means it to be loaded.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    {"joblib", "skops"}
        "joblib" for ``.joblib``, ``.pkl`` and ``.pickle``, unless the content is of
        ``format="skops"``. Loading such a file can run any code, so pass this on to :func:`load`
        only if the user who named the file trusts it. The content alone never makes it "joblib".

    Examples
    --------
    >>> from sk_ser.persistence import format_of
    >>> format_of("model.skops"), format_of("model.pkl")
    ('skops', 'joblib')
    """
    if Path(path).suffix not in _PICKLE_SUFFIXES:
        return "skops"
    try:
        return "skops" if read_file(path, header_only=True)[0].get("kind") == "skops" else "joblib"
    except (ModelFileError, OSError):
        return "joblib"


def _check(caller, name, value, *known):
    if value not in known:
        raise ValueError(f"{caller}: {name}={value!r} must be one of {known}.")


def _load(path, trusted, format, versions):
    _check("load", "format", format, "skops", "joblib")
    _check("load", "versions", versions, "error", "warn")
    with named(path):
        if format == "joblib":
            return _load_joblib(path, versions)
        header, members = read_file(path)
        if header.get("kind") != "skops":
            raise ModelFileError(
                f"it was saved with {header.get('kind')!r}, and loading it can run any code",
                remedy='If you trust its source, use load(path, format="joblib"); otherwise ask '
                'for a file with format="skops".',
            )
        check_versions(header, path, versions)
        return from_members(members, names_of(trusted)), header


def _load_joblib(path, versions):
    header, source = {}, path
    if zipfile.is_zipfile(path):
        header, members = read_file(path)
        if header.get("kind") != "joblib" or _PICKLED not in members:
            reason = f"it was saved with {header.get('kind')!r}"
            raise ModelFileError(reason, remedy='Leave format="joblib" out.')
        check_versions(header, path, versions)
        source = io.BytesIO(members[_PICKLED])
    warnings.warn(
        f"{path}: loading it with joblib runs any code in it. Do so only if you trust its source, "
        'or ask for a file with format="skops".',
        ModelFileWarning,
        stacklevel=4,
    )
    try:
        return joblib.load(source), header
    except (ImportError, FileNotFoundError):
        raise
    except Exception as error:
        # a truncated or foreign stream makes unpickling raise any error
        raise ModelFileError(f"joblib cannot read it ({error!r})") from error
