"""The main part of ``sk-ser benchmark`` in a dozen lines: the gap between two protocols.

Run it on a folder or zip file of a known corpus, or without arguments on synthetic speech:

    python examples/benchmark_in_a_script.py [DIR]
"""

from _arguments import existing, make_parser, usage_errors

from sk_ser.baselines import make_baselines
from sk_ser.datasets import find_corpora, make_emotional_speech
from sk_ser.inspection import GapDisplay
from sk_ser.model_selection import compare_protocols

if __name__ == "__main__":
    parser = make_parser(__doc__)
    parser.add_argument("source", nargs="?", type=existing, metavar="DIR")
    source = parser.parse_args().source
    corpora = [make_emotional_speech(n_speakers=6, n_sentences=4, random_state=0)]
    if source:
        with usage_errors(parser):
            corpora = find_corpora(source)
    for corpus in corpora:
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
