"""What a timeline says of a notification."""

from dataclasses import dataclass

from repcount.samples import Array
from repcount.wire.items import Gap


@dataclass(slots=True, eq=False)
class Placed:
    """Times (N,) in s of a notification's samples, and the gap before them if there is one."""

    t_s: Array
    gap: Gap | None
