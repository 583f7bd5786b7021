"""Home Assistant's own schemas and templates on what we announce, where its package is installed.

`make test-homeassistant` installs it beside the project (Python 3.13) and runs this; elsewhere it skips.
"""

import json
import os
import subprocess
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from mqtt_tools import Watcher, until
from programs import Program, hasten

from repcount.edges.mqtt.homeassistant import discovery, discovery_topic, ha_event
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


class HomeAssistant:
    """The real one at a broker: states by entity, and what its automations called."""

    def __init__(self, port):
        blueprints = Path(__file__).parents[2] / "examples" / "home-assistant"
        program = [PYTHON, Path(__file__).with_name("homeassistant_run.py"), str(port), str(blueprints)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(program, text=True, **pipes)
        self.states, self.calls = {}, []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            match json.loads(line):
                case ["state", entity, state]:
                    self.states.setdefault(entity, []).append(state)
                case ["call", domain, service, data]:
                    self.calls.append((f"{domain}.{service}", data))

    def now(self, entity):
        return self.states.get(entity, [None])[-1]

    def call(self, *words):
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def end(self):
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdin.close()
        self._process.stdout.close()


@pytest.fixture
def hasty(tmp_path):
    """Pull-ups, one of them lowered too fast, four times as quick."""
    source = Path(__file__).parents[2] / "recordings" / "wrist_demo_session_01"
    return hasten(source, tmp_path / "hasty", 4)


async def test_home_assistant_finds_a_station_shows_it_commands_it_and_runs_the_blueprints(mosquitto, hasty):
    broker = mosquitto()
    broker.start()
    watcher = await Watcher().hear(broker.port, "repcount/#")
    with ExitStack() as running:
        home = HomeAssistant(broker.port)
        running.callback(home.end)
        await until(lambda: home.now("automation.automation_1") == "on", "Home Assistant")
        words = ["--exercise", "pull_up", "--station", "rack-1", "--port", 0, "--no-record", "--json"]
        there = f"mqtt://127.0.0.1:{broker.port}"
        service = Program("live", "--sensor", f"virtual:{hasty}", "--broker", there, *words)
        running.callback(service.kill)

        await until(lambda: home.now("sensor.rack_1_reps") == "5", "five reps in Home Assistant")
        await until(lambda: "off" in home.states["binary_sensor.rack_1_controlled_lowering"], "the fast one")
        await until(lambda: ("tts.speak", 5) in spoken(home), "the fifth rep to be said")
        await until(lambda: "scene.turn_on" in dict(home.calls), "the light to be as it was")
        assert [message for _, message in spoken(home)][:5] == [1, 2, 3, 4, 5]
        red = dict(home.calls)["light.turn_on"]
        assert (red["rgb_color"], red["entity_id"]) == ([255, 0, 0], ["light.hall"])
        assert home.now("select.rack_1_exercise") == "pull_up"
        assert home.now("binary_sensor.rack_1_sensor") == "on"

        home.call("select", "select_option", {"entity_id": "select.rack_1_exercise", "option": "deadlift"})
        await until(lambda: home.now("select.rack_1_exercise") == "deadlift", "the exercise to be chosen")
        assert watcher.last("rack-1/cmd-result")["ok"] is True

        service.kill()
        await until(lambda: home.now("sensor.rack_1_reps") == "unavailable", "the last will")
        watcher.publish(discovery_topic("rack-1"), b"", retain=True)
        await until(lambda: home.now("sensor.rack_1_reps") is None, "the station to be taken away")
    await watcher.leave()


def spoken(home):
    return [(name, data["message"]) for name, data in home.calls if name == "tts.speak"]
