"""Names that scikit-learn does not make public, and that this package cannot do without.

Every other module takes them from here, so a change in scikit-learn has one place to be
answered. ``tests/test_compat.py`` checks each of them.
"""

from sklearn.model_selection import GridSearchCV
from sklearn.utils import _safe_indexing as safe_indexing
from sklearn.utils._set_output import _get_output_config
from sklearn.utils.validation import _check_sample_weight as check_sample_weight
from sklearn.utils.validation import _check_y as check_y

__all__ = [
    "BaseSearchCV",
    "check_sample_weight",
    "check_y",
    "is_study_in_memory",
    "output_container",
    "safe_indexing",
]

#: The base of scikit-learn's searches, which is not public itself.
BaseSearchCV = GridSearchCV.__bases__[0]


def output_container(transformer):
    """Return what ``set_output`` asks for: "default", "pandas" or "polars".

    Parameters
    ----------
    transformer : estimator
        With or without ``set_output``; the global configuration counts, too.

    Returns
    -------
    str
    """
    return _get_output_config("transform", transformer)["dense"]


def is_study_in_memory(study):
    """Check whether an Optuna study is kept in memory, and not in a file or database."""
    return type(getattr(study, "_storage", None)).__name__ == "InMemoryStorage"
