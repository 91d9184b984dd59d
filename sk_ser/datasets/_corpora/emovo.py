"""Six Italian actors, seven emotions, fourteen sentences.

6 actors (3 women, 3 men, 23 to 30 years old) speak 14 sentences, five of them without meaning, in
7 emotions: 588 clips at 48 kHz.

Quirks
- The emotions are Italian: dis disgusto (disgust), gio gioia (happiness), neu neutro (neutral),
  pau paura (fear), rab rabbia (anger), sor sorpresa (surprise), tri tristezza (sadness).
- Every sentence is spoken in every emotion, so it is in every split.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus

load_emovo = register_corpus(
    Corpus(
        name="emovo",
        title="EMOVO: Italian emotional speech database",
        language="Italian",
        licence="Free for research",
        source="http://voice.fub.it/activities/corpora/emovo/index.html",
        reference="G. Costantini, I. Iaderola, A. Paoloni and M. Todisco (2014), EMOVO Corpus: an "
        "Italian Emotional Speech Database, Proceedings of LREC, 3501-3504.",
        about=__doc__,
        form="emotion-speaker-sentence",
        example="rab-f1-b1.wav",
        pattern=r"(?P<emotion>[a-z]{3})-(?P<speaker>(?P<sex>[fm])[123])"
        r"-(?P<sentence>b[123]|d[12]|l[1-4]|n[1-5])",
        tables={
            "emotion": {
                **{"dis": "disgust", "gio": "happiness", "neu": "neutral", "pau": "fear"},
                **{"rab": "anger", "sor": "surprise", "tri": "sadness"},
            },
            "speaker": str.lower,
            "sex": {"f": "female", "m": "male"},
            "sentence": str.lower,
            "age": {"m1": 30, "m2": 27, "m3": 30, "f1": 28, "f2": 23, "f3": 25},
        },
    )
)
