"""Events on their way to the broker, in order, until it has acknowledged them: on disk, or in memory.

Rules: an event is committed before it is handed on; what was acknowledged is forgotten with the next write,
so a process that is killed may say the last few again, under the same `id`. No disk makes it raise.
"""

import contextlib
import logging
import sqlite3
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from repcount.edges.mqtt.payloads import Message
from repcount.errors import InputError, Problem

MOST_EVENTS = 100_000
"""Days of training of one station; some 60 MB."""
MOST_IN_FLIGHT = 20
"""Handed to the client at a time: fifty stations share what it queues."""
NEARLY_FULL_RATIO = 0.8
FORGET_AT = 500
"""Acknowledged events that are forgotten in one write when no new one comes to share it."""

_IN_MEMORY = ":memory:"
_SCHEMA = 1
_log = logging.getLogger(__name__)


class _Row(NamedTuple):
    id: int
    message: Message


class Outbox:
    """A bounded queue of messages of QoS 1.

    When it is full the oldest is given up, and counted in `lost`. When its file cannot be written any more (a
    full disk), it goes on in memory and says so.

    Parameters
    ----------
    path
        Where it is kept, made where it is missing; None keeps it in memory, where it dies with the process.
    most
        Messages that may wait.

    Raises
    ------
    InputError
        When another process uses the file, or a program that kept it in another form; it is not touched.

    Attributes
    ----------
    lost
        Events given up so far because it was full.
    nearly_full
        Whether `NEARLY_FULL_RATIO` of what it holds is waiting.
    on_disk
        False where it was to be on disk, and could not be.
    """

    def __init__(self, path: Path | None = None, most: int = MOST_EVENTS) -> None:
        self.lost = 0
        self._most = most
        self._name = path.name if path else "the outbox in memory"
        self.nearly_full = False
        self._db, self.on_disk = _opened(path)
        self._ahead: deque[_Row] = deque()
        self._in_flight: dict[int, _Row] = {}
        self._done: list[int] = []
        self._waiting = self._count()
        self._cursor = 0

    def __len__(self) -> int:
        return self._waiting

    def add(self, messages: Iterable[Message]) -> None:
        """Append messages, all of them or (killed in between) none."""
        rows = [(message.topic, message.payload) for message in messages]
        self._waiting += len(rows)
        self._write(rows)
        self._bound()

    def next(self) -> Message | None:
        """Return the message to be handed on now, if there is one; `sent` takes it."""
        if len(self._in_flight) >= MOST_IN_FLIGHT:
            return None
        if not self._ahead:
            self._ahead.extend(self._read())
        return self._ahead[0].message if self._ahead else None

    def sent(self, mid: int) -> None:
        """`next` was handed on under this message id."""
        row = self._ahead.popleft()
        self._in_flight[mid] = row
        self._cursor = row.id

    def acknowledged(self, mid: int) -> bool:
        """The broker has it; whether the id is of a message of this outbox."""
        row = self._in_flight.pop(mid, None)
        if row is None:
            return False
        self._waiting -= 1
        self.nearly_full = self._is_nearly_full()
        self._done.append(row.id)
        if len(self._done) >= FORGET_AT:
            self._write([])
        return True

    def rewind(self) -> None:
        """The connection is a new one: what was not acknowledged goes out again, in order."""
        if self._in_flight:
            self._cursor = min(row.id for row in self._in_flight.values()) - 1
        self._in_flight.clear()
        self._ahead.clear()
        self._write([])

    def close(self) -> None:
        """Forget what was acknowledged, and let go of the file."""
        self._write([])
        self._db.close()

    def _write(self, rows: list[tuple[str, bytes]]) -> None:
        if not rows and not self._done:
            return
        try:
            _commit(self._db, rows, self._done)
        except sqlite3.Error as error:
            self._go_on_in_memory(error)
            _commit(self._db, rows, self._done)
        self._done.clear()

    def _read(self) -> list[_Row]:
        found = self._db.execute(
            "SELECT id, topic, payload FROM events WHERE id > ? ORDER BY id LIMIT ?",
            (self._cursor, MOST_IN_FLIGHT),
        )
        return [_Row(row_id, Message(topic, payload)) for row_id, topic, payload in found]

    def _count(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM events").fetchone()[0])

    def _bound(self) -> None:
        self._warn()
        excess = self._waiting - self._most
        if excess <= 0:
            return
        oldest = self._db.execute("SELECT id FROM events ORDER BY id LIMIT ?", (excess,)).fetchall()
        self._done += [row_id for (row_id,) in oldest]
        self.lost += len(oldest)
        self._waiting -= len(oldest)
        given_up = set(self._done)
        self._ahead = deque(row for row in self._ahead if row.id not in given_up)
        self._in_flight = {mid: row for mid, row in self._in_flight.items() if row.id not in given_up}
        self._write([])

    def _warn(self) -> None:
        nearly = self._is_nearly_full()
        if nearly and not self.nearly_full:
            _log.warning(
                "%d of at most %d events wait for the broker (%s); when it is full the oldest are given up",
                self._waiting,
                self._most,
                self._name,
            )
        self.nearly_full = nearly

    def _is_nearly_full(self) -> bool:
        return self._waiting >= NEARLY_FULL_RATIO * self._most

    def _go_on_in_memory(self, error: sqlite3.Error) -> None:
        _log.warning(
            "%s cannot be written (%s): events now wait in memory, and die with the process. Make room on "
            "the disk, then start anew",
            self._name,
            error,
        )
        memory = _prepared(_IN_MEMORY)
        self.on_disk = False
        with contextlib.suppress(sqlite3.Error):
            self._db.rollback()
        try:
            self._db.backup(memory)
        except sqlite3.Error as unreadable:
            _log.warning("%s cannot be read either (%s)", self._name, unreadable)
            memory.close()
            memory = _prepared(_IN_MEMORY)
            self._ahead.clear()
            self._in_flight.clear()
            self._waiting = self._cursor = 0
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        self._db = memory


def _commit(db: sqlite3.Connection, rows: list[tuple[str, bytes]], done: list[int]) -> None:
    with db:
        db.executemany("DELETE FROM events WHERE id = ?", [(row_id,) for row_id in done])
        db.executemany("INSERT INTO events (topic, payload) VALUES (?, ?)", rows)


def _opened(path: Path | None) -> tuple[sqlite3.Connection, bool]:
    """The database, and whether events are as safe as was asked for."""
    if path is None:
        return _prepared(_IN_MEMORY), True
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _check_schema(path)
        return _prepared(str(path)), True
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise _refusal(
                path,
                f"station {path.stem!r} is served by another repcount",
                "Stop that, or give this one another --station.",
            ) from error
        return _without_disk(path, error), False
    except OSError as error:
        return _without_disk(path, error), False
    except sqlite3.DatabaseError as error:
        aside = path.with_suffix(".broken")
        _log.warning("%s is damaged (%s): kept as %s, begun anew", path, error, aside.name)
        path.replace(aside)
        return _prepared(str(path)), True


def _check_schema(path: Path) -> None:
    """Refuse what another version of the program left, before anything is written."""
    if not path.exists():
        return
    with contextlib.closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.0)
    ) as db:
        (found,) = db.execute("PRAGMA user_version").fetchone()
    if found not in {0, _SCHEMA}:  # 0: killed before anything was written
        raise _refusal(
            path,
            f"is an outbox of another version of repcount (schema {found}, this one has {_SCHEMA})",
            "Run the version that made it until its events are delivered, or move the file away: events that "
            "still wait in it are then not delivered.",
        )


def _refusal(path: Path, message: str, mend: str) -> InputError:
    return InputError([Problem(str(path), message, mend)])


def _without_disk(path: Path, error: Exception) -> sqlite3.Connection:
    _log.warning(
        "%s cannot be opened (%s): events wait in memory, and die with the process. Is the folder ours to "
        "write, and the disk not full?",
        path,
        error,
    )
    return _prepared(_IN_MEMORY)


def _prepared(name: str) -> sqlite3.Connection:
    db = sqlite3.connect(name, timeout=0.0)
    try:
        # EXCLUSIVE: a second service of the same station would say everything twice.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute(
            "CREATE TABLE IF NOT EXISTS events "
            "(id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload BLOB NOT NULL)"
        )
        db.execute(f"PRAGMA user_version = {_SCHEMA}")
        db.commit()
    except sqlite3.Error:
        db.close()
        raise
    return db
