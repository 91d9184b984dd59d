"""Tables of a report beside its findings: results by group, calibration, prediction sets."""

import warnings

import numpy as np
import pandas as pd

from sk_ser.leakage._finding import NotChecked
from sk_ser.model_selection import (
    calibration_scores,
    group_results,
    prediction_sets,
    reliability_curve,
    speaker_interval,
)

#: Columns of the metadata by which results are grouped.
_GROUPS = ("sex", "gender", "corpus", "language", "accent", "session", "sentence")
#: Protocols whose probabilities are evaluated.
_CALIBRATED = ("as given", "random", "speaker-independent")
#: Nominal coverage of prediction sets.
_COVERAGE = 0.9


def tabulate_groups(evaluation):
    """Score each speaker, and each group of clips that the metadata define.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

    Returns
    -------
    dict of str to DataFrame
        ``groups``: as :func:`~sk_ser.model_selection.group_results` returns it, with the
        column in ``by``. On unseen speakers where there are such folds, otherwise in the folds
        as given.

    Raises
    ------
    NotChecked
        If clips cannot be grouped, or no model could be fitted in these folds.
    """
    comparison, protocol = evaluation.comparison, "as given"
    if not evaluation.tests_new_speakers and "speaker-independent" in evaluation.protocols:
        protocol = "speaker-independent"
    if protocol not in comparison.protocols:
        raise NotChecked(f"the model could not be fitted in the folds {protocol}")
    frame = evaluation.metadata
    names = [name for name in _GROUPS if name in frame and 1 < frame[name].nunique() < len(frame)]
    found = {} if evaluation.groups is None else {"speaker": None}
    found |= dict.fromkeys(names, frame)
    if not found:
        raise NotChecked("neither groups nor metadata distinguish clips")
    with warnings.catch_warnings(action="ignore"):
        tables = {
            name: group_results(comparison, metadata, by=name, protocols=[protocol])
            for name, metadata in found.items()
        }
    table = pd.concat(tables, names=["by"]).reset_index("by").reset_index(drop=True)
    return {"groups": table.drop(columns="estimator").astype({"group": str})}


def tabulate_confidence(evaluation):
    """Compare probabilities with how often they are right, on seen and on unseen speakers.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

    Returns
    -------
    dict of str to DataFrame
        ``reliability`` and ``calibration`` of the probabilities under each protocol.

    Raises
    ------
    NotChecked
        If the model gives no probabilities, or the folds do not test every clip once.
    """
    proba = _probabilities(evaluation)
    curves = [reliability_curve(evaluation.y, p).assign(protocol=n) for n, p in proba.items()]
    scores = [{"protocol": n} | calibration_scores(evaluation.y, p) for n, p in proba.items()]
    reliability = pd.concat(curves, ignore_index=True)
    return {"reliability": reliability, "calibration": pd.DataFrame(scores)}


def _probabilities(evaluation):
    """Collect the probabilities of all clips, in their order, by protocol."""
    table = evaluation.comparison.probabilities
    if table is None:
        raise NotChecked("the model gives no probabilities")
    everything, found = np.arange(len(evaluation.y)), {}
    for name in _CALIBRATED:
        part = table[table["protocol"] == name].sort_values("index")
        if name in evaluation.protocols:
            if not np.array_equal(part["index"], everything):
                raise NotChecked(f"the folds {name} do not give every clip one probability")
            found[name] = part[np.unique(evaluation.y)].reset_index(drop=True)
    return found


def tabulate_sets(evaluation):
    """Measure the coverage of prediction sets by split conformal prediction over folds.

    The threshold for the test clips of a fold is learnt from the probabilities of its training
    clips by models that were not fitted on them (cross-conformal prediction [1]_): by models that
    were fitted on other clips of their speakers, or by models that were not.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

    Returns
    -------
    dict of str to DataFrame
        ``prediction_sets``: for each clip whether its set holds its label, and how many labels
        it holds. ``coverage``: the means.

    Raises
    ------
    NotChecked
        If there are no probabilities, or too few clips.

    References
    ----------
    .. [1] V. Vovk, "Cross-conformal predictors", Annals of Mathematics and Artificial
       Intelligence 74, 2015, pp. 9-28.
    """
    proba = {name: table.to_numpy() for name, table in _probabilities(evaluation).items()}
    classes, label = np.unique(evaluation.y, return_inverse=True)
    index, rows, clips = np.arange(len(label)), [], []
    for calibrated, tested in _pairs(evaluation, list(proba)):
        sets, known = np.zeros(proba[tested].shape, dtype=bool), proba[calibrated]
        for train, test in evaluation.protocols[tested]:
            new, options = proba[tested][test], {"classes": classes, "coverage": _COVERAGE}
            sets[test] = prediction_sets(known[train], evaluation.y[train], new, **options)
        names = {"calibrated_on": calibrated, "protocol": tested}
        held = {"index": index, "held": sets[index, label], "size": sets.sum(axis=1)}
        clips.append(pd.DataFrame(names | held))
        rows.append(names | {"promised": _COVERAGE} | _means(evaluation, clips[-1]))
    return {"prediction_sets": pd.concat(clips, ignore_index=True), "coverage": pd.DataFrame(rows)}


def _pairs(evaluation, names):
    """Choose protocols to calibrate and to test on: each alone, and seen for unseen speakers."""
    unseen = "as given" if evaluation.tests_new_speakers else "speaker-independent"
    seen = "random" if evaluation.tests_new_speakers else "as given"
    both = [(seen, unseen)] if {seen, unseen} <= set(names) else []
    return [(name, name) for name in names] + both


def _means(evaluation, clips):
    """Compute the coverage, with its interval over speakers, and the mean set size."""
    means = {"coverage": float(clips["held"].mean()), "set_size": float(clips["size"].mean())}
    if evaluation.groups is None:
        return means | {"coverage_low": np.nan, "coverage_high": np.nan}
    speakers = clips.groupby(evaluation.groups[clips["index"]])["held"].agg(["sum", "size"])
    low, high = speaker_interval(
        speakers.to_numpy(), lambda sums: sums[..., 0] / sums[..., 1], bounds=(0, 1)
    )
    return means | {"coverage_low": float(low), "coverage_high": float(high)}
