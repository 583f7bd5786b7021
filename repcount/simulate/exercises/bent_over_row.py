"""Bent-over row with a barbell, palms to the lifter, or with one dumbbell, palm inwards.

Bar up from the floor, hips back, then the hand rises 0.40 m (0.35 to 0.45) under a forearm that stays near
the vertical: 21 deg of tilt (15 to 28). A dumbbell goes a little further, towards the hip, and from a bench.
The trunk heaves by 5 deg at most.
"""

from dataclasses import replace

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pace import Pace
from repcount.simulate.pose import Pose

PACE = Pace(concentric_s=(0.6, 1.4), shortened_s=(0.0, 0.5), is_dropped=True)

_ON_THE_FLOOR = Pose(x_m=0.30, y_m=0.27, z_m=0.24, pitch_deg=-96.0, lean_deg=-2.0)
_UPRIGHT = Pose(x_m=0.20, y_m=0.27, z_m=0.78, pitch_deg=-73.0, lean_deg=-2.0)

WRIST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=0.38, y_m=0.28, z_m=0.52, pitch_deg=-88.0, lean_deg=-2.0),
    turn=Pose(x_m=0.28, y_m=0.30, z_m=0.92, pitch_deg=-67.0, lean_deg=1.0, roll_deg=3.0),
    bow=Pose(lean_deg=2.0, roll_deg=5.0),
    path_spread_ratio=0.12,
    angle_spread_ratio=0.3,
    approach=(Stop(pose=_ON_THE_FLOOR, move_s=1.4, hold_s=0.5), Stop(pose=_UPRIGHT, move_s=1.2, hold_s=0.4)),
    settle_move_s=1.0,
    settle_hold_s=0.5,
    leave=(Stop(pose=_ON_THE_FLOOR, move_s=1.3, hold_s=0.4),),
)

WRIST_DUMBBELL = replace(
    WRIST,
    chosen_ratio=0.3,
    start=Pose(x_m=0.40, y_m=0.22, z_m=0.45, pitch_deg=-86.0, lean_deg=-1.0, roll_deg=-85.0),
    turn=Pose(x_m=0.24, y_m=0.24, z_m=0.90, pitch_deg=-64.0, lean_deg=1.0, roll_deg=-80.0),
    bow=Pose(lean_deg=3.0, roll_deg=4.0),
    approach=(
        Stop(
            pose=Pose(x_m=0.35, y_m=0.22, z_m=0.16, pitch_deg=-94.0, roll_deg=-80.0), move_s=1.5, hold_s=0.6
        ),
    ),
    leave=(
        Stop(
            pose=Pose(x_m=0.35, y_m=0.22, z_m=0.16, pitch_deg=-92.0, roll_deg=-80.0), move_s=1.2, hold_s=0.3
        ),
    ),
)

CHEST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=-0.20, z_m=0.88, pitch_deg=32.0),
    turn=Pose(x_m=-0.20, z_m=0.88, pitch_deg=37.0),
    path_spread_ratio=0.0,
    angle_spread_ratio=1.0,
    approach=(
        Stop(pose=Pose(x_m=-0.36, z_m=0.64, pitch_deg=30.0), move_s=1.4, hold_s=0.5),
        Stop(pose=Pose(z_m=0.95, pitch_deg=87.0), move_s=1.2, hold_s=0.4),
    ),
    settle_move_s=1.0,
    settle_hold_s=0.5,
    leave=(Stop(pose=Pose(x_m=-0.36, z_m=0.64, pitch_deg=30.0), move_s=1.3, hold_s=0.4),),
    is_still=True,
)
