"""Names that scikit-learn does not make public, and that this package cannot do without.

Every other module takes them from here, so a change in scikit-learn has one place to be
answered. ``tests/test_compat.py`` checks each of them.
"""

from functools import cache

from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.utils import _safe_indexing, validation
from sklearn.utils._set_output import _get_output_config
from sklearn.utils.metadata_routing import MetadataRequest
from sklearn.utils.metaestimators import _BaseComposition

safe_indexing = _safe_indexing
check_sample_weight = validation._check_sample_weight
check_y = validation._check_y
#: The base of scikit-learn's searches, which is not public itself.
BaseSearchCV = GridSearchCV.__bases__[0]
#: Types of an estimator's requests for metadata: of all methods, and of one, which is not public.
METADATA_REQUESTS = (MetadataRequest, type(MetadataRequest(owner="").fit))


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


class CachedParamNames:
    """Mixin that reads the names of a class's parameters once.

    scikit-learn reads the signature whenever it clones or sets parameters. In a search over
    a front end of many descriptors, that happens thousands of times.
    """

    @classmethod
    @cache
    def _get_param_names(cls):
        return super()._get_param_names()


class Composition(CachedParamNames, _BaseComposition):
    """Base of an estimator that has a list of named estimators among its parameters.

    A subclass names the attribute that holds the list, of (name, estimator), in `_named`.
    """

    _named = None

    def get_params(self, deep=True):
        """Get the parameters and, if `deep`, those of the named estimators.

        Parameters
        ----------
        deep : bool, default=True

        Returns
        -------
        dict
        """
        return self._get_params(self._named, deep=deep)

    def set_params(self, **params):
        """Set parameters such as ``mfcc__n_mfcc``, or replace an estimator by its name.

        Parameters
        ----------
        **params

        Returns
        -------
        self
        """
        self._set_params(self._named, **params)
        return self

    def check_names(self):
        """Raise ValueError if a name is used twice, is a parameter's, or has two underscores."""
        self._validate_names([name for name, _ in getattr(self, self._named)])


class StepsComposition(Composition):
    """Base of an estimator with `steps`; a notebook shows them as those of a pipeline."""

    _named = "steps"

    def _sk_visual_block_(self):
        return Pipeline(self.steps)._sk_visual_block_()


def is_study_in_memory(study):
    """Check whether an Optuna study is kept in memory, and not in a file or database."""
    return type(getattr(study, "_storage", None)).__name__ == "InMemoryStorage"
