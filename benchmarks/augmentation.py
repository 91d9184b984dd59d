"""Time four augmentations of one clip against functions of librosa and NumPy.

Tutorials on speech emotion recognition apply noise, stretching, and shifts in pitch and in time to
clips of about 3 s. librosa stretches and shifts in pitch; noise and shifts in time are lines of
NumPy. Both sides take turns. Required: all four together within 25 ms for each clip, on one core,
at 16 kHz and at 22.05 kHz. The quality of a vocoder is the distance between the spectrogram of the
result and the stretched spectrogram of the clip.

    python benchmarks/augmentation.py --out augmentation.json --check
"""

import tempfile
import warnings

import _common
import librosa
import numpy as np

from sk_ser.audio import Clip
from sk_ser.augmentation import AddNoise, PitchShift, TimeShift, TimeStretch

RATES = (16_000, 22_050)
SPEED, SEMITONES = 0.9, 2.0


def sides_of(clip):
    """Pair the functions of sk_ser and of librosa by name of the augmentation."""
    samples, rate = np.asarray(clip), clip.sampling_rate
    rng = np.random.default_rng(0)
    ours = {
        "noise": AddNoise(20.0),
        "stretch": TimeStretch(SPEED),
        "pitch": PitchShift(SEMITONES),
        "shift": TimeShift(0.1),
    }
    theirs = {
        "noise": lambda: samples + 0.1 * samples.std() * rng.normal(size=len(samples)),
        "stretch": lambda: librosa.effects.time_stretch(samples, rate=SPEED),
        "pitch": lambda: librosa.effects.pitch_shift(samples, sr=rate, n_steps=SEMITONES),
        "shift": lambda: np.roll(samples, round(0.1 * len(samples))),
    }
    return {
        what: (lambda one=one: one.augment(clip, rng), theirs[what]) for what, one in ours.items()
    }


def compare(clips, n_rounds):
    """Time each augmentation and all four together, interleaved."""
    seconds = {}
    for clip in clips:
        pairs = sides_of(clip)
        pairs["all four"] = tuple(
            lambda side=side, pairs=dict(pairs): [pair[side]() for pair in pairs.values()]
            for side in (0, 1)
        )
        for what, (ours, theirs) in pairs.items():
            timed = _common.interleave({"sk_ser": ours, "librosa": theirs}, n_rounds, n_calls=2)
            found = seconds.setdefault(what, {"sk_ser": [], "librosa": []})
            for side, values in timed.items():
                found[side] += values
    return seconds


def distance(clip, result, speed):
    """Return the relative distance of two magnitude spectrograms at corresponding times."""
    settings = {"n_fft": 512, "hop_length": 64}
    given = np.abs(librosa.stft(np.asarray(clip), **settings))
    found = np.abs(librosa.stft(np.asarray(result), **settings))
    where = np.minimum(np.round(np.arange(found.shape[1]) * speed), given.shape[1] - 1)
    given = given[:, where.astype(int)]
    return float(np.linalg.norm(found - given) / np.linalg.norm(given))


def compare_quality(clips):
    """Return the mean spectral distance and the mean change of level in dB after stretching."""
    rng, found = np.random.default_rng(0), {"sk_ser": [], "librosa": []}
    for clip in clips:
        ours = TimeStretch(SPEED).augment(clip, rng)
        theirs = librosa.effects.time_stretch(np.asarray(clip), rate=SPEED)
        for side, result in (("sk_ser", ours), ("librosa", theirs)):
            level = 10 * np.log10(np.mean(np.square(result)) / np.mean(np.square(clip)))
            found[side].append((distance(clip, result, SPEED), float(level)))
    return {
        side: dict(zip(("distance", "level_db"), np.mean(values, axis=0).tolist(), strict=True))
        for side, values in found.items()
    }


def row(what, rate, seconds):
    return {
        "what": what,
        "sampling_rate": rate,
        **{side: _common.spread(values) for side, values in seconds.items()},
        "times_as_fast": _common.ratio_spread(seconds["librosa"], seconds["sk_ser"]),
    }


def load(options, rate):
    """Load clips and cut them to 3 s."""
    with tempfile.TemporaryDirectory() as folder:
        found, source = _common.load_clips(
            folder, options.clips, sampling_rate=rate, seconds=(3, 4), data=options.data
        )
    return [Clip(clip[: 3 * rate], rate) for clip in found], source


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--clips", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=10, help="turns of two calls for each clip")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows, quality = [], {}
    for rate in RATES:
        clips, source = load(options, rate)
        rows += [row(what, rate, timed) for what, timed in compare(clips, options.rounds).items()]
        quality[str(rate)] = compare_quality(clips)
    print(f"{options.clips} clips ({source}) of 3 s")
    print(f"{'':12}{'Hz':>8}{'sk_ser ms':>11}{'librosa ms':>12}{'times as fast':>15}")
    for r in rows:
        times = 1e3 * r["sk_ser"]["median_s"], 1e3 * r["librosa"]["median_s"]
        ratio = r["times_as_fast"]["median"]
        columns = f"{times[0]:11.2f}{times[1]:12.2f}{ratio:15.1f}"
        print(f"{r['what']:12}{r['sampling_rate']:8}{columns}")
    for rate, found in quality.items():
        print(rate, {side: np.round(list(v.values()), 3).tolist() for side, v in found.items()})
    _common.finish(
        options,
        "augmentation",
        source,
        [
            (f"four augmentations of 3 s at {r['sampling_rate']} Hz, ms",
             1e3 * r["sk_ser"]["median_s"], "<=", 25.0)
            for r in rows if r["what"] == "all four"
        ],
        rows=rows,
        quality_of_stretching=quality,
    )  # fmt: skip


if __name__ == "__main__":
    main()
