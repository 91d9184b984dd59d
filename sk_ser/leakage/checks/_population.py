"""Check: whether the test clips allow conclusions about new speakers."""

from functools import partial

import numpy as np
import pandas as pd

from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding, NotChecked

#: With fewer speakers, no test over speakers can reach p <= 0.05: 2 / 2 ** n.
_ENOUGH = 6
#: Share of the way from chance to a UAR of 1 from which speakers predict emotions.
_CONFOUNDED = 0.2
_finding = partial(Finding, check="population", kind="L3.3")


def check_population(evaluation: Evaluation) -> list[Finding]:
    """Find too few speakers, classes of few speakers, and speakers that predict emotions.

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
        If speakers are not known.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import Evaluation, check_population
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(60, 3)), np.arange(60) % 2, np.arange(60) % 12 // 6
    >>> print(check_population(Evaluation(GaussianNB(), X, y, groups=speakers))[0].message)
    There are 2 speakers: no test over speakers can reach a p below 0.5.
    """
    if evaluation.groups is None:
        raise NotChecked("groups is None, so speakers are not known")
    traits = {"speaker": evaluation.groups}
    sex = evaluation.metadata.get("sex")
    if sex is not None and sex.notna().all():
        traits["sex"] = sex.astype(str).to_numpy()
    found = [*_few_speakers(evaluation), *_partial_classes(evaluation)]
    for name, values in traits.items():
        found += _confounded(evaluation, name, values)
    return found


def _few_speakers(evaluation):
    n_speakers = len(np.unique(evaluation.groups))
    if n_speakers >= _ENOUGH:
        return
    smallest = min(1.0, 2 / 2**n_speakers)
    yield _finding(
        severity="severe" if n_speakers <= 2 else "warning",
        message=f"There are {n_speakers} speakers: no test over speakers can reach a p below "
        f"{smallest:.3g}.",
        remedy="Draw no conclusion about new speakers; add a corpus.",
        figures={"n_speakers": n_speakers, "smallest_p": smallest},
    )


def _partial_classes(evaluation):
    table = pd.crosstab(evaluation.groups, evaluation.y)
    having = (table > 0).sum()
    few = having[having < len(table)]
    if few.empty:
        return
    names = ", ".join(f"{label} ({n} of {len(table)})" for label, n in few.items())
    is_much = few.min() <= 2 or few.min() < len(table) / 2
    yield _finding(
        severity="warning" if is_much else "note",
        message=f"Not every speaker has clips of every class. Speakers of these: {names}.",
        remedy="Report the recall of each class with the number of its speakers; do not rely "
        "on the recall of classes with few speakers.",
        figures={"n_speakers": len(table)} | {f"speakers of {k}": int(n) for k, n in few.items()},
        evidence=table.reset_index(names="speaker"),
    )


def _confounded(evaluation, name, values):
    """Predict each clip's emotion from its speaker (or sex) alone, by the best rule there is."""
    if len(np.unique(values)) < 2:
        return
    uar, chance = _best_guess(values, evaluation.y), evaluation.chance
    # clips of each speaker drawn at random from all exceed chance, too
    rng = np.random.default_rng(evaluation.random_state)
    drawn = [_best_guess(values, rng.permutation(evaluation.y)) for _ in range(20)]
    excess, by_chance = ((score - chance) / (1 - chance) for score in (uar, np.mean(drawn)))
    if excess < max(_CONFOUNDED, 3 * by_chance):
        return
    yield _finding(
        severity="warning",
        message=f"The {name} alone predicts the emotion with a UAR of {uar:.3f} (chance "
        f"{chance:.3f}), and a model can recognise the {name}.",
        remedy=f"Balance emotions over {name}s, or report results for each {name}.",
        figures={f"uar_by_{name}": uar, "chance": chance},
        evidence=pd.crosstab(values, evaluation.y).reset_index(names=name),
    )


def _best_guess(values, y):
    """Return the UAR of predicting for each value the class that it holds the largest share of."""
    counts = pd.crosstab(values, y).to_numpy()
    # shares of the class, or the most frequent class would always win; a guess adds its share
    shares = counts / counts.sum(axis=0)
    return float(shares.max(axis=1).sum() / len(shares.T))
