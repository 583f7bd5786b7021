"""What a firmware profile is, and how parsed TOML becomes one or all its errors. Opens no file."""

from repcount.profile.model import (
    Axes,
    Clock,
    HeaderField,
    Identity,
    Profile,
    Step,
    Stream,
    Subscribe,
    Unsubscribe,
    Vector,
    VectorField,
    Write,
)
from repcount.profile.parse import parse_profile

__all__ = [
    "Axes",
    "Clock",
    "HeaderField",
    "Identity",
    "Profile",
    "Step",
    "Stream",
    "Subscribe",
    "Unsubscribe",
    "Vector",
    "VectorField",
    "Write",
    "parse_profile",
]
