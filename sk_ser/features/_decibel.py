"""Power in decibels."""

import numpy as np


def power_to_db(power, *, amin=1e-10, top_db=80.0):
    """Convert power to dB relative to 1, as :func:`librosa.power_to_db` does.

    Parameters
    ----------
    power : ndarray
        Not negative.
    amin : float, default=1e-10
        Lower limit of the power.
    top_db : float or None, default=80.0
        Range in dB below the maximum; smaller values are raised to it. None is no limit.

    Returns
    -------
    ndarray of the same shape
        10 log10(max(power, amin)), at least its maximum less `top_db`.
    """
    db = np.maximum(power, amin)
    np.log10(db, out=db)
    db *= 10
    return db if top_db is None else np.maximum(db, db.max() - top_db, out=db)
