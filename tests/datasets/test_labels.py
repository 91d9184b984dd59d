import pytest

from sk_ser.datasets import EMOTIONS, harmonise_emotion


def test_vocabulary():
    assert EMOTIONS == (
        "anger",
        "boredom",
        "calm",
        "disgust",
        "fear",
        "happiness",
        "neutral",
        "sadness",
        "surprise",
    )


@pytest.mark.parametrize(
    ("emotion", "labels"),
    [
        ("anger", ["angry", "Anger", " ANGRY "]),
        ("boredom", ["bored", "Boredom"]),
        ("calm", ["Calm"]),
        ("disgust", ["disgusted", "Disgust"]),
        ("fear", ["fearful", "Fear"]),
        ("happiness", ["happy", "joy", "Happiness"]),
        ("neutral", ["Neutral"]),
        ("sadness", ["sad", "SADNESS"]),
        (
            "surprise",
            ["ps", "surprised", "Pleasant surprise", "Pleasant-Surprised"],
        ),
    ],
)
def test_names_of_one_emotion(emotion, labels):
    assert {harmonise_emotion(label) for label in labels} == {emotion}


def test_unknown_label_is_kept_in_one_spelling():
    assert harmonise_emotion(" Mild  Irony") == harmonise_emotion("mild_irony") == "mild_irony"


def test_own_names_go_first_in_any_case():
    assert harmonise_emotion("CALM", {"Calm": "Neutral!"}) == "Neutral!"
