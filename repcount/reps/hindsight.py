"""When the reps of a set began, turned and ended, read once more with what came after them.

Rules: what is counted, and what is judged, does not hang on it: the times of a set that is over are read as
exactly as they can be. A rep is read when the next one has turned, its ends when the whole set is known. Of
this reading and the live one that is kept in which the reps are more alike: nobody's tempo is a lottery.
"""

from statistics import pstdev
from typing import Any

import numpy as np

from repcount.reps.detector_params import DetectorParams
from repcount.reps.few import lengths, middle
from repcount.reps.history import MotionHistory
from repcount.reps.phases import Span
from repcount.reps.run import HalfRep
from repcount.reps.seen import SeenRep
from repcount.reps.stroke import Stroke, Usual
from repcount.reps.timing import Timing
from repcount.reps.turning import Ends, Stretch, there, there_and_back
from repcount.samples import Array

Following = tuple[SeenRep, HalfRep]


class Hindsight:
    """Reads reps off `history`, which somebody else feeds.

    Attributes
    ----------
    usual
        How the movements of the set usually go, there and back.
    """

    def __init__(self, history: MotionHistory, timing: Timing, params: DetectorParams) -> None:
        self.history = history
        self.timing = timing
        self.params = params.strokes
        self._margin = timing.ticks(params.margin_s)
        self._lag = timing.lag_ticks
        self._start_up: Array | None = None
        self.usual = (Usual(self.params), Usual(self.params))

    def know(self, reps: list[SeenRep]) -> None:
        """Know the reps of the set so far, whose usual start is better known than that of one."""
        known = [rep.start_up for rep in reps if any(rep.start_up)]
        self._start_up = middle(np.array(known)) if len(known) >= _LEAST_REPS else None

    def settle(self, rep: SeenRep, half: HalfRep, following: Following | None = None) -> None:
        """Read a complete rep, and learn from it; `following` is the next one, None after the last."""
        if rep.settled or rep.second is None:
            return
        rep.settled = True
        if following is None:
            end_tick = self.timing.ticks(rep.second.end_s + self.timing.delays.pose_s)
        else:
            end_tick = self._start_tick(*following)
        going, coming = self._strokes(rep, half, end_tick)
        rep.middles = (going and going.middle, coming and coming.middle)
        first, second = self.usual
        self.usual = (
            first if going is None else first.learned(going),
            second if coming is None else second.learned(coming),
        )

    def improve(self, reps: list[SeenRep]) -> None:
        """Give the reps of a set that is over the better times."""
        pairs = [(rep, self._times(rep)) for rep in reps if rep.second is not None]
        read = [(rep, times) for rep, times in pairs if times is not None]
        if not read:
            return
        live = [(rep.first, rep.second) for rep, _ in read if rep.second is not None]
        if _unlike([times for _, times in read]) > _unlike(live) + _SLACK:
            return
        for rep, (first, second) in read:
            rep.first, rep.second = first, second

    def _times(self, rep: SeenRep) -> tuple[Span, Span] | None:
        """Both phases as the movements usually go; None where they did not show."""
        going, coming = rep.middles
        if going is None or coming is None:
            return None
        first, second = self.usual[0].span(going), self.usual[1].span(coming)
        if first.end_s > second.start_s:
            edge_s = min(max((first.end_s + second.start_s) / 2, first.start_s), second.end_s)
            return Span(first.start_s, edge_s), Span(edge_s, second.end_s)
        return first, second

    def _begin_tick(self, half: HalfRep) -> int:
        """First tick of the quick signals that may belong to the rep."""
        return max(half.start.tick - self._lag - 2 * self._margin, self.history.oldest)

    def _start_tick(self, rep: SeenRep, half: HalfRep) -> int:
        """Tick of the pose by which the rep before this one was over.

        A run may take a standstill on the way back for a start; where the turning is measured, not bent by
        how the limb is thrown, a later start that shows is the better one.
        """
        begin = self._begin_tick(half)
        start, turned = half.start.tick - self._lag - begin, half.turn.tick - self._lag - begin
        stretch = self._stretch(rep, begin, begin + turned + self._margin)
        if stretch is None or not stretch.has_gyro or not 0 <= start < turned:
            return half.start.tick
        stroke = there(stretch, start, turned, self.params)
        if stroke is None:
            return half.start.tick
        start_tick = begin + round(self.usual[0].span(stroke.middle).start_s) + self._lag
        return max(int(half.start.tick), start_tick)

    def _strokes(self, rep: SeenRep, half: HalfRep, end_tick: int) -> tuple[Stroke | None, Stroke | None]:
        """Both movements, in s, of a rep that ended near `end_tick` of the pose."""
        begin = self._begin_tick(half)
        start, turned, end = (
            tick - self._lag - begin for tick in (half.start.tick, half.turn.tick, end_tick)
        )
        stretch = self._stretch(rep, begin, begin + end + 2 * self._margin)
        if stretch is None or not 0 <= start < turned < end:
            return None, None
        ends = Ends(start, turned, min(end, len(stretch.up) - 1))
        tick_s, begin_s = self.timing.tick_s, self.timing.quick_s(begin)
        going, coming = there_and_back(stretch, ends, self.params)
        return going and going.read(tick_s, begin_s), coming and coming.read(tick_s, begin_s)

    def _stretch(self, rep: SeenRep, first_tick: int, last_tick: int) -> Stretch | None:
        """The motion from first to last tick of the quick signals; None where it is unknown."""
        last_tick = min(last_tick, self.history.newest)
        start_up = np.array(rep.start_up) if self._start_up is None else self._start_up
        turn_up = np.array(rep.turn_up)
        if last_tick <= first_tick or not (np.any(start_up) and np.any(turn_up)):
            return None
        up, quick = self.history.up(first_tick, last_tick), self.history.quick(first_tick, last_tick)
        felt_g = lengths(quick)
        rate = self.history.rate(first_tick, last_tick)
        return Stretch(rate, up, felt_g, start_up, turn_up, self.timing.tick_s, self._margin)

    def reset(self) -> None:
        """Forget how the movements usually go."""
        self._start_up = None
        self.usual = (Usual(self.params), Usual(self.params))

    def snapshot(self) -> list[dict[str, Any]]:
        """Plain data that `restore` takes."""
        return [usual.to_data() for usual in self.usual]

    def restore(self, state: list[dict[str, Any]]) -> None:
        """Go on where the snapshot was taken, once the same reps are known."""
        first, second = (Usual.from_data(usual, self.params) for usual in state)
        self.usual = (first, second)


_LEAST_REPS = 3
"""So many reps have a usual start."""
_SLACK = 0.1
"""So much less alike, in logarithms of durations, the reps may be in this reading and it is kept."""
_SHORTEST_S = 0.1


def _unlike(times: list[tuple[Span, Span]]) -> float:
    """How unlike the reps of a set are: the spread of the logarithms of both durations."""
    return sum(
        pstdev([float(np.log(max(both[k].duration_s, _SHORTEST_S))) for both in times]) for k in (0, 1)
    )
