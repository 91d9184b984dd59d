"""Ten Mandarin and ten English speakers, five emotions, 350 sentences.

20 speakers (10 of each language, 10 women, 10 men) read 350 sentences of their language in 5
emotions: 35 000 clips at 16 kHz. The number in the name tells emotion and sentence: 1 to 350 is
neutral, then anger, happiness, sadness and surprise follow. The column language holds "zh" or
"en".

Quirks
- A clip whose folder names another emotion than its number is left out.
- The folders train, evaluation and test share speakers and sentences. They are not read.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._labels import harmonise_emotion
from sk_ser.datasets._registry import register_corpus

_EMOTIONS = ("neutral", "anger", "happiness", "sadness", "surprise")
_N_SENTENCES = 350
_WOMEN = (1, 2, 3, 7, 9, 15, 16, 17, 18, 19)


def _read_number(facts, path):
    emotion, sentence = divmod(int(facts["_number"]) - 1, _N_SENTENCES)
    if not 0 <= emotion < len(_EMOTIONS):
        return None
    language = "zh" if int(facts["speaker"]) <= 10 else "en"
    named = [harmonise_emotion(folder) for folder in path.parts[-3:-1]]
    return facts | {
        "emotion": _EMOTIONS[emotion],
        "sentence": f"{language}-{sentence + 1:03}",
        "language": language,
        "_folder": next((name for name in named if name in _EMOTIONS), _EMOTIONS[emotion]),
    }


def _contradicts(facts):
    differs = facts["_folder"] != facts["emotion"]
    return "the folder names another emotion than the number" if differs else None


load_esd = register_corpus(
    Corpus(
        name="esd",
        title="ESD: Emotional Speech Database",
        language="Mandarin and English",
        licence="Research only, as its authors state",
        source="https://github.com/HLTSingapore/Emotional-Speech-Data",
        reference="K. Zhou, B. Sisman, R. Liu and H. Li (2022), Emotional voice conversion: "
        "Theory, databases and ESD, Speech Communication 137, 1-18, "
        "https://doi.org/10.1016/j.specom.2021.11.006.",
        about=__doc__,
        form="speaker_number",
        example="0011_000351.wav",
        pattern=r"(?P<speaker>00(?:0[1-9]|1\d|20))_(?P<_number>\d{6})",
        tables={
            "sex": {f"{n:04}": "female" if n in _WOMEN else "male" for n in range(1, 21)},
        },
        complete=_read_number,
        leave_out=_contradicts,
    )
)
