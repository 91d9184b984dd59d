"""Results of one speaker, sex, sentence, ... at a time, the worst first."""

import numpy as np
import pandas as pd

from sk_ser.model_selection._intervals import COUNT_SCORES, count_by_speaker, speaker_interval


def group_results(comparison, estimator, protocol, *, by="speaker"):
    """Score an estimator on each group of the clips by itself.

    A mean hides who is served badly: a model with a UAR of 0.70 may have 0.80 on men and 0.60 on
    women.

    Parameters
    ----------
    comparison : ProtocolComparison
        Of :func:`~sk_ser.model_selection.compare_protocols`.
    estimator, protocol : str
        Names.
    by : "speaker" or array-like of shape (n_clips,), default="speaker"
        Group of each clip of X, such as ``corpus.frame["sex"]``; its name is the column's.

    Returns
    -------
    DataFrame
        A row a group, the lowest UAR first: the group under the name of `by`; ``uar`` over the
        classes that the group has, and ``uar_low`` and ``uar_high`` over its speakers (NaN for
        one speaker, between whom nothing varies); ``accuracy``; ``n_classes``, ``n_speakers``,
        ``n_clips``.

    Raises
    ------
    ValueError
        If a name is not known, or groups are fewer than the clips.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.model_selection import compare_protocols, group_results
    >>> y, speakers = np.arange(96) % 2, np.arange(96) // 8
    >>> X = np.random.default_rng(0).normal(size=(96, 2)) + y[:, None]
    >>> found = compare_protocols(GaussianNB(), X, y, groups=speakers, random_state=0)
    >>> sexes = pd.Series(np.where(speakers % 2, "male", "female"), name="sex")
    >>> table = group_results(found, "GaussianNB", "speaker-independent", by=sexes)
    >>> table[["sex", "n_speakers", "n_clips"]].to_dict("records")[0]
    {'sex': 'male', 'n_speakers': 6, 'n_clips': 48}
    """
    comparison.row(estimator, protocol)
    rows = comparison.predictions.query("estimator == @estimator and protocol == @protocol")
    name, values = _groups_of(rows, by)
    settings = comparison.settings
    options = {name: settings[name] for name in ("n_bootstrap", "confidence_level")}
    results = [
        {name: group} | _score(part, settings["random_state"], options)
        for group, part in rows.groupby(values, sort=True)
    ]
    return pd.DataFrame(results).sort_values("uar", kind="stable", ignore_index=True)


def _groups_of(rows, by):
    if isinstance(by, str):
        if by != "speaker":
            raise ValueError(
                f'by={by!r}: only "speaker" is known by name. Pass the column itself, such as '
                f"corpus.frame[{by!r}]."
            )
        return by, rows["speaker"].to_numpy()
    values = np.asarray(by)
    if len(values) <= rows["index"].max():
        raise ValueError(
            f"by holds {len(values)} values, and clip {rows['index'].max()} was tested. Pass one "
            "for each clip of X, in the same order."
        )
    return getattr(by, "name", None) or "group", values[rows["index"]]


def _score(rows, seed, options):
    classes = np.union1d(rows["y_true"], rows["y_pred"])
    speakers = rows["speaker"].fillna("nobody knows").to_numpy()
    names = np.unique(speakers)
    columns = (rows[column].to_numpy() for column in ("y_true", "y_pred"))
    counts = count_by_speaker(*columns, speakers, classes, names)
    low, high = speaker_interval(counts, COUNT_SCORES["uar"], seed=seed, **options)
    return {
        "uar": float(COUNT_SCORES["uar"](counts.sum(axis=0))),
        "uar_low": float(low),
        "uar_high": float(high),
        "accuracy": float(COUNT_SCORES["accuracy"](counts.sum(axis=0))),
        "n_classes": int(rows["y_true"].nunique()),
        "n_speakers": len(names),
        "n_clips": len(rows),
    }
