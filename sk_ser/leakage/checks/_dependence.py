"""Check: speakers, sentences and the like that training and test clips share."""

import numpy as np
import pandas as pd

from sk_ser._text import with_interval
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding, NotChecked

#: Factors that make a result invalid if training and test share them, whatever they cost.
_SEVERE = ("speaker",)
#: Share of clips of untrained classes from which what is shared nearly tells the class.
_MOSTLY = 0.5
_REMEDY = (
    "Split by {0}: StratifiedGroupKFold with groups={0}s, or the protocol {0}-independent of "
    "compare_protocols."
)
_REMEDY_OF_BOTH = (
    "Report SpeakerSentenceFolds beside it (the protocol speaker-and-sentence-independent of "
    "compare_protocols), which also trains on fewer clips."
)


def check_dependence(evaluation: Evaluation) -> list[Finding]:
    """Find speakers, sentences, sessions, repetitions and corpora on both sides of a split.

    The cost of each is measured: UAR of the folds as given, minus UAR of folds that share none
    of it, with an interval over speakers. Folds that share nothing may train on fewer clips. The
    cost is then measured again with as many training clips in the folds as given, and that
    figure decides whether the finding is a warning.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

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
    >>> evaluation = Evaluation(GaussianNB(), X, y, groups=speakers, protocol="random")
    >>> found = check_dependence(evaluation)
    >>> found[0].severity, found[0].figures["shared"]
    ('severe', 1.0)
    """
    if not evaluation.factors:
        raise NotChecked("neither groups nor metadata say what clips have in common")
    return [
        _finding(evaluation, factor)
        for factor in evaluation.factors
        if evaluation.shared(factor) > 0
    ]


def _finding(evaluation, factor):
    protocol, shared = evaluation.without(factor), evaluation.shared(factor)
    gap, untrained = _gap(evaluation.comparison, protocol), _untrained(evaluation, protocol)
    if untrained > 0:
        # such clips are wrong whatever the model learns
        gap = gap.where(gap.index == "uar_reference")
    equal = evaluation.gap_of_equal_sizes(protocol) if _costs(gap) else None
    costs = _costs(gap if equal is None else equal)
    is_of_both = protocol == "speaker-and-sentence-independent"
    return Finding(
        check="dependence",
        severity=_severity(factor, costs, untrained),
        kind="L3.2",
        message=f"{100 * shared:.0f} % of the test clips share their {factor} with training "
        f"clips. {_cost(gap, untrained)}{_of_equal_sizes(equal)}",
        remedy=_REMEDY_OF_BOTH if is_of_both else _REMEDY.format(factor),
        figures={
            "shared": shared,
            "uar": float(gap.uar_reference),
            "uar_without": float(gap.uar),
            "gap_points": float(gap.gap),
            "gap_points_interval": [float(gap.gap_low), float(gap.gap_high)],
        }
        | ({} if equal is None else {"gap_points_equal_sizes": float(equal.gap)}),
        evidence=_counts(evaluation, factor),
    )


def _gap(comparison, protocol):
    """Return the gap between the folds as given and others; NaN where no model could be fitted."""
    rows = comparison.gap.query("protocol == @protocol")
    if len(rows):
        return rows.iloc[0]
    given = comparison.row("model", "as given").uar
    return pd.Series({"uar_reference": given}, comparison.gap.columns)


def _costs(gap):
    return bool(np.isfinite(gap.gap_low) and gap.gap_low > 0)


def _severity(factor, costs, untrained):
    if factor in _SEVERE:
        return "severe"
    return "warning" if costs or untrained > _MOSTLY else "note"


def _untrained(evaluation, protocol):
    """Return the share of the test clips of a protocol whose class its training part lacks."""
    y, folds = evaluation.y, evaluation.protocols.get(protocol, [])
    lacking = [~np.isin(y[test], y[train]) for train, test in folds]
    return float(np.mean(np.concatenate(lacking))) if lacking else 0.0


def _cost(gap, untrained):
    if untrained > 0:
        return (
            f"Its cost cannot be told: where none do, {100 * untrained:.0f} % of the test clips "
            "are of classes that training lacks."
        )
    if np.isnan(gap.gap):
        return "Its cost is unknown, because the model could not be fitted without them."
    return f"UAR is {gap.uar_reference:.3f}, and {gap.uar:.3f} where none do: {_points(gap)}."


def _of_equal_sizes(gap):
    return "" if gap is None else f" With as many training clips, the gap is {_points(gap)}."


def _points(gap):
    return with_interval(gap.gap, gap.gap_low, gap.gap_high, spec="+.1f", unit=" points")


def _counts(evaluation, factor):
    """Count what is on both sides of each fold."""
    values, rows = evaluation.factors[factor], []
    for number, (train, test) in enumerate(evaluation.folds):
        sides = np.unique(values[train]), np.unique(values[test])
        common = np.intersect1d(*sides)
        rows.append([number, *map(len, (*sides, common)), ", ".join(map(str, common[:3]))])
    columns = [f"{factor}s in training", f"{factor}s in test", "on both sides", "such as"]
    return pd.DataFrame(rows, columns=["fold", *columns])
