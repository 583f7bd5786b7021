"""How far along its way the limb is, in hindsight: one line that people read, where a pose has three."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from repcount.events import Rep
from repcount.samples import Array


def along(t_s: Array, pose_g: Array, sets: Sequence[Sequence[Rep]]) -> Array:
    """Return 0 where the reps start and 1 where they turn (their medians), of poses (N, 3) at times (N,) s.

    Each set has its own way, which holds until half the rest to the next. Where there are no reps it is the
    pose along the axis on which it varies most, in g.
    """
    done = [reps for reps in sets if reps]
    if not done:
        centred = pose_g - pose_g.mean(axis=0)
        return np.asarray(centred @ np.linalg.svd(centred, full_matrices=False)[2][0])
    between_s = [(before[-1].end_s + after[0].start_s) / 2 for before, after in pairwise(done)]
    ways = np.stack([_along_one(t_s, pose_g, reps) for reps in done])
    return np.asarray(ways[np.searchsorted(between_s, t_s), np.arange(len(t_s))])


def _along_one(t_s: Array, pose_g: Array, reps: Sequence[Rep]) -> Array:
    start_g, turn_g = (
        np.median([pose_g[np.argmin(np.abs(t_s - at_s))] for at_s in ends], axis=0)
        for ends in ([rep.start_s for rep in reps], [rep.turn_s for rep in reps])
    )
    way = turn_g - start_g
    return np.asarray((pose_g - start_g) @ way / max(float(way @ way), 1e-6))
