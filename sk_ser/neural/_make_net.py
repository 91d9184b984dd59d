"""Neural baselines as ready pipelines."""

from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser.augmentation import BandShift, SpecAugment
from sk_ser.neural._cnn import CNNClassifier
from sk_ser.neural._dense import DenseClassifier
from sk_ser.neural._recurrent import GRUClassifier, LSTMClassifier
from sk_ser.neural._scaler import SequenceScaler

#: How nets over sequences are trained. Chosen on RAVDESS, on other folds than are reported.
_TRAINING = {
    "learning_rate": 2e-3,
    "label_smoothing": 0.1,
    "mixup": 0.2,
    "pooling": "attention",
}
_RECURRENT = {"channels": (128, 128), "pool_size": 2} | _TRAINING
#: Class and parameters of each.
_NETS = {
    "cnn": (CNNClassifier, {"channels": (128, 128, 192), "pool_size": (2, 2, 1)} | _TRAINING),
    "lstm": (LSTMClassifier, _RECURRENT),
    "bilstm": (LSTMClassifier, {"bidirectional": True} | _RECURRENT),
    "gru": (GRUClassifier, _RECURRENT),
    "dense": (DenseClassifier, {"dropout": 0.5}),
}


def make_net(name, front_end=None, *, class_weight="balanced", random_state=None, **params):
    """Build a pipeline that ends in a neural classifier, with a recipe for emotional speech.

    Nets over sequences have blocks of convolution, attentive statistics pooling, mixup, label
    smoothing, and are augmented afresh in every epoch: time is warped and masked,
    bands are masked and, if the front end names mel bands, shifted.

    Parameters
    ----------
    name : {"cnn", "lstm", "bilstm", "gru", "dense"}
        Which net.
    front_end : transformer or None, default=None
        What turns a clip into a sequence, such as
        :func:`~sk_ser.features.make_sequence_front_end` returns, or, for "dense", into
        a vector, such as :func:`~sk_ser.features.make_front_end` does; the pipeline then
        takes paths or clips. None: the pipeline takes sequences, or vectors.
    class_weight : "balanced", dict or None, default="balanced"
        Weights of the classes; "balanced" makes each count alike, as UAR does.
    random_state : int, RandomState instance or None, default=None
        Seed of the net.
    **params
        Other parameters of the classifier.

    Returns
    -------
    Pipeline
        Of the steps

        - the front end, named after its class in lower case (``clippipeline``),
        - ``sequencescaler``: zero mean, unit variance of each channel over the training
          clips' frames; for "dense" ``simpleimputer`` and ``standardscaler``, as
          :func:`~sk_ser.classifiers.make_svm` has them,
        - the classifier, named after its class in lower case (``gruclassifier``).

    Raises
    ------
    ValueError
        If the name is not known.

    Examples
    --------
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MelSpectrogram
    >>> from sk_ser.neural import make_net
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> front_end = MelSpectrogram(n_mels=20, scale="db")
    >>> model = make_net("cnn", front_end, channels=(16,), max_epochs=30, random_state=0)
    >>> model.fit(speech.data, speech.target).predict(speech.data[:1]).tolist()
    ['anger']
    """
    if name not in _NETS:
        raise ValueError(f"make_net: name={name!r} must be one of {tuple(_NETS)}.")
    kind, recipe = _NETS[name]
    if kind is DenseClassifier:
        scalers = [SimpleImputer(keep_empty_features=True), StandardScaler()]
    else:
        scalers, recipe = [SequenceScaler()], {"augmenters": _augmenters(front_end)} | recipe
        if "channels" in params:
            # the recipe's pools are of its own blocks
            recipe.pop("pool_size", None)
    classifier = kind(**recipe | params, class_weight=class_weight, random_state=random_state)
    steps = [*scalers, classifier] if front_end is None else [front_end, *scalers, classifier]
    return make_pipeline(*steps)


def _augmenters(front_end):
    """Mask and warp; move mel bands, too, where the front end has some."""
    # what is masked becomes 0, the mean of a sequence that is standardised
    masks = SpecAugment(rate=(0.85, 1.15), channel_mask=(0.0, 0.12), fill=0.0)
    names = () if front_end is None else front_end.get_feature_names_out()
    has_bands = any(str(name).startswith("mel_") for name in names)
    return [BandShift(prefixes=("mel_",)), masks] if has_bands else [masks]
