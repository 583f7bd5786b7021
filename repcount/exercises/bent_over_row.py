r"""Bent-over row with a bar, a dumbbell or one arm.

            O__                              O__
           /   \__ trunk still              /|  \__
          |       |                    o===o |     |     elbow up beside the trunk
          |       |   concentric ->      hand at the body
        hand      |   <-  eccentric
        start: arms hang                turn: bar at the body

The hand goes 0.35-0.45 m straight up and down, the forearm stays near vertical (15-28 degrees between the
ends). It is thrown up at the start (more than its weight felt) and floats at the turn (less).

Sources: `metamotion` (5 sets, 2 people), `muvr` (3 sets): 1.3-2.1 s a rep, force 1.3-1.6 g at the start,
0.4-0.7 g at the turn; bounds are wider to both sides, for slow reps.

The hand goes straight up, so its way is measured in m, with a gyroscope: simulated sets (seed 0, 12.5-200
Hz) have it to -0.01 +- 0.06 m in nine reps of ten after the first, the rest is left out; two rows of
`metamotion` have it at 0.36 m.
"""

from repcount.events import Phase
from repcount.exercises.model import Bounds, ExerciseModel, Measured, Movement, Opening, TurnLoad

MODEL = ExerciseModel(
    id="bent_over_row",
    title="Bent-over row",
    first_phase=Phase.CONCENTRIC,
    wear="On the wrist, strap snug, on the pulling side.",
    good="Upper body still, pull up toward the body, lower with control.",
    fit=("row", "bent_over_row_with_barbell"),
    movements={
        "wrist": Movement(
            range_g=Bounds(low=0.22, high=3.0),
            tilt_deg=Bounds(low=0, high=65),
            first_phase_s=Bounds(low=0.25, high=14),
            rep_s=Bounds(low=0.8, high=18),
            turn_load=TurnLoad.LESS,
            least_path_m=0.2,
            arc_deg=Bounds(low=9, high=55),
            usual_arc_deg=36,
            least_log_odds=-10.5,
            alone_log_odds=-0.5,
            most_rough_g=0.27,
            pose_norm_g=Bounds(low=0.0, high=3.0),
            measured=Measured(longest_lift_s=2.0, longest_lift_m=0.75),
            opening=Opening(
                turns_deg=Bounds(low=11, high=28),
                lasts_s=Bounds(low=0.5, high=0.8),
                felt_g=Bounds(low=0.13, high=0.41),
                thrown_g=Bounds(low=-0.8, high=-0.3),
                aside_ratio=0.17,
                least_score=-1.9,
            ),
        ),
    },
    unseen={"chest": "the trunk is kept still, so a sensor there feels only cheating"},
)
