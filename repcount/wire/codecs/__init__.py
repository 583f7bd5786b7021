"""Ways to pack samples that no table of fields says, by the name a profile gives."""

from collections.abc import Callable
from dataclasses import dataclass

from repcount.events import FaultReason
from repcount.samples import Array
from repcount.wire.codecs import polar


@dataclass(frozen=True, slots=True)
class Codec:
    """Both ways between bytes and counts (N, 3); `kind` is the type of the numbers."""

    read: Callable[[bytes, str], Array | FaultReason]
    write: Callable[[Array, str], bytes]


CODECS = {"polar_pmd_delta": Codec(polar.read_deltas, polar.write_deltas)}

__all__ = ["CODECS", "Codec"]
