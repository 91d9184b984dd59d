"""How well facts of recordings that are no speech predict emotions of unseen speakers.

    SK_SER_DATA=/folder/of/corpora python benchmarks/trivial_facts.py --out trivial_facts.json

For each corpus, a small decision tree is fitted on each fact of ``recording_facts`` alone, in the
folds of ``real_corpora.py``, as the check "trivial_facts" of an audit does. A model that is not
better than the best of them may use nothing else.
"""

import warnings

from _common import arguments, finish, parse_with_data
from real_corpora import UNSEEN
from sklearn.dummy import DummyClassifier

from sk_ser.datasets import find_corpora
from sk_ser.leakage import Evaluation, check_trivial_facts


def measure(corpus):
    evaluation = Evaluation(
        DummyClassifier(),
        corpus.data,
        corpus.target,
        groups=corpus.groups,
        protocol=UNSEEN[corpus.name],
    )
    tables = [finding.evidence for finding in check_trivial_facts(evaluation)]
    # without a finding, no fact is better than guessing
    facts = tables[0].sort_values("uar", ascending=False).to_dict("records") if tables else []
    return {"corpus": corpus.name, "chance": evaluation.chance, "facts": facts}


def main():
    options = parse_with_data(arguments(__doc__))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = [measure(corpus) for corpus in find_corpora(options.data, names=list(UNSEEN))]
    for row in rows:
        print(row["corpus"], *row["facts"][:3], sep="\n    ")
    finish(options, "trivial_facts", "real corpora", [], rows=rows)


if __name__ == "__main__":
    main()
