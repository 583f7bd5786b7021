"""Why the reps that lead are not taken for a set of the exercise, in words for people.

Rules: asks what the judge asks, decides nothing and changes nothing; the numbers are those that a person may
change (`tuning`).
"""

from itertools import pairwise
from statistics import median

from repcount.exercises.model import Movement
from repcount.reps.detector import Detector
from repcount.reps.odds import log_odds
from repcount.reps.run import Run
from repcount.reps.seen import SeenRep


def why_not(detector: Detector) -> list[str]:
    """Every bound that the leading reps are outside of; empty where none leads."""
    lead, movement = detector.lead, detector.recurrence.movement
    if lead is None or movement is None:
        return []
    reps = detector.seen[: lead.reps]
    complete = [rep for rep in reps if rep.second is not None]
    if not complete:
        return ["the limb did not come back to where it started"]
    found = _of_turning(detector, movement, lead, complete) + _of_time(movement, complete, detector.tick_s)
    odds = log_odds(movement, lead, complete, detector.tick_s)
    few = len(complete) < _MANY
    if few or odds < movement.least_log_odds:
        more = " and more, as there are so few" if few else ""
        found.append(f"log odds {odds:.1f}, asked for is {movement.least_log_odds:.1f}{more}")
    return found or ["it was not like a set for long enough"]


def _of_turning(detector: Detector, movement: Movement, lead: Run, reps: list[SeenRep]) -> list[str]:
    arc_deg = median([rep.rom_deg for rep in reps if rep.rom_deg is not None] or [-1.0])
    rough_g = median([rep.whole.rough_g for rep in reps if rep.whole is not None] or [0.0])
    found = []
    if not detector.judge.turns_far_enough(movement, lead, reps):
        bounds = f"{movement.arc_deg.low:.0f} to {movement.arc_deg.high:.0f}°"
        found.append(f"it turns through {arc_deg:.0f}°, asked for are {bounds}")
    if rough_g > movement.most_rough_g:
        found.append(f"{rough_g:.2f} g above the movement, at most {movement.most_rough_g:.2f} g are allowed")
    felt_g = median([rep.moving.felt_g for rep in reps if rep.moving is not None] or [0.0])
    if felt_g > movement.most_felt_g:
        found.append(f"{felt_g:.3f} g are felt beside gravity, at most {movement.most_felt_g:.3f} g allowed")
    swivel = median([rep.swivel_ratio for rep in reps if rep.swivel_ratio is not None] or [0.0])
    if swivel > movement.most_swivel_ratio:
        found.append(
            f"it turns about the vertical {swivel:.2f} times as much as about level axes, at most "
            f"{movement.most_swivel_ratio:.2f} is allowed"
        )
    if movement.turn_load * lead.load_g < 0:
        found.append("the load is felt at the wrong end")
    if detector.judge.leans_elsewhere(movement, reps):
        found.append("the trunk does not lean as it does in this exercise, seen from where it was in walking")
    return found


def _of_time(movement: Movement, reps: list[SeenRep], tick_s: float) -> list[str]:
    paces_s = [(after.turn_tick - before.turn_tick) * tick_s for before, after in pairwise(reps)] or [0.0]
    asked = (
        ("from turn to turn", median(paces_s), movement.longest_pace_s),
        ("the first phase takes", median(rep.first.duration_s for rep in reps), movement.longest_first_s),
        ("all of it takes", len(paces_s) * median(paces_s), movement.longest_set_s),
    )
    return [
        f"{what} {took_s:.1f} s, at most {most_s:.1f} s are allowed"
        for what, took_s, most_s in asked
        if took_s > most_s
    ]


_MANY = 4
"""Fewer reps must be more like a set."""
