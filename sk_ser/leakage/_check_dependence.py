"""What test clips have in common with training clips, and what that is worth."""

import numpy as np
import pandas as pd

from sk_ser.leakage._finding import Finding, NotChecked

#: A test on voices, or corpora, that were heard is not one on new ones, whatever it costs.
_SEVERE = ("speaker",)

#: Whether clips are new in one way, or in two.
_REMEDIES = (
    "Split by {0}: StratifiedGroupKFold with groups={0}s, or the protocol {0}-independent of "
    "compare_protocols.",
    "Report SpeakerSentenceFolds beside it (the protocol speaker-and-sentence-independent of "
    "compare_protocols), which trains on fewer clips, too.",
)


def check_dependence(evaluation):
    """Find speakers, sentences, sessions, repetitions and corpora on both sides of a split.

    What each costs is measured: UAR of the folds as given, less UAR of folds that have none of
    it on both sides, with an interval over speakers.

    Parameters
    ----------
    evaluation : Evaluation
        What to look at.

    Returns
    -------
    list of Finding

    Raises
    ------
    NotChecked
        If neither speakers nor metadata are known.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import Evaluation, check_dependence
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(60, 3)), np.arange(60) % 2, np.arange(60) % 12
    >>> found = check_dependence(Evaluation(GaussianNB(), X, y, groups=speakers, cv=5))
    >>> found[0].severity, found[0].figures["shared"]
    ('severe', 1.0)
    """
    if not evaluation.factors:
        raise NotChecked("neither groups nor metadata tell what clips have in common")
    return [
        _finding(evaluation, factor)
        for factor in evaluation.factors
        if evaluation.shared(factor) > 0
    ]


def _finding(evaluation, factor):
    protocol, shared = evaluation.without(factor), evaluation.shared(factor)
    gap = _gap(evaluation.comparison, protocol)
    interval = [float(gap.gap_low), float(gap.gap_high)]
    costs = np.isfinite(interval[0]) and interval[0] > 0
    severity = "severe" if factor in _SEVERE else "warning" if costs else "note"
    return Finding(
        "dependence",
        severity,
        "L3.2",
        f"{100 * shared:.0f} % of the test clips share their {factor} with training clips. "
        + _cost(gap, interval),
        _REMEDIES[protocol == "speaker-and-sentence-independent"].format(factor),
        {
            "shared": shared,
            "uar": float(gap.uar_reference),
            "uar_without": float(gap.uar),
            "gap_points": float(gap.gap),
            "gap_points_interval": interval,
        },
        _counts(evaluation, factor),
    )


def _gap(comparison, protocol):
    """Find what the folds as given have over others; NaN where no model could be fitted."""
    rows = comparison.gap.query("protocol == @protocol")
    if len(rows):
        return rows.iloc[0]
    given = comparison.row("model", "as given").uar
    names = ("gap", "gap_low", "gap_high", "uar")
    return pd.Series(dict.fromkeys(names, np.nan) | {"uar_reference": given})


def _cost(gap, interval):
    if np.isnan(gap.gap):
        return "What that is worth cannot be told: without them the model could not be fitted."
    return (
        f"UAR is {gap.uar_reference:.3f}, and {gap.uar:.3f} where none do: {gap.gap:+.1f} points "
        f"[{interval[0]:.1f}, {interval[1]:.1f}]."
    )


def _counts(evaluation, factor):
    """Count, for each fold, what is on both sides."""
    values, rows = evaluation.factors[factor], []
    for number, (train, test) in enumerate(evaluation.folds):
        common = np.intersect1d(values[train], values[test])
        rows.append(
            {
                "fold": number,
                f"{factor}s in training": len(np.unique(values[train])),
                f"{factor}s in test": len(np.unique(values[test])),
                "on both sides": len(common),
                "such as": ", ".join(map(str, common[:3])),
            }
        )
    return pd.DataFrame(rows)
