"""What people do between sets, none of it a rep: by name, then by placement."""

from collections.abc import Mapping

from repcount.simulate.kinematics import Stop
from repcount.simulate.pose import Pose

_BEFORE_THE_CHEST = Pose(x_m=0.28, y_m=0.05, z_m=1.20, heading_deg=-60.0, pitch_deg=15.0)
_AT_THE_BOTTLE = Pose(x_m=0.45, y_m=0.25, z_m=0.85, pitch_deg=-25.0, roll_deg=-80.0)
_AT_THE_MOUTH = Pose(
    x_m=0.18, y_m=0.06, z_m=1.50, heading_deg=-35.0, pitch_deg=60.0, lean_deg=8.0, roll_deg=-80.0
)
_ON_THE_LAP = Pose(x_m=0.35, y_m=0.18, z_m=0.62, heading_deg=-20.0, pitch_deg=-8.0)
_AT_THE_SHOE = Pose(x_m=0.35, y_m=0.10, z_m=0.15, pitch_deg=-70.0, roll_deg=-40.0)
_OVERHEAD = Pose(x_m=0.05, y_m=0.25, z_m=2.05, pitch_deg=85.0, lean_deg=5.0)
_AT_THE_HEAD = Pose(x_m=0.05, y_m=0.20, z_m=1.70, heading_deg=-50.0, pitch_deg=70.0)


def _shaken(way: int) -> Pose:
    return Pose(
        x_m=0.08, y_m=0.30, z_m=0.80 + 0.015 * way, pitch_deg=-74.0 + 6.0 * way, roll_deg=-65.0 + 28.0 * way
    )


GESTURES: Mapping[str, Mapping[str, tuple[Stop, ...]]] = {
    "look_at_watch": {
        "wrist": (Stop(pose=_BEFORE_THE_CHEST, move_s=0.8, hold_s=1.5),),
        "chest": (Stop(pose=Pose(z_m=0.95, pitch_deg=84.0, roll_deg=3.0), move_s=0.8, hold_s=1.5),),
    },
    "drink": {
        "wrist": (
            Stop(pose=_AT_THE_BOTTLE, move_s=1.2, hold_s=0.6),
            Stop(pose=_AT_THE_MOUTH, move_s=1.1, hold_s=2.5),
            Stop(pose=_AT_THE_BOTTLE, move_s=1.2, hold_s=0.4),
        ),
        "chest": (
            Stop(pose=Pose(z_m=0.93, pitch_deg=72.0), move_s=1.2, hold_s=0.6),
            Stop(pose=Pose(z_m=0.95, pitch_deg=96.0), move_s=1.1, hold_s=2.5),
            Stop(pose=Pose(z_m=0.93, pitch_deg=72.0), move_s=1.2, hold_s=0.4),
        ),
    },
    "shake_out": {
        "wrist": tuple(Stop(pose=_shaken(1 if k % 2 else -1), move_s=0.22) for k in range(10)),
        "chest": tuple(
            Stop(pose=Pose(z_m=0.95, pitch_deg=88.0, roll_deg=2.5 if k % 2 else -2.5), move_s=0.22)
            for k in range(10)
        ),
    },
    "stretch": {
        "wrist": (Stop(pose=_OVERHEAD, move_s=1.3, hold_s=2.0),),
        "chest": (Stop(pose=Pose(z_m=0.96, pitch_deg=97.0), move_s=1.3, hold_s=2.0),),
    },
    "scratch_head": {
        "wrist": (Stop(pose=_AT_THE_HEAD, move_s=0.9, hold_s=1.2),),
        "chest": (Stop(pose=Pose(z_m=0.95, pitch_deg=85.0, lean_deg=3.0), move_s=0.9, hold_s=1.2),),
    },
    "sit_down": {
        "wrist": (
            Stop(pose=Pose(x_m=0.30, y_m=0.25, z_m=0.65, pitch_deg=-40.0, roll_deg=-40.0), move_s=1.0),
            Stop(pose=_ON_THE_LAP, move_s=0.9, hold_s=6.0),
        ),
        "chest": (
            Stop(pose=Pose(x_m=-0.20, z_m=0.70, pitch_deg=55.0), move_s=1.0),
            Stop(pose=Pose(x_m=-0.35, z_m=0.48, pitch_deg=82.0), move_s=0.9, hold_s=6.0),
            Stop(pose=Pose(x_m=-0.20, z_m=0.70, pitch_deg=52.0), move_s=0.9),
        ),
    },
    "tie_shoe": {
        "wrist": (Stop(pose=_AT_THE_SHOE, move_s=1.4, hold_s=3.0),),
        "chest": (Stop(pose=Pose(x_m=-0.15, z_m=0.80, pitch_deg=12.0), move_s=1.4, hold_s=3.0),),
    },
}
"""Each starts and ends standing, arms hanging."""
