r"""Bent-over reverse fly with dumbbells.

            O__                           o---O__---o    arms spread, level
           /   \__ trunk still                   \__
          / \     \        concentric ->            \
         o   o     |       <- eccentric              |
     start: arms hang                 turn: squeeze

The forearm swings from hanging to level, 70-90 degrees about the shoulder; the hand goes 0.8-1 m.

Sources: the same arc upright (lateral raise) measured 82 degrees (70-93), 87 with dumbbells; bounds are wider
to both sides. No public recording of the bent-over one was found.
The hand swings on a circle of 0.6-0.7 m, so it must feel the swing, the more the quicker; who eats turns
the forearm as far and feels a tenth of that. Half of the radius is asked for. With the trunk level the arms
turn about a level axis: about the vertical by 0.44 of that at most (26 simulated sets), 0.6 where the trunk
is at 30 degrees.
"""

from repcount.events import Phase
from repcount.exercises.model import Bounds, ExerciseModel, Movement, Opening, TurnLoad

MODEL = ExerciseModel(
    id="reverse_fly",
    title="Bent-over reverse fly",
    first_phase=Phase.CONCENTRIC,
    wear="On the wrist, strap snug, either side.",
    good="Squeeze at the top, lower with full control.",
    fit=("lateral_raise", "bent_over_lateral_raise"),
    movements={
        "wrist": Movement(
            range_g=Bounds(low=0.6, high=2.5),
            tilt_deg=Bounds(low=35, high=125),
            first_phase_s=Bounds(low=0.3, high=14),
            rep_s=Bounds(low=1.2, high=18),
            turn_load=TurnLoad.NEITHER,
            turn_leans=TurnLoad.LESS,
            least_path_m=0.0,
            arc_deg=Bounds(low=50, high=110),
            usual_arc_deg=92,
            least_log_odds=-8.5,
            most_rough_g=0.25,
            least_swing_m=0.3,
            most_swivel_ratio=0.6,
            longest_set_s=120.0,
            pose_norm_g=Bounds(low=0.4, high=1.8),
            opening=Opening(
                turns_deg=Bounds(low=74, high=87),
                lasts_s=Bounds(low=0.7, high=1.3),
                felt_g=Bounds(low=0.075, high=0.33),
                thrown_g=Bounds(low=-0.59, high=-0.12),
                aside_ratio=0.065,
                least_score=-1.25,
            ),
        ),
    },
    unseen={"chest": "the trunk is kept still while the arms swing"},
)
