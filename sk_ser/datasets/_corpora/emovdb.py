"""Four English speakers, five styles, sentences of CMU ARCTIC.

Two women (bea, jenie) and two men (josh, sam) read sentences of CMU ARCTIC in up to 5 styles:
about 6900 clips at 16 kHz and 44.1 kHz. The speaker is the name of a folder, bea_Amused or
bea/Amused, or begins the name of the file.

Quirks
- Names of styles differ between folders: Angry and anger, Disgusted and disgust, Sleepy and
  sleepiness.
- josh has no anger and no disgust, so a split by speaker needs care.
- The clips of an archive of one style lie in no folder. Extract each into a folder of its name.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

load_emovdb = register_corpus(
    Corpus(
        name="emovdb",
        title="EmoV-DB: the Emotional Voices Database",
        language="English",
        licence="Non-commercial research, as its authors state",
        source="https://github.com/numediart/EmoV-DB",
        reference="A. Adigwe, N. Tits, K. El Haddad, S. Ostadabbas and T. Dutoit (2018), The "
        "Emotional Voices Database: Towards Controlling the Emotion Dimension in Voice "
        "Generation Systems, https://arxiv.org/abs/1806.09514.",
        about=__doc__,
        form="speaker_Style/style_range_sentence",
        example="bea_Amused/amused_1-15_0001.wav",
        pattern=r"(?P<speaker>bea|jenie|josh|sam)(?:[_/][a-z]+)?[_/](?P<emotion>[a-z]+)_(?P<_range>\d+-\d+)"
        r"_(?P<sentence>\d+)",
        tables={
            "speaker": str.lower,
            "emotion": {
                **dict.fromkeys(("amused", "amusement"), "amusement"),
                **dict.fromkeys(("anger", "angry"), "anger"),
                **dict.fromkeys(("disgust", "disgusted"), "disgust"),
                **dict.fromkeys(("sleepiness", "sleepy"), "sleepiness"),
                "neutral": "neutral",
            },
            "sex": {"bea": "female", "jenie": "female", "josh": "male", "sam": "male"},
        },
    )
)
