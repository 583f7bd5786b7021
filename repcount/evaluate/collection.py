"""What a collection says of one recording. Rules: texts as written; None where the cell is empty."""

import re
from dataclasses import dataclass

NULL = "null"
"""The class of a recording without exercise: every rep counted in it is false."""

OTHER = "other"
"""The class of a recording of an exercise that is not ours; not scored."""

_DATE = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
PLACEMENT_WORDS = ("wrist", "chest", "barbell")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One recording of a collection; `line` is where the index names it.

    `placement` is `wrist`, `chest` or `barbell`; the sensor of a `barbell` row is run as one on the wrist.
    `n_reps_true` is None where the count is not trusted.
    """

    line: int
    file: str
    dataset: str
    subject: str
    exercise: str
    exercise_ours: str
    placement: str
    rate_hz: float | None
    has_gyro: bool | None
    duration_s: float | None
    n_reps_true: int | None
    n_reps_visual: float | None
    active_start_s: float | None
    active_end_s: float | None
    labels: str
    notes: str
    day: str = ""

    @property
    def worn_day(self) -> str:
        """The day it was recorded, told by the index or by a date in the file's name; empty if unknown."""
        found = _DATE.search(self.file)
        return self.day or ("-".join(found.groups()) if found else "")

    @property
    def run_placement(self) -> str:
        """The placement the pipeline is told."""
        return "wrist" if self.placement == "barbell" else self.placement


def placement_of(text: str) -> str | None:
    """Return which of `PLACEMENT_WORDS` the first word to contain one contains; None if no word does."""
    for word in text.lower().split():
        for placement in PLACEMENT_WORDS:
            if placement in word:
                return placement
    return None
