"""Names of speakers are names of people, each with one spelling."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from sk_ser._speakers import find_speaker_fault
from sk_ser.model_selection import compare_protocols, cross_predict


@pytest.mark.parametrize(
    "names",
    [
        ("s01", "s02", "s03"),
        (1, 2, 10),
        ("DC", "JE", "JK", "KL"),
        ("SM1", "SF1", "SM12"),
        ("03", "08", "09", "10"),
        ("emodb/03", "ravdess/03"),
        ("Tester, A.", "Valerie", "Folda"),
    ],
)
def test_names_of_people_have_no_fault(names):
    assert find_speaker_fault(np.repeat(names, 4)) is None


@pytest.mark.parametrize(
    "names",
    [
        ("train", "test"),
        ("Training", "validation", "TEST"),
        ("dev", "eval"),
        ("fold1", "fold 2", "Fold_3"),
        ("split-1", "split-2"),
        ("female", "male"),
        ("women", "men"),
        ("M", "F"),
    ],
)
def test_parts_of_a_data_set_and_groups_of_people_are_named(names):
    fault = find_speaker_fault(np.repeat(names, 4))
    assert f"'{names[0]}', '{names[1]}'" in fault
    assert "not speakers" in fault
    assert "Give each person one name" in fault


@pytest.mark.parametrize(
    "pair",
    [("A", "a "), ("1", "1.0"), ("s1", "s01"), ("s 1", "s_1"), ("s01", "s01 (1)"),
     ("anna", "anna - Copy"), ("bert", "bert Kopie")],
)  # fmt: skip
def test_two_spellings_of_one_speaker_are_named(pair):
    fault = find_speaker_fault(np.repeat([*pair, "another"], 4))
    assert fault.startswith(f"'{pair[0]}', '{pair[1]}' may be one speaker.")


def test_a_speaker_for_each_clip_is_none():
    assert "each of the 20 clips has a speaker" in find_speaker_fault(np.arange(20))
    assert find_speaker_fault(np.arange(4)) is None


@pytest.mark.parametrize("evaluate", [compare_protocols, cross_predict])
@pytest.mark.parametrize("names", [("train", "test"), ("a", "A"), range(40)])
def test_evaluations_refuse_such_speakers(names, evaluate):
    X, y = np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) // 2 % 2
    with pytest.raises(ValueError, match=r"^groups: .*Give each person one name"):
        evaluate(GaussianNB(), X, y, groups=np.resize(np.array(names).astype(str), 40))
