"""Collecting what is wrong with one file, so that a file wrong on every line stays readable."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from repcount.errors import InputError, Problem

MOST_LISTED = 20
"""Problems of a kind that are listed; of more, only how many."""


@dataclass(frozen=True, slots=True)
class FileProblems:
    """The problems of the file at `path`, by kind, in the order found."""

    path: Path
    _by_kind: dict[str, list[Problem]] = field(default_factory=dict)

    def add(self, kind: str, message: str, mend: str = "", *, line: int | None = None) -> None:
        """Note a problem; `line` counts from 1."""
        place = str(self.path) if line is None else f"{self.path}:{line}"
        self._by_kind.setdefault(kind, []).append(Problem(place, message, mend))

    def count(self, kind: str) -> int:
        """How many of a kind were noted."""
        return len(self._by_kind.get(kind, ()))

    def __bool__(self) -> bool:
        return bool(self._by_kind)

    def error(self) -> InputError:
        """Everything noted; at most `MOST_LISTED` of a kind and how many more there are."""
        listed: list[Problem] = []
        for kind, found in self._by_kind.items():
            listed += found[:MOST_LISTED]
            if (more := len(found) - MOST_LISTED) > 0:
                listed.append(Problem(str(self.path), f"and {more} more: {kind}"))
        return InputError(listed)

    def raise_if_any(self) -> None:
        """Raise what was noted, if anything was."""
        if self:
            raise self.error()


def read_bytes(path: Path) -> bytes:
    """The content of a file that a person named.

    Raises
    ------
    InputError
        Naming the sibling it may have meant, when there is no such file.
    """
    problems = FileProblems(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        problems.add("no file", "is missing", closest_sibling(path))
    except IsADirectoryError:
        problems.add("no file", "is a folder, not a file")
    except OSError as error:
        problems.add("no file", f"cannot be read ({error.strerror})")
    raise problems.error()


def closest_sibling(path: Path) -> str:
    """Advice for a file that is not there: the one beside it that may be meant."""
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}"
    close = get_close_matches(path.name, [other.name for other in path.parent.iterdir()], n=1)
    return f"Did you mean {close[0]!r}?" if close else ""
