"""One place that imports what is optional, and names the extra when it is missing."""

from importlib import import_module


def import_optional(module, *, extra, purpose):
    """Import an optional dependency, or say which extra to install.

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
        If the dependency is not installed. One that is installed, and fails
        while it is imported, raises its own error: installing it again would
        not mend it.

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
