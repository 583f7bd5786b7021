"""The MQTT edge against real brokers: the same promises with the embedded one and with mosquitto."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures_mosquitto import free_port
from mqtt_kills import kill_often
from mqtt_tools import Desk, Embedded, Gate, System, Watcher, until

from repcount.commands import SelectExercise
from repcount.edges.mqtt import connection
from repcount.edges.mqtt.homeassistant import discovery, discovery_topic
from repcount.edges.mqtt.payloads import Source, WallClock
from repcount.edges.mqtt.state import SensorStatus
from repcount.errors import InputError, Problem
from repcount.events import LiveStatus, Phase, RepCounted, SetEnded, SetStarted

CLOCK = WallClock(1_772_366_400.0)
RETAINED = {"status"} | {
    f"state/{name}" for name in ("count", "tempo", "phase", "rest", "exercise", "sensors", "today")
}


@pytest.fixture(params=["embedded", pytest.param("mosquitto", marks=pytest.mark.system)])
def absent_broker(request):
    if request.param == "embedded":
        return Embedded()
    return System(request.getfixturevalue("mosquitto")())


@pytest.fixture
async def broker(absent_broker):
    await absent_broker.start()
    yield absent_broker
    await absent_broker.kill()


@pytest.fixture(autouse=True)
def _quick_to_reconnect(monkeypatch):
    monkeypatch.setattr(connection, "RECONNECT_FIRST_S", 0.05)
    monkeypatch.setattr(connection, "RECONNECT_LAST_S", 0.1)


@pytest.fixture
async def leave():
    """Takes what is to be closed at the end, whatever the test does: awaitables, last one first."""
    closing = []
    yield closing.append
    for close in reversed(closing):
        await close()


@pytest.fixture
def watch(leave):
    async def make(port, topic="#"):
        watcher = Watcher()
        leave(watcher.leave)
        return await watcher.hear(port, topic)

    return make


@pytest.fixture
def serve(leave):
    def make(port, *answer, **kwargs):
        desk = Desk(f"mqtt://127.0.0.1:{port}", *answer, **kwargs)
        leave(lambda: desk.service.close(0.2))
        desk.station = desk.service.station("rack-1", session="s1", source=Source.LIVE, clock=CLOCK)
        desk.service.start()
        return desk

    return make


@pytest.fixture
async def gate(leave):
    gate = Gate(free_port())
    leave(gate.shut)
    return gate


def said(at_s):
    return {"station": "rack-1", "happened_s": at_s, "said_s": at_s}


def reps(first, last):
    return [
        RepCounted(**said(rep * 0.5), set_index=1, rep_index=rep, rep_count=rep)
        for rep in range(first, last + 1)
    ]


def a_set(rep_count=3):
    facts = {"set_index": 1, "exercise": "pull_up", "start_s": 0.0}
    ended = SetEnded(
        **said(9.0),
        **facts,
        rep_count=rep_count,
        end_s=9.0,
        reps=(),
        time_under_tension_s=8.0,
        mean_tempo=None,
        best_rep_index=None,
        rom_loss_ratio=None,
        velocity_loss_ratio=None,
    )
    return [SetStarted(**said(0.5), **facts), *reps(1, rep_count), ended]


def status(now_s, **fields):
    facts = {
        "exercise": "pull_up",
        "armed": True,
        "phase": Phase.REST,
        "progress_ratio": 0.0,
        "set_index": 1,
        "rep_count": 3,
        "rest_since_s": 9.0,
        "eccentric_target_s": 2.0,
        "heart_rate_bpm": None,
    }
    return LiveStatus(now_s=now_s, **(facts | fields))


def counts(watcher):
    """`rep_count` of every event heard, repeats (which QoS 1 allows) dropped by their id."""
    by_id = {data["id"]: data["rep_count"] for data in watcher.on("rack-1/event/rep")}
    return list(by_id.values())


async def test_events_arrive_in_order_at_qos_1_and_are_not_retained(broker, watch, serve):
    watcher = await watch(broker.port)
    desk = serve(broker.port)
    await until(lambda: desk.ups == [True], "the link")

    desk.station.events(reps(1, 300))
    await until(lambda: len(watcher.on("rack-1/event/rep")) == 300, "300 events")

    data = watcher.on("rack-1/event/rep")
    assert [event["rep_count"] for event in data] == list(range(1, 301))
    assert [event["seq"] for event in data] == list(range(1, 301))
    assert {message.qos for message in watcher.heard if message.topic.endswith("/event/rep")} == {1}
    late = await watch(broker.port)
    await until(lambda: late.last("rack-1/state/count"), "the retained states")
    assert late.on("rack-1/event/rep") == []


async def test_a_late_subscriber_reads_every_state(broker, watch, serve):
    first = await watch(broker.port)
    desk = serve(broker.port)
    await until(lambda: desk.ups == [True], "the link")
    desk.station.events(a_set())
    desk.station.status(status(10.0, phase=Phase.ECCENTRIC, progress_ratio=0.4))
    desk.station.sensors({"wrist": SensorStatus(connected=True, battery_percent=87)})
    await until(lambda: first.last("rack-1/state/sensors"), "the states")

    late = await watch(broker.port)
    # No rep was completed, hence no tempo.
    wanted = {f"repcount/v1/rack-1/{name}" for name in RETAINED - {"state/tempo"}}
    await until(lambda: wanted <= {m.topic for m in list(late.heard)}, "the retained states")

    assert all(message.retain for message in late.heard)
    assert (late.last("service/status"), late.last("rack-1/status")) == ("online", "online")
    assert late.last("rack-1/state/count")["reps_total"] == 3
    assert late.last("rack-1/state/today")["sets"][0]["rep_count"] == 3
    assert late.last("rack-1/state/rest")["since"] == "2026-03-01T12:00:09.000Z"
    assert late.last("rack-1/state/sensors")["sensors"]["wrist"]["battery_percent"] == 87


async def test_a_killed_service_is_offline_by_its_last_will(broker, watch, leave):
    watcher = await watch(broker.port)
    victim = subprocess.Popen(  # noqa: ASYNC220 - returns at once
        [sys.executable, Path(__file__).with_name("mqtt_victim.py"), f"mqtt://127.0.0.1:{broker.port}"]
    )

    async def kill():
        victim.kill()
        victim.wait(5)

    leave(kill)
    await until(lambda: watcher.last("victim/status") == "online", "the victim's station")
    assert watcher.last("service/status") == "online"

    await kill()

    await until(lambda: watcher.last("service/status") == "offline", "the last will")
    late = await watch(broker.port, "repcount/v1/service/status")
    await until(lambda: late.heard, "the retained last will")
    assert late.last("service/status") == "offline"


async def test_a_service_killed_at_any_moment_loses_nothing_it_has_said(broker, tmp_path):
    trial = await kill_often(broker, tmp_path, kills=6, seed=1)

    assert trial.lost == []
    assert trial.out_of_order == 0


async def test_what_waited_when_a_service_ended_arrives_with_the_next(absent_broker, watch, serve, tmp_path):
    first = serve(free_port(), outboxes=tmp_path)
    first.station.events(reps(1, 30))
    assert await first.service.close(0.0) == 30
    await absent_broker.start()
    watcher = await watch(absent_broker.port)

    serve(absent_broker.port, outboxes=tmp_path)

    await until(lambda: len(counts(watcher)) == 30, "the events of before")
    assert counts(watcher) == list(range(1, 31))
    await absent_broker.kill()


async def test_a_station_that_is_forgotten_leaves_nothing_at_the_broker(broker, watch, serve):
    desk = serve(broker.port, announce=lambda station: discovery(station, ["pull_up"]))
    await until(lambda: desk.ups == [True], "the link")
    desk.station.status(status(1.0))
    watcher = await watch(broker.port)
    announced = [discovery_topic("rack-1"), "repcount/v1/rack-1/status", "repcount/v1/rack-1/state/rest"]
    await until(lambda: {m.topic for m in watcher.heard} >= set(announced), "what it left")

    desk.service.forget("rack-1")

    await until(lambda: {m.topic for m in watcher.heard if not m.payload} >= set(announced), "all taken back")
    late = await watch(broker.port)
    await until(lambda: late.last("service/status"), "what is still retained")
    assert [m.topic for m in late.heard if "rack-1" in m.topic] == []


async def test_a_station_forgotten_while_the_broker_is_away_is_taken_back_when_it_is_there(
    broker, watch, serve, gate
):
    await gate.open(broker.port)
    desk = serve(gate.port, announce=lambda station: discovery(station, ["pull_up"]))
    watcher = await watch(broker.port)
    await until(lambda: discovery_topic("rack-1") in {m.topic for m in watcher.heard}, "what it left")
    await gate.shut()
    await until(lambda: desk.ups == [True, False], "the outage to be noticed")

    desk.service.forget("rack-1")

    await gate.open(broker.port)
    await until(lambda: desk.ups == [True, False, True], "the link")
    for _ in range(40):  # its removal is sent as the link is up, and takes a moment
        late = await watch(broker.port)
        await until(lambda late=late: late.last("service/status") == "online", "what is still retained")
        left = [m.topic for m in late.heard if "rack-1" in m.topic]
        await late.leave()
        if not left:
            break
    assert left == []


async def test_nothing_is_lost_while_the_broker_is_dead(broker, watch, serve, gate):
    await gate.open(broker.port)
    before = await watch(broker.port)
    desk = serve(gate.port)
    await until(lambda: desk.ups == [True], "the link")
    desk.station.events(reps(1, 50))
    await until(lambda: len(counts(before)) == 50, "the events before")
    await before.leave()
    gate.mute = True
    desk.station.events(reps(51, 80))  # on their way when the broker dies
    await gate.shut()
    await broker.kill()
    await until(lambda: desk.ups == [True, False], "the outage to be noticed")
    desk.station.events(reps(81, 400))  # more than paho takes at a time
    desk.station.status(status(300.0))

    await broker.start()
    after = await watch(broker.port)
    await gate.open(broker.port)
    await until(lambda: len(counts(after)) == 350, "the events after")
    desk.station.events(reps(401, 402))
    await until(lambda: len(counts(after)) == 352, "what is said now")
    await until(lambda: after.last("rack-1/state/count")["rep_count"] == 402, "the count after it")

    assert counts(before) == list(range(1, 51))
    assert counts(after) == list(range(51, 403))
    assert desk.ups == [True, False, True]
    assert (after.last("service/status"), after.last("rack-1/status")) == ("online", "online")
    assert after.last("rack-1/state/rest")["resting"] is True
    assert after.on("rack-1/state/count")[0]["rep_count"] == 3  # as the status had it, and none older


async def test_a_state_on_its_way_when_the_link_broke_does_not_overwrite_a_newer_one(
    broker, watch, serve, gate
):
    await gate.open(broker.port)
    watcher = await watch(broker.port)
    desk = serve(gate.port)
    await until(lambda: watcher.last("rack-1/status"), "the station")
    gate.mute = True
    desk.station.status(status(10.0, exercise="deadlift"))
    await until(lambda: b"deadlift" in gate.heard, "the state to be on its way")
    await gate.shut()
    await until(lambda: desk.ups == [True, False], "the outage to be noticed")
    desk.station.status(status(11.0, exercise="pull_up"))
    await gate.open(broker.port)
    await until(lambda: desk.ups == [True, False, True], "the link again")
    desk.station.events(reps(1, 1))  # behind everything said at the connect
    await until(lambda: counts(watcher) == [1], "the event")

    assert [data["exercise"] for data in watcher.on("rack-1/state/exercise")] == ["pull_up"]


async def test_a_broker_that_comes_later_gets_what_was_said_before(absent_broker, watch, serve, gate, leave):
    desk = serve(gate.port)
    await until(lambda: desk.ups == [False], "the failure to be told")
    assert "refused" in desk.links[0][1].lower()
    desk.station.events(a_set(5))

    await absent_broker.start()
    leave(absent_broker.kill)
    watcher = await watch(absent_broker.port)
    await gate.open(absent_broker.port)

    await until(lambda: len(counts(watcher)) == 5, "the events")
    assert desk.ups == [False, True]
    await until(lambda: len(watcher.on("rack-1/event/set")) == 2, "the set")
    assert watcher.last("rack-1/state/count")["rep_count"] == 5


async def test_commands_are_done_or_refused_and_always_answered(broker, watch, serve):
    def answer(request):
        wanted = request.command(3.0)
        if isinstance(wanted, SelectExercise) and wanted.exercise != "pull_up":
            raise InputError([Problem("exercise", f"no model of {wanted.exercise!r}")])

    watcher = await watch(broker.port)
    desk = serve(broker.port, answer)
    await until(lambda: watcher.last("rack-1/status"), "the station")
    asked = [
        ("exercise", b"pull_up"),
        ("exercise", b'{"exercise": "curl", "cmd_id": "k1"}'),
        ("correct_count", b'{"rep_count": "x", "cmd_id": 7}'),
        ("exercise", b"\xff"),
        ("exercise", b"[" * 4000),
        ("exercise", b"x" * 100_000),
        ("explode", b""),
        ("end_set", b""),
    ]
    for number, (cmd, payload) in enumerate(asked, 1):
        watcher.publish(f"repcount/v1/rack-1/cmd/{cmd}", payload)
        await until(lambda n=number: len(watcher.on("rack-1/cmd-result")) == n, f"answer {number}")

    results = watcher.on("rack-1/cmd-result")
    assert [result["cmd"] for result in results] == [cmd for cmd, _ in asked]
    assert [result["ok"] for result in results] == [True, *[False] * 6, True]
    assert [result["cmd_id"] for result in results] == [None, "k1", 7, None, None, None, None, None]
    assert results[1]["error"] == "exercise: no model of 'curl'"
    assert "whole number" in results[2]["error"]
    assert all(len(result["error"]) <= 300 for result in results[1:-1])
    assert [request.cmd for request in desk.requests] == ["exercise", "exercise", "correct_count", "end_set"]


async def test_a_station_that_is_not_here_is_said_so_and_other_topics_are_not_answered(broker, watch, serve):
    watcher = await watch(broker.port)
    desk = serve(broker.port)
    await until(lambda: watcher.last("rack-1/status"), "the station")

    watcher.publish("repcount/v1/Rack 1/cmd/reset", b"")
    watcher.publish("repcount/v1/rack-1/cmd/RESET!", b"")
    watcher.publish("repcount/v1/rack-2/cmd/reset", b"")
    await until(lambda: watcher.last("rack-2/cmd-result"), "the answer")

    assert "rack-1" in watcher.last("rack-2/cmd-result")["error"]
    assert [m.topic for m in watcher.heard if "cmd-result" in m.topic] == ["repcount/v1/rack-2/cmd-result"]
    assert desk.requests == []


async def test_an_input_error_of_the_caller_is_the_answer(broker, watch, serve):
    def answer(_request):
        raise InputError([])

    watcher = await watch(broker.port)
    serve(broker.port, answer)
    await until(lambda: watcher.last("rack-1/status"), "the station")
    watcher.publish("repcount/v1/rack-1/cmd/reset", b"")

    await until(lambda: watcher.last("rack-1/cmd-result"), "the answer")
    assert watcher.last("rack-1/cmd-result")["ok"] is False


async def test_a_retained_command_is_ignored(broker, watch, serve):
    watcher = await watch(broker.port)
    watcher.publish("repcount/v1/rack-1/cmd/reset", b'{"cmd_id": "old"}', retain=True)
    await until(lambda: watcher.on("rack-1/cmd/reset"), "the retained command")
    desk = serve(broker.port)
    await until(lambda: watcher.last("rack-1/status"), "the station")

    watcher.publish("repcount/v1/rack-1/cmd/end_set", b'{"cmd_id": "new"}')
    await until(lambda: watcher.on("rack-1/cmd-result"), "the answer")

    assert [request.cmd_id for request in desk.requests] == ["new"]
    assert [result["cmd_id"] for result in watcher.on("rack-1/cmd-result")] == ["new"]


async def test_closing_says_offline_and_delivers_what_is_left(broker, watch, serve):
    watcher = await watch(broker.port)
    desk = serve(broker.port)
    await until(lambda: desk.ups == [True], "the link")
    desk.station.events(reps(1, 250))

    assert await desk.service.close(10.0) == 0

    await until(lambda: watcher.last("service/status") == "offline", "the farewell")
    assert watcher.last("rack-1/status") == "offline"
    assert counts(watcher) == list(range(1, 251))  # all before the farewell
    assert desk.ups == [True]


async def test_closing_without_a_broker_is_quick_and_says_what_was_not_delivered(serve):
    desk = serve(free_port())
    await until(lambda: desk.ups == [False], "the failure to be told")
    async with asyncio.timeout(1.0):
        assert await Desk(f"mqtt://127.0.0.1:{free_port()}").service.close(60.0) == 0
    desk.station.events(reps(1, 3))

    async with asyncio.timeout(1.0):
        assert await desk.service.close(0.1) == 3


async def test_the_protocol_is_3_1_1(broker, serve, gate):
    await gate.open(broker.port)
    desk = serve(gate.port, client_id="it-is-me")
    await until(lambda: desk.ups == [True], "the link")

    assert gate.heard[2:9] == b"\x00\x04MQTT\x04"
    assert b"it-is-me" in gate.heard


async def test_a_station_closed_during_an_outage_is_offline_after_it(broker, watch, serve, gate):
    await gate.open(broker.port)
    watcher = await watch(broker.port)
    desk = serve(gate.port)
    await until(lambda: watcher.last("rack-1/status") == "online", "the station")
    await gate.shut()
    await until(lambda: desk.ups == [True, False], "the outage to be noticed")
    desk.station.close()
    await gate.open(broker.port)

    await until(lambda: watcher.last("rack-1/status") == "offline", "the station to be offline")
    with pytest.raises(ValueError, match="session"):
        desk.service.station("rack-1", session="s1", source=Source.LIVE, clock=CLOCK)
    desk.service.station("rack-1", session="s2", source=Source.LIVE, clock=CLOCK)
    await until(lambda: watcher.last("rack-1/status") == "online", "the station again")


async def test_closing_says_offline_even_when_the_broker_acknowledges_nothing(broker, watch, serve, gate):
    await gate.open(broker.port)
    watcher = await watch(broker.port)
    desk = serve(gate.port)
    await until(lambda: watcher.last("service/status") == "online", "the service")
    gate.deaf = True
    desk.station.events(reps(1, 60))

    assert await desk.service.close(0.1) == 60

    await until(lambda: watcher.last("service/status") == "offline", "the farewell")


@pytest.mark.system
async def test_a_refused_password_is_told_once_and_never_repeated(mosquitto, leave, caplog):
    caplog.set_level(logging.DEBUG)
    broker = mosquitto("allow_anonymous false")
    broker.start()
    desk = Desk(f"mqtt://me:hunter2@127.0.0.1:{broker.port}")
    leave(lambda: desk.service.close(0.1))
    desk.service.start()

    await until(lambda: desk.links, "the refusal")

    assert desk.ups == [False]
    assert "not authorized" in desk.links[0][1].lower()
    told = json.dumps(desk.links) + caplog.text + repr(desk.service) + repr(desk.service.url)
    assert "hunter2" not in told
