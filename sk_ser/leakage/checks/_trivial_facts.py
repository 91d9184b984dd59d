"""Check: whether duration, silence, level or encoding predict the label."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import OrdinalEncoder
from sklearn.tree import DecisionTreeClassifier

from sk_ser._text import with_interval
from sk_ser.audio import recording_facts
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding, NotChecked

#: Facts of how a clip was recorded, cut and stored, and the share of the way from chance to a
#: UAR of 1 that the interval must exceed to be severe. A soft onset looks like silence, a low voice
#: like hum, and loud recordings are turned down with their noise, so these have higher limits.
_ARTEFACTS = {
    "dc_offset": 0.4,
    "sampling_rate": 0.15,
    "channels": 0.15,
    "encoding": 0.15,
    "leading_silence": 0.4,
    "trailing_silence": 0.4,
    "noise": 0.6,
    "hum": 0.4,
    "bandwidth": 0.15,
}
#: Facts that depend on the speech as well, and the order of files, which a model does not see.
_OTHERS = ("duration", "level", "peak", "order")
#: Share of that way from which a fact is reported.
_LITTLE = 0.05
#: A fact deserves a warning if its interval begins at this share of the model's own way from
#: chance. It is severe if its UAR also reaches the model's: the model may use nothing else.
_LARGE = 0.7
#: Share of its limit from which a fact of the recording deserves a warning.
_NOTABLE = 0.5
#: The least share of the way to 1 of such a fact, so that a model at chance makes none severe.
_ENOUGH = 0.15
#: Durations are cut by a machine if there are at most this many different ones for each clip.
_FEW_DURATIONS = 0.1
_TRIM = "Trim the ends, AudioLoader(trim=30), and repeat the audit."
_REMEDIES = {
    "leading_silence": _TRIM,
    "trailing_silence": _TRIM,
    "duration": "Emotion changes the tempo of speech, so this may be legitimate. Compare the "
    "model's score with it, and with clips cut to one length, AudioLoader(duration=...).",
    "level": "Emotion changes the loudness of speech, so this may be legitimate; but so does the "
    "distance of the microphone. Compare with levelled clips, AudioLoader(level=-23).",
    "noise": "Rooms, devices or levels differ by emotion. Compare with clips of one room, or with "
    "noise of one level added to all, AddNoise.",
    "hum": "Some clips were recorded near the mains. Remove frequencies below 70 Hz from all.",
    "bandwidth": "Codecs or devices differ by emotion. Convert all clips by the same codec, or "
    "resample all to the lowest bandwidth.",
    "peak": "Compare with levelled clips, AudioLoader(level=-23).",
    "order": "The model does not see the order. Shuffle folds, and check whether names, folders or "
    "days of recording predict the label.",
    "sampling_rate": "Resample all clips to the lowest rate, such as AudioLoader(16_000).",
}


def check_trivial_facts(evaluation: Evaluation) -> list[Finding]:
    """Measure how well facts of the recordings predict the label, in the audited folds.

    A small decision tree is fitted on each of the facts of
    :func:`~sk_ser.audio.recording_facts`. If silence at the ends, DC offset, noise, hum,
    bandwidth, sampling rate, channels or encoding predict emotions, a model may use them instead
    of the voice. Duration, level and peak also depend on the voice. Each fact is severe if such a
    tree is as good as the audited model, and duration also if a few exact values predict the
    emotion.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

    Returns
    -------
    list of Finding

    Raises
    ------
    NotChecked
        If neither X nor the metadata's ``path`` hold recordings.

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
    >>> found[0].severity, found[0].message
    ('severe',
     'dc_offset alone predicts the label with a UAR of 1.000 [1.000, 1.000] (chance 0.500).')
    """
    if evaluation.recordings is None:
        raise NotChecked(
            "X holds vectors or sequences, and metadata have no column path with files that exist"
        )
    facts = recording_facts(evaluation.recordings)
    names = [name for name in (*_ARTEFACTS, *_OTHERS) if facts[name].nunique() > 1]
    limits = _ARTEFACTS | _cut_by_machine(facts["duration"])
    scores = [_score(evaluation, facts[[name]]) for name in names]
    table = pd.DataFrame(scores, columns=["uar", "uar_low", "uar_high"], dtype=float)
    table.insert(0, "fact", names)
    # how far each interval lies above chance, as a share of the way to 1
    low = table["uar_low"].fillna(table["uar"])
    excesses = (low - evaluation.chance) / (1 - evaluation.chance)
    return [
        _finding(evaluation, row, _severity(evaluation, row, excess, limits), table)
        for row, excess in zip(table.itertuples(), excesses, strict=True)
        if excess > _LITTLE
    ]


def _cut_by_machine(durations):
    """Return the limit of duration where clips have a few exact lengths."""
    is_cut = durations.nunique() <= _FEW_DURATIONS * len(durations)
    return {"duration": _ENOUGH} if is_cut else {}


def _severity(evaluation, row, excess, limits):
    model = evaluation.comparison.row("model", "as given")["uar"]
    large = max(_ENOUGH, _LARGE * (model - evaluation.chance) / (1 - evaluation.chance))
    # the model does not see the order of files
    is_large = row.fact != "order" and excess > large
    limit = limits.get(row.fact, 1)
    if (is_large and row.uar >= model) or excess > limit:
        return "severe"
    return "warning" if is_large or excess > _NOTABLE * limit else "note"


def _score(evaluation, fact):
    """Score a small tree on one fact: UAR and the ends of its interval."""
    if fact.select_dtypes("number").empty:
        fact = pd.DataFrame(OrdinalEncoder().fit_transform(fact.astype(str)))
    n_leaves = 4 * len(np.unique(evaluation.y))
    tree = DecisionTreeClassifier(
        max_leaf_nodes=n_leaves, min_samples_leaf=3, class_weight="balanced", random_state=0
    )
    row = evaluation.score_of(tree, fact.to_numpy(np.float64))
    return row[["uar", "uar_low", "uar_high"]].tolist()


def _finding(evaluation, row, severity, table):
    interval = [row.uar_low, row.uar_high]
    uar = with_interval(row.uar, *interval, spec=".3f")
    return Finding(
        check="trivial_facts",
        severity=severity,
        kind="L2",
        message=f"{row.fact} alone predicts the label with a UAR of {uar} (chance "
        f"{evaluation.chance:.3f}).",
        remedy=_REMEDIES.get(row.fact, "Convert all recordings to one form, and repeat the audit."),
        figures={"uar": row.uar, "uar_interval": interval, "chance": evaluation.chance},
        evidence=table,
    )
