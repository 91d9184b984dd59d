"""Twenty Bangla actors, seven emotions, ten sentences, five takes.

20 professional actors (10 women, 10 men) speak 10 sentences in 7 emotions, five times each: 7000
clips at 48 kHz. A speaker is sex and number, such as F_01, since women and men are numbered apart.

Quirks
- Every sentence is spoken in every emotion, so it is in every split.
- Five takes of one sentence by one speaker are nearly copies of each other.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

load_subesco = register_corpus(
    Corpus(
        name="subesco",
        title="SUBESCO: SUST Bangla Emotional Speech Corpus",
        language="Bangla",
        licence="CC BY 4.0",
        source="https://zenodo.org/records/4526477",
        reference="S. Sultana, M. S. Rahman, M. R. Selim and M. Z. Iqbal (2021), SUST Bangla "
        "Emotional Speech Corpus (SUBESCO): An audio-only emotional speech corpus for "
        "Bangla, PLoS ONE 16(4): e0250173, "
        "https://doi.org/10.1371/journal.pone.0250173.",
        about=__doc__,
        form="speaker_name_S_sentence_emotion_take",
        example="F_01_OISHI_S_1_ANGRY_1.wav",
        pattern=r"(?P<speaker>(?P<sex>[FM])_\d\d)_(?P<_name>[a-z]+)_S_(?P<sentence>\d+)"
        r"_(?P<emotion>[a-z]+)_(?P<repetition>[1-5])",
        tables={
            "speaker": str.upper,
            "sex": {"F": "female", "M": "male"},
            "sentence": {f"{n}": f"{n}" for n in range(1, 11)},
            "_name": str.upper,
            "emotion": {
                **{"angry": "anger", "disgust": "disgust", "fear": "fear", "happy": "happiness"},
                **{"neutral": "neutral", "sad": "sadness", "surprise": "surprise"},
            },
        },
    )
)
