"""How a sensor is told from others: by what it advertises, and by what it holds once connected."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

REVISIONS = {
    "model": "00002a24-0000-1000-8000-00805f9b34fb",
    "firmware": "00002a26-0000-1000-8000-00805f9b34fb",
    "software": "00002a28-0000-1000-8000-00805f9b34fb",
}
"""Characteristics of the Device Information service (Bluetooth SIG) that tell profiles apart."""

PROPERTIES = ("read", "write", "write-without-response", "notify", "indicate")
"""What a characteristic may allow, in the words of its declaration."""

_DOTTED = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertised:
    """What a device says of itself while it advertises; services are lower case and of 128 bits."""

    name: str | None = None
    services: frozenset[str] = frozenset()
    manufacturer_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """A characteristic the sensor must have, with all of these properties."""

    uuid: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """What Device Information must say in `revision`, a key of `REVISIONS`.

    From `least` on, and `below` that, as dotted numbers; or like one of the `patterns`.
    """

    revision: str
    least: str | None = None
    below: str | None = None
    patterns: tuple[str, ...] = ()

    def holds(self, told: str | None) -> bool:
        """Whether what the device tells fits; one that tells nothing that can be compared does."""
        if not told:
            return True
        if self.patterns:
            return any(fnmatchcase(told, pattern) for pattern in self.patterns)
        version = dotted(told)
        if version is None:
            return True
        least, below = dotted(self.least), dotted(self.below)
        return (least is None or least <= version) and (below is None or version < below)

    def __str__(self) -> str:
        """What is asked for, for people."""
        if self.patterns:
            return f"{self.revision} {' or '.join(self.patterns)}"
        bounds = [("from", self.least), ("below", self.below)]
        return " ".join([self.revision, *(f"{word} {bound}" for word, bound in bounds if bound)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The signals by which a sensor is known; every one that is given must hold."""

    name_patterns: tuple[str, ...] = ()
    manufacturer_id: int | None = None
    advertises: str | None = None
    characteristics: tuple[Characteristic, ...] = ()
    firmware: Firmware | None = None

    def matches(self, advertised: Advertised) -> bool:
        """Whether everything that can be seen before connecting holds."""
        return all(self.signals(advertised).values())

    def signals(self, advertised: Advertised) -> dict[str, bool]:
        """Whether each signal of the advertisement holds, by what is asked for, in words for people."""
        found: dict[str, bool] = {}
        if self.name_patterns:
            found[f"a name like {' or '.join(map(repr, self.name_patterns))}"] = self.names(advertised)
        if self.manufacturer_id is not None:
            known = self.manufacturer_id in advertised.manufacturer_ids
            found[f"the manufacturer {self.manufacturer_id:#06x}"] = known
        if self.advertises is not None:
            found[f"the service {self.advertises}"] = self.advertises in advertised.services
        return found

    def names(self, advertised: Advertised) -> bool:
        """Whether the name alone is one of those asked for."""
        return any(fnmatchcase(advertised.name or "", pattern) for pattern in self.name_patterns)

    def missing(self, has: Mapping[str, Collection[str]], told: Mapping[str, str]) -> Iterator[str]:
        """Say what a connected device lacks, in words for people; nothing when this is its profile.

        `has` are its characteristics with their properties; `told` is what Device Information says, by the
        keys of `REVISIONS`.
        """
        for one in self.characteristics:
            lacking = one.properties.difference(has.get(one.uuid, ()))
            if one.uuid not in has:
                yield f"has no characteristic {one.uuid}"
            elif lacking:
                yield f"its characteristic {one.uuid} lacks {', '.join(sorted(lacking))}"
        if self.firmware is not None and not self.firmware.holds(told.get(self.firmware.revision)):
            yield f"says {told[self.firmware.revision]!r} where {self.firmware} is wanted"


def dotted(text: str | None) -> tuple[int, ...] | None:
    """The first dotted number in a text, to be compared; None without one. 3.0 equals 3."""
    found = _DOTTED.search(text or "")
    if found is None:
        return None
    numbers = [int(number) for number in found[0].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
