"""Inverted row under a bar at hip height, heels on the floor.

The hand stays on the bar; the forearm tips by 30 deg (20 to 40) as the elbow goes past the ribs towards the
feet. The body turns about the heels like a board: the trunk by 20 deg (15 to 25), the chest rises 0.43 m
(0.35 to 0.5).
"""

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pace import Pace
from repcount.simulate.pose import Pose

PACE = Pace(shortened_s=(0.2, 1.5))

_BAR_FROM_THE_FRONT = Pose(x_m=0.25, y_m=0.30, z_m=1.0, pitch_deg=28.0, roll_deg=-8.0)
_UNDER_THE_BAR = Pose(x_m=0.25, y_m=0.30, z_m=1.0, pitch_deg=58.0, lean_deg=3.0)
_CROUCHING = Pose(x_m=0.25, z_m=0.45, pitch_deg=104.0)

WRIST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=0.25, y_m=0.30, z_m=1.0, pitch_deg=86.0, lean_deg=3.0),
    turn=Pose(x_m=0.25, y_m=0.30, z_m=1.0, pitch_deg=116.0, lean_deg=6.0, roll_deg=5.0),
    bow=Pose(lean_deg=6.0, roll_deg=10.0),
    path_spread_ratio=0.0,
    angle_spread_ratio=0.25,
    approach=(
        Stop(pose=_BAR_FROM_THE_FRONT, move_s=1.3, hold_s=0.4),
        Stop(pose=_UNDER_THE_BAR, move_s=1.5, hold_s=0.5),
    ),
    settle_move_s=1.3,
    settle_hold_s=0.7,
    leave=(
        Stop(pose=_UNDER_THE_BAR, move_s=1.2, hold_s=0.3),
        Stop(pose=_BAR_FROM_THE_FRONT, move_s=1.3, hold_s=0.2),
    ),
)

CHEST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=-0.01, z_m=0.38, pitch_deg=163.0),
    turn=Pose(x_m=0.14, z_m=0.67, pitch_deg=143.0),
    bow=Pose(x_m=-0.011, z_m=0.006),
    path_spread_ratio=0.12,
    angle_spread_ratio=0.2,
    approach=(
        Stop(pose=Pose(x_m=0.05, z_m=0.90, pitch_deg=80.0), move_s=1.3, hold_s=0.4),
        Stop(pose=_CROUCHING, move_s=1.5, hold_s=0.5),
    ),
    settle_move_s=1.3,
    settle_hold_s=0.7,
    leave=(
        Stop(pose=_CROUCHING, move_s=1.2, hold_s=0.3),
        Stop(pose=Pose(x_m=0.1, z_m=0.75, pitch_deg=68.0), move_s=1.1),
    ),
)
