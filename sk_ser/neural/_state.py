"""A trained net as plain values, and back."""

import numpy as np
import torch

from sk_ser.neural._net import Net, SoftCrossEntropy


def pack_net(net):
    """Turn a net into plain values.

    Parameters
    ----------
    net : Net
        Trained, on any device.

    Returns
    -------
    dict
        ``layers``: the arguments of the module; ``weights``: its state, an array per tensor;
        ``optimizer``: its state, so that training can continue; ``history``: a dict per epoch;
        ``mixed_precision``. All values are arrays, numbers, text, and lists and dicts of them.
    """
    epochs = [{k: v for k, v in epoch.items() if k != "batches"} for epoch in net.history]
    return {
        "layers": _plain(net.get_params_for("module")),
        "weights": _plain(dict(net.module_.state_dict())),
        "optimizer": _plain(net.optimizer_.state_dict()),
        "history": _plain(epochs),
        "mixed_precision": bool(net.mixed_precision),
    }


def unpack_net(state, module):
    """Make a net of plain values, on the CPU, without use of PyTorch's global generators.

    Parameters
    ----------
    state : dict
        As :func:`pack_net` returns it.
    module : type
        Class of the torch module.

    Returns
    -------
    Net
        It predicts what the packed one predicts.

    Raises
    ------
    ValueError
        If the arrays do not fit the module. This is checked before memory is allocated.
    """
    layers, weights = state["layers"], state["weights"]
    _check_fit(module, layers, weights)
    with torch.random.fork_rng(devices=[]):
        net = Net(
            module,
            criterion=SoftCrossEntropy,
            optimizer=torch.optim.AdamW,
            mixed_precision=state["mixed_precision"],
            callbacks=[],
            device="cpu",
            **{f"module__{name}": value for name, value in layers.items()},
        ).initialize()
    if any(np.asarray(array).dtype == np.float64 for array in weights.values()):
        net.module_.to(torch.float64)
    net.module_.load_state_dict(_tensors(weights))
    net.optimizer_.load_state_dict(_tensors(state["optimizer"]))
    for epoch in state["history"]:
        net.history.new_epoch()
        for name, value in epoch.items():
            net.history.record(name, value)
    return net


def _check_fit(module, layers, weights):
    """Compare the shapes of the arrays with those of a module without memory."""
    # even without memory, a huge number of layers would take long
    if layers.get("n_layers", 1) > len(weights):
        raise ValueError(f"{len(weights)} arrays cannot make {layers['n_layers']} layers.")
    with torch.device("meta"):
        wanted = {name: tuple(t.shape) for name, t in module(**layers).state_dict().items()}
    found = {name: np.shape(array) for name, array in weights.items()}
    if wanted != found:
        differing = sorted(k for k in wanted.keys() | found.keys() if wanted.get(k) != found.get(k))
        raise ValueError(
            f"the arrays do not fit the net: {differing[0]!r} has the shape "
            f"{found.get(differing[0])} and must have {wanted.get(differing[0])}."
        )


def _plain(value):
    """Turn tensors into arrays and numbers of NumPy into those of Python, at any depth."""
    if isinstance(value, torch.Tensor):
        # a copy, because the net may be trained further
        return value.detach().cpu().numpy().copy()
    return value.item() if isinstance(value, np.generic) else _convert(_plain, value)


def _tensors(value):
    """Turn arrays into tensors, at any depth."""
    is_array = isinstance(value, np.ndarray)
    return torch.from_numpy(value.copy()) if is_array else _convert(_tensors, value)


def _convert(function, value):
    """Apply a function to the items of a dict, list or tuple; return other values as they are."""
    if isinstance(value, dict):
        return {key: function(inner) for key, inner in value.items()}
    return type(value)(map(function, value)) if isinstance(value, (list, tuple)) else value
