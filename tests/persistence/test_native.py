"""Arrays that compiled code trusts: consistent ones pass, others are refused before it runs."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.neighbors import KNeighborsClassifier, RadiusNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC, SVR, NuSVC, NuSVR, OneClassSVM

from sk_ser.audio import AudioLoader
from sk_ser.classifiers import CalibratedSVC, make_svm
from sk_ser.exceptions import ModelFileError
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.persistence import load, save
from sk_ser.persistence._native import check_parts

X = np.random.default_rng(0).normal(size=(30, 3))
Y = np.array(["anger", "joy", "sadness"])[np.arange(30) % 3]
NUMBERS = np.arange(30) % 3


@pytest.mark.parametrize(
    "model",
    [
        SVC(), NuSVC(nu=0.3), SVR(), NuSVR(), OneClassSVM(), CalibratedSVC(), make_svm(),
        KNeighborsClassifier(algorithm="brute"), RadiusNeighborsClassifier(algorithm="brute"),
        KMeans(3, n_init=1),
    ],
    ids=lambda model: type(model).__name__,
)  # fmt: skip
def test_fitted_models_pass(model, tmp_path):
    y = NUMBERS if isinstance(model, (SVR, NuSVR)) else Y
    again = load(save(model.fit(X, y), tmp_path / "m.skops"))
    np.testing.assert_array_equal(again.predict(X), model.predict(X))


def test_a_machine_over_a_kernel_matrix_passes(tmp_path):
    model = SVC(kernel="precomputed").fit(X @ X.T, Y)
    assert (
        load(save(model, tmp_path / "m.skops")).predict(X @ X.T).tolist()
        == model.predict(X @ X.T).tolist()
    )


def refuses(model, attribute, tmp_path):
    """Check that a model is refused, by itself and as a step."""
    for one in (model, make_pipeline(model)):
        with pytest.raises(ValueError, match=f"damaged: {attribute} does not fit"):
            check_parts(one)
        with pytest.raises(ModelFileError, match=f"{attribute} does not fit"):
            load(save(one, tmp_path / "m.skops"))


@pytest.mark.parametrize(
    "attribute, change",
    [
        ("support_", lambda a: a + 100),
        ("support_", lambda a: a - 1),
        ("support_", lambda a: a.astype(float)),
        ("support_vectors_", lambda a: a[:-1]),
        ("support_vectors_", lambda a: a[:, :-1]),
        ("_n_support", lambda a: a + 1),
        ("_n_support", lambda a: a[:-1]),
        ("_n_support", lambda a: a * np.array([-1, 1, 1], np.int32)),
        ("_dual_coef_", lambda a: a[:, :-1]),
        ("_dual_coef_", lambda a: a[:1]),
        ("_intercept_", lambda a: a[:-1]),
        ("_probA", lambda a: np.zeros(1)),
        ("_sparse", lambda a: True),
    ],
)
def test_a_machine_whose_arrays_do_not_fit_is_refused(attribute, change, tmp_path):
    model = SVC().fit(X, Y)
    setattr(model, attribute, change(getattr(model, attribute)))
    refuses(model, attribute, tmp_path)


@pytest.mark.parametrize(
    "change", [lambda y: y + 10**6, lambda y: y[:-1], lambda y: y - 1, lambda y: y / 2]
)
def test_neighbours_with_labels_of_no_class_are_refused(change, tmp_path):
    model = KNeighborsClassifier(algorithm="brute").fit(X, Y)
    model._y = change(model._y)
    refuses(model, "_y", tmp_path)


def test_centers_of_other_columns_are_refused(tmp_path):
    model = KMeans(3, n_init=1).fit(X)
    model.cluster_centers_ = model.cluster_centers_[:, :2]
    refuses(model, "cluster_centers_", tmp_path)


@pytest.mark.parametrize(
    "params",
    [{"duration": 20_000.0}, {"sampling_rate": 10**9}, {"level": 1e9}, {"sampling_rate": 1}],
)
def test_a_loader_of_endless_clips_is_refused(params, tmp_path):
    front_end = make_clip_pipeline(AudioLoader(), MFCC(3), Functionals())
    model = make_svm(front_end)
    clips = [np.sin(np.arange(8_000) / (5 + n)).astype(np.float32) for n in range(6)]
    model.fit(clips, ["anger", "joy"] * 3)
    model[0]["audioloader"].set_params(**params)
    with pytest.raises(ModelFileError, match=next(iter(params))):
        load(save(model, tmp_path / "m.skops", header={"sampling_rate": 16_000}))
