"""18 Danish and English speakers, five emotions, with ratings.

18 speakers (12 women, 6 men, 9 to 39 years old) speak 5 sentences in 5 emotions in Danish, in
English or, 14 of them, in both: 800 clips at 48 kHz. The column language holds "da" or "en".
Three annotators rated arousal, valence and dominance from 1 to 5. The columns of these names hold
the mean of the three ratings where ``annotations.csv`` lies beside the recordings or one folder
above them.

Quirks
- The label is the enacted emotion. In 451 clips all three annotators heard that emotion.
- Some recordings are stereo with one silent channel.
- A speaker of both languages has the same number in both, and is one speaker.
"""

from functools import cache
from pathlib import Path

import pandas as pd

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus
from sk_ser.exceptions import CorpusError

_WOMEN = ("001", "003", "007", "008", "009", "010", "011", "012", "013", "014", "016", "017")
_MEN = ("004", "005", "006", "015", "018", "019")
_AGES = (22, 23, 27, 12, 12, 21, 25, 26, 24, 9, 39, 25, 24, 24, 22, 24, 25, 26)
_DIMENSIONS = {"arousal": "A", "valence": "V", "dominance": "D"}


@cache
def _read_ratings(table, modified):
    """Return the mean ratings by recording. Another time of modification is another table."""
    try:
        rated = pd.read_csv(table, index_col="file")
        means = {
            name: rated[[f"a{annotator}_{letter}" for annotator in (1, 2, 3)]].mean(axis=1)
            for name, letter in _DIMENSIONS.items()
        }
    except (KeyError, TypeError, ValueError) as error:
        reason = f"not the ratings of EmoTale ({error})"
        remedy = "Restore the table of the corpus, or remove it."
        raise CorpusError(reason, path=table, remedy=remedy) from error
    return pd.DataFrame(means).rename(lambda file: Path(file).stem).to_dict("index")


def _add_ratings(facts, path):
    for folder in list(path.parents)[:2]:
        table = folder / "annotations.csv"
        if table.is_file():
            rated = _read_ratings(table, table.stat().st_mtime_ns).get(path.stem, {})
            return facts | dict.fromkeys(_DIMENSIONS) | rated
    return facts


load_emotale = register_corpus(
    Corpus(
        name="emotale",
        title="EmoTale: Danish and English emotional speech",
        language="Danish and English",
        licence="Research use",
        source="https://github.com/snehadas/EmoTale",
        reference="M. M. Hjuler, H. Skov-Frederiksen, J. Koldkjær, E. Aasted and S. Das (2025), "
        "EmoTale: An Enacted Speech-emotion Dataset in Danish, https://arxiv.org/abs/2508.14548.",
        about=__doc__,
        form="language_speaker_emotion_sentence",
        example="DK_001_A_1.wav",
        pattern=r"(?P<language>DK|EN)_(?P<speaker>\d{3})_(?P<emotion>[a-z])_(?P<sentence>[1-5])",
        tables={
            "language": {"DK": "da", "EN": "en"},
            "emotion": {
                "A": "anger",
                "B": "boredom",
                "H": "happiness",
                "N": "neutral",
                "S": "sadness",
            },
            "sex": dict.fromkeys(_WOMEN, "female") | dict.fromkeys(_MEN, "male"),
            "age": dict(zip(_WOMEN + _MEN, _AGES, strict=True)),
        },
        complete=_add_ratings,
    )
)
