"""Back extension, prone on a mat, arms out and bent, hands beside the head.

Down to the mat over the knees; the trunk lifts by 22 deg (15 to 30) about the hips, which stay on the mat,
and is held there. The forearms turn with it.
"""

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pace import HoldPace
from repcount.simulate.pose import Pose

PACE = HoldPace()

_HAND_ON_THE_MAT = Pose(x_m=0.45, y_m=0.25, z_m=0.06, pitch_deg=-68.0)
_ON_HANDS_AND_KNEES = Pose(x_m=-0.20, z_m=0.45, pitch_deg=12.0)
_KNEELING = Pose(x_m=-0.20, z_m=0.50, pitch_deg=80.0)

WRIST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=0.60, y_m=0.35, z_m=0.06, heading_deg=-25.0, pitch_deg=2.0, roll_deg=10.0),
    turn=Pose(x_m=0.56, y_m=0.36, z_m=0.31, heading_deg=-25.0, pitch_deg=24.0, roll_deg=13.0),
    bow=Pose(x_m=0.01, z_m=0.01),
    path_spread_ratio=0.2,
    angle_spread_ratio=0.25,
    approach=(
        Stop(
            pose=Pose(x_m=0.15, y_m=0.25, z_m=0.45, pitch_deg=-50.0, roll_deg=-50.0), move_s=1.5, hold_s=0.5
        ),
        Stop(pose=_HAND_ON_THE_MAT, move_s=1.3, hold_s=0.8),
    ),
    settle_move_s=1.6,
    settle_hold_s=1.0,
    leave=(
        Stop(pose=_HAND_ON_THE_MAT, move_s=1.2, hold_s=0.7),
        Stop(
            pose=Pose(x_m=0.15, y_m=0.25, z_m=0.50, pitch_deg=-55.0, roll_deg=-50.0), move_s=1.3, hold_s=0.5
        ),
    ),
)

CHEST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=0.0, z_m=0.13, pitch_deg=3.0),
    turn=Pose(x_m=0.0, z_m=0.14, pitch_deg=25.0),
    path_spread_ratio=0.2,
    angle_spread_ratio=0.25,
    approach=(
        Stop(pose=_KNEELING, move_s=1.5, hold_s=0.5),
        Stop(pose=_ON_HANDS_AND_KNEES, move_s=1.3, hold_s=0.8),
    ),
    settle_move_s=1.6,
    settle_hold_s=1.0,
    leave=(
        Stop(pose=_ON_HANDS_AND_KNEES, move_s=1.2, hold_s=0.7),
        Stop(pose=_KNEELING, move_s=1.3, hold_s=0.5),
    ),
)
