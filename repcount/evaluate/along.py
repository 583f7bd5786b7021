"""How far along its way the limb is, in hindsight: one line that people read, where a pose has three."""

from collections.abc import Sequence

import numpy as np

from repcount.events import Rep
from repcount.samples import Array


def along(t_s: Array, pose_g: Array, reps: Sequence[Rep]) -> Array:
    """Return 0 where the reps start and 1 where they turn (their medians), of poses (N, 3) at times (N,) s.

    Without reps it is the pose along the axis on which it varies most, in g.
    """
    if not reps:
        centred = pose_g - pose_g.mean(axis=0)
        return np.asarray(centred @ np.linalg.svd(centred, full_matrices=False)[2][0])
    start_g, turn_g = (
        np.median([pose_g[np.argmin(np.abs(t_s - at_s))] for at_s in ends], axis=0)
        for ends in ([rep.start_s for rep in reps], [rep.turn_s for rep in reps])
    )
    way = turn_g - start_g
    return np.asarray((pose_g - start_g) @ way / max(float(way @ way), 1e-6))
