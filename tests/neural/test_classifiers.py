"""What every net learns, keeps and refuses, whichever its layers are."""

import copy
import pickle
import subprocess
import sys

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
import torch
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, cross_validate
from sklearn.pipeline import make_pipeline

from sk_ser.augmentation import SpecAugment
from sk_ser.features import MelSpectrogram
from sk_ser.model_selection import EvaluationWarning
from sk_ser.neural import CNNClassifier, DenseClassifier, GRUClassifier, SequenceScaler
from sk_ser.neural._callbacks import KeepBest
from tests.neural.nets import ALL, SMALL, data_of, make, make_sequences, make_vectors

each = pytest.mark.parametrize("name", ALL)
each_over_sequences = pytest.mark.parametrize("name", SMALL)


def take(X, rows):
    """Take clips of an array or list."""
    return X[rows] if isinstance(X, np.ndarray) else [X[row] for row in rows]


# Learning and predicting


@each
def test_it_learns_what_there_is(name):
    X, y = data_of(name, n_clips=60, n_classes=3)
    net = make(name, max_epochs=60, dropout=0.0, learning_rate=1e-2).fit(X, y)
    test, expected = data_of(name, n_clips=60, n_classes=3, seed=1)
    assert net.score(test, expected) > 0.9
    assert net.classes_.tolist() == ["anger", "joy", "neutral"]
    proba = net.predict_proba(test)
    np.testing.assert_allclose(proba.sum(axis=1), 1.0, rtol=1e-5)
    assert (net.classes_[proba.argmax(axis=1)] == net.predict(test)).all()


@each_over_sequences
def test_a_prediction_does_not_depend_on_neighbours(name):
    X, y = make_sequences()
    net = make(name).fit(X, y)
    together = net.predict_proba(X)
    alone = np.concatenate([net.predict_proba([one]) for one in X])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(together[::-1], net.predict_proba(X[::-1]), atol=1e-5)


@each_over_sequences
def test_every_container_of_sequences_is_the_same(name):
    X, y = make_sequences(lengths=(20, 21))
    net = make(name).fit(X, y)
    expected = net.predict_proba(X)
    block = np.stack(X)
    np.testing.assert_array_equal(net.predict_proba(block), expected)
    np.testing.assert_array_equal(make(name).fit(block, y).predict_proba(X), expected)
    column = pd.Series(X)
    np.testing.assert_array_equal(make(name).fit(column, y).predict_proba(column), expected)


@each_over_sequences
def test_a_row_of_numbers_is_a_univariate_sequence(name):
    X, y = make_vectors(n_features=40)
    rows = make(name).fit(X, y)
    columns = make(name).fit(np.float32(X)[:, :, None], y)
    assert rows.n_features_in_ == 40
    assert rows.n_channels_in_ == 1
    np.testing.assert_allclose(
        rows.predict_proba(X), columns.predict_proba(X[:, :, None]), atol=1e-6
    )


@each
def test_labels_may_be_numbers_and_text(name):
    X, y = data_of(name)
    codes = np.unique(y, return_inverse=True)[1] * 5 - 2
    named, numbered = make(name).fit(X, y), make(name).fit(X, codes)
    assert numbered.classes_.tolist() == [-2, 3]
    np.testing.assert_array_equal(named.predict_proba(X), numbered.predict_proba(X))
    assert (
        make(name).fit(X, pd.Series(y, dtype="string")).predict(X).tolist()
        == named.predict(X).tolist()
    )


# Randomness


@each
def test_a_seed_is_repeated_exactly_and_torchs_generator_left_alone(name):
    X, y = data_of(name)
    before = torch.random.get_rng_state()
    first, again = make(name).fit(X, y), make(name).fit(X, y)
    np.testing.assert_array_equal(first.predict_proba(X), again.predict_proba(X))
    assert torch.equal(torch.random.get_rng_state(), before)
    other = make(name, random_state=1).fit(X, y)
    assert not np.array_equal(first.predict_proba(X), other.predict_proba(X))


@each
def test_the_order_of_the_clips_does_not_matter(name):
    X, y = data_of(name)
    order = np.random.default_rng(0).permutation(len(y))
    shuffled = make(name).fit(take(X, order), y[order])
    np.testing.assert_array_equal(make(name).fit(X, y).predict_proba(X), shuffled.predict_proba(X))


# Weights


@each
def test_a_weight_of_2_is_the_clip_twice_and_0_is_not_at_all(name):
    X, y = data_of(name)
    weight = np.random.default_rng(0).integers(0, 3, len(y))
    repeated = np.repeat(np.arange(len(y)), weight)
    weighted = make(name, class_weight="balanced").fit(X, y, sample_weight=weight)
    given = make(name, class_weight="balanced").fit(take(X, repeated), y[repeated])
    np.testing.assert_array_equal(weighted.predict_proba(X), given.predict_proba(X))


def test_balanced_weights_help_the_rare_class():
    X, y = make_vectors(n_clips=200)
    rows = [row for row in range(200) if y[row] == "anger" or row < 20]
    X, y = X[rows] * [0.3, 1, 1, 1, 1, 1], y[rows]
    plain = make("dense", max_epochs=15).fit(X, y)
    balanced = make("dense", max_epochs=15, class_weight="balanced").fit(X, y)
    by_hand = make("dense", max_epochs=15, class_weight={"anger": 1, "joy": 10}).fit(X, y)
    shares = [np.mean(net.predict(X) == "joy") for net in (plain, balanced, by_hand)]
    assert shares[0] < shares[1]
    assert shares[2] > shares[0]


# Training


def test_the_record_is_a_table_with_a_row_an_epoch():
    X, y = make_sequences()
    net = make("gru", max_epochs=4).fit(X, y)
    assert net.history_["epoch"].tolist() == [1, 2, 3, 4]
    assert set(net.history_) == {
        "epoch",
        "train_loss",
        "train_accuracy",
        "learning_rate",
        "seconds",
    }
    net.set_params(early_stopping=True).fit(X, y, groups=np.arange(24) % 4)
    assert {"valid_loss", "valid_accuracy", "valid_uar"} <= set(net.history_)
    assert net.history_.attrs["validation"] == "unseen speakers"


def test_early_stopping_goes_back_to_the_best_epoch(monkeypatch):
    X, y = make_sequences()
    kept = []
    monkeypatch.setattr(
        KeepBest,
        "on_epoch_end",
        lambda self, net, real=KeepBest.on_epoch_end, **k: (
            kept.append(copy.deepcopy(net.module_.state_dict())),
            real(self, net),
        )[1],
    )
    # the rate makes it worse before long
    net = make(
        "cnn", early_stopping=True, max_epochs=50, patience=3, learning_rate=0.1, schedule=None
    ).fit(X, y, groups=np.arange(24) % 4)
    losses = net.history_["valid_loss"].to_numpy()
    best = losses.argmin()
    assert len(losses) == best + 1 + 3 < 50
    for name, tensor in net.net_.module_.state_dict().items():
        assert torch.equal(tensor, kept[best][name])


def test_without_speakers_early_stopping_says_so():
    X, y = make_sequences()
    net = make("gru", early_stopping=True)
    with pytest.warns(EvaluationWarning, match="groups is None"):
        net.fit(X, y)
    assert net.history_.attrs["validation"] == "seen speakers"


def test_groups_are_routed_through_a_pipeline_to_early_stopping():
    X, y = make_sequences(n_clips=36)
    speakers = np.arange(36) // 2 % 6
    with sklearn.config_context(enable_metadata_routing=True):
        net = make("gru", early_stopping=True).set_fit_request(groups=True)
        results = cross_validate(
            make_pipeline(SequenceScaler(), net),
            X,
            y,
            cv=GroupKFold(3),
            params={"groups": speakers},
            return_estimator=True,
        )
    for fitted in results["estimator"]:
        assert fitted[-1].history_.attrs["validation"] == "unseen speakers"


@pytest.mark.parametrize(
    ("schedule", "shape"),
    [
        ("one-cycle", lambda r: r[0] < max(r) and r[-1] < max(r) / 100),
        ("cosine", lambda r: (np.diff(r) < 0).all() and r[-1] < max(r) / 100),
        ("plateau", lambda r: (np.diff(r) <= 0).all() and r[0] == 0.1 and r[-1] < 0.1),
        (None, lambda r: set(r) == {0.1}),
    ],
)
def test_the_learning_rate_goes_as_the_schedule_says(schedule, shape):
    X, y = make_sequences()
    rng = np.random.default_rng(0)
    # labels that cannot be learnt, so that the loss stays
    net = make("cnn", schedule=schedule, max_epochs=40, learning_rate=0.1)
    rates = net.fit(X, rng.permutation(y)).history_["learning_rate"].to_numpy()
    assert shape(rates)


@pytest.mark.parametrize("schedule, first", [("cosine", 0.1), ("one-cycle", 0.1 / 25)])
def test_the_learning_rate_is_that_of_the_step_and_not_of_the_next(schedule, first):
    X, y = make_sequences()
    net = make("cnn", schedule=schedule, max_epochs=9, learning_rate=0.1, batch_size=1_000)
    assert net.fit(X, y).history_["learning_rate"][0] == pytest.approx(first)


@pytest.mark.parametrize("n_clips", range(2, 12))
@pytest.mark.parametrize("schedule", ["one-cycle", "cosine"])
def test_schedules_bear_any_number_of_steps(n_clips, schedule):
    X, y = make_sequences(n_clips=n_clips)
    make("cnn", schedule=schedule, max_epochs=1, batch_size=1).fit(X, y)


def test_gradients_are_shortened():
    X, y = make_sequences()
    free, held = (
        make("gru", max_grad_norm=norm, max_epochs=1, schedule=None, weight_decay=0.0).fit(X, y)
        for norm in (None, 1e-12)
    )
    fresh = make("gru", max_epochs=1, learning_rate=1e-30, schedule=None).fit(X, y)
    # AdamW scales gradients up again, but not ones below its epsilon of 1e-8
    moved = [
        max(
            (a - b).abs().max().item()
            for a, b in zip(
                net.net_.module_.parameters(), fresh.net_.module_.parameters(), strict=True
            )
        )
        for net in (free, held)
    ]
    assert moved[0] > 1e-4
    assert moved[1] < 1e-6


def test_augmenters_change_training_alone():
    X, y = make_sequences()

    class Count:
        calls = 0

        def augment(self, item, rng):
            Count.calls += 1
            return item

    net = make("cnn", augmenters=[Count()], max_epochs=2, early_stopping="clips").fit(X, y)
    n_train = 24 - round(24 * 0.2)
    assert 2 * (n_train - 2) <= Count.calls <= 2 * (n_train + 2)
    calls = Count.calls
    net.predict(X)
    assert Count.calls == calls
    make("cnn", augmenters=[SpecAugment(rate=(0.8, 1.2))], mixup=0.3).fit(X, y)


def test_training_that_diverges_says_what_to_do():
    X, y = make_sequences()
    net = make("cnn", learning_rate=1e30, max_grad_norm=None, schedule=None, max_epochs=20)
    with pytest.raises(FloatingPointError, match="training diverged"):
        net.fit(X, y)


def test_a_bar_shows_how_far_it_is(capsys):
    X, y = make_sequences()
    make("cnn", verbose=True).fit(X, y)
    assert "3/3" in capsys.readouterr().err
    make("cnn").fit(X, y)
    assert capsys.readouterr() == ("", "")


def test_ctrl_c_ends_training_and_is_the_users():
    X, y = make_sequences()

    class Interrupts:
        def augment(self, item, rng):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make("cnn", augmenters=[Interrupts()]).fit(X, y)


# Going on


@each
def test_partial_fit_is_an_epoch_at_a_time(name):
    X, y = data_of(name)
    net, again = (make(name, schedule=None, learning_rate=1e-2) for _ in range(2))
    for epoch in range(1, 9):
        net.partial_fit(X, y)
        assert len(net.history_) == epoch
    assert net.history_["train_loss"].iloc[-1] < net.history_["train_loss"].iloc[0]
    for _ in range(8):
        again.partial_fit(X, y)
    np.testing.assert_array_equal(again.predict_proba(X), net.predict_proba(X))


def test_partial_fit_knows_classes_that_are_yet_to_come():
    X, y = make_sequences(n_classes=3)
    first = y != "neutral"
    net = make("gru").partial_fit(
        [X[row] for row in np.flatnonzero(first)], y[first], classes=np.unique(y)
    )
    assert net.partial_fit(X, y).predict_proba(X).shape == (24, 3)
    with pytest.raises(
        ValueError, match=r"y has the classes \['sadness'\], but the net was made for"
    ):
        net.partial_fit(X[:1], ["sadness"])


def test_warm_start_goes_on_and_a_cold_one_does_not():
    X, y = make_sequences()
    net = make("gru", warm_start=True).fit(X, y)
    once = net.predict_proba(X)
    net.fit(X, y)
    assert net.history_["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    assert not np.array_equal(net.predict_proba(X), once)
    cold = net.set_params(warm_start=False).fit(X, y)
    np.testing.assert_array_equal(cold.predict_proba(X), once)


# Keeping


@each
def test_it_pickles_clones_and_copies(name):
    X, y = data_of(name)
    net = make(name).fit(X, y)
    expected = net.predict_proba(X)
    for other in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net), clone(net).fit(X, y)):
        np.testing.assert_array_equal(other.predict_proba(X), expected)
        assert other.history_["epoch"].tolist() == net.history_["epoch"].tolist()


def test_a_pipeline_predicts_the_same_in_a_new_process(tmp_path):
    rng = np.random.default_rng(0)
    clips, y = [rng.normal(size=4_000 + 100 * n) for n in range(8)], np.arange(8) % 2
    model = make_pipeline(MelSpectrogram(n_mels=8, scale="db"), SequenceScaler(), make("gru"))
    joblib.dump(model.fit(clips, y), tmp_path / "model.joblib")
    joblib.dump(clips, tmp_path / "clips.joblib")
    code = (
        "import joblib, sys; m, X, out = sys.argv[1:]\n"
        "joblib.dump(joblib.load(m).predict_proba(joblib.load(X)), out)"
    )
    paths = [str(tmp_path / f"{what}.joblib") for what in ("model", "clips", "result")]
    subprocess.run([sys.executable, "-c", code, *paths], check=True)
    np.testing.assert_array_equal(joblib.load(paths[-1]), model.predict_proba(clips))


def test_a_loaded_net_predicts_where_the_device_that_it_asks_for_is_missing():
    X, y = make_sequences()
    net = make("gru", device="auto").fit(X, y)
    loaded = pickle.loads(pickle.dumps(net)).set_params(device="cuda:7")
    np.testing.assert_array_equal(loaded.predict_proba(X), net.predict_proba(X))


def test_the_dense_net_of_the_published_system_has_its_number_of_parameters():
    X, y = make_vectors(n_clips=14, n_features=105)
    labels = np.arange(14) % 7
    net = DenseClassifier((512, 256, 128, 64), max_epochs=1, random_state=0).fit(X, labels)
    assert net.n_parameters_ == 230_791
    assert y.shape == labels.shape


# What cannot be, and what is defined


@each_over_sequences
def test_a_sequence_without_frames_is_not_learnt_from_and_gets_the_prior(name):
    X, y = make_sequences()
    empty = np.empty((0, 3), np.float32)
    net = make(name).fit([*X, empty], [*y, "joy"])
    np.testing.assert_array_equal(net.predict_proba(X), make(name).fit(X, y).predict_proba(X))
    np.testing.assert_allclose(net.predict_proba([empty])[0], [0.5, 0.5])
    np.testing.assert_allclose(net.predict_proba([X[0], empty])[1], [0.5, 0.5])
    with pytest.raises(ValueError, match="no clip is left to train on"):
        make(name).fit([empty, empty], ["a", "b"])


@each_over_sequences
def test_channels_that_differ_are_told(name):
    X, y = make_sequences()
    with pytest.raises(ValueError, match=r"X\[23\] has 2 descriptors, X\[0\] has 3"):
        make(name).fit([*X[:-1], X[-1][:, :2]], y)
    net = make(name).fit(X, y)
    with pytest.raises(ValueError, match="X has 2 channels per frame, but fit had 3"):
        net.predict([one[:, :2] for one in X])


@each
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_numbers_that_are_none_are_told(name, wrong):
    X, y = data_of(name)
    X[3] = X[3].copy()
    X[3][..., 0] = wrong
    with pytest.raises(ValueError, match=r"NaN|infinit|not finite"):
        make(name).fit(X, y)


@each
def test_one_class_is_told(name):
    X, _ = data_of(name)
    with pytest.raises(ValueError, match=r"y has only one class, \['joy'\]"):
        make(name).fit(X, ["joy"] * len(X))


@each
def test_a_batch_of_one_is_learnt_from(name):
    X, y = data_of(name, n_clips=5)
    for batch_size in (1, 4):
        net = make(name, batch_size=batch_size).fit(X, y)
        assert np.isfinite(net.predict_proba(X)).all()


def test_sequences_of_one_frame_are_learnt_from():
    X, y = make_sequences(lengths=(1, 2))
    for name in SMALL:
        for batch_size in (1, 32):
            net = make(name, batch_size=batch_size).fit(X, y)
            assert np.isfinite(net.predict_proba(X)).all()


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"channels": ()}, r"channels=\(\) must be one size a block"),
        ({"channels": (8, 0)}, "channels=.* must be"),
        ({"channels": 8}, "channels=8 must be"),
        ({"kernel_size": 4}, "kernel_size=4 must be an odd number"),
        ({"pool_size": 0}, "pool_size=0 must be"),
        ({"pool_size": (2, 2, 2)}, r"pool_size=\(2, 2, 2\) must be one number, or one per block"),
        ({"pooling": "last"}, "pooling='last' must be 'mean', 'max' or 'attention'"),
        ({"dropout": 1.0}, r"dropout=1.0 must be within \[0, 1\)"),
        ({"dropout": "high"}, "dropout='high' must be"),
        ({"learning_rate": 0}, "learning_rate=0 must be above 0"),
        ({"learning_rate": None}, "learning_rate=None must be"),
        ({"schedule": "warm"}, "schedule='warm' must be one of"),
        ({"schedule": ["cosine"]}, "schedule=.* must be one of"),
        ({"max_epochs": 0}, "max_epochs=0 must be a whole number from 1"),
        ({"batch_size": 2.5}, "batch_size=2.5 must be"),
        ({"early_stopping": "speakers"}, "early_stopping='speakers' must be"),
        ({"validation_fraction": 0.9}, "validation_fraction=0.9 must be"),
        ({"mixup": -1}, "mixup=-1 must be"),
        ({"augmenters": [3]}, "augmenters has 3, which has no method augment"),
        ({"class_weight": "even"}, "class_weight"),
        ({"device": "gpu"}, "device='gpu' must be 'auto', 'cpu', 'cuda'"),
        ({"device": "cuda:63"}, "device='cuda:63' is missing: PyTorch .* does not find it"),
    ],
)
def test_parameters_that_cannot_be_are_named(params, message):
    X, y = make_sequences()
    with pytest.raises(ValueError, match=message):
        make("cnn", **params).fit(X, y)


def test_memory_that_runs_out_is_told(monkeypatch):
    X, y = make_sequences()

    def exhaust(*args, **kwargs):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    net = make("cnn").fit(X, y)
    monkeypatch.setattr("sk_ser.neural._modules.SequenceNet.forward", exhaust)
    for do in (lambda: make("cnn").fit(X, y), lambda: net.predict(X)):
        with pytest.raises(MemoryError, match="out of memory on cpu with batch_size=32"):
            do()


def test_other_errors_stay_what_they_are(monkeypatch):
    X, y = make_sequences()
    monkeypatch.setattr("sk_ser.neural._modules.SequenceNet.forward", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make("cnn").fit(X, y)


def test_classes_are_named_as_what_they_are():
    assert CNNClassifier().get_params()["pooling"] == "mean"
    assert GRUClassifier().get_params()["pooling"] == "last"
