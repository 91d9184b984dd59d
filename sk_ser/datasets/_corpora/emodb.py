"""Ten German actors, seven emotions, ten texts.

10 actors (5 women, 5 men) speak 10 texts in 7 emotions. Of some 800 recordings at 16 kHz the
535 are published that listeners recognised and found natural. The column sentence holds the
text, a01 to b10, and the column repetition the version.

Quirks
- The letters of the emotions are German: W Wut (anger), L Langeweile (boredom), E Ekel
  (disgust), A Angst (fear), F Freude (happiness), T Trauer (sadness), N neutral.
- Classes are unequal (127 of anger, 46 of disgust), as are speakers.
- Every text is in every split unless texts are split too.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

_MEN, _WOMEN = ("03", "10", "11", "12", "15"), ("08", "09", "13", "14", "16")

load_emodb = register_corpus(
    Corpus(
        name="emodb",
        title="EMO-DB: Berlin Database of Emotional Speech",
        language="German",
        licence="CC0-1.0 or CC BY 4.0, depending on where it is published",
        source="http://emodb.bilderbar.info",
        reference="F. Burkhardt, A. Paeschke, M. Rolfes, W. Sendlmeier and B. Weiss (2005), "
        "A Database of German Emotional Speech, Proceedings of Interspeech, 1517-1520, "
        "https://doi.org/10.21437/Interspeech.2005-446.",
        about=__doc__,
        form="speaker, text, emotion and version, unseparated",
        example="03a01Fa.wav",
        pattern=r"(?P<speaker>\d\d)(?P<sentence>a0[12457]|b0[1239]|b10)(?P<emotion>[a-z])"
        r"(?P<repetition>[a-z])?",
        tables={
            "sentence": str.lower,
            "emotion": {
                **{"W": "anger", "L": "boredom", "E": "disgust", "A": "fear"},
                **{"F": "happiness", "T": "sadness", "N": "neutral"},
            },
            "repetition": str.lower,
            "sex": dict.fromkeys(_MEN, "male") | dict.fromkeys(_WOMEN, "female"),
            "age": {
                **{"03": 31, "10": 32, "11": 26, "12": 30, "15": 25},
                **{"08": 34, "09": 21, "13": 32, "14": 35, "16": 31},
            },
        },
    )
)
