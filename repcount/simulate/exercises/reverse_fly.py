"""Bent-over reverse fly with dumbbells, palms facing each other.

Dumbbells up from the floor, hips back, then the bent arms swing from hanging to the side: an arc of about
0.8 m about the shoulder, the forearm through 79 deg (70 to 90).
"""

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pace import Pace
from repcount.simulate.pose import Pose

PACE = Pace(shortened_s=(0.1, 1.5))

_ON_THE_FLOOR = Pose(x_m=0.32, y_m=0.25, z_m=0.16, pitch_deg=-94.0, roll_deg=-75.0)
_UPRIGHT = Pose(x_m=0.10, y_m=0.28, z_m=0.80, pitch_deg=-78.0, roll_deg=-75.0)
_HINGED = Pose(x_m=-0.25, z_m=0.90, pitch_deg=18.0)

WRIST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=0.42, y_m=0.22, z_m=0.42, pitch_deg=-85.0, lean_deg=2.0, roll_deg=-75.0),
    turn=Pose(x_m=0.45, y_m=0.76, z_m=0.87, pitch_deg=-87.0, lean_deg=81.0, roll_deg=-68.0),
    bow=Pose(y_m=0.09, z_m=-0.09, roll_deg=8.0),
    path_spread_ratio=0.1,
    angle_spread_ratio=0.1,
    approach=(Stop(pose=_ON_THE_FLOOR, move_s=1.4, hold_s=0.4), Stop(pose=_UPRIGHT, move_s=1.2, hold_s=0.5)),
    settle_move_s=1.1,
    settle_hold_s=0.6,
    leave=(Stop(pose=_UPRIGHT, move_s=1.1, hold_s=0.2), Stop(pose=_ON_THE_FLOOR, move_s=1.2, hold_s=0.3)),
)

CHEST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=_HINGED,
    turn=Pose(x_m=-0.25, z_m=0.90, pitch_deg=21.0),
    path_spread_ratio=0.0,
    angle_spread_ratio=0.8,
    approach=(
        Stop(pose=Pose(x_m=-0.30, z_m=0.65, pitch_deg=18.0), move_s=1.4, hold_s=0.4),
        Stop(pose=Pose(z_m=0.95, pitch_deg=88.0), move_s=1.2, hold_s=0.5),
    ),
    settle_move_s=1.1,
    settle_hold_s=0.6,
    leave=(
        Stop(pose=Pose(z_m=0.95, pitch_deg=86.0), move_s=1.1, hold_s=0.2),
        Stop(pose=Pose(x_m=-0.30, z_m=0.65, pitch_deg=18.0), move_s=1.2, hold_s=0.3),
    ),
    is_still=True,
)
