"""Counting at a place that cannot see the exercise, because somebody insists.

Rules: only where a model says why it is `unseen`, never at a place nobody knows; what is looked for is any
movement that recurs, within bounds that keep out nothing but what no exercise is; whoever lets it be done
says once that the counts are unreliable, with the reason.
"""

from dataclasses import replace

from repcount.exercises.model import Bounds, ExerciseModel, Movement, TurnLoad, Worn

_ANY_RECURRENCE = Movement(
    range_g=Bounds(low=0.1, high=2.0),
    tilt_deg=Bounds(low=0, high=130),
    first_phase_s=Bounds(low=0.25, high=14),
    rep_s=Bounds(low=0.8, high=18),
    turn_load=TurnLoad.NEITHER,
    least_path_m=0.0,
    arc_deg=Bounds(low=0, high=120),
    usual_arc_deg=120,
    least_log_odds=-14,
    worn=Worn.TRUNK,
    most_rough_g=0.35,
    pose_norm_g=Bounds(low=0.4, high=2.0),
)
"""As wide as any bounds of the chest: there is no movement of the exercise to be narrower about."""


def forced(model: ExerciseModel, placement: str) -> ExerciseModel:
    """Return the model with a best effort at a placement it is `unseen` at; the model itself at any other."""
    if placement not in model.unseen or placement in model.placements:
        return model
    effort = replace(_ANY_RECURRENCE, first_phase=model.first_phase)
    return replace(model, movements=model.movements | {placement: effort})


def doubt(model: ExerciseModel, placement: str) -> str | None:
    """Why a count at this placement is unreliable, as a sentence; None where it is not forced."""
    reason = model.unseen.get(placement)
    if reason is None or placement in model.placements:
        return None
    return f"counts of {model.id} at the {placement} are unreliable: {reason}"
