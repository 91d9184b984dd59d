"""Import of skops without PyTorch."""

import sys
from importlib import import_module

#: scikit-learn's module for tensors. skops looks for estimators in it, which imports PyTorch.
_TENSORS = "sklearn.externals.array_api_compat.torch"


def import_skops():
    """Import `skops.io` without importing PyTorch.

    skops looks through all modules of scikit-learn for estimators. This would import PyTorch,
    where it is installed, which takes seconds and hundreds of megabytes.

    Returns
    -------
    module
    """
    if "skops.io" in sys.modules or "torch" in sys.modules:
        return import_module("skops.io")
    known = sys.modules.pop(_TENSORS, None)
    sys.modules[_TENSORS] = None
    try:
        return import_module("skops.io")
    finally:
        del sys.modules[_TENSORS]
        if known is not None:
            sys.modules[_TENSORS] = known
