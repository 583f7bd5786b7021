"""One wearer's station: which sensor counts what, what the wearer asked for, and what the others add.

Rules: takes what all sensors send in order of stream time; one sensor counts, the one that the exercise's
model names first of those worn; one on the chest beside it tells how the trunk moved. It never decides
whether a rep is counted, so a station that loses it counts the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from repcount.commands import (
    Arm,
    Command,
    SelectExercise,
    SelectPlacement,
    SetPlan,
    command_from_dict,
    command_to_dict,
)
from repcount.errors import InputError, Problem, did_you_mean
from repcount.events import Event, LiveStatus, SetEnded
from repcount.exercises import EXERCISES, counting_sensor, doubt, forced, worn_problems
from repcount.motion.merge import Restart, Thing, Tick
from repcount.session.session import Session
from repcount.session.wishes import Wishes

TRUNK = "chest"
"""Where a second sensor shows the trunk."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Key of the sensor that counts, None where none can, and where it is worn."""

    sensor: str | None
    placement: str


class Station:
    """Counts with the sensors worn at `worn`, by key; the first exercise may be any, with `force`.

    Attributes
    ----------
    counting
        Key of the sensor that counts; where none can, of one that lets time pass.
    """

    counting: str | None

    def __init__(
        self, session: Session, worn: Mapping[str, str], exercise: str | None, *, force: bool
    ) -> None:
        self.session = session
        self.worn = dict(worn)
        self._always_force = self._force = force
        self._pending: list[Command] = []
        self.wishes = Wishes()
        self._find_counting()
        if exercise is not None:
            if problems := worn_problems(exercise, self.worn.values(), "exercise", force=force):
                raise InputError(problems)
            self._take_up(exercise)

    @property
    def doubt(self) -> str | None:
        """Why the counts are unreliable now, as a sentence; None where nothing is forced."""
        model = self.session.model
        return None if model is None else doubt(EXERCISES[model.id], self.session.placement)

    def _find_counting(self) -> None:
        """Whenever a sensor was moved or another exercise chosen."""
        worn_there = (key for key, placement in self.worn.items() if placement == self.session.placement)
        self.counting = next(worn_there, next(iter(self.worn), None))

    def status(self, now_s: float, heart_rate_bpm: float | None) -> LiveStatus:
        """What is true now."""
        return self.session.status(now_s, self.wishes.told() | {"heart_rate_bpm": heart_rate_bpm})

    def take(self, sensor: str, thing: Thing) -> list[Event]:
        """Take the next thing that a sensor sent."""
        return self._noted(self._take(sensor, thing))

    def _take(self, sensor: str, thing: Thing) -> list[Event]:
        match thing:
            case Tick() if sensor == self.counting:
                return self._tick(thing)
            case Tick():
                if self.worn[sensor] == TRUNK and thing.hidden_until_s is None:
                    self.session.trunk.add(thing.t_s, thing.signals)
                return []
            case Restart():
                return self.session.restart(thing.at_s) if sensor == self.counting else []
            case _:
                return [thing]

    def _tick(self, tick: Tick) -> list[Event]:
        events = self._commands_until(tick.t_s) if self._pending else []
        if tick.hidden_until_s is None:
            return events + self.session.feed(tick.t_s, tick.signals)
        return events + self.session.pass_over(tick.t_s, tick.signals, tick.hidden_until_s)

    def command(self, command: Command) -> list[Event]:
        """Take what a person asks for; InputError when it cannot be done."""
        if problems := self._problems(command):
            raise InputError(problems)
        self._await(command)
        return self._noted(self._commands_until(self.session.state.now_s))

    def _await(self, command: Command) -> None:
        self._pending.append(command)
        self._pending.sort(key=lambda c: c.at_s)

    def _noted(self, events: list[Event]) -> list[Event]:
        """Say sets with what the wearer told of them; after one the planned exercise is chosen."""
        ended = [event for event in events if isinstance(event, SetEnded)]
        if not ended:
            return events
        noted = self.wishes.noted(events)
        chosen = self.session.model.id if self.session.model else None
        if select := self.wishes.select(ended[-1].said_s, chosen):
            self._await(select)
        return noted

    def advance(self, now_s: float, lost_s: float) -> list[Event]:
        """Let time pass without the sensor that counts, which was lost at `lost_s`."""
        events: list[Event] = []
        # A set that was over before a command came ended before it, whenever this is called.
        for at_s in [c.at_s for c in self._pending if c.at_s <= now_s]:
            events += self.session.advance(at_s, lost_s)
            events += self._commands_until(at_s)
        return self._noted(events + self.session.advance(now_s, lost_s))

    def finish(self, now_s: float, heard_s: float) -> list[Event]:
        """End the session: what is pending is done and the open set ends."""
        events = self._commands_until(max([now_s, *(c.at_s for c in self._pending)]))
        return self._noted(events + self.session.end_set(max(heard_s, self.session.state.now_s)))

    def _commands_until(self, t_s: float) -> list[Event]:
        """Do what was asked for by then."""
        events: list[Event] = []
        while self._pending and self._pending[0].at_s <= t_s:
            command = self._pending.pop(0)
            if self._is_so_already(command):
                continue
            if self.wishes.take(command):
                self._take_up_planned(command)
                continue
            if isinstance(command, SelectPlacement):
                events += self._move(command)
                continue
            events += self.session.command(command, max(command.at_s, self.session.state.now_s))
            if isinstance(command, SelectExercise):
                self._force = command.force or self._always_force
                self._take_up(command.exercise)
        return events

    def _take_up_planned(self, command: Command) -> None:
        chosen = self.session.model.id if self.session.model else None
        if isinstance(command, SetPlan) and (select := self.wishes.select(command.at_s, chosen)):
            self._await(select)

    def _move(self, command: SelectPlacement) -> list[Event]:
        """Wear the sensor elsewhere; that ends the open set only where another one counts after it."""
        model, before = self.session.model, Counting(self.counting, self.session.placement)
        self.worn[command.sensor] = command.placement
        self._find_counting()
        self._force |= command.force
        if model is None or (command.sensor != before.sensor and self._counting(model.id) == before):
            return []
        events = self.session.command(command, max(command.at_s, self.session.state.now_s))
        self._take_up(model.id)
        return events

    def _is_so_already(self, command: Command) -> bool:
        """Pages and brokers repeat themselves; that ends no set."""
        match command:
            case SelectExercise():
                chosen = self.session.model.id if self.session.model else None
                return chosen == command.exercise and self._force >= command.force
            case SelectPlacement():
                return self.worn[command.sensor] == command.placement
            case Arm():
                return self.session.state.armed == command.armed
            case _:
                return False

    def _problems(self, command: Command) -> list[Problem]:
        place = f"command {command.name!r}"
        if isinstance(command, SelectExercise):
            force = command.force or self._always_force
            return worn_problems(command.exercise, self.worn.values(), place, force=force)
        if isinstance(command, SetPlan):
            return [
                problem
                for exercise in dict.fromkeys(planned.exercise for planned in command.sets)
                for problem in worn_problems(exercise, self.worn.values(), place, force=self._always_force)
            ]
        if isinstance(command, SelectPlacement) and command.sensor not in self.worn:
            return [Problem(place, f"no sensor {command.sensor!r}", did_you_mean(command.sensor, self.worn))]
        if isinstance(command, SelectPlacement) and self.session.model is not None:
            worn = self.worn | {command.sensor: command.placement}
            force = command.force or self._force
            return worn_problems(self.session.model.id, worn.values(), place, force=force)
        return []

    def _take_up(self, exercise: str) -> None:
        """Count this from now on; nothing, if sensors were moved meanwhile to where it cannot be counted."""
        placement = self._counting(exercise).placement
        self.session.choose(forced(EXERCISES[exercise], placement), placement)
        self._find_counting()

    def _counting(self, exercise: str) -> Counting:
        sensor = counting_sensor(EXERCISES[exercise], self.worn, force=self._force)
        return Counting(sensor, "" if sensor is None else self.worn[sensor])

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        model = self.session.model
        return {
            "exercise": model.id if model else None,
            "force": self._force,
            "worn": dict(self.worn),
            "pending": [command_to_dict(command) for command in self._pending],
            "wishes": self.wishes.snapshot(),
            "session": self.session.snapshot(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, with the same sensors."""
        self._force, self.worn = state["force"], dict(state["worn"])
        self._find_counting()
        if state["exercise"] is not None:
            self._take_up(state["exercise"])
        self.session.restore(state["session"])
        self.wishes = Wishes.restored(state["wishes"])
        self._pending = [command_from_dict(command, "snapshot") for command in state["pending"]]
