"""Everything the pipeline says, as facts in the past tense.

Rules: frozen, slotted, keyword-only; numbers carry their unit in the name; no arrays inside; every event
has `happened_s` (when it was) and `said_s` (the stream time of the sample whose processing produced it),
both in s of stream time. `event_to_dict` gives the JSON form, whose keys are the field names.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar

from repcount.commands import PlannedSet

SCHEMA = 1


class Phase(StrEnum):
    """Phases of a rep, named by what the target muscle does, and the states between sets."""

    ECCENTRIC = "eccentric"
    PAUSE_LENGTHENED = "pause_lengthened"
    CONCENTRIC = "concentric"
    PAUSE_SHORTENED = "pause_shortened"
    REST = "rest"


class Style(StrEnum):
    """How a rep is performed where there are two standards: from a dead hang, or with a swing of the body."""

    STRICT = "strict"
    KIPPING = "kipping"


class FaultReason(StrEnum):
    """Why a notification could not be used."""

    LENGTH = "length"
    HEADER = "header"
    CHECKSUM = "checksum"
    SANITY = "sanity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Four durations in s, eccentric first; None where unknown. Written `3-1-1-0`."""

    eccentric_s: float | None
    pause_lengthened_s: float | None
    concentric_s: float | None
    pause_shortened_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """One rep with all it is known by, as listed in `SetEnded.reps`; None where a sensor cannot know.

    `partial`: much less than the full range of the set. `rom_deg` is the angle the limb turns through,
    `rom_m` how far up or down the sensor goes in the concentric, `depth_deg` how far the trunk bows from
    standing, `trunk_sway_deg` the largest angle between any two directions of a trunk that should keep still.
    """

    rep_index: int
    start_s: float
    turn_s: float
    end_s: float
    eccentric_s: float | None
    pause_lengthened_s: float | None
    concentric_s: float | None
    pause_shortened_s: float | None
    controlled: bool | None
    partial: bool
    rom_deg: float | None
    rom_m: float | None
    mean_concentric_velocity_m_s: float | None
    depth_deg: float | None
    trunk_sway_deg: float | None
    style: Style | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    station: str
    happened_s: float
    said_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStarted(_Said):
    """The first rep of a set was seen."""

    type: ClassVar[str] = "set_started"
    set_index: int
    exercise: str
    start_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepCounted(_Said):
    """A concentric ended: the number on the wall goes up. `rep_count` is the count of the open set."""

    type: ClassVar[str] = "rep_counted"
    set_index: int
    rep_index: int
    rep_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepCompleted(_Said):
    """The last moving phase of a rep ended: its tempo is known, but for the pause after it (None)."""

    type: ClassVar[str] = "rep_completed"
    set_index: int
    rep_index: int
    start_s: float
    turn_s: float
    end_s: float
    eccentric_s: float | None
    pause_lengthened_s: float | None
    concentric_s: float | None
    pause_shortened_s: float | None
    controlled: bool | None
    partial: bool
    rom_deg: float | None
    rom_m: float | None
    mean_concentric_velocity_m_s: float | None
    depth_deg: float | None
    trunk_sway_deg: float | None
    style: Style | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepRetracted(_Said):
    """A rep said earlier in the open set was none, and why."""

    type: ClassVar[str] = "rep_retracted"
    set_index: int
    rep_index: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TempoCue(_Said):
    """Said during a lowering that is too fast."""

    type: ClassVar[str] = "tempo_cue"
    cue: str
    set_index: int
    rep_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldStarted(_Said):
    """An isometric hold began."""

    type: ClassVar[str] = "hold_started"
    set_index: int
    start_s: float
    target_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnded(_Said):
    """An isometric hold ended."""

    type: ClassVar[str] = "hold_ended"
    set_index: int
    start_s: float
    end_s: float
    hold_s: float
    target_s: float
    sag_deg: float | None
    sway_deg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEnded(_Said):
    """A set is over; final. `happened_s` is `end_s`.

    `best_rep_index` is the rep with the quickest concentric, the widest where no velocity is known; the
    losses are from the best rep to the last. `style` is that of its reps, kipping where a third of them are.
    `load_kg` and `side` are as the wearer told them.
    """

    type: ClassVar[str] = "set_ended"
    set_index: int
    exercise: str
    rep_count: int
    start_s: float
    end_s: float
    reps: tuple[Rep, ...]
    time_under_tension_s: float
    mean_tempo: Tempo | None
    best_rep_index: int | None
    rom_loss_ratio: float | None
    velocity_loss_ratio: float | None
    style: Style | None = None
    load_kg: float | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCorrected(_Said):
    """A person said how many reps the set had."""

    type: ClassVar[str] = "count_corrected"
    set_index: int
    rep_count: int
    was: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamGap(_Said):
    """Samples are missing from `start_s` to `end_s`; `lost_notifications` where the sensor counts them."""

    type: ClassVar[str] = "stream_gap"
    sensor: str
    start_s: float
    end_s: float
    lost_notifications: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRejected(_Said):
    """A notification could not be used; `rejected` is how many of this sensor so far."""

    type: ClassVar[str] = "notification_rejected"
    sensor: str
    reason: FaultReason
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLost(_Said):
    """Nothing has come from the sensor for a while."""

    type: ClassVar[str] = "stream_lost"
    sensor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamResumed(_Said):
    """The sensor is back."""

    type: ClassVar[str] = "stream_resumed"
    sensor: str


Event = (
    SetStarted
    | RepCounted
    | RepCompleted
    | RepRetracted
    | TempoCue
    | HoldStarted
    | HoldEnded
    | SetEnded
    | CountCorrected
    | StreamGap
    | NotificationRejected
    | StreamLost
    | StreamResumed
)


def event_to_dict(event: Event) -> dict[str, Any]:
    """Plain JSON-able data: `schema` and `type` first, then the fields."""
    return {"schema": SCHEMA, "type": event.type} | asdict(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStatus:
    """What is true now, for the moving bar and the retained state; never stored, never golden.

    `progress_ratio` is 0 at the start pose and 1 at the turn; times are stream time in s. The fields from
    `rest_target_s` on are what the wearer told; `plan_done` sets of the plan are behind.
    """

    now_s: float
    exercise: str | None
    armed: bool
    phase: Phase
    progress_ratio: float
    set_index: int
    rep_count: int
    rest_since_s: float | None
    eccentric_target_s: float
    heart_rate_bpm: float | None
    rest_target_s: float | None = None
    load_kg: float | None = None
    side: str | None = None
    plan: tuple[PlannedSet, ...] = ()
    plan_done: int = 0
