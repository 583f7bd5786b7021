"""What several sensors of a station send, in one order: that of stream time.

Rules: within a sensor things stay in the order they came; between sensors the earlier comes first, of two at
once that of the sensor named first. So it does not matter whose data came first, as long as no sensor is
further behind the others than they wait for it.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from repcount.events import (
    FaultReason,
    NotificationRejected,
    StreamGap,
    StreamLost,
    StreamResumed,
)
from repcount.samples import Array

LinkEvent = StreamGap | NotificationRejected | StreamLost | StreamResumed
_LINK_EVENTS: dict[str, type[LinkEvent]] = {
    kind.type: kind for kind in (StreamGap, NotificationRejected, StreamLost, StreamResumed)
}


@dataclass(slots=True, eq=False)
class Tick:
    """A tick of motion at `t_s`, a row of `MotionBatch.signals`; of a gap that ended at `hidden_until_s`."""

    t_s: float
    signals: Array
    hidden_until_s: float | None = None


@dataclass(frozen=True, slots=True)
class Restart:
    """What came before `at_s` is over."""

    at_s: float


Thing = Tick | Restart | LinkEvent


def known_s(thing: Thing) -> float:
    """Stream time of the sample that made it known, s."""
    match thing:
        case Tick():
            return thing.t_s if thing.hidden_until_s is None else thing.hidden_until_s
        case Restart():
            return thing.at_s
        case _:
            return thing.said_s


class Merge:
    """Holds back what each sensor sent until the others are as far."""

    def __init__(self, sensors: Iterable[str]) -> None:
        self._waiting: dict[str, deque[tuple[float, Thing]]] = {sensor: deque() for sensor in sensors}

    def add(self, sensor: str, things: Iterable[Thing]) -> None:
        """Take what came of a sensor, in order."""
        waiting = self._waiting[sensor]
        for thing in things:
            before_s = waiting[-1][0] if waiting else -np.inf
            waiting.append((max(before_s, known_s(thing)), thing))

    def until(self, until_s: float) -> Iterator[tuple[str, Thing]]:
        """Give out all that was known by `until_s`, with its sensor."""
        while any(self._waiting.values()):
            heads = [(waiting[0][0], sensor) for sensor, waiting in self._waiting.items() if waiting]
            first = min(heads, key=lambda head: head[0], default=None)
            if first is None or first[0] > until_s:
                return
            yield first[1], self._waiting[first[1]].popleft()[1]

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {
            sensor: [[at_s, thing_to_data(thing)] for at_s, thing in waiting]
            for sensor, waiting in self._waiting.items()
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, with the same sensors."""
        for sensor, waiting in self._waiting.items():
            waiting.clear()
            waiting.extend((at_s, thing_from_data(data)) for at_s, data in state[sensor])


def thing_to_data(thing: Thing) -> dict[str, Any]:
    """Plain data that `thing_from_data` takes."""
    data = {field.name: getattr(thing, field.name) for field in fields(thing)}
    if isinstance(thing, Tick):
        data["signals"] = thing.signals.tolist()
    kind = thing.type if isinstance(thing, LinkEvent) else type(thing).__name__
    return {"kind": kind, "fields": data}


def thing_from_data(data: dict[str, Any]) -> Thing:
    """Return what `thing_to_data` was given."""
    kind, values = data["kind"], dict(data["fields"])
    if kind == Tick.__name__:
        return Tick(**(values | {"signals": np.array(values["signals"])}))
    if kind == Restart.__name__:
        return Restart(**values)
    if "reason" in values:
        values["reason"] = FaultReason(values["reason"])
    return _LINK_EVENTS[kind](**values)
