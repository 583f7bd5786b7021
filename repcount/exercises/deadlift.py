r"""Deadlift, touch-and-go or from a dead stop.

                                       O
             O__                      /|\
            /   \                     | |   arms hang
           |    /       concentric -> | |
        ===o===/        <- eccentric  ===o===
        floor                          lockout
        start: bar on the floor       turn: standing

The arms hang, so the forearm turns by 20-37 degrees only; the hand rises 0.5-0.6 m. The trunk, and with it a
sensor on the chest, turns by 45-70 degrees. It is thrown up at the
start (more than its weight felt; a knock where the bar meets the floor) and floats at the turn.

Sources: `metamotion` (7 sets, 2 people): 2.6-3.2 s a rep, force 1.2 g at the start, 0.8-0.95 g at the turn;
mean velocity 0.44 +- 0.17 m/s, Renner et al.; bounds are wider to both sides.

The hand, and the chest, rise with the bar, so their way is measured in m, with a gyroscope: simulated sets
(seed 0) have it to -0.01 +- 0.10 m in six reps of ten after the first, the rest is left out; `metamotion`
has one lifter at 0.56-0.63, the other at 0.66-0.74 m. At the chest it is the way of the chest, which turns
with the trunk: about that of the bar, not the same.
"""

from repcount.events import Phase
from repcount.exercises.model import (
    Bounds,
    ExerciseModel,
    Measured,
    Movement,
    Opening,
    RepEnd,
    TurnLoad,
    Worn,
)

_STANDS_UP_ODDS, _ARM_RISES_ODDS = 2.3, 1.3
"""Who has put the bar down stands up, and that is what a rep begins with: from the regression of `ends`. An
arm that has let go rises less like one that holds a bar than a trunk rises like one that lifts."""

MODEL = ExerciseModel(
    id="deadlift",
    title="Deadlift",
    first_phase=Phase.CONCENTRIC,
    wear="On the wrist, strap snug, either side; or on the chest.",
    good="Flat back, stand up straight, lower with the same hinge.",
    fit=("deadlift", "barbell_deadlift"),
    movements={
        "wrist": Movement(
            range_g=Bounds(low=0.2, high=2.0),
            tilt_deg=Bounds(low=0, high=65),
            first_phase_s=Bounds(low=0.3, high=14),
            rep_s=Bounds(low=1.2, high=18),
            turn_load=TurnLoad.LESS,
            least_path_m=0.3,
            getting_off_odds=_ARM_RISES_ODDS,
            arc_deg=Bounds(low=11, high=50),
            usual_arc_deg=40,
            least_log_odds=-10.5,
            alone_log_odds=-0.5,
            most_rough_g=0.26,
            pose_norm_g=Bounds(low=0.3, high=2.2),
            measured=Measured(longest_lift_s=2.0, longest_lift_m=0.95),
            opening=Opening(
                turns_deg=Bounds(low=16, high=37),
                lasts_s=Bounds(low=0.4, high=1.0),
                felt_g=Bounds(low=0.1, high=0.32),
                thrown_g=Bounds(low=-0.67, high=-0.14),
                aside_ratio=0.06,
                least_score=-1.5,
            ),
        ),
        "chest": Movement(
            range_g=Bounds(low=0.4, high=2.0),
            tilt_deg=Bounds(low=22, high=100),
            first_phase_s=Bounds(low=0.3, high=14),
            rep_s=Bounds(low=1.2, high=18),
            turn_load=TurnLoad.NEITHER,
            turn_leans=TurnLoad.LESS,
            bends_to_start=True,
            least_path_m=0.0,
            getting_on_odds=-2.2,  # of 730 simulated sets at the chest two began with it
            getting_off_odds=_STANDS_UP_ODDS,
            arc_deg=Bounds(low=28, high=90),
            start_lean_deg=Bounds(low=20, high=110),
            turn_lean_deg=Bounds(low=0, high=35),
            usual_arc_deg=72,
            least_log_odds=-13,
            two_log_odds=7,
            worn=Worn.TRUNK,
            most_rough_g=0.3,
            pose_norm_g=Bounds(low=0.4, high=2.0),
            measured=Measured(longest_lift_s=2.0, longest_lift_m=0.95, standing=RepEnd.TURN),
        ),
    },
)
