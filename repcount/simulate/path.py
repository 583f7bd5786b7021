"""A movement over time: moves from pose to pose, with swings and jolts on top.

A function of time alone, so that the sampling rate changes nothing but where it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from repcount.samples import Array
from repcount.simulate.ease import ease, stuck
from repcount.simulate.pose import Z


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """From `origin` to `target`, (8,) poses, in `start_s` to `end_s`; the target is held until the next move.

    `bow` (8,) is how far the way departs from the straight one in its middle. For the ratios see `ease`
    and `stuck`.
    """

    start_s: float
    end_s: float
    origin: Array
    target: Array
    bow: Array
    ramp_ratio: float = 0.5
    skew_ratio: float = 0.0
    stick_ratio: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Swing:
    """A sinusoid on top: `amplitude` (8,) in the pose's units, `phase_rad` (8,); fades in and out."""

    start_s: float
    end_s: float
    frequency_hz: float
    amplitude: Array
    phase_rad: Array
    fade_s: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Jolt:
    """The weight meets the floor: the hand rings up and down, at most about `peak_m_s2`."""

    at_s: float
    peak_m_s2: float
    frequency_hz: float
    decay_s: float = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """Moves in order of time, none overlapping, and what is added to them."""

    moves: Sequence[Move]
    swings: Sequence[Swing] = field(default_factory=tuple)
    jolts: Sequence[Jolt] = field(default_factory=tuple)

    def poses(self, t_s: Array) -> Array:
        """(N, 8) poses at `t_s` (N,), in any order and at any spacing."""
        poses = self._moved(t_s)
        for swing in self.swings:
            _add_swing(poses, t_s, swing)
        for jolt in self.jolts:
            _add_jolt(poses, t_s, jolt)
        return poses

    def _moved(self, t_s: Array) -> Array:
        starts_s = np.array([move.start_s for move in self.moves])
        which = np.maximum(np.searchsorted(starts_s, t_s, side="right") - 1, 0)
        origin, target, bow = (
            np.array([getattr(move, name) for move in self.moves])[which]
            for name in ("origin", "target", "bow")
        )
        ends_s, ramp, skew, stick = (
            np.array([getattr(move, name) for move in self.moves])[which]
            for name in ("end_s", "ramp_ratio", "skew_ratio", "stick_ratio")
        )
        elapsed_ratio = (t_s - starts_s[which]) / (ends_s - starts_s[which])
        ratio = stuck(ease(elapsed_ratio, ramp, skew), stick)[:, None]
        return np.asarray(origin + (target - origin) * ratio + bow * np.sin(np.pi * ratio))


def _add_swing(poses: Array, t_s: Array, swing: Swing) -> None:
    near = (t_s > swing.start_s) & (t_s < swing.end_s)
    t = t_s[near]
    edge_s = np.minimum(t - swing.start_s, swing.end_s - t)
    fade = ease(edge_s / swing.fade_s, np.full(len(t), 0.5), np.zeros(len(t)))
    turns = 2.0 * np.pi * swing.frequency_hz * t[:, None] + swing.phase_rad
    poses[near] += fade[:, None] * swing.amplitude * np.sin(turns)


_JOLT_SPAN_DECAYS = 12.0
"""After this many decay times less than a thousandth is left."""


def _add_jolt(poses: Array, t_s: Array, jolt: Jolt) -> None:
    near = (t_s > jolt.at_s) & (t_s < jolt.at_s + _JOLT_SPAN_DECAYS * jolt.decay_s)
    after_s = t_s[near] - jolt.at_s
    turns_rad_s = 2.0 * np.pi * jolt.frequency_hz
    decays = after_s / jolt.decay_s
    envelope = (decays / 2.0) ** 2 * np.exp(2.0 - decays)  # 1 at its peak, two decay times after the blow
    poses[near, Z] += jolt.peak_m_s2 / turns_rad_s**2 * envelope * np.sin(turns_rad_s * after_s)
