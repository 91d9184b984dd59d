"""Where to compute, and what to say when that cannot be."""

from contextlib import contextmanager

import torch


def find_device(device, owner):
    """Resolve "auto", and refuse a device that is not there.

    Parameters
    ----------
    device : str
        "auto" (CUDA where there is a GPU, otherwise the CPU) or what PyTorch calls one:
        "cpu", "cuda", "cuda:1", "mps".
    owner : str
        Who asks; the error message starts with it.

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
    except (RuntimeError, TypeError):
        raise ValueError(
            f"{owner}: device={device!r} must be 'auto', 'cpu', 'cuda' or another name that "
            "PyTorch knows."
        ) from None
    if not _is_there(found):
        raise ValueError(
            f"{owner}: device={device!r} was asked for, but PyTorch {torch.__version__} finds no "
            "such device here. Pass device='auto' or 'cpu'."
        )
    return found


def _is_there(device):
    if device.type == "cuda":
        return torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count()
    if device.type == "mps":
        return torch.backends.mps.is_available()
    return device.type == "cpu"


@contextmanager
def memory_told_of(owner, device, batch_size):
    """Say what to do when memory runs out."""
    try:
        yield
    except (torch.OutOfMemoryError, RuntimeError) as error:
        if not isinstance(error, torch.OutOfMemoryError) and "allocate" not in str(error):
            raise
        raise MemoryError(
            f"{owner}: out of memory on {device} with batch_size={batch_size}. Lower batch_size, "
            "give shorter sequences, or pass device='cpu'."
        ) from error


@contextmanager
def seeded(seed, device):
    """Draw weights and dropout from a seed of their own; leave PyTorch's generators alone."""
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        yield
