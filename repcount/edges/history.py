"""The sets of a station, day by day, kept in a file that only grows: one line of JSON a set or a correction.

Rules: a line that cannot be read is left out and said; a disk that cannot be written stops no count.
"""

import json
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path

log = logging.getLogger(__name__)

Body = dict[str, object]


class History:
    """Sets as `state/today` has them, each with the `id` it is corrected by.

    Parameters
    ----------
    path
        The file; it may not exist yet.
    zone
        Where the wearer lives: it says which day a set belongs to.
    """

    def __init__(self, path: Path, zone: tzinfo) -> None:
        self._path, self._zone = path, zone
        self._sets: dict[str, Body] = {}
        self._begins_with = ""
        self._read()

    def add(self, body: Mapping[str, object], set_id: str) -> None:
        """Keep a set."""
        self._keep({"id": set_id} | dict(body))

    def correct(self, set_id: str, rep_count: int) -> None:
        """A person said how many reps a set had."""
        if set_id in self._sets:
            self._keep({"id": set_id, "rep_count": rep_count})

    def days(self) -> dict[str, int]:
        """How many sets there were on each day, newest first, as ISO dates."""
        counts = Counter(str(self._day(body)) for body in self._sets.values())
        return dict(sorted(counts.items(), reverse=True))

    def day(self, day: date) -> list[Body]:
        """The sets of a day, in order."""
        return [body for body in self._sets.values() if self._day(body) == day]

    def _day(self, body: Body) -> date:
        return datetime.fromisoformat(str(body["end_at"])).astimezone(self._zone).date()

    def _keep(self, line: Body) -> None:
        self._take(line)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(self._begins_with + json.dumps(line, separators=(",", ":")) + "\n")
            self._begins_with = ""
        except OSError as error:
            log.warning("%s cannot be written, today's sets will not be remembered: %s", self._path, error)

    def _take(self, line: Body) -> None:
        set_id = str(line["id"])
        self._sets[set_id] = self._sets.get(set_id, {}) | line

    def _read(self) -> None:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            log.warning("%s cannot be read: %s", self._path, error)
            return
        *lines, half = text.split("\n")
        self._begins_with = "\n" if half else ""  # a process was killed in mid line
        for number, raw in enumerate(lines, 1):
            if not self._took(raw):
                log.warning("%s:%d is left out: it is no set", self._path, number)

    def _took(self, raw: str) -> bool:
        try:
            line = json.loads(raw)
            if not isinstance(line, dict) or "id" not in line:
                return False
            if line["id"] not in self._sets:
                self._day(line)
        except (ValueError, KeyError):
            return False
        self._take(line)
        return True
