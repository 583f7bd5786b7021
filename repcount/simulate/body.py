"""An exercise as one person does it."""

import numpy as np

from repcount.samples import Array
from repcount.simulate.kinematics import Kinematics
from repcount.simulate.plan import Habits
from repcount.simulate.pose import ANGLES, POSITION, STANCE


class Body:
    """The same movement, a longer or shorter way, from a stance of one's own."""

    def __init__(self, kinematics: Kinematics, habits: Habits, rng: np.random.Generator) -> None:
        self.kinematics = kinematics
        build = rng.uniform(-1.0, 1.0, 3) if habits.build is None else np.array(habits.build)
        path, angle, bow = 1.0 + habits.person_ratio * build * (
            kinematics.path_spread_ratio,
            kinematics.angle_spread_ratio,
            kinematics.angle_spread_ratio,
        )
        self._start = kinematics.start.array()
        self._way = kinematics.turn.array() - self._start
        self._way[POSITION] *= path
        self._way[ANGLES] *= angle
        self._start[STANCE] += habits.stance_deg
        self.bow = kinematics.bow.array() * bow

    def at(self, progress_ratio: float) -> Array:
        """Pose at a share of the way from start (0) to turn (1), (8,)."""
        return np.asarray(self._start + progress_ratio * self._way)
