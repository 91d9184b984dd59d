"""The file format: a zip of a header, the parts of the model, and a checksum of each.

The members are stored without compression, so the contents are never larger than the file. The
checksums detect corruption, not tampering: the author of a file can write fitting checksums. No
code runs because a model is built only from trusted types (`_schema.py`, `_trusted.py`).
"""

import hashlib
import io
import json
import os
import struct
import uuid
import zipfile
from contextlib import contextmanager
from pathlib import Path

from sk_ser.exceptions import ModelFileError
from sk_ser.persistence._entries import find_fault, parse

_COPY = "Copy it again from its source."
HEADER, CHECKSUMS = "header.json", "checksums.json"
#: The `format` of every header, and the newest version that can be read.
FORMAT, FORMAT_VERSION = "sk_ser model", 1
#: Largest header and largest list of checksums, in bytes.
_MOST_JSON = 64 * 2**20
#: Errors of zipfile on a file that is not a zip or is truncated; RuntimeError on one that claims to
#: be encrypted, or to need an unknown version or method.
_UNREADABLE = (zipfile.BadZipFile, EOFError, ValueError, OverflowError, RuntimeError, struct.error)


def write_file(path, header, members):
    """Write a model's file completely, or leave the old one.

    Parameters
    ----------
    path : str or Path
        An existing file is replaced at the end.
    header : dict
        Types that JSON can represent.
    members : dict of str to bytes
        The parts of the model.

    Returns
    -------
    Path
    """
    path = Path(path)
    members = {HEADER: to_json(header), **members}
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        unfinished.write_bytes(pack_zip(members | {CHECKSUMS: to_json(checksums)}))
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def read_file(path, *, header_only=False):
    """Read a file and check what is read.

    Parameters
    ----------
    path : str or Path
        A file of :func:`write_file`.
    header_only : bool, default=False
        Whether to leave out the members of the model.

    Returns
    -------
    header : dict
    members : dict of str to bytes

    Raises
    ------
    ModelFileError
        Without the path, if anything in it differs from what was written.
    """
    with _open_zip(path) as archive:
        names = (HEADER, CHECKSUMS) if header_only else archive.namelist()
        content = {name: _read(archive, name) for name in names}
    checksums = _parse(content.pop(CHECKSUMS), CHECKSUMS)
    if header_only:
        checksums = {HEADER: checksums.get(HEADER)}
    found = {name: hashlib.sha256(member).hexdigest() for name, member in content.items()}
    _check(found == checksums, "its checksums do not fit its content")
    return _check_header(_parse(content.pop(HEADER), HEADER)), content


def read_header(path: str | Path) -> dict:
    """Read the header of a model's file without loading the model.

    This runs no code and needs no library that the model needs.

    Parameters
    ----------
    path : str or Path
        A file of :func:`save`, of any version and in either format.

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
        If it is not such a file, or is damaged.

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
    with named(path):
        return read_file(path, header_only=True)[0]


@contextmanager
def named(path):
    """Give a path to the ModelFileErrors that are raised within."""
    try:
        yield
    except ModelFileError as error:
        raise error.at(path) from error.__cause__


def pack_zip(members):
    """Write members into a zip without compression."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def unpack_zip(content):
    """Read the members of a zip that this process wrote."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def to_json(value):
    """Write JSON without NaN."""
    return json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False).encode()


def _open_zip(path):
    """Open a zip and check its directory."""
    # read once, so that what is checked is what is used
    content = Path(path).read_bytes()
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _UNREADABLE as error:
        if content.startswith(b"PK"):
            raise ModelFileError("the file is truncated or damaged", remedy=_COPY) from error
        raise ModelFileError(
            "not a file of sk_ser.persistence.save",
            remedy="If joblib.dump or pickle wrote it, loading it can run any code: do so only if "
            'you trust its source, with load(path, format="joblib").',
        ) from error
    infos = archive.infolist()
    names = [info.filename for info in infos]
    _check({HEADER, CHECKSUMS} <= set(names), "it has no header and checksums of sk_ser")
    _check(len(set(names)) == len(names), "it has two members with the same name")
    is_stored = all(info.compress_type == zipfile.ZIP_STORED for info in infos)
    _check(is_stored, "its members are compressed, which save never does")
    size = sum(info.file_size for info in infos)
    _check(size <= len(content), "its members claim to be larger than the file")
    return archive


def _read(archive, name):
    is_small = name not in (HEADER, CHECKSUMS) or archive.getinfo(name).file_size <= _MOST_JSON
    _check(is_small, f"{name} is larger than any header")
    try:
        return archive.read(name)
    except _UNREADABLE as error:
        raise _damaged(f"{name} cannot be read ({error})") from error


def _parse(content, name):
    try:
        found = parse(content)
    except (ValueError, RecursionError) as error:
        raise _damaged(f"{name} is not JSON ({error})") from error
    _check(isinstance(found, dict), f"{name} is not a JSON object")
    return found


def _check_header(header):
    version = header.get("format_version")
    is_ours = header.get("format") == FORMAT and type(version) is int
    _check(is_ours, "its header is not of an sk_ser model")
    if version > FORMAT_VERSION:
        versions = header.get("versions")
        written_by = versions.get("sk_ser", "?") if isinstance(versions, dict) else "?"
        raise ModelFileError(
            f"it is of version {version} of the format, and this sk_ser reads up to version "
            f"{FORMAT_VERSION}",
            remedy=f"Update sk_ser to {written_by}.",
        )
    fault = find_fault(header)
    _check(not fault, f"in its header, {fault}")
    return header


def _check(holds, problem):
    if not holds:
        raise _damaged(problem)


def _damaged(problem):
    return ModelFileError(f"the file is damaged or was tampered with: {problem}", remedy=_COPY)
