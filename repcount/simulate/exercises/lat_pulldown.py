"""Lat pulldown, wide grip.

Standing reach for the bar, sitting down with it, then the bar comes from arm's
length to the chest: 0.57 m, the forearm tipping by 36 deg (34 to 39) and sideways on the way.
The trunk sits still but for leaning back by 7 deg.
"""

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pace import Pace
from repcount.simulate.pose import Pose

PACE = Pace(shortened_s=(0.1, 1.5))

_REACH = Pose(x_m=0.28, y_m=0.40, z_m=2.02, pitch_deg=68.0, lean_deg=4.0, roll_deg=-8.0)

WRIST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=0.22, y_m=0.40, z_m=1.76, pitch_deg=84.0, lean_deg=6.0),
    turn=Pose(x_m=0.30, y_m=0.42, z_m=1.19, pitch_deg=48.0, lean_deg=0.0, roll_deg=5.0),
    bow=Pose(lean_deg=14.0, roll_deg=20.0),
    path_spread_ratio=0.1,
    angle_spread_ratio=0.06,
    approach=(Stop(pose=_REACH, move_s=1.3, hold_s=0.5),),
    settle_move_s=1.4,
    settle_hold_s=0.8,
    leave=(
        Stop(pose=_REACH, move_s=1.3, hold_s=0.3),
        Stop(pose=Pose(x_m=0.30, y_m=0.32, z_m=1.3, pitch_deg=10.0), move_s=0.7),
    ),
)

CHEST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=-0.20, z_m=0.52, pitch_deg=90.0),
    turn=Pose(x_m=-0.20, z_m=0.52, pitch_deg=97.0),
    path_spread_ratio=0.0,
    angle_spread_ratio=1.0,
    approach=(Stop(pose=Pose(z_m=0.96, pitch_deg=92.0), move_s=1.3, hold_s=0.5),),
    settle_move_s=1.4,
    settle_hold_s=0.8,
    leave=(
        Stop(pose=Pose(x_m=-0.10, z_m=0.75, pitch_deg=65.0), move_s=1.0),
        Stop(pose=Pose(z_m=0.95, pitch_deg=90.0), move_s=0.7),
    ),
    is_still=True,
)
