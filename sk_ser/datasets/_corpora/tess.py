"""Two Canadian women, seven emotions, the same 200 words.

Two actresses, OAF (64 years old) and YAF (26 years old), say "Say the word ..." with 200 words in
7 emotions: 2800 clips at 24.4 kHz. The column sentence holds the word. "ps" is pleasant surprise,
here "surprise".

Quirks
- OA_bite_neutral is a misspelling: the speaker is OAF.
- A widely copied archive holds its own folder a second time inside itself and so has 5600
  files. One copy of each recording is kept.
- Folders are spelt in several ways (OAF_Fear, YAF_fear). Only file names are read.
- Some files named .wav are AIFF inside, and one has another sampling rate.
- Every word is spoken in every emotion, so it is in every split. With two speakers there are
  two folds, an old voice and a young one.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._labels import harmonise_emotion
from sk_ser.datasets._registry import register_corpus

load_tess = register_corpus(
    Corpus(
        name="tess",
        title="TESS: Toronto Emotional Speech Set",
        language="English (Canadian)",
        licence="CC BY-NC-ND 4.0",
        source="https://doi.org/10.5683/SP2/E8H2MF",
        reference="M. K. Pichora-Fuller and K. Dupuis (2020), Toronto emotional speech set (TESS), "
        "Borealis.",
        about=__doc__,
        form="speaker_word_emotion",
        example="OAF_back_angry.wav",
        pattern=r"(?P<speaker>\w+)_(?P<sentence>[a-z]+)"
        r"_(?P<emotion>angry|disgust|fear|happy|neutral|ps|pleasant_surprised?|sad)",
        tables={
            "speaker": {"OAF": "OAF", "OA": "OAF", "YAF": "YAF"},
            "sentence": str.lower,
            "emotion": harmonise_emotion,
            "sex": {"OAF": "female", "YAF": "female"},
            "age": {"OAF": 64, "YAF": 26},
        },
    )
)
