"""Four New Zealand English actors, ten emotions, fifteen sentences each.

Two women and two men speak sentences in 5 primary emotions (anger, sadness, neutral, happiness,
excited) and 5 secondary ones (anxious, apologetic, assertive, concerned, encouraging), in two
sessions: 2400 clips at 44.1 kHz.

Quirks
- With four speakers, intervals over speakers are wide.
- The column repetition holds take and session, a1 to b2.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

#: Emotions that the corpus has under names of its own.
_OWN = ("excited", "anxious", "apologetic", "assertive", "concerned", "encouraging")


def _join_take(facts, path):
    return facts | {"repetition": f"{facts['_take']}{facts['_session']}"}


load_jl = register_corpus(
    Corpus(
        name="jl",
        title="JL-Corpus: emotional speech in New Zealand English",
        language="English (New Zealand)",
        licence="CC0 1.0",
        source="https://www.kaggle.com/datasets/tli725/jl-corpus",
        reference="J. James, L. Tian and C. I. Watson (2018), An Open Source Emotional Speech "
        "Corpus for Human Robot Interaction Applications, Proceedings of Interspeech, "
        "2768-2772, https://doi.org/10.21437/Interspeech.2018-1349.",
        about=__doc__,
        form="speaker_emotion_sentence and take_session",
        example="female1_angry_10a_1.wav",
        pattern=r"(?P<speaker>(?P<sex>female|male)[12])_(?P<emotion>[a-z]+)_(?P<sentence>\d+)"
        r"(?P<_take>[ab])_(?P<_session>[12])",
        tables={
            "speaker": str.lower,
            "sex": {"female": "female", "male": "male"},
            "emotion": {
                **{"angry": "anger", "sad": "sadness", "neutral": "neutral", "happy": "happiness"},
                **dict(zip(_OWN, _OWN, strict=True)),
            },
            "_take": str.lower,
        },
        complete=_join_take,
    )
)
