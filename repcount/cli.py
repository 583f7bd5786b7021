"""The command line: people read stderr, programs read stdout."""

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import NoReturn

from repcount import __version__
from repcount.errors import InputError, LinkError, Problem, did_you_mean
from repcount.verbs import about, collections, formats, recordings, service
from repcount.verbs.kind import Run, Verbs

EXIT_FAILED = 1
EXIT_WRONG_INPUT = 2
EXIT_INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong the way the rest of the program does."""

    def error(self, message: str) -> NoReturn:
        raise InputError([Problem(self.place, message, f"See {self.prog} --help.")])

    @property
    def place(self) -> str:
        """The verb, empty before there is one."""
        return self.prog.partition(" ")[2]

    def unknown(self, words: Sequence[str]) -> list[Problem]:
        """A problem for each option that is none or, if there is no such, each word too many."""
        known = [option for option in self._option_string_actions if option.startswith("--")]
        options = [
            Problem(self.place, f"unknown option {word!r}", did_you_mean(word.partition("=")[0], known))
            for word in words
            if word.startswith("-")
        ]
        mend = f"See {self.prog} --help."
        return options or [Problem(self.place, f"{word!r} is one too many", mend) for word in words]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb and return its exit code: 0 good, 1 failed, 2 wrong input, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        given = _parse(words)
        _log_to_stderr(logging.DEBUG if given.verbose else given.log_level)
        run: Run = given.run
        return run(given)
    except InputError as error:
        for problem in error.problems:
            print(f"repcount: {problem}", file=sys.stderr)
        return EXIT_WRONG_INPUT
    except LinkError as error:
        print(f"repcount: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        from repcount.app.output import forget_stdout

        forget_stdout()  # whoever read it has enough
        return 0


def _parse(words: Sequence[str]) -> argparse.Namespace:
    _check_verb(words)
    given, unknown = _parser().parse_known_args(words)
    if unknown:
        raise InputError(given.parser.unknown(unknown))
    return given


def _check_verb(words: Sequence[str]) -> None:
    verb = next((word for word in words if not word.startswith("-")), None)
    if verb is not None and verb not in _VERBS:
        raise InputError([Problem("", f"there is no {verb!r}", did_you_mean(verb, _VERBS))])


def _log_to_stderr(level: int) -> None:
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)-7s %(message)s", force=True)
    logging.getLogger("asyncio").setLevel(logging.WARNING)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="repcount", description="Count repetitions and measure their tempo, live over MQTT."
    )
    parser.add_argument("--version", action="version", version=f"repcount {__version__}")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more on stderr")
    verbs = parser.add_subparsers(required=True, metavar="VERB", parser_class=_Parser)
    for name, (add, run, summary) in _VERBS.items():
        verb = verbs.add_parser(name, help=summary, description=summary.capitalize() + ".")
        add(verb)
        verb.set_defaults(
            run=run, parser=verb, log_level=logging.INFO if name in _SERVICES else logging.WARNING
        )
    return parser


_VERBS: Verbs = service.VERBS | recordings.VERBS | formats.VERBS | collections.VERBS | about.VERBS

_SERVICES = {"demo", "live"}
"""Verbs that run for long: what happens is logged."""
