"""The set under way: what has been said of it, and what is still to say.

Rules: what is said follows the detector's reps: new ones are counted, ones it no longer sees are retracted,
and a set that has ended is final. While a set is open its count is reps counted minus reps retracted. Times
are continued beyond what was measured; no event happens after it was said for that.
"""

from dataclasses import asdict, dataclass, field, fields, replace
from itertools import pairwise
from statistics import median
from typing import Any

from repcount.events import (
    Event,
    Phase,
    Rep,
    RepCompleted,
    RepCounted,
    RepRetracted,
    SetEnded,
    SetStarted,
    TempoCue,
)
from repcount.exercises.model import RepEnd
from repcount.reps.phases import Span
from repcount.reps.seen import SeenRep, seen_from_data, seen_to_data
from repcount.reps.tempo import mean_tempo, time_under_tension_s
from repcount.session.rep_values import (
    best_rep_index,
    depth_deg,
    is_partial,
    loss_ratio,
    rom_deg,
    style,
    usual_style,
)
from repcount.session.trunk import Trunk


@dataclass(frozen=True, slots=True, kw_only=True)
class SetParams:
    """How reps are judged.

    Parameters
    ----------
    same_turn_ticks
        Two turns no further apart than this, or than half a rep, are the same rep seen by two runs.
    partial_ratio
        A rep smaller than this share of the set's full range is partial. Larger: more reps are partial.
    cue_lead_ratio, cue_from_ratio
        `slow_down` is said when the share of the lowering travelled exceeds the share of its target time by
        more than the first, and itself exceeds the second.
    """

    same_turn_ticks: int = 15
    partial_ratio: float = 0.7
    cue_lead_ratio: float = 0.15
    cue_from_ratio: float = 0.2

    def __post_init__(self) -> None:
        if self.same_turn_ticks < 0 or not 0 < self.partial_ratio < 1:
            raise ValueError(f"need same_turn_ticks >= 0 and 0 < partial_ratio < 1, got {self}")
        if not (self.cue_lead_ratio >= 0 and 0 <= self.cue_from_ratio < 1):
            raise ValueError(f"need cue_lead_ratio >= 0 and 0 <= cue_from_ratio < 1, got {self}")


@dataclass(slots=True)
class SaidRep:
    """A rep that was counted aloud, and the lowering asked for at that moment, s."""

    rep_index: int
    seen: SeenRep
    eccentric_target_s: float
    completed: bool = False
    cued: bool = False
    trunk_sway_deg: float | None = None


@dataclass(slots=True)
class OpenSet:
    """A set that has started and not ended."""

    set_index: int
    exercise: str
    first_phase: Phase
    eccentric_target_s: float
    start_s: float
    standing: RepEnd | None = None
    reps: list[SaidRep] = field(default_factory=list)
    said: int = 0


class WorkoutSet:
    """One open set: turns what is seen into events."""

    def __init__(
        self, station: str, open_set: OpenSet, params: SetParams, trunk: Trunk | None = None
    ) -> None:
        self.station = station
        self.open_set = open_set
        self.params = params
        self.trunk = trunk

    @property
    def rep_count(self) -> int:
        """Reps counted and not retracted."""
        return len(self.open_set.reps)

    def started(self, now_s: float) -> SetStarted:
        """Say that the set has begun."""
        s = self.open_set
        return SetStarted(
            station=self.station,
            happened_s=s.start_s,
            said_s=now_s,
            set_index=s.set_index,
            exercise=s.exercise,
            start_s=s.start_s,
        )

    def follow(self, seen: list[SeenRep], now_s: float, *, over: bool = False) -> list[Event]:
        """Say what is new in `seen`, retract what is no longer in it; `over`: nothing will come after it.

        A rep is counted at the end of its concentric: where that comes second, when the rep is complete.
        """
        if self.open_set.first_phase is not Phase.CONCENTRIC and not over:
            seen = [rep for rep in seen if rep.second is not None]
        events: list[Event] = []
        matched = self._match(seen)
        for said in [said for said in self.open_set.reps if said.rep_index not in matched.values()]:
            self.open_set.reps.remove(said)
            events.append(self._retracted(said, now_s))
        by_index = {said.rep_index: said for said in self.open_set.reps}
        for index, rep in enumerate(seen):
            rep_index = matched.get(index)
            if rep_index is None:
                events += self._counted(rep, now_s)
            else:
                by_index[rep_index].seen = replace(rep)
        for said in sorted(self.open_set.reps, key=lambda said: said.seen.turn_tick):
            if not said.completed and said.seen.second is not None:
                said.completed = True
                events.append(self._completed(said, now_s))
        return events

    def _match(self, seen: list[SeenRep]) -> dict[int, int]:
        """Index in `seen` -> `rep_index` of the same rep as it was said, one to one, nearest first.

        It turned at about the same time; or, where the limb rested there and two runs see it turn at either
        end of that, it was over at the same time.
        """
        turns = sorted(rep.turn_tick for rep in seen)
        apart = median(b - a for a, b in pairwise(turns)) if len(turns) > 1 else 0
        reach = max(self.params.same_turn_ticks, apart / 2)
        pairs = sorted(
            (abs(rep.turn_tick - said.seen.turn_tick), index, said.rep_index)
            for index, rep in enumerate(seen)
            for said in self.open_set.reps
            if abs(rep.turn_tick - said.seen.turn_tick) <= reach or _end_alike(rep, said.seen)
        )
        matched: dict[int, int] = {}
        for _, index, rep_index in pairs:
            if index not in matched and rep_index not in matched.values():
                matched[index] = rep_index
        return matched

    def _counted(self, rep: SeenRep, now_s: float) -> list[Event]:
        s = self.open_set
        s.said += 1
        s.reps.append(SaidRep(s.said, replace(rep), s.eccentric_target_s))
        counted = RepCounted(
            station=self.station,
            happened_s=min(self._concentric_end_s(rep), now_s),
            said_s=now_s,
            set_index=s.set_index,
            rep_index=s.said,
            rep_count=self.rep_count,
        )
        return [counted]

    def _concentric_end_s(self, rep: SeenRep) -> float:
        first = self.open_set.first_phase is Phase.CONCENTRIC or rep.second is None
        return rep.first.end_s if first or rep.second is None else rep.second.end_s

    def _retracted(self, said: SaidRep, now_s: float) -> RepRetracted:
        return RepRetracted(
            station=self.station,
            happened_s=min(self._concentric_end_s(said.seen), now_s),
            said_s=now_s,
            set_index=self.open_set.set_index,
            rep_index=said.rep_index,
            reason="unlike the other reps of the set",
        )

    def _completed(self, said: SaidRep, now_s: float) -> RepCompleted:
        self._watch_trunk(said, now_s)  # and not again: at the end of a long set its first reps are forgotten
        so_far = [one for one in self.open_set.reps if one.seen.turn_tick <= said.seen.turn_tick]
        rep = self._rep(said, None, [one.seen for one in so_far if one.seen.second is not None])
        return RepCompleted(
            station=self.station,
            happened_s=min(rep.end_s, now_s),
            said_s=now_s,
            set_index=self.open_set.set_index,
            **{f.name: getattr(rep, f.name) for f in fields(Rep)},
        )

    def _watch_trunk(self, said: SaidRep, now_s: float) -> None:
        last = said.seen.second or said.seen.first
        if self.trunk is not None:
            said.trunk_sway_deg = self.trunk.sway_deg(said.seen.first.start_s, min(last.end_s, now_s))

    def cue(self, travelled: float, lowering_s: float, now_s: float, moved_s: float) -> list[Event]:
        """Say `slow_down` when the lowering under way is too fast.

        `travelled` is the share of its way after `lowering_s` of it, at `moved_s` of the movement.
        """
        s = self.open_set
        last = max(s.reps, key=lambda said: said.seen.turn_tick, default=None)
        if last is None or last.completed or last.cued or s.first_phase is not Phase.CONCENTRIC:
            return []
        elapsed = lowering_s / last.eccentric_target_s
        too_fast = travelled - elapsed > self.params.cue_lead_ratio and travelled > self.params.cue_from_ratio
        if not too_fast:
            return []
        last.cued = True
        cue = TempoCue(
            station=self.station,
            happened_s=moved_s,
            said_s=now_s,
            cue="slow_down",
            set_index=s.set_index,
            rep_index=last.rep_index,
        )
        return [cue]

    def ended(self, now_s: float) -> SetEnded:
        """Say that the set is over, with everything known of it."""
        s = self.open_set
        for one in s.reps:
            if not one.completed:
                self._watch_trunk(one, now_s)
        said = _apart(sorted(s.reps, key=lambda said: said.seen.turn_tick))
        following: list[SaidRep | None] = [*said[1:], None][: len(said)]
        seen = [rep.seen for rep in said]
        reps = tuple(self._rep(rep, after, seen) for rep, after in zip(said, following, strict=True))
        end_s = min(reps[-1].end_s, now_s) if reps else s.start_s
        return SetEnded(
            station=self.station,
            happened_s=end_s,
            said_s=now_s,
            set_index=s.set_index,
            exercise=s.exercise,
            rep_count=len(reps),
            start_s=reps[0].start_s if reps else s.start_s,
            end_s=end_s,
            reps=reps,
            time_under_tension_s=time_under_tension_s(reps),
            mean_tempo=mean_tempo(reps),
            best_rep_index=best_rep_index(reps),
            rom_loss_ratio=loss_ratio([rep.rom_deg for rep in reps]),
            velocity_loss_ratio=loss_ratio([rep.mean_concentric_velocity_m_s for rep in reps]),
            style=usual_style(reps),
        )

    def _rep(self, said: SaidRep, after: SaidRep | None, reps: list[SeenRep]) -> Rep:
        """Everything known of a rep: `after` follows it, `reps` are those of the set it is compared with."""
        seen, s = said.seen, self.open_set
        second = seen.second
        end_s = second.end_s if second else seen.first.end_s
        first_s = None if seen.first_hidden else seen.first.duration_s
        second_s = None if second is None or seen.second_hidden else second.duration_s
        inside_s = None if first_s is None or second_s is None else _pause_s(seen.first, second)
        after_hidden = after is None or seen.second_hidden or after.seen.first_hidden
        after_s = None if after is None or after_hidden else max(0.0, after.seen.first.start_s - end_s)
        concentric_first = s.first_phase is Phase.CONCENTRIC
        eccentric_s = second_s if concentric_first else first_s
        eccentric_hidden = seen.second_hidden if concentric_first else seen.first_hidden
        known = seen.measures
        return Rep(
            rep_index=said.rep_index,
            start_s=seen.first.start_s,
            turn_s=seen.first.end_s,
            end_s=end_s,
            eccentric_s=eccentric_s,
            pause_lengthened_s=after_s if concentric_first else inside_s,
            concentric_s=first_s if concentric_first else second_s,
            pause_shortened_s=inside_s if concentric_first else after_s,
            controlled=None if eccentric_hidden else _lasted(eccentric_s, said.eccentric_target_s),
            partial=not seen.first_hidden and is_partial(seen, reps, self.params.partial_ratio),
            rom_deg=None if seen.first_hidden else rom_deg(seen),
            rom_m=known.travel_m if known else None,
            mean_concentric_velocity_m_s=known.velocity_m_s if known else None,
            depth_deg=depth_deg(seen, reps, s.standing),
            trunk_sway_deg=known.sway_deg if known and said.trunk_sway_deg is None else said.trunk_sway_deg,
            style=style(known.kipped) if known else None,
        )

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `from_snapshot` takes."""
        reps = [
            {name: getattr(said, name) for name in SaidRep.__slots__} | {"seen": seen_to_data(said.seen)}
            for said in self.open_set.reps
        ]
        return asdict(replace(self.open_set, reps=[])) | {"reps": reps}

    @classmethod
    def from_snapshot(
        cls, station: str, state: dict[str, Any], params: SetParams, trunk: Trunk | None = None
    ) -> "WorkoutSet":
        """Go on where the snapshot was taken."""
        reps = [SaidRep(**(said | {"seen": seen_from_data(said["seen"])})) for said in state["reps"]]
        first_phase = Phase(state["first_phase"])
        standing = RepEnd(state["standing"]) if state["standing"] else None
        kept = {"reps": reps, "first_phase": first_phase, "standing": standing}
        return cls(station, OpenSet(**(state | kept)), params, trunk)


def _end_alike(rep: SeenRep, other: SeenRep) -> bool:
    if rep.second is None or other.second is None:
        return False
    return abs(rep.second.end_s - other.second.end_s) <= _SAME_END_S


_SAME_END_S = 0.3
"""Two reps that were over no further apart are one."""


def _pause_s(before: Span, after: Span | None) -> float | None:
    return None if after is None else max(0.0, after.start_s - before.end_s)


def _lasted(phase_s: float | None, target_s: float) -> bool:
    return phase_s is not None and phase_s >= target_s


def _apart(reps: list[SaidRep]) -> list[SaidRep]:
    """Reps that touch, without overlap: a start is read better than the end before it."""
    apart = [replace(said, seen=replace(said.seen)) for said in reps]
    for before, after in pairwise(said.seen for said in apart):
        if before.second is not None and before.second.end_s > after.first.start_s:
            edge_s = max(before.second.start_s, after.first.start_s)
            before.second = Span(before.second.start_s, edge_s)
            after.first = Span(min(edge_s, after.first.end_s), after.first.end_s)
    return apart
