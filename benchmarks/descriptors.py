"""Time the descriptors of one clip against one call of librosa for each of them.

The main figure is for the features of most tutorials on speech emotion recognition: means over
time of zero-crossing rate, chroma, 20 MFCC, RMS and 128 mel bands, of clips of 3 to 4 s at
22.05 kHz with librosa's default framing. Both sides get the decoded waveform, and their values must
be equal. They take turns of five calls. Required: 4 times as fast as librosa. Aim: 8 times.

    python benchmarks/descriptors.py --out descriptors.json --check
"""

import tempfile
import warnings

import _common
import librosa
import numpy as np
from _tutorial import FAMILIES, MEAN, RATE, UNION, librosa_means

from sk_ser.features import Frames, Framing, FundamentalFrequency, make_clip_pipeline

EQUAL = {"rtol": 1e-3, "atol": 1e-8}
PIPELINE = make_clip_pipeline(UNION, MEAN)


def our_means(clip):
    return MEAN.transform_clip(UNION.transform_clip(clip))


def compare_means(clips, n_rounds):
    """Time all five families together, interleaved, clip by clip."""
    seconds = {"sk_ser": [], "sk_ser ClipPipeline.transform": [], "librosa": [], "librosa.stft": []}
    for clip in clips:
        samples = np.asarray(clip)
        np.testing.assert_allclose(our_means(clip), librosa_means(samples), **EQUAL)
        functions = (
            lambda clip=clip: our_means(clip),
            lambda clip=clip: PIPELINE.transform([clip]),
            lambda samples=samples: librosa_means(samples),
            lambda samples=samples: librosa.stft(samples),
        )
        timed = _common.interleave(dict(zip(seconds, functions, strict=True)), n_rounds)
        for name, values in timed.items():
            seconds[name] += values
    return seconds


def compare_families(clips, n_rounds):
    """Time each family against its function of librosa."""
    rows = []
    for name, (ours, theirs) in FAMILIES.items():
        timed = {"sk_ser": [], "librosa": []}
        for clip in clips:
            samples = np.asarray(clip)
            means = ours.transform_clip(clip).mean(axis=0), theirs(samples).mean(axis=1)
            np.testing.assert_allclose(*means, **EQUAL)
            functions = {
                "sk_ser": lambda clip=clip, ours=ours: ours.transform_clip(clip),
                "librosa": lambda samples=samples, theirs=theirs: theirs(samples),
            }
            for side, values in _common.interleave(functions, n_rounds).items():
                timed[side] += values
        rows.append(row(name, timed["sk_ser"], timed["librosa"]))
    return rows


def compare_pitch(clips):
    """Time F0 trackers. Their methods differ, so their values are not compared."""
    tracker = FundamentalFrequency(60.0, 500.0, frame_length=2048, hop_length=512)
    search = {"fmin": 60.0, "fmax": 500.0, "sr": RATE, "frame_length": 2048, "hop_length": 512}
    rows = []
    for name, theirs, n_rounds in (("yin", librosa.yin, 5), ("pyin", librosa.pyin, 1)):
        timed = {"sk_ser": [], "librosa": []}
        for clip in clips:
            functions = {
                "sk_ser": lambda clip=clip: tracker.transform_clip(clip),
                "librosa": lambda clip=clip, theirs=theirs: theirs(np.asarray(clip), **search),
            }
            for side, values in _common.interleave(functions, n_rounds).items():
                timed[side] += values
        rows.append(row(f"F0, against {name}", timed["sk_ser"], timed["librosa"]))
    return rows


def row(name, ours, theirs):
    return {
        "what": name,
        "sk_ser": _common.spread(ours),
        "librosa": _common.spread(theirs),
        "times_as_fast": _common.ratio_spread(theirs, ours),
    }


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--clips", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=15, help="turns of five calls for each clip")
    options = parser.parse_args()
    # librosa warns of frames without a peak when it estimates the tuning
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        clips, source = _common.load_clips(
            folder, options.clips, sampling_rate=RATE, seconds=(3, 4), data=options.data
        )
    seconds = compare_means(clips, options.rounds)
    rows = [
        row("all five, one clip", seconds["sk_ser"], seconds["librosa"]),
        row("... by ClipPipeline", seconds["sk_ser ClipPipeline.transform"], seconds["librosa"]),
        *compare_families(clips, options.rounds),
        *compare_pitch(clips[:2]),
    ]
    power = [lambda c=c: Frames(c).power(Framing()) for c in clips]
    ours = [s for p in power for s in _common.interleave({"power": p}, options.rounds)["power"]]
    rows.append(row("power spectrum, against stft", ours, seconds["librosa.stft"]))
    print(f"{len(clips)} clips ({source}), {np.mean([c.duration for c in clips]):.1f} s on average")
    print(f"{'':30}{'sk_ser ms':>10}{'librosa ms':>12}{'times as fast':>15}")
    for r in rows:
        times = 1e3 * r["sk_ser"]["median_s"], 1e3 * r["librosa"]["median_s"]
        print(f"{r['what']:30}{times[0]:10.2f}{times[1]:12.2f}{r['times_as_fast']['median']:15.1f}")
    _common.finish(
        options,
        "descriptors",
        source,
        [("times as fast as librosa", rows[0]["times_as_fast"]["median"], ">=", 4.0)],
        aim=8.0,
        seconds_of_audio=[round(clip.duration, 3) for clip in clips],
        rows=rows,
    )


if __name__ == "__main__":
    main()
