"""It was 4, said over a real broker: kept, calibrated on all that is stored, told, and taken back."""

import asyncio
import json
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from mqtt_tools import Watcher, until
from programs import Program, hasten

from repcount.app.personal import load_personal
from repcount.app.recordings import RECORDINGS as SPECS
from repcount.app.simulate import write_recording
from repcount.cli import main
from repcount.edges.profiles import load_profile
from repcount.edges.recording import read_meta, write_meta
from repcount.simulate import StandStill

pytestmark = pytest.mark.system

RECORDINGS = Path(__file__).parents[2] / "recordings"
GETTING_OFF = "wrist_pull_up_getting_off_01"
"""Five pull-ups, and a getting off that a stricter eye does not take for the end of the fifth."""
KEY = "pull_up/wrist"
WEARER = STATION = "station-1"
SET_IS_OVER_S = 50.0
STAYS_S = 300.0
LIMIT_S = 120.0


@pytest.fixture
def sensor(tmp_path):
    """The set at twelve times the pace, then somebody who stands there for minutes."""
    spec = next(one for one in SPECS if one.name == GETTING_OFF)
    plan = replace(spec.plan, parts=(*spec.plan.parts, StandStill(duration_s=STAYS_S)))
    samples = spec.samples_per_notification
    profile = load_profile(spec.profile)
    write_recording(tmp_path / "worn", plan, profile, spec.seed, samples_per_notification=samples)
    return hasten(tmp_path / "worn", tmp_path / "quick", 12, SET_IS_OVER_S)


@pytest.fixture
def store(tmp_path):
    """Puts a set of the same wearer, counted by a person, beside what will be recorded."""

    def stored(recording, name, rep_count):
        folder = tmp_path / "captures" / name
        shutil.copytree(RECORDINGS / recording, folder)
        write_meta(folder, replace(read_meta(folder), wearer=WEARER, reps_true=(rep_count,)))

    return stored


@pytest.fixture
def start(tmp_path):
    with ExitStack() as running:

        def started(sensor, port):
            words = ("--exercise", "pull_up", "--port", 0, "--record", tmp_path / "captures", "--json")
            broker = ("--broker", f"mqtt://127.0.0.1:{port}")
            program = Program("live", "--sensor", f"virtual:{sensor}", *words, *broker)
            running.callback(program.kill)
            return program

        yield started


class Asking:
    """Sends commands, each with an id, and waits for what is answered."""

    def __init__(self, watcher):
        self._watcher = watcher
        self._sent = 0

    async def __call__(self, cmd, **fields):
        self._sent += 1
        cmd_id = f"k{self._sent}"
        self._watcher.publish(f"repcount/v1/{STATION}/cmd/{cmd}", json.dumps(fields | {"cmd_id": cmd_id}))
        await until(lambda: self._answers(cmd_id), f"an answer to {cmd}")
        (answer,) = self._answers(cmd_id)
        return answer

    def _answers(self, cmd_id):
        return [one for one in self._watcher.on(f"{STATION}/cmd-result") if one["cmd_id"] == cmd_id]

    async def calibration(self):
        """What came of the last correction, once it is known."""
        async with asyncio.timeout(LIMIT_S):
            while (told := (await self("calibration"))["result"])["running"]:
                pass
        return told


async def test_a_correction_is_kept_calibrated_told_and_taken_back(sensor, store, start, mosquitto):
    broker = mosquitto()
    broker.start()
    watcher = await Watcher().hear(broker.port, "repcount/#")
    store("wrist_pull_up_strict_01", "0-before", 8)
    service = start(sensor, broker.port)
    folder = Path(service.wait_for(r"recording +(\S+) \(")[1])
    await until(lambda: watcher.on(f"{STATION}/event/set")[1:], "the end of the set")
    assert watcher.on(f"{STATION}/event/set")[-1]["rep_count"] == 5
    ask = Asking(watcher)

    # said: acknowledged, on the wall, in the recording; what changes with it mends, and harms no stored set
    assert (await ask("correct_count", rep_count=4)).items() >= {"ok": True, "error": None}.items()
    await until(lambda: watcher.last(f"{STATION}/state/count")["rep_count"] == 4, "the count on the wall")
    await until(lambda: read_meta(folder).reps_true == (4,), "the label in the recording")
    told = await ask.calibration()
    assert told["rows"] == [[folder.name, "4", "5", "4", "better"], ["0-before", "8", "8", "8", ""]][::-1]
    assert told["kept"]
    assert told["words"].startswith(f"Kept for {KEY}, off by 0 reps instead of 1 and no set worse: ")
    assert service.said("corrected +Kept for")
    assert load_personal(WEARER)[KEY]

    # taken back: as if it had not been said
    assert (await ask("undo_correction"))["result"] == {"reps_true": None, "undoable": 0}
    await until(lambda: watcher.last(f"{STATION}/state/count")["rep_count"] == 5, "the count as it was")
    assert read_meta(folder).reps_true is None
    assert load_personal(WEARER) == {}
    refused = await ask("undo_correction")
    assert (refused["ok"], "no count of this session was corrected" in refused["error"]) == (False, True)

    # said again, but now there is a stored set that would be counted worse: the label stays, nothing changes
    store(GETTING_OFF, "1-before", 5)
    assert (await ask("correct_count", rep_count=4))["ok"]
    await until(lambda: watcher.last(f"{STATION}/state/count")["rep_count"] == 4, "the count on the wall")
    told = await ask.calibration()
    assert ["1-before", "5", "5", "4", "worse"] in told["rows"]
    assert (told["kept"], told["words"]) == (
        False,
        "Not kept: the best change makes 1-before worse. The label stays.",
    )
    assert load_personal(WEARER) == {}
    assert read_meta(folder).reps_true == (4,)
    await watcher.leave()


async def test_what_was_calibrated_holds_in_the_next_session_and_not_in_replays_of_the_last(
    sensor, start, mosquitto, capsys
):
    broker = mosquitto()
    broker.start()
    watcher = await Watcher().hear(broker.port, "repcount/#")
    first = start(sensor, broker.port)
    folder = Path(first.wait_for(r"recording +(\S+) \(")[1])
    ask = Asking(watcher)
    await until(lambda: watcher.on(f"{STATION}/event/set")[1:], "the end of the set")
    await ask("correct_count", rep_count=4)
    await until(lambda: watcher.last(f"{STATION}/state/count")["rep_count"] == 4, "the count on the wall")
    assert (await ask.calibration())["kept"]
    first.kill()

    second = start(sensor, broker.port)
    assert second.wait_for(r"params +pull_up at the wrist: [0-9]+ of them are not the usual ones")
    second.wait_until(lambda: second.events("set_ended"), "the end of the set")
    assert second.events("set_ended")[0]["rep_count"] == 4
    assert main(["replay", str(folder), "--json"]) == 0
    ended = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["rep_count"] for one in ended if one["type"] == "set_ended"] == [5]
    await watcher.leave()
