"""What is said on MQTT is as its published schemas say; `--update-golden` writes these anew."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from mqtt_samples import CLOCK, ENVELOPE, EVENTS, completed, counted, ended, started, status

from repcount.commands import COMMANDS, PlannedSet
from repcount.edges.mqtt.homeassistant import ha_event
from repcount.edges.mqtt.payloads import Source, event_message, result_message
from repcount.edges.mqtt.requests import QUESTIONS, SERVICE_QUESTIONS
from repcount.edges.mqtt.schemas import event_schemas, other_schemas, state_schemas
from repcount.edges.mqtt.signal import Signal
from repcount.edges.mqtt.state import SensorStatus, StationState
from repcount.events import HoldEnded
from repcount.samples import SampleBatch

DOCS = Path(__file__).parents[3] / "docs"
FILES = {
    f"{kind}-{name}" if kind else name: schema
    for kind, schemas in (("event", event_schemas()), ("state", state_schemas()), ("", other_schemas()))
    for name, schema in schemas.items()
}


def check(payload, schema):
    data = json.loads(payload)
    jsonschema.validate(data, schema, format_checker=jsonschema.FormatChecker())
    return data


@pytest.mark.parametrize("name", FILES)
def test_the_published_schema_is_this_one(name, request):
    path = DOCS / "schemas" / f"{name}.json"
    text = json.dumps(FILES[name], indent=2) + "\n"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert path.read_text() == text


def test_no_schema_is_left_of_what_is_said_no_more():
    assert {path.stem for path in (DOCS / "schemas").glob("*.json")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_one(name):
    jsonschema.Draft202012Validator.check_schema(FILES[name])


def test_a_moment_that_is_none_is_not_as_its_schema_says():
    with pytest.raises(jsonschema.ValidationError, match="is not a 'date-time'"):
        check('"2026-13-01T00:00:00Z"', {"format": "date-time"})


@pytest.mark.parametrize("event", [event for _, event in EVENTS], ids=lambda event: event.type)
def test_every_event_is_as_its_schema_says_with_no_key_too_many(event):
    schema = event_schemas()[event.type]

    data = check(event_message(event, ENVELOPE).payload, schema)

    assert set(data) == set(schema["properties"])


def test_every_state_is_as_its_schema_says_with_no_key_too_many():
    state = StationState("rack-1", "s1", Source.LIVE, CLOCK)
    state.take_status(status(1.0, plan=(PlannedSet(exercise="pull_up", reps=8),)))
    state.take_sensors({"wrist": SensorStatus(connected=True, rate_hz=50.0)})
    held = next(event for _, event in EVENTS if isinstance(event, HoldEnded))
    for event in (started(), counted(1), completed(1), held, ended(2)):
        state.take_event(event)
        for message in state.present():
            schema = state_schemas()[message.topic.rpartition("/")[2]]
            assert set(check(message.payload, schema)) == set(schema["properties"])


def test_answers_home_assistant_s_events_and_the_signal_are_as_their_schemas_say():
    others, said = other_schemas(), []
    signal = Signal("rack-1", said.extend, lambda: 0.0)
    signal.watch()
    signal.take("wrist", SampleBatch(np.arange(20) / 100.0, np.zeros((20, 3)), None))

    check(said[0].payload, others["signal"])
    check(result_message("rack-1", "reset", 7, None).payload, others["cmd-result"])
    check(result_message("rack-1", "reset", None, "no", {"a": 1}).payload, others["cmd-result"])
    check(ha_event(counted(1)).payload, others["ha"])


def test_the_page_about_mqtt_names_every_topic_command_and_schema():
    text = (DOCS / "mqtt.md").read_text()

    assert [cmd for cmd in (*COMMANDS, *QUESTIONS, *SERVICE_QUESTIONS) if f"`{cmd}`" not in text] == []
    assert [name for name in FILES if f"schemas/{name}.json" not in text] == []
