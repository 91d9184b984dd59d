"""61 Arabic speakers, three levels of emotion, seven words.

61 speakers (45 men, 16 women) say 7 words at 3 levels: 1935 clips at 16 kHz. The label is the
level of emotion, not an emotion: "low" (tired or down), "neutral" (everyday speech) and "high"
(strong emotions, positive and negative ones). The column sentence holds the number of the word.

Quirks
- The speaker's age is in the names, in years.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

load_baved = register_corpus(
    Corpus(
        name="baved",
        title="BAVED: Basic Arabic Vocal Emotions Dataset",
        language="Arabic",
        licence="As its authors state; see the source",
        source="https://github.com/40uf411/Basic-Arabic-Vocal-Emotions-Dataset",
        reference="A. Aouf (2019), Basic Arabic Vocal Emotions Dataset (BAVED).",
        about=__doc__,
        form="speaker-sex-age-word-level-number",
        example="0-m-21-0-1-105.wav",
        pattern=r"(?P<speaker>\d+)-(?P<sex>[mf])-(?P<age>\d+)-(?P<sentence>[0-6])-(?P<emotion>[0-2])"
        r"-(?P<repetition>\d+)",
        tables={
            "sex": {"m": "male", "f": "female"},
            "age": int,
            "emotion": {"0": "low", "1": "neutral", "2": "high"},
        },
    )
)
