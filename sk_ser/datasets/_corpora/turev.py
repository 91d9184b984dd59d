"""Six Turkish speakers, four emotions, single words.

6 speakers (3 women, 3 men) say 82 words in 4 emotions: 1735 clips at 44.1 kHz and 48 kHz. The
column sentence holds the word, the speaker is a number of four digits.

Quirks
- The codes of the emotions are Turkish: hl (sadness), kz (anger), mt mutlu
  (happiness), sk sakin (calm).
- The names do not state the sexes.
- The repository also holds spectrograms under the same names; pictures are not read.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

load_turev = register_corpus(
    Corpus(
        name="turev",
        title="TurEV-DB: Turkish Emotion-Voice Database",
        language="Turkish",
        licence="CC BY-NC-ND 4.0",
        source="https://github.com/Xeonen/TurEV-DB",
        reference="S. F. Canpolat, Z. Ormanoğlu and D. Zeyrek (2020), Turkish Emotion Voice "
        "Database (TurEV-DB), Proceedings of the SLTU and CCURL Workshop, 368-375.",
        about=__doc__,
        form="speaker_emotion_word",
        example="1157_kz_beste.wav",
        pattern=r"(?P<speaker>\d{4})_(?P<emotion>hl|kz|mt|sk)_(?P<sentence>[a-z]+)",
        tables={
            "speaker": {f"{n}": f"{n}" for n in (1157, 1234, 1358, 1984, 6783, 7895)},
            "emotion": {"hl": "sadness", "kz": "anger", "mt": "happiness", "sk": "calm"},
            "sentence": str.lower,
        },
    )
)
