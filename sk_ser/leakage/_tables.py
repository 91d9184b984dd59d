"""What a report tells beside its findings: for whom a model works, and what its word is worth."""

import warnings

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from sk_ser.leakage._finding import NotChecked
from sk_ser.model_selection import (
    FoldError,
    calibration_scores,
    cross_predict,
    group_results,
    prediction_sets,
    reliability_curve,
)

#: Columns of a corpus's table by which clips are scored apart.
_GROUPS = ("sex", "gender", "corpus", "language", "accent", "session", "sentence")
#: What prediction sets promise.
_COVERAGE = 0.9
#: Draws of speakers for intervals of coverage.
_N_BOOTSTRAP = 2_000


def tabulate_groups(evaluation):
    """Score speakers, and whatever else the metadata tell of clips, one group at a time.

    Parameters
    ----------
    evaluation : Evaluation
        What is audited.

    Returns
    -------
    DataFrame
        Of :func:`~sk_ser.model_selection.group_results`, the column in ``by``, on voices never
        heard where there are such folds, and in the folds as given where there are not.

    Raises
    ------
    NotChecked
        If nothing is known by which clips could be told apart, or no model could be fitted in
        these folds.
    """
    frame, comparison = evaluation.metadata, evaluation.comparison
    protocol, tables = _honest(evaluation), []
    if protocol not in comparison.protocols:
        raise NotChecked(f"the model could not be fitted in the folds {protocol}")
    if evaluation.groups is not None:
        tables.append(group_results(comparison, protocols=[protocol]).assign(by="speaker"))
    if frame is not None:
        # groups, and not the table, say who speaks
        frame = frame.drop(columns="speaker", errors="ignore")
        names = [n for n in _GROUPS if n in frame and 1 < frame[n].nunique() < len(frame)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tables += [
                group_results(comparison, frame, by=n, protocols=[protocol]).assign(by=n)
                for n in names
            ]
    if not tables:
        raise NotChecked("neither groups nor metadata tell clips apart")
    table = pd.concat(tables, ignore_index=True).drop(columns="estimator")
    table["group"] = table["group"].astype(str)
    return table[["by", *table.columns.drop("by")]]


def _honest(evaluation):
    given = evaluation.tests_new_speakers or "speaker-independent" not in evaluation.protocols
    return "as given" if given else "speaker-independent"


def tabulate_confidence(evaluation):
    """Compare probabilities with how often they are right, on heard and on new voices.

    Parameters
    ----------
    evaluation : Evaluation
        What is audited.

    Returns
    -------
    dict of str to DataFrame
        ``probabilities`` of each clip by a model that was not fitted on it, ``reliability`` and
        ``calibration`` of them under each protocol.

    Raises
    ------
    NotChecked
        If the model gives no probabilities, or the folds do not test every clip once.
    """
    probabilities = _probabilities(evaluation)
    scored = {name: (evaluation.y, table) for name, table in probabilities.items()}
    return {
        "probabilities": pd.concat(
            [
                pd.DataFrame({"protocol": name, **table.rename(columns=str)}).assign(
                    index=range(len(table)), y_true=evaluation.y
                )
                for name, table in probabilities.items()
            ],
            ignore_index=True,
        ),
        "reliability": pd.concat(
            [reliability_curve(*pair).assign(protocol=name) for name, pair in scored.items()],
            ignore_index=True,
        ),
        "calibration": pd.DataFrame(
            [{"protocol": name} | calibration_scores(*pair) for name, pair in scored.items()]
        ),
    }


def tabulate_sets(evaluation, probabilities):
    """Measure what a promise of 90 % is worth: split conformal prediction over folds.

    The threshold for the test clips of a fold is learnt from the probabilities that its training
    clips have by models which were not fitted on them (cross-conformal prediction [1]_): by
    models that had heard their speakers, or by models that had not.

    Parameters
    ----------
    evaluation : Evaluation
        What is audited.
    probabilities : DataFrame
        As :func:`tabulate_confidence` has them.

    Returns
    -------
    dict of str to DataFrame
        ``prediction_sets``, of each clip whether its set holds its label and how many labels it
        holds, and ``coverage``, the means.

    Raises
    ------
    NotChecked
        If clips are too few.

    References
    ----------
    .. [1] V. Vovk, "Cross-conformal predictors", Annals of Mathematics and Artificial
       Intelligence 74, 2015, pp. 9-28.
    """
    tables = {
        name: part.drop(columns=["protocol", "index", "y_true"])
        for name, part in probabilities.groupby("protocol", sort=False)
    }
    rows, clips = [], []
    for calibrated, tested in _pairs(evaluation, list(tables)):
        folds = evaluation.protocols[tested]
        try:
            found = [
                _hold(tables[calibrated], tables[tested], evaluation.y, fold) for fold in folds
            ]
        except ValueError as error:
            raise NotChecked(str(error)) from error
        held, size = np.concatenate(found).T
        index = np.concatenate([test for _, test in folds])
        names = {"calibrated_on": calibrated, "protocol": tested}
        clips.append(
            pd.DataFrame(names | {"index": index, "held": held.astype(bool), "size": size})
        )
        rows.append(names | {"promised": _COVERAGE} | _means(evaluation, clips[-1]))
    return {"prediction_sets": pd.concat(clips, ignore_index=True), "coverage": pd.DataFrame(rows)}


def _probabilities(evaluation):
    if not hasattr(evaluation.estimator, "predict_proba"):
        raise NotChecked("the model gives no probabilities")
    found = {}
    for name in ("as given", "random", "speaker-independent"):
        if name not in evaluation.protocols:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found[name] = cross_predict(
                    evaluation.tail,
                    evaluation.features,
                    evaluation.y,
                    groups=evaluation.groups,
                    protocol=evaluation.protocols[name],
                    method="predict_proba",
                    random_state=evaluation.random_state,
                    n_jobs=evaluation.n_jobs,
                )
        except (ValueError, FoldError) as error:
            raise NotChecked(str(error)) from error
    return found


def _pairs(evaluation, names):
    """Whom to calibrate on, and whom to test: each protocol by itself, and heard for unheard."""
    pairs = [(name, name) for name in names]
    unheard = "as given" if evaluation.tests_new_speakers else "speaker-independent"
    heard = "random" if evaluation.tests_new_speakers else "as given"
    return pairs + ([(heard, unheard)] if {heard, unheard} <= set(names) else [])


def _hold(calibration, probabilities, y, fold):
    """Tell of each test clip whether its set holds its label, and how many it holds."""
    (train, test), classes = fold, np.unique(y)
    sets = prediction_sets(
        calibration.to_numpy()[train],
        y[train],
        probabilities.to_numpy()[test],
        classes=classes,
        coverage=_COVERAGE,
    )
    labels = np.searchsorted(classes, y[test])
    return np.column_stack([sets[np.arange(len(test)), labels], sets.sum(axis=1)]).astype(int)


def _means(evaluation, clips):
    """Mean coverage, with a bootstrap interval over speakers, and mean size of a set."""
    means = {"coverage": float(clips["held"].mean()), "set_size": float(clips["size"].mean())}
    if evaluation.groups is None or len(np.unique(evaluation.groups)) < 2:
        return means | {"coverage_low": np.nan, "coverage_high": np.nan}
    speakers = clips.groupby(evaluation.groups[clips["index"]])["held"].agg(["sum", "size"])
    interval = bootstrap(
        (speakers["sum"], speakers["size"]),
        lambda held, n_clips, axis: held.sum(axis=axis) / n_clips.sum(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=_N_BOOTSTRAP,
        rng=np.random.default_rng(evaluation.random_state),
    ).confidence_interval
    return means | {"coverage_low": float(interval.low), "coverage_high": float(interval.high)}
