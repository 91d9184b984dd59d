"""65 Amharic speakers, five emotions, in four dialects.

65 volunteers (25 women, 40 men) speak 2 common sentences in 5 emotions and 5 sentences of each
emotion, twice: 2474 clips at 16 kHz that judges accepted. Sentences 1 and 2 are common to all
emotions (common-01), the others belong to one emotion (anger-03).

Quirks
- Most sentences are spoken in one emotion only, so what is said tells the emotion.
- One name begins with a capital S.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

#: Number of the folder of each emotion, which is in the names, too.
_FOLDERS = {"neutral": "1", "fear": "2", "happiness": "3", "sadness": "4", "anger": "5"}


def _name_sentence(facts, path):
    if facts["_folder"] != _FOLDERS[facts["emotion"]]:
        return None
    kind = "common" if facts["sentence"] in ("01", "02") else facts["emotion"]
    return facts | {"sentence": f"{kind}-{facts['sentence']}"}


load_ased = register_corpus(
    Corpus(
        name="ased",
        title="ASED: Amharic Speech Emotion Dataset",
        language="Amharic",
        licence="Free for research, as its authors state",
        source="https://github.com/Ethio2021/ASED_V1",
        reference="E. A. Retta, E. Almekhlafi, R. Sutcliffe, M. Mhamed, H. Ali and J. Feng "
        "(2023), A New Amharic Speech Emotion Dataset and Classification Benchmark, ACM "
        "Transactions on Asian and Low-Resource Language Information Processing 22(1), "
        "https://doi.org/10.1145/3529759.",
        about=__doc__,
        form="emotion and folder-sentence-repetition-sex-speaker",
        example="a5-03-01-02-50.wav",
        pattern=r"(?P<emotion>[nfhsa])(?P<_folder>[1-5])-(?P<sentence>0[1-7])-(?P<repetition>0[12])"
        r"-(?P<sex>0[12])-(?P<speaker>0[1-9]|[1-5]\d|6[0-5])",
        tables={
            "emotion": {
                "n": "neutral",
                "f": "fear",
                "h": "happiness",
                "s": "sadness",
                "a": "anger",
            },
            "repetition": {"01": "1", "02": "2"},
            "sex": {"01": "female", "02": "male"},
        },
        complete=_name_sentence,
    )
)
