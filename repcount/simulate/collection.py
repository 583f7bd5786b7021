"""Many recordings of many people: every exercise and placement alike, each differently.

Rules: recording number k depends on the seed and on k alone, so a larger collection begins with the smaller
one; a person keeps body and style from recording to recording.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from repcount.events import Phase, Tempo
from repcount.samples import STANDARD_GRAVITY_M_S2
from repcount.simulate.gestures import GESTURES
from repcount.simulate.kinematics import all_kinematics, all_variants, kinematics_of, pace_of
from repcount.simulate.limb import LIMBS
from repcount.simulate.pace import HoldPace, Pace
from repcount.simulate.plan import (
    Fidget,
    Gesture,
    Habits,
    HoldsOf,
    Part,
    Plan,
    SensorErrors,
    SetOf,
    StandStill,
    Walk,
    any_mounting_deg,
)
from repcount.simulate.simulator import Simulation, simulate

PEOPLE = 10

NULL = "null"
"""In place of an exercise: nobody exercises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedRecording:
    """What to simulate for one recording; `exercise` may be `NULL`, `name` is unlike any other's."""

    name: str
    exercise: str
    placement: str
    subject: str
    plan: Plan
    seed: int

    def simulate(self) -> Simulation:
        """Simulate the plan, the same each time."""
        return simulate(self.plan, np.random.default_rng(self.seed))


def collection(count: int, seed: int, *, nulls: int = 0) -> Iterator[SimulatedRecording]:
    """Plan `count` recordings of one set each, then `nulls` recordings without exercise."""
    pairs = countable_pairs()
    for k in range(count):
        exercise, placement = pairs[k % len(pairs)]
        yield _recording(k, seed, exercise, placement)
    for k in range(nulls):
        yield _recording(k, seed, NULL, list(LIMBS)[k % len(LIMBS)])


def countable_pairs() -> tuple[tuple[str, str], ...]:
    """Every exercise with each placement that takes part in it."""
    return tuple(
        (exercise, placement)
        for placement in LIMBS
        for exercise, kinematics in all_kinematics(placement).items()
        if not kinematics.is_still
    )


_TRAINING, _ALIVE, _BODY, _STYLE = 1, 2, 3, 4
"""What is drawn: keeps the generators apart that share a seed and a number."""

_BLIND_ECCENTRIC_S = 3.0
_BLIND = frozenset({("pull_up", "chest"), ("inverted_row", "chest")})
"""Without a gyroscope a slower lowering of a trunk that hardly turns is below what a sensor resolves."""

_SETTLE_S = (0.1, 3.0)
_RARELY_RATIO, _SOMETIMES_RATIO = 0.12, 0.25

_RATES_HZ = {12.5: 0.05, 25.0: 0.2, 50.0: 0.25, 52.0: 0.2, 100.0: 0.15, 104.0: 0.1, 200.0: 0.05}
_LIMITS_G = (4.0, 8.0, 16.0)
_BITS = (12, 14, 16)
_GYRO_LIMIT_DEG_S = 1000.0


def _recording(k: int, seed: int, exercise: str, placement: str) -> SimulatedRecording:
    rng = np.random.default_rng([seed, k, _ALIVE if exercise == NULL else _TRAINING])
    person = int(rng.integers(PEOPLE))
    plan = Plan(
        parts=_LIFE,
        rate_hz=float(rng.choice(list(_RATES_HZ), p=list(_RATES_HZ.values()))),
        has_gyro=bool(rng.integers(2)),
        placement=placement,
        side=str(rng.choice(["left", "right"])),
        mounting_deg=any_mounting_deg(rng),
        habits=_habits(seed, person, exercise),
        errors=_errors(rng),
    )
    slowest_s = _BLIND_ECCENTRIC_S if (exercise, placement) in _BLIND and not plan.has_gyro else np.inf
    parts = _life(rng) if exercise == NULL else _session(exercise, placement, slowest_s, rng)
    return SimulatedRecording(
        name=f"{placement}_{exercise}_{k:04d}",
        exercise=exercise,
        placement=placement,
        subject=f"sim{person:02d}",
        plan=replace(plan, parts=parts),
        seed=int(rng.integers(2**32)),
    )


def _habits(seed: int, person: int, exercise: str) -> Habits:
    """Draw a person's ways: the same in each recording, the body's by exercise."""
    rng = np.random.default_rng([seed, person, _BODY, *exercise.encode()])
    build, lean_roll_deg = rng.uniform(-1.4, 1.4, 3), rng.uniform(-6.0, 6.0, 2)
    style = np.random.default_rng([seed, person, _STYLE])
    return Habits(
        build=tuple(build.tolist()),
        stance_deg=(rng.uniform(-3.0, 3.0), *lean_roll_deg.tolist()),
        duration_spread_ratio=style.uniform(0.04, 0.12),
        range_spread_ratio=style.uniform(0.02, 0.05),
        slow_down_ratio=style.uniform(0.0, 0.5),
        range_loss_ratio=style.uniform(0.0, 0.15),
        stick_ratio=style.uniform(0.0, 0.7),
        skew_ratio=style.uniform(0.1, 0.5),
        concentric_ramp_ratio=style.uniform(0.3, 0.5),
        eccentric_ramp_ratio=style.uniform(0.15, 0.5),
        approach_ratio=style.uniform(0.7, 1.6),
        stop_spread_ratio=style.uniform(0.1, 0.5),
        sway_deg=style.uniform(0.4, 1.5),
        sway_m=style.uniform(0.002, 0.008),
        shake_m_s2=style.uniform(0.15, 0.6),
        shake_deg_s=style.uniform(1.5, 6.0),
    )


def _errors(rng: np.random.Generator) -> SensorErrors:
    limit_g, bits = rng.choice(_LIMITS_G), rng.choice(_BITS)
    gyro_limit_rad_s = np.radians(_GYRO_LIMIT_DEG_S)
    return SensorErrors(
        acc_noise_m_s2=rng.uniform(0.01, 0.06),
        acc_bias_m_s2=rng.uniform(0.0, 0.3),
        acc_step_m_s2=STANDARD_GRAVITY_M_S2 * limit_g / 2.0 ** (bits - 1),
        acc_limit_m_s2=STANDARD_GRAVITY_M_S2 * limit_g,
        gyro_noise_rad_s=rng.uniform(0.001, 0.006),
        gyro_bias_rad_s=rng.uniform(0.0, 0.03),
        gyro_step_rad_s=gyro_limit_rad_s / 2.0**15,
        gyro_limit_rad_s=gyro_limit_rad_s,
        clock_slow_ppm=rng.normal(0.0, 50.0),
        jitter_s=float(rng.choice([0.0, 0.002, 0.01])),
        lost_ratio=float(rng.choice([0.0, 0.0, 0.005, 0.03])),
    )


def _session(exercise: str, placement: str, slowest_s: float, rng: np.random.Generator) -> tuple[Part, ...]:
    """Draw what comes before the set, the set and what comes after."""
    pace = pace_of(exercise)
    if isinstance(pace, HoldPace):
        done: Part = _holds(exercise, pace, rng)
    else:
        done = _set(exercise, placement, pace, slowest_s, rng)
    before = (Walk(duration_s=rng.uniform(3.0, 8.0)), *_some(_BEFORE, rng))
    after = (*_some(_AFTER, rng), Walk(duration_s=rng.uniform(4.0, 10.0)))
    still_s = rng.uniform(0.5, 3.0, 2).tolist()
    return (
        *before[rng.integers(2) :],
        StandStill(duration_s=still_s[0]),
        done,
        StandStill(duration_s=still_s[1]),
        *after,
        StandStill(duration_s=rng.uniform(4.0, 8.0)),
    )


_LIFE: tuple[Part, ...] = (
    Walk(duration_s=12.0),
    StandStill(duration_s=5.0),
    Fidget(duration_s=10.0),
    *(Gesture(name=name) for name in GESTURES),
)
_BEFORE: tuple[Part, ...] = (Fidget(duration_s=4.0), Gesture(name="look_at_watch"), Gesture(name="stretch"))
_AFTER: tuple[Part, ...] = (
    Fidget(duration_s=5.0),
    *(Gesture(name=name) for name in ("shake_out", "look_at_watch", "drink", "sit_down")),
)


def _some(parts: tuple[Part, ...], rng: np.random.Generator) -> list[Part]:
    """Draw each with a chance of `_SOMETIMES_RATIO`."""
    return [part for part in parts if rng.random() < _SOMETIMES_RATIO]


def _life(rng: np.random.Generator) -> tuple[Part, ...]:
    """Draw a minute or two without exercise."""
    return tuple(_LIFE[k] for k in rng.integers(len(_LIFE), size=12))


def _set(exercise: str, placement: str, pace: Pace, slowest_s: float, rng: np.random.Generator) -> SetOf:
    reps = int(rng.choice([rng.integers(1, 5), rng.integers(5, 13), rng.integers(13, 16)], p=[0.1, 0.8, 0.1]))
    tempo = _tempo(pace, slowest_s, rng)
    return SetOf(
        exercise=exercise,
        reps=reps,
        tempo=tempo,
        changed=_changed(exercise, placement, pace, reps, tempo, rng),
        partial={int(rng.integers(1, reps + 1)): rng.uniform(0.4, 0.6)} if _rarely(rng) else {},
        regrip_after=frozenset([int(rng.integers(1, reps + 1))]) if _rarely(rng) else frozenset(),
        drop_last=_rarely(rng) and pace.is_dropped,
        settle_s=_log_uniform(*_SETTLE_S, rng),
        variant=_variant(exercise, placement, rng),
    )


def _holds(exercise: str, pace: HoldPace, rng: np.random.Generator) -> HoldsOf:
    return HoldsOf(
        exercise=exercise,
        holds_s=tuple(rng.uniform(*pace.hold_s, rng.integers(1, 4)).tolist()),
        lift_s=rng.uniform(*pace.lift_s),
        lower_s=rng.uniform(*pace.lower_s),
        between_s=rng.uniform(*pace.between_s),
        settle_s=rng.uniform(*_SETTLE_S),
    )


def _variant(exercise: str, placement: str, rng: np.random.Generator) -> str:
    drawn = rng.random()
    for variant, kinematics in all_variants(placement)[exercise].items():
        drawn -= kinematics.chosen_ratio
        if drawn < 0.0:
            return variant
    return ""


def _tempo(pace: Pace, slowest_s: float, rng: np.random.Generator) -> Tempo:
    low_s, high_s = pace.eccentric_s
    return Tempo(
        eccentric_s=_log_uniform(low_s, min(high_s, slowest_s), rng),
        pause_lengthened_s=rng.uniform(*pace.lengthened_s),
        concentric_s=rng.uniform(*pace.concentric_s),
        pause_shortened_s=rng.uniform(*pace.shortened_s),
    )


def _changed(
    exercise: str, placement: str, pace: Pace, reps: int, tempo: Tempo, rng: np.random.Generator
) -> dict[int, Tempo]:
    """Draw single reps unlike the others: let go quickly, followed by a rest, the last one ground out."""
    changed: dict[int, Tempo] = {}
    one = int(rng.integers(1, reps + 1))
    if _rarely(rng):
        changed[one] = replace(tempo, eccentric_s=pace.eccentric_s[0] * rng.uniform(0.6, 1.0))
    if _rarely(rng):
        bows_first = kinematics_of(exercise, placement).first_phase is Phase.ECCENTRIC
        pause = "pause_shortened_s" if bows_first else "pause_lengthened_s"
        rests = rng.choice(reps, size=max(1, reps // 3), replace=False) + 1
        changed |= {int(k): replace(tempo, **{pause: rng.uniform(1.0, 4.0)}) for k in rests}
    if _rarely(rng):
        changed[reps] = replace(tempo, concentric_s=rng.uniform(2.0, 3.0))
    return changed


def _log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _rarely(rng: np.random.Generator) -> bool:
    return bool(rng.random() < _RARELY_RATIO)
