"""What can be wrong with what a person wrote, said all at once, each with its place and its mend."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where, what, and how to mend it (empty when there is no advice)."""

    place: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        """`place: message. mend`, one line."""
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}. {self.mend}" if self.mend else text


class RepcountError(Exception):
    """Base of everything this program raises on purpose."""


class InputError(RepcountError):
    """A person's input (command line, file, profile, command) is wrong; holds every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[Problem, ...]]]:
        """Come back from another process as it went in."""
        return type(self), (self.problems,)


class LinkError(RepcountError):
    """The radio or the network failed; the message says what the user can do."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice naming the closest known word, else all of them."""
    options = sorted(known)
    close = get_close_matches(word, options, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(options)}."
