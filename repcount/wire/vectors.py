"""A profile against its own vectors: bytes to values and back."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from repcount.events import FaultReason
from repcount.profile.model import Profile, Vector
from repcount.profile.steps import Read, Refusal, Wait, Write
from repcount.profile.stream import AXES, Clock, Stream, VectorField
from repcount.samples import Array, Notification, SampleBatch
from repcount.wire.decoder import Decoded, Decoder, decode
from repcount.wire.encoder import write_packet
from repcount.wire.framing import framer_of
from repcount.wire.items import Rejected
from repcount.wire.layout import Layout
from repcount.wire.stage import Wire

_HALF_A_COUNT = 0.5
_MOMENT_S = 1e-6
"""Times in a profile are written to the microsecond, s."""
_EXACT = 1 << 53
"""Beyond, a time in s does not say every tick."""
_RELATIVE = 1e-6
"""Captured numbers are written with the digits a single-precision float has."""


@dataclass(frozen=True, slots=True)
class VectorResult:
    """What came of one vector; `failures` is empty when it holds."""

    vector: Vector
    failures: tuple[str, ...]


def check_vectors(profile: Profile) -> list[VectorResult]:
    """Run every vector of a profile in every direction it has."""
    return [VectorResult(vector, tuple(_failures(profile, vector))) for vector in profile.vectors]


def _failures(profile: Profile, vector: Vector) -> Iterator[str]:
    if vector.direction == "notify":
        yield from _notify_failures(profile, vector)
    else:
        yield from _step_failures(profile, vector)


def _notify_failures(profile: Profile, vector: Vector) -> Iterator[str]:
    values = profile.chosen_values(vector.values, vector.place) | dict(vector.captured)
    wanted = vector.characteristic or profile.stream.characteristic
    if vector.rejected is not None:
        yield from _acceptance_failures(Wire(profile, values=values), vector, wanted)
        return
    streams = [one for one in profile.active_streams(values) if one.characteristic == wanted]
    decoder = Decoder([Layout(stream, profile.axes) for stream in streams])
    found = [one for payload in (vector.payload, *vector.then) for one in decoder.feed(payload)]
    if refused := [one for one in found if isinstance(one, FaultReason)]:
        yield f"{_refusal(refused[0])}, expected: {_refusal(None)}"
        return
    decoded = [one for one in found if not isinstance(one, FaultReason)]
    if len(decoded) != 1:
        yield f"{len(decoded)} packets come of it, expected 1"
        return
    ((stream, packet),) = decoded
    yield from _decoding_failures(profile, stream, vector, packet)
    yield from _encoding_failures(profile, stream, vector)


def _acceptance_failures(wire: Wire, vector: Vector, characteristic: str) -> Iterator[str]:
    feed = (wire.feed(Notification(characteristic, one, 0.0)) for one in (vector.payload, *vector.then))
    said = {item.reason for items in feed for item in items if isinstance(item, Rejected)}
    if said != {vector.rejected}:
        yield f"{_refusal(next(iter(said), None))}, expected: {_refusal(vector.rejected)}"


def _refusal(reason: str | None) -> str:
    return "decoded" if reason is None else f"refused for its {reason}"


def _step_failures(profile: Profile, vector: Vector) -> Iterator[str]:
    steps = profile.stop if vector.direction == "stop" else profile.start
    step = steps[vector.step or 0]
    if isinstance(step, Write):
        payload = step.payload(profile.chosen_values(vector.values, vector.place))
        if payload != vector.payload:
            written = f"{vector.direction}[{vector.step}] writes {payload.hex(' ')}"
            yield f"{written}, expected {vector.payload.hex(' ')}"
    elif isinstance(step, Read | Wait):
        yield from _answer_failures(step, vector)


def _answer_failures(step: Read | Wait, vector: Vector) -> Iterator[str]:
    if isinstance(step, Wait) and not step.starts_with.matches(vector.payload):
        yield f"start[{vector.step}] waits for {step.starts_with}, not for {vector.payload.hex(' ')}"
        return
    taken = step.answer.take(vector.payload)
    if isinstance(taken, Refusal) or vector.refused is not None:
        said = taken.word if isinstance(taken, Refusal) else None
        if said != vector.refused:
            yield f"refused as {said!r}, expected {vector.refused!r}"
        return
    for name, expected in vector.captured.items():
        if not math.isclose(taken[name], expected, rel_tol=_RELATIVE):
            yield f"{name} is {taken[name]:g}, expected {expected:g}"


def _decoding_failures(profile: Profile, stream: Stream, vector: Vector, packet: Decoded) -> Iterator[str]:
    rows = {"acc": (stream.acc, packet.acc_m_s2, vector.acc)}
    rows["gyro"] = (stream.gyro, packet.gyro_rad_s, vector.gyro)
    for name, (field, found, expected) in rows.items():
        if (found is None) != (expected is None):
            yield f"{name} is {'not sent' if found is None else 'sent'}, expected otherwise"
        elif field is not None and found is not None and expected is not None:
            yield from _channel(name, field, found, expected, profile)
    if stream.clock is not None and vector.t_s is not None:
        yield from _differences(
            "t_s", _own_times(stream, stream.clock, packet), np.array(vector.t_s), _MOMENT_S
        )
    if packet.counter != vector.counter:
        yield f"counter is {packet.counter}, expected {vector.counter}"


def _own_times(stream: Stream, clock: Clock, packet: Decoded) -> Array:
    """Times (N,) in s as the packet alone tells them; its period, or else the rate, lies between samples."""
    n, per_s = len(packet), clock.ticks_per_s
    period = per_s / stream.rate_hz if packet.period_ticks is None else packet.period_ticks
    steps = np.arange(n) if clock.stamps == "first" else np.arange(1 - n, 1)
    return np.asarray(((packet.time_ticks or 0) + steps * period) / per_s)


def _channel(
    name: str, field: VectorField, found: Array, expected: tuple[tuple[float, ...], ...], profile: Profile
) -> Iterator[str]:
    """Compare in the profile's unit, along the axes the sensor reports, to half a count."""
    reported = np.empty_like(found)
    reported[:, list(profile.axes.order)] = found * np.array(profile.axes.signs) / field.si_per_unit
    yield from _differences(name, reported, np.array(expected), _HALF_A_COUNT / field.counts_per_unit)


def _differences(name: str, found: Array, expected: Array, tolerance: float) -> Iterator[str]:
    if found.shape != expected.shape:
        yield f"{name} has {len(found)} rows, expected {len(expected)}"
        return
    for k in np.flatnonzero((np.abs(found - expected) > tolerance).reshape(len(found), -1).any(axis=1)):
        yield f"{name}[{k}] is {found[k].tolist()}, expected {expected[k].tolist()}"


def _encoding_failures(profile: Profile, stream: Stream, vector: Vector) -> Iterator[str]:
    """Write what the vector says; the same bytes must come, but for those that nothing names.

    Where a decoder packs the samples, there are several ways to do so: reading gives the same back.
    """
    layout, packet = Layout(stream, profile.axes), _written(profile, stream, vector)
    if stream.decoder is not None:
        again = decode(layout, packet)
        if isinstance(again, FaultReason):
            yield f"encoding gives {packet.hex(' ')}, which is {_refusal(again)}"
        else:
            yield from _decoding_failures(profile, stream, vector, again)
        return
    framer = framer_of([stream])
    cut = (one for payload in (vector.payload, *vector.then) for one in framer.packets(payload))
    original = b"".join(one for one in cut if isinstance(one, bytes))
    named = _named(layout, vector)
    if _masked(packet, named) != _masked(original, named):
        yield f"encoding gives {packet.hex(' ')}, expected {original.hex(' ')}"


def _named(layout: Layout, vector: Vector) -> bytes:
    """Which bytes the vector's values decide."""
    named = bytearray(layout.named(len(vector.acc or vector.gyro or ())))
    time, clock = layout.stream.field("time"), layout.stream.clock
    per_s = clock.ticks_per_s if clock else 0.0
    if time is not None and max(vector.t_s or (0.0,)) * per_s > _EXACT:
        named[time.offset : time.end] = bytes(time.end - time.offset)
    return bytes(named)


def _masked(packet: bytes, named: bytes) -> bytes:
    return bytes(byte & mask for byte, mask in zip(packet, named, strict=True))


def _written(profile: Profile, stream: Stream, vector: Vector) -> bytes:
    n = len(vector.acc or vector.gyro or ())
    acc_m_s2 = _si(profile, stream.acc, vector.acc)
    t_s = np.arange(n) / stream.rate_hz if vector.t_s is None else np.array(vector.t_s)
    batch = SampleBatch(
        t_s, np.zeros((n, AXES)) if acc_m_s2 is None else acc_m_s2, _si(profile, stream.gyro, vector.gyro)
    )
    return write_packet(Layout(stream, profile.axes), batch, vector.counter or 0, 1.0 / stream.rate_hz)


def _si(
    profile: Profile, field: VectorField | None, rows: tuple[tuple[float, ...], ...] | None
) -> Array | None:
    if field is None or rows is None:
        return None
    return np.asarray(
        np.array(rows)[:, list(profile.axes.order)] * np.array(profile.axes.signs) * field.si_per_unit
    )
