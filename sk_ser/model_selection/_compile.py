"""What evaluations share before and after their fits: options, and the comparison's tables."""

from numbers import Real

import numpy as np

from sk_ser.model_selection._checks import check_whole_number
from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._failures import check_on_error, settle_failures
from sk_ser.model_selection._tables import (
    tabulate_folds,
    tabulate_gaps,
    tabulate_predictions,
    tabulate_probabilities,
    tabulate_scores,
)

#: Entries of the settings that intervals are drawn with.
BOOTSTRAP = ("n_resamples", "confidence_level", "random_state")


def check_options(n_splits, n_resamples, confidence_level, on_error):
    """Validate the options of an evaluation."""
    check_whole_number("n_splits", n_splits, 2)
    check_whole_number("n_resamples", n_resamples, 1)
    if not isinstance(confidence_level, Real) or not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level={confidence_level!r}: it must be between 0 and 1.")
    check_on_error(on_error)


def few_speakers(groups):
    """Make a fault of one or two speakers, over whom an interval means little."""
    if groups is None or (n_speakers := len(np.unique(groups))) > 2:
        return []
    return [
        f"groups: {n_speakers} speaker{'s' * (n_speakers > 1)}. An interval over so few says "
        "next to nothing" + (", and one alone has none" * (n_speakers == 1)) + ". Add speakers "
        "before you draw conclusions about new ones."
    ]


def make_settings(scores, n_splits, n_resamples, confidence_level, seed):
    """Collect the settings that a comparison keeps, in types that JSON has."""
    return {
        "scoring": list(scores),
        "n_splits": int(n_splits),
        "n_resamples": int(n_resamples),
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
        ``n_resamples``, ``confidence_level``, ``random_state``, and what else the comparison
        is to keep.
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
    failed = [result for result in results if result.error is not None]
    if len(failed) == len(results):
        return settle_failures(None, results, "raise")
    bootstrap = {name: settings[name] for name in BOOTSTRAP}
    predictions = tabulate_predictions(results, clips)
    folds = tabulate_folds(results, clips, scores)
    table = tabulate_scores(predictions, folds, scores, **bootstrap)
    if failed:
        notes = [*notes, f"{len(failed)} of {len(results)} fits failed: see failures."]
    return ProtocolComparison(
        table=table,
        gap=tabulate_gaps(predictions, table, **bootstrap),
        folds=folds,
        predictions=predictions,
        classes=np.union1d(clips.y, predictions["y_pred"].to_numpy()).tolist(),
        settings=settings,
        notes=notes,
        failures=[str(result) for result in failed],
        probabilities=tabulate_probabilities(results, clips.y),
    )
