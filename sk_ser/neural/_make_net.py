"""Neural baselines as ready pipelines."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from sk_ser.augmentation import BandShift, SpecAugment
from sk_ser.baselines import baseline_names, get_baseline


def make_net(
    name: str,
    front_end: BaseEstimator | None = None,
    *,
    class_weight: str | dict | None = "balanced",
    random_state: int | np.random.RandomState | None = None,
    **params: object,
) -> Pipeline:
    """Build a pipeline that ends in a neural classifier, with a recipe for emotional speech.

    The nets over sequences have blocks of convolution, attentive statistics pooling, mixup and
    label smoothing. Their training sequences are augmented anew in each epoch: time is warped
    and masked, bands are masked and, if the front end names mel bands, shifted.

    Parameters
    ----------
    name : str
        ``"cnn"``, ``"lstm"``, ``"bilstm"``, ``"gru"``, ``"dense"`` or another baseline that is
        registered with ``extra="neural"``.
    front_end : transformer or None, default=None
        What turns a clip into a sequence, such as
        :func:`~sk_ser.features.make_sequence_front_end` returns, or, for "dense", into
        a vector, such as :func:`~sk_ser.features.make_front_end` returns; the pipeline then
        takes paths or clips. None: the pipeline takes sequences, or vectors.
    class_weight : "balanced", dict or None, default="balanced"
        Weights of the classes; "balanced" gives all classes the same weight, as UAR does.
    random_state : int, RandomState instance or None, default=None
        Seed of the net.
    **params
        Other parameters of the classifier. They replace those of the recipe.

    Returns
    -------
    Pipeline
        As :meth:`NeuralClassifier.make_pipeline` returns it.

    Raises
    ------
    ValueError
        If no net has this name.

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
    nets = [one for one in baseline_names() if get_baseline(one).extra == "neural"]
    if name not in nets:
        raise ValueError(f"make_net: name={name!r} must be one of {nets}.")
    net = get_baseline(name)
    if "channels" in params and "pool_size" in net.params:
        # the pools of the recipe belong to its own blocks
        params = {"pool_size": 2} | params
    return net.make_pipeline(
        front_end, class_weight=class_weight, random_state=random_state, **params
    )


def augmenters_for(front_end):
    """Mask and warp sequences; shift mel bands if the front end names some."""
    # masked values become 0, which is the mean of a standardised sequence
    masks = SpecAugment(rate=(0.85, 1.15), channel_mask=(0.0, 0.12), fill=0.0)
    names = () if front_end is None else front_end.get_feature_names_out()
    has_bands = any(str(name).startswith("mel_") for name in names)
    return [BandShift(prefixes=("mel_",)), masks] if has_bands else [masks]
