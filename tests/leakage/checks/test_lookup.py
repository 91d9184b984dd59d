"""A model must not change its mind about clips that sound the same."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

from sk_ser.leakage import Evaluation, NotChecked, check_lookup
from tests.leakage.leaks import (
    label_in_names,
    label_looked_up,
    label_of_vectors_looked_up,
    make_clean,
    vectors,
)


@pytest.fixture(scope="module")
def clean():
    return make_clean(0)


def check(case):
    case = dict(case)
    return check_lookup(Evaluation(case.pop("estimator"), case.pop("X"), case.pop("y"), **case))


def test_models_that_listen_say_the_same(clean):
    assert check(clean) == []
    case = vectors(clean)
    for model in (case["estimator"], DecisionTreeClassifier(random_state=0), GaussianNB()):
        assert check(case | {"estimator": model}) == []


@pytest.mark.parametrize("plant", [label_in_names, label_looked_up, label_of_vectors_looked_up])
def test_a_label_in_the_input_is_found_twice(clean, plant):
    severe, perfect = check(plant(clean))
    assert severe.severity == "severe"
    assert severe.figures["accuracy"] == 1.0
    assert severe.figures["accuracy_of_copies"] < 0.5
    assert len(severe.evidence) > 10
    assert perfect.severity == "warning"
    assert perfect.message.startswith("The UAR is 1.000 on 120 clips.")


def test_a_step_that_knows_some_files_only_is_named(clean):
    case = label_in_names(clean)
    known = {path: number for number, path in enumerate(case["X"])}
    step = FunctionTransformer(lambda paths: np.array([[known[path]] for path in paths]))
    model = make_pipeline(step, DecisionTreeClassifier(random_state=0))
    (found,) = check(case | {"estimator": model})
    assert found.severity == "warning"
    assert "cannot predict copies of the test clips that sound the same" in found.message
    assert "KeyError" in found.message


def test_sequences_are_changed_too(clean):
    sequences = [row.reshape(4, 10) for row in vectors(clean)["X"]]
    known = {one.tobytes(): code for one, code in zip(sequences, clean["y"], strict=True)}
    codes = {label: code for code, label in enumerate(np.unique(clean["y"]))}

    def look_up(clips):
        return np.array([[codes.get(known.get(clip.tobytes()), -1)] for clip in clips])

    model = make_pipeline(FunctionTransformer(look_up), DecisionTreeClassifier(random_state=0))
    assert check(clean | {"X": sequences, "estimator": model})[0].severity == "severe"


def test_what_is_neither_sound_nor_number_is_not_checked(clean):
    words = np.array([[str(label)] for label in clean["y"]])
    step = FunctionTransformer(lambda rows: [[len(str(row))] for row in rows])
    model = make_pipeline(step, GaussianNB())
    with pytest.raises(NotChecked, match="neither recordings nor numbers"):
        check(clean | {"X": words, "estimator": model})


class Refuses(GaussianNB):
    """A model that cannot be fitted on the clips of the first fold."""

    def fit(self, X, y):
        if len(y) < 97:
            raise ValueError("too few")
        return super().fit(X, y)


def test_a_first_fold_that_fails_is_not_checked(clean):
    rows = np.arange(120)
    folds = [(rows[:96], rows[96:]), (rows[20:], rows[:20])]
    with pytest.raises(NotChecked, match="cannot be fitted in the first fold"):
        check(vectors(clean) | {"estimator": Refuses(), "protocol": folds})
