"""The UAR of guesses, pooled over speaker-independent folds.

    python benchmarks/chance.py [--samples 1000] --out chance.json

Simulated corpora have 10 speakers of 32 clips in 4 classes. Each clip is predicted by a guess that
knows nothing but the training labels. With classes spread evenly over speakers, the mean is 1 / 4.
Where each speaker has few classes, the training labels of a fold tell which classes its test
speakers lack, and guesses by frequency score less than 1 / 4.
"""

import numpy as np
from _common import arguments, finish
from sklearn.dummy import DummyClassifier

from sk_ser.model_selection import draw_folds, uar_score

N_CLASSES, N_SPEAKERS, N_CLIPS = 4, 10, 32
#: Number of classes that each speaker has.
CORPORA = {"all classes": 4, "two classes": 2, "one class": 1}
GUESSES = {"uniform": "uniform", "by frequency": "stratified", "the most frequent": "most_frequent"}


def draw_labels(rng, n_own):
    """Draw the classes of all clips: each speaker has some, in equal shares."""
    labels = []
    for speaker in range(N_SPEAKERS):
        own = (speaker + np.arange(n_own)) % N_CLASSES
        labels.append(rng.permutation(np.resize(own, N_CLIPS)))
    return np.concatenate(labels)


def guess(y, speakers, strategy, seed):
    """Return the UAR of a guess, pooled over folds."""
    X, pooled = np.zeros((len(y), 1)), np.empty_like(y)
    for train, test in draw_folds("speaker-independent", X, y, speakers, random_state=seed):
        model = DummyClassifier(strategy=strategy, random_state=seed).fit(X[train], y[train])
        pooled[test] = model.predict(X[test])
    return uar_score(y, pooled)


def measure(n_own, strategy, n_samples):
    speakers = np.repeat(np.arange(N_SPEAKERS), N_CLIPS)
    scores = [
        guess(draw_labels(np.random.default_rng(seed), n_own), speakers, strategy, seed)
        for seed in range(n_samples)
    ]
    return {
        "mean": float(np.mean(scores)),
        "middle_95": np.percentile(scores, [2.5, 97.5]).tolist(),
    }


def main():
    parser = arguments(__doc__)
    parser.add_argument("--samples", type=int, default=1000, help="corpora of each kind")
    options = parser.parse_args()
    rows = [
        {"classes": corpus, "guess": name} | measure(n_own, strategy, options.samples)
        for corpus, n_own in CORPORA.items()
        for name, strategy in GUESSES.items()
    ]
    for row in rows:
        print(row, flush=True)
    even = [row["mean"] for row in rows if row["classes"] == "all classes"]
    error = float(np.max(np.abs(np.subtract(even, 1 / N_CLASSES))))
    finish(
        options,
        "chance",
        "simulated labels",
        [("largest distance from 1 / 4 with all classes", error, "<=", 0.01)],
        n_samples=options.samples,
        rows=rows,
    )


if __name__ == "__main__":
    main()
