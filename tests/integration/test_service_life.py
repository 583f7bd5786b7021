"""The service from its start to its end, as systemd and monitors see it: in a process of its own."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from fixtures_mosquitto import free_port
from mqtt_tools import Watcher, until
from programs import Program, hasten

from repcount.cli import main

ROOT = Path(__file__).parents[2]
PULL_UPS = ROOT / "recordings" / "wrist_pull_up_strict_01"
PAGE = r"dashboard +(http://127\.0\.0\.1:(\d+)/)"
STOPS_S = 5.0


@pytest.fixture
def live():
    """Starts a service that reads a virtual sensor."""
    with ExitStack() as running:

        def started(*words, sensor=PULL_UPS, **environment):
            always = (
                "--sensor",
                f"virtual:{sensor}",
                "--exercise",
                "pull_up",
                "--port",
                0,
                "--json",
                "--no-record",
            )
            program = Program("live", *always, *words, **environment)
            running.callback(program.kill)
            return program

        yield started


@pytest.fixture
def hasty(tmp_path):
    """The pull-ups, eight times as quick."""
    return hasten(PULL_UPS, tmp_path / "hasty", 8)


@pytest.fixture
def systemd(tmp_path):
    """The socket of a stand-in for systemd, which hears what it is told."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(30.0)
        yield listening


@pytest.mark.system
async def test_sigterm_in_a_set_ends_it_and_delivers_everything_within_seconds(live, hasty, mosquitto):
    broker = mosquitto()
    broker.start()
    watcher = await Watcher().hear(broker.port, "repcount/#")
    service = live("--broker", f"mqtt://127.0.0.1:{broker.port}", sensor=hasty)
    await until(lambda: len(service.events("rep_counted")) >= 3, "three reps")

    service.send(signal.SIGTERM)

    assert service.ended(STOPS_S) == 0
    printed = [json.loads(line) for line in service.out]
    assert printed[-1]["type"] == "set_ended"
    await until(lambda: watcher.last("station-1/status") == "offline", "the farewell")
    assert watcher.last("service/status") == "offline"
    told = watcher.on("station-1/event/rep") + watcher.on("station-1/event/set")
    assert sorted(event["seq"] for event in told) == list(range(1, len(printed) + 1))
    assert watcher.on("station-1/event/set")[-1]["rep_count"] == printed[-1]["rep_count"]
    assert service.said("Traceback|ERROR|WARNING") == []
    await watcher.leave()


def test_sigterm_while_the_broker_is_away_leaves_every_event_on_disk(live, hasty, tmp_path):
    service = live("--broker", f"mqtt://127.0.0.1:{free_port()}", sensor=hasty, XDG_DATA_HOME=str(tmp_path))
    service.wait_until(lambda: len(service.events("rep_counted")) >= 3, "three reps")

    service.send(signal.SIGTERM)

    assert service.ended(STOPS_S) == 0
    printed = [json.loads(line) for line in service.out]
    with closing(sqlite3.connect(tmp_path / "repcount" / "outbox" / "station-1.sqlite")) as db:
        kept = [json.loads(payload) for (payload,) in db.execute("SELECT payload FROM events ORDER BY id")]
    assert [event["type"] for event in kept] == [event["type"] for event in printed]
    assert kept[-1]["type"] == "set_ended"
    assert service.said(f"{len(kept)} events could not be delivered.* leave at the next start")


def test_systemd_is_told_that_it_is_ready_alive_and_stopping(live, systemd):
    service = live(NOTIFY_SOCKET=systemd.getsockname(), WATCHDOG_USEC="200000")
    told = []
    while "READY=1" not in told or len(told) < 4:
        told += systemd.recv(1000).decode().splitlines()
    assert told[0] == "READY=1"
    assert service.said(PAGE)  # ready only once it serves
    assert told[1] == "WATCHDOG=1"
    assert told[2].startswith("STATUS=")

    service.send(signal.SIGTERM)
    assert service.ended(STOPS_S) == 0
    while "STOPPING=1" not in told:
        told += systemd.recv(1000).decode().splitlines()


def test_status_and_metrics_of_a_running_service(live, capsys):
    service = live()
    url = service.wait_for(PAGE)[1]
    service.wait_until(lambda: service.events("rep_counted"), "the first rep")

    assert main(["status", "--url", url]) == 0
    table = capsys.readouterr().out
    assert "station-1  wrist   connected, " in table
    assert "1 open: " in table
    assert main(["status", "--url", url, "--json"]) == 0
    health = json.loads(capsys.readouterr().out)
    assert health["stations"]["station-1"]["sensors"]["wrist"]["last_sample_age_s"] < 10
    assert health["broker"]["connected"] is True
    with urlopen(f"{url}metrics") as answer:  # noqa: S310 - our own
        text = answer.read().decode()
    assert 'repcount_events_total{station="station-1",type="rep_counted"}' in text
    assert 'repcount_publish_latency_seconds_count{station="station-1"}' in text
    assert 'repcount_detector_latency_seconds_count{station="station-1",type="rep_counted"}' in text
    assert "repcount_broker_connected 1.0" in text


def test_status_of_a_service_without_its_broker_says_so(live, capsys):
    service = live("--broker", f"mqtt://127.0.0.1:{free_port()}")
    url = service.wait_for(PAGE)[1]
    service.wait_for("nothing listens there")
    assert main(["status", "--url", url]) == 1
    assert "broker: no connection to mqtt://127.0.0.1" in capsys.readouterr().err


def test_the_broker_may_be_named_where_no_other_user_reads_it(live):
    service = live(REPCOUNT_BROKER=f"mqtt://me:hunter2@127.0.0.1:{free_port()}")
    service.wait_for("nothing listens there")
    assert service.said("hunter2") == []


def test_an_outbox_of_another_version_is_exit_2_and_left_as_it_is(live, tmp_path):
    path = tmp_path / "repcount" / "outbox" / "station-1.sqlite"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9")
        db.commit()
    before = path.read_bytes()

    service = live(XDG_DATA_HOME=str(tmp_path))

    assert service.ended() == 2
    assert service.said(r"station-1\.sqlite: is an outbox of another version of repcount \(schema 9")
    assert [line for line in service.err if "Traceback" in line] == [], service.err
    assert path.read_bytes() == before


@pytest.mark.system
def test_the_unit_is_one_that_systemd_understands(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = (ROOT / "examples" / "systemd" / "repcount.service").read_text()
    program = unit.partition("ExecStart=")[2].split()[0]
    (tmp_path / "repcount.service").write_text(
        unit.replace(program, "/bin/true")
    )  # ours is not installed there
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "repcount.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in checked.stderr.splitlines() if "repcount" in line]
    assert (checked.returncode, complaints) == (0, [])
