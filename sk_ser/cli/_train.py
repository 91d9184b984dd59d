"""``sk-ser train``: from folders of recordings to a model in a file, and a page about it."""

import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sk_ser.cli._benchmark import print_leaderboard
from sk_ser.cli._messages import plain_messages, say
from sk_ser.cli._options import Jobs, Seed
from sk_ser.cli._sources import load_corpora

EXAMPLES = """Examples:

sk-ser train emodb/ --out model.skops

sk-ser train ravdess.zip tess/ --model gru -o model.skops --cache features/

sk-ser train my_recordings/ --model xgboost --no-evaluate -o model.skops
"""


class Model(StrEnum):
    """The baselines, by name: those of sk_ser.benchmark, which takes long to import."""

    SVM = "svm"
    XGBOOST = "xgboost"
    CNN = "cnn"
    LSTM = "lstm"
    BILSTM = "bilstm"
    GRU = "gru"
    DENSE = "dense"


def train(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR|ZIP...",
            help="Folders or zips of known corpora; or a folder with a folder for each speaker "
            "and, in it, one for each emotion. Several are put together.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="File for the model; its card goes beside it, as .md."),
    ] = Path("model.skops"),
    model: Annotated[
        Model,
        typer.Option(help="svm is quick and hard to beat; cnn to dense are nets, and take long."),
    ] = Model.SVM,
    evaluate: Annotated[
        bool,
        typer.Option(help="Tell how well it does on voices never heard; takes most of the time."),
    ] = True,
    shared_emotions: Annotated[
        bool,
        typer.Option(
            "--shared-emotions", help="Of several corpora, keep the emotions that all have."
        ),
    ] = False,
    coverage: Annotated[
        float,
        typer.Option(min=0.5, max=0.99, help="Share of sets that are to hold the right emotion."),
    ] = 0.9,
    folds: Annotated[int, typer.Option(min=2, help="Folds of evaluation and calibration.")] = 5,
    cache: Annotated[
        Path | None,
        typer.Option(
            help="Folder to keep features in, so that the next run is quicker.",
            show_default="none is kept",
        ),
    ] = None,
    jobs: Jobs = -1,
    seed: Seed = 0,
):
    """Train a model, and tell how well it does on voices that it never heard.

    The model is scored with a random split, in which every voice of the test clips was heard in
    training, and on unheard voices, which is what counts. It is then fitted on all
    recordings. Its probabilities are calibrated on voices left out.

    RAVDESS, TESS, SAVEE, CREMA-D, EMO-DB and URDU are told by their file names, in folders or
    zips, however nested.

    Ends with status 0, with 2 if something is wrong with the recordings or the options, and with
    130 if it was interrupted; then no model is written, and features are in --cache.
    """
    with plain_messages(kept="No model was written."):
        from sk_ser.datasets import concat_corpora
        from sk_ser.persistence import save, save_card
        from sk_ser.training import train_model

        card = out.with_suffix(".md")
        if card == out:
            raise ValueError(f"{out}: the card would take its place. Name the model .skops.")
        corpora = load_corpora(sources)
        corpus = corpora[0]
        if len(corpora) > 1:
            corpus = concat_corpora(*corpora, shared_emotions_only=shared_emotions)
        with tempfile.TemporaryDirectory() as temporary:
            trained = train_model(
                corpus,
                model.value,
                evaluate=evaluate,
                coverage=coverage,
                n_splits=folds,
                memory=cache or temporary,
                random_state=seed,
                n_jobs=jobs,
                verbose=sys.stderr.isatty(),
                on_evaluated=lambda comparison: print_leaderboard({corpus.name: comparison}),
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        save(trained.model, out, header=trained.header)
        save_card(out, card)
    say(f"The model is in {out}, and what there is to know about it in {card}.")
