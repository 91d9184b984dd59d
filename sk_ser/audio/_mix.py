"""Reduce several channels to one."""

from pathlib import Path

import numpy as np

from sk_ser.exceptions import AudioError


def mix_channels(
    samples: np.ndarray, mono: str | int | None, *, path: str | Path | None = None
) -> np.ndarray:
    """Reduce several channels to one.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_channels)
        Amplitudes.
    mono : "mix", int or None
        "mix" averages the channels, a number selects one (from 0), None keeps all.
    path : str, Path or None, default=None
        The file, for the error.

    Returns
    -------
    ndarray of shape (n_samples, 1), or (n_samples, n_channels) if `mono` is None

    Raises
    ------
    AudioError
        If there is no such channel.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import mix_channels
    >>> mix_channels(np.array([[0.0, 1.0], [0.5, 0.5]]), "mix").tolist()
    [[0.5], [0.5]]
    """
    if mono is None:
        return samples
    if mono == "mix":
        return samples.mean(axis=1, keepdims=True)
    if mono >= samples.shape[1]:
        reason = f"no channel {mono}, as mono={mono} asks: there are {samples.shape[1]}, from 0"
        raise AudioError(reason, path=path)
    return samples[:, [mono]]
