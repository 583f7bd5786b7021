"""Recordings of simulated sessions, as a sensor would have sent them.

`python -m repcount.app.simulate FOLDER` makes all of `RECORDINGS` again in FOLDER, byte for byte.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from repcount.app.recordings import RECORDINGS, Span
from repcount.commands import SelectExercise
from repcount.edges.profiles import load_profile
from repcount.edges.recording import (
    CAPTURE_NAME,
    LABELS_NAME,
    Connected,
    RecordingMeta,
    RecordingWriter,
    SensorMeta,
    write_labels,
)
from repcount.profile import Profile
from repcount.samples import Notification, SampleBatch
from repcount.simulate import Plan, Simulation, TrueSet, simulate, simulate_worn
from repcount.wire import encode

WEARER = "simulated"
STATION = "simulated"
WHEN = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
"""A fixed time, so that the same plan gives the same files."""

_FIRST_ARRIVAL_S = 1000.0
"""The host's monotonic clock does not start with the session."""
_CONNECTION_INTERVAL_S = 0.03
_MISSED_EVENT_RATIO = 0.03
"""A connection event in about 30 fails on a good link; the notification comes with the next."""
_HOST_DELAY_S = 0.002
_CLOCKS_APART_S = 300.0
"""Nobody switches two sensors on at once."""
_CHOOSE_AFTER_S = 5.0
"""A person picks the next exercise this long after the last rep of the one before."""


def write_recording(
    folder: Path,
    plan: Plan,
    profile: Profile,
    seed: int,
    *,
    samples_per_notification: int | None = None,
    beside: Sequence[str] = (),
    lost: Sequence[Span] = (),
    gone: Sequence[Span] = (),
) -> Simulation:
    """Simulate `plan` and write it as `profile`'s sensor would have sent it, with the truth.

    `beside` are placements of further sensors of the same kind that the wearer has on, each with its clock.
    What is sent within the spans `lost` and `gone`, s since the first sample, does not arrive; after `gone`
    the sensor is connected anew.

    The profile says the rate and whether there is a gyroscope, and, where None, `samples_per_notification`.
    Where the exercise changes, the wearer's choice is in the capture as a command.

    Raises
    ------
    InputError
        When the folder holds a capture, or an exercise is not simulated.
    """
    rng = np.random.default_rng(seed)
    stream = profile.stream
    plan = replace(plan, rate_hz=stream.rate_hz, has_gyro=profile.has_gyro)
    simulation = simulate(plan, rng)
    choices = list(_choices(simulation.sets))
    sent = _sent(plan.placement, profile, simulation.batch, samples_per_notification, rng)
    for k, (placement, one) in enumerate(simulate_worn(plan, beside, seed).items(), start=1):
        own_rng = np.random.default_rng([seed, k])
        sent += _sent(placement, profile, one.batch, samples_per_notification, own_rng, k * _CLOCKS_APART_S)
    arrived = [item for item in sent if not _within(item[1].arrival_s, (*lost, *gone))]
    arrived.sort(key=lambda item: item[1].arrival_s)
    back_s = [_FIRST_ARRIVAL_S + end_s for _, end_s in gone]
    with RecordingWriter(folder, _meta(plan, profile, simulation.sets, beside)) as writer:
        for sensor, notification in arrived:
            while choices and _FIRST_ARRIVAL_S + choices[0].at_s <= notification.arrival_s:
                writer.write_command(_FIRST_ARRIVAL_S + choices[0].at_s, choices.pop(0))
            while back_s and back_s[0] <= notification.arrival_s:
                writer.write_connected(sensor, Connected({}, back_s.pop(0)))
            writer.write(sensor, notification)
    write_labels(folder / LABELS_NAME, simulation.reps)
    return simulation


def rebuild(folder: Path) -> None:
    """Make every recording of `RECORDINGS` in `folder`, in place of those there; golden events stay."""
    for spec in RECORDINGS:
        target = folder / spec.name
        (target / CAPTURE_NAME).unlink(missing_ok=True)
        profile, samples = load_profile(spec.profile), spec.samples_per_notification
        write_recording(
            target,
            spec.plan,
            profile,
            spec.seed,
            samples_per_notification=samples,
            beside=spec.beside,
            lost=spec.lost,
            gone=spec.gone,
        )


def _meta(plan: Plan, profile: Profile, sets: Sequence[TrueSet], beside: Sequence[str]) -> RecordingMeta:
    worn = {plan.placement: SensorMeta(profile=profile.name, placement=plan.placement, side=plan.side)}
    worn |= {place: SensorMeta(profile=profile.name, placement=place) for place in beside}
    return RecordingMeta(
        sensors=worn,
        station=STATION,
        wearer=WEARER,
        when=WHEN,
        made_by="simulated",
        exercise=sets[0].exercise if sets else None,
        reps_true=tuple(one.rep_count for one in sets),
    )


def _choices(sets: Sequence[TrueSet]) -> Iterator[SelectExercise]:
    for done, coming in pairwise(sets):
        if coming.exercise != done.exercise:
            yield SelectExercise(at_s=round(done.end_s + _CHOOSE_AFTER_S, 3), exercise=coming.exercise)


def _sent(
    sensor: str,
    profile: Profile,
    batch: SampleBatch,
    samples: int | None,
    rng: np.random.Generator,
    clock_s: float = 0.0,
) -> list[tuple[str, Notification]]:
    """What the sensor, whose clock was at `clock_s` when it began, sends, and when that reaches the host."""
    own = SampleBatch(batch.t_s + clock_s, batch.acc_m_s2, batch.gyro_rad_s)
    came, arrival_s = [], 0.0
    for sent in encode(profile, own, samples_per_notification=samples):
        arrival_s = max(arrival_s, _arrival_s(sent.last_s - clock_s, rng))
        came.append((sensor, Notification(sent.characteristic, sent.payload, arrival_s)))
    return came


def _within(arrival_s: float, spans: Sequence[Span]) -> bool:
    return any(start_s <= arrival_s - _FIRST_ARRIVAL_S < end_s for start_s, end_s in spans)


def _arrival_s(ready_s: float, rng: np.random.Generator) -> float:
    """When a notification that is ready at `ready_s` reaches us: at a connection event that succeeds."""
    events = math.ceil(ready_s / _CONNECTION_INTERVAL_S) + rng.geometric(1.0 - _MISSED_EVENT_RATIO) - 1
    return _FIRST_ARRIVAL_S + float(events * _CONNECTION_INTERVAL_S + rng.exponential(_HOST_DELAY_S))


if __name__ == "__main__":
    rebuild(Path(sys.argv[1]))
