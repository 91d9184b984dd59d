"""The SQLite database of cached results. Nothing in it is trusted: it is read without pickle."""

import os
import sqlite3
import stat
import time
import warnings
import zlib
from contextlib import suppress

from sk_ser.features._entries import decode, encode

#: The only thing that a database may hold, to the letter: a view or a trigger would run.
_TABLE = (
    "CREATE TABLE results "
    "(place BLOB PRIMARY KEY, checksum INTEGER, header TEXT, content BLOB) WITHOUT ROWID"
)
#: The journal rolls back what a killed process left unfinished. Writes do not wait for the disk, so
#: a power cut may damage entries; their checksums detect this, and they are computed again.
_OPEN = f"""
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA journal_mode = PERSIST;
PRAGMA synchronous = OFF;
{_TABLE.replace("TABLE", "TABLE IF NOT EXISTS")};
"""
_SELECT = "SELECT checksum, header, content FROM results WHERE place = ?"
_INSERT = "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)"
#: Largest entry in bytes.
_LARGEST = 2**28
#: Seconds to wait while another process writes.
_LOCK_TIMEOUT = 60
#: Seconds without access to a file that could not be locked, so that not every clip waits for it:
#: the lock of a dead machine on a network drive may never end.
_RETRY_AFTER = 600
#: Errors of a file. Python may fail to decode the error message of a damaged one.
_FAILURES = sqlite3.DatabaseError, OSError, UnicodeError
#: SQLite's codes for a file that is not a database, or has no such table.
_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_NOTADB,
}
#: SQLite's codes for a file that cannot be locked.
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
#: Permission bits by which the group, or everyone, may write.
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class CacheFile:
    """Arrays by place, in a database that several processes share.

    Parameters
    ----------
    path : str
        Made when needed, in a folder that other users cannot open.
    """

    #: Time at which each file could not be locked.
    locked_at = {}

    def __init__(self, path):
        self.path = path
        self._connection = None

    def why_refused(self):
        """Describe why the database cannot be trusted; None if it can, or is not there.

        Another user who may write to it could replace features.
        """
        for path in (os.path.dirname(self.path), self.path, f"{self.path}-journal"):
            with suppress(FileNotFoundError, NotADirectoryError):
                reason = _why_refused(os.lstat(path))
                if reason:
                    return f"{path} {reason}"
        return None

    def read(self, place):
        """Read an array; None if it is missing or damaged.

        Parameters
        ----------
        place : bytes

        Returns
        -------
        ndarray or None
            Read-only.
        """
        if self._is_locked() or not os.path.exists(self.path):
            return None
        try:
            row = self.connect().execute(_SELECT, [place]).fetchone()
        except _FAILURES as error:
            self._give_up(error)
            return None
        # damage may change the types as well
        if row is None or [type(part) for part in row] != [int, str, bytes]:
            return None
        checksum, header, content = row
        if checksum != _checksum(place, header, content):
            return None
        try:
            return decode(header, content)
        except ValueError:
            return None

    def write(self, entries):
        """Write arrays at once, since a write costs the same for any number.

        Parameters
        ----------
        entries : list of (bytes, ndarray)
            Place and array. Those that :func:`encode` cannot describe are left out.
        """
        rows = [_row(*entry) for entry in entries]
        rows = [row for row in rows if row is not None]
        if not rows or self._is_locked():
            return
        try:
            with self.connect() as transaction:
                transaction.executemany(_INSERT, rows)
        except _FAILURES as error:
            self._give_up(error)

    def close(self):
        """Close the connection, which reopens when needed."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def connect(self):
        """Open the database, and make it where it is missing."""
        if self._connection is None:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            # SQLite would leave the permissions to the umask; its journal takes those of the file
            os.close(os.open(self.path, os.O_RDONLY | os.O_CREAT, 0o600))
            self._connection = sqlite3.connect(self.path, timeout=_LOCK_TIMEOUT)
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
            self._connection.executescript(_OPEN)
            found = self._connection.execute("SELECT sql FROM sqlite_master").fetchall()
            if found != [(_TABLE,)]:
                raise UnicodeError("it holds something other than results")
        return self._connection

    def _give_up(self, error):
        """Remove the file if it is no longer a database; otherwise warn that nothing is cached."""
        self.close()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if (code in _DAMAGE or isinstance(error, UnicodeError)) and self._remove():
            return
        if code in _LOCKED:
            self.locked_at[self.path] = time.monotonic()
        # such as a full disk, missing permission, or a lock that never ends
        message = f"memory: {self.path}: results cannot be cached ({error})."
        warnings.warn(message, stacklevel=2)

    def _remove(self):
        """Remove the file; return whether that was possible."""
        try:
            for suffix in ("", "-journal"):
                with suppress(FileNotFoundError):
                    os.remove(self.path + suffix)
        except OSError:
            return False
        return True

    def _is_locked(self):
        since = time.monotonic() - self.locked_at.get(self.path, -_RETRY_AFTER)
        return since < _RETRY_AFTER

    def __getstate__(self):
        # so a copy, or a pickled one, has a connection of its own
        return self.__dict__ | {"_connection": None}


def _why_refused(status):
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return "is a link or a special file"
    if not hasattr(os, "geteuid"):
        # Windows keeps permissions elsewhere
        return None
    if status.st_uid != os.geteuid():
        return "belongs to another user"
    return "can be written by other users" if status.st_mode & _OTHERS_WRITE else None


def _row(place, array):
    encoded = encode(array)
    return encoded and (place, _checksum(place, *encoded), *encoded)


def _checksum(place, header, content):
    return zlib.crc32(content, zlib.crc32(header.encode(), zlib.crc32(place)))
