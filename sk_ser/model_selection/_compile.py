"""From the options and the outputs of each fold to a comparison."""

from functools import partial
from itertools import product

import numpy as np
import pandas as pd

from sk_ser.model_selection._checks import check_choice, check_share, check_whole_number
from sk_ser.model_selection._comparison import ProtocolComparison, rows_of
from sk_ser.model_selection._engine import ON_ERROR, settle_failures
from sk_ser.model_selection._fold_facts import share_seen
from sk_ser.model_selection._intervals import interval_columns, paired_sums, score_speakers
from sk_ser.model_selection._scores import SUM_SCORES, score

#: With fewer speakers an interval rests on the assumption that their scores are normal.
_FEW = 4
#: Share by which the numbers of training clips of two protocols differ noticeably.
_SIZES_DIFFER = 0.05


def check_settings(scores, n_splits, confidence_level, seed, on_error):
    """Validate the options of an evaluation; return what a comparison keeps, in JSON's types."""
    check_whole_number("n_splits", n_splits, 2)
    check_share("confidence_level", confidence_level)
    check_choice("on_error", on_error, ON_ERROR)
    return {
        "scoring": list(scores),
        "n_splits": int(n_splits),
        "confidence_level": float(confidence_level),
        "random_state": seed,
    }


def compile_comparison(results, clips, scores, settings, notes):
    """Put the results of all folds together.

    Parameters
    ----------
    results : list of FoldResult
        Failed folds are left out of the scores. If the folds have probabilities, the
        comparison has them, too.
    clips : Clips
        The clips.
    scores : dict of str to (SumScore or scorer)
        Scores.
    settings : dict
        ``confidence_level``, ``random_state``, and what else the comparison is to keep.
    notes : list of str
        What to know before quoting a number.

    Returns
    -------
    ProtocolComparison

    Raises
    ------
    FoldError
        If all folds failed.
    """
    done = [result for result in results if result.error is None]
    if not done:
        return settle_failures(None, results, "raise")
    failures = [str(result) for result in results if result.error is not None]
    if failures:
        notes = [*notes, f"{len(failures)} of {len(results)} fits failed: see failures."]
    predictions = pd.concat([_predictions(result, clips) for result in done], ignore_index=True)
    probabilities = None
    if "predict_proba" in done[0].outputs:
        proba = np.concatenate([result.outputs["predict_proba"] for result in done])
        probabilities = predictions.drop(columns=["speaker", "y_pred"]).join(
            pd.DataFrame(proba, columns=np.unique(clips.y))
        )
    folds = pd.DataFrame([_score_fold(result, clips, scores) for result in results])
    table = _tabulate_scores(predictions, folds, scores, settings)
    notes = [*notes, *_notes_on_speakers(table), *_notes_on_sizes(folds)]
    return ProtocolComparison(
        table=table,
        gap=_tabulate_gaps(predictions, table, settings),
        folds=folds,
        predictions=predictions,
        classes=np.union1d(clips.y, predictions["y_pred"].to_numpy()).tolist(),
        settings=settings,
        notes=notes,
        failures=failures,
        probabilities=probabilities,
    )


def _notes_on_speakers(table):
    """Say where an interval rests on few speakers."""
    few = table[table["n_speakers"].between(2, _FEW - 1)]
    few = few.drop_duplicates("protocol")[["protocol", "n_speakers"]]
    return [
        f"{protocol}: an interval over {n_speakers} speakers is valid only if their scores are "
        "normally distributed."
        for protocol, n_speakers in few.itertuples(index=False)
    ]


def _notes_on_sizes(folds):
    """Say where protocols train on different numbers of clips, which widens or narrows the gap."""
    sizes = folds.groupby("protocol", sort=False)["n_train"].mean()
    reference, *others = sizes.items()
    return [
        f"{name}: {size:.0f} clips are in training, {reference[1]:.0f} under {reference[0]}: the "
        "gap is also due to this."
        for name, size in others
        if abs(size - reference[1]) > _SIZES_DIFFER * reference[1]
    ]


def _predictions(result, clips):
    columns = {
        "index": result.test,
        "speaker": np.nan if clips.groups is None else clips.groups[result.test],
        "y_true": clips.y[result.test],
        "y_pred": result.outputs["predict"],
    }
    return pd.DataFrame(result.place | columns)


def _score_fold(result, clips, scores):
    """Score a fold on its own; NaN if it failed."""
    y_pred, test = result.outputs.get("predict"), result.test
    found = {
        name: np.nan if y_pred is None else score(one, clips.y[test], y_pred)
        for name, one in scores.items()
    }
    facts = {
        "n_train": len(result.train),
        "n_test": len(test),
        "seen": share_seen(result.train, test, clips.groups),
        "fit_seconds": result.fit_seconds,
    }
    return result.place | found | facts


def _tabulate_scores(predictions, folds, scores, settings):
    """Score the predictions of all folds together, with an interval over speakers.

    They are pooled because a fold of speakers may lack a class, or hold two clips of it: the
    mean of the folds' scores would then mix means over different classes. Pooled, every clip
    counts once in its class.
    """
    rows = []
    for (estimator, protocol), fitted in folds.groupby(["estimator", "protocol"], sort=False):
        tested = rows_of(predictions, estimator, protocol)
        row = {"estimator": estimator, "protocol": protocol}
        row |= score_speakers(tested, scores, settings["confidence_level"])
        facts = {
            "n_folds": int(fitted["uar"].notna().sum()),
            "n_speakers": tested["speaker"].nunique(),
            "n_clips": tested["index"].nunique(),
            "seen": np.average(fitted["seen"], weights=fitted["n_test"]),
            "fit_seconds": fitted["fit_seconds"].mean(),
        }
        rows.append(row | facts)
    return pd.DataFrame(rows)


def _tabulate_gaps(predictions, table, settings):
    """Compare the UAR of the first protocol with that of each other protocol."""
    reference, *others = table["protocol"].unique()
    rows = []
    for estimator, protocol in product(table["estimator"].unique(), others):
        pair = [rows_of(predictions, estimator, name) for name in (reference, protocol)]
        row = {"estimator": estimator, "reference": reference, "protocol": protocol}
        rows.append(row | _gap(pair, settings))
    columns = ["estimator", "reference", "protocol", "uar_reference", "uar"]
    columns += ["gap", "gap_low", "gap_high", "n_speakers"]
    return pd.DataFrame(rows, columns=columns)


def _gap(pair, settings):
    uar = SUM_SCORES["uar"]
    sums = paired_sums(uar, pair)
    if not len(sums):
        return {"n_speakers": 0}
    row = dict(zip(("uar_reference", "uar"), uar.value(sums.sum(axis=0)), strict=True))
    difference = partial(_difference, uar.value)
    row |= interval_columns("gap", sums, difference, settings["confidence_level"], (-100, 100))
    return row | {"n_speakers": 0 if pair[0]["speaker"].isna().any() else len(sums)}


def _difference(value, sums):
    """Compute a difference of two scores in percentage points."""
    both = value(sums)
    return 100 * (both[..., 0] - both[..., 1])
