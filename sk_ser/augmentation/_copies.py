"""Clips and their copies: what is learnt from, in the form that X had."""

from numbers import Integral

import numpy as np
import pandas as pd

from sk_ser._arrays import Clip
from sk_ser._containers import check_items, pack
from sk_ser.augmentation._seeds import draw_seed, is_seed, make_generator


def chain_of(entry):
    """List the augmenters that one copy goes through."""
    return list(entry) if isinstance(entry, (list, tuple)) else [entry]


def check_plan(classifier):
    """Raise ValueError where no copies can be made as the classifier's parameters ask.

    Returns
    -------
    str
        What all augmenters take: "clips" or "sequences".
    """
    name = type(classifier).__name__
    n_copies, augmenters = classifier.n_copies, classifier.augmenters
    if not isinstance(n_copies, Integral) or isinstance(n_copies, bool) or n_copies < 0:
        raise ValueError(f"{name}: n_copies={n_copies!r} must be a whole number >= 0.")
    if not is_seed(classifier.random_state):
        raise ValueError(
            f"{name}: random_state={classifier.random_state!r} must be None, an int >= 0 or a "
            "RandomState."
        )
    if not isinstance(augmenters, (list, tuple)) or not all(map(chain_of, augmenters or [()])):
        raise ValueError(
            f"{name}: augmenters={augmenters!r} must be a list of one augmenter at least, or of "
            "lists of them. For no augmentation, say n_copies=0."
        )
    return _check_augmenters([one for entry in augmenters for one in chain_of(entry)], name)


def _check_augmenters(augmenters, name):
    taken = {}
    for augmenter in augmenters:
        if not hasattr(augmenter, "augment") or isinstance(augmenter, type):
            raise ValueError(
                f"{name}: augmenters holds {augmenter!r}, which has no method augment. Give it "
                "instances of augmenters, such as AddNoise()."
            )
        getattr(augmenter, "check_params", lambda: None)()
        taken.setdefault(getattr(augmenter, "_takes", "clips"), type(augmenter).__name__)
    if len(taken) > 1:
        raise ValueError(
            f"{name}: {taken['clips']} takes clips, {taken['sequences']} sequences. Give it "
            "augmenters of one kind; those of sequences stand after the descriptors."
        )
    return next(iter(taken))


def take_apart(classifier, X, y, kind):
    """Take X apart into a list of clips or sequences.

    The classifier learns ``n_features_in_`` of a 2-D array, and forgets an earlier one. An
    array of double precision stays one, so that originals are learnt from as they are.
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
        Left as they are.
    digests : list of int
        Content of each item as a number.
    augmenters : list of augmenter, or of lists of them
        Copy number k goes through entry ``k % len(augmenters)``.
    n_copies : int
        Of each item.
    random_state : int, RandomState instance or None
        What is drawn for a copy follows from this, its number and the item's content.

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
    """Put clips and copies into one container, in the form in which X was taken apart."""
    is_block = hasattr(classifier, "n_features_in_")
    if items[0].ndim == 2 and (is_block or np.ndim(next(iter(X))) == 1):
        # univariate sequences, a row each as they came
        items = [item[:, 0] for item in items]
    if not is_block:
        return pack(items)
    if any(len(item) != len(items[0]) for item in items):
        return [item.astype(np.float32, copy=False) for item in items]
    block = np.stack([np.asarray(item) for item in items])
    if hasattr(classifier, "feature_names_in_"):
        return pd.DataFrame(block, columns=classifier.feature_names_in_)
    return Clip(block, X.sampling_rate) if isinstance(X, Clip) else block
