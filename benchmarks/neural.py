"""Time neural classifiers: an epoch, padding, one clip, and clips per second on each device.

    python benchmarks/neural.py --out neural.json --check

An epoch of each net is timed, in turns, against a training loop written by hand with the same
module, batches, loss and optimiser. Required: at most 1.15 times the time, on the CPU in single
precision and, if there is a GPU, on it in mixed precision. Batches by length are timed against
sequences padded to the longest one. A whole pipeline predicts one clip in memory; required: 15 ms.
"""

import statistics
import tempfile
import time
import warnings
from contextlib import nullcontext

import _common
import numpy as np
import torch

from sk_ser.features import make_front_end, make_sequence_front_end
from sk_ser.neural import SequenceScaler, make_net
from sk_ser.neural._batches import Batches, Sequences
from sk_ser.neural._net import SoftCrossEntropy

NETS = ("cnn", "lstm", "bilstm", "gru", "dense")
RECIPE = {"class_weight": None, "random_state": 0}


def loop_by_hand(net, X, y, n_epochs, device):
    """Train the module of a fitted classifier without the package."""
    module = net.net_.module_.__class__(**net.module_params(X[0].shape[1], len(net.classes_)))
    module.to(device).train()
    targets = np.eye(len(net.classes_))[np.searchsorted(net.classes_, y)]
    batches = Batches(
        Sequences(X, targets),
        net.batch_size,
        rng=np.random.default_rng(0),
        augmenters=net.augmenters or (),
        mixup=net.mixup,
    )
    optimizer = torch.optim.AdamW(module.parameters(), lr=net.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, net.learning_rate, total_steps=max(5, n_epochs * len(batches)), pct_start=0.25
    )
    loss_of = SoftCrossEntropy(net.label_smoothing)
    half = torch.autocast("cuda", torch.bfloat16) if device == "cuda" else nullcontext()
    total = 0.0
    for _ in range(n_epochs):
        for (x, lengths), target in batches:
            optimizer.zero_grad(set_to_none=True)
            with half:
                logits = module(x.to(device, non_blocking=True), lengths)
            loss = loss_of(logits.float(), target.to(device, non_blocking=True))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
    return total


def compare_epochs(name, X, y, device, n_epochs, n_rounds):
    """Time epochs of a net and of the loop by hand in turns."""
    net = make_net(name, max_epochs=1, device=device, **RECIPE)[-1].fit(X, y)
    net.set_params(max_epochs=n_epochs)
    sides = {
        "sk_ser": lambda: net.fit(X, y),
        "by hand": lambda: loop_by_hand(net, _as_sequences(X), y, n_epochs, device),
    }
    seconds = _common.interleave(sides, n_rounds, n_calls=1)
    epochs = {side: [value / n_epochs for value in values] for side, values in seconds.items()}
    predicting = _common.interleave({"predict": lambda: net.predict_proba(X)}, n_rounds, 1)
    return {
        "net": name,
        "device": device,
        "n_parameters": net.n_parameters_,
        "epoch": {side: _common.spread(values) for side, values in epochs.items()},
        "times_as_long": _common.ratio_spread(epochs["sk_ser"], epochs["by hand"]),
        "clips_per_second_training": len(y) / statistics.median(epochs["sk_ser"]),
        "clips_per_second_predicting": len(y) / statistics.median(predicting["predict"]),
    }


def _as_sequences(X):
    return list(X[:, None].astype(np.float32)) if isinstance(X, np.ndarray) else X


def compare_padding(X, y, n_epochs, n_rounds):
    """Time training in batches by length against training on sequences padded to the longest."""
    longest = max(map(len, X))
    padded = [np.pad(x, ((0, longest - len(x)), (0, 0))) for x in X]
    net = make_net("cnn", max_epochs=n_epochs, device="cpu", augmenters=None, **RECIPE)[-1]
    sides = {"by length": lambda: net.fit(X, y), "padded": lambda: net.fit(padded, y)}
    seconds = _common.interleave(sides, n_rounds, n_calls=1)
    data = Sequences(X)
    rows = Batches(data, net.batch_size, rng=np.random.default_rng(0)).rows()
    frames = sum(len(one) * data.lengths[one].max() for one in rows)
    return {
        "frames": int(data.lengths.sum()),
        "frames_by_length": int(frames),
        "frames_padded_to_the_longest": longest * len(X),
        "epoch": {
            side: _common.spread(np.divide(values, n_epochs)) for side, values in seconds.items()
        },
        "times_as_long": _common.ratio_spread(seconds["padded"], seconds["by length"]),
    }


def time_one_clip(name, clips, y, n_calls=100):
    """Time the prediction of one clip from samples to probabilities."""
    front_end = make_front_end() if name == "dense" else make_sequence_front_end()
    model = make_net(name, front_end, max_epochs=1, device="cpu", **RECIPE).fit(clips, y)
    seconds = []
    for number in range(n_calls):
        one = [clips[number % len(clips)]]
        start = time.perf_counter()
        model.predict_proba(one)
        seconds.append(time.perf_counter() - start)
    return {"net": name, **_common.spread(seconds)}


def main():
    parser = _common.arguments(__doc__)
    # not more than EMO-DB has: nets merge equal clips, which would make them look faster
    parser.add_argument("--clips", type=int, default=320)
    parser.add_argument("--epochs", type=int, default=3, help="epochs of each fit")
    parser.add_argument("--rounds", type=int, default=5, help="number of turns")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        paths, y, source = _common.write_clips(folder, options.clips, data=options.data)
        y = np.array(y)
        sequences = SequenceScaler().fit_transform(make_sequence_front_end().transform(paths))
        vectors = np.nan_to_num(make_front_end().transform(paths))
        vectors = (vectors - vectors.mean(axis=0)) / (vectors.std(axis=0) + 1e-9)
        clips = make_front_end()[:1].transform(paths[:40])
    epochs = []
    for device in ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]:
        for name in NETS:
            X = vectors if name == "dense" else sequences
            row = compare_epochs(name, X, y, device, options.epochs, options.rounds)
            epochs.append(row)
            print(
                f"{name:8}{device:6}{row['epoch']['sk_ser']['median_s']:8.2f} s an epoch, "
                f"{row['times_as_long']['median']:.2f} times the loop by hand; clips a second: "
                f"{row['clips_per_second_training']:.0f} training, "
                f"{row['clips_per_second_predicting']:.0f} predicting",
                flush=True,
            )
    padding = compare_padding(sequences, y, options.epochs, options.rounds)
    print(f"padded to the longest: {padding['times_as_long']['median']:.2f} times as long")
    one_clip = [time_one_clip(name, clips, y[: len(clips)]) for name in NETS]
    for row in one_clip:
        print(f"{row['net']:8} one clip: {1e3 * row['median_s']:.1f} ms")
    _common.finish(
        options,
        "neural",
        source,
        [
            *[(f"an epoch of {r['net']} on {r['device']}, times the loop by hand",
               r["times_as_long"]["median"], "<=", 1.15) for r in epochs],
            *[(f"one clip by {r['net']}, ms", 1e3 * r["median_s"], "<=", 15) for r in one_clip],
        ],
        n_clips=options.clips,
        torch=torch.__version__,
        epochs=epochs,
        padding=padding,
        one_clip=one_clip,
    )  # fmt: skip


if __name__ == "__main__":
    main()
