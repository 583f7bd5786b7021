"""FIT: a strength session as Garmin's watches write one, a `set` message a set and one a rest between.

Written with fit-tool (the extra `formats`). The profile has no tempo: the mean of each phase, the lowerings
rep by rep, how many were controlled and the tempo in coaches' notation are developer fields, which readers
show by the names given here. Names of exercises are those of the FIT profile 21; the bent-over fly is there
only as a raise, the good morning as a leg curl.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from repcount.edges.formats.fit_sets import Done
from repcount.errors import InputError, Problem


def write_fit(path: Path, sets: Sequence[Done], began: datetime, lasts_s: float) -> None:
    """Write an activity of kind strength training.

    Parameters
    ----------
    began
        Wall clock of the first sample.
    lasts_s
        Length of the recording, s.

    Raises
    ------
    InputError
        When fit-tool is not installed.
    """
    try:
        from repcount.edges.formats.fit_messages import encoded
    except ImportError as error:
        raise InputError(
            [Problem("--to fit", "needs fit-tool", "pip install 'repcount[formats]'")]
        ) from error
    path.write_bytes(encoded(sets, began, lasts_s))
