"""Imports of optional dependencies, with an error that names the extra to install."""

from importlib import import_module


def import_optional(module, *, extra, purpose):
    """Import an optional dependency, or raise an error that names the extra to install.

    Parameters
    ----------
    module : str
        Dotted name to import, ``"matplotlib.figure"``.
    extra : str
        Extra of sk_ser that installs it, ``"plot"``.
    purpose : str
        What needs it; the error message starts with it.

    Returns
    -------
    module
        The imported module; for a dotted name, the innermost one.

    Raises
    ------
    ImportError
        If the dependency is not installed. A dependency that is installed and fails
        while it is imported raises its own error.

    Examples
    --------
    >>> from sk_ser._optional import import_optional
    >>> import_optional("json", extra="plot", purpose="This example").dumps([1])
    '[1]'
    """
    package = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        raise ImportError(
            f"{purpose} needs {package}, which is not installed. "
            f'Install it with: pip install "sk_ser[{extra}]"',
            name=package,
        ) from error
