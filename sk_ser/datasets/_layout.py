"""Emotion and speaker from the folders that recordings lie in."""

from sk_ser.datasets._labels import is_emotion
from sk_ser.datasets._report import name_some
from sk_ser.exceptions import CorpusError

#: What each level of folders says, from the outermost.
LAYOUTS = {
    "emotion": ("emotion",),
    "speaker/emotion": ("speaker", "emotion"),
    "emotion/speaker": ("emotion", "speaker"),
}
_CHOOSE = 'Say which with layout="emotion", "speaker/emotion" or "emotion/speaker"'


def rows_of_folder(folder, files, layout="auto"):
    """Read emotion, and speaker where there is one, from the folders of recordings.

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
        ``path``, ``emotion`` and, by the layout, ``speaker``.

    Raises
    ------
    CorpusError
        If files are not all equally deep, or it cannot be told which level of folders
        is the emotion.
    """
    if layout not in ("auto", *LAYOUTS):
        raise ValueError(f"layout={layout!r}: it must be 'auto' or one of {list(LAYOUTS)}.")
    levels = _levels(folder, files, layout)
    roles = LAYOUTS[layout] if layout != "auto" else _guess(folder, levels)
    if len(roles) != len(levels[0]):
        raise CorpusError(
            f"{folder}: layout={layout!r} expects {len(roles)} levels of folders, but there are "
            f"{len(levels[0])}, as in {str(files[0])!r}. Choose another layout, or use a manifest."
        )
    return [
        {"path": str(file), **dict(zip(roles, level, strict=True))}
        for file, level in zip(files, levels, strict=True)
    ]


def _levels(folder, files, layout):
    """Folder names above each file, without outer folders that all files share."""
    levels = [file.parts[:-1] for file in files]
    # An archive's own folder says nothing, and taken for a speaker it would be a made-up
    # one. It is kept where it is an emotion, or where the layout says that it is meant.
    least = 1 if layout == "auto" else len(LAYOUTS[layout])
    while min(map(len, levels)) > least and _is_wrapper(levels):
        levels = [level[1:] for level in levels]
    depths = {len(level): file for level, file in zip(levels, files, strict=True)}
    if len(depths) > 1 or not set(depths) <= {1, 2}:
        raise CorpusError(
            f"{folder}: recordings must lie in a folder per emotion, with or without a folder per "
            f"speaker above or below it, but they lie as in {name_some(depths.values())}. Sort "
            "them so, or pass a manifest: a table with the columns path, emotion and speaker."
        )
    return levels


def _is_wrapper(levels):
    outer = {level[0] for level in levels}
    return len(outer) == 1 and not is_emotion(*outer)


def _guess(folder, levels):
    """Which level is the emotion: the one level that holds names of emotions."""
    names = [list(dict.fromkeys(level)) for level in zip(*levels, strict=True)]
    known = [any(is_emotion(name) for name in level) for level in names]
    if known == [True]:
        return LAYOUTS["emotion"]
    if known == [False]:
        raise CorpusError(
            f"{folder}: it cannot be told whether the folders {name_some(names[0])} are emotions, "
            'because none is a known name of one. Pass layout="emotion" if they are; if they are '
            "speakers, pass a manifest that says the emotions."
        )
    if known == [True, False]:
        return LAYOUTS["emotion/speaker"]
    if known == [False, True]:
        return LAYOUTS["speaker/emotion"]
    which = "both levels hold" if all(known) else "neither level holds"
    raise CorpusError(
        f"{folder}: it cannot be told which folders are emotions, {name_some(names[0])} or "
        f"{name_some(names[1])}, because {which} known names of emotions. {_CHOOSE}."
    )
