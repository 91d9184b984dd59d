"""A net taken apart into plain values, and put together."""

import json

import numpy as np
import pytest
import torch

from sk_ser.neural._state import pack_net, unpack_net
from tests.neural.nets import ALL, data_of, make

each = pytest.mark.parametrize("name", ALL)


def dtype_of(net):
    return next(net.module_.parameters()).dtype


def is_plain(value):
    if isinstance(value, dict):
        return all(is_plain(inner) for inner in value.values())
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    if isinstance(value, np.ndarray):
        return not value.dtype.hasobject
    return value is None or type(value) in (str, int, float, bool)


@each
def test_its_parts_are_plain(name):
    state = make(name).fit(*data_of(name)).__getstate__()
    assert is_plain(state["net_"])
    assert "history_" not in state


@each
def test_put_together_it_has_the_same_weights_and_leaves_generators_alone(name):
    net = make(name, early_stopping="clips").fit(*data_of(name))
    before = torch.get_rng_state()
    again = unpack_net(pack_net(net.net_), net.module)
    assert torch.equal(torch.get_rng_state(), before)
    for (left, one), (right, other) in zip(
        net.net_.module_.state_dict().items(), again.module_.state_dict().items(), strict=True
    ):
        assert left == right
        assert one.dtype == other.dtype
        assert torch.equal(one, other)


def test_double_precision_stays():
    X, y = data_of("dense")
    net = make("dense").fit(X.astype(np.float64), y)
    again = unpack_net(pack_net(net.net_), net.module)
    assert dtype_of(again) == dtype_of(net.net_)


def test_what_is_packed_does_not_change_with_the_net():
    X, y = data_of("dense")
    net = make("dense").fit(X, y)
    state = pack_net(net.net_)
    before = {name: array.copy() for name, array in state["weights"].items()}
    net.partial_fit(X, y)
    for name, array in state["weights"].items():
        np.testing.assert_array_equal(array, before[name])


def test_history_is_numbers():
    net = make("gru", early_stopping="clips").fit(*data_of("gru"))
    assert json.loads(json.dumps(pack_net(net.net_)["history"])) == pack_net(net.net_)["history"]


@pytest.mark.parametrize("change", ["shape", "missing", "more"])
def test_arrays_of_another_net_are_refused(change):
    net = make("gru").fit(*data_of("gru"))
    state = pack_net(net.net_)
    name = next(iter(state["weights"]))
    if change == "shape":
        state["weights"][name] = np.zeros((1, 2), np.float32)
    elif change == "missing":
        del state["weights"][name]
    else:
        state["weights"]["another"] = np.zeros(1, np.float32)
        name = "another"
    with pytest.raises(ValueError, match=f"{name}.*has the shape"):
        unpack_net(state, net.module)
