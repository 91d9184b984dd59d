"""From the outputs of each fold to predictions, scores, intervals and gaps."""

import numpy as np
import pandas as pd

from sk_ser.model_selection._intervals import score_interval
from sk_ser.model_selection._protocols import share_seen
from sk_ser.model_selection._scores import score
from sk_ser.model_selection._sum_scores import SUM_SCORES, SumScore


def tabulate_outputs(results, protocols, y, groups, method):
    """Put what one method gave in a table, a row for each test clip of each fit.

    Parameters
    ----------
    results : list of FoldResult
        Failed folds have no rows.
    protocols : list of Protocol
        What was tested.
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    method : {"predict", "predict_proba"}
        The method.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes ``predictions`` and
        ``probabilities``.
    """
    folds = {protocol.name: protocol.folds for protocol in protocols}
    parts = []
    for result in results:
        if result.error is not None:
            continue
        test = folds[result.protocol][result.fold][1]
        columns = {
            "estimator": result.estimator,
            "protocol": result.protocol,
            "fold": result.fold,
            "index": test,
        }
        if method == "predict":
            columns["speaker"] = np.nan if groups is None else groups[test]
        columns["y_true"] = y[test]
        output = result.outputs[method]
        if method == "predict":
            columns["y_pred"] = output
        else:
            columns |= dict(zip(np.unique(y).tolist(), output.T, strict=True))
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def tabulate_folds(results, protocols, y, groups, scores):
    """Score every fold on its own.

    Parameters
    ----------
    results : list of FoldResult
        Failed folds score NaN.
    protocols : list of Protocol
        What was tested.
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    scores : dict of str to (SumScore or scorer)
        Scores.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it.
    """
    folds = {protocol.name: protocol.folds for protocol in protocols}
    rows = []
    for result in results:
        train, test = folds[result.protocol][result.fold]
        row = {"estimator": result.estimator, "protocol": result.protocol, "fold": result.fold}
        for name, one in scores.items():
            failed = result.error is not None
            row[name] = np.nan if failed else score(one, y[test], result.y_pred)
        row |= {"n_train": len(train), "n_test": len(test)}
        row |= {"seen": share_seen(train, test, groups), "fit_seconds": result.fit_seconds}
        rows.append(row)
    return pd.DataFrame(rows)


def tabulate_scores(predictions, folds, scores, *, with_speakers, **bootstrap):
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
    with_speakers : bool
        Whether ``predictions["speaker"]`` holds speakers.
    **bootstrap : dict
        ``n_resamples``, ``confidence_level`` and ``random_state``.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it.
    """
    rows = []
    for (estimator, protocol), fitted in folds.groupby(["estimator", "protocol"], sort=False):
        tested = _of(predictions, estimator, protocol)
        y_true, y_pred = tested["y_true"].to_numpy(), tested["y_pred"].to_numpy()
        row = {"estimator": estimator, "protocol": protocol}
        for name, one in scores.items():
            row[name] = score(one, y_true, y_pred)
            if isinstance(one, SumScore):
                low = high = np.nan
                if with_speakers and len(tested):
                    low, high = score_interval(one, [tested], _only, **bootstrap)
                row |= {f"{name}_low": low, f"{name}_high": high}
        rows.append(
            row
            | {
                "n_folds": int(fitted["uar"].notna().sum()),
                "n_speakers": tested["speaker"].nunique(),
                "n_clips": tested["index"].nunique(),
                "seen": np.average(fitted["seen"], weights=fitted["n_test"]),
                "fit_seconds": fitted["fit_seconds"].mean(),
            }
        )
    return pd.DataFrame(rows)


def tabulate_gaps(predictions, table, *, with_speakers, **bootstrap):
    """Compare the UAR of the first protocol with that of each other protocol.

    Parameters
    ----------
    predictions, table : DataFrame
        As the functions above make them.
    with_speakers : bool
        Whether ``predictions["speaker"]`` holds speakers.
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
            pair = [_of(predictions, estimator, name) for name in (reference, protocol)]
            row = {"estimator": estimator, "reference": reference, "protocol": protocol}
            rows.append(row | _gap(pair, with_speakers, bootstrap))
    columns = ["estimator", "reference", "protocol", "uar_reference", "uar"]
    columns += ["gap", "gap_low", "gap_high", "n_speakers"]
    return pd.DataFrame(rows, columns=columns)


def _gap(pair, with_speakers, bootstrap):
    pair = on_common_clips(pair)
    if not all(len(part) for part in pair):
        return {"n_speakers": 0}
    uar = SUM_SCORES["uar"]
    uars = [uar(part["y_true"], part["y_pred"]) for part in pair]
    row = {"uar_reference": uars[0], "uar": uars[1], "gap": 100 * (uars[0] - uars[1])}
    if with_speakers:
        row["gap_low"], row["gap_high"] = score_interval(uar, pair, _points, **bootstrap)
    return row | {"n_speakers": pair[0]["speaker"].nunique()}


def on_common_clips(pair):
    """Keep the rows of clips that both parts of a result tested.

    A protocol that tests easier speakers, or fewer classes, would make a gap of its own.
    """
    both = set(pair[0]["index"]) & set(pair[1]["index"])
    return [part[part["index"].isin(both)] for part in pair]


def _of(predictions, estimator, protocol):
    return predictions[
        (predictions["estimator"] == estimator) & (predictions["protocol"] == protocol)
    ]


def _only(values):
    return values[..., 0]


def _points(values):
    return 100 * (values[..., 0] - values[..., 1])
