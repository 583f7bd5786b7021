"""Pull-up, palms away.

The hand stays on the bar; the forearm tips through the vertical by about 26 deg (22 to 30) as the elbow goes
from before the bar to behind it, and flares out and in again on the way.
"""

from repcount.events import Phase
from repcount.simulate.kinematics import Kinematics, Stop
from repcount.simulate.pose import Pose

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
