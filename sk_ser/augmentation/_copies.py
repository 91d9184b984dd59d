"""Make copies of clips, and put clips and copies into the container that X was."""

import numpy as np
import pandas as pd

from sk_ser._arrays import Clip
from sk_ser._containers import check_items, pack
from sk_ser._random import draw_seed, is_seed, make_generator


def chain_of(entry):
    """List the augmenters that are applied to one copy."""
    return list(entry) if isinstance(entry, (list, tuple)) else [entry]


def check_plan(classifier):
    """Validate the parameters of an AugmentedClassifier.

    Returns
    -------
    str
        What all augmenters take: "clips" or "sequences".
    """
    augmenters = classifier.augmenters
    classifier.check_whole("n_copies", 0)
    is_random = is_seed(classifier.random_state)
    classifier.check("random_state", is_random, "None, an int >= 0 or a RandomState")
    is_list = isinstance(augmenters, (list, tuple)) and all(map(chain_of, augmenters or [()]))
    remedy = "For no augmentation, set n_copies=0"
    wanted = f"a list of at least one augmenter, or of lists of them. {remedy}"
    classifier.check("augmenters", is_list, wanted)
    name = type(classifier).__name__
    return _check_augmenters([one for entry in augmenters for one in chain_of(entry)], name)


def _check_augmenters(augmenters, name):
    taken = {}
    for augmenter in augmenters:
        if not hasattr(augmenter, "augment") or isinstance(augmenter, type):
            raise ValueError(
                f"{name}: augmenters holds {augmenter!r}, which has no method augment. Use "
                "instances of augmenters, such as AddNoise()."
            )
        getattr(augmenter, "check_params", lambda: None)()
        taken.setdefault(getattr(augmenter, "takes", "clips"), type(augmenter).__name__)
    if len(taken) > 1:
        raise ValueError(
            f"{name}: {taken['clips']} takes clips, {taken['sequences']} sequences. Use "
            "augmenters of one kind; those of sequences come after the descriptors."
        )
    return next(iter(taken))


def take_apart(classifier, X, y, kind):
    """Turn X into a list of clips or sequences.

    The classifier stores ``n_features_in_`` of a 2-D array, and discards an earlier one. An
    array of double precision stays one, so that the originals are not rounded.
    """
    if y is None:
        name = type(classifier).__name__
        raise ValueError(f"{name} requires y to be passed, but the target y is None.")
    for name in ("n_features_in_", "feature_names_in_"):
        vars(classifier).pop(name, None)
    return check_items(classifier, X, kind, reset=True, dtype=(np.float64, np.float32))


def make_copies(items, digests, augmenters, n_copies, random_state):
    """Make augmented copies of each item.

    Parameters
    ----------
    items : list of Clip or FrameSequence
        They are not changed.
    digests : list of int
        Hash of the content of each item.
    augmenters : list of augmenter, or of lists of them
        Entry ``k % len(augmenters)`` is applied to copy number k.
    n_copies : int
        Copies per item.
    random_state : int, RandomState instance or None
        Seeds each copy, together with its number and the item's content.

    Returns
    -------
    list of Clip or FrameSequence
        The first copy of each item, then the second of each, and so on.
    """
    seed, copies = draw_seed(random_state), []
    for number in range(n_copies):
        chain = chain_of(augmenters[number % len(augmenters)])
        for item, mark in zip(items, digests, strict=True):
            rng, copy = make_generator(seed, number, mark), item.astype(np.float32, copy=False)
            for augmenter in chain:
                copy = augmenter.augment(copy, rng)
            copies.append(copy)
    return copies


def put_together(classifier, items, X):
    """Put clips and copies into one container of the form that X had."""
    is_block = hasattr(classifier, "n_features_in_")
    if items[0].ndim == 2 and (is_block or np.ndim(next(iter(X))) == 1):
        # univariate sequences came as one row each
        items = [item[:, 0] for item in items]
    if not is_block:
        return pack(items)
    if any(len(item) != len(items[0]) for item in items):
        return [item.astype(np.float32, copy=False) for item in items]
    block = np.stack([np.asarray(item) for item in items])
    if hasattr(classifier, "feature_names_in_"):
        return pd.DataFrame(block, columns=classifier.feature_names_in_)
    return Clip(block, X.sampling_rate) if isinstance(X, Clip) else block
