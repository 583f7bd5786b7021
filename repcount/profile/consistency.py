"""What the parts of a profile must have to do with each other."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from repcount.errors import InputError
from repcount.profile.model import Profile, Vector
from repcount.profile.steps import Read, Wait, Write, captures
from repcount.profile.stream import Stream


def check_must_stop(profile: Profile) -> Iterator[str]:
    """Say what a sensor that must be stopped lacks: an unclean stop leaves it to the next start."""
    if not profile.must_stop:
        return
    stops = [step.parts for step in profile.stop if isinstance(step, Write)]
    tried = [step.parts for step in profile.start if isinstance(step, Write) and step.may_fail]
    if not stops or any(parts not in tried for parts in stops):
        yield "must_stop needs stop steps that write, and the same writes with may_fail at the start"


def check_vector(vector: Vector, profile: Profile) -> Iterator[str]:
    """Say what a vector lacks or has too much."""
    try:
        profile.chosen_values(vector.values, "values")
    except InputError as error:
        yield from map(str, error.problems)
        return
    if vector.direction != "notify":
        yield from _step_problems(vector, profile)
        return
    known = {capture.name for capture in captures(profile.start)}
    if unknown := _names_beside(vector.captured, known):
        yield f"no step captures {unknown}"
    if vector.rejected is not None:
        return
    values = profile.chosen_values(vector.values, vector.place) | dict(vector.captured)
    wanted = vector.characteristic or profile.stream.characteristic
    streams = [one for one in profile.active_streams(values) if one.characteristic == wanted]
    if streams:
        yield from _value_problems(vector, streams)
    else:
        yield f"no stream has the characteristic {wanted}"


def _value_problems(vector: Vector, streams: Sequence[Stream]) -> Iterator[str]:
    rows = {"acc": vector.acc, "gyro": vector.gyro, "t_s": vector.t_s}
    lengths = {name: len(one) for name, one in rows.items() if one is not None}
    if len(set(lengths.values())) > 1:
        yield f"{' and '.join(f'{n} rows of {name}' for name, n in lengths.items())} are not the same"
    given = {name: one is not None for name, one in rows.items()} | {"counter": vector.counter is not None}
    sent = {
        "acc": [one.acc is not None for one in streams],
        "gyro": [one.gyro is not None for one in streams],
        "t_s": [one.clock is not None for one in streams],
        "counter": [one.field("counter") is not None for one in streams],
    }
    for name, has in sent.items():
        if given[name] not in has:
            yield f"{name!r} must be there exactly when the sensor sends it"


def _step_problems(vector: Vector, profile: Profile) -> Iterator[str]:
    key = "stop" if vector.direction == "stop" else "start"
    steps = profile.stop if key == "stop" else profile.start
    step = steps[vector.step] if vector.step is not None and vector.step < len(steps) else None
    if vector.direction == "answer":
        if not isinstance(step, Read | Wait):
            yield f"step {vector.step} of {key!r} reads nothing and waits for nothing"
        elif unknown := _names_beside(vector.captured, {one.name for one in step.answer.captures}):
            yield f"step {vector.step} of {key!r} does not capture {unknown}"
    elif not isinstance(step, Write):
        yield f"step {vector.step} of {key!r} is no write"


def _names_beside(names: Iterable[str], known: Collection[str]) -> str:
    return ", ".join(sorted(name for name in names if name not in known))
