"""How often a 95 % interval over speakers contains the score of all speakers.

Simulated speakers have 4 classes of 8 clips. The share of a speaker's clips of a class that are
right varies with the speaker and with speaker and class. The gap is between two predictions of the
same clips whose expected scores are equal, so an interval without 0 is an error. Three kinds of
interval are compared: the one of sk_ser (jackknife over speakers with Student's quantiles), the
percentile bootstrap over speakers, and the expanded percentile bootstrap (T. Hesterberg, "What
teachers should know about the bootstrap", The American Statistician 69(4), 2015).

    python benchmarks/interval_coverage.py [--samples 2000] [--resamples 2000]
"""

import argparse

import numpy as np
from scipy.stats import norm, t

from sk_ser.model_selection import speaker_interval

N_CLASSES, N_CLIPS = 4, 8
SPEAKERS = (3, 4, 6, 10, 24)
#: Log odds of being right, and their spread between speakers and between classes of a speaker.
SETTINGS = {
    "speakers alike": (0.3, 0.0, 0.0),
    "speakers differ": (0.3, 0.5, 0.5),
    "speakers differ much": (0.3, 1.0, 0.5),
    "high score": (1.5, 0.5, 0.5),
}


def chances(rng, n, level, between, within):
    """Draw the probability of being right for each speaker and class."""
    speaker = rng.normal(scale=between, size=(n, 1))
    own = rng.normal(scale=within, size=(n, N_CLASSES))
    return 1 / (1 + np.exp(-(level + speaker + own))), speaker


def draw_scores(rng, n, setting):
    """Draw the UAR of each of n speakers."""
    share, _ = chances(rng, n, *setting)
    return rng.binomial(N_CLIPS, share).mean(axis=1) / N_CLIPS


def draw_gaps(rng, n, setting):
    """Draw the difference of two scores of each of n speakers, who favour neither."""
    level, _, within = setting
    share, speaker = chances(rng, n, *setting)
    own = rng.normal(scale=within, size=(n, N_CLASSES))
    other = 1 / (1 + np.exp(-(level + speaker + own)))
    right = rng.binomial(N_CLIPS, share) - rng.binomial(N_CLIPS, other)
    return right.mean(axis=1) / N_CLIPS


def holds(values, truth, rng, n_resamples):
    """Return whether each kind of interval over the speakers' values contains the truth."""
    n = len(values)
    sums = np.column_stack([values, np.ones(n)])
    ends = {"sk_ser": speaker_interval(sums, lambda s: s[..., 0] / s[..., 1])}
    means = values[rng.integers(n, size=(n_resamples, n))].mean(axis=1)
    tails = {
        "percentile": 0.025,
        "expanded": norm.cdf(np.sqrt(n / (n - 1)) * t.ppf(0.025, n - 1)),
    }
    ends |= {name: np.quantile(means, [tail, 1 - tail]) for name, tail in tails.items()}
    return {name: low - 1e-12 <= truth <= high + 1e-12 for name, (low, high) in ends.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=2_000, help="simulated corpora for each row")
    parser.add_argument("--resamples", type=int, default=2_000, help="draws of each bootstrap")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    print(f"Share of {options.samples} corpora whose 95 % interval contains the true value, in %")
    print("| value | setting | speakers | sk_ser | percentile | expanded percentile |")
    print("|---|---|---|---|---|---|")
    for value, draw in (("score", draw_scores), ("gap", draw_gaps)):
        for name, setting in SETTINGS.items():
            truth = chances(rng, 2_000_000, *setting)[0].mean() if value == "score" else 0.0
            for n in SPEAKERS:
                found = [
                    holds(draw(rng, n, setting), truth, rng, options.resamples)
                    for _ in range(options.samples)
                ]
                shares = [100 * np.mean([one[kind] for one in found]) for kind in found[0]]
                cells = " | ".join(f"{share:.1f}" for share in shares)
                print(f"| {value} | {name} | {n} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
