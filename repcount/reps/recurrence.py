"""Find the set in the movement: the run that recurs best, over all tracks, while it happens.

Rules: needs no calibration and no mounting; of the exercise it knows only the bounds of its movement. The
leading run speaks; a better one that explains the same stretch takes over.
"""

from typing import Any

import numpy as np

from repcount.exercises.model import Movement
from repcount.reps.few import lengths, mean
from repcount.reps.history import MotionHistory
from repcount.reps.missed import missed_before
from repcount.reps.recurrence_params import RecurrenceParams
from repcount.reps.rivals import best_rivals
from repcount.reps.run import HalfRep, Run, could_be, could_turn, distance, thrown_enough
from repcount.reps.standstill import Standstills
from repcount.reps.zigzag import Extremum, Pose, Turned, ZigzagBank
from repcount.samples import POSE, Array


class Recurrence:
    """Feed it one pose a tick; `lead` is the run that is most like a set of the exercise, if any.

    While `firm`, which whoever judges the lead sets, only a run that explains the same may take over. `alone`
    are runs of one rep that came back to its start at this tick, while none led, from where it had rested.
    """

    def __init__(self, params: RecurrenceParams | None = None) -> None:
        self.params = params or RecurrenceParams()
        self.bank = ZigzagBank(self.params.zigzag)
        self.history = MotionHistory(int(self.params.history_s * self.params.tick_hz))
        self.movement: Movement | None = None
        self.lead: Run | None = None
        self.firm = False
        self._runs: dict[tuple[int, bool], list[Run]] = {}
        self.not_before = 0
        self.alone: list[Run] = []
        self._seen_begun: dict[tuple[int, int], tuple[HalfRep, float] | None] = {}
        self._halves: dict[HalfRep, HalfRep] = {}
        self._standstills = Standstills(self.history, self.params.still_ratio, self.params.beyond_ratio)

    def arm(self, movement: Movement | None, not_before_tick: int) -> None:
        """Look for this movement (None: for none) in reps that start at `not_before_tick` or later."""
        self.movement = movement
        self._seen_begun = {}
        self.forget_before(not_before_tick)

    def give_up(self, tick: int) -> None:
        """The leading run is none; let the best of those that go on lead."""
        lead, self.lead = self.lead, None
        runs = [run for runs in self._runs.values() for run in runs if run is not lead]
        for run in runs:
            if not self.is_over(run, tick):
                self._consider(run, tick)

    def forget_before(self, tick: int) -> None:
        """Drop every run that began before `tick`: what it holds has been said."""
        self.not_before = tick
        self.lead = None
        kept = {k: [r for r in runs if r.first_tick >= tick] for k, runs in self._runs.items()}
        self._runs = {k: runs for k, runs in kept.items() if runs}
        for runs in self._runs.values():
            for run in runs:
                self._consider(run, run.last_turn_tick)

    def feed(self, tick: int, signals: Array) -> bool:
        """Take one tick; say whether `lead` may have changed or grown."""
        self.history.add(tick, signals)
        changed, self.alone = False, []
        for turned in self.bank.feed(tick, signals[POSE]):
            if self.movement is not None:
                changed |= self._end_rep(turned)
                changed |= self._begin_return(turned, self.movement, tick)
        if changed and self.firm and self.lead is not None and self.lead.reps >= self.params.proven_reps:
            self._runs = best_rivals(self._runs, self.lead, len(self.params.zigzag.thresholds_g))
        return changed

    def idle_limit_s(self, run: Run) -> float:
        """How long without a rep ends the run, s."""
        if run.pace_s is None:
            return self.params.idle_few_s
        least_s = self.params.idle_s if run.reps >= self.params.proven_reps else self.params.idle_few_s
        return min(max(least_s, self.params.idle_paces * run.pace_s), self.params.idle_most_s)

    def over_at_s(self, run: Run, hidden_from_s: float | None = None) -> float:
        """Stream time after which nothing can join the run any more, s.

        What nobody saw is no idling, so gaps are waited out, up to `idle_most_s`; with `hidden_from_s`
        nothing came since then, and nobody knows for how long.
        """
        last_s, limit_s = run.last_turn_tick / self.params.tick_hz, self.idle_limit_s(run)
        if hidden := self.history.hidden_ticks(run.last_turn_tick, self.history.newest):
            limit_s = min(limit_s + hidden / self.params.tick_hz, self.params.idle_most_s)
        if hidden_from_s is not None and hidden_from_s < last_s + limit_s:
            limit_s = self.params.idle_most_s
        return last_s + limit_s

    def is_over(self, run: Run, tick: int) -> bool:
        """Whether nothing joined the run for too long."""
        since_s = (tick - run.last_turn_tick) / self.params.tick_hz
        if since_s < self.params.idle_s - _ROUNDED_S:  # as mostly, and asked at every turn
            return False
        return tick / self.params.tick_hz > self.over_at_s(run)

    def _end_rep(self, turned: Turned) -> bool:
        leads = False
        for run in self._runs.get((turned.track, turned.peak), ()):
            if not run.is_under_way:
                continue
            off_g = self._back_g(run, turned.extremum) if run.on_trial else 0.0  # asked of no other
            run.returned(turned.extremum, off_g, self.params.run)
            if self.lead is None and run.reps == 1 and run.settled >= self.params.alone_settled_ratio:
                self.alone.append(run)
            leads |= run is self.lead
        return leads

    def _back_g(self, run: Run, end: Extremum) -> float:
        """How near to its start the run came from its last turn to `end`, g."""
        off = self._off(run.start, min(run.last_turn_tick, end.tick), end.tick)
        return float(np.min(off, initial=np.inf))

    def _begin_return(self, turned: Turned, movement: Movement, tick: int) -> bool:
        """A track went from a start to a turn: one more rep of a run, or the first of a new one."""
        half = self._shared(HalfRep(turned.before, turned.extremum))
        if half.start.tick < self.not_before:
            return False
        key = (turned.track, not turned.peak)
        runs = self._runs.get(key, [])
        if runs:
            runs = [run for run in runs if run is self.lead or not self.is_over(run, tick)]
        joined = next((run for run in runs if self._joins(run, half, movement)), None)
        if joined is not None and joined.reps >= _ENOUGH_REPS:
            self._look_back(joined, movement)
        begun = None if joined is not None else self._begun(movement, half)
        if begun is not None:
            runs = [*sorted(runs, key=lambda run: -run.score)[:1], Run.begun(*key, *begun)]
        self._keep(key, runs)
        return joined is not None and self._consider(joined, tick)

    def _look_back(self, run: Run, movement: Movement) -> None:
        """Take what was missed before the newest rep, and once before each of the first ones."""
        newest = run.reps - 1
        for k in range(newest, (newest if run.looked_back else 0) - 1, -1):
            missed = missed_before(k, run, self.history, movement, self.params.run, self.params.tick_hz)
            if missed is not None and missed.half.start.tick >= self.not_before:
                half = self._shared(missed.half)
                run.missed(half, k, missed.then, self.params.run.partial_likeness)
        run.looked_back = True

    def _keep(self, key: tuple[int, bool], runs: list[Run]) -> None:
        """Keep these runs of a track; of one that has none, nothing."""
        if runs:
            self._runs[key] = runs
        else:
            self._runs.pop(key, None)

    def _shared(self, half: HalfRep) -> HalfRep:
        """The same movement, of all tracks that turn at it one object: runs hold many, for long."""
        if len(self._halves) >= _REMEMBERED:
            self._halves.clear()
        return self._halves.setdefault(half, half)

    def _begun(self, movement: Movement, half: HalfRep) -> tuple[HalfRep, float] | None:
        """The rep that may have begun with this movement, and how settled the limb was; None if none."""
        key = (half.start.tick, half.turn.tick)
        if key not in self._seen_begun:
            if len(self._seen_begun) >= _REMEMBERED:
                self._seen_begun.clear()
            self._seen_begun[key] = self._look_begun(movement, half)
        return self._seen_begun[key]

    def _look_begun(self, movement: Movement, half: HalfRep) -> tuple[HalfRep, float] | None:
        if not could_turn(movement, half, self.params.tick_hz):
            return None
        half = half._replace(start=self._standstills.between(half, movement.range_g.low).start)
        if self.history.hidden_ticks(half.start.tick, half.turn.tick):
            return None  # that it went from there to here shows one more rep of a run, but begins none
        return (half, self._settled(half)) if could_be(movement, half, self.params.tick_hz) else None

    def _joins(self, run: Run, half: HalfRep, movement: Movement) -> bool:
        """Let the movement join the run as it is, or what of it lies between two standstills."""
        interrupted = self.history.hidden_ticks(run.last_turn_tick, half.turn.tick) > 0
        if run.joins(
            half, half.start, movement, self.params.run, self.params.tick_hz, interrupted=interrupted
        ):
            return True
        if not run.nears(half, self.params.run):
            return False
        inner = self._standstills.between(half, self.params.far_ratio * run.range_g)
        return inner != half and run.joins(
            inner, half.start, movement, self.params.run, self.params.tick_hz, interrupted=interrupted
        )

    def _settled(self, half: HalfRep) -> float:
        """1 where the pose stayed near the start for a while before it left, 0 where it came from afar."""
        ticks = int(self.params.run.settle_s * self.params.tick_hz)
        range_g = distance(half.start.pose, half.turn.pose)
        off = self._off(half.start.pose, half.start.tick - ticks, half.turn.tick) / range_g
        near = (off < self.params.run.pose_tolerance_ratio / 2).nonzero()[0]
        left = int(near[-1]) if len(near) else 0
        if left < ticks / 2:  # too little is known of what was before
            return 0.0
        return max(0.0, 1 - 2 * float(mean(off[max(0, left - ticks) : left + 1])))

    def _off(self, pose: Pose, first_tick: int, last_tick: int) -> Array:
        return lengths(self.history.poses(first_tick, last_tick) - pose)

    def _consider(self, run: Run, tick: int) -> bool:
        """Let `run` lead if it is the best; say whether it leads."""
        lead = self.lead
        if run is lead:
            return True
        if not self._is_like_a_set(run) or (lead is not None and not self._takes_over(run, lead, tick)):
            return False
        if not self._moves_like(run):
            return False
        self.lead = run
        return True

    def _takes_over(self, run: Run, lead: Run, tick: int) -> bool:  # noqa: PLR0911 - a reason each, the cheapest first
        is_worse = run.score <= lead.score
        if is_worse and not self._is_doubtful(lead) and (self.firm or not self.is_over(lead, tick)):
            return False  # as nearly always: so many tracks see the same
        if self.firm and run.reps <= run.doubtful_reps:
            return False  # whoever judges it did not take it for a set
        explains_the_same = run.first_tick < lead.last_turn_tick
        if self.firm and run.opposes(lead):
            return False  # which end is the start is not told by how alike the reps are
        if self.firm and run.mean_likeness < self.params.alike_ratio * lead.mean_likeness:
            return False  # more reps that are less alike: it turns where the others stick
        if self._is_doubtful(lead) and not run.resembles(lead, self.params.run):
            return run.reps > run.doubtful_reps + 1 and run.score > self.params.doubtful_ratio * lead.score
        if not self.firm and self.is_over(lead, tick):
            return True
        if not explains_the_same:
            return not self.firm and run.score > lead.score
        return run.score > self._better_ratio(run, lead) * lead.score

    def _is_doubtful(self, lead: Run) -> bool:
        """Whether whoever judges it had reps enough and did not take it for a set."""
        return not self.firm and lead.doubtful_reps >= self.params.proven_reps

    def _better_ratio(self, run: Run, lead: Run) -> float:
        """How much better the run must be to take over."""
        reverses = run.reverses(lead, self.params.run)
        return self.params.reverse_ratio if reverses else self.params.takeover_ratio

    def reverse_of_lead(self) -> Run | None:
        """The best run that takes the lead's start for its turn, if it is about as good."""
        lead = self.lead
        if lead is None:
            return None
        still_tick = lead.halves[-2:][0].turn.tick
        begun = [
            run
            for runs in self._runs.values()
            for run in runs
            if len(run.halves) > 1
            and run.last_turn_tick > still_tick
            and run.first_tick < lead.last_turn_tick
        ]
        least = lead.score
        good = [run for run in begun if run.score * self.params.reverse_ratio > least]
        reverse = [run for run in good if self._is_like_a_set(run) and run.reverses(lead, self.params.run)]
        if not self.is_over(lead, self.history.newest):
            reverse = [run for run in reverse if not self.is_over(run, self.history.newest)]
        return max(reverse, key=lambda run: run.score, default=None)

    def _is_like_a_set(self, run: Run) -> bool:
        params = self.params
        reps = run.reps
        if reps < 2 or run.likeness < params.least_likeness * (reps - 1):  # noqa: PLR2004 - to recur takes two
            return False
        return run.score >= params.least_score

    def _moves_like(self, run: Run) -> bool:
        return self.movement is not None and thrown_enough(
            self.movement, run.load_g, run.pace_s, self.params.cutoff_hz
        )

    def reset(self) -> None:
        """Forget everything seen, but not the movement looked for."""
        self.bank.reset()
        self.history.reset()
        self._runs = {}
        self.lead = None
        self.firm = False
        self.not_before = 0
        self.alone = []
        self._seen_begun, self._halves = {}, {}
        self._standstills.reset()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; the movement is not in it."""
        runs = [run for runs in self._runs.values() for run in runs]
        lead = next((i for i, run in enumerate(runs) if run is self.lead), None)
        if self.lead is not None and lead is None:
            lead, runs = len(runs), [*runs, self.lead]
        return {
            "bank": self.bank.snapshot(),
            "history": self.history.snapshot(),
            "runs": [[list(key), [run.to_data() for run in runs]] for key, runs in self._runs.items()],
            "lead": None if self.lead is None else self.lead.to_data(),
            "lead_at": lead,
            "not_before": self.not_before,
            "firm": self.firm,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.bank.restore(state["bank"])
        self.history.restore(state["history"])
        self._runs = {
            (track, peak): [Run.from_data(run) for run in runs] for (track, peak), runs in state["runs"]
        }
        flat = [run for runs in self._runs.values() for run in runs]
        at = state["lead_at"]
        if state["lead"] is None:
            self.lead = None
        else:
            self.lead = flat[at] if at < len(flat) else Run.from_data(state["lead"])
        self.not_before, self.firm = state["not_before"], state["firm"]


_ENOUGH_REPS = 3
"""So many reps that are alike tell what another one is."""
_ROUNDED_S = 1e-6
"""Times that are the same may be rounded apart by less."""
_REMEMBERED = 24
"""So many movements are kept, since many tracks turn at the same one; looked at anew they are the same."""
