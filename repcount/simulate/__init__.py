"""The movement of a limb in an exercise, as a sensor on it would measure it, with the exact truth."""

from repcount.simulate.collection import SimulatedRecording, collection
from repcount.simulate.kinematics import all_kinematics, all_variants
from repcount.simulate.perform import TrueSet
from repcount.simulate.plan import (
    EXACT,
    PERFECT,
    STEADY,
    Fidget,
    Gesture,
    Habits,
    HoldsOf,
    Plan,
    SensorErrors,
    SetOf,
    StandStill,
    Walk,
    any_mounting_deg,
)
from repcount.simulate.simulator import Simulation, simulate, simulate_worn

__all__ = [
    "EXACT",
    "PERFECT",
    "STEADY",
    "Fidget",
    "Gesture",
    "Habits",
    "HoldsOf",
    "Plan",
    "SensorErrors",
    "SetOf",
    "SimulatedRecording",
    "Simulation",
    "StandStill",
    "TrueSet",
    "Walk",
    "all_kinematics",
    "all_variants",
    "any_mounting_deg",
    "collection",
    "simulate",
    "simulate_worn",
]
