"""Deadlift from the floor.

The arms hang from a trunk that comes upright: the hand rises 0.55 m (0.5 to 0.6), the forearm tips by 28 deg
(20 to 37) through the vertical, the plates strike the floor at each rep's end. The trunk comes up by 57 deg
(45 to 70), the hips rise and go forward.
"""

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pace import Pace
from repcount.simulate.pose import Pose

PACE = Pace(lengthened_s=(0.0, 1.5), concentric_s=(0.8, 2.2), is_dropped=True)

WRIST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=0.24, y_m=0.30, z_m=0.24, pitch_deg=-101.0, lean_deg=-3.0),
    turn=Pose(x_m=0.18, y_m=0.30, z_m=0.79, pitch_deg=-73.0, lean_deg=-3.0),
    bow=Pose(x_m=0.02, lean_deg=1.0, roll_deg=6.0),
    path_spread_ratio=0.09,
    angle_spread_ratio=0.3,
    approach=(
        Stop(
            pose=Pose(x_m=0.26, y_m=0.32, z_m=0.27, pitch_deg=-94.0, lean_deg=-3.0, roll_deg=-8.0),
            move_s=1.5,
            hold_s=0.5,
        ),
    ),
    settle_move_s=0.7,
    settle_hold_s=0.6,
    leave=(Stop(pose=Pose(x_m=0.30, y_m=0.30, z_m=0.45, pitch_deg=-70.0, roll_deg=-30.0), move_s=0.7),),
    impact_m_s2=6.0,
)

CHEST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=-0.36, z_m=0.64, pitch_deg=32.0),
    turn=Pose(x_m=0.02, z_m=0.94, pitch_deg=89.0),
    bow=Pose(x_m=-0.03, z_m=0.02),
    path_spread_ratio=0.12,
    angle_spread_ratio=0.2,
    approach=(Stop(pose=Pose(x_m=-0.25, z_m=0.78, pitch_deg=26.0), move_s=1.5, hold_s=0.5),),
    settle_move_s=0.7,
    settle_hold_s=0.6,
    leave=(Stop(pose=Pose(x_m=-0.28, z_m=0.75, pitch_deg=40.0), move_s=0.7),),
    impact_m_s2=1.5,
)
