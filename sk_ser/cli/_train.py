"""``sk-ser train``: from folders of recordings to a model file and its card."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from sk_ser.baselines import baseline_names, get_baseline
from sk_ser.cli._messages import console, plain_messages, say
from sk_ser.cli._options import Jobs, Seed
from sk_ser.cli._sources import load_corpora

EXAMPLES = """Examples:

sk-ser train emodb/ --out model.skops

sk-ser train ravdess.zip tess/ --model gru -o model.skops --cache features/

sk-ser train my_recordings/ --model xgboost --no-evaluate -o model.skops
"""


def _complete(incomplete: str):
    return [name for name in baseline_names() if name.startswith(incomplete)]


def train(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR|ZIP...",
            help="Folders or zips of known corpora; or a folder with a folder for each speaker "
            "and, in it, one for each emotion. Several corpora are merged.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="File for the model; its card is written beside it, as .md."
        ),
    ] = Path("model.skops"),
    model: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            autocompletion=_complete,
            help=f"Baseline: {', '.join(baseline_names())}, or one of a plugin. svm is fast and "
            "hard to beat; nets take long.",
        ),
    ] = "svm",
    evaluate: Annotated[
        bool,
        typer.Option(help="Score the model on unseen speakers, which takes most of the time."),
    ] = True,
    shared_emotions: Annotated[
        bool,
        typer.Option(
            "--shared-emotions", help="Of several corpora, keep only the emotions that all have."
        ),
    ] = False,
    coverage: Annotated[
        float,
        typer.Option(
            min=0.5, max=0.99, help="Share of prediction sets that shall contain the emotion."
        ),
    ] = 0.9,
    folds: Annotated[
        int, typer.Option(min=2, help="Folds of the evaluation and the calibration.")
    ] = 5,
    cache: Annotated[
        Path | None,
        typer.Option(
            help="Folder to keep features in, so that the next run is faster.",
            show_default="features are not kept",
        ),
    ] = None,
    jobs: Jobs = -1,
    seed: Seed = 0,
):
    """Train a model, and score it on unseen speakers.

    The model is scored under a random split, where the speakers of the test clips are also in
    training, and under a speaker-independent split, which is the score to report. It is then
    fitted on all recordings. Its probabilities are calibrated on speakers left out.

    RAVDESS, TESS, SAVEE, CREMA-D, EMO-DB and URDU are recognised by their file names, in folders
    or zips of any structure.

    Ends with status 0, with 2 if the recordings or the options are not valid, and with 130 if it
    is interrupted. Then no model is written, and the features are in --cache.
    """
    with plain_messages(kept="No model was written."):
        from sk_ser.datasets import concat_corpora
        from sk_ser.persistence import save
        from sk_ser.reports import print_leaderboard, save_card
        from sk_ser.training import train_model

        trusted = get_baseline(model).trusted
        card = out.with_suffix(".md")
        if card == out:
            raise ValueError(f"{out}: the card has the same name. Name the model .skops.")
        corpora = load_corpora(sources)
        corpus = corpora[0]
        if len(corpora) > 1:
            corpus = concat_corpora(*corpora, shared_emotions_only=shared_emotions)
        with tempfile.TemporaryDirectory() as temporary:
            trained = train_model(
                corpus,
                model,
                evaluate=evaluate,
                coverage=coverage,
                n_splits=folds,
                memory=cache or temporary,
                random_state=seed,
                n_jobs=jobs,
                verbose=sys.stderr.isatty(),
                on_evaluated=lambda found: print_leaderboard({corpus.name: found}, console()),
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        save(trained.model, out, header=trained.header, trusted=trusted)
        save_card(out, card)
    say(f"The model is in {out}, its card in {card}.")
