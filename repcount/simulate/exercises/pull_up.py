"""Pull-up, palms away.

The hand stays on the bar; the forearm tips through the vertical by about 26 deg (22 to 30) as the elbow goes
from before the bar to behind it, and flares out and in again on the way. The body rises 0.53 m (0.45 to 0.6)
and leans back by 12 deg (5 to 20). Assisted by a machine the elbows flare more. A kip swings the trunk by
40 deg from an arch into a hollow before each pull.
"""

from dataclasses import replace

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pace import Pace
from repcount.simulate.pose import Pose

PACE = Pace(is_dropped=True)

_HANG = Pose(x_m=0.10, y_m=0.33, z_m=2.10, pitch_deg=98.0, lean_deg=4.0)

WRIST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=_HANG,
    turn=Pose(x_m=0.10, y_m=0.33, z_m=2.10, pitch_deg=72.0, lean_deg=3.0, roll_deg=4.0),
    bow=Pose(lean_deg=-9.0, roll_deg=24.0),
    path_spread_ratio=0.0,
    angle_spread_ratio=0.15,
    approach=(
        Stop(
            pose=Pose(x_m=0.15, y_m=0.33, z_m=2.06, pitch_deg=74.0, lean_deg=2.0, roll_deg=-12.0),
            move_s=1.3,
            hold_s=0.3,
        ),
    ),
    settle_move_s=0.9,
    settle_hold_s=0.6,
    leave=(Stop(pose=Pose(x_m=0.30, y_m=0.35, z_m=1.35, pitch_deg=25.0, roll_deg=-30.0), move_s=0.7),),
)

WRIST_ASSISTED = replace(
    WRIST,
    chosen_ratio=0.25,
    bow=Pose(lean_deg=-13.0, roll_deg=38.0),
    approach=(*WRIST.approach, Stop(pose=replace(_HANG, pitch_deg=84.0), move_s=1.4, hold_s=0.8)),
    leave=(Stop(pose=replace(_HANG, pitch_deg=80.0), move_s=1.2, hold_s=0.5), *WRIST.leave),
)

WRIST_KIPPING = replace(
    WRIST,
    chosen_ratio=0.04,
    windup=(
        Stop(pose=replace(_HANG, pitch_deg=88.0), move_s=0.45),
        Stop(pose=replace(_HANG, pitch_deg=106.0), move_s=0.45),
    ),
)

CHEST = Kinematics(
    first_phase=Phase.CONCENTRIC,
    start=Pose(x_m=0.05, z_m=1.17, pitch_deg=89.0),
    turn=Pose(x_m=0.02, z_m=1.70, pitch_deg=101.0),
    bow=Pose(x_m=0.02),
    path_spread_ratio=0.14,
    angle_spread_ratio=0.5,
    approach=(Stop(pose=Pose(x_m=0.03, z_m=0.98, pitch_deg=92.0), move_s=1.3, hold_s=0.3),),
    settle_move_s=0.9,
    settle_hold_s=0.6,
    leave=(Stop(pose=Pose(x_m=0.03, z_m=0.82, pitch_deg=72.0), move_s=0.7),),
)

CHEST_ASSISTED = replace(
    CHEST,
    chosen_ratio=0.25,
    approach=(*CHEST.approach, Stop(pose=Pose(x_m=0.05, z_m=1.45, pitch_deg=85.0), move_s=1.4, hold_s=0.8)),
    leave=(Stop(pose=Pose(x_m=0.05, z_m=1.45, pitch_deg=86.0), move_s=1.2, hold_s=0.5), *CHEST.leave),
)

CHEST_KIPPING = replace(
    CHEST,
    chosen_ratio=0.04,
    windup=(
        Stop(pose=Pose(x_m=-0.10, z_m=1.19, pitch_deg=70.0), move_s=0.45),
        Stop(pose=Pose(x_m=0.25, z_m=1.21, pitch_deg=110.0), move_s=0.45),
    ),
)
