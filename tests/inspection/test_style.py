"""An emotion has one colour, wherever it is drawn."""

from sk_ser.datasets import EMOTIONS
from sk_ser.inspection import class_colours


def test_an_emotion_keeps_its_colour_whatever_stands_beside_it():
    assert class_colours(["anger", "fear"])["fear"] == class_colours(["fear", "calm", "x"])["fear"]


def test_eight_classes_have_eight_colours_and_further_ones_have_some_again():
    eight = [name for name in EMOTIONS if name != "calm"]
    assert len(set(class_colours(eight).values())) == 8
    assert len(set(class_colours(range(8)).values())) == 8
    many = class_colours([*EMOTIONS, "contempt"])
    assert list(many) == [*EMOTIONS, "contempt"]
    assert len(set(many.values())) == 8
