"""Batches of files, with an optional progress bar."""

from itertools import islice

from tqdm.auto import tqdm

from sk_ser._containers import is_path

#: Seconds before a progress bar is shown.
_PATIENCE = 2


def batches_of(paths, batch_size, progress, caller):
    """Check the parameters, then cut paths into batches lazily.

    Parameters
    ----------
    paths : iterable of str or Path
    batch_size : int
        Paths in a batch.
    progress : bool
        Whether to show a bar on stderr.
    caller : str
        Name of the public function, for error messages.

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
