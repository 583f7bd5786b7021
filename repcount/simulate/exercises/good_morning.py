"""Good morning with a bar on the shoulders.

From standing the trunk bows about the hips, which go back 0.18 m, until it is nearly level: 75 deg (60 to
90). The hands hold the bar and the arms turn with the trunk.
"""

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pace import Pace
from repcount.simulate.pose import Pose

PACE = Pace(eccentric_s=(1.4, 5.0), concentric_s=(1.0, 2.2))

_IN_THE_RACK = Pose(x_m=0.20, y_m=0.45, z_m=1.38, pitch_deg=40.0, lean_deg=8.0)
_UNDER_THE_BAR = Pose(x_m=0.0, y_m=0.45, z_m=1.40, pitch_deg=66.0, lean_deg=10.0)

WRIST = Kinematics(
    first_phase=Phase.ECCENTRIC,
    start=Pose(x_m=-0.04, y_m=0.45, z_m=1.47, pitch_deg=74.0, lean_deg=12.0),
    turn=Pose(x_m=0.32, y_m=0.45, z_m=1.07, pitch_deg=-1.0, lean_deg=12.0),
    bow=Pose(x_m=0.09, z_m=0.09),
    path_spread_ratio=0.1,
    angle_spread_ratio=0.13,
    approach=(
        Stop(pose=_IN_THE_RACK, move_s=1.3, hold_s=0.5),
        Stop(pose=_UNDER_THE_BAR, move_s=1.5, hold_s=0.5),
    ),
    settle_move_s=1.2,
    settle_hold_s=1.0,
    leave=(Stop(pose=_UNDER_THE_BAR, move_s=1.4, hold_s=0.5), Stop(pose=_IN_THE_RACK, move_s=1.0)),
)

CHEST = Kinematics(
    first_phase=Phase.ECCENTRIC,
    start=Pose(z_m=0.95, pitch_deg=87.0),
    turn=Pose(x_m=-0.18, z_m=0.93, pitch_deg=12.0),
    path_spread_ratio=0.2,
    angle_spread_ratio=0.13,
    approach=(
        Stop(pose=Pose(x_m=0.02, z_m=0.94, pitch_deg=86.0), move_s=1.3, hold_s=0.5),
        Stop(pose=Pose(x_m=-0.08, z_m=0.84, pitch_deg=68.0), move_s=1.5, hold_s=0.5),
    ),
    settle_move_s=1.2,
    settle_hold_s=1.0,
    leave=(
        Stop(pose=Pose(x_m=-0.06, z_m=0.86, pitch_deg=72.0), move_s=1.4, hold_s=0.5),
        Stop(pose=Pose(z_m=0.95, pitch_deg=86.0), move_s=1.0),
    ),
)
