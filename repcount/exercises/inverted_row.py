r"""Inverted row under a fixed bar, heels on the floor.

      ==bar==                          ==bar==
         ||                              /|\
         ||  arms straight        O____ / | elbows tucked, chest at the bar
         ||                        \____\ |
    O____||____        concentric ->     \____
       trunk   \____   <- eccentric           \____
    start: hang             turn: squeeze

The hand is fixed on the bar, so the wrist feels the forearm turn by 20-40 degrees and nothing else. The chest
rises 0.35-0.5 m on an arc about the heels, so it turns by 15-25 degrees and is thrown up a little.

Sources: mechanics as for the pull-up; chest rise over a body of 1.35 m from the heels. No public recording of
the exercise was found: bounds are derived, with half as much again to both sides. The size of what is felt
changes over a rep by 0.024 g at most (standard deviation, 45 of 46 simulated sets).

How far the chest rises is measured in m, though it goes on an arc, with a gyroscope: simulated sets (seed
0) have it to 0.00 +- 0.05 m in eight reps of ten after the first, the rest is left out. The hand does not
move.
"""

from repcount.events import Phase
from repcount.exercises.model import Bounds, ExerciseModel, Measured, Movement, Opening, TurnLoad, Worn

MODEL = ExerciseModel(
    id="inverted_row",
    title="Inverted row",
    first_phase=Phase.CONCENTRIC,
    wear="On the wrist, strap snug, either side; or on the chest.",
    good="Squeeze the shoulder blades, pause at the top, lower fully to straight arms.",
    fit=("row", "inverted_row"),
    movements={
        "wrist": Movement(
            range_g=Bounds(low=0.24, high=0.9),
            tilt_deg=Bounds(low=13, high=55),
            first_phase_s=Bounds(low=0.4, high=14),
            rep_s=Bounds(low=1.2, high=18),
            turn_load=TurnLoad.NEITHER,
            least_path_m=0.0,
            arc_deg=Bounds(low=15, high=54),
            usual_arc_deg=42,
            least_log_odds=-7.5,
            said_log_odds=1.0,
            alone_log_odds=2.6,
            reaches_up=True,
            most_rough_g=0.22,
            most_felt_g=0.028,
            longest_set_s=120.0,
            shortest_pace_s=1.8,
            pose_norm_g=Bounds(low=0.8, high=1.2),
            opening=Opening(
                turns_deg=Bounds(low=23, high=42),
                lasts_s=Bounds(low=0.8, high=1.2),
                felt_g=Bounds(low=0.006, high=0.019),
                thrown_g=Bounds(low=-0.06, high=0.05),
                aside_ratio=0.3,
                least_score=-0.2,
            ),
        ),
        "chest": Movement(
            range_g=Bounds(low=0.14, high=1.0),
            tilt_deg=Bounds(low=5, high=60),
            first_phase_s=Bounds(low=0.4, high=14),
            rep_s=Bounds(low=1.4, high=18),
            turn_load=TurnLoad.NEITHER,
            turn_leans=TurnLoad.LESS,
            least_path_m=0.0,
            arc_deg=Bounds(low=8, high=60),
            start_lean_deg=Bounds(low=30, high=120),
            turn_lean_deg=Bounds(low=15, high=110),
            usual_arc_deg=40,
            least_log_odds=-13,
            two_log_odds=7,
            getting_on_odds=-2.2,  # of 730 simulated sets at the chest two began with it
            worn=Worn.TRUNK,
            most_rough_g=0.3,
            pose_norm_g=Bounds(low=0.6, high=1.5),
            measured=Measured(longest_lift_s=2.0, longest_lift_m=0.7),
        ),
    },
)
