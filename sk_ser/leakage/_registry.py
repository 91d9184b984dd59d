"""The checks of an audit, by name."""

from collections.abc import Callable

#: In the order in which they run.
_CHECKS = {}


def register_check(name: str, check: Callable) -> None:
    """Add a check, which every later :func:`~sk_ser.leakage.audit` of this process runs.

    Parameters
    ----------
    name : str
        Name of the check, which ``audit(checks=...)`` and ``sk-ser audit --checks`` take.
    check : callable
        Takes an :class:`~sk_ser.leakage.Evaluation` and returns a list of
        :class:`~sk_ser.leakage.Finding`. It raises :class:`~sk_ser.leakage.NotChecked` with a
        reason if it cannot run.

    Returns
    -------
    None

    Raises
    ------
    ValueError
        If the name is taken by another check.
    TypeError
        If the name is not a string, or the check cannot be called.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import Finding, audit, register_check
    >>> def check_size(evaluation):
    ...     if len(evaluation.y) >= 100:
    ...         return []
    ...     return [
    ...         Finding(
    ...             check="size",
    ...             severity="note",
    ...             kind="L3.3",
    ...             message=f"There are {len(evaluation.y)} clips only.",
    ...             remedy="Add clips.",
    ...         )
    ...     ]
    >>> register_check("size", check_size)
    >>> X, y, speakers = np.eye(60), np.arange(60) % 2, np.arange(60) // 6
    >>> audit(GaussianNB(), X, y, groups=speakers, checks=["size"]).findings
    [note (L3.3, size): There are 60 clips only. Add clips.]
    """
    if not isinstance(name, str) or not callable(check):
        raise TypeError(f"register_check: {name!r} must be a string, and {check!r} a function.")
    if _CHECKS.get(name, check) is not check:
        raise ValueError(f"register_check: {name!r} is taken. Choose another name.")
    _CHECKS[name] = check


def check_names() -> list[str]:
    """List the names of all checks, in the order in which they run.

    Returns
    -------
    list of str

    Examples
    --------
    >>> from sk_ser.leakage import check_names
    >>> check_names()[:3]
    ['test_set', 'preprocessing', 'duplicates']
    """
    return list(_CHECKS)


def choose_checks(names):
    """Look checks up.

    Parameters
    ----------
    names : sequence of str or None
        None for all.

    Returns
    -------
    dict of str to callable
        In the order in which they run.

    Raises
    ------
    ValueError
        If a name is unknown.
    """
    unknown = sorted(set(names or ()) - set(_CHECKS))
    if unknown:
        raise ValueError(f"checks: {unknown[0]!r} is unknown. Choose from {tuple(_CHECKS)}.")
    return {name: check for name, check in _CHECKS.items() if names is None or name in names}
