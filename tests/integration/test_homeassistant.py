"""Home Assistant's own schemas and templates on what we announce, where its package is installed.

`make test-homeassistant` installs it beside the project (Python 3.13) and runs this; elsewhere it skips.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from repcount.edges.mqtt.homeassistant import discovery, ha_event
from repcount.edges.mqtt.payloads import Source, WallClock
from repcount.edges.mqtt.state import SensorStatus, StationState
from repcount.events import HoldEnded, LiveStatus, Phase, RepCompleted, RepCounted, SetStarted
from repcount.exercises import EXERCISES

PYTHON = os.environ.get("REPCOUNT_HOMEASSISTANT_PYTHON")
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        PYTHON is None, reason="needs the package of Home Assistant; `make test-homeassistant` gets it"
    ),
]
SAID = {"station": "rack-1", "happened_s": 3.0, "said_s": 3.0}
SET = {"set_index": 2, "rep_index": 1}


def told():
    """The states of a station whose wearer has done a rep and a hold."""
    state = StationState("rack-1", "s1", Source.LIVE, WallClock(1_772_366_400.0))
    state.take_sensors(
        {
            "wrist": SensorStatus(connected=True, battery_percent=80, rssi_dbm=-60),
            "chest": SensorStatus(connected=False, battery_percent=30, rssi_dbm=-70, heart_rate_bpm=121.0),
        }
    )
    state.take_event(SetStarted(**SAID, set_index=2, exercise="pull_up", start_s=1.0))
    state.take_event(RepCounted(**SAID, **SET, rep_count=1))
    state.take_event(
        RepCompleted(
            **SAID,
            **SET,
            start_s=1.0,
            turn_s=2.0,
            end_s=4.0,
            eccentric_s=2.04,
            pause_lengthened_s=None,
            concentric_s=1.0,
            pause_shortened_s=0.5,
            controlled=True,
            partial=False,
            rom_deg=84.0,
            rom_m=None,
            mean_concentric_velocity_m_s=None,
            depth_deg=None,
            trunk_sway_deg=None,
        )
    )
    held = HoldEnded(
        **SAID, set_index=2, start_s=0.0, end_s=9.0, hold_s=9.0, target_s=10.0, sag_deg=None, sway_deg=None
    )
    state.take_event(held)
    state.take_status(
        LiveStatus(
            now_s=4.0,
            exercise="pull_up",
            armed=True,
            phase=Phase.ECCENTRIC,
            progress_ratio=0.5,
            set_index=2,
            rep_count=1,
            rest_since_s=None,
            eccentric_target_s=2.0,
            heart_rate_bpm=None,
            rest_target_s=90.0,
        )
    )
    return {message.topic: message.payload.decode() for message in state.present()}


def test_home_assistant_takes_every_component_and_shows_what_was_said():
    event = ha_event(RepCounted(**SAID, **SET, rep_count=1))
    given = {
        "discovery": json.loads(discovery("rack-1", list(EXERCISES)).payload),
        "states": told() | {event.topic: event.payload.decode()},
    }

    checked = subprocess.run(
        [PYTHON, Path(__file__).with_name("homeassistant_check.py")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout) == {
        "reps": "1",
        "reps_total": "0",
        "set": "2",
        "rest": "None",
        "phase": "eccentric",
        "eccentric": "2.04",
        "pause_lengthened": "None",
        "concentric": "1.0",
        "pause_shortened": "0.5",
        "tempo": "2.0-·-1.0-0.5",
        "controlled": "ON",
        "hold": "9.0",
        "heart_rate": "121.0",
        "battery": "30",
        "rssi": "-70",
        "connected": "ON",
        "exercise": "pull_up",
        "armed": "ON",
        "eccentric_target": "2.0",
        "rest_target": "90.0",
    }
