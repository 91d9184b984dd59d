"""Mexican voices of women, men and children, six emotions, single words.

16 speakers (4 women, 4 men, 8 children) say words in 6 emotions: 864 clips at 48 kHz. Words of
set A are the same in all emotions, those of set B differ. The column voice holds "female", "male"
or "child".

Quirks
- The names do not tell the speakers, so ``groups`` is None: no split can keep a speaker out of
  training, and scores may be optimistic. The three voices are not three speakers.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus


def _state_sex(facts, path):
    """Add the sex, which is not stated for children."""
    return facts | {"sex": None if facts["voice"] == "child" else facts["voice"]}


load_mesd = register_corpus(
    Corpus(
        name="mesd",
        title="MESD: Mexican Emotional Speech Database",
        language="Spanish (Mexican)",
        licence="CC BY 4.0",
        source="https://data.mendeley.com/datasets/cy34mh68j9",
        reference="M. M. Duville, L. M. Alonso-Valerdi and D. I. Ibarra-Zarate (2021), The "
        "Mexican Emotional Speech Database (MESD): elaboration and assessment based on "
        "machine learning, Annual International Conference of the IEEE EMBS, 1644-1647, "
        "https://doi.org/10.1109/EMBC46164.2021.9629934.",
        about=__doc__,
        form="emotion_voice_set_word",
        example="Anger_C_A_abajo.wav",
        pattern=r"(?P<emotion>anger|disgust|fear|happiness|neutral|sadness)_(?P<voice>[FMC])_(?P<_set>[AB])"
        r"_(?P<sentence>\w+)",
        tables={
            "emotion": str.lower,
            "voice": {"F": "female", "M": "male", "C": "child"},
            "sentence": str.lower,
        },
        complete=_state_sex,
    )
)
