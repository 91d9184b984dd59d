"""87 Persian speakers from radio plays, six emotions.

87 speakers (31 women, 56 men) in radio plays, in 6 emotions: 3000 clips at 44.1 kHz. The speech
is semi-natural, so there are no sentences.

Quirks
- Classes are very unequal: about 1059 clips of anger and 38 of fear.
- Fear is spoken by few speakers, so many folds lack it.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

load_shemo = register_corpus(
    Corpus(
        name="shemo",
        title="ShEMO: Sharif Emotional Speech Database",
        language="Persian",
        licence="Research, as its authors state",
        source="https://github.com/mansourehk/ShEMO",
        reference="O. Mohamad Nezami, P. Jamshid Lou and M. Karami (2019), ShEMO: a large-scale "
        "validated database for Persian speech emotion detection, Language Resources "
        "and Evaluation 53(1), 1-16, https://doi.org/10.1007/s10579-018-9427-x.",
        about=__doc__,
        form="speaker, emotion and number, unseparated",
        example="F01A01.wav",
        pattern=r"(?P<speaker>(?P<sex>[FM])\d\d)(?P<emotion>[a-z])(?P<_number>\d\d+)",
        tables={
            "speaker": str.upper,
            "sex": {"F": "female", "M": "male"},
            "emotion": {
                **{"A": "anger", "F": "fear", "H": "happiness"},
                **{"N": "neutral", "S": "sadness", "W": "surprise"},
            },
        },
    )
)
