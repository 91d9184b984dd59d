"""From the outputs of each fold to predictions, scores, intervals and gaps."""

import numpy as np
import pandas as pd

from sk_ser.model_selection._fold_facts import share_seen
from sk_ser.model_selection._intervals import paired_sums, speaker_interval
from sk_ser.model_selection._scores import score
from sk_ser.model_selection._sum_scores import SUM_SCORES, SumScore


def tabulate_predictions(results, clips):
    """Put every predicted label in a row.

    Parameters
    ----------
    results : list of FoldResult
        Failed folds have no rows.
    clips : Clips
        The clips.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it.
    """
    parts = [
        result.place
        | {
            "index": result.test,
            "speaker": np.nan if clips.groups is None else clips.groups[result.test],
            "y_true": clips.y[result.test],
            "y_pred": result.outputs["predict"],
        }
        for result in results
        if result.error is None
    ]
    return pd.concat(map(pd.DataFrame, parts), ignore_index=True)


def tabulate_probabilities(results, y):
    """Put the probabilities of every test clip in a row.

    Parameters
    ----------
    results : list of FoldResult
        Failed folds have no rows.
    y : ndarray of shape (n_clips,)
        Labels.

    Returns
    -------
    DataFrame or None
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it; None if the fits
        gave no probabilities.
    """
    classes = np.unique(y).tolist()
    parts = [
        result.place
        | {"index": result.test, "y_true": y[result.test]}
        | dict(zip(classes, result.outputs["predict_proba"].T, strict=True))
        for result in results
        if "predict_proba" in result.outputs
    ]
    return pd.concat(map(pd.DataFrame, parts), ignore_index=True) if parts else None


def tabulate_folds(results, clips, scores):
    """Score every fold on its own.

    Parameters
    ----------
    results : list of FoldResult
        Failed folds score NaN.
    clips : Clips
        The clips.
    scores : dict of str to (SumScore or scorer)
        Scores.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it.
    """
    rows = []
    for result in results:
        row = result.place
        for name, one in scores.items():
            failed = result.error is not None
            row[name] = (
                np.nan if failed else score(one, clips.y[result.test], result.outputs["predict"])
            )
        row |= {"n_train": len(result.train), "n_test": len(result.test)}
        row["seen"] = share_seen(result.train, result.test, clips.groups)
        rows.append(row | {"fit_seconds": result.fit_seconds})
    return pd.DataFrame(rows)


def tabulate_scores(predictions, folds, scores, **bootstrap):
    """Score the predictions of all folds together, with an interval over speakers.

    They are pooled because a fold of speakers may lack a class, or hold two clips of it: the
    mean of the folds' scores would then mix means over different classes. Pooled, every clip
    counts once in its class.

    Parameters
    ----------
    predictions, folds : DataFrame
        As the functions above make them.
    scores : dict of str to (SumScore or scorer)
        Scores.
    **bootstrap : dict
        ``n_resamples``, ``confidence_level`` and ``random_state``.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it.
    """
    rows = []
    for (estimator, protocol), fitted in folds.groupby(["estimator", "protocol"], sort=False):
        tested = rows_of(predictions, estimator, protocol)
        y_true, y_pred = tested["y_true"].to_numpy(), tested["y_pred"].to_numpy()
        row = {"estimator": estimator, "protocol": protocol}
        for name, one in scores.items():
            row[name] = score(one, y_true, y_pred)
            if isinstance(one, SumScore):
                interval = _interval(one, [tested], lambda values: values[..., 0], bootstrap)
                row[f"{name}_low"], row[f"{name}_high"] = interval
        row |= {"n_folds": int(fitted["uar"].notna().sum())}
        row |= {"n_speakers": tested["speaker"].nunique(), "n_clips": tested["index"].nunique()}
        row["seen"] = np.average(fitted["seen"], weights=fitted["n_test"])
        rows.append(row | {"fit_seconds": fitted["fit_seconds"].mean()})
    return pd.DataFrame(rows)


def tabulate_gaps(predictions, table, **bootstrap):
    """Compare the UAR of the first protocol with that of each other protocol.

    Parameters
    ----------
    predictions, table : DataFrame
        As the functions above make them.
    **bootstrap : dict
        ``n_resamples``, ``confidence_level`` and ``random_state``.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it; without rows if
        there was one protocol.
    """
    reference, *others = table["protocol"].unique()
    rows = []
    for estimator in table["estimator"].unique():
        for protocol in others:
            pair = [rows_of(predictions, estimator, name) for name in (reference, protocol)]
            row = {"estimator": estimator, "reference": reference, "protocol": protocol}
            rows.append(row | _gap(on_common_clips(pair), bootstrap))
    columns = ["estimator", "reference", "protocol", "uar_reference", "uar"]
    columns += ["gap", "gap_low", "gap_high", "n_speakers"]
    return pd.DataFrame(rows, columns=columns)


def _gap(pair, bootstrap):
    if not len(pair[0]):
        return {"n_speakers": 0}
    uar = SUM_SCORES["uar"]
    uars = [uar(part["y_true"], part["y_pred"]) for part in pair]
    row = {"uar_reference": uars[0], "uar": uars[1], "gap": 100 * (uars[0] - uars[1])}
    row["gap_low"], row["gap_high"] = _interval(
        uar, pair, lambda values: 100 * (values[..., 0] - values[..., 1]), bootstrap
    )
    return row | {"n_speakers": pair[0]["speaker"].nunique()}


def _interval(one, parts, combine, bootstrap):
    """Interval of a function of the scores of several parts; NaN without speakers."""
    if not len(parts[0]) or parts[0]["speaker"].isna().any():
        return np.nan, np.nan
    return speaker_interval(
        paired_sums(one, parts), lambda total: combine(one.value(total)), **bootstrap
    )


def on_common_clips(pair):
    """Keep the rows of clips that both parts of a result tested.

    A protocol that tests easier speakers, or fewer classes, would make a gap of its own.
    """
    both = set(pair[0]["index"]) & set(pair[1]["index"])
    return [part[part["index"].isin(both)] for part in pair]


def rows_of(table, estimator, protocol):
    """Select the rows of one estimator under one protocol."""
    return table[(table["estimator"] == estimator) & (table["protocol"] == protocol)]
