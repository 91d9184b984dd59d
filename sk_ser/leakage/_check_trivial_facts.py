"""How far one gets without listening: by length, silence, level, or how it was stored."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import OrdinalEncoder
from sklearn.tree import DecisionTreeClassifier

from sk_ser.audio import recording_facts
from sk_ser.leakage._finding import Finding, NotChecked

#: What is severe: facts of how a clip was recorded, cut and stored, from so large a share of the
#: way from chance to 1 on, which the interval must be above. A soft onset looks like silence, so
#: that the ends of a clip must tell more.
_ARTEFACTS = {
    "dc_offset": 0.4,
    "sampling_rate": 0.15,
    "channels": 0.15,
    "encoding": 0.15,
    "leading_silence": 0.4,
    "trailing_silence": 0.4,
}
#: Facts that speech has, too, and the order of files, which a model is not told.
_OTHERS = ("duration", "level", "peak", "order")
#: Share of that way from which on a fact is worth a note.
_LITTLE = 0.05


def check_trivial_facts(evaluation):
    """Measure how well facts alone predict the label, in the audited folds.

    A small decision tree is grown for each of the facts of
    :func:`~sk_ser.audio.recording_facts`. One that predicts emotions, and is of the recording and
    not of the voice (silence at the ends, DC offset, sampling rate, channels, encoding), is
    something that any model may live on.

    Parameters
    ----------
    evaluation : Evaluation
        What to look at.

    Returns
    -------
    list of Finding

    Raises
    ------
    NotChecked
        If there are no recordings to look at: neither X nor the metadata's ``path`` hold them.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import Clip
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.leakage import Evaluation, check_trivial_facts
    >>> rng = np.random.default_rng(0)
    >>> y, speakers = np.arange(60) % 2, np.arange(60) // 5
    >>> clips = [Clip(rng.normal(size=4_000) + 0.2 * label, 8_000) for label in y]
    >>> model = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    >>> found = check_trivial_facts(Evaluation(model, clips, y, groups=speakers))
    >>> [finding.message for finding in found if finding.severity == "severe"]
    ['dc_offset alone predicts the label with a UAR of 1.000 [1.000, 1.000] (chance 0.500).']
    """
    facts = recording_facts(_recordings(evaluation))
    scores = [
        _score(evaluation, facts, name)
        for name in (*_ARTEFACTS, *_OTHERS)
        if facts[name].nunique() > 1
    ]
    table = pd.DataFrame(scores, columns=["fact", "uar", "uar_low", "uar_high"])
    return [
        _finding(evaluation, row, table)
        for row in table.itertuples()
        if _excess(evaluation, row) > _LITTLE
    ]


def _recordings(evaluation):
    """Find the recordings: X, or the files that the metadata name."""
    if evaluation.recordings is None:
        raise NotChecked(
            "X holds vectors or sequences, and metadata have no column path with files that exist"
        )
    return evaluation.recordings


def _score(evaluation, facts, name):
    values = facts[[name]]
    if values[name].dtype == object or isinstance(values[name].dtype, pd.StringDtype):
        values = pd.DataFrame(OrdinalEncoder().fit_transform(values.astype(str)))
    n_classes = len(np.unique(evaluation.y))
    tree = DecisionTreeClassifier(
        max_leaf_nodes=4 * n_classes, min_samples_leaf=3, class_weight="balanced", random_state=0
    )
    row = evaluation.score_of(tree, values.to_numpy(np.float64))
    return (
        name,
        float(row.uar),
        float(row.get("uar_low", np.nan)),
        float(row.get("uar_high", np.nan)),
    )


def _excess(evaluation, row):
    """How far the interval lies above chance, as a share of the way to 1."""
    low = row.uar if np.isnan(row.uar_low) else row.uar_low
    return (low - evaluation.chance) / (1 - evaluation.chance)


def _finding(evaluation, row, table):
    severity = "note"
    if row.fact in _ARTEFACTS:
        much = _excess(evaluation, row) > _ARTEFACTS[row.fact]
        severity = "severe" if much else "warning"
    interval = "" if np.isnan(row.uar_low) else f" [{row.uar_low:.3f}, {row.uar_high:.3f}]"
    return Finding(
        "trivial_facts",
        severity,
        "L2",
        f"{row.fact} alone predicts the label with a UAR of {row.uar:.3f}{interval} (chance "
        f"{evaluation.chance:.3f}).",
        _REMEDIES.get(row.fact, "Bring all recordings into one form, and see what is left."),
        {
            "uar": row.uar,
            "uar_interval": [row.uar_low, row.uar_high],
            "chance": evaluation.chance,
        },
        table,
    )


_REMEDIES = {
    "leading_silence": "Trim the ends, AudioLoader(trim=30), and see what is left.",
    "trailing_silence": "Trim the ends, AudioLoader(trim=30), and see what is left.",
    "duration": "Emotion changes how fast one speaks, so this may be right; compare the model's "
    "score with it, and with clips cut to one length, AudioLoader(duration=...).",
    "level": "Emotion changes how loud one speaks, so this may be right; but a microphone moved "
    "does the same: compare with levelled clips, AudioLoader(level=-23).",
    "peak": "Compare with levelled clips, AudioLoader(level=-23).",
    "order": "The model does not see the order; shuffle folds, and look whether names, folders or "
    "days of recording tell the label.",
    "sampling_rate": "Resample all to one rate, AudioLoader(16_000), the lowest there is.",
}
