"""A profile against its own vectors: bytes to values and back."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from repcount.profile.model import Profile, Vector, VectorField
from repcount.profile.steps import Read, Refusal, Wait, Write
from repcount.samples import Array, Notification, SampleBatch
from repcount.wire.encoder import encode
from repcount.wire.items import Rejected
from repcount.wire.stage import Wire

_HALF_A_COUNT = 0.5
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
    if vector.direction != "notify":
        yield from _step_failures(profile, vector)
        return
    items = Wire(profile).feed(Notification(profile.stream.characteristic, vector.payload, 0.0))
    (item,) = items
    if vector.rejected is not None or isinstance(item, Rejected):
        said = item.reason if isinstance(item, Rejected) else None
        if said != vector.rejected:
            yield f"{_refusal(said)}, expected: {_refusal(vector.rejected)}"
    elif isinstance(item, SampleBatch):
        yield from _decoding_failures(profile, vector, item)
        yield from _encoding_failures(profile, vector)


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


def _decoding_failures(profile: Profile, vector: Vector, batch: SampleBatch) -> Iterator[str]:
    stream, clock = profile.stream, profile.stream.clock
    if clock is not None and vector.t_s is not None:
        yield from _differences("t_s", batch.t_s, np.array(vector.t_s), _HALF_A_COUNT / clock.ticks_per_s)
    yield from _channel("acc", stream.acc, batch.acc_m_s2, vector.acc, profile)
    if stream.gyro is not None and batch.gyro_rad_s is not None and vector.gyro is not None:
        yield from _channel("gyro", stream.gyro, batch.gyro_rad_s, vector.gyro, profile)


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


def _encoding_failures(profile: Profile, vector: Vector) -> Iterator[str]:
    stream, order, signs = profile.stream, list(profile.axes.order), np.array(profile.axes.signs)
    n = len(vector.acc)
    acc_m_s2 = np.array(vector.acc)[:, order] * signs * stream.acc.si_per_unit
    gyro_rad_s = None
    if stream.gyro is not None and vector.gyro is not None:
        gyro_rad_s = np.array(vector.gyro)[:, order] * signs * stream.gyro.si_per_unit
    t_s = np.arange(n) / stream.rate_hz if vector.t_s is None else np.array(vector.t_s)
    batch = SampleBatch(t_s, acc_m_s2, gyro_rad_s)
    sent = encode(profile, batch, counter_start=vector.counter or 0, samples_per_notification=n)
    written = b" | ".join(one.payload for one in sent)
    if written != vector.payload:
        yield f"encoding gives {written.hex(' ')}, expected {vector.payload.hex(' ')}"
