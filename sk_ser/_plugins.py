"""Extensions of the command line by other installed packages."""

import warnings
from functools import cache
from importlib.metadata import entry_points

GROUP = "sk_ser"


@cache
def load_plugins():
    """Import the modules that installed packages name as entry points of the group "sk_ser".

    On import such a module registers its corpora, baselines, protocols or checks. The command
    line calls this function before each command; a script imports the module itself. Each
    module is imported once. One that fails is left out with a warning.

    Returns
    -------
    tuple of str
        Names of the entry points that were imported.

    Warns
    -----
    UserWarning
        If a module cannot be imported.
    """
    loaded = []
    for entry in entry_points(group=GROUP):
        try:
            entry.load()
            loaded.append(entry.name)
        # whatever another package's module raises must not end a command that does not need it
        except Exception as error:
            warnings.warn(
                f"The plugin {entry.name!r} ({entry.value}) cannot be imported: "
                f"{type(error).__name__}: {error}. Update or remove the package that provides it.",
                stacklevel=2,
            )
    return tuple(loaded)
