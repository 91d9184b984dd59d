"""Devices to compute on, with errors that say what to do."""

from contextlib import contextmanager

import numpy as np
import torch


def find_device(device, owner):
    """Resolve "auto", and raise an error for a device that is missing.

    Parameters
    ----------
    device : str
        "auto" (CUDA if there is a GPU, otherwise the CPU) or a name that PyTorch knows: "cpu",
        "cuda", "cuda:1", "mps".
    owner : str
        Name that the error message starts with.

    Returns
    -------
    torch.device

    Raises
    ------
    ValueError
        If PyTorch does not know the device, or does not find it.
    """
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        found = torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise ValueError(
            f"{owner}: device={device!r} must be 'auto', 'cpu', 'cuda' or another name that "
            "PyTorch knows."
        ) from error
    counts = {"cpu": np.inf, "cuda": torch.cuda.device_count()}
    counts["mps"] = int(torch.backends.mps.is_available())
    if (found.index or 0) >= counts.get(found.type, 0):
        raise ValueError(
            f"{owner}: device={device!r} is missing: PyTorch {torch.__version__} does not find it. "
            "Pass device='auto' or 'cpu'."
        )
    return found


@contextmanager
def explain_memory(owner, device, batch_size):
    """Add what to do to the error of PyTorch when memory runs out."""
    try:
        yield
    except (torch.OutOfMemoryError, RuntimeError) as error:
        if not isinstance(error, torch.OutOfMemoryError) and "allocate" not in str(error):
            raise
        raise MemoryError(
            f"{owner}: out of memory on {device} with batch_size={batch_size}. Use a smaller "
            "batch_size or shorter sequences, or pass device='cpu'."
        ) from error


@contextmanager
def seeded(seed, device):
    """Seed PyTorch within a context, and restore its generators afterwards."""
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        yield
