"""Compare fundamental frequency and voicing with Praat's, over real clips at several rates.

Praat (``pip install praat-parselmouth``, GPL) tracks the pitch of the same samples with the same
floor, ceiling and step of 10 ms, and its own defaults otherwise. The voicing error is the share of
frames that are voiced for one of both only. The gross error is the share of the frames that both
call voiced whose frequencies differ by more than 20 %.

    SK_SER_DATA=/folder/of/corpora python benchmarks/pitch_praat.py --out pitch_praat.json --check
"""

import warnings

import numpy as np
import parselmouth
import soxr
from _common import arguments, finish, parse_with_data

from sk_ser.audio import Clip, decode
from sk_ser.datasets import find_corpora
from sk_ser.features import FundamentalFrequency

RATES = (8_000, 16_000, 22_050, 44_100, 48_000)
FMIN, FMAX = 60.0, 500.0


def compare(path, rate):
    """Count frames, those whose voicing differs, those voiced for both, and gross errors."""
    samples, found = decode(path, mono="mix")
    samples = soxr.resample(samples[:, 0] - samples.mean(), found, rate)
    hop = round(0.01 * rate)
    tracker = FundamentalFrequency(FMIN, FMAX, unit="hz", hop_length=hop)
    ours = np.asarray(tracker.transform_clip(Clip(samples, rate)))
    sound = parselmouth.Sound(samples.astype(float), rate)
    pitch = sound.to_pitch_ac(time_step=hop / rate, pitch_floor=FMIN, pitch_ceiling=FMAX)
    praats = pitch.selected_array["frequency"]
    # Praat's frames are offset by less than half a step
    f0, voicing = ours[np.rint(pitch.xs() * rate / hop).astype(int)].T
    both = (voicing > 0) & (praats > 0)
    differs = np.count_nonzero((voicing > 0) != (praats > 0))
    gross = np.count_nonzero(np.abs(f0[both] / praats[both] - 1) > 0.2)
    return len(praats), differs, np.count_nonzero(both), gross


def main():
    parser = arguments(__doc__)
    parser.add_argument("--each", type=int, default=5, help="take each n-th clip of a corpus")
    options = parse_with_data(parser)
    rows, requirements = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        corpora = find_corpora(options.data, names=["emodb", "ravdess"])
    for corpus in corpora:
        paths = corpus.data[:: options.each]
        for rate in RATES:
            counts = np.sum([compare(path, rate) for path in paths], axis=0)
            row = {"corpus": corpus.name, "n_clips": len(paths), "sampling_rate": rate}
            row |= {"voicing_error": counts[1] / counts[0], "gross_error": counts[3] / counts[2]}
            rows.append(row)
            print(row, flush=True)
            what = f"{corpus.name} at {rate} Hz"
            requirements.append((f"{what}: voicing error", row["voicing_error"], "<=", 0.035))
            requirements.append((f"{what}: gross errors", row["gross_error"], "<=", 0.01))
    finish(options, "pitch_praat", "emodb,ravdess", requirements, rows=rows)


if __name__ == "__main__":
    main()
