"""Four British men, seven emotions.

Four men (DC, JE, JK and KL) speak 15 TIMIT sentences in each of 6 emotions and 30 neutral ones:
480 clips at 44.1 kHz. The speaker's initials stand in the file name (DC_a01.wav) or are the
name of its folder (DC/a01.wav). Sentences are numbered within an emotion. Numbers 1 to 3 are
common to all emotions (common-01), the others belong to one emotion (anger-04).

Quirks
- The neutral sentences from 4 on include those that belong to single emotions. The names do
  not say which, so a sentence may be anger-04 and again some neutral-XX: a split by sentence
  does not separate all sentences.
"""

from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._registry import register_corpus


def _name_sentence(facts, path):
    number = int(facts["_number"])
    if not 1 <= number <= (30 if facts["emotion"] == "neutral" else 15):
        return None
    kind = "common" if number <= 3 else facts["emotion"]
    return facts | {"sentence": f"{kind}-{number:02d}"}


load_savee = register_corpus(
    Corpus(
        name="savee",
        title="SAVEE: Surrey Audio-Visual Expressed Emotion",
        language="English (British)",
        licence="Free for research, on registration",
        source="http://kahlan.eps.surrey.ac.uk/savee/",
        reference="S. Haq and P. J. B. Jackson (2010), Multimodal emotion recognition, in W. Wang "
        "(ed.), Machine Audition: Principles, Algorithms and Systems, IGI Global, 398-423.",
        about=__doc__,
        form="speaker_emotion and number, or speaker/emotion and number",
        example="DC_sa01.wav",
        pattern=r"(?P<speaker>DC|JE|JK|KL)[_/](?P<emotion>[a-z]+)(?P<_number>\d\d)",
        tables={
            "speaker": str.upper,
            "emotion": {
                **{"a": "anger", "d": "disgust", "f": "fear", "h": "happiness", "n": "neutral"},
                **{"sa": "sadness", "su": "surprise"},
            },
            "sex": lambda speaker: "male",
        },
        complete=_name_sentence,
    )
)
