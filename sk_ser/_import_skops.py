"""Importing skops without all that scikit-learn could be used with."""

import sys

#: What scikit-learn has adapters to, each with libraries of its own.
_ADAPTED = ("torch", "dask", "cupy")


def import_skops():
    """Import ``skops.io`` in a third of the time and half of the memory.

    To know scikit-learn's estimators, skops imports every module of scikit-learn; among
    these are adapters, which import PyTorch and Dask where they are installed: 190 MB and more
    than a second, and no model needs them to be loaded. So these names are taken away meanwhile;
    scikit-learn passes over what cannot be imported. A net still imports what it needs.

    Returns
    -------
    module
    """
    hidden = [name for name in _ADAPTED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))
    try:
        import skops.io
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
    return skops.io
