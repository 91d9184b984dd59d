"""Baselines by name: what `benchmark`, `train` and the command line offer.

Importing this room loads neither scikit-learn nor PyTorch: what makes a baseline is imported when
it is made.
"""

from sk_ser.baselines._fit import fill_cache, fit_baseline
from sk_ser.baselines._make import make_baseline, make_baselines
from sk_ser.baselines._registry import Baseline, baseline_names, get_baseline, register_baseline

__all__ = [
    "Baseline",
    "baseline_names",
    "fill_cache",
    "fit_baseline",
    "get_baseline",
    "make_baseline",
    "make_baselines",
    "register_baseline",
]
