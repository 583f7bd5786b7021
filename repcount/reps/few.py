"""What is usual among few values, and sizes of few vectors.

Rules: the very numbers that `numpy`'s own functions give; those take longer to begin than few values take.
"""

import numpy as np

from repcount.samples import Array


def middle(values: Array) -> Array:
    """Median over the first axis (N, ...)."""
    ordered, count = np.sort(values, axis=0), len(values)
    return np.asarray((ordered[(count - 1) // 2] + ordered[count // 2]) / 2)


def mean(values: Array, axis: int = 0) -> Array:
    """Mean over an axis."""
    return np.asarray(np.add.reduce(values, axis=axis) / values.shape[axis])


def lengths(vectors: Array) -> Array:
    """Lengths (...) of vectors (..., 3)."""
    return np.asarray(np.sqrt(np.add.reduce(vectors * vectors, axis=-1)))


def usual_distance(poses: Array) -> float:
    """How far the poses (N, 3) usually are from where they usually are."""
    return float(middle(lengths(poses - middle(poses))))


def slope(values: Array) -> Array:
    """Change from one value (N,) to the next, of both sides the mean; needs two."""
    change = np.empty_like(values)
    change[1:-1] = (values[2:] - values[:-2]) / 2
    change[0], change[-1] = values[1] - values[0], values[-1] - values[-2]
    return change
