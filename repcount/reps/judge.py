"""Whether reps of a run are a set of the exercise, which way round it goes, and which reps belong to it.

Rules: chance recurs too, so the fewer reps there are the more alike they must be; bounds are asked of what is
usual in the set, never of one rep; nothing is remembered between two questions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from repcount.exercises.model import Movement, Worn
from repcount.reps.detector_params import DetectorParams
from repcount.reps.ends import Lift, strangeness
from repcount.reps.history import MotionHistory
from repcount.reps.likeness import POINTS, way_there
from repcount.reps.odds import log_odds
from repcount.reps.order import order_doubt
from repcount.reps.run import HalfRep, Run, thrown_enough
from repcount.reps.seen import SeenRep, halves_of
from repcount.reps.timing import Timing
from repcount.reps.upright import Upright
from repcount.samples import STANDARD_GRAVITY_M_S2


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges reps by what is known of them and by the motion they were."""

    history: MotionHistory
    timing: Timing
    params: DetectorParams
    upright: Upright

    def convinces(
        self,
        movement: Movement,
        lead: Run,
        reps: list[SeenRep],
        slack: float = 0.0,
        *,
        over: bool = False,
        share: float = 1.0,
    ) -> bool:
        """Whether these reps of the run are a set of the exercise.

        What is beyond a bound of the exercise must be made up for by being alike. `slack` of the log odds
        may be missing where they were taken for one, and the bounds are then asked no more until it is over;
        below 0 it is asked in addition. `over`: nothing comes after them, so few will not become more, and
        are judged anew. `share` of what is asked more of few reps is asked here.
        """
        complete = [rep for rep in reps if rep.second is not None]
        if not complete:
            return lead.is_awaited and not over
        if over and len(complete) < _SURE_REPS:
            slack = 0.0
        misfit = self._misfit(movement, lead, complete, said=slack > 0) if over or slack <= 0 else 0.0
        if math.isinf(misfit):
            return False
        more = (_MORE_FOR_FEW_IN_ALL if over else _MORE_FOR_FEW).get(len(complete), 0.0)
        more = max(more, movement.two_log_odds * _OF_TWO.get(len(complete), 0.0))
        needed = movement.least_log_odds + share * more - slack + misfit
        return log_odds(movement, lead, complete, self.timing.tick_s) >= needed

    def slack(self, lead: Run) -> float:
        """How much less is asked of a run that was taken for a set; of many reps it is the surer."""
        return self.params.doubt_log_odds * min(1.0, _SURE_REPS / lead.reps)

    @staticmethod
    def surplus(movement: Movement, lost: int) -> float:
        """How much more is asked of what was not said yet, or was and was `lost` so often; 0 and below."""
        return -(movement.said_log_odds + _REGAIN_LOG_ODDS * lost)

    def may_be(self, movement: Movement, lead: Run, reps: list[SeenRep]) -> bool:
        """Whether these reps are within what no likeness makes up for."""
        complete = [rep for rep in reps if rep.second is not None]
        return not complete or math.isfinite(self._misfit(movement, lead, complete))

    def _misfit(self, movement: Movement, lead: Run, reps: list[SeenRep], *, said: bool = False) -> float:
        """Log odds against the exercise, by how far beyond what it asks of anybody the reps, together, are.

        Infinite where nothing is known of them, or they cannot be the exercise. Of a limb, what was `said`
        is not taken back because it became a little rougher, or turns a little less.
        """
        traces = [(rep.whole, rep.moving) for rep in reps if rep.whole is not None and rep.moving is not None]
        arc_deg = _usual_arc_deg(reps)
        rough_g = median([whole.rough_g for whole, _ in traces] or [math.inf])
        rough = rough_g / min(movement.most_rough_g, movement.most_rough_ratio * lead.range_g)
        turns = self.turns_far_enough(movement, lead, reps)
        least_deg, most_deg = movement.arc_deg.low, movement.arc_deg.high
        little = arc_deg < (least_deg if movement.worn is Worn.LIMB else 0) and not turns
        load_g = _load_g(movement, lead, reps)
        thrown_wrong = movement.turn_load * load_g < -_LOAD_SLACK_G
        cutoff_hz = self.params.recurrence.cutoff_hz
        thrown = thrown_enough(movement, load_g, lead.pace_s, cutoff_hz) and not thrown_wrong
        is_lifted = movement.turn_load * load_g >= _LIFTED_G
        sure = said and (movement.worn is Worn.LIMB or is_lifted)  # a trunk that is only jolted walks
        if ((rough > 1 or little) and not sure) or not thrown or self.leans_elsewhere(movement, reps):
            return math.inf  # steps, and an arm that turns as little as at a meal, however alike
        rest_s = median(whole.ticks - moving.ticks for whole, moving in traces) * self.timing.tick_s
        beyond = (  # the first two twice: elsewhere they cannot be the exercise at all
            rough**2,
            1.0 if turns else max((least_deg / max(arc_deg, _TINY_DEG)) ** 2, arc_deg / most_deg),
            rest_s / movement.longest_rest_s,
            *self._beyond_times(movement, reps),
            *_beyond_felt(movement, reps, median(moving.felt_g for _, moving in traces)),
        )
        far = sum(math.log(ratio) for ratio in beyond if ratio > 1)
        return _MISFIT.get(len(reps), _MISFIT_OF_MANY) * far if far < _FARTHEST else math.inf

    def _beyond_times(self, movement: Movement, reps: list[SeenRep]) -> tuple[float, ...]:
        """How many times as long as the exercise allows the reps take."""
        turn_ticks = [rep.turn_tick for rep in reps]
        paces_s = [(after - before) * self.timing.tick_s for before, after in pairwise(turn_ticks)] or [0.0]
        pace_s = median(paces_s)
        first_s = median(rep.first.duration_s for rep in reps)
        second_s = median(rep.second.duration_s for rep in reps if rep.second is not None)
        return (
            pace_s / movement.longest_pace_s,
            movement.shortest_pace_s / pace_s if pace_s > 0 else 1.0,
            len(paces_s) * pace_s / movement.longest_set_s,
            first_s / movement.longest_first_s,
            second_s / movement.longest_second_s,
        )

    def turns_far_enough(self, movement: Movement, lead: Run, reps: list[SeenRep]) -> bool:
        """Whether the limb turns as far as the exercise asks of anybody; or less, but is thrown.

        Without a gyroscope up is where the force points, so any limb that is thrown seems to turn less.
        """
        arc_deg, newest = _usual_arc_deg(reps), self.history.newest
        bent = not self.history.rate(newest, newest).any()
        load = movement.turn_load or (movement.turn_leans if bent else 0)
        thrown = load * lead.load_g >= _THROWN_G
        return arc_deg in movement.arc_deg or (thrown and 0 <= arc_deg < movement.arc_deg.low)

    def leans(self, movement: Movement, reps: Sequence[SeenRep], *, reverse: bool = False) -> bool | None:
        """Whether a trunk leans as it does at both ends of these reps, or of their `reverse`.

        None where upright, or how it leaned, is unknown.
        """
        if movement.worn is not Worn.TRUNK:
            return None
        starts = [self.upright.lean_deg(rep.start_up) for rep in reps if any(rep.start_up)]
        turns = [self.upright.lean_deg(rep.turn_up) for rep in reps if any(rep.turn_up)]
        known = [[lean for lean in leans if lean is not None] for leans in (starts, turns)]
        if not all(known):
            return None
        start, turn = (median(leans) for leans in (known[::-1] if reverse else known))
        return start in movement.start_lean_deg and turn in movement.turn_lean_deg

    def leans_elsewhere(self, movement: Movement, reps: Sequence[SeenRep]) -> bool:
        """Whether a trunk is known not to lean like that, whichever end the reps begin at."""
        return {self.leans(movement, reps, reverse=reverse) for reverse in (False, True)} == {False}

    def order_by_lean(self, movement: Movement, reps: Sequence[SeenRep]) -> bool | None:
        """Whether these reps, not their reverse, lean as the exercise does; None where that does not tell."""
        there, back = self.leans(movement, reps), self.leans(movement, reps, reverse=True)
        return there if there is not back else None

    def tells_order(self, movement: Movement, lead: Run, reps: Sequence[SeenRep]) -> bool:
        """Whether the load, or how the trunk leans, tells that these reps begin where the exercise does."""
        by_load = movement.turn_load * lead.load_g > self.params.telling_load_g
        return by_load or self.order_by_lean(movement, reps) is True

    def begins_at_other_end(
        self, movement: Movement, lead: Run, reverse: Run, reps: list[SeenRep], *, said: bool, away: bool
    ) -> bool:
        """Whether these reps are better told as `reverse` has them; what was said is not changed lightly.

        `away`: the lead has them the other way round than what was said, which `reverse` keeps to.
        """
        if said and reverse.reps <= reverse.doubtful_reps:
            return False
        if (told := self.order_by_lean(movement, reps)) is not None:
            return not told
        doubt = order_doubt(movement, lead, reverse, reps, self.history, self.timing)
        if away:
            return doubt > -self.params.said_reverse_doubt
        return doubt > (self.params.said_reverse_doubt if said else self.params.reverse_doubt)

    def convinces_alone(self, movement: Movement, run: Run, rep: SeenRep) -> bool:
        """Whether a rep that nothing came after is one: it must be as good as a rep can be."""
        if self._misfit(movement, run, [rep]) > 0:
            return False
        return log_odds(movement, run, [rep], self.timing.tick_s) >= movement.alone_log_odds

    def convinces_so_far(
        self, movement: Movement, lead: Run, reps: list[SeenRep], slack: float, *, share: float
    ) -> bool:
        """The same while the set goes on: with its first rep or, as that may be getting on, without."""
        return self.convinces(movement, lead, reps, slack, share=share) or (
            len(reps) > self.params.ends.least_reps
            and self.convinces(movement, lead, reps[1:], slack, share=share)
        )

    def without_foreign_ends(self, movement: Movement, lead: Run, reps: list[SeenRep]) -> list[SeenRep]:
        """These reps of the run without getting on and getting off."""
        kept, least, most_strange = reps, self.params.ends.least_reps, self.params.ends.most_strange
        is_limb = _usual_arc_deg(reps) >= movement.arc_deg.low  # a bar that was put down does not stand up
        odds = movement.getting_off_odds if is_limb else 0.0
        times = 1.0
        while len(kept) >= least and self._strangeness(lead, kept, -1) > times * most_strange - odds:
            kept, times = kept[:-1], _STRANGER
        return kept[1:] if self.begins_foreign(movement, lead, kept) else kept

    def begins_foreign(self, movement: Movement, lead: Run, reps: list[SeenRep], surer: float = 0.0) -> bool:
        """Whether the first of these reps of the run is getting on, by `surer` log odds; of few not told."""
        limit = self.params.ends.most_strange - movement.getting_on_odds + surer
        return len(reps) >= self.params.ends.least_reps and self._strangeness(lead, reps, 0) > limit

    def _strangeness(self, lead: Run, reps: list[SeenRep], index: int) -> float:
        """How unlike the others this one of these reps of the run is."""
        turns = {rep.turn_tick: rep for rep in reps}
        lifts = [self._lift_of(half, turns[half.turn.tick]) for half in halves_of(reps, lead.halves)]
        return strangeness(lifts, index, self.params.ends)

    def _lift_of(self, half: HalfRep, rep: SeenRep) -> Lift:
        first = self.timing.quick_ticks(rep.first, self.history.newest)
        way = rep.moving.way_g[:POINTS] if rep.moving else way_there(self.history, first)
        waited_s = self.timing.quick_s(self.history.newest) - rep.first.end_s
        return Lift(half.start.pose, half.turn.pose, way, rep.first, rep.second, waited_s)


def _beyond_felt(movement: Movement, reps: list[SeenRep], felt_g: float) -> tuple[float, ...]:
    """How many times beyond the exercise is what they felt, and how much they turned about the vertical."""
    swivels = [rep.swivel_ratio for rep in reps if rep.swivel_ratio is not None]
    still = felt_g / movement.most_felt_g
    if not swivels:
        return (still,)  # without a gyroscope, times and ways of what is thrown are not known well enough
    phases_s = [min(rep.first.duration_s, rep.second.duration_s) for rep in reps if rep.second is not None]
    phase_s = max(median(phases_s), _SHORTEST_S)
    swing_m = movement.least_swing_m * math.radians(_usual_arc_deg(reps))
    path_m = movement.least_path_m if movement.worn is Worn.LIMB else 0.0  # the phases of a trunk are blurred
    way_m = max(_LEAST_PATH_SHARE * path_m, swing_m)
    asked_g = _WAY_FELT * way_m / phase_s**2 / STANDARD_GRAVITY_M_S2
    return still, asked_g / max(felt_g, _LEAST_FELT_G), median(swivels) / movement.most_swivel_ratio


def _load_g(movement: Movement, lead: Run, reps: list[SeenRep]) -> float:
    """How much more was felt at the turn than at the start, g: usually in these reps, or lately in the run.

    Whichever fits better: neither what came after them nor one read late may tell that they are none.
    """
    halves = halves_of(reps, lead.halves)
    starts, turns = ([math.hypot(*half[end].pose) for half in halves] for end in (0, 1))
    usual_g = median(turns) - median(starts) if halves else lead.load_g
    return max(lead.load_g, usual_g, key=lambda load_g: movement.turn_load * load_g)


def _usual_arc_deg(reps: list[SeenRep]) -> float:
    """How far the limb usually turns from start to turn, degrees; -1 where that is unknown."""
    return median([rep.rom_deg for rep in reps if rep.rom_deg is not None] or [-1.0])


_MORE_FOR_FEW = {1: 7.5, 2: 3.0, 3: 1.5}
_MORE_FOR_FEW_IN_ALL = {1: 8.0, 2: 3.0, 3: 1.5}
"""How much larger the log odds of a set of few reps must be, as chance recurs a few times: while it may go
on, and when it is over."""
_SURE_REPS = 4
"""Of more reps it is the surer whether they are a set: what was said is given up sooner."""
_REGAIN_LOG_ODDS = 1.5
"""What was said and taken back, of so many reps, must be so much more like a set to be said again, each time
anew: what lies at the limit would come and go."""
_OF_TWO = {1: 1.0, 2: 1.0, 3: 1 / 3}
"""The share of what is asked more of two, of which the second may not have ended."""
_MISFIT, _MISFIT_OF_MANY, _FARTHEST, _TINY_DEG = {1: 45.0, 2: 45.0, 3: 30.0}, 15.0, 0.5, 0.1
"""Log odds against for being e times beyond a bound, of few reps and of more; what is further beyond in all
cannot be the exercise."""
_WAY_FELT, _LEAST_PATH_SHARE = 1.9, 0.7
"""Of a hand that goes a way in a time, the size of what is felt has a standard deviation of about so many
times way / time^2, a third of the peak where it goes as smoothly as can be; and so much of the shortest way
is asked for, as movements are blurred."""
_SHORTEST_S, _LEAST_FELT_G = 0.3, 1e-3
"""No swing is quicker, nor does any sensor feel less."""
_THROWN_G = 0.1
"""So much difference of load tells that a hand was thrown, though it hardly turns: one on a bar does not."""
_LIFTED_G = 0.2
"""A trunk that feels so much less where it turns was lifted and let down."""
_LOAD_SLACK_G = 0.012
"""By how much the load at the ends, which the slowest reps hardly show, may be the wrong way round, g."""
_STRANGER = 1.3
"""How many times `most_strange` the reps before the last must be: more than one take more."""
