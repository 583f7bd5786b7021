"""Which parameters a search may change, and within what: said beside the parameter itself.

Rules: a range is declared once, in the metadata of the field; what the parameter means is read off the
docstring of its class, so that neither is listed a second time anywhere. A value is named by its way from the
root, as `movement.range_g.low`.
"""

import inspect
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

_KEY = "tunable"
_Params = TypeVar("_Params")


@dataclass(frozen=True, slots=True)
class Range:
    """Values worth trying: from `low` to `high`, both included, in steps of `step`."""

    low: float
    high: float
    step: float = field(kw_only=True)

    def __contains__(self, value: float) -> bool:
        slack = self.step * _ROUNDED
        return self.low - slack <= value <= self.high + slack

    def around(self, value: float) -> tuple[float, float]:
        """Return the least and the largest number of the range that is whole steps from `value`."""
        below = math.floor((value - self.low) / self.step + _ROUNDED)
        above = math.floor((self.high - value) / self.step + _ROUNDED)
        least, most = min(value, value - below * self.step), max(value, value + above * self.step)
        return round(least, _DIGITS), round(most, _DIGITS)


def tunable(**ranges: Range) -> dict[str, Any]:
    """Metadata of a field that may be changed: `within=Range(...)`, of bounds `low=`, `high=` or both."""
    return {_KEY: ranges}


@dataclass(frozen=True, slots=True)
class Tunable:
    """One parameter that may be changed: `value` now, where, and what it means."""

    name: str
    value: float
    within: Range
    meaning: str


def tunables(params: object, prefix: str) -> Iterator[Tunable]:
    """Every parameter of a dataclass, and of the dataclasses in it, that a search may change.

    One that is infinite is switched off and stays so.
    """
    if not is_dataclass(params) or isinstance(params, type):
        return
    meanings = _meanings(type(params))
    for one in fields(params):
        name, value = f"{prefix}.{one.name}", getattr(params, one.name)
        for end, within in one.metadata.get(_KEY, {}).items():
            whole = end == "within"
            number = value if whole else getattr(value, end)
            if math.isfinite(number):
                meaning = meanings.get(one.name, "")
                yield Tunable(name if whole else f"{name}.{end}", number, within, meaning)
        yield from tunables(value, name)


def changed(params: _Params, values: Mapping[str, float], prefix: str) -> _Params:
    """Return the parameters with every value whose name begins with `prefix`; ValueError where they clash."""
    inner: dict[str, dict[str, float]] = {}
    mine: dict[str, Any] = {}
    for name, value in values.items():
        root, _, rest = name.partition(".")
        if root != prefix:
            continue
        key, _, deeper = rest.partition(".")
        if deeper:
            inner.setdefault(key, {})[rest] = value
        else:
            mine[key] = value
    mine |= {key: changed(getattr(params, key), deeper, key) for key, deeper in inner.items()}
    return replace(params, **mine) if mine else params  # type: ignore[type-var]


def _meanings(kind: type) -> dict[str, str]:
    """What the docstring says of each parameter; of several in one entry the same."""
    text = inspect.cleandoc(kind.__doc__ or "").partition("Parameters\n----------\n")[2]
    entries = re.findall(r"^(\w[\w, ]*)\n((?:    .*\n?)+)", text, re.MULTILINE)
    return {
        name: " ".join(body.split()) for names, body in entries for name in re.split(r",\s*", names.strip())
    }


_ROUNDED = 1e-6
"""A step is a step, whatever a subtraction of floats says."""
_DIGITS = 10
