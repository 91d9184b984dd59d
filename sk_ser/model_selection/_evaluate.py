"""What every evaluation does before and after its fits: check options, put results together."""

import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.exceptions import FitFailedWarning
from sklearn.utils import check_random_state

from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._tables import (
    tabulate_folds,
    tabulate_gaps,
    tabulate_predictions,
    tabulate_scores,
)


class FoldError(RuntimeError):
    """Folds failed; the others' results are in it.

    Its ``__cause__`` is the error of the first fold that failed.

    Parameters
    ----------
    message : str
        Which folds failed, and of what.
    comparison : ProtocolComparison or None
        Without the folds that failed; None if none succeeded.

    Attributes
    ----------
    comparison : ProtocolComparison or None
        The same.
    """

    def __init__(self, message, comparison=None):
        # Both go to args, so that the error survives pickling.
        super().__init__(message, comparison)
        self.comparison = comparison

    def __str__(self):
        return self.args[0]


def check_options(n_splits, n_bootstrap, confidence_level, on_error):
    """Refuse options that are out of range."""
    if not isinstance(n_splits, Integral) or n_splits < 2:
        raise ValueError(f"n_splits={n_splits!r}: it must be a whole number from 2.")
    if not isinstance(n_bootstrap, Integral) or n_bootstrap < 1:
        raise ValueError(f"n_bootstrap={n_bootstrap!r}: it must be a whole number from 1.")
    if not isinstance(confidence_level, Real) or not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level={confidence_level!r}: it must be between 0 and 1.")
    if on_error not in ("raise", "warn"):
        raise ValueError(f'on_error={on_error!r}: it must be "raise" or "warn".')


def draw_seed(random_state):
    """Return the seed given, or one drawn, so that every run can be repeated."""
    if isinstance(random_state, Integral):
        return int(random_state)
    if random_state is None:
        return int(np.random.default_rng().integers(2**31 - 1))
    return int(check_random_state(random_state).randint(2**31 - 1))


def tell_few(groups):
    """Say that an interval over one or two speakers is worth little."""
    if groups is None or (n_speakers := len(np.unique(groups))) > 2:
        return []
    return [
        f"groups: {n_speakers} speaker{'s' * (n_speakers > 1)}. An interval over so few says "
        "next to nothing" + (", and one alone has none" * (n_speakers == 1)) + ". Add speakers "
        "before you draw conclusions about new ones."
    ]


def compile_comparison(results, protocols, y, groups, scorers, settings, notes):
    """Put the results of all folds together.

    Parameters
    ----------
    results : list of FoldResult
        Those that failed are left out of the scores.
    protocols : list of Protocol
        What was tested; gaps are from the first.
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    scorers : dict of str to scorer
        Scores.
    settings : dict
        ``n_bootstrap``, ``confidence_level`` and ``random_state``, and whatever else the
        result shall keep.
    notes : list of str
        What a reader has to know.

    Returns
    -------
    ProtocolComparison

    Raises
    ------
    FoldError
        If all failed.
    """
    failed = [result for result in results if result.error is not None]
    if len(failed) == len(results):
        raise FoldError(_tell(failed, results)) from failed[0].error
    bootstrap = {name: settings[name] for name in ("n_bootstrap", "confidence_level")}
    bootstrap |= {"seed": settings["random_state"], "with_speakers": groups is not None}
    predictions = tabulate_predictions(results, protocols, y, groups)
    folds = tabulate_folds(results, protocols, y, groups, scorers)
    table = tabulate_scores(predictions, folds, scorers, **bootstrap)
    if failed:
        notes = [*notes, f"{len(failed)} of {len(results)} fits failed: see failures."]
    return ProtocolComparison(
        table=table,
        gap=tabulate_gaps(predictions, table, **bootstrap),
        folds=folds,
        predictions=predictions,
        classes=np.union1d(y, predictions["y_pred"].to_numpy()).tolist(),
        settings=settings,
        notes=notes,
        failures=[str(result) for result in failed],
    )


def settle_failures(comparison, results, on_error):
    """Return the comparison, or raise it in an error, or warn, if folds failed.

    Parameters
    ----------
    comparison : ProtocolComparison
        Of the folds that succeeded.
    results : list of FoldResult
        Of all.
    on_error : {"raise", "warn"}
        What to do.

    Returns
    -------
    ProtocolComparison
        The same.

    Raises
    ------
    FoldError
        If a fold failed, and ``on_error="raise"``.
    """
    failed = [result for result in results if result.error is not None]
    if failed and on_error == "raise":
        raise FoldError(_tell(failed, results), comparison) from failed[0].error
    if failed:
        # where the caller of the public function stands
        warnings.warn(_tell(failed, results), FitFailedWarning, stacklevel=3)
    return comparison


def _tell(failed, results):
    """Say how many fits failed, and of what the first did, with its traceback."""
    return (
        f"{len(failed)} of {len(results)} fits failed, the first of them: {failed[0]}\n"
        f"{failed[0].details}"
    )
