r"""Good morning, bar on the shoulders, hands on the bar.

         O                         ___O==
       ==|==  bar          ______/
         |                |     chest parallel to the floor
         |   eccentric -> |
        / \  <- concentric|
     start: standing      turn: bow

It begins with the eccentric: the trunk bows by 60-90 degrees about the hips and rises again. The arms are
locked to the bar, so the wrist turns with the trunk by the same angle.

Sources: knee 5 +- 7 degrees, trunk like the deadlift, Schellenberg et al. 2013. No public recording of the
exercise was found: bounds are derived, wider to both sides.

Nothing turns about the vertical: by 0.12 of what turns about level axes at most (19 simulated sets with a
gyroscope); who eats or drinks turns the forearm by 0.3 to 0.5 of it.

A single bow counts at the chest if it is as good as a rep can be: of 40 simulated sets of one (half of each
simulator) 30 do. In six hours of real daily life (`casale`) none does, in 1.6 h of simulated one, where
people stoop every minute as deep as a good morning, one; with -0.9 asked 37 did, and twelve stoops with them.

What is asked for is the depth: the angle of the bow from standing, 90 degrees where the chest is parallel to
the floor. Its way in m is not said: simulated sets have it to no better than +-0.2 m, as the sensor turns by
so much.
"""

from dataclasses import replace

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

_BOW = Movement(
    range_g=Bounds(low=0.55, high=2.0),
    tilt_deg=Bounds(low=32, high=115),
    first_phase_s=Bounds(low=0.5, high=14),
    rep_s=Bounds(low=1.6, high=18),
    turn_load=TurnLoad.NEITHER,
    turn_leans=TurnLoad.MORE,
    least_path_m=0.0,
    arc_deg=Bounds(low=54, high=105),
    usual_arc_deg=90,
    least_log_odds=-7.5,
    most_rough_g=0.2,
    first_phase=Phase.ECCENTRIC,
    longest_first_s=7.0,
    pose_norm_g=Bounds(low=0.6, high=1.5),
    measured=Measured(standing=RepEnd.START),
)

_OPENING = Opening(
    turns_deg=Bounds(low=66, high=81),
    lasts_s=Bounds(low=1.5, high=2.7),
    felt_g=Bounds(low=0.015, high=0.09),
    thrown_g=Bounds(low=-0.035, high=0.13),
    aside_ratio=0.06,
    least_score=-0.75,
)

MODEL = ExerciseModel(
    id="good_morning",
    title="Good morning",
    first_phase=Phase.ECCENTRIC,
    wear="On the wrist with the hands on the bar, strap snug, either side; or on the chest.",
    good="Bow until the chest is parallel to the floor, rise through the hips.",
    fit=("leg_curl", "good_morning"),
    movements={
        "wrist": replace(_BOW, most_swivel_ratio=0.2, opening=_OPENING),
        "chest": replace(
            _BOW,
            worn=Worn.TRUNK,
            least_log_odds=-14,
            alone_log_odds=0.0,
            start_lean_deg=Bounds(low=0, high=35),
            turn_lean_deg=Bounds(low=25, high=120),
        ),
    },
)
