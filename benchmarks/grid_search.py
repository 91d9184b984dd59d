"""Time a grid search over paths: the cost of extraction inside the folds.

The same search (12 settings of an SVM, 5 folds, means of zero-crossing rate, chroma, 20 MFCC, RMS
and 128 mel bands) runs in three ways:

- "vectors": features are extracted once, then the search runs over vectors. This is the fastest
  way, but the result is not a pipeline that predicts from paths.
- "ClipPipeline": the search runs over paths, with `memory` in an empty folder.
- "librosa": the search runs over paths, with librosa in scikit-learn's FunctionTransformer.

Required: the second way takes at most 1.25 times the time of the first (extraction included), and
the third at least 15 times the time of the second.

    python benchmarks/grid_search.py --out grid_search.json --check

The first two ways take turns over `--clips` clips. The third takes about one second for each clip.
It runs once, over the first `--librosa-clips` clips, and is compared with the second way on the
same clips.
"""

import tempfile
import warnings
from pathlib import Path

import _common
import librosa
import numpy as np
from _tutorial import MEAN, RATE, UNION, librosa_means
from sklearn.model_selection import GridSearchCV, ParameterGrid, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC

from sk_ser.audio import AudioLoader
from sk_ser.features import make_clip_pipeline

GRID = {"svc__C": [0.1, 1, 10, 100], "svc__gamma": [1e-3, 1e-2, 1e-1]}


def front_end(memory=None):
    return make_clip_pipeline(AudioLoader(RATE), UNION, MEAN, memory=memory)


def librosa_vectors(paths):
    return np.stack([librosa_means(librosa.load(path, sr=RATE)[0]) for path in paths])


def search(*steps):
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return GridSearchCV(make_pipeline(*steps, StandardScaler(), SVC()), GRID, cv=folds)


def search_vectors(paths, emotions):
    return search().fit(front_end().transform(paths), emotions)


def search_paths(paths, emotions):
    with tempfile.TemporaryDirectory() as memory:
        return search(front_end(memory)).fit(paths, emotions)


def search_librosa(paths, emotions):
    return search(FunctionTransformer(librosa_vectors)).fit(paths, emotions)


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--clips", type=int, default=480)
    parser.add_argument("--librosa-clips", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    # librosa warns of frames without a peak when it estimates the tuning
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        paths, emotions, source = _common.write_clips(
            Path(folder), options.clips, sampling_rate=RATE, data=options.data
        )
        # both libraries load and compile before the measurement
        front_end().transform(paths[:1])
        librosa_vectors(paths[:1])
        functions = {
            "vectors": lambda: search_vectors(paths, emotions),
            "ClipPipeline": lambda: search_paths(paths, emotions),
        }
        seconds = _common.interleave(functions, options.rounds, n_calls=1)
        scores = [f().cv_results_["mean_test_score"] for f in functions.values()]
        # equal features give equal scores
        np.testing.assert_array_equal(*scores)
        few = paths[: options.librosa_clips], emotions[: options.librosa_clips]
        time_ours, ours = _common.time_once(lambda: search_paths(*few))
        time_librosa, theirs = _common.time_once(lambda: search_librosa(*few))
        np.testing.assert_allclose(
            *(found.cv_results_["mean_test_score"] for found in (ours, theirs)),
            atol=2 / len(few[0]),
        )
    overhead = _common.ratio_spread(seconds["ClipPipeline"], seconds["vectors"])
    gain = time_librosa / time_ours
    print(f"{len(paths)} clips ({source}), 5 folds, {len(ParameterGrid(GRID))} settings")
    for name, values in seconds.items():
        print(f"{name:14}{np.median(values):8.2f} s")
    print(f"{len(few[0])} clips: {time_ours:.2f} s, and {time_librosa:.1f} s with librosa")
    _common.finish(
        options,
        "grid_search",
        source,
        [
            ("time against vectors extracted once", overhead["median"], "<=", 1.25),
            ("times as fast as librosa in every fold", gain, ">=", 15.0),
        ],
        n_clips=len(paths),
        n_clips_of_librosa=len(few[0]),
        seconds_of_few={"ClipPipeline": time_ours, "librosa": time_librosa},
        n_folds=5,
        grid=GRID,
        seconds={name: _common.spread(values) for name, values in seconds.items()},
        overhead=overhead,
    )


if __name__ == "__main__":
    main()
