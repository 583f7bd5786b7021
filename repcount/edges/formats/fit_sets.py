"""The sets and holds of a recording, as FIT knows them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from repcount.events import Event, HoldEnded, SetEnded, SetStarted, Tempo

_PHASES = tuple(field.name for field in fields(Tempo))
_MOST_REPS = 60
"""A field has at most 255 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A set as FIT knows it; times are s since the first sample."""

    exercise: str
    start_s: float
    end_s: float
    reps: int
    load_kg: float | None = None
    tempo_s: tuple[float | None, ...] = ()
    eccentrics_s: tuple[float | None, ...] = ()
    controlled: int | None = None


def sets_done(events: Sequence[Event]) -> list[Done]:
    """The sets with reps and the holds among the events, in order."""
    exercises = {event.set_index: event.exercise for event in events if isinstance(event, SetStarted)}
    done: list[Done] = []
    for event in events:
        if isinstance(event, SetEnded) and event.reps:
            done.append(_of_reps(event))
        elif isinstance(event, HoldEnded):
            exercise = exercises[event.set_index]
            done.append(Done(exercise=exercise, start_s=event.start_s, end_s=event.end_s, reps=1))
    return sorted(done, key=lambda one: one.start_s)


def _of_reps(ended: SetEnded) -> Done:
    tempo = ended.mean_tempo
    return Done(
        exercise=ended.exercise,
        start_s=ended.start_s,
        end_s=ended.end_s,
        reps=ended.rep_count,
        load_kg=ended.load_kg,
        tempo_s=tuple(None if tempo is None else getattr(tempo, phase) for phase in _PHASES),
        eccentrics_s=tuple(rep.eccentric_s for rep in ended.reps[:_MOST_REPS]),
        controlled=sum(rep.controlled is True for rep in ended.reps),
    )
