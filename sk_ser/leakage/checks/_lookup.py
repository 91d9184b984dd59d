"""Check: whether predictions depend on names of files, or on inaudible changes."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import soundfile as sf
from scipy.stats import binomtest

from sk_ser._containers import is_path
from sk_ser.audio import decode
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding, NotChecked
from sk_ser.model_selection import FoldError

#: Number of test clips that are copied.
_MOST = 200
#: The copies are quieter by this factor (0.01 dB), or differ by this share of a column's
#: standard deviation.
_GAIN, _JITTER = 0.999, 1e-4
#: Least share of the clips that are predicted right, and of the copies that are not.
_FEWER = 0.1
#: Probability that a model that guesses loses so many more than it wins.
_CHANCE = 0.01
#: A UAR that counts as 1, and the least number of tested clips for which that is no chance.
_PERFECT, _ENOUGH = 0.9995, 50


def check_lookup(evaluation: Evaluation) -> list[Finding]:
    """Find models that use the names of files, or look clips up by their exact content.

    The model is fitted in the first fold and predicts its test clips, and copies of them. The
    copies of recordings sound the same, but each has the name and the folder of another test clip
    and is 0.01 dB quieter. Numbers in vectors and sequences change by 0.0001 standard deviations.
    A model that listens predicts the same; a model that reads labels from names, or from a table
    of clips, does not. A UAR of 1 is reported in any case.

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
        If X holds neither recordings nor numbers, or the model cannot be fitted.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import FunctionTransformer
    >>> from sk_ser.leakage import Evaluation, check_lookup
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(120, 3)), np.arange(120) % 2, np.arange(120) % 15
    >>> labels = {row.tobytes(): label for row, label in zip(X, y)}
    >>> def look_up(rows):
    ...     return [[labels.get(row.tobytes(), 0)] for row in rows]
    >>> model = make_pipeline(FunctionTransformer(look_up), GaussianNB())
    >>> found = check_lookup(Evaluation(model, X, y, groups=speakers))
    >>> found[0].severity, found[0].figures["accuracy"], found[0].figures["accuracy_of_copies"]
    ('severe', 1.0, 0.5)
    """
    if evaluation.comparison.predictions.query("protocol == 'as given' and fold == 0").empty:
        raise NotChecked("the model cannot be fitted in the first fold")
    rng = np.random.default_rng(evaluation.random_state)
    test = evaluation.folds[0][1]
    rows = np.sort(rng.choice(test, min(_MOST, len(test)), replace=False))
    with TemporaryDirectory() as folder:
        copies = _copies(evaluation, rows, rng, Path(folder))
        try:
            right = evaluation.right_in_first_fold(rows, copies)
        except FoldError as error:
            return [*_perfect(evaluation), _failed(evaluation, error)]
    lost, won = np.sum(right[0] & ~right[1]), np.sum(~right[0] & right[1])
    shares = right.mean(axis=1)
    p = binomtest(int(lost), int(lost + won), alternative="greater").pvalue if lost else 1.0
    if shares[0] - shares[1] < _FEWER or p > _CHANCE:
        return list(_perfect(evaluation))
    return [_finding(shares, rows, evaluation, right), *_perfect(evaluation)]


def _finding(shares, rows, evaluation, right):
    wrong = rows[right[0] & ~right[1]]
    return Finding(
        check="lookup",
        severity="severe",
        kind="L2",
        message=f"Of {len(rows)} test clips, the model predicts {100 * shares[0]:.0f} % right. Of "
        f"copies that {_difference(evaluation)}, {100 * shares[1]:.0f} %.",
        remedy="A step reads labels from the names of files or folders, or looks clips up in a "
        "table. Remove it: the model must know a clip by its sound alone.",
        figures={"accuracy": float(shares[0]), "accuracy_of_copies": float(shares[1])},
        evidence=pd.DataFrame({"clip": [evaluation.name_of(row) for row in wrong]}),
    )


def _failed(evaluation, error):
    reason = str(error).partition("\n")[0].rpartition("fold 0: ")[2]
    return Finding(
        check="lookup",
        severity="warning",
        kind="L2",
        message="The model cannot predict copies of the test clips that "
        f"{_difference(evaluation)}: {reason}",
        remedy="A step needs the names of files, or known clips. Check that it does not read "
        "labels from them.",
    )


def _difference(evaluation):
    if evaluation.holds_recordings:
        return "sound the same, but have other names"
    return f"differ by {_JITTER:g} standard deviations"


def _perfect(evaluation):
    """Report a UAR of 1, whatever the reason."""
    row = evaluation.comparison.row("model", "as given")
    n_clips = sum(len(test) for _, test in evaluation.folds)
    if row.uar < _PERFECT or n_clips < _ENOUGH:
        return
    yield Finding(
        check="lookup",
        severity="warning",
        kind="L2",
        message=f"The UAR is {row.uar:.3f} on {n_clips} clips. No known model recognises "
        "emotions of new speakers without an error.",
        remedy="Find out what the model uses: leave out steps and features until the score falls.",
        figures={"uar": float(row.uar), "n_clips": n_clips},
    )


def _copies(evaluation, rows, rng, folder):
    items = [evaluation.item(row) for row in rows]
    if evaluation.holds_recordings:
        # the name of the next clip in a random order, whose emotion is mostly another
        order = rng.permutation(len(items))
        names = dict(zip(order, np.roll(order, 1), strict=True))
        return [_copy(item, items[names[n]], n, folder) for n, item in enumerate(items)]
    if evaluation.table is not None:
        return _jitter(np.stack(items), evaluation.table.std(axis=0), rng)
    try:
        return [_jitter(np.asarray(item), np.std(item, axis=0), rng) for item in items]
    except (TypeError, ValueError) as error:
        raise NotChecked("X holds neither recordings nor numbers") from error


def _copy(item, other, number, folder):
    if not is_path(item):
        return item * _GAIN
    samples, rate = decode(item)
    named = Path(other).absolute()
    path = folder / str(number) / named.parent.name / (named.stem + Path(item).suffix)
    path.parent.mkdir(parents=True)
    try:
        info = sf.info(str(item))
        kind = {"format": info.format, "subtype": info.subtype}
        sf.write(path, samples * _GAIN, rate, **kind)
    except (sf.LibsndfileError, ValueError):
        sf.write(path, samples * _GAIN, rate, format="WAV", subtype="FLOAT")
    return str(path) if isinstance(item, str) else path


def _jitter(values, scale, rng):
    noise = _JITTER * scale * rng.normal(size=values.shape)
    return (values + noise).astype(np.result_type(values, np.float32))
