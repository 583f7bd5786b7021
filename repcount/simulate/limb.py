"""The places a sensor is worn at, and what they do while nobody exercises."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from repcount.simulate.pose import Pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """A limb that wears a sensor.

    `lever_m` leads from the point a pose places to the sensor, along the limb's frame. `relaxed` is the pose
    of somebody who stands. The other poses are amplitudes: `stride` and `bounce` swing once and twice a
    stride, `breath` once a breath, `fidget` is how far restless movements go. `shake_ratio` says how much of
    a hand's shaking this limb has.
    """

    lever_m: tuple[float, float, float]
    relaxed: Pose
    stride: Pose
    bounce: Pose = field(default_factory=Pose)
    breath: Pose = field(default_factory=Pose)
    fidget: Pose
    shake_ratio: float = 1.0


LIMBS: Mapping[str, Limb] = {
    "wrist": Limb(
        lever_m=(-0.09, 0.0, 0.03),
        relaxed=Pose(x_m=0.05, y_m=0.28, z_m=0.80, pitch_deg=-78.0, roll_deg=-70.0),
        stride=Pose(x_m=0.16, pitch_deg=19.0, roll_deg=6.0),
        fidget=Pose(
            x_m=0.15, y_m=0.08, z_m=0.12, heading_deg=15.0, pitch_deg=30.0, lean_deg=12.0, roll_deg=40.0
        ),
    ),
    "chest": Limb(
        lever_m=(0.40, 0.0, -0.12),
        relaxed=Pose(z_m=0.95, pitch_deg=88.0),
        stride=Pose(y_m=0.02, pitch_deg=1.0, lean_deg=2.0, roll_deg=5.0),
        bounce=Pose(x_m=0.008, pitch_deg=1.2),
        breath=Pose(x_m=0.002, pitch_deg=0.6),
        fidget=Pose(x_m=0.05, y_m=0.05, z_m=0.02, pitch_deg=8.0, lean_deg=5.0, roll_deg=14.0),
        shake_ratio=0.4,
    ),
}
"""By placement. A wrist's pose places the grip of the hand, a chest's the middle of the hips."""
