"""For whom a model works: results by speaker, by sex, by sentence, by any column."""

from itertools import product

import numpy as np
import pandas as pd

from sk_ser.model_selection._checks import warn
from sk_ser.model_selection._intervals import COUNT_SCORES, count_by_speaker, speaker_interval

_SCORES = ("uar", "accuracy")
#: Under so many speakers a percentile bootstrap interval is noticeably too narrow.
_FEW = 10


def group_results(comparison, metadata=None, *, by="speaker", estimators=None, protocols=None):
    """Score each group of clips on its own, and name the worst.

    A mean hides for whom a model fails [1]_. The out-of-fold predictions of a comparison
    are split by a column, and each part is scored by itself; nothing is fitted. Intervals
    are drawn over the speakers of a group, as the comparison's own are. Who speaks alone
    in a group gets none: one voice does not tell how voices vary.

    Of many small groups one is worst by chance. Before you call a group disadvantaged,
    look whether its interval leaves out the others, and whether other models fail there.

    Parameters
    ----------
    comparison : ProtocolComparison
        From :func:`~sk_ser.model_selection.compare_protocols`.
    metadata : DataFrame of shape (n_clips, n_columns), default=None
        A row for each clip, in the order of X, such as a corpus' ``frame``. Its index does
        not count. Without it only ``by="speaker"`` is known.
    by : str, default="speaker"
        Column of `metadata`. For groups by two columns, join these into one.
    estimators, protocols : sequence of str, default=None
        Names, in the order of the rows; by default all that were compared.

    Returns
    -------
    DataFrame
        A row for each estimator, protocol and group, groups sorted: ``estimator``,
        ``protocol``, ``group``; ``uar``, ``uar_low``, ``uar_high``, ``accuracy``,
        ``accuracy_low``, ``accuracy_high``, from 0 to 1, intervals NaN for one speaker;
        ``n_speakers``, ``n_clips``, ``n_classes``, the classes that occur, of which UAR is
        the mean; ``worst``, whether no UAR of that estimator and protocol is lower;
        ``note``, what to know before quoting the row.

    Raises
    ------
    ValueError
        If the column is not there, the rows of `metadata` are not the clips compared, or
        an estimator or protocol was not compared.

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
    A model that has learnt how women sound angry, and guesses for men:

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
    chosen = list(
        product(
            comparison.estimators if estimators is None else estimators,
            comparison.protocols if protocols is None else protocols,
        )
    )
    for names in chosen:
        comparison.row(*names)  # names what was not compared
    predictions = comparison.predictions
    group = _groups(predictions, metadata, by)
    missing = group.isna().to_numpy()
    if missing.any():
        n_clips = predictions.loc[missing, "index"].nunique()
        warn([f"group_results: {n_clips} clips have no {by!r} in metadata and are left out."])
    rows = predictions.assign(group=group)[~missing]
    results = [
        {"estimator": estimator, "protocol": protocol, "group": name}
        | _score_group(part, comparison.settings)
        for (estimator, protocol, name), part in _parts(rows, chosen)
    ]
    table = pd.DataFrame(results)
    lowest = table.groupby(["estimator", "protocol"])["uar"].transform("min")
    # Of one group alone, nobody is worse off than anybody else.
    several = table.groupby(["estimator", "protocol"])["uar"].transform("size") > 1
    table.insert(len(table.columns) - 1, "worst", (table["uar"] == lowest) & several)
    return table


def _groups(predictions, metadata, by):
    """Tell the group of each prediction."""
    if metadata is None:
        if by != "speaker":
            raise ValueError(
                f"group_results: by={by!r} needs metadata. Pass a DataFrame with that column and "
                "a row for each clip, such as corpus.frame."
            )
        if predictions["speaker"].isna().all():
            raise ValueError(
                "group_results: comparison knows no speakers. Pass groups to compare_protocols."
            )
        return predictions["speaker"]
    if by not in metadata:
        raise ValueError(
            f"group_results: metadata has no column {by!r}. Choose from {list(metadata)}."
        )
    _check_rows(predictions, metadata)
    group = metadata[by].iloc[predictions["index"]].set_axis(predictions.index)
    if group.isna().all():
        raise ValueError(f"group_results: metadata has no value in column {by!r}.")
    return group


def _check_rows(predictions, metadata):
    """Refuse metadata of other clips: a table that is sorted otherwise looks as good."""
    needed = predictions["index"].max() + 1
    if len(metadata) < needed:
        raise ValueError(
            f"group_results: metadata has {len(metadata)} rows, and clip {needed - 1} was tested. "
            "Pass a row for each clip of X, in the same order."
        )
    if "speaker" in metadata and predictions["speaker"].notna().all():
        named = metadata["speaker"].iloc[predictions["index"]].astype(str).to_numpy()
        others = np.flatnonzero(named != predictions["speaker"].astype(str).to_numpy())
        if len(others):
            row = predictions.iloc[others[0]]
            raise ValueError(
                f"group_results: metadata says that {named[others[0]]!r} speaks in clip "
                f"{row['index']}, and comparison that {row['speaker']!r} does. Pass a row for each "
                "clip of X, in the same order."
            )


def _parts(rows, chosen):
    for estimator, protocol in chosen:
        of_both = (rows["estimator"] == estimator) & (rows["protocol"] == protocol)
        for name, part in rows[of_both].groupby("group", sort=True):
            yield (estimator, protocol, name), part


def _score_group(part, settings):
    y_true, y_pred = part["y_true"].to_numpy(), part["y_pred"].to_numpy()
    classes = np.union1d(y_true, y_pred)
    n_speakers = part["speaker"].nunique()
    # Without speakers all are one, who gets no interval.
    speakers = part["speaker"].to_numpy() if n_speakers else np.zeros(len(part), dtype=int)
    counts = count_by_speaker(y_true, y_pred, speakers, classes, np.unique(speakers))
    values = _scores(counts.sum(0))
    low, high = speaker_interval(
        counts,
        _scores,
        n_bootstrap=settings["n_bootstrap"],
        confidence_level=settings["confidence_level"],
        seed=settings["random_state"],
    )
    result = {}
    for number, name in enumerate(_SCORES):
        result |= {name: float(values[number])}
        result |= {f"{name}_low": float(low[number]), f"{name}_high": float(high[number])}
    result |= {"n_speakers": n_speakers, "n_clips": part["index"].nunique()}
    return result | {"n_classes": len(np.unique(y_true)), "note": _note(n_speakers)}


def _scores(counts):
    return np.stack([COUNT_SCORES[name](counts) for name in _SCORES])


def _note(n_speakers):
    if n_speakers == 0:
        return "speakers not known: no interval"
    if n_speakers == 1:
        return "1 speaker: no interval over speakers"
    return f"{n_speakers} speakers: interval too narrow" if n_speakers < _FEW else ""
