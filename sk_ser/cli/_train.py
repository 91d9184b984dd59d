"""``sk-ser train``: from folders of recordings to a model file and its card."""

import sys
import tempfile
from pathlib import Path

from sk_ser.baselines import get_baseline
from sk_ser.cli import _options as options
from sk_ser.cli._messages import console, plain_messages, say
from sk_ser.cli._outputs import check_output, open_output
from sk_ser.cli._sources import load_corpora

EXAMPLES = [
    "sk-ser train emodb/ --out model.skops",
    "sk-ser train ravdess.zip tess/ --model gru -o model.skops --cache features/",
    "sk-ser train my_recordings/ --model xgboost --no-evaluate -o model.skops",
]


def train(
    sources: options.Corpora,
    out: options.ModelOut = Path("model.skops"),
    model: options.Baseline = "svm",
    evaluate: options.Evaluate = True,
    shared_emotions: options.SharedEmotions = False,
    layout: options.Layout = "auto",
    speaker: options.Speaker = None,
    columns: options.Columns = None,
    on_error: options.OnError = "skip",
    coverage: options.Coverage = 0.9,
    folds: options.Folds = 5,
    cache: options.Cache = None,
    jobs: options.Jobs = -1,
    seed: options.Seed = 0,
):
    """Train a model, and score it on unseen speakers.

    The model is scored under a random split, where the speakers of the test clips are also in
    training, and under a speaker-independent split, which is the score to report. It is then
    fitted on all recordings. Its probabilities are calibrated on speakers left out. Several
    corpora are merged.

    Known corpora, such as RAVDESS and EMO-DB, are recognised by their file names, in folders or
    zips of any structure.

    The exit status is 0 if the model is written, 2 if the recordings or the options are not
    valid, and 130 after an interrupt, which keeps the features in --cache.
    """
    with plain_messages(kept="No model was written."):
        from sk_ser.persistence import save
        from sk_ser.reports import print_leaderboard, save_card
        from sk_ser.training import train_model

        trusted = get_baseline(model).trusted
        card = out.with_suffix(".md")
        if out == card:
            raise ValueError(f"{out}: the card has the same name. Name the model .skops.")
        check_output(out, "a model", sources or [])
        check_output(card, "a model card", sources or [])
        corpora = load_corpora(
            sources,
            on_error=on_error,
            layout=None if layout == "auto" else layout,
            speaker=speaker,
            columns=options.split_columns(columns),
        )
        corpus = _merge(corpora, shared_emotions)
        with tempfile.TemporaryDirectory() as temporary:
            trained = train_model(
                corpus,
                model,
                evaluate=evaluate,
                coverage=coverage,
                n_splits=folds,
                on_error=on_error,
                memory=cache or temporary,
                random_state=seed,
                n_jobs=jobs,
                verbose=sys.stderr.isatty(),
                on_evaluated=lambda found: print_leaderboard({corpus.name: found}, console()),
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        save(trained.model, out, header=trained.header, trusted=trusted)
        with open_output(card) as unfinished:
            save_card(out, unfinished)
    say(f"The model is in {out}, its card in {card}.")


def _merge(corpora, shared_emotions):
    from sk_ser.datasets import concat_corpora

    if len(corpora) == 1:
        return corpora[0]
    return concat_corpora(*corpora, shared_emotions_only=shared_emotions)
