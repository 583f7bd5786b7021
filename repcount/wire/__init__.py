"""Bytes of one sensor to samples, and back for virtual sensors."""

from repcount.wire.encoder import Encoded, encode
from repcount.wire.items import Gap, Rejected, WireItem
from repcount.wire.params import WireParams
from repcount.wire.stage import Wire
from repcount.wire.vectors import VectorResult, check_vectors

__all__ = [
    "Encoded",
    "Gap",
    "Rejected",
    "VectorResult",
    "Wire",
    "WireItem",
    "WireParams",
    "check_vectors",
    "encode",
]
