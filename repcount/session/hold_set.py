"""The set of holds under way: what has been said of it, and what is still to say.

Rules: a hold is said when it begins and when it ends; whether it counts is known a little later, and the end
of the set says how many did. A set of which none counts ends with 0. Holds have no reps and no tempo.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from repcount.events import Event, HoldEnded, HoldStarted, SetEnded, SetStarted
from repcount.exercises.model import ExerciseModel, Hold
from repcount.reps.detector import Delays
from repcount.reps.hold import HoldDetector
from repcount.reps.hold_state import HoldBegan, HoldFact, HoldJudged, HoldOver, HoldParams
from repcount.samples import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSetParams:
    """How holds make a set.

    Parameters
    ----------
    detector
        Parameters of the stage inside.
    idle_s
        A set is over when no hold has followed the last for this long, s. Larger: longer rests belong to it,
        and its end is said later.
    bridge_s
        A hold goes on through a gap up to this, s. Larger: more of a hold is taken on trust; valid below the
        shortest hold that counts, or a gap alone would be one.
    """

    detector: HoldParams = field(default_factory=HoldParams)
    idle_s: float = 20.0
    bridge_s: float = 4.0

    def __post_init__(self) -> None:
        if not self.bridge_s >= 0:
            raise ValueError(f"bridge_s must be at least 0, got {self}")
        if not self.idle_s > self.detector.return_s:
            raise ValueError(f"idle_s must be above detector.return_s, got {self}")


@dataclass(slots=True)
class OpenHoldSet:
    """A set of holds that has started and not ended; holds are `(start_s, end_s)`.

    `active_s` is when a hold was last said or over, s; `last` the hold over last, `counted` those that count.
    """

    set_index: int
    exercise: str
    start_s: float
    active_s: float
    last: tuple[float, float] | None = None
    counted: list[tuple[float, float]] = field(default_factory=list)


class HoldSession:
    """Counts one wearer's sets of one held exercise, where there is one."""

    def __init__(self, station: str, delays: Delays, params: HoldSetParams) -> None:
        self.station = station
        self.params = params
        self.detector = HoldDetector(delays, params.detector)
        self.open: OpenHoldSet | None = None
        self._exercise = ""
        self._model: Hold | None = None

    def arm(self, model: ExerciseModel | None, placement: str) -> None:
        """Look for the holds of this exercise; for none where it has none at this placement."""
        self._model = model.holds.get(placement) if model else None
        self._exercise = model.id if model else ""
        self.detector.arm(self._model)

    @property
    def rep_count(self) -> int:
        """Holds of the open set that count so far."""
        return len(self.open.counted) if self.open else 0

    def feed(self, t_s: float, signals: Array, tick: int, next_index: int) -> list[Event]:
        """Take one tick, a row of `MotionBatch.signals`; `next_index` is that of a new set."""
        events: list[Event] = []
        for fact in self.detector.feed(tick, signals):
            events += self._say(fact, t_s, next_index)
        if self.open is not None and not self.detector.undecided and t_s > self._over_at_s(self.open):
            events += self.end(t_s)
        return events

    def _over_at_s(self, open_set: OpenHoldSet) -> float:
        return open_set.active_s + self.params.idle_s

    def _say(self, fact: HoldFact, now_s: float, next_index: int) -> list[Event]:
        if self._model is None:
            return []
        match fact:
            case HoldBegan():
                return self._began(fact, now_s, next_index, self._model.target_s)
            case HoldOver():
                return self._over(fact, now_s, self._model.target_s)
            case HoldJudged():
                if self.open is not None and self.open.last is not None and fact.counts:
                    self.open.counted.append(self.open.last)
                return []

    def _began(self, fact: HoldBegan, now_s: float, next_index: int, target_s: float) -> list[Event]:
        events: list[Event] = []
        if self.open is None:
            self.open = OpenHoldSet(next_index, self._exercise, fact.start_s, now_s)
            started = SetStarted(
                station=self.station,
                happened_s=fact.start_s,
                said_s=now_s,
                set_index=next_index,
                exercise=self._exercise,
                start_s=fact.start_s,
            )
            events.append(started)
        self.open.active_s = now_s
        hold = HoldStarted(
            station=self.station,
            happened_s=fact.start_s,
            said_s=now_s,
            set_index=self.open.set_index,
            start_s=fact.start_s,
            target_s=target_s,
        )
        return [*events, hold]

    def _over(self, fact: HoldOver, now_s: float, target_s: float) -> list[Event]:
        if self.open is None:
            return []
        self.open.active_s, self.open.last = fact.end_s, (fact.start_s, fact.end_s)
        ended = HoldEnded(
            station=self.station,
            happened_s=fact.end_s,
            said_s=now_s,
            set_index=self.open.set_index,
            start_s=fact.start_s,
            end_s=fact.end_s,
            hold_s=fact.end_s - fact.start_s,
            target_s=target_s,
            sag_deg=fact.sag_deg,
            sway_deg=fact.sway_deg,
        )
        return [ended]

    def end(self, said_s: float, *, trusted: bool = False) -> list[Event]:
        """End the open set, if there is one; `trusted`: a person says so."""
        events: list[Event] = []
        if self.open is None:
            return events
        for fact in self.detector.end(trusted=trusted):
            events += self._say(fact, said_s, self.open.set_index)
        done, self.open = self.open, None
        start_s = done.counted[0][0] if done.counted else done.start_s
        end_s = done.counted[-1][1] if done.counted else start_s
        ended = SetEnded(
            station=self.station,
            happened_s=end_s,
            said_s=said_s,
            set_index=done.set_index,
            exercise=done.exercise,
            rep_count=len(done.counted),
            start_s=start_s,
            end_s=end_s,
            reps=(),
            time_under_tension_s=sum(end_s - start_s for start_s, end_s in done.counted),
            mean_tempo=None,
            best_rep_index=None,
            rom_loss_ratio=None,
            velocity_loss_ratio=None,
        )
        return [*events, ended]

    def advance(self, now_s: float, not_before_s: float, heard_s: float) -> list[Event]:
        """Let time pass without motion since `heard_s`: the open set ends when nothing could join it."""
        if self.open is None:
            return []
        last_s = heard_s if self.detector.undecided else self.open.active_s
        over_s = max(not_before_s, last_s + self.params.idle_s)
        return self.end(over_s) if now_s > over_s else []

    def reset(self) -> None:
        """Forget everything seen, but not the exercise."""
        self.open = None
        self.detector.reset()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; the exercise is not in it."""
        return {
            "detector": self.detector.snapshot(),
            "open": None if self.open is None else asdict(self.open),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, after `arm` with the same exercise."""
        self.detector.restore(state["detector"])
        self.open = None if state["open"] is None else OpenHoldSet(**state["open"])
