"""The file itself: a zip of a header, what a model is made of, and a checksum of each.

Its members are stored, not compressed, so that a file never holds more than it weighs. A
checksum tells damage, and a change that was not meant to deceive. It is no signature:
whoever writes a file can write fitting checksums. What keeps code from running is that a model
is rebuilt from named types alone (`_schema.py`, `_trusted.py`).
"""

import hashlib
import io
import json
import os
import struct
import tempfile
import zipfile
from pathlib import Path

from sk_ser.exceptions import ModelFileError

HEADER, CHECKSUMS = "header.json", "checksums.json"
#: What `format` is in every header, and the newest version of it that is understood.
FORMAT, FORMAT_VERSION = "sk_ser model", 1
#: Bytes of a header or of checksums, at most.
_MOST_JSON = 64 * 2**20
#: What zipfile raises on what is no zip, or no whole one; RuntimeError if it is said to be
#: encrypted, or of a version or method that is not there.
_UNREADABLE = (zipfile.BadZipFile, EOFError, ValueError, OverflowError, RuntimeError, struct.error)


def write_file(path, header, members):
    """Write a model's file: whole, or not at all.

    Parameters
    ----------
    path : str or Path
        Where to. What was there is replaced at the end.
    header : dict
        In types that JSON has.
    members : dict of str to bytes
        What the model is made of.

    Returns
    -------
    Path
    """
    path = Path(path)
    members = {HEADER: to_json(header), **members}
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pack_zip(members | {CHECKSUMS: to_json(checksums)}))
        # mkstemp's files are the owner's alone
        os.chmod(unfinished, 0o666 & ~_umask())
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise
    return path


def read_file(path):
    """Read a file whole, and check all of it.

    Parameters
    ----------
    path : str or Path
        Of :func:`write_file`.

    Returns
    -------
    header : dict
    members : dict of str to bytes

    Raises
    ------
    ModelFileError
        If anything in it is not as it was written.
    """
    with _open_zip(path) as archive:
        names = archive.namelist()
        content = {name: _read(archive, name, path) for name in names}
    checksums = _parse(content.pop(CHECKSUMS), path, CHECKSUMS)
    found = {name: hashlib.sha256(member).hexdigest() for name, member in content.items()}
    if found != checksums:
        _damaged(path, "its checksums do not fit its content")
    return _check_header(_parse(content.pop(HEADER), path, HEADER), path), content


def read_header(path):
    """Read what is said about a model in its file, without loading it.

    Nothing but the header is read: it takes no library that the model needs, and runs no code.

    Parameters
    ----------
    path : str or Path
        File of :func:`save`, of any version and in either format.

    Returns
    -------
    dict
        ``format``, ``format_version``, ``kind`` ("skops" or "joblib"), ``created`` (UTC),
        ``versions`` of the packages it was made with, ``sampling_rate`` in Hz, ``classes``,
        ``model`` (its class and steps), and what was given to :func:`save`, such as
        ``training`` and ``protocols``.

    Raises
    ------
    ModelFileError
        If it is no such file, or damaged.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.persistence import read_header, save
    >>> model = GaussianNB().fit([[0.0], [1.0]], ["calm", "angry"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save(model, pathlib.Path(folder, "model.skops"), header={"sampling_rate": 16000})
    ...     header = read_header(path)
    >>> header["classes"], header["sampling_rate"]
    (['angry', 'calm'], 16000)
    """
    with _open_zip(path) as archive:
        content = {name: _read(archive, name, path) for name in (HEADER, CHECKSUMS)}
    checksums = _parse(content[CHECKSUMS], path, CHECKSUMS)
    if hashlib.sha256(content[HEADER]).hexdigest() != checksums.get(HEADER):
        _damaged(path, "the checksum of its header does not fit")
    return _check_header(_parse(content[HEADER], path, HEADER), path)


def pack_zip(members):
    """Put members into a zip, stored as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def unpack_zip(content):
    """Take members out of a zip that this process made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def to_json(value):
    """Write JSON that holds no NaN."""
    return json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False).encode()


def _open_zip(path):
    """Open a zip that holds what a model's file holds, and no more than it weighs."""
    # read at once, for what is checked shall be what is used
    content = Path(path).read_bytes()
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _UNREADABLE as error:
        raise ModelFileError(_no_model_file(path, content)) from error
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if not {HEADER, CHECKSUMS} <= set(names):
        _damaged(path, "it has no header and checksums of sk_ser")
    if len(set(names)) < len(names):
        _damaged(path, "it holds two members of one name")
    if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
        _damaged(path, "its members are compressed, which save does not do")
    if sum(info.file_size for info in infos) > len(content):
        _damaged(path, "its members are said to be larger than the file")
    return archive


def _no_model_file(path, content):
    if content.startswith(b"PK"):
        return f"{path}: the file is truncated or damaged. Copy it anew from where it was saved."
    return (
        f"{path}: this is no file of sk_ser.persistence.save. If joblib.dump or pickle wrote it, "
        "loading it can run any code: do so only if you trust where it comes from, with "
        'load(path, format="joblib").'
    )


def _read(archive, name, path):
    if name in (HEADER, CHECKSUMS) and archive.getinfo(name).file_size > _MOST_JSON:
        _damaged(path, f"{name} is larger than any header")
    try:
        return archive.read(name)
    except _UNREADABLE as error:
        _damaged(path, f"{name} cannot be read ({error})")


def _parse(content, path, name):
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        _damaged(path, f"{name} is no JSON ({error})")
    if not isinstance(found, dict):
        _damaged(path, f"{name} is no JSON object")
    return found


def _check_header(header, path):
    version = header.get("format_version")
    if header.get("format") != FORMAT or type(version) is not int:
        _damaged(path, "its header is not of an sk_ser model")
    if version > FORMAT_VERSION:
        raise ModelFileError(
            f"{path}: it is of version {version} of the format, and this sk_ser reads up to "
            f"{FORMAT_VERSION}. Update sk_ser, to {_written_by(header)}."
        )
    return header


def _written_by(header):
    versions = header.get("versions")
    return versions.get("sk_ser", "?") if isinstance(versions, dict) else "?"


def _damaged(path, problem):
    raise ModelFileError(
        f"{path}: the file is damaged, or was tampered with: {problem}. Copy it anew from where it "
        "was saved."
    )


def _umask():
    current = os.umask(0)
    os.umask(current)
    return current
