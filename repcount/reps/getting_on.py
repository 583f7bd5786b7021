"""Whether the first rep of the leading run was getting on, as far as the reps after it tell.

Rules: asked anew at each turn, since every rep tells more; a rep that was once found foreign stays out until
the set is over, for a number that goes down and up again helps nobody. What the set ends with, `judge` says.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from repcount.exercises.model import Movement
from repcount.reps.judge import Judge
from repcount.reps.run import Run
from repcount.reps.seen import SeenRep, turns_at


@dataclass(slots=True)
class GettingOnState:
    """Turn of the foreign rep, None if none; of how many reps the run was when that was last asked."""

    turn_tick: int | None = None
    reps: int = 0


class GettingOn:
    """Tells which rep is none while the set goes on."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.state = GettingOnState()

    def look(self, movement: Movement, lead: Run, reps: Sequence[SeenRep]) -> None:
        """Compare the first of these complete reps of the run with the others, if they became more."""
        s = self.state
        if lead.reps == s.reps:
            return
        s.reps = lead.reps
        complete = [rep for rep in reps if rep.second is not None]
        if not complete or self._is_foreign(complete[0]):
            return
        if self._judge.begins_foreign(movement, lead, complete, _SURER):
            s.turn_tick = complete[0].turn_tick

    def without(self, reps: Sequence[SeenRep]) -> list[SeenRep]:
        """These reps, but for what was getting on."""
        return [rep for rep in reps if not self._is_foreign(rep)]

    def _is_foreign(self, rep: SeenRep) -> bool:
        return self.state.turn_tick is not None and turns_at(rep, self.state.turn_tick)

    def reset(self) -> None:
        """Forget it: another set, or another run that is one."""
        self.state = GettingOnState()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self.state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.state = GettingOnState(**state)


_SURER = 1.5
"""Log odds more than at the end of the set: what is taken out and comes back is worse than what goes late."""
