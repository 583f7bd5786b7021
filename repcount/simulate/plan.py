"""What to simulate: who does what in which order, and how good the sensor is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from repcount.events import Tempo
from repcount.simulate.gestures import GESTURES
from repcount.simulate.limb import LIMBS

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 12.5, 200.0

STEADY = Tempo(eccentric_s=2.5, pause_lengthened_s=0.4, concentric_s=1.2, pause_shortened_s=0.3)
"""A controlled rep at an everyday pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Walking about with swinging arms, turning now and then."""

    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StandStill:
    """Standing, arms hanging."""

    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidget:
    """Standing restlessly: the limb wanders a little way off and back."""

    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """One of `GESTURES`: looking at the watch, drinking, sitting down for a while."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in GESTURES:
            raise ValueError(f"a gesture is one of {', '.join(GESTURES)}, not {self.name!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOf:
    """A set with what comes before and after it: taking hold, settling, letting go.

    `variant` is another way to perform the exercise. Of single reps, counted from 1: `changed` gives another
    tempo, `partial` the share of the range, `regrip_after` those after which the hand takes hold anew. With
    `drop_last` the last lowering never comes. `settle_s` is the wait before the first rep, None for what is
    usual. Every duration must be known and positive, that of a pause may be 0.
    """

    exercise: str
    reps: int
    tempo: Tempo = STEADY
    changed: Mapping[int, Tempo] = field(default_factory=dict)
    partial: Mapping[int, float] = field(default_factory=dict)
    regrip_after: frozenset[int] = frozenset()
    drop_last: bool = False
    settle_s: float | None = None
    variant: str = ""

    def __post_init__(self) -> None:
        if self.reps < 1:
            raise ValueError("a set has at least one rep")
        if not all(0.0 < share <= 1.0 for share in self.partial.values()):
            raise ValueError("a partial rep goes a share of the range, above 0 to 1")
        for tempo in (self.tempo, *self.changed.values()):
            _check_tempo(tempo)

    def tempo_of(self, rep_index: int) -> Tempo:
        """Tempo of one rep, counted from 1."""
        return self.changed.get(rep_index, self.tempo)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldsOf:
    """An exercise that is held: lift, hold, lower, rest for `between_s`; the others as in `SetOf`."""

    exercise: str
    holds_s: tuple[float, ...]
    lift_s: float = 1.2
    lower_s: float = 1.5
    between_s: float = 4.0
    settle_s: float | None = None
    variant: str = ""

    def __post_init__(self) -> None:
        if not self.holds_s or min(*self.holds_s, self.lift_s, self.lower_s) <= 0.0 or self.between_s < 0.0:
            raise ValueError("there is at least one hold; holding, lifting and lowering take time")


Part = Walk | StandStill | Fidget | Gesture | SetOf | HoldsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a person departs from the plan.

    `duration_spread_ratio` and `range_spread_ratio` vary every rep (standard deviation); `slow_down_ratio`,
    `range_loss_ratio` and `stick_ratio` grow to this by the last rep (or the end of a hold, which sinks);
    `skew_ratio` moves the peak of the speed within a phase, the ramps say how much of a phase speeding up and
    slowing down take. `person_ratio` 0..1 is how much bodies differ, `build` where in the exercise's spread
    this one is in path, angles and bow, about -1..1 each (None: anywhere, another in each set), `stance_deg`
    how its pitch, lean and roll differ all the way. `approach_ratio` above 1 takes longer to get into the
    pose and out; `stop_spread_ratio` is how far from the usual poses on the way, in fidgets. `sway_deg`,
    `sway_m` slow wandering; `shake_m_s2` and `shake_deg_s` the faster shaking of a working limb (root mean
    square); `breath_ratio` how deep the breath, 1 as usual.
    """

    duration_spread_ratio: float = 0.07
    range_spread_ratio: float = 0.03
    slow_down_ratio: float = 0.2
    range_loss_ratio: float = 0.05
    stick_ratio: float = 0.0
    skew_ratio: float = 0.25
    concentric_ramp_ratio: float = 0.5
    eccentric_ramp_ratio: float = 0.35
    person_ratio: float = 1.0
    build: tuple[float, float, float] | None = None
    stance_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    approach_ratio: float = 1.0
    stop_spread_ratio: float = 0.0
    breath_ratio: float = 1.0
    sway_deg: float = 0.7
    sway_m: float = 0.004
    shake_m_s2: float = 0.4
    shake_deg_s: float = 4.0


EXACT = Habits(
    duration_spread_ratio=0.0,
    range_spread_ratio=0.0,
    slow_down_ratio=0.0,
    range_loss_ratio=0.0,
    skew_ratio=0.0,
    person_ratio=0.0,
    breath_ratio=0.0,
    sway_deg=0.0,
    sway_m=0.0,
    shake_m_s2=0.0,
    shake_deg_s=0.0,
)
"""Exactly as planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorErrors:
    """What the sensor and its link do to the truth.

    White noise a sample and a bias an axis (standard deviations); `step` is what one digit is worth (0: any
    number), `limit` the largest size of an axis. The sensor's clock is slow by `clock_slow_ppm`; each time is
    off by at most `jitter_s`. `lost_ratio` of the samples never arrive, one to eight in a row.
    """

    acc_noise_m_s2: float = 0.03
    acc_bias_m_s2: float = 0.10
    acc_step_m_s2: float = 0.0
    acc_limit_m_s2: float = np.inf
    gyro_noise_rad_s: float = 0.003
    gyro_bias_rad_s: float = 0.01
    gyro_step_rad_s: float = 0.0
    gyro_limit_rad_s: float = np.inf
    clock_slow_ppm: float = 0.0
    jitter_s: float = 0.0
    lost_ratio: float = 0.0


PERFECT = SensorErrors(acc_noise_m_s2=0.0, acc_bias_m_s2=0.0, gyro_noise_rad_s=0.0, gyro_bias_rad_s=0.0)
"""A sensor without errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A session: its parts in order, worn how, sampled how.

    `mounting_deg` is the rotation vector that turns the limb's frame (x along it, z out of its back) into the
    sensor's frame: axis times angle. `side` is `left` or `right`.
    """

    parts: tuple[Part, ...]
    rate_hz: float = 52.0
    has_gyro: bool = True
    placement: str = "wrist"
    side: str = "left"
    mounting_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    habits: Habits = field(default_factory=Habits)
    errors: SensorErrors = field(default_factory=SensorErrors)

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("a plan has at least one part")
        if not LOWEST_RATE_HZ <= self.rate_hz <= HIGHEST_RATE_HZ:
            raise ValueError(f"rate_hz is {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ}, not {self.rate_hz}")
        if self.placement not in LIMBS:
            raise ValueError(f"placement is one of {', '.join(LIMBS)}, not {self.placement!r}")
        if self.side not in {"left", "right"}:
            raise ValueError(f"side is left or right, not {self.side!r}")
        timed = [part for part in self.parts if isinstance(part, Walk | StandStill | Fidget)]
        if any(part.duration_s <= 0.0 for part in timed):
            raise ValueError("a part lasts longer than 0 s")


def any_mounting_deg(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw a rotation vector, deg, uniform over all rotations."""
    quaternion = rng.normal(size=4)
    quaternion /= np.linalg.norm(quaternion)
    half_rad = float(np.arccos(abs(quaternion[0])))
    axis = quaternion[1:] / np.sin(half_rad) * np.copysign(1.0, quaternion[0])
    x, y, z = np.degrees(2.0 * half_rad) * axis
    return float(x), float(y), float(z)


def _check_tempo(tempo: Tempo) -> None:
    moving = (tempo.eccentric_s, tempo.concentric_s)
    pauses = (tempo.pause_lengthened_s, tempo.pause_shortened_s)
    if any(s is None or s <= 0.0 for s in moving) or any(s is None or s < 0.0 for s in pauses):
        raise ValueError(f"a simulated tempo has all four durations: {tempo}")
