"""Support vector machine: scaled vectors, a strongly regularised margin."""

from numbers import Integral

from sklearn.calibration import CalibratedClassifierCV
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

_KERNELS = {"linear": {"kernel": "poly", "degree": 1}, "rbf": {"kernel": "rbf"}}


def make_svm(
    front_end=None,
    *,
    C=1.0,
    kernel="linear",
    class_weight="balanced",
    probability=False,
    calibration_cv=5,
    random_state=None,
):
    """Build a pipeline that ends in a support vector machine.

    Parameters
    ----------
    front_end : transformer or None, default=None
        What turns a clip into a vector, such as
        :func:`~sk_ser.features.make_front_end` returns; the pipeline then takes paths
        or clips. None: the pipeline takes vectors.
    C : float, default=1.0
        Inverse strength of the regularisation. Both kernels are divided by the number
        of features, so 1 is a sensible beginning for 10 features as for 10,000; try
        0.1 to 10.
    kernel : {"linear", "rbf"}, default="linear"
        Linear generalises better to unheard voices where features outnumber clips.
    class_weight : "balanced", dict or None, default="balanced"
        Weights of the classes; "balanced" makes each count alike, as UAR does.
    probability : bool, default=False
        Whether the pipeline has ``predict_proba``. Decision values are then
        calibrated by Platt's method on held-out folds of the training clips.
    calibration_cv : int, splitter or iterable, default=5
        Folds of that calibration. An int makes them random, and the machine itself is
        fitted on all training clips. A splitter makes a machine a fold, to be averaged;
        one that takes groups gets them if scikit-learn's metadata routing is enabled.
    random_state : int, RandomState instance or None, default=None
        Passed to the machine, which is deterministic as it is built here.

    Returns
    -------
    Pipeline
        Of the steps

        - the front end, named after its class in lower case (``clippipeline``),
        - ``simpleimputer``: vectors of clips that could not be read, which are NaN,
          become the training clips' mean,
        - ``standardscaler``: zero mean, unit variance over the training clips,
        - ``svc``: :class:`~sklearn.svm.SVC`; tune ``svc__C``, or
          ``svc__estimator__C`` with ``probability=True``, when it is a
          :class:`~sklearn.calibration.CalibratedClassifierCV` around the SVC.

    Raises
    ------
    ValueError
        If the kernel is not known.

    Notes
    -----
    The linear kernel is a polynomial one of degree 1, ``gamma * <x, x'>`` with
    ``gamma = 1 / (n_features * variance)``, so that its C means what the RBF
    kernel's does.

    Examples
    --------
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> speech = make_emotional_speech(n_speakers=2, n_sentences=2, random_state=0)
    >>> model = make_svm(make_clip_pipeline(MFCC(), Functionals()), C=3.0)
    >>> model = model.fit(speech.data, speech.target)
    >>> model.predict(speech.data[:1]).tolist()
    ['anger']
    """
    if kernel not in _KERNELS:
        raise ValueError(f"make_svm: kernel={kernel!r} must be one of {tuple(_KERNELS)}.")
    machine = SVC(
        C=C,
        gamma="scale",
        class_weight=class_weight,
        random_state=random_state,
        **_KERNELS[kernel],
    )
    if probability:
        # with ensemble=False, scikit-learn does not hand groups on to the splitter
        ensemble = not isinstance(calibration_cv, Integral)
        machine = CalibratedClassifierCV(machine, cv=calibration_cv, ensemble=ensemble)
    steps = [
        ("simpleimputer", SimpleImputer(keep_empty_features=True)),
        ("standardscaler", StandardScaler()),
        ("svc", machine),
    ]
    return with_front_end(front_end, steps)


def with_front_end(front_end, steps):
    """Put a front end, named after its class, before the steps of a pipeline."""
    if front_end is None:
        return Pipeline(steps)
    return Pipeline(make_pipeline(front_end).steps + steps)
