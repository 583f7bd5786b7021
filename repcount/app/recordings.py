"""Which simulated recordings this project has: every exercise at each placement, and the odd situations.

A line here and `python -m repcount.app.simulate recordings` make one more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from repcount.events import Tempo
from repcount.simulate import Fidget, Habits, HoldsOf, Plan, SetOf, StandStill, Walk
from repcount.simulate.plan import Part

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSpec:
    """One simulated recording of this project; `beside` are placements of further sensors.

    Times are s since the first sample: what is sent in `lost` never arrives; in `gone` the sensor is out of
    reach, at the end of which it is connected anew.
    """

    name: str
    seed: int
    plan: Plan
    profile: str = "repcount_reference"
    samples_per_notification: int | None = 5
    beside: tuple[str, ...] = ()
    lost: tuple[Span, ...] = ()
    gone: tuple[Span, ...] = ()


def _tempo(eccentric_s: float, lengthened_s: float, concentric_s: float, shortened_s: float) -> Tempo:
    return Tempo(
        eccentric_s=eccentric_s,
        pause_lengthened_s=lengthened_s,
        concentric_s=concentric_s,
        pause_shortened_s=shortened_s,
    )


def _set_of(exercise: str, reps: int, tempo_s: Sequence[float], **more: object) -> SetOf:
    return SetOf(exercise=exercise, reps=reps, tempo=_tempo(*tempo_s), **more)  # type: ignore[arg-type]


def _one(done: SetOf | HoldsOf, **how: object) -> Plan:
    return _plan((Walk(duration_s=5.0), StandStill(duration_s=1.5), done, Walk(duration_s=8.0)), **how)


def _plan(parts: tuple[Part, ...], **how: object) -> Plan:
    return replace(Plan(parts=parts), **how)  # type: ignore[arg-type]


def _chest(done: SetOf | HoldsOf) -> Plan:
    return _one(done, placement="chest")


_DEMO_SESSION = Plan(
    parts=(
        StandStill(duration_s=1.0),
        _set_of("pull_up", 5, (2.5, 0.4, 1.3, 0.3), changed={3: _tempo(0.8, 0.4, 1.3, 0.3)}),
        StandStill(duration_s=2.0),
        Walk(duration_s=8.0),
        StandStill(duration_s=2.0),
        _set_of("bent_over_row", 5, (2.2, 0.3, 0.9, 0.3)),
        StandStill(duration_s=4.0),
    )
)

_EVERY_EXERCISE = (
    RecordingSpec(
        name="wrist_pull_up_strict_01", seed=101, plan=_one(_set_of("pull_up", 8, (2.5, 0.6, 1.4, 0.4)))
    ),
    RecordingSpec(
        name="wrist_bent_over_row_slow_01",
        seed=102,
        plan=_one(_set_of("bent_over_row", 8, (4.0, 0.4, 1.6, 0.6))),
    ),
    RecordingSpec(
        name="wrist_deadlift_touch_and_go_01",
        seed=103,
        plan=_one(_set_of("deadlift", 8, (1.6, 0.0, 1.1, 0.4))),
    ),
    RecordingSpec(
        name="wrist_lat_pulldown_01", seed=104, plan=_one(_set_of("lat_pulldown", 10, (2.2, 0.3, 1.2, 0.5)))
    ),
    RecordingSpec(
        name="wrist_inverted_row_01", seed=111, plan=_one(_set_of("inverted_row", 8, (2.3, 0.4, 1.1, 0.8)))
    ),
    RecordingSpec(
        name="wrist_reverse_fly_01", seed=112, plan=_one(_set_of("reverse_fly", 8, (2.2, 0.3, 1.1, 0.6)))
    ),
    RecordingSpec(
        name="wrist_good_morning_01", seed=113, plan=_one(_set_of("good_morning", 6, (2.6, 0.4, 1.6, 0.6)))
    ),
    RecordingSpec(
        name="wrist_back_extension_01",
        seed=114,
        plan=_one(HoldsOf(exercise="back_extension", holds_s=(15.0, 12.0))),
    ),
    RecordingSpec(
        name="chest_pull_up_01",
        seed=121,
        plan=_chest(_set_of("pull_up", 6, (2.2, 0.5, 1.2, 0.3))),
        profile="polar_h10",
        samples_per_notification=None,
    ),
    RecordingSpec(
        name="chest_inverted_row_01",
        seed=122,
        plan=_chest(_set_of("inverted_row", 8, (2.2, 0.4, 1.1, 0.6))),
        profile="polar_h10",
        samples_per_notification=None,
    ),
    RecordingSpec(
        name="chest_deadlift_01", seed=123, plan=_chest(_set_of("deadlift", 6, (2.2, 0.6, 1.4, 0.6)))
    ),
    RecordingSpec(
        name="chest_good_morning_01",
        seed=124,
        plan=_chest(_set_of("good_morning", 6, (2.6, 0.4, 1.6, 0.6))),
    ),
    RecordingSpec(
        name="chest_back_extension_01",
        seed=125,
        plan=_chest(HoldsOf(exercise="back_extension", holds_s=(20.0, 14.0, 11.0))),
    ),
)

_ODD = (
    RecordingSpec(
        name="wrist_and_chest_bent_over_row_01",
        seed=106,
        plan=_one(_set_of("bent_over_row", 8, (2.4, 0.3, 1.1, 0.4))),
        beside=("chest",),
    ),
    RecordingSpec(
        name="wrist_lat_pulldown_dropout_01",
        seed=131,
        plan=_one(_set_of("lat_pulldown", 8, (2.2, 0.3, 1.2, 0.5))),
        lost=((13.0, 13.3), (19.8, 20.2), (27.0, 27.4)),
    ),
    RecordingSpec(
        name="wrist_bent_over_row_upside_down_01",
        seed=132,
        plan=_one(
            _set_of("bent_over_row", 8, (2.2, 0.3, 1.0, 0.4)), mounting_deg=(180.0, 0.0, 0.0), side="right"
        ),
    ),
    RecordingSpec(
        name="wrist_pull_up_slow_grind_01",
        seed=133,
        plan=_one(
            _set_of("pull_up", 7, (2.4, 0.5, 1.4, 0.3)),
            habits=Habits(slow_down_ratio=1.3, range_loss_ratio=0.15, stick_ratio=0.5),
        ),
    ),
    RecordingSpec(
        name="wrist_deadlift_pause_on_the_floor_01",
        seed=134,
        plan=_one(_set_of("deadlift", 6, (2.0, 2.5, 1.2, 0.5))),
    ),
    RecordingSpec(
        name="wrist_pull_up_getting_off_01",
        seed=135,
        plan=_plan(
            (
                Walk(duration_s=6.0),
                Fidget(duration_s=4.0),
                _set_of("pull_up", 5, (2.2, 0.4, 1.2, 0.3), drop_last=True),
                Fidget(duration_s=6.0),
                Walk(duration_s=8.0),
            )
        ),
    ),
    RecordingSpec(
        name="wrist_reverse_fly_two_sets_01",
        seed=136,
        plan=_plan(
            (
                StandStill(duration_s=3.0),
                _set_of("reverse_fly", 8, (2.0, 0.3, 1.0, 0.5)),
                StandStill(duration_s=5.0),
                Walk(duration_s=15.0),
                Fidget(duration_s=10.0),
                StandStill(duration_s=3.0),
                _set_of("reverse_fly", 6, (2.4, 0.3, 1.2, 0.5)),
                Walk(duration_s=8.0),
            )
        ),
    ),
    RecordingSpec(
        name="wrist_inverted_row_lost_and_back_01",
        seed=137,
        plan=_plan(
            (
                StandStill(duration_s=3.0),
                _set_of("inverted_row", 6, (2.2, 0.4, 1.1, 0.5)),
                StandStill(duration_s=6.0),
                Walk(duration_s=20.0),
                StandStill(duration_s=3.0),
                _set_of("inverted_row", 5, (2.2, 0.4, 1.1, 0.5)),
                Walk(duration_s=8.0),
            )
        ),
        gone=((45.0, 55.0),),
    ),
    RecordingSpec(name="wrist_demo_session_01", seed=105, plan=_DEMO_SESSION),
)

RECORDINGS = (*_EVERY_EXERCISE, *_ODD)
"""All simulated recordings of this project."""
