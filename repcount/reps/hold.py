"""Isometric holds: a lift out of a still pose, a still stay up there, and the way back to where it came from.

Rules: only angles between directions of gravity are used, so any mounting will do. A pose the wearer was
still at is the reference; a smooth move away from it along one arc, followed by stillness, is a hold that is
said; whether it counts is judged once it is over, by the way back (`hold_traits`). Times are read off the
quick signal. A tick costs the same whatever came before, but for a look back at each lift and lowering over a
fixed stretch; memory is fixed.
"""

import math
from collections import deque
from dataclasses import asdict, replace
from typing import Any

from repcount.exercises.model import Hold
from repcount.reps.hold_arc import Arc, Direction, angle_deg, direction, towards
from repcount.reps.hold_hindsight import Before, Path, held_before, lay_down, may_lift, stop_before
from repcount.reps.hold_state import (
    HeldNow,
    HoldBegan,
    HoldFact,
    HoldJudged,
    HoldMode,
    HoldOver,
    HoldParams,
    HoldState,
)
from repcount.reps.hold_traits import Lift, Lowering, is_hold, is_lift
from repcount.reps.hold_way import Span, lift_span, lowering_span, mean_along_deg, strayed
from repcount.reps.timing import Delays
from repcount.samples import ACTIVITY, POSE, QUICK, Array

_TRIED_TICKS = 5
"""Stillness is looked at, and a lift tried, every so many ticks."""


class HoldDetector:
    """Feed it one tick of motion at a time; it says what it found."""

    def __init__(self, delays: Delays, params: HoldParams | None = None) -> None:
        self.params = params or HoldParams()
        self.delays = delays
        self.tick_s = 1 / self.params.tick_hz
        self._model: Hold | None = None
        self._sure = self._ticks(self.params.sure_s)
        kept = self._ticks(self.params.look_back_s)
        self._poses: deque[Direction] = deque(maxlen=kept)
        self._quick: deque[Direction] = deque(maxlen=kept)
        self._sways: deque[float] = deque(maxlen=kept)
        self._postures: deque[Direction] = deque(maxlen=round(self.params.laid_s))
        self._before: Before | None = None
        self._lag = round((delays.pose_s - delays.quick_s) * self.params.tick_hz)
        self.state = HoldState()

    def _ticks(self, duration_s: float) -> int:
        return round(duration_s * self.params.tick_hz)

    def arm(self, model: Hold | None) -> None:
        """Look for this hold from now on; None looks for nothing."""
        if model is not self._model:
            self._model = model
            self.reset()

    @property
    def holding(self) -> bool:
        """Whether a hold is under way."""
        return self.state.mode is HoldMode.HOLDING

    @property
    def undecided(self) -> bool:
        """Whether a hold is under way or not yet judged."""
        held = self.state.held
        return held is not None and not held.judged

    def feed(self, tick: int, signals: Array) -> list[HoldFact]:
        """Take one tick, a row of `MotionBatch.signals`, the one after the last."""
        if self._model is None:
            return []
        s = self.state
        s.tick = tick
        pose, quick = signals[POSE].tolist(), signals[QUICK].tolist()
        now, size_g = direction(pose)
        self._poses.append(now)
        self._quick.append(direction(quick)[0])
        self._sways.append(s.sway_deg2)
        if tick % self._ticks(1.0) == 0:
            self._postures.append(now)
        above_g2 = float(signals[ACTIVITY]) ** 2 + math.dist(pose, quick) ** 2
        s.activity_g2 += self.tick_s / (self.params.sure_s / 2) * (above_g2 - s.activity_g2)
        match s.mode:
            case HoldMode.HOLDING:
                return self._holding(self._model, s.known_held(), now)
            case HoldMode.LOWERED:
                return self._lowered(self._model, s.known_held(), now, size_g)
            case HoldMode.MOVING:
                return self._moving(self._model, now, size_g)
            case HoldMode.RESTING:
                self._resting(now, size_g)
            case HoldMode.SEEKING:
                self._seek(self._model, now, size_g)
        return []

    def _is_still(self, now: Direction, size_g: float, most_deg: float, most_g: float) -> bool:
        if self.state.activity_g2 > most_g**2 or abs(size_g - 1) > self.params.weight_g:
            return False
        if len(self._poses) <= self._sure:
            return False
        return all(
            angle_deg(now, self._poses[-k]) <= most_deg for k in range(self._sure + 1, 1, -_TRIED_TICKS)
        )

    def _rests(self, now: Direction, size_g: float) -> bool:
        return self._is_still(now, size_g, self.params.rest_deg, self.params.rest_g)

    def _seek(self, model: Hold, now: Direction, size_g: float) -> None:
        if not self._is_held(now, size_g):
            return
        self._rest_at(now, self.state.tick - self._sure)
        self._remember()
        stop = stop_before(self._poses, self.params) if model.feels_lying_down else None
        if stop is not None and lay_down(stop, self._postures, self.params):
            self._move_from(stop)

    def _is_held(self, now: Direction, size_g: float) -> bool:
        return self._is_still(now, size_g, self.params.hold_deg, self.params.hold_g)

    def _remember(self) -> None:
        self._before = Before(self._path(), list(self._postures))

    def _path(self) -> Path:
        return Path(self.state.tick, list(self._poses), list(self._quick))

    def _rest_at(self, reference: Direction, since_tick: int, *, proven: bool = False) -> None:
        s = self.state
        s.mode, s.held, s.calm_ticks = HoldMode.RESTING, None, 0
        s.reference, s.rest_tick, s.proven = reference, since_tick, proven
        self._before = None

    def _resting(self, now: Direction, size_g: float) -> None:
        s = self.state
        if angle_deg(now, s.reference) > self.params.leave_deg:
            self._move_from(s.reference)
        elif self._is_held(now, size_g):
            s.calm_ticks += self._rests(now, size_g)
            # What it was a second ago: a slow lift has not yet begun to carry the reference with it.
            before = self._poses[-self._sure - 1]
            s.reference = towards(s.reference, before, self.tick_s / self.params.drift_s)

    def _move_from(self, reference: Direction) -> None:
        s = self.state
        s.mode, s.reference, s.move_tick, s.still_tick, s.held = (
            HoldMode.MOVING,
            reference,
            s.tick,
            None,
            None,
        )

    def _give_up(self) -> None:
        self.state.mode, self.state.held = HoldMode.SEEKING, None

    def _moving(self, model: Hold, now: Direction, size_g: float) -> list[HoldFact]:
        s, p = self.state, self.params
        if s.tick - s.move_tick > self._ticks(p.move_s + p.sure_s):
            self._give_up()
            return []
        if not self._is_held(now, size_g):
            s.still_tick = None
            return []
        s.still_tick = s.tick if s.still_tick is None else s.still_tick
        if angle_deg(now, s.reference) <= p.leave_deg:
            s.mode, s.calm_ticks = HoldMode.RESTING, 0
            return []
        still = s.tick - s.still_tick
        facts = self._arrive(model, now) if still % _TRIED_TICKS == 0 else []
        if not facts and still >= self._ticks(p.rest_s):
            self._rest_at(now, s.still_tick - self._sure)
            self._remember()
        return facts

    def _arrive(self, model: Hold, now: Direction) -> list[HoldFact]:
        """Say what the wearer came from, if that was a hold, or what begins here, if this is one."""
        s = self.state
        if angle_deg(now, s.reference) not in model.lift_deg:
            return []
        if (
            self._before is not None
            and (s.move_tick - s.rest_tick) * self.tick_s >= self.params.judge.unrested_s / 2
        ):
            held = held_before(s.reference, self._before, self._path(), self._lag, model, self.params)
            if held is not None:
                self._rest_at(now, s.tick - self._sure, proven=True)
                start_s, end_s = (
                    ticks * self.tick_s - self.delays.quick_s for ticks in (held.start_ticks, held.end_ticks)
                )
                return [HoldBegan(start_s), HoldOver(start_s, end_s, None, None), HoldJudged(True)]
        rested = s.proven or s.calm_ticks >= self._ticks(self.params.rest_s - self.params.sure_s)
        postures = self._postures if model.feels_lying_down else ()
        lifts = may_lift(s.reference, now, postures, self.params, rested=rested)
        return self._begin(model, now, rested=rested) if lifts else []

    def _begin(self, model: Hold, now: Direction, *, rested: bool) -> list[HoldFact]:
        """Say a hold, if the wearer lifted to here."""
        s = self.state
        angle = angle_deg(now, s.reference)
        arc = Arc.through(s.reference, now)
        span = lift_span(self._quick, arc, angle)
        if span is None:
            return []
        lift = self._lift(span, arc, angle, rested=rested)
        start_s = self._at_s(span.end_ticks)
        sure = s.tick * self.tick_s - start_s >= self.params.sure_s
        if not sure or not is_lift(lift, model, self.params.judge):
            return []
        s.mode, s.sway_deg2 = HoldMode.HOLDING, 0.0
        if not rested:
            self._remember()
        s.held = HeldNow(s.reference, now, lift, s.tick, start_s, angle, angle)
        return [HoldBegan(start_s)]

    def _lift(self, span: Span, arc: Arc, level_deg: float, *, rested: bool) -> Lift:
        lag = round((self.delays.pose_s - self.delays.quick_s) / self.tick_s)
        first, last = max(0, round(span.begin_ticks) + lag), round(span.last_ticks) + lag
        beside_deg, undone_deg = strayed(list(self._poses)[first : last + 1], arc, up=True)
        return Lift(
            rested=rested,
            angle_deg=level_deg,
            duration_s=span.most_ticks * self.tick_s,
            beside_deg=beside_deg,
            undone_deg=undone_deg,
        )

    def _at_s(self, ticks: float) -> float:
        """When the movement was that the quick signal shows `ticks` from its first remembered tick, s."""
        return (self.state.tick - len(self._quick) + 1 + ticks) * self.tick_s - self.delays.quick_s

    def _holding(self, model: Hold, held: HeldNow, now: Direction) -> list[HoldFact]:
        s, p = self.state, self.params
        arc = Arc.through(held.origin, held.top)
        quick_deg = arc.along_deg(self._quick[-1])
        held.trend_deg += self.tick_s / p.drift_s * (quick_deg - held.trend_deg)
        held.best_deg = max(held.best_deg, held.trend_deg)
        s.sway_deg2 += (quick_deg - held.trend_deg) ** 2
        self._sways[-1] = s.sway_deg2
        if s.tick - held.tick == 2 * self._sure:
            self._date_again(held)
        along_deg, aside_deg = arc.along_deg(now), arc.beside_deg(now)
        astray_deg = max(p.astray_deg, p.astray_ratio * held.best_deg)
        settled = s.tick - held.tick >= self._ticks(p.rest_s)
        left = aside_deg > astray_deg or (settled and along_deg > held.lift.angle_deg + astray_deg)
        left = left or along_deg > model.lift_deg.high + astray_deg
        back = along_deg < p.back_ratio * held.best_deg
        held.over_ticks = held.over_ticks + 1 if left or back else 0
        if s.tick * self.tick_s - held.start_s > model.hold_s.high:
            return self._leave(held, now)
        if held.over_ticks < self._ticks(p.over_s):
            return []
        return self._leave(held, now) if left else self._lower(held)

    def _date_again(self, held: HeldNow) -> None:
        """Read the lift once more, now that the level it led to is known better."""
        arc, level_deg = Arc.through(held.origin, held.top), held.trend_deg
        span = lift_span(self._quick, arc, level_deg)
        if span is not None:
            duration_s = span.most_ticks * self.tick_s
            # Without a rest before, where the lift began is known to a few degrees only.
            lift_deg = level_deg if held.lift.rested else held.lift.angle_deg
            held.lift = replace(held.lift, angle_deg=lift_deg, duration_s=duration_s)
            held.start_s = min(self._at_s(span.end_ticks), self.state.tick * self.tick_s)

    def _leave(self, held: HeldNow, now: Direction) -> list[HoldFact]:
        """The wearer went elsewhere, or stayed for good: no hold."""
        s = self.state
        fact = self._over(held, self.state.tick - held.over_ticks)
        rested = s.tick - held.tick >= self._ticks(self.params.rest_s)
        if held.over_ticks == 0:
            self._rest_at(now, held.tick)
        elif rested:
            s.rest_tick = held.tick
            self._move_from(held.top)
        else:
            self._give_up()
        return [fact, HoldJudged(False)]

    def _lower(self, held: HeldNow) -> list[HoldFact]:
        s, path = self.state, list(self._quick)
        arc = Arc.through(held.origin, held.top)
        half = len(path) - 1 - held.over_ticks
        first = max(0, len(path) - 1 - (s.tick - held.tick))
        up = path[max(first, half - 5 * self._sure) : max(first + 1, half - 3 * self._sure)]
        span = lowering_span(path, arc, mean_along_deg(up, arc))
        begin = span.begin_ticks if span else float(half)
        end_tick = s.tick - (len(path) - 1) + max(first + 1, round(begin))
        fact = self._over(held, end_tick, begin)
        held.end_tick = end_tick - round(begin - span.first_ticks) if span else end_tick
        s.mode = HoldMode.LOWERED
        return [fact]

    def _over(self, held: HeldNow, end_tick: int, begin: float | None = None) -> HoldOver:
        """The hold as it was until `end_tick`, or the moment `begin` within the quick signal."""
        s, arc = self.state, Arc.through(held.origin, held.top)
        end = max(1, len(self._quick) - 1 - (s.tick - end_tick))
        end_s = self._at_s(end if begin is None else begin)
        held.end_s = max(held.start_s, min(end_s, s.tick * self.tick_s))
        last = list(self._quick)[max(0, end - self._sure) : end]
        ticks = max(1, end_tick - held.tick)
        sag_deg = max(0.0, held.best_deg - mean_along_deg(last, arc))
        return HoldOver(held.start_s, held.end_s, sag_deg, math.sqrt(self._sways[end] / ticks))

    def _lowered(self, model: Hold, held: HeldNow, now: Direction, size_g: float) -> list[HoldFact]:
        s, p = self.state, self.params
        off_deg = angle_deg(now, held.origin)
        if off_deg <= p.judge.near_deg(held.best_deg):
            held.near_tick = s.tick if held.near_tick is None else held.near_tick
            held.near_ticks += 1
            held.near_deg = min(held.near_deg, off_deg)
        elif self._is_back_elsewhere(model, held, now, size_g):
            self._rest_at(now, s.tick - self._sure, proven=True)
            return [HoldJudged(True)]
        near = held.near_ticks >= self._ticks(p.near_s)
        patience_s = model.hold_s.high if held.judged else p.return_s
        if not near and s.tick * self.tick_s - held.end_s <= patience_s:
            return []
        judged, fact = held.judged, self._judge(model, held)
        return [] if judged else [fact]

    def _is_back_elsewhere(self, model: Hold, held: HeldNow, now: Direction, size_g: float) -> bool:
        """Whether a lift without a rest before it began here, and not at the stop it was taken to."""
        if held.lift.rested or held.judged or self._before is None or self.state.tick % _TRIED_TICKS:
            return False
        if not self._is_held(now, size_g) or angle_deg(now, held.top) not in model.lift_deg:
            return False
        return held_before(held.top, self._before, self._path(), self._lag, model, self.params) is not None

    def _judge(self, model: Hold, held: HeldNow) -> HoldJudged:
        s, arc = self.state, Arc.through(held.origin, held.top)
        near = held.near_ticks >= self._ticks(self.params.near_s)
        poses, ago = list(self._poses), len(self._poses) - 1 - s.tick
        arrived_tick = s.tick if held.near_tick is None else held.near_tick
        way = poses[max(0, ago + held.end_tick) : ago + arrived_tick + 1]
        beside_deg, undone_deg = strayed(way, arc, up=False)
        lowering = Lowering(
            beside_deg=beside_deg, undone_deg=undone_deg, return_deg=held.near_deg if near else None
        )
        counts = is_hold(held.lift, held.end_s - held.start_s, lowering, model, self.params.judge)
        if near:
            self._rest_at(held.origin, s.tick - held.near_ticks, proven=counts or s.proven)
        else:
            self._give_up()
        return HoldJudged(counts)

    def end(self, *, trusted: bool) -> list[HoldFact]:
        """The set is over at this tick: a hold under way ends.

        It counts when a person says so (`trusted`), or where one before it counted; one that has been
        lowered is judged by where the wearer is.
        """
        s, model, held = self.state, self._model, self.state.held
        if model is None or held is None or held.judged:
            return []
        if s.mode is HoldMode.LOWERED:
            return [self._judge(model, held)]
        fact = self._over(held, s.tick)
        counts = fact.end_s - fact.start_s in model.hold_s and (trusted or s.proven)
        # The wearer is still up: what comes next is seen from where this lift began, not from here.
        s.mode, held.judged, s.proven = HoldMode.LOWERED, True, counts
        return [fact, HoldJudged(counts)]

    def reset(self) -> None:
        """Forget everything seen, but not the hold looked for."""
        self.state = HoldState()
        self._before = None
        for ring in (self._poses, self._quick, self._sways, self._postures):
            ring.clear()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; the exercise is not in it."""
        rings = {name: list(ring) for name, ring in self._rings().items()}
        before = None if self._before is None else asdict(self._before)
        return asdict(self.state) | rings | {"before": before}

    def _rings(self) -> dict[str, deque[Any]]:
        return {
            "poses": self._poses,
            "quick": self._quick,
            "sways": self._sways,
            "postures": self._postures,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, after `arm` with the same exercise."""
        plain = {name: state[name] for name in HoldState.__slots__}
        held = plain["held"]
        plain["held"] = held and HeldNow(**(held | {"lift": Lift(**held["lift"])}))
        self.state = HoldState(**(plain | {"mode": HoldMode(plain["mode"])}))
        for name, ring in self._rings().items():
            ring.clear()
            ring.extend(state[name])
        before = state["before"]
        self._before = before and Before(Path(**before["path"]), before["postures"])
