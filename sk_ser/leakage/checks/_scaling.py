"""Patterns of columns that were scaled, rotated or centred over all clips."""

import numpy as np

#: Differences that are put down to the precision of the numbers.
_TOLERANCE = 1e-4
#: Number of columns, and of clips, from which a pattern that all share is no coincidence.
_SEVERAL = 5


def describe_scaling(X, speakers=None):
    """Describe how all columns of a table were scaled over its rows.

    Numbers that were rounded after they were scaled are compared within their rounding.

    Parameters
    ----------
    X : ndarray of shape (n_clips, n_columns)
        Columns of one value are ignored.
    speakers : ndarray of shape (n_clips,) or None, default=None
        Speaker of each clip.

    Returns
    -------
    str or None
        What "All columns of X" do. None if they share no pattern.
    """
    columns = X[:, X.std(axis=0) > 0]
    if min(columns.shape) < _SEVERAL:
        return None
    step = _rounding(columns)
    if speakers is not None and _is_centred_by(columns, speakers, step):
        return "have the same mean for every speaker"
    return _describe(columns, step)


def _rounding(columns):
    """Return the step of decimals that all numbers were rounded to; 0 if they were not."""
    for step in (0.1, 0.01, 0.001):
        steps = columns / step
        if np.abs(steps - np.round(steps)).max() < 0.01:
            return step
    return 0.0


def _is_centred_by(columns, speakers, step):
    """Return whether the mean of each speaker is that of all, as after normalising speakers."""
    names, counts = np.unique(speakers, return_counts=True)
    names, counts = names[counts > 1], counts[counts > 1]
    if len(names) < 2:
        return False
    standard = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    means = np.stack([standard[speakers == name].mean(axis=0) for name in names])
    return bool(np.all(np.abs(means) < _coincidence(counts, step)[:, np.newaxis]))


def _coincidence(n_clips, step):
    """Return a mean, or correlation, of so many clips that is unlikely, but that rounding makes."""
    return (0.1 if step else 0.01) / np.sqrt(n_clips)


def _describe(columns, step):
    def near(values, wanted):
        return np.abs(values - wanted).max() < _TOLERANCE + step

    low, high = columns.min(axis=0), columns.max(axis=0)
    deviations = (columns.std(axis=0, ddof=ddof) for ddof in (0, 1))
    if near(columns.mean(axis=0), 0) and any(near(d, 1) for d in deviations):
        return "have mean 0 and standard deviation 1"
    if (near(low, 0) or near(low, -1)) and near(high, 1):
        return f"lie between {low[0]:.0f} and 1, and touch both"
    if near(np.maximum(-low, high), 1):
        return "have a largest magnitude of 1"
    lower, median, upper = np.percentile(columns, [25, 50, 75], axis=0)
    if near(median, 0) and near(upper - lower, 1):
        return "have median 0 and quartiles that are 1 apart"
    if len(columns) > 2 * columns.shape[1]:
        correlation = np.corrcoef(columns, rowvar=False)
        if np.abs(correlation - np.eye(len(correlation))).max() < _coincidence(len(columns), step):
            return "are uncorrelated up to rounding, as principal components are"
    return None
