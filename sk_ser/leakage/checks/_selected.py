"""Columns that were selected because they predict the labels."""

import numpy as np
from scipy.stats import binom, kstest
from sklearn.feature_selection import f_classif

#: Largest p of a column that predicts the label.
_PREDICTS = 0.05
#: Columns that all have a p of at most the first are many if there are this many.
_SURELY, _MANY = 1e-3, 50
#: Least p of a test of uniformity.
_UNIFORM = 0.01
#: Least number of columns in which a pattern of p-values is searched.
_SEVERAL = 10
#: Share of p-values in (p / 4, p] among those in (p / 4, 1.75 p], at most, if their density
#: falls smoothly like a power: log(4) / log(7) for the steepest.
_BELOW = 0.71


def describe_selection(X, y):
    """Describe columns that were selected with the labels, by the distribution of their p-values.

    The p-values of columns of noise are uniform. The best of many columns of noise are therefore
    uniform below a limit, and none lies above it. Columns that truly predict the label have
    p-values that spread over many orders of magnitude instead.

    Parameters
    ----------
    X : ndarray of shape (n_clips, n_columns)
    y : ndarray of shape (n_clips,)

    Returns
    -------
    (str, dict) or None
        A sentence and its figures. None without such columns.
    """
    with np.errstate(all="ignore"):
        values, p = f_classif(X[:, X.std(axis=0) > 0], y)
    values, p = np.sort(values[np.isfinite(values)]), np.sort(p[np.isfinite(p)])
    if len(p) < _SEVERAL:
        return None
    largest, figures = p[-1], {"n_columns": len(p), "least_f": float(values[0])}
    if largest <= _PREDICTS and kstest(p[:-1] / largest, "uniform").pvalue > _UNIFORM:
        return (
            f"Each of the {len(p)} columns of X predicts the label (p <= {largest:.2g}), and "
            "their p-values are uniform below this limit, as those of the best of many columns "
            "of noise are.",
            figures,
        )
    if largest <= _SURELY and len(p) >= _MANY and _is_cut_off(values):
        return (
            f"Each of the {len(p)} columns of X predicts the label (F >= {values[0]:.1f}, "
            f"p <= {largest:.2g}), and most are close to the weakest, as if weaker columns had "
            "been removed.",
            figures,
        )
    return _edge(p, figures)


def _is_cut_off(values):
    """Distinguish the tail of a distribution, densest at its edge, from a whole one."""
    lower, middle, upper = np.percentile(values, [25, 50, 75])
    is_skewed = middle - values[0] < values[-1] - middle
    return is_skewed and lower - values[0] < 0.7 * (upper - middle)


def _edge(p, figures):
    """Find a p up to which there are many columns, and above which there are hardly any."""
    limits = p[p <= _PREDICTS]
    start, end, after = (np.searchsorted(p, c * limits, "right") for c in (0.25, 1, 1.75))
    below = end - start
    by_chance = binom.sf(below - 1, after - start, _BELOW)
    by_chance[below < _SEVERAL] = 1
    # one of all columns has the smallest value
    if not len(limits) or by_chance.min() > 0.005 / len(p):
        return None
    best = by_chance.argmin()
    return (
        f"{below[best]} columns of X predict the label with a p between {limits[best] / 4:.2g} and "
        f"{limits[best]:.2g}, and {after[best] - end[best]} with a p just above. The others of "
        "these seem to have been removed.",
        figures | {"p_limit": float(limits[best])},
    )
