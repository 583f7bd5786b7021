r"""Pull-up, strict or machine- or band-assisted.

        ======== bar ========          ======== bar ========
             |  |                           \ /
             |  |  forearms                  O   chin over the bar
              O                             /|\
             /|\       concentric  ->        |
              |        <-  eccentric        / \
        start: dead hang               turn: top

The hand is fixed on the bar, so the wrist feels only the forearm turning against gravity: 22-30 degrees
between the ends, and the forearm rolls out and back on the way, two humps on the axis that varies most. A
strict rep takes 2-6 s, an assisted one 4-6 s; the body rises 0.45-0.6 m.

Sources: range and times measured on `kaggle_gym` (13 machine-assisted sets, probably one person); mean
velocity 0.30-0.65 m/s, Beckham et al. 2018. Bounds are those figures with half as much again to both sides.
As the hand is fixed, the size of what is felt hardly changes over a rep: its standard deviation is 0.006 to
0.013 g in `kaggle_gym` and at most 0.024 g simulated (six collections of both simulators);
at meals it is mostly more.

A kip swings the trunk by more than 30 degrees before each pull, where a strict rep leans it back by 5-20:
with a gyroscope at the chest they are told apart without a mistake (simulated, seed 0: at most 18 degrees
against at least 37). Without one the throw bends what is felt by as much as the swing, so nothing is said.
At the wrist a kip shows as the forearm going out and back once more, in three reps of four without a
gyroscope and one of three with one; that it does not show says nothing. It is seen in one strict rep of
fifty (`kaggle_gym`, and simulated).

At the chest the trunk must be thrown as hard as 0.4 m at the set's pace take: what went up and down in 1.6
to 2.3 s in `casale` (steps, stairs) was thrown by 0.04 to 0.14 g, simulated pull-ups by 0.3 g and more.

How far the chest rises is measured in m, with a gyroscope: simulated sets (seed 0) have it to 0.00 +- 0.04
m in seven reps of ten after the first, the rest is left out. The hand does not move.
"""

from repcount.events import Phase
from repcount.exercises.model import Bounds, ExerciseModel, Measured, Movement, Opening, TurnLoad, Worn

MODEL = ExerciseModel(
    id="pull_up",
    title="Pull-up",
    first_phase=Phase.CONCENTRIC,
    wear="On the wrist, strap snug, either side; or on the chest.",
    good="Chin over the bar, then lower slowly to straight arms.",
    fit=("pull_up", "pull_up"),
    movements={
        "wrist": Movement(
            range_g=Bounds(low=0.24, high=0.9),
            tilt_deg=Bounds(low=14, high=52),
            first_phase_s=Bounds(low=0.4, high=14),
            rep_s=Bounds(low=1.2, high=18),
            turn_load=TurnLoad.NEITHER,
            least_path_m=0.0,
            arc_deg=Bounds(low=15, high=45),
            usual_arc_deg=34,
            least_log_odds=-8.5,
            said_log_odds=1.0,
            alone_log_odds=2.6,
            reaches_up=True,
            rolls=True,
            most_rough_g=0.24,
            most_felt_g=0.028,
            longest_set_s=120.0,
            shortest_pace_s=2.0,
            pose_norm_g=Bounds(low=0.8, high=1.2),
            measured=Measured(kip_turn_deg=5.0),
            opening=Opening(
                turns_deg=Bounds(low=18, high=27),
                lasts_s=Bounds(low=0.5, high=0.8),
                felt_g=Bounds(low=0.007, high=0.022),
                thrown_g=Bounds(low=-0.06, high=0.05),
                aside_ratio=0.38,
                least_score=-0.13,
            ),
        ),
        "chest": Movement(
            range_g=Bounds(low=0.13, high=1.2),
            tilt_deg=Bounds(low=0, high=50),
            first_phase_s=Bounds(low=0.3, high=14),
            rep_s=Bounds(low=1.2, high=18),
            turn_load=TurnLoad.LESS,
            least_path_m=0.4,
            arc_deg=Bounds(low=0, high=50),
            start_lean_deg=Bounds(low=0, high=40),
            turn_lean_deg=Bounds(low=0, high=60),
            usual_arc_deg=32,
            least_log_odds=-12.5,
            getting_on_odds=-1.2,
            getting_off_odds=-1.2,
            worn=Worn.TRUNK,
            rolls=True,
            most_rough_g=0.3,
            pose_norm_g=Bounds(low=0.5, high=1.6),
            measured=Measured(longest_lift_s=2.0, longest_lift_m=0.85, trunk_sways=True, kip_swing_deg=30.0),
        ),
    },
)
