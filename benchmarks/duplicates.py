"""Measure the recall, the precision and the time of find_duplicates.

Recall: some recordings of each corpus are copied in every way below and searched among all
recordings of the corpus and all copies. Precision: a pair is right if both come from one recording,
or if their shifted waveforms correlate, as those of overlapping cuts do and those of second takes
do not. The threshold was chosen on TESS, whose carrier phrase is the hardest case. Time: on
recordings of all corpora and, if more are needed, on reversed recordings, which take as much work
and resemble no other recording. Without corpora, synthetic speech is used.

    python benchmarks/duplicates.py --out duplicates.json --check
"""

import io
import tempfile
from pathlib import Path

import _common
import numpy as np
import soundfile as sf
import soxr

from sk_ser.audio import AudioLoader, Clip, trim
from sk_ser.augmentation import AddNoise, Gain, PitchShift, TimeShift, TimeStretch
from sk_ser.datasets import make_emotional_speech
from sk_ser.duplicates import find_duplicates

#: Least similarity of the listed pairs that are not copies.
LISTED = 0.6
#: Least correlation of waveforms from one recording. Second takes are below 0.5.
SAME = 0.9
#: Required recall of a change. All others need 0.95.
LEAST_RECALL = {"8 bits": 0.9}


def encode(clip, file_format, subtype, **options):
    # MP3 supports only a few sampling rates
    rate = 24_000 if file_format == "MP3" and clip.sampling_rate == 24_414 else clip.sampling_rate
    file = io.BytesIO()
    sf.write(file, resample(clip, rate), rate, format=file_format, subtype=subtype, **options)
    file.seek(0)
    return Clip(*sf.read(file, dtype="float32"))


def resample(clip, rate):
    return Clip(soxr.resample(np.asarray(clip), clip.sampling_rate, rate), rate)


def quantize(clip, bits):
    scale = 2 ** (bits - 1)
    return Clip(np.round(scale * clip) / scale, clip.sampling_rate)


def pad(clip):
    n_samples = clip.sampling_rate // 2
    return Clip(np.pad(np.asarray(clip), n_samples), clip.sampling_rate)


def by_trimming(clip, _):
    return Clip(trim(np.asarray(clip), clip.sampling_rate, 30), clip.sampling_rate)


def make_sibling(clip, rng):
    for augmenter in (TimeStretch(), PitchShift(), AddNoise(20.0)):
        clip = augmenter.augment(clip, rng)
    return clip


#: Ways of copying a clip. Those without a number draw it from the default range.
CHANGES = {
    "MP3, lowest quality": lambda clip, _: encode(
        clip, "MP3", "MPEG_LAYER_III", compression_level=0.99
    ),
    "OGG, lowest quality": lambda clip, _: encode(clip, "OGG", "VORBIS", compression_level=0.99),
    "FLAC": lambda clip, _: encode(clip, "FLAC", "PCM_16"),
    "12 bits": lambda clip, _: quantize(clip, 12),
    "8 bits": lambda clip, _: quantize(clip, 8),
    "8 kHz": lambda clip, _: resample(clip, 8_000),
    "48 kHz": lambda clip, _: resample(clip, 48_000),
    "gain -20 dB": Gain(-20.0).augment,
    "noise at 20 dB": AddNoise(20.0).augment,
    "10 % later": TimeShift(0.1).augment,
    "10 % earlier": TimeShift(-0.1).augment,
    "rolled": TimeShift(mode="roll").augment,
    "padded": lambda clip, _: pad(clip),
    "trimmed": by_trimming,
    "stretch 0.9": TimeStretch(0.9).augment,
    "stretch 1.1": TimeStretch(1.1).augment,
    "stretch": TimeStretch().augment,
    "pitch -2": PitchShift(-2.0).augment,
    "pitch +2": PitchShift(2.0).augment,
    "pitch": PitchShift().augment,
    "stretch, pitch, noise": make_sibling,
}


def load_corpora(data):
    """Return the paths of each corpus by name, or synthetic clips."""
    if not data:
        return {"synthetic": make_emotional_speech(6, 8, duration=2.5, random_state=0).data}
    folders = sorted(path for path in Path(data).iterdir() if path.is_dir())
    found = {path.name: sorted(map(str, path.rglob("*.flac"))) for path in folders}
    return {name: paths for name, paths in found.items() if paths}


def is_same_waveform(first, second):
    """Return whether the waveforms of two clips correlate as cuts of one recording do."""
    size = 1 << (len(first) + len(second)).bit_length()
    spectra = np.fft.rfft(first, size), np.fft.rfft(second, size)
    lag = int(np.abs(np.fft.irfft(spectra[0] * np.conj(spectra[1]), size)).argmax())
    lag -= size if lag >= len(first) else 0
    first, second = first[max(0, lag) :], second[max(0, -lag) :]
    length = min(len(first), len(second))
    first, second = np.float64(first[:length]), np.float64(second[:length])
    norm = np.linalg.norm(first) * np.linalg.norm(second)
    return norm > 0 and abs(first @ second) / norm >= SAME


def name_of(items, row):
    return Path(items[row]).stem if isinstance(items[row], str) else f"clip {row}"


def compare_originals(items, n_jobs):
    """Find copies among the recordings, and the most similar pairs that are not copies."""
    found = find_duplicates(items, threshold=LISTED, n_jobs=n_jobs)
    loader, right, wrong = AudioLoader(16_000), [], []
    for first, second, kind, value in found.itertuples(index=False):
        clips = [np.asarray(loader.transform_clip(items[row])) for row in (first, second)]
        pair = {
            "first": name_of(items, first),
            "second": name_of(items, second),
            "kind": kind,
            "similarity": value,
            "rows": (first, second),
        }
        (right if kind == "exact" or is_same_waveform(*clips) else wrong).append(pair)
    return right, sorted(wrong, key=lambda pair: -pair["similarity"])


def measure_corpus(items, n_sources, n_jobs):
    """Search copies of some recordings among all of them."""
    right, wrong = compare_originals(items, n_jobs)
    known = {pair["rows"] for pair in right}
    rng, loader = np.random.default_rng(0), AudioLoader(None)
    sources = np.sort(rng.choice(len(items), min(n_sources, len(items)), replace=False))
    copies, origin, changes = [], list(range(len(items))), [None] * len(items)
    for source in sources:
        clip = loader.transform_clip(items[source])
        for name, change in CHANGES.items():
            copies.append(change(clip, rng))
            origin.append(int(source))
            changes.append(name)
    found = find_duplicates([*items, *copies], n_jobs=n_jobs)
    hits, n_right = dict.fromkeys(CHANGES, 0), 0
    for first, second in zip(found["first"], found["second"], strict=True):
        pair = tuple(sorted((origin[first], origin[second])))
        n_right += pair[0] == pair[1] or pair in known
        if first == origin[second] and first != second:
            hits[changes[second]] += 1
    n_copies = len(sources)
    return {
        "recordings": len(items),
        "sources": n_copies,
        "recall": {name: count / n_copies for name, count in hits.items()},
        "pairs_found": len(found),
        "precision": n_right / len(found),
        "copies_among_the_recordings": right,
        "most_alike_without_being_copies": wrong[:5],
    }


def write_many(folder, corpora, n_clips):
    """Return the paths of distinct recordings in random order."""
    paths = [item for items in corpora.values() for item in items]
    if not isinstance(paths[0], str):
        paths = make_emotional_speech(20, -(-n_clips // 100), duration=3.0, random_state=1).data
    rng, loader = np.random.default_rng(0), AudioLoader(None)
    backwards = rng.permutation(len(paths))[: max(0, n_clips - len(paths))]
    for number in backwards:
        clip = loader.transform_clip(paths[number])
        paths.append(str(Path(folder) / f"backwards_{number}.wav"))
        sf.write(paths[-1], np.asarray(clip)[::-1], clip.sampling_rate)
    return [paths[number] for number in rng.permutation(len(paths))[:n_clips]]


def measure_cost(corpora, sizes, n_jobs):
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        items = write_many(folder, corpora, max(sizes))
        # start the processes before the measurement
        find_duplicates(items[:50], n_jobs=n_jobs)
        for size in sizes:
            # twice, because other load may slow down one of the runs
            runs = [
                _common.time_once(lambda n=size: find_duplicates(items[:n], n_jobs=n_jobs))
                for _ in range(2)
            ]
            seconds = [taken for taken, _ in runs]
            n_pairs = len(runs[0][1])
            rows.append({"clips": size, "seconds": min(seconds), "runs": seconds, "pairs": n_pairs})
            print(f"{size:6} clips {min(seconds):7.1f} s, {n_pairs} pairs")
    return rows


def pool(results):
    """Return the recall of each change over all corpora, and the precision over all pairs."""
    sources = [result["sources"] for result in results]
    recall = {
        name: float(np.average([result["recall"][name] for result in results], weights=sources))
        for name in CHANGES
    }
    pairs = [result["pairs_found"] for result in results]
    return recall, float(np.average([result["precision"] for result in results], weights=pairs))


def report(results, recall):
    print(f"{'recall in %':24}" + "".join(f"{name:>10}" for name in results) + f"{'all':>10}")
    for change, value in recall.items():
        row = [result["recall"][change] for result in results.values()]
        print(f"{change:24}" + "".join(f"{100 * one:10.1f}" for one in [*row, value]))
    row = "".join(f"{100 * result['precision']:10.2f}" for result in results.values())
    print(f"{'precision in %':24}{row}")
    for name, result in results.items():
        for pair in result["copies_among_the_recordings"]:
            print(f"{name}: {pair['first']} = {pair['second']} ({pair['similarity']:.2f})")
        for pair in result["most_alike_without_being_copies"][:1]:
            print(
                f"{name}: {pair['first']} ~ {pair['second']} ({pair['similarity']:.2f}), not a copy"
            )


def main():
    parser = _common.arguments(__doc__)
    parser.add_argument("--sources", type=int, default=40, help="recordings to copy in each corpus")
    parser.add_argument("--clips", type=int, default=5_000, help="clips to time")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    corpora = load_corpora(options.data)
    results = {
        name: measure_corpus(items, options.sources, options.jobs)
        for name, items in corpora.items()
    }
    recall, precision = pool(list(results.values()))
    report(results, recall)
    sizes = [options.clips // 5, 2 * options.clips // 5, 4 * options.clips // 5, options.clips]
    cost = measure_cost(corpora, sizes, options.jobs)
    requirements = [
        (f"recall, {name}", value, ">=", LEAST_RECALL.get(name, 0.95))
        for name, value in recall.items()
    ]
    requirements += [
        ("precision", precision, ">=", 0.99),
        (f"s for {options.clips} clips, {options.jobs} jobs", cost[-1]["seconds"], "<=", 180),
        ("four times the clips, times the time", cost[2]["seconds"] / cost[0]["seconds"], "<=", 6),
    ]
    _common.finish(
        options,
        "duplicates",
        ", ".join(corpora),
        requirements,
        jobs=options.jobs,
        recall=recall,
        precision=precision,
        corpora=results,
        cost=cost,
    )


if __name__ == "__main__":
    main()
