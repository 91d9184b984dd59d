"""Six Greek actors, five emotions, nineteen sentences.

Five actors (3 women, 2 men) speak 19 sentences in 5 emotions and improvise one sentence for each
emotion: about 500 clips at 44.1 kHz. A sixth actor was added later, which makes about 600. The
number in parentheses is the speaker. Sentence 20 is the improvised one, so its name holds speaker
and emotion.

Quirks
- The number of a speaker has a leading zero in some names: f10 (01) is by speaker 1.
- A second take ends in a letter: a06 (5)b.
- The names do not state the sexes.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

_IMPROVISED = "20"


def _name_sentence(facts, path):
    if facts["sentence"] != _IMPROVISED:
        return facts
    return facts | {"sentence": f"improvised-{facts['speaker']}-{facts['emotion']}"}


load_aesdd = register_corpus(
    Corpus(
        name="aesdd",
        title="AESDD: Acted Emotional Speech Dynamic Database",
        language="Greek",
        licence="Research, as its authors state",
        source="http://m3c.web.auth.gr/research/aesdd-speech-emotion-recognition/",
        reference="N. Vryzas, R. Kotsakis, A. Liatsou, C. Dimoulas and G. Kalliris (2018), Speech "
        "Emotion Recognition for Performance Interaction, Journal of the Audio Engineering Society "
        "66(6), 457-467, https://doi.org/10.17743/jaes.2018.0036.",
        about=__doc__,
        form="emotion and sentence (speaker)",
        example="a03 (4).wav",
        pattern=r"(?P<emotion>[adfhs])(?P<sentence>0[1-9]|1\d|20) ?\((?P<speaker>0?[1-9]\d?)\)"
        r"(?P<repetition>[a-z])?",
        tables={
            "emotion": {
                "a": "anger",
                "d": "disgust",
                "f": "fear",
                "h": "happiness",
                "s": "sadness",
            },
            "speaker": lambda number: number.lstrip("0"),
            "repetition": str.lower,
        },
        complete=_name_sentence,
    )
)
