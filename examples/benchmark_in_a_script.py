"""What ``sk-ser benchmark`` does, in a dozen lines: how far does a random split flatter?

Run it on a folder or zip of a known corpus, or without arguments on synthetic speech:

    python examples/benchmark_in_a_script.py [DIR]
"""

import sys

from sk_ser.benchmark import make_baselines
from sk_ser.datasets import find_corpora, make_emotional_speech
from sk_ser.inspection import GapDisplay
from sk_ser.model_selection import compare_protocols

if __name__ == "__main__":
    synthetic = [make_emotional_speech(n_speakers=6, n_sentences=4, random_state=0)]
    for corpus in find_corpora(sys.argv[1]) if sys.argv[1:] else synthetic:
        comparison = compare_protocols(
            make_baselines(memory="cache", random_state=0),
            corpus.data,
            corpus.target,
            groups=corpus.groups,
            random_state=0,
            verbose=True,
        )
        print(corpus.name, comparison, sep="\n")
        GapDisplay.from_comparison(comparison).plot().figure_.savefig(f"gap_{corpus.name}.png")
