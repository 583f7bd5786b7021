r"""Lat pulldown, seated, wide grip.

         bar  ============                        |
               \        /                         |  cable
                \      /                     ==========  bar at the collarbone
                 \ O  /      concentric ->     \_ O _/
                   |         <-  eccentric        |
             start: arms up                  turn: bar down

The hand travels 0.5-0.65 m straight down and up again and the forearm turns by 34-39 degrees. It is thrown
downward at the start (less than its weight felt) and caught at the bottom (more than its weight).

Sources: `kaggle_gym` (1 set) and `muvr` (7 sets): 2-4 s a rep, force at the start 0.7-0.8 g, at the turn
1.3 g; bounds are wider to both sides.

The hand goes straight down, so its way is measured in m, with a gyroscope: simulated sets (seed 0) have it
to -0.01 +- 0.07 m in seven reps of ten after the first, the rest is left out; the set of `kaggle_gym` has
it at 0.74-0.83 m.
"""

from repcount.events import Phase
from repcount.exercises.model import Bounds, ExerciseModel, Measured, Movement, Opening, TurnLoad

MODEL = ExerciseModel(
    id="lat_pulldown",
    title="Lat pulldown",
    first_phase=Phase.CONCENTRIC,
    wear="On the wrist, strap snug, either side.",
    good="Pause with the bar down, then release slowly to straight arms.",
    fit=("pull_up", "lat_pulldown"),
    movements={
        "wrist": Movement(
            range_g=Bounds(low=0.22, high=1.6),
            tilt_deg=Bounds(low=6, high=75),
            first_phase_s=Bounds(low=0.3, high=14),
            rep_s=Bounds(low=1.0, high=18),
            turn_load=TurnLoad.MORE,
            least_path_m=0.3,
            arc_deg=Bounds(low=13, high=52),
            usual_arc_deg=40,
            least_log_odds=-11.5,
            said_log_odds=1.0,
            alone_log_odds=-0.5,
            reaches_up=True,
            rolls=True,
            most_rough_g=0.27,
            pose_norm_g=Bounds(low=0.4, high=2.0),
            measured=Measured(longest_lift_s=2.0, longest_lift_m=0.95),
            opening=Opening(
                turns_deg=Bounds(low=33, high=40),
                lasts_s=Bounds(low=0.7, high=1.4),
                felt_g=Bounds(low=0.06, high=0.28),
                thrown_g=Bounds(low=0.1, high=0.57),
                aside_ratio=0.18,
                least_score=-1.1,
            ),
        ),
    },
    unseen={"chest": "the trunk sits still while the arms pull"},
)
