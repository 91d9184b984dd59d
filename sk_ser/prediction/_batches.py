"""Files a batch at a time, with a bar for who waits."""

from itertools import islice

from tqdm.auto import tqdm

from sk_ser._containers import is_path

#: Seconds that pass before a progress bar is shown.
_PATIENCE = 2


def batches_of(paths, batch_size, progress, caller):
    """Cut paths into batches; check at once, and read as it goes.

    Parameters
    ----------
    paths : iterable of str or Path
    batch_size : int
        Paths of a batch.
    progress : bool
        Whether to show a bar on stderr.
    caller : str
        Whose parameters these are.

    Returns
    -------
    generator of list
    """
    if is_path(paths):
        raise ValueError(f"{caller}: paths is one path, {str(paths)!r}; give a list.")
    if batch_size < 1:
        raise ValueError(f"{caller}: batch_size={batch_size!r} must be 1 or more.")
    return _batches(paths, batch_size, progress)


def _batches(paths, batch_size, progress):
    total = len(paths) if hasattr(paths, "__len__") else None
    paths = iter(paths)
    with tqdm(total=total, unit="file", delay=_PATIENCE, disable=not progress) as bar:
        while batch := list(islice(paths, batch_size)):
            yield batch
            bar.update(len(batch))
