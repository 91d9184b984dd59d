"""On a GPU: the same predictions as on the CPU, a model that leaves it, and no time lost."""

import pickle
import time
from contextlib import nullcontext

import numpy as np
import pytest
import torch

from sk_ser.neural._batches import Batches, Sequences
from sk_ser.neural._net import SoftCrossEntropy
from tests.neural.nets import ALL, data_of, make, make_sequences

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="PyTorch finds no CUDA device"),
]
each = pytest.mark.parametrize("name", ALL)


@each
def test_cpu_and_gpu_predict_the_same(name):
    X, y = data_of(name, n_clips=60, n_classes=3)
    net = make(name, device="cuda", mixed_precision=False, max_epochs=5).fit(X, y)
    on_gpu = net.predict_proba(X)
    on_cpu = net.set_params(device="cpu").predict_proba(X)
    np.testing.assert_allclose(on_cpu, on_gpu, atol=1e-3)


@each
def test_training_on_either_comes_to_the_same(name):
    X, y = data_of(name, n_clips=60, n_classes=3)
    # what dropout draws is the device's own
    still = {"dropout": 0.0, "max_epochs": 3, "mixed_precision": False}
    if name != "dense":
        still["head_dropout"] = 0.0
    proba = [make(name, device=d, **still).fit(X, y).predict_proba(X) for d in ("cpu", "cuda")]
    np.testing.assert_allclose(*proba, atol=1e-3)


@each
def test_mixed_precision_learns_as_well(name):
    X, y = data_of(name, n_clips=60, n_classes=3)
    net = make(name, device="cuda", max_epochs=60, dropout=0.0, learning_rate=1e-2).fit(X, y)
    test, expected = data_of(name, n_clips=60, n_classes=3, seed=1)
    assert net.score(test, expected) > 0.9


@each
def test_pickled_it_is_on_the_cpu_and_the_net_stays_on_the_gpu(name):
    X, y = data_of(name)
    net = make(name, device="cuda").fit(X, y)
    net.predict(X)
    loaded = pickle.loads(pickle.dumps(net))
    assert net.net_.device.startswith("cuda")
    assert {p.device.type for p in loaded.net_.module_.parameters()} == {"cpu"}
    loaded.set_params(device="cpu")
    np.testing.assert_allclose(loaded.predict_proba(X), net.predict_proba(X), atol=2e-2)


def test_a_seed_is_repeated_and_torchs_generators_left_alone():
    X, y = make_sequences()
    before = torch.cuda.get_rng_state()
    first, again = (make("cnn", device="cuda").fit(X, y).predict_proba(X) for _ in range(2))
    np.testing.assert_allclose(first, again, atol=1e-3)
    assert torch.equal(torch.cuda.get_rng_state(), before)


def test_memory_that_runs_out_is_told():
    torch.cuda.empty_cache()
    free, _ = torch.cuda.mem_get_info()
    held = torch.empty(free - 2**28, dtype=torch.uint8, device="cuda")
    X, y = make_sequences(n_clips=8, n_channels=16, lengths=(100_000, 100_010))
    net = make("cnn", device="cuda", channels=(512,), batch_size=len(X))
    with pytest.raises(MemoryError, match="out of memory on cuda with batch_size=8"):
        net.fit(X, y)
    del held
    net.set_params(channels=(8,)).fit(X, y)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cnn", "gru"])
def test_an_epoch_costs_little_more_than_a_loop_by_hand(name):
    X, y = make_sequences(n_clips=960, n_channels=64, lengths=(100, 300))
    wide = {"channels": (128, 128)}
    net = make(name, device="cuda", schedule=None, **wide).fit(X, y)
    targets = np.eye(2)[np.searchsorted(net.classes_, y)]

    def fit(n_epochs):
        net.set_params(max_epochs=n_epochs).fit(X, y)

    def by_hand(n_epochs):
        module = type(net.net_.module_)(**net.module_params(64, 2)).cuda().train()
        optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3)
        batches = Batches(Sequences(X, targets), 32, rng=np.random.default_rng(0))
        loss_of, half = SoftCrossEntropy(), torch.autocast("cuda", torch.bfloat16)
        for _ in range(n_epochs):
            for (x, lengths), target in batches:
                optimizer.zero_grad(set_to_none=True)
                with half if torch.cuda.is_bf16_supported() else nullcontext():
                    logits = module(x.cuda(non_blocking=True), lengths)
                loss = loss_of(logits.float(), target.cuda(non_blocking=True))
                loss.backward()
                torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
                optimizer.step()
                # a history of losses needs each of them
                loss.item()

    def seconds_per_epoch(train):
        """Leave out what a fit does once: checks, hashes of the clips, the net itself."""
        times = []
        for n_epochs in (1, 5):
            start = time.perf_counter()
            train(n_epochs)
            times.append(time.perf_counter() - start)
        return (times[1] - times[0]) / 4

    by_hand(1)
    pairs = [(seconds_per_epoch(fit), seconds_per_epoch(by_hand)) for _ in range(5)]
    assert np.median([ours / theirs for ours, theirs in pairs]) <= 1.15
