"""What is said: payloads as strict JSON, keys being the field names of events unchanged."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from repcount.edges.mqtt.topics import (
    SERVICE_STATUS,
    State,
    event_topic,
    result_topic,
    state_topic,
    status_topic,
)
from repcount.errors import InputError
from repcount.events import SCHEMA, Event, event_to_dict

ONLINE, OFFLINE = b"online", b"offline"
MOST_ERROR = 300
"""Characters of a refusal, which may quote what was sent."""
MOST_PROBLEMS = 20


class Source(StrEnum):
    """Whether a wearer moves now, or a recording is played."""

    LIVE = "live"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Message:
    """One MQTT message to be published."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False


@dataclass(frozen=True, slots=True)
class WallClock:
    """Maps stream time to UTC: stream time 0 was at `unix_s_at_zero`; days are counted in `zone`."""

    unix_s_at_zero: float
    zone: tzinfo = UTC

    def at(self, stream_s: float) -> datetime:
        """The moment `stream_s` s of stream time, in UTC."""
        return datetime.fromtimestamp(self.unix_s_at_zero + stream_s, UTC)

    def day(self, stream_s: float) -> int:
        """The day of that moment where the wearer lives, counted from year 1."""
        return self.at(stream_s).astimezone(self.zone).toordinal()

    def midnight_s(self, stream_s: float) -> float:
        """Stream time at which the day of that moment ends, s."""
        tomorrow = self.at(stream_s).astimezone(self.zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time.min, self.zone).timestamp() - self.unix_s_at_zero


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every payload carries beside its content.

    `session` must be unique to one run of one station; `seq` counts its events from 1.
    """

    session: str
    source: Source
    at: datetime
    seq: int = 0

    @property
    def id(self) -> str:
        """Unique and sortable; consumers drop repeats by it."""
        return f"{self.session}-{self.seq:010d}"

    def next(self, at: datetime) -> "Envelope":
        """The envelope of the event after this one."""
        return replace(self, at=at, seq=self.seq + 1)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def to_json(data: Mapping[str, object]) -> bytes:
    """Compact strict JSON.

    Raises
    ------
    ValueError
        For NaN and infinity, which JSON does not know: what is unknown is None.
    """
    return _COMPACT.encode(data).encode()


_COMPACT = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def event_message(event: Event, envelope: Envelope) -> Message:
    """Return an event as it is published: QoS 1, never retained."""
    said = {
        "id": envelope.id,
        "seq": envelope.seq,
        "at": iso(envelope.at),
        "session": envelope.session,
        "source": envelope.source,
    }
    return Message(event_topic(event), to_json(event_to_dict(event) | said))


def result_message(
    station: str,
    cmd: str,
    cmd_id: str | int | None,
    error: str | None,
    result: Mapping[str, object] | None = None,
    *,
    done: bool = True,
    problems: Sequence[Mapping[str, str]] = (),
) -> Message:
    """Return the answer to a command: done when `error` is None; `result` is what was asked for.

    Where it is not `done`, further answers follow; `problems` says one by one what `error` says at once.
    """
    data: dict[str, object] = {
        "schema": SCHEMA,
        "cmd_id": cmd_id,
        "cmd": cmd,
        "ok": error is None,
        "error": error,
    }
    if result is not None:
        data["result"] = result
    if not done:
        data["done"] = False
    if problems:
        data["problems"] = list(problems)
    return Message(result_topic(station), to_json(data))


def refusal_message(station: str, cmd: str, cmd_id: str | int | None, wrong: InputError) -> Message:
    """Return the answer to a command that cannot be done; it may quote what was sent, but not at length."""
    problems = [
        {
            "place": one.place[:MOST_ERROR],
            "message": one.message[:MOST_ERROR],
            "mend": one.mend[:MOST_ERROR],
        }
        for one in wrong.problems[:MOST_PROBLEMS]
    ]
    return result_message(station, cmd, cmd_id, str(wrong)[:MOST_ERROR], problems=problems)


def status_message(station: str, *, online: bool) -> Message:
    """Whether a station is served."""
    return Message(status_topic(station), ONLINE if online else OFFLINE, retain=True)


def service_message(*, online: bool) -> Message:
    """Whether the service runs; `offline` is its last will too."""
    return Message(SERVICE_STATUS, ONLINE if online else OFFLINE, retain=True)


def cleared(station: str) -> list[Message]:
    """Empty retained messages, which take back everything a station left at the broker."""
    topics = [status_topic(station), *(state_topic(station, state) for state in State)]
    return [Message(topic, b"", retain=True) for topic in topics]
