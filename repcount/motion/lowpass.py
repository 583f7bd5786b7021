"""Second-order Butterworth low pass over three axes, with its state carried.

Rules: starts settled on the first value, so there is no jump; bit-identical however the input is cut.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, lfilter, lfilter_zi

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

    By `lfilter`, since live input comes a few ticks at a time: `sosfilt` takes 17 us a call before it does
    anything, `lfilter` 3 us, and of second order one is as exact as the other.
    """

    def __init__(self, params: LowPassParams) -> None:
        self.params = params
        self.delay_s = params.delay_s
        self._b, self._a = butter(2, params.cutoff_hz, fs=params.rate_hz)
        self._settled = lfilter_zi(self._b, self._a)[:, np.newaxis]
        self._zi: Array | None = None

    def feed(self, values: Array) -> Array:
        """Filter `values` (N, 3); the result has the same shape."""
        if not len(values):
            return values
        if self._zi is None:
            self._zi = self._settled * values[0]
        smooth, self._zi = lfilter(self._b, self._a, values, axis=0, zi=self._zi)
        return np.asarray(smooth)

    def reset(self) -> None:
        """Start again, settled on the next value."""
        self._zi = None

    def snapshot(self) -> list[list[float]] | None:
        """Plain data that `restore` takes."""
        return None if self._zi is None else self._zi.tolist()

    def restore(self, state: list[list[float]] | None) -> None:
        """Go on where the snapshot was taken."""
        self._zi = None if state is None else np.array(state)
