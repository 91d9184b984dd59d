"""skops, without PyTorch where no net is."""

import sys
from contextlib import contextmanager
from importlib import import_module

#: What scikit-learn has for tensors; looking for estimators in it imports PyTorch.
_TENSORS = "sklearn.externals.array_api_compat.torch"


def import_skops():
    """Import `skops.io`, which looks through all of scikit-learn for estimators.

    On the way it would import PyTorch, where that is installed, for seconds and for hundreds of
    megabytes, whether or not there is a net in the model.

    Returns
    -------
    module
    """
    if "skops.io" in sys.modules or "torch" in sys.modules:
        return import_module("skops.io")
    with _out_of_sight(_TENSORS):
        return import_module("skops.io")


@contextmanager
def _out_of_sight(module):
    """Let a module pass for one that cannot be imported."""
    known = sys.modules.pop(module, None)
    sys.modules[module] = None
    try:
        yield
    finally:
        del sys.modules[module]
        if known is not None:
            sys.modules[module] = known
