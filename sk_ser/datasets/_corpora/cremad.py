"""91 American actors, six emotions, twelve sentences.

91 actors (43 women, 48 men, 20 to 74 years old) speak 12 sentences in 6 emotions, one of the
sentences at three intensities: 7442 clips at 16 kHz. The emotion is the one intended, not the
one that listeners perceived. Speakers are "1001" to "1091", with their sex as in the corpus's
VideoDemographics.csv.

Quirks
- Older copies hold 1040_ITH_SAD_X, which means XX (intensity not specified).
- AudioMP3 and AudioWAV hold the same recordings. One of the two is kept, WAV first, because
  some of the MP3 files are blank.
- The repository keeps audio in Git LFS: a plain download holds text pointers named .wav.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._labels import harmonise_emotion
from sk_ser.datasets._registry import register_corpus

_WOMEN = {
    *(2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 18, 20, 21, 24, 25, 28, 29, 30, 37, 43, 46, 47, 49),
    *(52, 53, 54, 55, 56, 58, 60, 61, 63, 72, 73, 74, 75, 76, 78, 79, 82, 84, 89, 91),
}


def _rank_mp3_last(facts, path):
    return facts | {"_rank": path.suffix.lower() == ".mp3"}


load_cremad = register_corpus(
    Corpus(
        name="cremad",
        title="CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset",
        language="English (American)",
        licence="Open Database License (ODbL) 1.0",
        source="https://github.com/CheyneyComputerScience/CREMA-D",
        reference="H. Cao, D. G. Cooper, M. K. Keutmann, R. C. Gur, A. Nenkova and R. Verma "
        "(2014), CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset, IEEE Transactions on "
        "Affective Computing 5(4), 377-390, https://doi.org/10.1109/TAFFC.2014.2336244.",
        about=__doc__,
        form="actor_sentence_emotion_intensity",
        example="1001_DFA_ANG_XX.wav",
        pattern=r"(?P<speaker>\d{4})"
        r"_(?P<sentence>IEO|TIE|IOM|IWW|TAI|MTI|IWL|ITH|DFA|ITS|TSI|WSI)"
        r"_(?P<emotion>ANG|DIS|FEA|HAP|NEU|SAD)_(?P<intensity>\w\w?)",
        tables={
            "sentence": str.upper,
            "emotion": harmonise_emotion,
            "intensity": {
                **{"LO": "low", "MD": "medium", "HI": "high"},
                **{"X": "unspecified", "XX": "unspecified"},
            },
            "sex": {f"{1000 + n}": "female" if n in _WOMEN else "male" for n in range(1, 92)},
        },
        complete=_rank_mp3_last,
    )
)
