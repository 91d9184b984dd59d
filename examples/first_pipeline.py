"""A first pipeline: from recordings to emotions, tested on speakers that it is not tuned on.

Run it on a folder or zip file of RAVDESS, or without arguments on synthetic speech:

    python examples/first_pipeline.py [DIR]
"""

import joblib
from _arguments import existing, make_parser, usage_errors
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sk_ser.audio import AudioLoader
from sk_ser.datasets import load_ravdess, make_emotional_speech
from sk_ser.features import (
    MFCC,
    Chroma,
    Delta,
    Functionals,
    SpectralStatistics,
    make_clip_pipeline,
    make_frame_union,
)
from sk_ser.model_selection import uar_score, uar_scorer

if __name__ == "__main__":
    parser = make_parser(__doc__)
    parser.add_argument("source", nargs="?", type=existing, metavar="DIR")
    source = parser.parse_args().source
    with usage_errors(parser):
        speech = load_ravdess(source) if source else make_emotional_speech(random_state=0)
    front_end = make_clip_pipeline(
        AudioLoader(16_000),
        make_frame_union(MFCC(n_mfcc=20), Chroma(), SpectralStatistics()),
        Delta(),
        Functionals(("mean", "std"), min_level=30),
        memory="cache",
        n_jobs=-1,
    )
    model = make_pipeline(front_end, StandardScaler(), SVC())
    grid = {"clippipeline__frameunion__mfcc__n_mfcc": [13, 20], "svc__C": [1, 10]}

    # one fold of speakers is the test set; the search splits the other speakers
    folds = StratifiedGroupKFold(4, shuffle=True, random_state=0)
    train, test = next(folds.split(speech.data, speech.target, speech.groups))
    paths = [speech.data[i] for i in train]
    search = GridSearchCV(model, grid, cv=StratifiedGroupKFold(3), scoring=uar_scorer)
    search.fit(paths, speech.target[train], groups=speech.groups[train])

    predicted = search.predict([speech.data[i] for i in test])
    print("chosen:", search.best_params_)
    print(f"UAR on unseen speakers: {uar_score(speech.target[test], predicted):.2f}")
    joblib.dump(search.best_estimator_, "model.joblib")
