"""One recording against its truth.

Rules: the count is what the ended sets say, nothing said on the way; a latency is sensor time, so it does
not depend on how the input was cut.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from repcount.evaluate.collection import NULL, IndexRow
from repcount.evaluate.matching import HoldMatch, Match, match, match_holds
from repcount.events import Event, HoldEnded, RepCounted, RepRetracted, SetEnded
from repcount.truth import TrueRep


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What came of one recording with one exercise armed.

    `is_null` where nobody exercised: all `counted` are false. `reps_true` is None where no count is trusted,
    `found` where there are no labels. Phase errors are ours less the label's, s, of the matched reps in which
    both know the phase. `hold_errors_s`: likewise the length of each hold found, less the label's, s.
    `latencies_s` are those of every number said during the recording. `has_gyro` is None where unknown.
    """

    file: str
    exercise: str
    placement: str
    dataset: str
    subject: str
    duration_s: float
    is_null: bool
    reps_true: int | None
    counted: int
    said_and_retracted: int
    latencies_s: tuple[float, ...]
    found: Match | None
    eccentric_errors_s: tuple[float, ...]
    concentric_errors_s: tuple[float, ...]
    found_holds: HoldMatch | None
    hold_errors_s: tuple[float, ...]
    has_gyro: bool | None = None


def score(
    events: Sequence[Event],
    row: IndexRow,
    *,
    exercise: str,
    duration_s: float,
    labels: Sequence[TrueRep] | None = None,
) -> Score:
    """Score the events that `exercise`, armed, gave on the recording of `row`, `duration_s` long."""
    sets = [event for event in events if isinstance(event, SetEnded)]
    found = None if labels is None else match([rep for one in sets for rep in one.reps], labels)
    held = [event for event in events if isinstance(event, HoldEnded)]
    found_holds = None if labels is None else match_holds(held, labels)
    pairs = () if found is None else found.matched
    hold_pairs = () if found_holds is None else found_holds.matched
    return Score(
        file=row.file,
        exercise=exercise,
        placement=row.placement,
        dataset=row.dataset,
        subject=row.subject,
        duration_s=duration_s,
        is_null=row.exercise_ours == NULL,
        reps_true=row.n_reps_true,
        counted=sum(one.rep_count for one in sets),
        said_and_retracted=sum(isinstance(event, RepRetracted) for event in events),
        latencies_s=tuple(e.said_s - e.happened_s for e in events if isinstance(e, RepCounted)),
        found=found,
        eccentric_errors_s=_errors((rep.eccentric_s, label.eccentric_s) for rep, label in pairs),
        concentric_errors_s=_errors((rep.concentric_s, label.concentric_s) for rep, label in pairs),
        found_holds=found_holds,
        hold_errors_s=tuple(hold.hold_s - (label.end_s - label.start_s) for hold, label in hold_pairs),
        has_gyro=row.has_gyro,
    )


def _errors(pairs: Iterable[tuple[float | None, float | None]]) -> tuple[float, ...]:
    return tuple(ours - true for ours, true in pairs if ours is not None and true is not None)
