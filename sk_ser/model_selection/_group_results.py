"""Scores of groups of clips: by speaker, by sex, by sentence, by any column."""

from itertools import product

import numpy as np
import pandas as pd

from sk_ser.model_selection._checks import refuse_unknown_speakers, warn
from sk_ser.model_selection._comparison import ProtocolComparison, rows_of
from sk_ser.model_selection._intervals import score_speakers
from sk_ser.model_selection._scores import check_sum_score

#: With fewer speakers an interval rests on the assumption that their scores are normal.
_FEW = 4


def group_results(
    comparison: ProtocolComparison,
    metadata: pd.DataFrame | None = None,
    *,
    by: str = "speaker",
    estimators: object = None,
    protocols: object = None,
    scoring: str = ("uar", "accuracy"),
) -> pd.DataFrame:
    """Score each group of clips on its own, and mark the group with the worst score.

    A mean hides the groups that a model fails for [1]_. The out-of-fold predictions of a
    comparison are split by a column, and each part is scored by itself; nothing is fitted.
    Intervals are over the speakers of a group, as the comparison's own are. A group of one
    speaker has none, because nothing varies within it.

    Of many small groups one is worst by chance. Before you call a group disadvantaged, check
    whether its interval excludes the scores of the others, and whether other models fail
    there, too.

    Parameters
    ----------
    comparison : ProtocolComparison
        From :func:`~sk_ser.model_selection.compare_protocols`.
    metadata : DataFrame of shape (n_clips, n_columns), default=None
        A row for each clip, in the order of X, such as a corpus's ``frame``. Its index is
        ignored. Without it only ``by="speaker"`` is known.
    by : str, default="speaker"
        Column of `metadata`. For groups by two columns, join them into one.
    estimators, protocols : sequence of str, default=None
        Names, in the order of the rows; by default all that were compared.
    scoring : sequence of str or SumScore, default=("uar", "accuracy")
        Scores; the first decides which group is worst.

    Returns
    -------
    DataFrame
        A row for each estimator, protocol and group, groups sorted: ``estimator``,
        ``protocol``, ``group``; each score as ``<score>``, ``<score>_low`` and
        ``<score>_high``, intervals NaN for one speaker; ``n_speakers``, ``n_clips``,
        ``n_classes``, the number of classes that occur, over which UAR is the mean; ``worst``,
        whether no group of that estimator and protocol has a worse first score; ``note``, what
        to know before quoting the row.

    Raises
    ------
    ValueError
        If there is no such column, the rows of `metadata` are not the clips compared, an
        estimator or protocol was not compared, or a score is not a function of sums.

    Warns
    -----
    EvaluationWarning
        If clips have no value in the column; they are left out.

    References
    ----------
    .. [1] M. Mitchell et al., "Model Cards for Model Reporting", Proc. FAT*, 2019,
       pp. 220-229.

    Examples
    --------
    A model that recognises angry women, and guesses for men:

    >>> import numpy as np
    >>> import pandas as pd
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.model_selection import compare_protocols, group_results
    >>> rng = np.random.default_rng(0)
    >>> emotions, speakers = np.tile(["angry", "calm"], 120), np.repeat(range(24), 10)
    >>> metadata = pd.DataFrame({"sex": np.where(speakers < 12, "female", "male")})
    >>> women_angry = (emotions == "angry") & (metadata["sex"] == "female").to_numpy()
    >>> X = rng.normal(size=(240, 1)) + 3 * women_angry[:, np.newaxis]
    >>> found = compare_protocols(
    ...     GaussianNB(), X, emotions, groups=speakers, protocols="speaker-independent",
    ...     random_state=0,
    ... )
    >>> table = group_results(found, metadata, by="sex")
    >>> table[["group", "n_speakers", "worst"]]
        group  n_speakers  worst
    0  female          12  False
    1    male          12   True
    >>> bool(table["uar"][0] > 0.8), bool(table["uar"][1] < 0.6)
    (True, True)
    """
    scores = [check_sum_score(score) for score in scoring]
    chosen = list(product(estimators or comparison.estimators, protocols or comparison.protocols))
    for names in chosen:
        comparison.row(*names)  # raises for a name that was not compared
    predictions = comparison.predictions
    group = _groups(predictions, metadata, by)
    missing = group.isna().to_numpy()
    if missing.any():
        n_clips = predictions.loc[missing, "index"].nunique()
        warn([f"group_results: {n_clips} clips have no {by!r} in metadata and are left out."])
    rows = predictions.assign(group=group)[~missing]
    results = [
        {"estimator": names[0], "protocol": names[1], "group": name}
        | _score_group(part, scores, comparison.settings["confidence_level"])
        for names in chosen
        for name, part in rows_of(rows, *names).groupby("group", sort=True)
    ]
    table = pd.DataFrame(results)
    first = scores[0].name
    of_result = table.groupby(["estimator", "protocol"])[first]
    is_worst = table[first] == of_result.transform("min" if scores[0].greater_is_better else "max")
    # A single group is not worse than any other.
    several = of_result.transform("size") > 1
    table.insert(len(table.columns) - 1, "worst", is_worst & several)
    return table


def _groups(predictions, metadata, by):
    """Look up the group of each prediction."""
    known = ["speaker"] if metadata is None else list(metadata)
    if by not in known:
        raise ValueError(
            f"group_results: metadata has no column {by!r}. Choose from {known}, or pass a "
            "DataFrame with that column and a row for each clip, such as corpus.frame."
        )
    if metadata is None:
        refuse_unknown_speakers(predictions, "group_results")
        return predictions["speaker"]
    _check_rows(predictions, metadata)
    group = metadata[by].iloc[predictions["index"]].set_axis(predictions.index)
    if group.isna().all():
        raise ValueError(f"group_results: metadata has no value in column {by!r}.")
    return group


def _check_rows(predictions, metadata):
    """Refuse metadata of other clips, or in another order."""
    rows, fault = predictions["index"], None
    if rows.max() >= len(metadata):
        fault = f"metadata has {len(metadata)} rows, and clip {rows.max()} was tested"
    elif "speaker" in metadata and predictions["speaker"].notna().all():
        named = metadata["speaker"].iloc[rows].astype(str).to_numpy()
        compared = predictions["speaker"].astype(str).to_numpy()
        for first in np.flatnonzero(named != compared)[:1]:
            fault = (
                f"in clip {rows.iloc[first]} the speaker is {named[first]!r} by metadata and "
                f"{compared[first]!r} by comparison"
            )
    if fault:
        raise ValueError(
            f"group_results: {fault}. Pass a row for each clip of X, in the same order."
        )


def _score_group(part, scores, confidence_level):
    n_speakers = part["speaker"].nunique()
    return score_speakers(part, {score.name: score for score in scores}, confidence_level) | {
        "n_speakers": n_speakers,
        "n_clips": part["index"].nunique(),
        "n_classes": part["y_true"].nunique(),
        "note": _note(n_speakers),
    }


def _note(n_speakers):
    if n_speakers == 0:
        return "speakers not known: no interval"
    if n_speakers == 1:
        return "1 speaker: no interval over speakers"
    return f"{n_speakers} speakers: interval uncertain" if n_speakers < _FEW else ""
