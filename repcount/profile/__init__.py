"""What a firmware profile is, and how parsed TOML becomes one or all its errors. Opens no file."""

from repcount.profile.identity import REVISIONS, Advertised, Characteristic, Firmware, Identity
from repcount.profile.model import (
    Axes,
    Clock,
    HeaderField,
    Profile,
    Stream,
    Vector,
    VectorField,
)
from repcount.profile.numbers import Pattern
from repcount.profile.parse import parse_profile
from repcount.profile.steps import (
    Answer,
    Capture,
    Parameter,
    Pause,
    Read,
    Refusal,
    Status,
    Step,
    Subscribe,
    Unsubscribe,
    Values,
    Wait,
    Write,
    holds,
)

__all__ = [
    "REVISIONS",
    "Advertised",
    "Answer",
    "Axes",
    "Capture",
    "Characteristic",
    "Clock",
    "Firmware",
    "HeaderField",
    "Identity",
    "Parameter",
    "Pattern",
    "Pause",
    "Profile",
    "Read",
    "Refusal",
    "Status",
    "Step",
    "Stream",
    "Subscribe",
    "Unsubscribe",
    "Values",
    "Vector",
    "VectorField",
    "Wait",
    "Write",
    "holds",
    "parse_profile",
]
