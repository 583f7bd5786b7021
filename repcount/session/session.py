"""Sets, rests and what the wearer asked for, tick by tick.

Rules: one exercise at a time; a set opens when the detector leads, ends when nothing joined it for long
enough, when the wearer says so, or when the exercise changes; an ended set is final but for a person's word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from repcount.commands import Arm, Command, CorrectCount, EndSet, Reset, SelectExercise, SetTarget
from repcount.events import CountCorrected, Event, LiveStatus, Phase, SetEnded, SetStarted
from repcount.exercises.model import DEFAULT_ECCENTRIC_TARGET_S, ExerciseModel
from repcount.reps.detector import Delays, Detector, DetectorParams
from repcount.reps.remembered import Remembered
from repcount.reps.run import Run
from repcount.reps.tuning import Tuned, changes_detector, tuned_detector, tuned_model, tuning_key
from repcount.samples import Array
from repcount.session.hold_set import HoldSession, HoldSetParams
from repcount.session.trunk import Trunk
from repcount.session.workout_set import OpenSet, SetParams, WorkoutSet


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionParams:
    """Parameters of the session.

    Parameters
    ----------
    detector, sets, holds
        Parameters of the stages inside.
    moving_ratio_s
        The wearer moves when the progress changes by more than this share a second. Larger: pauses are
        shown sooner. Only for the status, never for an event.
    """

    detector: DetectorParams = field(default_factory=DetectorParams)
    sets: SetParams = field(default_factory=SetParams)
    holds: HoldSetParams = field(default_factory=HoldSetParams)
    moving_ratio_s: float = 0.25

    def __post_init__(self) -> None:
        if not self.moving_ratio_s > 0:
            raise ValueError(f"moving_ratio_s must be above 0, got {self.moving_ratio_s}")


@dataclass(slots=True)
class SessionState:
    """What the wearer asked for, and where the session is."""

    armed: bool = True
    eccentric_target_s: float | None = None
    now_s: float = 0.0
    speed_ratio_s: float = 0.0
    set_index: int = 0
    last_count: int = 0
    rest_since_s: float | None = None


class Session:
    """Counts one wearer's sets of one exercise at a time from one placement's motion."""

    def __init__(
        self,
        station: str,
        delays: Delays,
        params: SessionParams | None = None,
        remembered: Mapping[str, Remembered] | None = None,
        tuned: Tuned | None = None,
    ) -> None:
        self.station = station
        self.params = params or SessionParams()
        self._tuned, self._detects = tuned or {}, ""
        self.detector = Detector(delays, self.params.detector)
        self.holds = HoldSession(station, delays, self.params.holds)
        self.trunk = Trunk(self.detector.tick_s, delays.quick_s)
        self.model: ExerciseModel | None = None
        self.placement = ""
        self.state = SessionState()
        self.open: WorkoutSet | None = None
        self.remembered = dict(remembered or {})  # by exercise and placement

    def choose(self, model: ExerciseModel | None, placement: str) -> None:
        """Count this exercise at this placement from now on."""
        self.placement = placement
        values = self._tuned.get(tuning_key(model.id, placement), {}) if model else {}
        self.model = model and tuned_model(model, placement, values)
        # A detector of its own has seen nothing yet; one that any exercise may use has not to be made anew.
        detects = self._worn_for if changes_detector(values) else ""
        if detects != self._detects:
            params = tuned_detector(self.params.detector, values)
            self.detector, self._detects = Detector(self.detector.delays, params), detects
        self._arm()

    def _arm(self) -> None:
        movement = self.model.movements.get(self.placement) if self.model and self.state.armed else None
        self.detector.arm(movement, self._tick(self.state.now_s))
        self.detector.remembered = self.remembered.get(self._worn_for)
        self.holds.arm(self.model if self.state.armed else None, self.placement)

    @property
    def _worn_for(self) -> str:
        """What is remembered belongs to an exercise and a placement."""
        return tuning_key(self.model.id if self.model else "", self.placement)

    def _tick(self, t_s: float) -> int:
        return round(t_s / self.detector.tick_s)

    @property
    def eccentric_target_s(self) -> float:
        """The lowering asked for, s: the wearer's, else the exercise's."""
        if self.state.eccentric_target_s is not None:
            return self.state.eccentric_target_s
        return self.model.eccentric_target_s if self.model else DEFAULT_ECCENTRIC_TARGET_S

    def feed(self, t_s: float, signals: Array) -> list[Event]:
        """Take the motion of one tick, a row of `MotionBatch.signals`."""
        state, detector, tick = self.state, self.detector, self._tick(t_s)
        elapsed_s, before = t_s - state.now_s, detector.progress_ratio
        changed = detector.feed(tick, signals)
        state.now_s = t_s
        if elapsed_s > 0:
            speed_ratio_s = (detector.progress_ratio - before) / elapsed_s
            state.speed_ratio_s += 0.3 * (speed_ratio_s - state.speed_ratio_s)
        events = self._follow() if changed else []
        if self.open is not None and (lowering := detector.lowering(tick)) is not None:
            events += self.open.cue(*lowering, t_s, t_s - detector.delays.quick_s)
        if held := self.holds.feed(t_s, signals, tick, state.set_index + 1):
            events += self._held(held)
        return events if detector.lead is None else events + self._end_if_over(detector.lead, tick)

    def pass_over(self, t_s: float, signals: Array, until_s: float) -> list[Event]:
        """Take one tick of a gap that ended at `until_s`: nobody saw it, so no rep is read off it."""
        tick = self._tick(t_s)
        self.detector.pass_over(tick, signals)
        if until_s - self.state.now_s <= self.params.holds.bridge_s:
            return self._held(self.holds.feed(until_s, signals, tick, self.state.set_index + 1))
        events = self._held(self.holds.end(until_s))
        self.holds.reset()
        return events

    def _held(self, events: list[Event]) -> list[Event]:
        """Take note of the sets of holds that began and ended."""
        for event in events:
            match event:
                case SetStarted():
                    self.state.set_index = event.set_index
                case SetEnded():
                    self.state.last_count, self.state.rest_since_s = event.rep_count, event.end_s
        return events

    def _follow(self) -> list[Event]:
        if self.detector.lead is None or self.model is None:
            return []
        now_s, events = self.state.now_s, []
        reps = self.detector.sayable
        if self.open is None and not reps:
            return []
        if self.open is None:
            self.open = self._new_set(self.model, reps[0].first.start_s)
            events.append(self.open.started(now_s))
        return [*events, *self.open.follow(reps, now_s)]

    def _new_set(self, model: ExerciseModel, start_s: float) -> WorkoutSet:
        self.state.set_index += 1
        movement = model.movements.get(self.placement)
        open_set = OpenSet(
            self.state.set_index,
            model.id,
            model.first_phase,
            self.eccentric_target_s,
            start_s,
            standing=movement.measured.standing if movement else None,
        )
        return WorkoutSet(self.station, open_set, self.params.sets, self.trunk)

    def _end_if_over(self, lead: Run, tick: int) -> list[Event]:
        if not self.detector.recurrence.is_over(lead, tick):
            return []
        if self.open is not None:
            return self.end_set(self.state.now_s)
        self.detector.give_up(tick)
        return []

    def end_set(self, said_s: float, *, trusted: bool = False) -> list[Event]:
        """End the open set, if there is one; `trusted`: a person says it is over."""
        if self.open is None:
            return self._held(self.holds.end(said_s, trusted=trusted))
        events: list[Event] = []
        if self.detector.lead is not None:
            kept = self.detector.ended(trusted=trusted)
            if self.detector.remembered is not None:
                self.remembered[self._worn_for] = self.detector.remembered
            events += self.open.follow(kept, said_s, over=True)
        ended = self.open.ended(said_s)
        self.open = None
        self.state.last_count = ended.rep_count
        self.state.rest_since_s = ended.end_s
        # A set that ended by itself leaves room for one that began meanwhile.
        self.detector.forget_before(self.detector.last_tick_of_lead())
        return [*events, ended]

    def advance(self, now_s: float, not_before_s: float) -> list[Event]:
        """Let time pass without motion: the open set ends when nothing could have joined it any more."""
        lead = self.detector.lead
        if self.open is None or lead is None:
            return self._held(self.holds.advance(now_s, not_before_s, self.state.now_s))
        # Silence may be a gap after which the set goes on: it ends when it would have after the longest one.
        heard_until_s = self.detector.recurrence.over_at_s(lead, hidden_from_s=self.state.now_s)
        over_s = max(not_before_s, heard_until_s)
        return self.end_set(over_s) if now_s > over_s else []

    def command(self, command: Command, said_s: float) -> list[Event]:
        """Do what the wearer asks; choosing exercise and placement is the pipeline's part."""
        match command:
            case CorrectCount():
                return self._correct(command, said_s)
            case SetTarget():
                self.state.eccentric_target_s = command.eccentric_s
                if self.open is not None:
                    self.open.open_set.eccentric_target_s = command.eccentric_s
                return []
            case Arm():
                self.state.armed = command.armed
            case SelectExercise():
                self.state.eccentric_target_s = None
        events = self._end_here(said_s, trusted=isinstance(command, EndSet))
        if isinstance(command, Reset):
            self.state.set_index, self.state.last_count, self.state.rest_since_s = 0, 0, None
        return events

    def _end_here(self, said_s: float, *, trusted: bool = False) -> list[Event]:
        events = self.end_set(said_s, trusted=trusted)
        self._arm()
        return events

    def _correct(self, command: CorrectCount, said_s: float) -> list[Event]:
        events = self._end_here(said_s, trusted=True)
        if self.state.set_index == 0:
            return events
        corrected = CountCorrected(
            station=self.station,
            happened_s=command.at_s,
            said_s=said_s,
            set_index=self.state.set_index,
            rep_count=command.rep_count,
            was=self.state.last_count,
        )
        self.state.last_count = command.rep_count
        return [*events, corrected]

    def restart(self, said_s: float) -> list[Event]:
        """Motion was interrupted for too long: what came before is over."""
        events = self.end_set(said_s)
        self.detector.reset()
        self.holds.reset()
        return events

    def status(self, now_s: float, told: Mapping[str, Any]) -> LiveStatus:
        """What is true now, with what was `told` beside."""
        under_way = self.open or (self.holds if self.holds.open else None)
        return LiveStatus(
            now_s=now_s,
            exercise=self.model.id if self.model else None,
            armed=self.state.armed and self.model is not None,
            phase=self._phase(),
            progress_ratio=self._progress_ratio(),
            set_index=self.state.set_index,
            rep_count=under_way.rep_count if under_way else self.state.last_count,
            rest_since_s=None if under_way else self.state.rest_since_s,
            eccentric_target_s=self.eccentric_target_s,
            **told,
        )

    def _progress_ratio(self) -> float:
        if self.holds.open is not None:
            return float(self.holds.detector.holding)
        return min(1.0, max(0.0, self.detector.progress_ratio)) if self.open else 0.0

    def _phase(self) -> Phase:
        if self.holds.open is not None:
            return Phase.PAUSE_SHORTENED if self.holds.detector.holding else Phase.PAUSE_LENGTHENED
        if self.open is None or self.model is None:
            return Phase.REST
        concentric_first = self.model.first_phase is Phase.CONCENTRIC
        if abs(self.state.speed_ratio_s) > self.params.moving_ratio_s:
            up = self.state.speed_ratio_s > 0
            return Phase.CONCENTRIC if up == concentric_first else Phase.ECCENTRIC
        at_turn = self.detector.progress_ratio > 0.5  # noqa: PLR2004 - nearer to the turn than to the start
        return Phase.PAUSE_SHORTENED if at_turn == concentric_first else Phase.PAUSE_LENGTHENED

    def reset(self) -> None:
        """Forget everything seen and asked for, but the exercise."""
        self.state = SessionState()
        self.open = None
        self.detector.reset()
        self.holds.reset()
        self.trunk.reset()
        self._arm()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; the exercise is not in it."""
        return {
            "state": {name: getattr(self.state, name) for name in SessionState.__slots__},
            "detector": self.detector.snapshot(),
            "holds": self.holds.snapshot(),
            "trunk": self.trunk.snapshot(),
            "open": None if self.open is None else self.open.snapshot(),
            "remembered": {worn_for: one.to_data() for worn_for, one in self.remembered.items()},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, after `choose` with the same exercise."""
        self.state = SessionState(**state["state"])
        self.remembered = {key: Remembered.from_data(one) for key, one in state["remembered"].items()}
        self._arm()
        self.detector.restore(state["detector"])
        self.holds.restore(state["holds"])
        self.trunk.restore(state["trunk"])
        open_set = state["open"]
        self.open = open_set and WorkoutSet.from_snapshot(
            self.station, open_set, self.params.sets, self.trunk
        )
