"""34 Bangla speakers, five emotions, three statements.

34 speakers without training as actors (17 women, 17 men) speak 3 statements in 5 emotions, mostly
three times, recorded with phones and laptops: 1467 clips. Speakers are "01" to "34"; odd numbers
are men.

Quirks
- The names look like those of RAVDESS, with other codes of emotions. A folder is BanglaSER where
  its statement 03, its repetition 03 or its speakers above 24 occur.
"""

from sk_ser.datasets._declaration import Corpus, odd_numbers_are_men
from sk_ser.datasets._registry import register_corpus

load_banglaser = register_corpus(
    Corpus(
        name="banglaser",
        title="BanglaSER: a speech emotion recognition dataset for the Bangla language",
        language="Bangla",
        licence="CC BY 4.0",
        source="https://data.mendeley.com/datasets/t9h6p943xy",
        reference="R. K. Das, N. Islam, M. R. Ahmed, S. Islam, S. Shatabda and A. K. M. M. Islam "
        "(2022), BanglaSER: A speech emotion recognition dataset for the Bangla "
        "language, Data in Brief 42, 108091, https://doi.org/10.1016/j.dib.2022.108091.",
        about=__doc__,
        form="mode-type-emotion-intensity-statement-repetition-speaker",
        example="03-01-02-01-03-02-25.wav",
        pattern=r"03-01-(?P<emotion>\d\d)-(?P<intensity>\d\d)-(?P<sentence>\d\d)"
        r"-(?P<repetition>\d\d)-(?P<speaker>\d\d)",
        tables={
            "emotion": {
                **{"01": "happiness", "02": "sadness", "03": "anger"},
                **{"04": "surprise", "05": "neutral"},
            },
            "intensity": {"01": "normal", "02": "strong"},
            "sentence": {"01": "1", "02": "2", "03": "3"},
            "repetition": {"01": "1", "02": "2", "03": "3"},
            "sex": odd_numbers_are_men(34),
        },
    )
)
