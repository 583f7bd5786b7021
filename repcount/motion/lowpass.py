"""Second-order Butterworth low pass over three axes, with its state carried.

Rules: starts settled on the first value, so there is no jump; bit-identical however the input is cut.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt_zi

from repcount.samples import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class LowPassParams:
    """Parameters of the low pass.

    Parameters
    ----------
    cutoff_hz
        Where the signal is halved in power, Hz. Larger: less delay, more of the impacts and the tremor.
    rate_hz
        Ticks a second of the input; the cut-off must lie below half of it.
    """

    cutoff_hz: float
    rate_hz: float

    def __post_init__(self) -> None:
        if not 0 < self.cutoff_hz < self.rate_hz / 2:
            raise ValueError(f"need 0 < cutoff_hz < rate_hz / 2, got {self}")

    @property
    def delay_s(self) -> float:
        """Group delay at 0 Hz, s: sqrt(2) / (2 pi cutoff) for a second-order Butterworth filter."""
        return float(np.sqrt(2) / (2 * np.pi * self.cutoff_hz))


class LowPass:
    """Low pass over the first axis of (N, 3) arrays.

    A loop over floats, since live input comes a few ticks at a time: scipy's `sosfilt` takes 24 us a call
    before it does anything, a tick takes 1 us here.
    """

    def __init__(self, params: LowPassParams) -> None:
        self.params = params
        self.delay_s = params.delay_s
        (self._section,) = butter(2, params.cutoff_hz, fs=params.rate_hz, output="sos").tolist()
        (self._settled,) = sosfilt_zi([self._section]).tolist()
        self._zi: list[list[float]] | None = None

    def feed(self, values: Array) -> Array:
        """Filter `values` (N, 3); the result has the same shape."""
        if not len(values):
            return values
        axes = values.T.tolist()
        if self._zi is None:
            self._zi = [[z * axis[0] for z in self._settled] for axis in axes]
        return np.array([self._one_axis(axis, zi) for axis, zi in zip(axes, self._zi, strict=True)]).T

    def _one_axis(self, values: list[float], zi: list[float]) -> list[float]:
        b0, b1, b2, _, a1, a2 = self._section
        z0, z1 = zi
        out = []
        for x in values:
            y = b0 * x + z0
            z0 = b1 * x - a1 * y + z1
            z1 = b2 * x - a2 * y
            out.append(y)
        zi[:] = z0, z1
        return out

    def reset(self) -> None:
        """Start again, settled on the next value."""
        self._zi = None

    def snapshot(self) -> list[list[float]] | None:
        """Plain data that `restore` takes."""
        return None if self._zi is None else [list(zi) for zi in self._zi]

    def restore(self, state: list[list[float]] | None) -> None:
        """Go on where the snapshot was taken."""
        self._zi = None if state is None else [list(zi) for zi in state]
