"""Emotion and speaker from the folders of recordings."""

from sk_ser.datasets._labels import is_emotion
from sk_ser.datasets._report import name_some
from sk_ser.exceptions import CorpusError

#: Layouts by whether each level of folders, from the outermost, holds known names of emotions.
_GUESSES = {(True,): "emotion", (True, False): "emotion/speaker", (False, True): "speaker/emotion"}
LAYOUTS = tuple(_GUESSES.values())


def rows_of_folder(folder, files, layout="auto"):
    """Read the emotion, and the speaker if the folders name one, of each recording.

    Parameters
    ----------
    folder : Path
        For error messages.
    files : list of PurePosixPath
        Recordings, relative to the folder.
    layout : {"auto", "emotion", "speaker/emotion", "emotion/speaker"}

    Returns
    -------
    rows : list of dict
        ``path``, ``emotion`` and, depending on the layout, ``speaker``.

    Raises
    ------
    CorpusError
        If files are not all equally deep, or the layout is ambiguous.
    """
    if layout not in ("auto", *LAYOUTS):
        raise ValueError(f"layout={layout!r}: it must be 'auto' or one of {LAYOUTS}.")
    levels = _levels(folder, files, layout)
    roles = (_guess(folder, levels) if layout == "auto" else layout).split("/")
    if len(roles) != len(levels[0]):
        raise CorpusError(
            f"layout={layout!r} expects {len(roles)} levels of folders, but there are "
            f"{len(levels[0])}, as in {str(files[0])!r}",
            path=folder,
            remedy="Choose another layout, or use a manifest.",
        )
    return [
        {"path": str(file), **dict(zip(roles, level, strict=True))}
        for file, level in zip(files, levels, strict=True)
    ]


def _levels(folder, files, layout):
    """Folder names above each file, without outer folders that all files share."""
    levels = [file.parts[:-1] for file in files]
    # An archive's own folder is no speaker. It counts if it is an emotion, or if the layout
    # has a level for it.
    least = 1 + layout.count("/")
    while min(map(len, levels)) > least:
        outer = {level[0] for level in levels}
        if len(outer) > 1 or is_emotion(*outer):
            break
        levels = [level[1:] for level in levels]
    depths = {len(level): file for level, file in zip(levels, files, strict=True)}
    if len(depths) > 1 or not set(depths) <= {1, 2}:
        raise CorpusError(
            "recordings must lie in a folder per emotion, with or without a folder per speaker "
            f"above or below it, but they lie as in {name_some(depths.values())}",
            path=folder,
            remedy="Sort them into such folders, or pass a manifest: a table with the columns "
            "path, emotion and speaker.",
        )
    return levels


def _guess(folder, levels):
    """Find the one level of folders that holds names of emotions."""
    names = [list(dict.fromkeys(level)) for level in zip(*levels, strict=True)]
    known = tuple(any(is_emotion(name) for name in level) for level in names)
    if known in _GUESSES:
        return _GUESSES[known]
    raise CorpusError(
        f"the folders of emotions may be {' or '.join(map(name_some, names))} or none, because "
        f"{'both levels hold' if any(known) else 'no level holds'} known names of emotions",
        path=folder,
        remedy='Choose layout="emotion", "speaker/emotion" or "emotion/speaker", or pass a '
        "manifest with the emotions.",
    )
