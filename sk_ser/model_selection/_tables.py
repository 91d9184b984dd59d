"""From the predictions of each fold to scores, intervals and gaps."""

from functools import partial

import numpy as np
import pandas as pd

from sk_ser.model_selection._intervals import COUNT_SCORES, count_by_speaker, speaker_interval
from sk_ser.model_selection._protocols import heard
from sk_ser.model_selection._scores import score
from sk_ser.model_selection._uar import uar_score


def tabulate_predictions(results, protocols, y, groups):
    """Put every prediction in a row.

    Parameters
    ----------
    results : list of FoldResult
        Failed ones have no rows.
    protocols : list of Protocol
        What was tested.
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it.
    """
    folds = {protocol.name: protocol.folds for protocol in protocols}
    parts = []
    for result in results:
        if result.error is None:
            test = folds[result.protocol][result.fold][1]
            parts.append(
                pd.DataFrame(
                    {
                        "estimator": result.estimator,
                        "protocol": result.protocol,
                        "fold": result.fold,
                        "index": test,
                        "speaker": np.nan if groups is None else groups[test],
                        "y_true": y[test],
                        "y_pred": result.y_pred,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def tabulate_folds(results, protocols, y, groups, scorers):
    """Score every fold on its own.

    Parameters
    ----------
    results : list of FoldResult
        Failed ones score NaN.
    protocols : list of Protocol
        What was tested.
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    scorers : dict of str to scorer
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
        for name, scorer in scorers.items():
            failed = result.error is not None
            row[name] = np.nan if failed else score(scorer, y[test], result.y_pred)
        row |= {"n_train": len(train), "n_test": len(test), "heard": heard(train, test, groups)}
        rows.append(row | {"fit_seconds": result.fit_seconds})
    return pd.DataFrame(rows)


def tabulate_scores(predictions, folds, scorers, *, with_speakers, **bootstrap):
    """Score the predictions of all folds together, with an interval over speakers.

    They are pooled because a fold of speakers may lack a class, or hold two
    clips of it: the mean of the folds' scores would then mix means over
    different classes. Pooled, every clip counts once in its class.

    Parameters
    ----------
    predictions, folds : DataFrame
        As the functions above make them.
    scorers : dict of str to scorer
        Scores.
    with_speakers : bool
        Whether ``predictions["speaker"]`` says who speaks.
    **bootstrap : dict
        ``n_bootstrap``, ``confidence_level`` and ``seed``.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it.
    """
    rows = []
    for (estimator, protocol), fitted in folds.groupby(["estimator", "protocol"], sort=False):
        tested = _of(predictions, estimator, protocol)
        y_true, y_pred = tested["y_true"].to_numpy(), tested["y_pred"].to_numpy()
        names = [name for name in scorers if name in COUNT_SCORES]
        low, high = np.full((2, len(names)), np.nan)
        if with_speakers and len(tested):
            low, high = _interval([tested], partial(_scores_of_draws, names=names), bootstrap)
        row = {"estimator": estimator, "protocol": protocol}
        for name, scorer in scorers.items():
            row[name] = score(scorer, y_true, y_pred)
            if name in names:
                where = names.index(name)
                row |= {f"{name}_low": low[where], f"{name}_high": high[where]}
        rows.append(
            row
            | {
                "n_folds": int(fitted["uar"].notna().sum()),
                "n_speakers": tested["speaker"].nunique(),
                "n_clips": tested["index"].nunique(),
                "heard": np.average(fitted["heard"], weights=fitted["n_test"]),
                "fit_seconds": fitted["fit_seconds"].mean(),
            }
        )
    return pd.DataFrame(rows)


def tabulate_gaps(predictions, table, *, with_speakers, **bootstrap):
    """Compare the first protocol with each of the others.

    Parameters
    ----------
    predictions, table : DataFrame
        As the functions above make them.
    with_speakers : bool
        Whether ``predictions["speaker"]`` says who speaks.
    **bootstrap : dict
        ``n_bootstrap``, ``confidence_level`` and ``seed``.

    Returns
    -------
    DataFrame
        As :class:`~sk_ser.model_selection.ProtocolComparison` describes it;
        without rows if there was one protocol.
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
    # A protocol that tests easier speakers, or fewer classes, would make a gap of its own.
    both = set(pair[0]["index"]) & set(pair[1]["index"])
    pair = [part[part["index"].isin(both)] for part in pair]
    if not all(len(part) for part in pair):
        return {"n_speakers": 0}
    uars = [uar_score(part["y_true"], part["y_pred"]) for part in pair]
    row = {"uar_reference": uars[0], "uar": uars[1], "gap": 100 * (uars[0] - uars[1])}
    if with_speakers:
        row["gap_low"], row["gap_high"] = _interval(pair, _gap_of_draws, bootstrap)
    return row | {"n_speakers": pair[0]["speaker"].nunique()}


def _of(predictions, estimator, protocol):
    return predictions[
        (predictions["estimator"] == estimator) & (predictions["protocol"] == protocol)
    ]


def _interval(parts, statistic, bootstrap):
    """Interval of a statistic of counts of shape (n_draws, n_parts, n_classes, n_classes)."""
    every = pd.concat(parts)
    classes = np.union1d(every["y_true"], every["y_pred"])
    names = np.unique(every["speaker"])
    counts = [
        count_by_speaker(part["y_true"], part["y_pred"], part["speaker"], classes, names)
        for part in parts
    ]
    return speaker_interval(np.stack(counts, axis=1), statistic, **bootstrap)


def _scores_of_draws(counts, names):
    return np.stack([COUNT_SCORES[name](counts[:, 0]) for name in names])


def _gap_of_draws(counts):
    reference, other = COUNT_SCORES["uar"](counts).T
    return 100 * (reference - other)
