"""Extraction of zip archives that are not trusted.

Only recordings, and tables that may describe them, are extracted. The whole archive is refused,
and nothing of it stays on disk, if a member would leave the target folder, is a link, encrypted
or damaged, or if the archive unpacks to more data than its size makes plausible.
"""

import hashlib
import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sk_ser.datasets._files import is_audio, is_litter, suffix_of
from sk_ser.datasets._report import describe_found, name_some, warn_user
from sk_ser.exceptions import CorpusError

#: Largest number of members; no corpus has more.
MAX_MEMBERS = 200_000
#: Largest number of bytes that one archive may write.
MAX_BYTES = 32 * 2**30
#: Largest number of bytes written for one byte of archive. Speech compresses two- to threefold.
MAX_RATIO = 100
#: Bytes below which the ratio is not checked, because silence compresses a thousandfold.
RATIO_FLOOR = 64 * 2**20

#: Suffixes of tables, which a corpus may need to read its labels.
_TABLES = {".csv", ".tsv"}
_CHUNK = 2**20
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, UnicodeDecodeError),
)
_UNPACK = "unpack it yourself and pass the folder."


def open_folder(source, *, extract_to=None):
    """Return the folder of a corpus, which is extracted first if it is a zip.

    Parameters
    ----------
    source : path-like
        Folder or ``.zip``.
    extract_to : path-like, default=None
        Folder for the extracted one. None: the zip's own folder, or the user's cache folder
        if that cannot be written to.

    Returns
    -------
    folder : Path
        For a zip, ``<name>-<identity>``. It is reused if it exists, because it gets this
        name only when it is complete.

    Raises
    ------
    CorpusError
        If there is no such path, it is neither folder nor zip, or the zip is unsafe,
        encrypted, damaged or without recordings.
    """
    source = Path(source).expanduser()
    if not source.exists():
        reason = f"no such file or folder (looked from {Path.cwd()})"
        remedy = "Check the spelling, or download the corpus first."
        raise CorpusError(reason, path=source, remedy=remedy)
    if source.is_dir():
        return plain(source)
    if not zipfile.is_zipfile(source):
        remedy = f"Download it again if it should be a zip, or {_UNPACK}"
        raise CorpusError("neither a folder nor a zip archive", path=source, remedy=remedy)
    return _folder_of_zip(plain(source), extract_to)


def plain(path):
    """Return an absolute path without ``..``.

    Absolute, so that a table stays valid if the current folder changes. Links are not resolved
    unless there is a ``..``, so that errors show the user's own names.
    """
    return path.resolve() if ".." in path.parts else path.absolute()


def _folder_of_zip(source, extract_to):
    """Find or make the folder with a zip's recordings."""
    try:
        with zipfile.ZipFile(source) as archive:
            name = f"{source.stem}-{_identity(_files_in(archive))}"
            places = [plain(Path(extract_to).expanduser())] if extract_to else places_for(source)
            for place in places:
                if (place / name).is_dir():
                    return place / name
            return _extract_whole(archive, source, places, name)
    except _DAMAGE as error:
        reason = f"the archive is damaged or of an unknown kind ({error})"
        remedy = f"Download it again, or {_UNPACK}"
        raise CorpusError(reason, path=source, remedy=remedy) from error


def _files_in(archive):
    return [info for info in archive.infolist() if not info.is_dir()]


def _identity(members):
    """Hash the names, sizes and checksums of an archive's members.

    The archive's path and time do not enter, so a moved zip keeps its folder, and a new
    edition under the old name gets a new one.
    """
    facts = "\n".join(f"{m.orig_filename}\t{m.file_size}\t{m.CRC}" for m in members)
    return hashlib.sha256(facts.encode(errors="surrogatepass")).hexdigest()[:12]


def places_for(source):
    """Folders to extract to, the best first."""
    default = os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return [source.parent, Path(os.environ.get("XDG_CACHE_HOME") or default) / "sk_ser"]


def _extract_whole(archive, source, places, name):
    """Extract in a hidden folder of the first writable place, then rename in one step.

    A half-extracted archive never has the target's name. Of two processes that extract at
    once, the second finds the target taken and uses it.
    """
    with _hidden_folder(places, source) as hidden:
        target, building = Path(hidden).with_name(name), Path(hidden, name)
        try:
            building.mkdir()
            _Extraction(source).run(archive, building)
            try:
                building.rename(target)
            except OSError:
                if not target.is_dir():
                    raise
        except OSError as error:
            reason = f"cannot be extracted to {target.parent} ({error})"
            remedy = "Make room there, or pass extract_to= with another folder."
            raise CorpusError(reason, path=source, remedy=remedy) from error
    return target


def _hidden_folder(places, source):
    """Make a folder in the first place in which that is possible."""
    for place in places:
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            return TemporaryDirectory(prefix=".sk_ser-", dir=place, ignore_cleanup_errors=True)
    reason = f"cannot be extracted, because {name_some(places)} cannot be written to"
    raise CorpusError(reason, path=source, remedy="Pass extract_to= with a folder that can.")


class _Extraction:
    """Extraction of one archive, within limits on bytes and members.

    Bytes are counted as they are written, because the sizes in an archive's headers may be
    wrong. An archive within the archive counts towards the same limits.
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
            names = [info.filename for info in _files_in(archive)]
            reason = f"no recordings in the archive; {describe_found(names)}"
            raise CorpusError(reason, path=self.source)

    def extract(self, archive, target, *, inner):
        """Extract all recordings of one archive, after a check of every member."""
        members = [(member, self.safe_path(member)) for member in _files_in(archive)]
        self.members_left -= len(members)
        if self.members_left < 0:
            raise self.refusal(f"it holds more than {MAX_MEMBERS} files")
        for member, path in members:
            suffix, place = suffix_of(path), target / path
            if is_litter(path) or not (is_audio(path) or suffix in {".zip", *_TABLES}):
                continue
            if suffix == ".zip" and inner:
                warn_user(
                    f"{self.source}: {member.filename!r} lies two archives deep and was left out. "
                    f"To read it, {_UNPACK}"
                )
                continue
            self.write(archive, member, place)
            self.n_written += is_audio(path)
            if suffix == ".zip":  # as in SAVEE's and RAVDESS's downloads
                with zipfile.ZipFile(place) as inside:
                    self.extract(inside, place.with_suffix(""), inner=True)
                place.unlink()

    def safe_path(self, member):
        """Return the relative path of a member; raise if it is unsafe or no plain file."""
        # The original name, because zipfile silently cuts a name at a NUL, and with
        # slashes, because Windows reads a backslash as one.
        name = member.orig_filename.replace("\\", "/")
        path = PurePosixPath(name)
        if "\0" in name or re.match(r"[A-Za-z]:", name) or path.is_absolute() or ".." in path.parts:
            raise self.refusal(f"the member {name!r} would be written outside its folder")
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise self.refusal(f"the member {name!r} is a link or a device, not a file")
        if member.flag_bits & 0x1:
            raise self.refusal(f"the member {name!r} is encrypted")
        return path

    def write(self, archive, member, path):
        """Write one member; raise if the archive exceeds its limit on bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, open(path, "xb") as unpacked:
            while chunk := packed.read(_CHUNK):
                self.bytes_left -= len(chunk)
                if self.bytes_left < 0:
                    raise self.refusal(f"it unpacks to far more than its size ({member.filename})")
                unpacked.write(chunk)

    def refusal(self, reason):
        """Error for an archive that is unsafe to extract."""
        remedy = f"If you trust it, {_UNPACK}"
        return CorpusError(f"refused, because {reason}", path=self.source, remedy=remedy)
