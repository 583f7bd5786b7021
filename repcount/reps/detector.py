"""The reps of the leading run, with their times, as far as they are known at this tick.

Rules: the run has decided in three dimensions which movements are reps; `reader` reads when they began and
ended, `measures` what they were like, `follower` foretells the next, `judge` decides whether they are a set,
and once it is over `hindsight` reads its times as exactly as they can be. Nothing is said here, `session`
says it.
"""

import math
from itertools import pairwise
from typing import Any

from repcount.exercises.model import Movement, Worn
from repcount.reps.detector_params import DetectorParams
from repcount.reps.follower import Follower
from repcount.reps.getting_on import GettingOn
from repcount.reps.hindsight import Hindsight
from repcount.reps.judge import Judge
from repcount.reps.measures import Measurer
from repcount.reps.opened import Opened
from repcount.reps.opening import FirstMovement
from repcount.reps.reader import Reader
from repcount.reps.recurrence import Recurrence
from repcount.reps.remembered import Awaited, Remembered
from repcount.reps.run import Run
from repcount.reps.said import Said
from repcount.reps.seen import SeenRep, seen_from_data, seen_to_data
from repcount.reps.timing import Delays, Timing
from repcount.reps.upright import Upright
from repcount.reps.zigzag import pose_of
from repcount.samples import POSE, UP, Array

__all__ = ["Delays", "Detector", "DetectorParams"]


class Detector:
    """Feed it one tick of motion at a time.

    Attributes
    ----------
    seen
        Reps of the set under way; the last may be foretold.
    convincing
        Whether they are a set of the exercise so far.
    judge
        Tells whether reps are a set.
    """

    def __init__(self, delays: Delays, params: DetectorParams | None = None) -> None:
        self.params = params or DetectorParams()
        self.recurrence = Recurrence(self.params.recurrence)
        self.delays = delays
        self.tick_s = 1 / self.params.recurrence.tick_hz
        self.seen: list[SeenRep] = []
        self.convincing = self._turned = self._is_on_trunk = False
        timing = Timing(self.tick_s, delays)
        self._follower = Follower(timing, self.params)
        self._reader = Reader(self.recurrence.history, timing, self.params)
        self._hindsight = Hindsight(self.recurrence.history, timing, self.params)
        self._upright = Upright(self.tick_s)
        self.judge = Judge(self.recurrence.history, timing, self.params, self._upright)
        self._getting_on = GettingOn(self.judge)
        self._measurer = Measurer(self.recurrence.history, timing)
        self._awaited = Awaited(timing)
        self._first = FirstMovement(self.recurrence.history, timing)
        self._opened = Opened()
        self._of_opened = False
        self._lost = 0

    def arm(self, movement: Movement | None, not_before_tick: int) -> None:
        """Look for this movement; None looks for nothing."""
        self._reader.movement = movement
        self._is_on_trunk = movement is not None and movement.worn is Worn.TRUNK
        self._first.opening = movement.opening if movement else None
        self._first.reset()
        self.recurrence.arm(movement, not_before_tick)
        self._sync()

    def forget_before(self, tick: int) -> None:
        """The set is over; what comes next begins at `tick` or later."""
        self.recurrence.forget_before(tick)
        self._follower.forget_foretold()
        self._lost = 0
        self._sync()

    def give_up(self, tick: int) -> None:
        """The leading run is no set: look at what else there is."""
        self.convincing = self.recurrence.firm = self._turned = False
        self._lost = 0
        self._close()
        self.recurrence.give_up(tick)
        self.seen = []
        self._sync()
        self._decide()

    def feed(self, tick: int, signals: Array) -> bool:
        """Take one tick, a row of `MotionBatch.signals`; say whether `seen` may have changed."""
        said = self._said() if self.recurrence.firm else None
        changed = self.recurrence.feed(tick, signals)
        if self._is_on_trunk and (not self.convincing or tick - self.last_tick_of_lead() > _RESTS_TICKS):
            self._upright.feed(signals)
        if changed:
            self._sync(said)
        if not self.convincing and self._open(tick, signals):
            return True
        lead = self.recurrence.lead
        if lead is None:
            return self._await(tick, signals) or self._take_alone() or changed
        if lead.is_opened and tick == lead.last_turn_tick:
            lead.turned_at(pose_of(signals[POSE]))
        before = self.seen
        if self._follower.arc is not None:
            self.seen = self._follower.feed(tick, pose_of(signals[UP]), before)
        foretold = self.seen is not before
        last = self.seen[lead.reps - 1]
        completed = last.second is None and self._reader.complete_if_back(last, lead, tick)
        if changed or completed:
            self._decide(said)
            if said is not None and not self.convincing and self.recurrence.lead is not said.lead:
                self._stay_with(said)
        self.recurrence.firm = self.convincing and lead.reps > 1
        return completed or foretold or changed

    def _said(self) -> Said | None:
        lead, foretold_tick = self.recurrence.lead, self._follower.state.foretold_tick
        learned, turned = (self._reader.shapes, self._hindsight.usual), self._turned
        return None if lead is None else Said(lead, self.seen, foretold_tick, learned, turned, self._lost)

    def _stay_with(self, said: Said) -> None:
        """Let the run lead again that was said: what took over recurs better, but is no set."""
        self.recurrence.lead, self.seen = said.lead, said.seen
        self._reader.shapes, self._hindsight.usual = said.learned
        self._follower.state.foretold_tick = said.foretold_tick
        self.convincing, self._turned, self._lost = True, said.turned, said.lost
        self._sync()
        self._decide()

    def _open(self, tick: int, signals: Array) -> bool:
        """While no set is known: let a rep lead that goes as the exercise begins."""
        run, lead = self._first.feed(tick, signals), self.recurrence.lead
        if run is None or run.first_tick < self.recurrence.not_before:
            return False
        if self._opened.turned and lead is not None:
            if not lead.is_opened or run.begins_where_turned(lead, self.params.recurrence.run):
                return False  # what recurs says more, and the way back is no other rep
            if run.begins_like(lead, self.params.recurrence.run):
                lead.goes_on(run.halves[0])
                self._opened.goes_on(run.last_turn_tick)
                self._sync()
                return True
        self.recurrence.lead, self.seen = run, []
        self._opened.begin(run.last_turn_tick)
        self._sync()
        return True

    def _close(self) -> None:
        """Nothing is said any more for the way it went."""
        self._opened.reset()
        self._first.reset()

    @property
    def sayable(self) -> list[SeenRep]:
        """The reps that may be said: those of a set but getting on, or the first one for the way it went."""
        if self.convincing:
            return self._getting_on.without(self.seen)
        return [rep for rep in self.seen if rep in self._opened]

    def _await(self, tick: int, signals: Array) -> bool:
        """While nothing recurs: let the first rep lead that goes as this person's did before."""
        run = self._awaited.feed(tick, pose_of(signals[UP])) if self._awaited.remembered else None
        if run is None or self.recurrence.movement is None or run.first_tick < self.recurrence.not_before:
            return False
        self.recurrence.lead = run
        self._sync()
        self._decide()
        return True

    def _take_alone(self) -> bool:
        """While nothing recurs: let a rep lead that came and went and is beyond doubt."""
        movement = self.recurrence.movement
        if movement is None or not self.recurrence.alone or movement.alone_log_odds == math.inf:
            return False
        for run in sorted(self.recurrence.alone, key=lambda run: -run.settled)[:_MOST_ALONE]:
            rep, end, shapes = self._reader.see(run, run.halves[0]), run.ends[0], self._reader.shapes
            if end is None or not self.judge.turns_far_enough(movement, run, [rep]):
                continue
            read = self._reader.complete(rep, run.halves[0], end.tick)
            near = not self._awaited.goes_elsewhere([rep])
            if read and near and self.judge.convinces_alone(movement, run, rep):
                self.recurrence.lead, self.seen = run, [rep]
                self._sync()
                self._decide()
                return True
            self._reader.shapes = shapes  # it taught nothing
        return False

    @property
    def remembered(self) -> Remembered | None:
        """What the last set that was one left behind; setting it tells what this person's reps are like."""
        return self._awaited.remembered

    @remembered.setter
    def remembered(self, remembered: Remembered | None) -> None:
        self._awaited.expect(remembered)

    def pass_over(self, tick: int, signals: Array) -> None:
        """Take one tick of a gap: it fills the history, but nothing is seen in it."""
        self.recurrence.history.add(tick, signals, hidden=True)

    @property
    def lead(self) -> Run | None:
        """The leading run."""
        return self.recurrence.lead

    @property
    def progress_ratio(self) -> float:
        """How far along its way the limb is: 0 at the start of a rep, 1 at its turn."""
        return self._follower.state.progress

    def ended(self, *, trusted: bool = False) -> list[SeenRep]:
        """The reps of the set that is over, without getting on and off; `trusted`: a person says it is."""
        self._decide()
        lead, movement = self.recurrence.lead, self.recurrence.movement
        if lead is None or movement is None:
            return []
        kept = self._kept(movement, lead, trusted=trusted)
        self.convincing = bool(kept)
        if kept:
            self._hindsight.settle(self.seen[lead.reps - 1], lead.halves[-1])
            self._hindsight.improve(kept)
            self._awaited.learn(lead, kept)
        return kept

    def _kept(self, movement: Movement, lead: Run, *, trusted: bool) -> list[SeenRep]:
        """Which reps are a set: all but foreign ends, or the first, if getting off looks like one more."""
        kept = self.judge.without_foreign_ends(movement, lead, self.seen[: lead.reps])
        share = self._awaited.few_share(kept)
        came_back = sum(rep.second is not None for rep in kept)
        if came_back == 1 and movement.alone_log_odds == math.inf and not (share < 1 or trusted):
            return []  # people do one such movement all day; that it began as a rep does is not enough
        slack = self.judge.slack(lead) if self.convincing else 0.0
        if self.judge.convinces(movement, lead, kept, slack, over=not trusted, share=share):
            return kept
        first = kept[:1] if len(kept) <= _FEW[0] and kept[0].second is not None else []
        return first if first and self.judge.convinces_alone(movement, lead, first[0]) else []

    def lowering(self, tick: int) -> tuple[float, float] | None:
        """Share of the way back that the rep under way has come, and for how long it has, s; None if none."""
        under_way = bool(self.seen) and self.seen[-1].second is None
        return self._follower.lowering(tick) if under_way else None

    def last_tick_of_lead(self) -> int:
        """Tick of the last turn of the leading run, or of the return after it."""
        lead = self.recurrence.lead
        if lead is None:
            return 0
        second = self.seen[-1].second if self.seen else None
        back_tick = round((second.end_s + self.delays.pose_s) / self.tick_s) if second else 0
        return max(lead.last_turn_tick, back_tick)

    def _decide(self, said: Said | None = None) -> None:
        """Decide anew whether the reps are a set, and from which end; others than `said`, by themselves."""
        lead, movement = self.recurrence.lead, self.recurrence.movement
        if lead is None or movement is None:
            self.convincing = False
            return
        was, reps = self.convincing, self.seen[: lead.reps]
        told = lead.is_opened or self.judge.tells_order(movement, lead, reps)
        told |= self._turned and self._goes_on(lead, said)  # not where another run took over
        reverse = None if told else self.recurrence.reverse_of_lead()
        if reverse is not None:
            away = was and said is not None and lead.opposes(said.lead)
            if self.judge.begins_at_other_end(movement, lead, reverse, reps, said=was, away=away):
                lead = reverse
                self._turn_round(reverse)
        reps = self.seen[: lead.reps]
        goes_on = was and self._goes_on(lead, said)
        goes_on &= said is None or lead is said.lead or self.judge.may_be(movement, lead, reps)
        slack = self.judge.slack(lead) if goes_on else self.judge.surplus(movement, self._lost)
        unsure = movement.bends_to_start and reverse is None and not (was or told) and lead.reps in _FEW
        share = self._awaited.few_share(reps, known=any(map(self._opened.began_with, reps[:1])))
        self.convincing = not unsure and self.judge.convinces_so_far(movement, lead, reps, slack, share=share)
        self._lost += was and not self.convincing and lead.reps > _FEW[-1]
        if self.convincing or lead.reps > _FEW[0] or not self.sayable:
            self._opened.settle()
        if self.convincing:
            self._measurer.measure_all(self.seen, movement)
            self._getting_on.look(movement, lead, self.seen[: lead.reps])
        else:
            lead.doubtful_reps = lead.reps

    def _goes_on(self, lead: Run, said: Said | None) -> bool:
        return said is None or lead.goes_like(said.lead, self.params.recurrence.run)

    def _turn_round(self, reverse: Run) -> None:
        """Let the run lead that takes the turn for the start: once said, for good."""
        self._turned = self.convincing
        self.recurrence.lead = reverse
        self._reader.turn_round()
        self._hindsight.reset()
        self.seen = []
        self._sync()

    def _sync(self, said: Said | None = None) -> None:
        """Make `seen` what the leading run says, and a foretold rep that it has not confirmed yet.

        A run that goes another way than what was `said` reads its own reps, but for those forgotten.
        """
        lead = self.recurrence.lead
        if lead is None:
            self._forget()
            return
        foretold = self._follower.unconfirmed(self.seen, lead.last_turn_tick)
        if self._of_opened and not lead.is_opened:
            self.seen = []  # the run knows better when the first one ended
        self._of_opened = self._follower.strict = lead.is_opened
        goes_on, reader = self._goes_on(lead, said), self._reader
        known = {h: reader.known(h, self.seen) for h in lead.halves if goes_on or reader.has_forgotten(h)}
        self.seen = [known.get(half) or reader.see(lead, half) for half in lead.halves]
        for rep, half, after in zip(self.seen, lead.halves, lead.halves[1:], strict=False):
            self._reader.complete_before(rep, half, after.start.tick)
        self._settle(lead)
        self._follower.arc = self._reader.usual_arc(self.seen)
        self.seen += foretold

    def _settle(self, lead: Run) -> None:
        """Read the reps before the last once more, now that it is known what came after them."""
        self._hindsight.know(self.seen)
        for (rep, following), (half, after) in zip(pairwise(self.seen), pairwise(lead.halves), strict=True):
            self._hindsight.settle(rep, half, (following, after))

    def _forget(self) -> None:
        """Forget the reps and what was learned from them."""
        self.seen, self.convincing, self._turned, self._lost = [], False, False, 0
        self._close()
        self._follower.reset()
        self._reader.reset()
        self._hindsight.reset()
        self._getting_on.reset()

    def reset(self) -> None:
        """Forget everything seen, but not the exercise looked for."""
        self.recurrence.reset()
        self._upright.reset()
        self._awaited.expect(self.remembered)
        self._forget()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; the exercise is not in it."""
        return {
            "recurrence": self.recurrence.snapshot(),
            "seen": [seen_to_data(rep) for rep in self.seen],
            "convincing": self.convincing,
            "turned": self._turned,
            "lost": self._lost,
            "first": self._first.snapshot(),
            "opened": self._opened.snapshot(),
            "of_opened": self._of_opened,
            "follower": self._follower.snapshot(),
            "shapes": self._reader.snapshot(),
            "usual": self._hindsight.snapshot(),
            "awaited": self._awaited.snapshot(),
            "getting_on": self._getting_on.snapshot(),
            "upright": self._upright.snapshot(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, after `arm` with the same exercise."""
        self.recurrence.restore(state["recurrence"])
        self.seen = [seen_from_data(rep) for rep in state["seen"]]
        self.convincing, self._turned, self._lost = state["convincing"], state["turned"], state["lost"]
        self._first.restore(state["first"])
        self._opened.restore(state["opened"])
        self._of_opened = state["of_opened"]
        self._follower.restore(state["follower"])
        self._awaited.restore(state["awaited"])
        self._getting_on.restore(state["getting_on"])
        self._upright.restore(state["upright"])
        self._reader.restore(state["shapes"])
        self._hindsight.restore(state["usual"])
        confirmed = [rep for rep in self.seen if not rep.foretold]
        self._hindsight.know(confirmed)
        self._follower.arc = self._reader.usual_arc(confirmed) if self.recurrence.lead else None
        self._follower.strict = self._of_opened


_MOST_ALONE = 3
"""Of the tracks that see a rep alone so many are asked: work a tick is bounded."""
_FEW = (2, 3)
"""Of so many reps nothing is said before the run is there that takes the turn for the start."""
_RESTS_TICKS = 50
"""Who did no rep for so long may walk."""
