"""Whether the test clips allow a conclusion about new voices."""

import numpy as np
import pandas as pd
from sklearn.metrics import recall_score

from sk_ser.leakage._finding import Finding, NotChecked

#: With fewer speakers, no test over speakers can come to p <= 0.05: 2 / 2 ** n.
_ENOUGH = 6
#: UAR above chance, as a share of what is left above it, at which knowing who speaks gives away
#: what is felt.
_CONFOUNDED = 0.2


def check_population(evaluation):
    """Find too few speakers, classes that few speakers have, emotions that tell who speaks.

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
        If speakers are not known.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import Evaluation, check_population
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(60, 3)), np.arange(60) % 2, np.arange(60) % 12 // 6
    >>> print(check_population(Evaluation(GaussianNB(), X, y, groups=speakers))[0].message)
    There are 2 speakers: no test over speakers can come to a p below 0.5.
    """
    if evaluation.groups is None:
        raise NotChecked("groups is None: nobody says who speaks")
    found = [*_few_speakers(evaluation), *_partial_classes(evaluation)]
    traits = {"speaker": evaluation.groups}
    if evaluation.metadata is not None and "sex" in evaluation.metadata:
        traits["sex"] = evaluation.metadata["sex"].astype(str).to_numpy()
    return found + [
        f for name, values in traits.items() for f in _confounded(evaluation, name, values)
    ]


def _few_speakers(evaluation):
    n_speakers = len(np.unique(evaluation.groups))
    if n_speakers >= _ENOUGH:
        return []
    least = min(1.0, 2 / 2**n_speakers)
    return [
        Finding(
            "population",
            "severe" if n_speakers <= 2 else "warning",
            "L3.3",
            f"There are {n_speakers} speakers: no test over speakers can come to a p below "
            f"{least:.3g}.",
            "Draw no conclusion about new speakers; add a corpus.",
            {"n_speakers": n_speakers, "smallest_p": least},
        )
    ]


def _partial_classes(evaluation):
    table = pd.crosstab(evaluation.groups, evaluation.y)
    having = (table > 0).sum()
    partial = having[having < len(table)]
    if partial.empty:
        return []
    few = partial[partial <= 2]
    names = ", ".join(f"{label} ({n} of {len(table)})" for label, n in partial.items())
    return [
        Finding(
            "population",
            "warning" if len(few) or partial.min() < len(table) / 2 else "note",
            "L3.3",
            f"Not every speaker has every class; these are of so many speakers: {names}.",
            "Report recall by class with the number of its speakers; do not read much into those "
            "of few.",
            {"n_speakers": len(table), **{f"speakers of {k}": int(n) for k, n in partial.items()}},
            table.reset_index(names="speaker"),
        )
    ]


def _confounded(evaluation, name, values):
    """Guess each clip's emotion from its speaker (or sex) alone, as well as that can be done."""
    if len(np.unique(values)) < 2:
        return []
    table = pd.crosstab(values, evaluation.y)
    # by share of the class, or the commonest class would win everywhere
    guess = (table / table.sum()).idxmax(axis=1)
    uar = recall_score(evaluation.y, guess.loc[values].to_numpy(), average="macro", zero_division=0)
    excess = (uar - evaluation.chance) / (1 - evaluation.chance)
    # what chance alone comes to, where clips of each speaker are drawn at random from all
    if excess < max(_CONFOUNDED, 3 * _excess_by_chance(evaluation, values)):
        return []
    return [
        Finding(
            "population",
            "warning",
            "L3.3",
            f"Emotion and {name} go together: the {name} alone gives the emotion away with a UAR "
            f"of {uar:.3f} (chance {evaluation.chance:.3f}), and a model can hear the {name}.",
            f"Balance emotions over {name}s, or report results for each {name}.",
            {f"uar_by_{name}": float(uar), "chance": evaluation.chance},
            table.reset_index(names=name),
        )
    ]


def _excess_by_chance(evaluation, values, n_draws=20):
    rng = np.random.default_rng(evaluation.random_state)
    found = []
    for _ in range(n_draws):
        y = rng.permutation(evaluation.y)
        table = pd.crosstab(values, y)
        guess = (table / table.sum()).idxmax(axis=1).loc[values].to_numpy()
        found.append(recall_score(y, guess, average="macro", zero_division=0))
    return (np.mean(found) - evaluation.chance) / (1 - evaluation.chance)
