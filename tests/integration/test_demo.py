"""The whole service as people start it, in processes of its own."""

import json
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from fixtures_mosquitto import free_port
from mqtt_tools import Watcher, until
from programs import Program, hasten, is_open

from repcount.cli import main
from repcount.edges.recording import read_recording
from repcount.exercises import EXERCISES

PULL_UPS = Path(__file__).parents[2] / "recordings" / "wrist_pull_up_strict_01"
BROKER = r"broker +mqtt://127\.0\.0\.1:(\d+)"
PAGE = r"dashboard +(http://127\.0\.0\.1:(\d+)/)"
QUICK = 20
"""A sensor that sends so much quicker shows in seconds what it shows in a minute."""


@pytest.fixture
def start():
    with ExitStack() as running:

        def started(*words, **environment):
            program = Program(*words, **environment)
            running.callback(program.kill)
            return program

        yield started


@pytest.fixture
def hasty(tmp_path):
    """Make a recording of 8 pull-ups whose notifications came `speed` times as quick."""

    def made(speed):
        return hasten(PULL_UPS, tmp_path / "hasty", speed)

    return made


def live(start, folder, *words):
    """A service reading a virtual sensor, with the dashboard on any free port."""
    words = ("--exercise", "pull_up", "--port", 0, "--json", *words)
    return start("live", "--sensor", f"virtual:{folder}", *words)


def test_the_demo_counts_and_ends_by_itself(start):
    demo = start("demo", "--headless", "--seconds", 3, "--speed", 5, "--json")
    assert demo.ended() == 0
    types = [json.loads(line)["type"] for line in demo.out]
    assert types[:2] == ["set_started", "rep_counted"]
    assert "rep_completed" in types
    assert demo.said("dashboard|Traceback") == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_the_demo_ends_at_once_and_leaves_nothing(start, number, code):
    demo = start("demo", "--json", "--speed", QUICK, "--port", 0)
    broker, page = int(demo.wait_for(BROKER)[1]), int(demo.wait_for(PAGE + "$")[2])
    demo.wait_until(lambda: demo.events("rep_counted"), "the first rep")
    assert is_open(broker)
    with socket.create_connection(("127.0.0.1", page)), socket.create_connection(("127.0.0.1", broker)):
        demo.send(number)
        asked_s = time.monotonic()
        assert demo.ended() == code
        assert time.monotonic() - asked_s < 2.0
    assert demo.said("Traceback|Error|ERROR|could not") == []
    assert json.loads(demo.out[-1])["type"] == "set_ended"
    assert not demo.left_over()
    assert not is_open(broker)
    assert not is_open(page)


def test_ports_that_are_taken_are_said_and_the_next_free_ones_used(start):
    with ExitStack() as taken:
        for port in (1883, 8321):
            holder = taken.enter_context(socket.socket())
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if not is_open(port):
                holder.bind(("127.0.0.1", port))
                holder.listen()
        demo = start("demo", "--speed", QUICK, "--seconds", 0.3)
        assert demo.ended() == 0
    assert int(demo.said(BROKER + r" \(port 1883 is taken\)$")[0][1]) > 1883
    assert int(demo.said(PAGE + r" \(port 8321 is taken\)$")[0][2]) > 8321


def test_a_killed_service_leaves_a_recording_that_can_be_replayed(start, hasty, tmp_path, capsys):
    nowhere = f"mqtt://127.0.0.1:{free_port()}"
    service = live(start, hasty(QUICK), "--broker", nowhere, "--record", tmp_path / "kept")
    service.wait_until(lambda: len(service.events("rep_counted")) >= 3, "three reps")
    service.send(signal.SIGKILL)
    assert service.ended() == -signal.SIGKILL

    (folder,) = (tmp_path / "kept").iterdir()
    assert main(["replay", str(folder), "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    before = [json.loads(line) | {"station": "replay-file"} for line in service.out]
    assert events[: len(before)] == before
    assert read_recording(folder).meta.exercise == "pull_up"


@pytest.mark.system
async def test_a_service_counts_without_its_broker_and_tells_it_all_when_it_comes(start, hasty, mosquitto):
    broker = mosquitto()
    there = f"mqtt://127.0.0.1:{broker.port}"
    # Counts after 2 s, tries to connect after 1, 3 and 7 s, ends after 7.5 s.
    service = live(start, hasty(8), "--broker", there, "--no-record")
    await until(lambda: service.events("rep_counted"), "the first rep")
    assert len(service.said("no connection to mqtt://127.0.0.1")) == 1
    broker.start()
    watcher = await Watcher().hear(broker.port, "repcount/#")
    await until(lambda: watcher.on("station-1/event/rep"), "what was said before the broker came")
    await until(lambda: watcher.last("station-1/state/count"), "the state")
    late = await Watcher().hear(broker.port, "repcount/#")
    await until(lambda: late.last("station-1/state/count"), "the retained state")
    await until(lambda: service.events("set_ended"), "the end of the set")
    await until(lambda: len(watcher.on("station-1/event/set")) == 2, "the end of the set at the broker")

    assert late.on("service/status")[0] == late.on("station-1/status")[0] == "online"
    assert late.last("station-1/state/exercise")["available"] == list(EXERCISES)
    printed = [json.loads(line) for line in service.out]
    told = [event for leaf in ("rep", "set") for event in watcher.on(f"station-1/event/{leaf}")]
    by_seq = sorted(({event["seq"]: event for event in told}).values(), key=lambda event: event["seq"])
    known = [event for event in printed if event["type"].startswith(("rep_", "set_"))]
    assert [{key: event[key] for key in known[k]} for k, event in enumerate(by_seq)] == known
    assert len(service.said("no connection to")) == len(service.said("connected to mqtt")) == 1
    for client in (watcher, late):
        await client.leave()


def test_a_replay_counts_all_without_its_broker_and_says_so_once(capsys):
    assert main(["replay", str(PULL_UPS), "--broker", f"mqtt://127.0.0.1:{free_port()}"]) == 0
    out, err = capsys.readouterr()
    assert "set 1 ended: 8 reps of pull_up" in out
    assert err.count("events could not be delivered: the broker is away; they are lost with us") == 1
    assert err.count("no connection") == 1


@pytest.mark.system
@pytest.mark.asyncio(loop_scope="session")
async def test_a_person_at_the_page_sees_the_demo_count_and_ends_its_set(start, chromium):
    demo = start("demo", "--json", "--speed", 2.5, "--port", 0)
    await until(lambda: demo.said(PAGE), "the dashboard's address")
    context = await chromium.new_context()
    page = await context.new_page()
    await page.add_init_script(
        "window.counts = []; setInterval(() => {"
        "  const shown = document.querySelector('.number')?.textContent;"
        "  if (shown && shown !== counts.at(-1)) counts.push(shown);"
        "}, 10)"
    )
    await page.goto(demo.said(PAGE)[0][1])
    await page.wait_for_function("() => counts.includes('2')", timeout=20_000)
    await page.wait_for_function(
        "() => /^\\d\\.\\d$/.test(document.querySelector('.eccentric_s').textContent)"
    )
    assert (await page.evaluate("() => counts"))[-2:] in (["0", "2"], ["1", "2"], ["2", "3"])
    offered = await page.locator(".exercise option").evaluate_all("(options) => options.map((o) => o.value)")
    assert offered == list(EXERCISES)

    await page.locator("button.end").click()
    await until(lambda: demo.events("set_ended"), "the set to end")
    await page.locator(".done .what", has_text="Pull-up").wait_for()
    await context.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_service_with_a_configuration_counts_everybody_and_goes_on_until_told_to_end(
    start, hasty, tmp_path, number, code
):
    folder = hasty(QUICK)
    stations = [
        f'[[station]]\nid = "{one}"\nexercise = "pull_up"\n'
        f'[[station.sensor]]\nname = "virtual:{folder}"\nplacement = "wrist"\n'
        for one in ("anna", "ben")
    ]
    config = tmp_path / "repcount.toml"
    config.write_text("schema = 1\n[recording]\nkeep = false\n" + "".join(stations))
    service = start("live", "--config", config, "--port", 0, "--json")
    service.wait_until(lambda: len(service.events("set_ended")) == 2, "both sets")

    ends = service.events("set_ended")
    assert sorted((end["station"], end["rep_count"]) for end in ends) == [("anna", 8), ("ben", 8)]
    assert service.said("station +anna: virtual:.* \\(wrist\\)")
    assert service.said("recording ") == []
    service.send(number)
    assert service.ended() == code
    assert service.said("Traceback|ERROR|could not") == []
    assert not service.left_over()


def test_a_configuration_that_is_wrong_is_said_and_nothing_is_started(start, tmp_path):
    config = tmp_path / "repcount.toml"
    config.write_text('schema = 1\n[dashbord]\n[[station]]\nid = "Anna"\n')
    service = start("live", "--config", config)
    assert service.ended() == 2
    assert [one.partition("repcount.toml")[2].strip() for one in service.err] == [
        ":4: station[0].id: 'Anna' cannot be part of a topic. Use 1 to 32 of a-z, 0-9 and '-'.",
        ":3: station[0].sensor: is missing. Write [[station.sensor]] with its name and placement.",
        ":2: dashbord: unknown key. Did you mean 'dashboard'?",
    ]
