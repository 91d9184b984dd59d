"""Steps that several ready pipelines have in common."""

from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sk_ser._estimators import name_steps


def standardise_vectors():
    """Make the steps that fill in NaN by the mean, and give columns zero mean and unit variance.

    Returns
    -------
    list of (str, transformer)
    """
    return name_steps([SimpleImputer(keep_empty_features=True), StandardScaler()])


def pipeline_of(front_end, steps):
    """Make a pipeline of a front end, named after its class, and further steps.

    Parameters
    ----------
    front_end : transformer or None
        None: the pipeline begins with `steps`.
    steps : list of (str, estimator)

    Returns
    -------
    Pipeline
    """
    first = [] if front_end is None else name_steps([front_end])
    return Pipeline(first + steps)
