"""Within which parameter values a result stays what it is, found while it is computed.

Rules: parameters are handed in as `Watched` numbers. Whatever decides with one is a comparison, and each
comparison tells how far the parameters could go before it came out otherwise: what is left is a `Region` in
which every decision, so the result, is the same. Sums and multiples of plain numbers and of each other are
followed; where a value goes any other way the region shrinks to the value itself, which is always right. What
is computed is computed by the same operations on the same floats as without: bit for bit the same.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Number = Any
"""A plain number or array of numbers, or a watched one."""

Direction = tuple[tuple[str, float], ...]
"""A sum of parameters with their factors, the first of which is 1."""


@dataclass(slots=True)
class Region:
    """Where a result holds: the least and the largest value, both included, of sums of the parameters."""

    bounds: dict[Direction, tuple[float, float]] = field(default_factory=dict)

    def holds(self, values: Mapping[str, float]) -> bool:
        """Whether these values are in it."""
        return all(low <= _along(way, values) <= high for way, (low, high) in self.bounds.items())


def _along(direction: Direction, values: Mapping[str, float]) -> float:
    return math.fsum(factor * values[name] for name, factor in direction)


def watch(values: Mapping[str, float]) -> tuple[dict[str, Any], Region]:
    """Return the numbers to compute with, and the region that shrinks while they are used."""
    watch = _Watch(dict(values), Region())
    return {name: Watched(watch, value, {name: 1.0}, 0.0) for name, value in values.items()}, watch.region


@dataclass(frozen=True, slots=True)
class _Watch:
    values: dict[str, float]
    region: Region

    def keep(self, direction: Direction, least: float, most: float) -> None:
        """Keep the sum within, a little less far than that, for rounding; but never where it is not now."""
        now = _along(direction, self.values)
        low, high = self.region.bounds.get(direction, (-math.inf, math.inf))
        low = max(low, min(least + _ROUNDED * max(1.0, abs(least)), now)) if least > -math.inf else low
        high = min(high, max(most - _ROUNDED * max(1.0, abs(most)), now)) if most < math.inf else high
        self.region.bounds[direction] = (low, high)


class Watched:
    """A number that is a sum of parameters, each with a factor, and of a plain number."""

    __array_ufunc__ = None  # numpy asks us instead of reading the number behind our back
    __slots__ = ("factors", "plain", "value", "watch")

    def __init__(self, watch: _Watch, value: float, factors: dict[str, float], plain: float) -> None:
        self.watch, self.value, self.factors, self.plain = watch, value, factors, plain

    def pinned(self) -> float:
        """The plain number, for what cannot be followed: any other value may give another result."""
        for name in self.factors:
            now = self.watch.values[name]
            self.watch.keep(((name, 1.0),), now, now)
        return self.value

    def _keep(self, least: float, most: float) -> None:
        """Keep this number within."""
        names = sorted(self.factors)
        first = self.factors[names[0]]
        direction = tuple((name, self.factors[name] / first) for name in names)
        least, most = (least - self.plain) / first, (most - self.plain) / first
        self.watch.keep(direction, min(least, most), max(least, most))

    def _compared(self, other: Number, compare: Callable[[Any, Any], Any], *, equal_below: bool) -> Any:  # noqa: ANN401 - as numpy answers
        if isinstance(other, Watched):
            difference = self - other
            if not isinstance(difference, Watched):  # the parameters cancel out
                return compare(self.value, other.value)
            difference._compared(0.0, compare, equal_below=equal_below)  # noqa: SLF001 - of its own kind
            return compare(self.value, other.value)
        if isinstance(other, np.ndarray):
            below = other <= self.value if equal_below else other < self.value
            self._keep(np.max(other[below], initial=-math.inf), np.nanmin(other[~below], initial=math.inf))
        elif other < self.value or (equal_below and other == self.value):
            self._keep(float(other), math.inf)
        elif other >= self.value:  # and not where it is no number
            self._keep(-math.inf, float(other))
        return compare(self.value, other)

    def __lt__(self, other: Number) -> Number:
        return self._compared(other, lambda a, b: a < b, equal_below=True)

    def __ge__(self, other: Number) -> Number:
        return self._compared(other, lambda a, b: a >= b, equal_below=True)

    def __le__(self, other: Number) -> Number:
        return self._compared(other, lambda a, b: a <= b, equal_below=False)

    def __gt__(self, other: Number) -> Number:
        return self._compared(other, lambda a, b: a > b, equal_below=False)

    def __eq__(self, other: object) -> Number:
        if not isinstance(other, _PLAIN) or other == self.value:
            return self.pinned() == _pinned(other)
        return self > other and self < other  # on whichever side it is

    def __ne__(self, other: object) -> Number:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.pinned())

    def __bool__(self) -> bool:
        return self.value != 0 and ((self > 0) if self.value > 0 else (self < 0))

    def _sum(self, value: Number, other: Number, sign: float, mine: float = 1.0) -> Number:
        """`mine` times this and `sign` times another number, which is `value`."""
        factors = {name: mine * factor for name, factor in self.factors.items()}
        plain = mine * self.plain
        if isinstance(other, Watched):
            for name, factor in other.factors.items():
                factors[name] = factors.get(name, 0.0) + sign * factor
            plain += sign * other.plain
        else:
            plain += sign * other
        factors = {name: factor for name, factor in factors.items() if factor}
        return Watched(self.watch, value, factors, plain) if factors else value

    def __add__(self, other: Number) -> Number:
        if not isinstance(other, _FOLLOWED):
            return self.pinned() + other
        return self._sum(self.value + _value(other), other, 1.0)

    def __radd__(self, other: Number) -> Number:
        if not isinstance(other, _FOLLOWED):
            return other + self.pinned()
        return self._sum(other + self.value, other, 1.0)

    def __sub__(self, other: Number) -> Number:
        if not isinstance(other, _FOLLOWED):
            return self.pinned() - other
        return self._sum(self.value - _value(other), other, -1.0)

    def __rsub__(self, other: Number) -> Number:
        if not isinstance(other, _FOLLOWED):
            return other - self.pinned()
        return self._sum(other - self.value, other, 1.0, mine=-1.0)

    def __mul__(self, other: Number) -> Number:
        if not isinstance(other, _PLAIN):
            return self.pinned() * _pinned(other)
        return self._sum(self.value * other, 0.0, 1.0, mine=float(other))

    def __rmul__(self, other: Number) -> Number:
        return self * other if isinstance(other, _PLAIN) else other * self.pinned()

    def __truediv__(self, other: Number) -> Number:
        if not isinstance(other, _PLAIN) or other == 0:
            return self.pinned() / _pinned(other)
        return self._sum(self.value / other, 0.0, 1.0, mine=1 / float(other))

    def __rtruediv__(self, other: Number) -> Number:
        return other / self.pinned()

    def __neg__(self) -> Number:
        return self._sum(-self.value, 0.0, 1.0, mine=-1.0)

    def __round__(self, digits: int | None = None) -> float:
        rounded, half = round(self.value, digits), 0.5 * 10.0 ** -(digits or 0)
        self._keep(rounded - half, rounded + half)
        return rounded

    def __float__(self) -> float:
        return float(self.pinned())

    def __int__(self) -> int:
        return int(self.pinned())

    def __pow__(self, other: Number) -> Number:
        return self.pinned() ** _pinned(other)

    def __abs__(self) -> float:
        return abs(self.pinned())


class Memo:
    """Results by the regions they hold in."""

    def __init__(self) -> None:
        self._known: list[tuple[Region, Any]] = []

    def __len__(self) -> int:
        return len(self._known)

    def add(self, region: Region, result: object) -> None:
        """Remember a result."""
        self._known.append((region, result))

    def find(self, values: Mapping[str, float]) -> Iterator[Any]:
        """Results that hold for these values, the newest first; any two are the same."""
        return (result for region, result in reversed(self._known) if region.holds(values))


_PLAIN = (int, float, np.floating, np.integer)
_FOLLOWED = (*_PLAIN, Watched)
_ROUNDED = 1e-9
"""A bound is taken this share narrower: what is closer may fall on either side by rounding."""


def _pinned(other: Number) -> Number:
    return other.pinned() if isinstance(other, Watched) else other


def _value(other: Number) -> Number:
    return other.value if isinstance(other, Watched) else other
