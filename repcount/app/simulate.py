"""Recordings of simulated sessions, as a sensor would have sent them.

`python -m repcount.app.simulate FOLDER` makes all of `RECORDINGS` again in FOLDER, byte for byte.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from repcount.commands import SelectExercise
from repcount.edges.profiles import load_profile
from repcount.edges.recording import (
    CAPTURE_NAME,
    LABELS_NAME,
    RecordingMeta,
    RecordingWriter,
    SensorMeta,
    write_labels,
)
from repcount.events import Tempo
from repcount.profile import Profile
from repcount.samples import Notification, SampleBatch
from repcount.simulate import Plan, SetOf, Simulation, StandStill, TrueSet, Walk, simulate, simulate_worn
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSpec:
    """One simulated recording of this project; `beside` are placements of further sensors."""

    name: str
    seed: int
    plan: Plan
    profile: str = "repcount_reference"
    samples_per_notification: int = 5
    beside: tuple[str, ...] = ()


def _tempo(eccentric_s: float, lengthened_s: float, concentric_s: float, shortened_s: float) -> Tempo:
    return Tempo(
        eccentric_s=eccentric_s,
        pause_lengthened_s=lengthened_s,
        concentric_s=concentric_s,
        pause_shortened_s=shortened_s,
    )


def _one_set(done: SetOf) -> Plan:
    return Plan(parts=(Walk(duration_s=5.0), StandStill(duration_s=1.5), done, Walk(duration_s=8.0)))


_DEMO_PULL_UPS = SetOf(
    exercise="pull_up",
    reps=5,
    tempo=_tempo(2.5, 0.4, 1.3, 0.3),
    changed={3: _tempo(0.8, 0.4, 1.3, 0.3)},
)
_DEMO_ROWS = SetOf(exercise="bent_over_row", reps=5, tempo=_tempo(2.2, 0.3, 0.9, 0.3))
_DEMO_SESSION = Plan(
    parts=(
        StandStill(duration_s=1.0),
        _DEMO_PULL_UPS,
        StandStill(duration_s=2.0),
        Walk(duration_s=8.0),
        StandStill(duration_s=2.0),
        _DEMO_ROWS,
        StandStill(duration_s=4.0),
    )
)

RECORDINGS = (
    RecordingSpec(
        name="wrist_pull_up_strict_01",
        seed=101,
        plan=_one_set(SetOf(exercise="pull_up", reps=8, tempo=_tempo(2.5, 0.6, 1.4, 0.4))),
    ),
    RecordingSpec(
        name="wrist_bent_over_row_slow_01",
        seed=102,
        plan=_one_set(SetOf(exercise="bent_over_row", reps=8, tempo=_tempo(4.0, 0.4, 1.6, 0.6))),
    ),
    RecordingSpec(
        name="wrist_deadlift_touch_and_go_01",
        seed=103,
        plan=_one_set(SetOf(exercise="deadlift", reps=8, tempo=_tempo(1.6, 0.0, 1.1, 0.4))),
    ),
    RecordingSpec(
        name="wrist_lat_pulldown_01",
        seed=104,
        plan=_one_set(SetOf(exercise="lat_pulldown", reps=10, tempo=_tempo(2.2, 0.3, 1.2, 0.5))),
    ),
    RecordingSpec(
        name="wrist_and_chest_bent_over_row_01",
        seed=106,
        plan=_one_set(SetOf(exercise="bent_over_row", reps=8, tempo=_tempo(2.4, 0.3, 1.1, 0.4))),
        beside=("chest",),
    ),
    RecordingSpec(name="wrist_demo_session_01", seed=105, plan=_DEMO_SESSION),
)
"""All simulated recordings of this project."""


def write_recording(
    folder: Path,
    plan: Plan,
    profile: Profile,
    seed: int,
    *,
    samples_per_notification: int | None = None,
    beside: Sequence[str] = (),
) -> Simulation:
    """Simulate `plan` and write it as `profile`'s sensor would have sent it, with the truth.

    `beside` are placements of further sensors of the same kind that the wearer has on, each with its clock.

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
    sent.sort(key=lambda item: item[1].arrival_s)
    with RecordingWriter(folder, _meta(plan, profile, simulation.sets, beside)) as writer:
        for sensor, notification in sent:
            while choices and _FIRST_ARRIVAL_S + choices[0].at_s <= notification.arrival_s:
                writer.write_command(_FIRST_ARRIVAL_S + choices[0].at_s, choices.pop(0))
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


def _arrival_s(ready_s: float, rng: np.random.Generator) -> float:
    """When a notification that is ready at `ready_s` reaches us: at a connection event that succeeds."""
    events = math.ceil(ready_s / _CONNECTION_INTERVAL_S) + rng.geometric(1.0 - _MISSED_EVENT_RATIO) - 1
    return _FIRST_ARRIVAL_S + float(events * _CONNECTION_INTERVAL_S + rng.exponential(_HOST_DELAY_S))


if __name__ == "__main__":
    rebuild(Path(sys.argv[1]))
