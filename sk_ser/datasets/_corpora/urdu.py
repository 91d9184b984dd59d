"""Speakers in talk shows, four emotions, unscripted.

Utterances from Urdu talk shows in 4 emotions: 400 clips, 100 of each, at 44.1 kHz, in a folder
per emotion or without one. The speech is spontaneous, so there are no sentences. The speaker SM1
is a man, SF3 a woman. The names hold 29 speakers, while the authors speak of 38.

Quirks
- Speakers have from 2 to 80 clips and few emotions each, so the speaker nearly determines the
  emotion. A split that mixes speakers is optimistic, and a stratified one by speaker needs few
  folds.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

load_urdu = register_corpus(
    Corpus(
        name="urdu",
        title="URDU: Urdu-language emotional speech",
        language="Urdu",
        licence="Research only, as its authors state",
        source="https://github.com/siddiquelatif/URDU-Dataset",
        reference="S. Latif, A. Qayyum, M. Usman and J. Qadir (2018), Cross Lingual Speech Emotion "
        "Recognition: Urdu vs. Western Languages, International Conference on Frontiers of "
        "Information Technology, 88-93, https://arxiv.org/abs/1812.10411.",
        about=__doc__,
        form="speaker_file_label",
        example="SM1_F11_A011.wav",
        pattern=r"(?P<speaker>S(?P<sex>[MF])\d+)_F(?P<_file>\d+)"
        r"_(?P<emotion>[AHNS])(?P<_number>\d+)",
        tables={
            "speaker": str.upper,
            "sex": {"M": "male", "F": "female"},
            "emotion": {"A": "anger", "H": "happiness", "N": "neutral", "S": "sadness"},
        },
    )
)
