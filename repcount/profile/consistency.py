"""What the parts of a profile must have to do with each other."""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from repcount.errors import InputError
from repcount.profile.model import Profile, Stream, Vector
from repcount.profile.parse_steps import captures
from repcount.profile.reader import Table
from repcount.profile.steps import Read, Wait, Write

ATT_HEADER_BYTES = 3
"""Of the MTU, what a notification's own header takes (Core specification, ATT)."""

CHECKSUM_BYTES = 2


def largest_payload_bytes(stream: Stream) -> int:
    """Most bytes a notification can hold."""
    return stream.mtu_bytes - ATT_HEADER_BYTES


def payload_bytes(stream: Stream, n_samples: int) -> int:
    """Length of a notification with that many samples."""
    tail = CHECKSUM_BYTES if stream.checksum else 0
    return first_sample_offset(stream) + n_samples * stream.acc.stride + tail


def first_sample_offset(stream: Stream) -> int:
    """Bytes before the first sample."""
    return min(vector.offset for vector in stream.vectors)


def check_stream(stream: Stream, table: Table) -> None:
    """Note what does not fit together."""
    for key, message in _stream_problems(stream):
        table.note(key, message)


def _stream_problems(stream: Stream) -> Iterator[tuple[str, str]]:
    yield from _layout_problems(stream)
    yield from _time_problems(stream)
    needed = payload_bytes(stream, stream.samples_per_notification)
    if needed > largest_payload_bytes(stream):
        message = f"{stream.samples_per_notification} samples need {needed} bytes, the MTU leaves"
        yield "samples_per_notification", f"{message} {largest_payload_bytes(stream)}"
    if (stream.loss == "counter") != (stream.field("counter") is not None):
        yield "loss", "'counter' and a field 'counter' belong together"
    if stream.loss == "time_gap" and stream.clock is None:
        yield "loss", "'time_gap' needs the sensor's own time"


def _layout_problems(stream: Stream) -> Iterator[tuple[str, str]]:
    first = first_sample_offset(stream)
    strides = {vector.stride for vector in stream.vectors}
    if len(strides) > 1:
        yield "fields", "'acc' and 'gyro' must have the same stride"
    spans = [(field.offset, field.end, field.name) for field in stream.header]
    spans += [(v.offset, v.offset + v.record_bytes, "acc or gyro") for v in stream.vectors]
    for (_, end, name), (offset, _, other) in pairwise(sorted(spans)):
        if offset < end:
            yield "fields", f"{name!r} and {other!r} overlap"
    if any(field.offset >= first for field in stream.header):
        yield "fields", "the numbers that are there once must lie before the samples"
    if any(v.offset + v.record_bytes > first + v.stride for v in stream.vectors):
        yield "fields", "a sample does not fit into its stride"


def _time_problems(stream: Stream) -> Iterator[tuple[str, str]]:
    if (stream.clock is None) != (stream.field("time") is None):
        yield "time", "source = 'device' and a field 'time' belong together"
    if stream.clock is None and stream.field("period") is not None:
        yield "time", "a field 'period' needs source = 'device'"


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
    n = len(vector.acc)
    if (vector.gyro is None) != (profile.stream.gyro is None):
        yield "'gyro' must be there exactly when the field table has it"
    if vector.gyro is not None and len(vector.gyro) != n:
        yield f"{len(vector.gyro)} rows of gyro for {n} of acc"
    if (vector.t_s is None) != (profile.stream.clock is None):
        yield "'t_s' must be there exactly when the sensor has its own time"
    if vector.t_s is not None and len(vector.t_s) != n:
        yield f"{len(vector.t_s)} times for {n} rows of acc"
    if (vector.counter is None) != (profile.stream.field("counter") is None):
        yield "'counter' must be there exactly when the field table has it"


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
