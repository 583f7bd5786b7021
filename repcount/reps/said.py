"""What was taken for a set and said, kept while something else is tried in its place."""

from typing import NamedTuple

from repcount.reps.phases import Shape
from repcount.reps.run import Run
from repcount.reps.seen import SeenRep
from repcount.reps.stroke import Usual


class Said(NamedTuple):
    """The run that led, its reps, when one was foretold, what they taught, whether it was turned round.

    `lost`: how often it was taken back.
    """

    lead: Run
    seen: list[SeenRep]
    foretold_tick: int | None
    learned: tuple[tuple[Shape, Shape], tuple[Usual, Usual]]
    turned: bool
    lost: int
