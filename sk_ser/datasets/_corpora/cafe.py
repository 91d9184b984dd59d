"""Twelve Canadian French actors, seven emotions, six sentences.

12 actors (6 women, 6 men, 15 to 64 years old) speak 6 sentences in 6 emotions at two intensities,
and neutrally: 936 clips at 48 kHz and 192 kHz. Speakers are "01" to "12"; odd numbers are men.

Quirks
- The letters of the emotions are French: C colère (anger), D dégoût (disgust), J joie
  (happiness), P peur (fear), S surprise, T tristesse (sadness), N neutre (neutral).
- The recordings at 48 kHz and at 192 kHz have the same names. One of the two is kept.
- Some zip files garble the accents of the folders. Only file names are read.
"""

from sk_ser.datasets._declaration import Corpus, odd_numbers_are_men
from sk_ser.datasets._registry import register_corpus

_AGES = (46, 64, 18, 50, 22, 34, 15, 25, 42, 20, 35, 37)


def _check_intensity(facts, path):
    """Refuse an emotion without intensity, and a strong neutral."""
    allowed = (None, "weak") if facts["emotion"] == "neutral" else ("weak", "strong")
    return facts if facts["intensity"] in allowed else None


load_cafe = register_corpus(
    Corpus(
        name="cafe",
        title="CaFE: Canadian French Emotional speech dataset",
        language="French (Canadian)",
        licence="CC BY-NC-SA 4.0",
        source="https://zenodo.org/records/1478765",
        reference="P. Gournay, O. Lahaie and R. Lefebvre (2018), A Canadian French Emotional "
        "Speech Dataset, ACM Multimedia Systems Conference, 399-402, "
        "https://doi.org/10.1145/3204949.3208121.",
        about=__doc__,
        form="speaker-emotion-intensity-sentence",
        example="01-C-1-1.wav",
        pattern=r"(?P<speaker>\d\d)-(?P<emotion>[a-z])-(?P<intensity>[012])-(?P<sentence>[1-6])",
        tables={
            "emotion": {
                **{"C": "anger", "D": "disgust", "J": "happiness", "N": "neutral"},
                **{"P": "fear", "S": "surprise", "T": "sadness"},
            },
            "intensity": {"0": None, "1": "weak", "2": "strong"},
            "sex": odd_numbers_are_men(12),
            "age": {f"{n:02}": age for n, age in enumerate(_AGES, 1)},
        },
        complete=_check_intensity,
    )
)
