"""Neural baselines as ready pipelines."""

from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser.neural._cnn import CNNClassifier
from sk_ser.neural._dense import DenseClassifier
from sk_ser.neural._recurrent import GRUClassifier, LSTMClassifier
from sk_ser.neural._scaler import SequenceScaler

#: Class and parameters of each.
_NETS = {
    "cnn": (CNNClassifier, {}),
    "lstm": (LSTMClassifier, {}),
    "bilstm": (LSTMClassifier, {"bidirectional": True}),
    "gru": (GRUClassifier, {}),
    "dense": (DenseClassifier, {}),
}


def make_net(name, front_end=None, *, class_weight="balanced", random_state=None, **params):
    """Build a pipeline that ends in a neural classifier, with a recipe for emotional speech.

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
    classifier = kind(**recipe | params, class_weight=class_weight, random_state=random_state)
    scalers = [SequenceScaler()]
    if kind is DenseClassifier:
        scalers = [SimpleImputer(keep_empty_features=True), StandardScaler()]
    steps = [*scalers, classifier] if front_end is None else [front_end, *scalers, classifier]
    return make_pipeline(*steps)
