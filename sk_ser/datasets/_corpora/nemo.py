"""Nine Polish actors, six emotions, ninety sentences.

9 actors (4 women, 5 men, 23 to 28 years old) speak 90 sentences in 6 emotions: 4481 clips at
24 kHz.

Quirks
- Every sentence is spoken in every emotion, so it is in every split.
- A few sentences are missing for some actors and emotions.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

_WOMEN, _MEN = ("EB0", "IC0", "KD0", "MK0"), ("KS0", "MP0", "SM0", "TP0", "WR0")
_AGES = (27, 28, 28, 23, 23, 24, 24, 26, 23)


load_nemo = register_corpus(
    Corpus(
        name="nemo",
        title="nEMO: Dataset of Emotional Speech in Polish",
        language="Polish",
        licence="CC BY-NC-SA 4.0",
        source="https://github.com/amu-cai/nEMO",
        reference="I. Christop (2024), nEMO: Dataset of Emotional Speech in Polish, Proceedings of "
        "LREC-COLING, https://arxiv.org/abs/2404.06292.",
        about=__doc__,
        form="speaker_emotion_sentence",
        example="EB0_anger_10.wav",
        pattern=r"(?P<speaker>[A-Z]{2}0)_(?P<emotion>[a-z]+)_(?P<sentence>[1-9]\d?)",
        tables={
            "speaker": {name: name for name in _WOMEN + _MEN},
            "emotion": {
                **{
                    "anger": "anger",
                    "fear": "fear",
                    "happiness": "happiness",
                    "neutral": "neutral",
                },
                **{"sadness": "sadness", "surprised": "surprise", "surprise": "surprise"},
            },
            "sex": dict.fromkeys(_WOMEN, "female") | dict.fromkeys(_MEN, "male"),
            "age": dict(zip(_WOMEN + _MEN, _AGES, strict=True)),
        },
    )
)
