"""Zip archives made into folders, without trust in what they say of themselves.

Only recordings are extracted. A member that would leave the target folder, a link, an
encrypted or damaged member, or more data than an archive of its size can honestly hold
refuses the whole archive, and nothing of it stays on disk.
"""

import hashlib
import lzma
import os
import re
import shutil
import stat
import struct
import uuid
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from sk_ser.datasets._files import is_audio, is_litter, suffix_of
from sk_ser.datasets._report import describe_found, name_some, warn_user
from sk_ser.exceptions import CorpusError

#: More members than any corpus has.
MAX_MEMBERS = 200_000
#: Most bytes that one archive may write.
MAX_BYTES = 32 * 2**30
#: Most bytes written for one byte of archive: speech shrinks by two or three to one.
MAX_RATIO = 100
#: Below this the ratio is not looked at: digital silence shrinks a thousandfold.
RATIO_FLOOR = 64 * 2**20

_CHUNK = 2**20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
)


def open_folder(source, *, extract_to=None):
    """Give the folder of a corpus, extracting it first where it is a zip.

    Parameters
    ----------
    source : path-like
        Folder or ``.zip``.
    extract_to : path-like, optional
        Folder that shall hold the extracted one. By default the zip's own folder, or
        the user's cache folder where that cannot be written to.

    Returns
    -------
    folder : Path
        For a zip, ``<name>-<identity>``; it is reused if it is there, because it gets
        this name only when it is complete.

    Raises
    ------
    CorpusError
        There is no such path, it is neither folder nor zip, or the zip is unsafe,
        encrypted, damaged or without recordings.
    """
    source = Path(source).expanduser()
    if not source.exists():
        raise CorpusError(
            f"{source}: no such file or folder (looked from {Path.cwd()}). Check the spelling, "
            "or download the corpus first: its loader's docstring says where it is published."
        )
    if source.is_dir():
        return plain(source)
    if not zipfile.is_zipfile(source):
        raise CorpusError(
            f"{source}: neither a folder nor a zip archive. Download it again if it should be a "
            "zip, or unpack it yourself and pass the folder."
        )
    return _folder_of_zip(plain(source), extract_to)


def plain(path):
    """Absolute path without ``..``, its links kept where they can be.

    Absolute, so that a table outlives a change of folder; and links are kept, because the
    user's own names are the ones to show.
    """
    return path.resolve() if ".." in path.parts else path.absolute()


def _folder_of_zip(source, extract_to):
    """Folder with a zip's recordings: found, or made."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            name = f"{source.stem}-{_identity(members)}"
            places = [plain(Path(extract_to).expanduser())] if extract_to else _places(source)
            for place in places:
                if (place / name).is_dir():
                    return place / name
            return _extract_whole(archive, source, _first_writable(places, source), name)
    except _DAMAGE as error:
        raise CorpusError(
            f"{source}: the archive is damaged or of an unknown kind ({error}). "
            "Download it again, or unpack it yourself and pass the folder."
        ) from error


def _identity(members):
    """Tell archives apart by their members' names, sizes and checksums.

    The archive's own path and time do not enter, so a moved zip keeps its folder and
    a new edition under the old name gets a new one.
    """
    facts = "\n".join(f"{m.orig_filename}\t{m.file_size}\t{m.CRC}" for m in members)
    return hashlib.sha256(facts.encode(errors="surrogatepass")).hexdigest()[:12]


def _places(source):
    """Folders to extract to, the best first."""
    default = os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return [source.parent, Path(os.environ.get("XDG_CACHE_HOME") or default) / "sk_ser"]


def _first_writable(places, source):
    """First place where a folder can be made, found by making one."""
    for place in places:
        probe = place / f".sk_ser-{uuid.uuid4().hex}"
        try:
            probe.mkdir(parents=True)
            probe.rmdir()
        except OSError:
            continue
        return place
    raise CorpusError(
        f"{source}: cannot be extracted, because {name_some(places)} cannot be written to. "
        "Pass extract_to= with a folder that can."
    )


def _extract_whole(archive, source, place, name):
    """Extract to a hidden folder beside the target, then give it its name in one step.

    So a half-extracted archive never looks complete, and of two processes that extract
    at once the second finds the target taken and uses it.
    """
    target, building = place / name, place / f".{name}-{uuid.uuid4().hex}"
    building.mkdir()
    try:
        _Extraction(source).run(archive, building)
        try:
            building.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    except OSError as error:
        raise CorpusError(
            f"{source}: cannot be extracted to {place} ({error}). Make room there, or pass "
            "extract_to= with another folder."
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


class _Extraction:
    """One archive's extraction, and the bytes and members it may still take.

    Bytes are counted as they are written: sizes in an archive's headers are claims. An
    archive within the archive draws on the same allowance.
    """

    def __init__(self, source):
        self.source = source
        size = source.stat().st_size
        self.bytes_left = min(MAX_BYTES, max(RATIO_FLOOR, MAX_RATIO * size))
        self.members_left = MAX_MEMBERS
        self.n_written = 0

    def run(self, archive, target):
        """Extract the archive and those within it; refuse one without recordings."""
        self.extract(archive, target, inner=False)
        if not self.n_written:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            raise CorpusError(
                f"{self.source}: no recordings in the archive. {describe_found(names)}"
            )

    def extract(self, archive, target, *, inner):
        """Extract all recordings of one archive, after a look at every member."""
        members = [info for info in archive.infolist() if not info.is_dir()]
        self.members_left -= len(members)
        if self.members_left < 0:
            raise self.refusal(f"it holds more than {MAX_MEMBERS} files")
        paths = [self.safe_path(member) for member in members]
        for member, path in zip(members, paths, strict=True):
            if is_litter(path):
                continue
            if is_audio(path):
                self.write(archive, member, target / path)
                self.n_written += 1
            elif suffix_of(path) == ".zip":
                self.open_inner(archive, member, target / path, inner=inner)

    def open_inner(self, archive, member, path, *, inner):
        """Extract an archive within the archive, as SAVEE's and RAVDESS's downloads are."""
        if inner:
            warn_user(
                f"{self.source}: {member.filename!r} lies two archives deep and was left out. "
                "Unpack it yourself and pass the folder."
            )
            return
        self.write(archive, member, path)
        with zipfile.ZipFile(path) as inside:
            self.extract(inside, path.with_suffix(""), inner=True)
        path.unlink()

    def safe_path(self, member):
        """Relative path of a member, if it stays in the folder and is a plain file."""
        # The original name, because zipfile silently cuts a name at a NUL; and with
        # slashes, because Windows reads a backslash as one.
        name = member.orig_filename.replace("\\", "/")
        path = PurePosixPath(name)
        if "\0" in name or re.match(r"[A-Za-z]:", name) or path.is_absolute() or ".." in path.parts:
            raise self.refusal(f"the member {name!r} would be written outside its folder")
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise self.refusal(f"the member {name!r} is a link or a device, not a file")
        if member.flag_bits & 0x1:
            raise CorpusError(
                f"{self.source}: the member {name!r} is encrypted. Unpack the archive with its "
                "password and pass the folder."
            )
        return path

    def write(self, archive, member, path):
        """Write one member, and stop where the archive gives more than it may."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, open(path, "xb") as unpacked:
            while chunk := packed.read(_CHUNK):
                self.bytes_left -= len(chunk)
                if self.bytes_left < 0:
                    raise self.refusal(f"it unpacks to far more than its size ({member.filename})")
                unpacked.write(chunk)

    def refusal(self, reason):
        """Error for an archive that no honest corpus would be."""
        return CorpusError(
            f"{self.source}: refused as unsafe, because {reason}. If you trust it, unpack it "
            "yourself and pass the folder."
        )
