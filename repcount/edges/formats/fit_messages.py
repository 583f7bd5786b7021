"""The messages of a FIT strength activity; imports fit-tool, so import it only where that may be missing.

The profile has no tempo, so it goes into developer fields of the `set` message, described in the file itself.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from fit_tool.base_type import BaseType
from fit_tool.data_message import DataMessage
from fit_tool.developer_field import DeveloperField
from fit_tool.fit_file_builder import FitFileBuilder
from fit_tool.profile import profile_type
from fit_tool.profile.messages.activity_message import ActivityMessage
from fit_tool.profile.messages.developer_data_id_message import DeveloperDataIdMessage
from fit_tool.profile.messages.event_message import EventMessage
from fit_tool.profile.messages.field_description_message import FieldDescriptionMessage
from fit_tool.profile.messages.file_id_message import FileIdMessage
from fit_tool.profile.messages.lap_message import LapMessage
from fit_tool.profile.messages.session_message import SessionMessage
from fit_tool.profile.messages.set_message import SetMessage

from repcount.edges.formats.fit_sets import Done
from repcount.exercises import EXERCISES

_APPLICATION = b"repcount".ljust(16, b"\0")
"""Names our developer fields apart from those of others: sixteen bytes."""
_UNKNOWN_FLOAT = float("nan")
_FIELDS = (
    ("mean_eccentric", "s", BaseType.FLOAT32),
    ("mean_pause_lengthened", "s", BaseType.FLOAT32),
    ("mean_concentric", "s", BaseType.FLOAT32),
    ("mean_pause_shortened", "s", BaseType.FLOAT32),
    ("controlled_reps", "reps", BaseType.UINT16),
    ("rep_eccentric", "s", BaseType.FLOAT32),
)
_CONTROLLED, _EACH = 4, 5
_FLOAT_BYTES = 4


def encoded(sets: Sequence[Done], began: datetime, lasts_s: float) -> bytes:
    """A whole file: who wrote it, what our fields mean, the timer, sets and rests, the session."""
    builder = FitFileBuilder(auto_define=True)
    for message in _messages(sets, began, lasts_s):
        builder.add(message)
    return bytes(builder.build().to_bytes())


def _messages(sets: Sequence[Done], began: datetime, lasts_s: float) -> Iterator[DataMessage]:
    ended = began + timedelta(seconds=lasts_s)
    yield _file_id(began)
    yield from _descriptions()
    yield _timer(began, profile_type.EventType.START)
    last_s = 0.0
    for index, (kind, start_s, end_s, done) in enumerate(_sets_and_rests(sets)):
        yield _set(index, kind, _at(began, start_s), end_s - start_s, _at(began, end_s), done)
        last_s = max(last_s, end_s)
    yield _timer(ended, profile_type.EventType.STOP_ALL)
    yield _lap(began, ended, lasts_s)
    yield _session(began, ended, lasts_s)
    yield _activity(ended, lasts_s)


def _sets_and_rests(
    sets: Sequence[Done],
) -> Iterator[tuple[profile_type.SetType, float, float, Done | None]]:
    for index, done in enumerate(sets):
        if index and done.start_s > sets[index - 1].end_s:
            yield profile_type.SetType.REST, sets[index - 1].end_s, done.start_s, None
        yield profile_type.SetType.ACTIVE, done.start_s, done.end_s, done


def _at(began: datetime, at_s: float) -> datetime:
    return began + timedelta(seconds=at_s)


def _ms(when: datetime) -> int:
    """What fit-tool takes for a time: ms since 1970; the file has whole seconds since 1989-12-31."""
    return round(when.timestamp()) * 1000


def _file_id(began: datetime) -> DataMessage:
    message = FileIdMessage()
    message.type = profile_type.FileType.ACTIVITY
    message.manufacturer = profile_type.Manufacturer.DEVELOPMENT.value
    message.product = 0
    message.serial_number = 1
    message.time_created = _ms(began)
    return message


def _descriptions() -> Iterator[DataMessage]:
    owner = DeveloperDataIdMessage()
    owner.application_id = _APPLICATION
    owner.developer_data_index = 0
    yield owner
    for number, (name, unit, kind) in enumerate(_FIELDS):
        message = FieldDescriptionMessage()
        message.developer_data_index = 0
        message.field_definition_number = number
        message.fit_base_type_id = kind
        message.field_name = name
        message.units = unit
        yield message


def _timer(when: datetime, kind: profile_type.EventType) -> DataMessage:
    message = EventMessage()
    message.timestamp = _ms(when)
    message.event = profile_type.Event.TIMER
    message.event_type = kind
    return message


def _set(
    index: int,
    kind: profile_type.SetType,
    start: datetime,
    duration_s: float,
    end: datetime,
    done: Done | None,
) -> DataMessage:
    message = SetMessage(developer_fields=_developer_fields(done) if done else [])
    message.message_index = index
    message.timestamp = _ms(end)
    message.start_time = _ms(start)
    message.duration = duration_s
    message.set_type = kind.value
    if done is not None:
        category, name = (word.upper() for word in EXERCISES[done.exercise].fit)
        names = getattr(profile_type, f"{category.title().replace('_', '')}ExerciseName")
        message.category = [profile_type.ExerciseCategory[category].value]
        message.category_subtype = [names[name].value]
        message.repetitions = done.reps
        if done.load_kg is not None:
            message.weight = done.load_kg
            message.weight_display_unit = profile_type.FitBaseUnit.KILOGRAM.value
    return message


def _developer_fields(done: Done) -> list[DeveloperField]:
    values: list[Sequence[float | int | None]] = [[phase_s] for phase_s in done.tempo_s]
    values += [[]] * (_CONTROLLED - len(values)) + [[done.controlled], done.eccentrics_s]
    found = []
    for number, ((name, unit, kind), given) in enumerate(zip(_FIELDS, values, strict=True)):
        if not any(value is not None for value in given):
            continue
        size = len(given) * (2 if kind is BaseType.UINT16 else _FLOAT_BYTES)
        field = DeveloperField(
            developer_data_index=0, field_id=number, name=name, units=unit, base_type=kind, size=size
        )
        field.set_values([_UNKNOWN_FLOAT if value is None else value for value in given])
        found.append(field)
    return found


def _lap(began: datetime, ended: datetime, lasts_s: float) -> DataMessage:
    """An activity has at least one, also where nobody runs in circles."""
    message = LapMessage()
    message.message_index = 0
    message.timestamp, message.start_time = _ms(ended), _ms(began)
    message.total_elapsed_time = message.total_timer_time = lasts_s
    message.event, message.event_type = profile_type.Event.LAP, profile_type.EventType.STOP
    return message


def _session(began: datetime, ended: datetime, lasts_s: float) -> DataMessage:
    message = SessionMessage()
    message.timestamp, message.start_time = _ms(ended), _ms(began)
    message.total_elapsed_time = message.total_timer_time = lasts_s
    message.sport = profile_type.Sport.TRAINING
    message.sub_sport = profile_type.SubSport.STRENGTH_TRAINING
    message.event, message.event_type = profile_type.Event.SESSION, profile_type.EventType.STOP
    message.trigger = profile_type.SessionTrigger.ACTIVITY_END
    message.first_lap_index, message.num_laps = 0, 1
    return message


def _activity(ended: datetime, lasts_s: float) -> DataMessage:
    message = ActivityMessage()
    message.timestamp = _ms(ended)
    message.total_timer_time = lasts_s
    message.num_sessions = 1
    message.type = profile_type.Activity.MANUAL
    message.event, message.event_type = profile_type.Event.ACTIVITY, profile_type.EventType.STOP
    return message
