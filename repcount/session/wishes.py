"""What the wearer told of the workout beside the count: load, arm, rest, and the sets that are planned.

Rules: nothing of it decides whether a rep is counted; it is said with the set it belongs to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from repcount.commands import (
    Command,
    PlannedSet,
    SelectExercise,
    SetLoad,
    SetPlan,
    SetRestTarget,
    planned_sets,
)
from repcount.events import Event, SetEnded


@dataclass(slots=True)
class Wishes:
    """`plan_done` sets of `plan` are behind."""

    rest_target_s: float | None = None
    load_kg: float | None = None
    side: str | None = None
    plan: tuple[PlannedSet, ...] = ()
    plan_done: int = 0

    @property
    def due(self) -> PlannedSet | None:
        """The planned set that is under way or next; None without a plan, and after its last."""
        return self.plan[self.plan_done] if self.plan_done < len(self.plan) else None

    def take(self, command: Command) -> bool:
        """Take note; whether the command was one for this."""
        match command:
            case SetRestTarget():
                self.rest_target_s = command.rest_target_s
            case SetLoad():
                self.load_kg, self.side = command.load_kg, command.side
            case SetPlan():
                self.plan, self.plan_done = command.sets, 0
                self._load_as_planned()
            case _:
                return False
        return True

    def ended(self, event: SetEnded) -> SetEnded:
        """Say a set with its load, and go on in the plan where it was the one due."""
        said = replace(event, load_kg=self.load_kg, side=self.side)
        if self.due is not None and self.due.exercise == event.exercise and event.rep_count > 0:
            self.plan_done += 1
            self._load_as_planned()
        return said

    def noted(self, events: Iterable[Event]) -> list[Event]:
        """Return events as they are said: sets with their load."""
        return [self.ended(event) if isinstance(event, SetEnded) else event for event in events]

    def select(self, at_s: float, exercise: str | None) -> SelectExercise | None:
        """Ask for the exercise that is due, where another one is chosen."""
        if self.due is None or self.due.exercise == exercise:
            return None
        return SelectExercise(at_s=at_s, exercise=self.due.exercise)

    def told(self) -> dict[str, Any]:
        """All of it, as `LiveStatus` has it; the plan's rest holds where the wearer asked for none."""
        done = self.plan[self.plan_done - 1] if self.plan_done else None
        planned_rest_s = done.rest_s if done is not None and done.rest_s is not None else self.rest_target_s
        return {
            "rest_target_s": planned_rest_s,
            "load_kg": self.load_kg,
            "side": self.side,
            "plan": self.plan,
            "plan_done": self.plan_done,
        }

    def _load_as_planned(self) -> None:
        if self.due is not None and self.due.load_kg is not None:
            self.load_kg = self.due.load_kg

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {
            "rest_target_s": self.rest_target_s,
            "load_kg": self.load_kg,
            "side": self.side,
            "plan": [planned.to_data() for planned in self.plan],
            "plan_done": self.plan_done,
        }

    @classmethod
    def restored(cls, state: dict[str, Any]) -> "Wishes":
        """Go on where the snapshot was taken."""
        return cls(**(state | {"plan": planned_sets(state["plan"])}))
