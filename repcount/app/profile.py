"""`repcount profile check FILE...`: firmware profiles against their own vectors."""

import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from repcount.edges.profiles import read_profile
from repcount.errors import InputError, Problem
from repcount.profile import Profile
from repcount.wire import check_vectors

GOOD, FAILED, WRONG_INPUT = 0, 1, 2


def check(paths: Sequence[Path]) -> int:
    """Check profile files: a line for each direction of vectors to stdout, all that is wrong to stderr.

    Returns
    -------
    0 when all vectors hold, 1 when one does not, 2 when a file is no profile.
    """
    wrong: list[Problem] = []
    failures: list[Problem] = []
    for path in paths:
        try:
            failures += _check_one(read_profile(path, str(path)), str(path))
        except InputError as error:
            wrong += error.problems
    for problem in [*wrong, *failures]:
        print(problem, file=sys.stderr)
    if wrong:
        return WRONG_INPUT
    return FAILED if failures else GOOD


def _check_one(profile: Profile, place: str) -> list[Problem]:
    """Print a line for each direction of vectors; return what failed."""
    groups: dict[str, list[bool]] = defaultdict(list)
    failures: list[Problem] = []
    for result in check_vectors(profile):
        vector = result.vector
        group = "refused" if vector.rejected else vector.direction
        groups[group].append(not result.failures)
        where = f"{place}: {vector.place} ({vector.meaning})"
        failures += [Problem(where, failure) for failure in result.failures]
    for group, held in groups.items():
        print(f"{place}: {group}: {sum(held)} of {len(held)} vectors hold")
    return failures
