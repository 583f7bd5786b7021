"""Second-order Butterworth low pass over three axes, with its state carried.

Rules: starts settled on the first value, so there is no jump; bit-identical however the input is cut.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, lfilter_zi

from repcount.samples import Rows


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
    """Low pass over N rows of three.

    Direct form II transposed, by hand: live input comes a tick or two at a time, and the quickest of SciPy's
    filters, `lfilter`, takes 4 us a call before it does anything.
    """

    def __init__(self, params: LowPassParams) -> None:
        self.params = params
        self.delay_s = params.delay_s
        b, a = butter(2, params.cutoff_hz, fs=params.rate_hz)
        self._b, self._a = b.tolist(), a.tolist()
        self._settled = lfilter_zi(b, a).tolist()
        self._zi: list[list[float]] | None = None

    def feed(self, values: Rows) -> Rows:
        """Filter rows of three; there come as many out."""
        if not len(values):
            return values
        if self._zi is None:
            self._zi = [[settled * value for value in values[0]] for settled in self._settled]
        (b0, b1, b2), (_, a1, a2) = self._b, self._a
        (x1, y1, z1), (x2, y2, z2) = self._zi
        smooth = []
        for x, y, z in values:
            u, v, w = x1 + b0 * x, y1 + b0 * y, z1 + b0 * z
            x1, y1, z1 = x2 + b1 * x - a1 * u, y2 + b1 * y - a1 * v, z2 + b1 * z - a1 * w
            x2, y2, z2 = b2 * x - a2 * u, b2 * y - a2 * v, b2 * z - a2 * w
            smooth.append((u, v, w))
        self._zi = [[x1, y1, z1], [x2, y2, z2]]
        return smooth

    def reset(self) -> None:
        """Start again, settled on the next value."""
        self._zi = None

    def snapshot(self) -> list[list[float]] | None:
        """Plain data that `restore` takes."""
        return self._zi

    def restore(self, state: list[list[float]] | None) -> None:
        """Go on where the snapshot was taken."""
        self._zi = state
