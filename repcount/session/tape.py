"""All that a station was told, in order: what comes after the motion can be done again without the motion.

Rules: a tape is of one recording and one set of parameters of wire and motion; whatever comes later, the
exercise, its model, the detector, may differ from one playing to the next. Played to a station as the one
that was taped, it gives the same events.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from repcount.commands import Command
from repcount.events import Event
from repcount.motion.merge import Thing
from repcount.session.station import Station

Call = Callable[["Told"], list[Event]]


class Told(Protocol):
    """Whoever is told what happens at a station."""

    def take(self, sensor: str, thing: Thing) -> list[Event]:
        """Take the next thing that a sensor sent."""

    def command(self, command: Command) -> list[Event]:
        """Take what a person asks for."""

    def advance(self, now_s: float, lost_s: float) -> list[Event]:
        """Let time pass without the sensor that counts."""

    def finish(self, now_s: float, heard_s: float) -> list[Event]:
        """End the session."""


@dataclass(slots=True)
class Tape:
    """What was told: things of sensors, by key, and the rest between them, by how many things came before."""

    things: list[tuple[str, Thing]] = field(default_factory=list)
    between: list[tuple[int, Call]] = field(default_factory=list)

    def play(self, station: Told) -> list[Event]:
        """Tell a station all of it and return what it says."""
        return [event for events in self._told(station) for event in events]

    def _told(self, station: Told) -> Iterable[list[Event]]:
        take, done = station.take, 0
        for before, call in self.between:
            for sensor, thing in self.things[done:before]:
                yield take(sensor, thing)
            yield call(station)
            done = before
        for sensor, thing in self.things[done:]:
            yield take(sensor, thing)


class Taping:
    """A station that is told as it is, and what it is told is taped."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self.tape = Tape()

    def take(self, sensor: str, thing: Thing) -> list[Event]:
        """Take the next thing that a sensor sent."""
        self.tape.things.append((sensor, thing))
        return self._station.take(sensor, thing)

    def command(self, command: Command) -> list[Event]:
        """Take what a person asks for."""
        events = self._station.command(command)  # one that is refused was not taken
        self._between(lambda station: station.command(command))
        return events

    def advance(self, now_s: float, lost_s: float) -> list[Event]:
        """Let time pass without the sensor that counts."""
        self._between(lambda station: station.advance(now_s, lost_s))
        return self._station.advance(now_s, lost_s)

    def finish(self, now_s: float, heard_s: float) -> list[Event]:
        """End the session."""
        self._between(lambda station: station.finish(now_s, heard_s))
        return self._station.finish(now_s, heard_s)

    def _between(self, call: Call) -> None:
        self.tape.between.append((len(self.tape.things), call))
