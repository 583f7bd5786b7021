"""Bent-over row with a barbell, palms to the lifter.

Bar up from the floor, hips back, then the hand rises 0.40 m (0.35 to 0.45) under a forearm that stays near
the vertical: 21 deg of tilt (15 to 28).
"""

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pose import Pose

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
