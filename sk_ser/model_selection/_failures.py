"""Folds that failed: raise or warn, and keep the results of the others."""

import warnings

from sklearn.exceptions import FitFailedWarning


class FoldError(RuntimeError):
    """Folds failed; the error holds the results of the others.

    Its ``__cause__`` is the error of the first fold that failed.

    Parameters
    ----------
    message : str
        Which folds failed, and why.
    comparison : ProtocolComparison, Series, DataFrame or None
        What the function would have returned, without the folds that failed; None if all
        failed.

    Attributes
    ----------
    comparison : ProtocolComparison, Series, DataFrame or None
        The same.
    """

    def __init__(self, message, comparison=None):
        # Both go to args, so that the error survives pickling.
        super().__init__(message, comparison)
        self.comparison = comparison

    def __str__(self):
        return self.args[0]


def check_on_error(on_error):
    """Validate the option `on_error`."""
    if on_error not in ("raise", "warn"):
        raise ValueError(f'on_error={on_error!r}: it must be "raise" or "warn".')


def settle_failures(found, results, on_error):
    """Return what was found, and raise or warn if folds failed.

    Parameters
    ----------
    found : object or None
        Made from the folds that succeeded; None if there are none.
    results : list of FoldResult
        Of all folds.
    on_error : {"raise", "warn"}
        What to do about folds that failed.

    Returns
    -------
    object
        What was found.

    Raises
    ------
    FoldError
        If a fold failed and ``on_error="raise"``, or if all failed.
    """
    failed = [result for result in results if result.error is not None]
    if not failed:
        return found
    message = (
        f"{len(failed)} of {len(results)} fits failed, the first of them: {failed[0]}\n"
        f"{failed[0].details}"
    )
    if on_error == "raise" or found is None:
        raise FoldError(message, found) from failed[0].error
    # stacklevel: the caller of the public function
    warnings.warn(message, FitFailedWarning, stacklevel=3)
    return found
