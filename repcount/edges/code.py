"""Which code counts here: two installations that count alike have the same digest, others hardly ever."""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import repcount

MOTION = (
    "samples.py",
    "tunable.py",
    "pipeline.py",
    "pipeline_params.py",
    "profile",
    "wire",
    "motion",
    "session/tape.py",
)
"""What makes motion of a recording."""
COUNTING = (
    *MOTION,
    "commands.py",
    "events.py",
    "truth.py",
    "exercises",
    "reps",
    "session",
    "evaluate",
)
"""What makes a score of a recording."""


@cache
def digest(parts: Sequence[str] = COUNTING) -> str:
    """Digest of the source of these parts of the package."""
    root = Path(repcount.__file__).parent
    sums = hashlib.sha256(repcount.__version__.encode())
    for part in parts:
        path = root / part
        for source in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            sums.update(source.relative_to(root).as_posix().encode())
            sums.update(source.read_bytes())
    return sums.hexdigest()[:16]
