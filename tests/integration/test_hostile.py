"""What anybody can send to a broker while the service counts: refused with a reason or ignored; it goes on.

The whole service at a real mosquitto and at the embedded broker, its page in a real browser.
"""

import json
from contextlib import ExitStack
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from mqtt_tools import Watcher, until
from programs import Program, hasten

RECORDING = Path(__file__).parents[2] / "recordings" / "wrist_demo_session_01"
BROKER = r"connected to mqtt://127\.0\.0\.1:(\d+)"
PAGE = r"dashboard +(http://127\.0\.0\.1:(\d+)/)"
MARKUP = "<img src=x onerror=alert(1)>"
DEEP = 10_000
NEEDS_NOTHING = {"arm", "plan", "load", "watch", "history"}
CMDS = (
    "exercise",
    "correct_count",
    "target_tempo",
    "arm",
    "load",
    "plan",
    "history",
    "delete_recording",
    "watch",
)
PAYLOADS = {
    "1 MB of text": b"x" * 1_000_000,
    "1 MB of JSON": b'{"exercise": "' + b"x" * 1_000_000 + b'"}',
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep and small": b'{"sets": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "bad UTF-8": b"\xff\xfe\xc3\x28",
    "bad UTF-8 in JSON": b'{"exercise": "\xed\xa0\x80"}',
    "NUL": b"\x00",
    "a lone surrogate": b'{"exercise": "\\ud800"}',
    "half an object": b'{"rep_count": ',
    "NaN": b'{"rep_count": NaN, "load_kg": NaN, "eccentric_s": NaN}',
    "infinity": b'{"rep_count": -Infinity, "load_kg": 1e999}',
    "a huge integer": b'{"rep_count": ' + b"9" * 5000 + b"}",
    "a negative count": b'{"rep_count": -3}',
    "a fraction": b'{"rep_count": 2.5}',
    "a boolean": b'{"rep_count": true}',
    "null": b"null",
    "a list": b"[1, 2]",
    "another schema": b'{"schema": 99}',
    "another command": b'{"cmd": "reset"}',
    "a time of its own": b'{"at_s": 1e300}',
    "wrong types": b'{"exercise": {"a": 1}, "armed": "maybe", "sets": 7, "name": ["x"], "day": 5}',
    "markup": json.dumps({"exercise": MARKUP, "name": MARKUP, "day": MARKUP, "cmd_id": MARKUP}).encode(),
    "a path": b'{"name": "../../../../etc/passwd"}',
    "a long id": json.dumps({"cmd_id": "x" * 5000}).encode(),
    "an id that is none": b'{"cmd_id": {"a": []}}',
    "infinity bare": b"inf",
    "NaN bare": b"nan",
    "tempo of infinity": b"inf-nan-1-1",
}
TOPICS = (
    "repcount/v1/RACK <b>1</b>/cmd/reset",
    "repcount/v1/../cmd/reset",
    "repcount/v1//cmd/reset",
    "repcount/v1/rack/1/cmd/reset",
    "repcount/v1/rack-1/cmd/re set",
    "repcount/v1/rack-1/cmd/__class__",
    "repcount/v1/" + "r" * 33 + "/cmd/reset",
    "repcount/v1/r\u00e4ck/cmd/reset",
    "repcount/v1/rack-9/state/count",
    "repcount/v1/" + MARKUP + "/state/count",
    "homeassistant/status",
    "x" * 60_000,
)


@pytest.fixture
def running():
    with ExitStack() as stack:
        yield stack


@pytest.fixture(params=["embedded", pytest.param("mosquitto", marks=pytest.mark.system)])
async def counting(request, running, tmp_path):
    """A service that counts, twice as quick as it was; yields it, its broker's port and its page."""
    words = [
        "--station",
        "rack-1",
        "--exercise",
        "pull_up",
        "--port",
        0,
        "--json",
        "--record",
        tmp_path / "kept",
    ]
    if request.param == "mosquitto":
        broker = request.getfixturevalue("mosquitto")()
        broker.start()
        words += ["--broker", f"mqtt://127.0.0.1:{broker.port}"]
    folder = hasten(RECORDING, tmp_path / "hasty", 2)
    service = Program("live", "--sensor", f"virtual:{folder}", *words)
    running.callback(service.kill)
    await until(lambda: service.said(PAGE) and service.said(BROKER), "the service")
    return service, int(service.said(BROKER)[0][1]), service.said(PAGE)[0][1]


async def test_every_payload_is_answered_and_the_count_goes_on(counting):
    service, port, _ = counting
    watcher = await Watcher().hear(port, "repcount/v1/rack-1/#")
    await until(lambda: service.events("rep_counted"), "the first rep")
    for name, payload in PAYLOADS.items():
        before = len(watcher.on("rack-1/cmd-result"))
        for cmd in CMDS:
            watcher.publish(f"repcount/v1/rack-1/cmd/{cmd}", payload)
        await until(
            lambda n=before: len(watcher.on("rack-1/cmd-result")) >= n + len(CMDS), f"answers to {name}"
        )
    said = len(service.events("rep_counted")) + len(service.events("rep_completed"))
    await until(
        lambda: len(service.events("rep_counted")) + len(service.events("rep_completed")) > said,
        "it to count on",
    )

    results = watcher.on("rack-1/cmd-result")
    assert len(results) == len(PAYLOADS) * len(CMDS)
    done = [result["cmd"] for result in results if result["ok"]]
    assert set(done) <= NEEDS_NOTHING
    assert all(len(result["error"] or "") <= 300 for result in results)
    assert service.said("Traceback|ERROR") == []
    assert service.events("count_corrected") == []
    await watcher.leave()


async def test_topics_that_are_none_of_ours_are_ignored(counting):
    service, port, _ = counting
    watcher = await Watcher().hear(port, "repcount/v1/rack-1/#")
    for topic in TOPICS:
        watcher.publish(topic, b'{"schema": 1, "rep_count": 99}')
    watcher.publish("repcount/v1/rack-1/cmd/correct_count", b'{"cmd_id": "last", "rep_count": "x"}')
    await until(lambda: len(watcher.on("rack-1/cmd-result")) >= 2, "the answers to those that could be ours")
    await until(lambda: len(service.events("rep_counted")) >= 3, "it to count on")
    answers = [(answer["cmd"], answer["ok"]) for answer in watcher.on("rack-1/cmd-result")]
    assert answers == [("__class__", False), ("correct_count", False)]
    assert service.said("Traceback|ERROR") == []
    await watcher.leave()


@pytest.mark.system
async def test_a_client_of_version_5_hears_what_one_of_3_1_1_hears(mosquitto, running, tmp_path):
    broker = mosquitto()
    broker.start()
    heard = {mqtt.MQTTv311: [], mqtt.MQTTv5: []}
    for protocol, kept in heard.items():
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=protocol)
        client.on_connect = lambda c, *_: c.subscribe("repcount/v1/rack-1/event/#", 1)
        client.on_message = lambda _c, _u, message, kept=kept: kept.append(message.payload)
        client.connect("127.0.0.1", broker.port)
        client.loop_start()
        running.callback(client.loop_stop)
        running.callback(client.disconnect)
    service = Program(
        *("live", "--sensor", f"virtual:{hasten(RECORDING, tmp_path / 'hasty', 4)}", "--station", "rack-1"),
        *("--exercise", "pull_up", "--port", 0, "--no-record", "--broker", f"mqtt://127.0.0.1:{broker.port}"),
    )
    running.callback(service.kill)
    await until(lambda: min(map(len, heard.values())) >= 10, "ten events at both")
    assert heard[mqtt.MQTTv5][:10] == heard[mqtt.MQTTv311][:10]

    client.publish("repcount/v1/rack-1/cmd/end_set", b"", 1)  # the one of version 5 asks
    ended = b'"type":"set_ended"'
    await until(lambda: all(any(ended in one for one in kept) for kept in heard.values()), "the end at both")


@pytest.mark.system
@pytest.mark.asyncio(loop_scope="session")
async def test_the_page_shows_what_strangers_send_as_text_or_not_at_all(chromium, running, tmp_path):
    words = ["--station", "rack-1", "--exercise", "pull_up", "--port", 0, "--json", "--no-record"]
    service = Program("live", "--sensor", f"virtual:{hasten(RECORDING, tmp_path / 'hasty', 2)}", *words)
    running.callback(service.kill)
    await until(lambda: service.said(PAGE) and service.said(BROKER), "the service")
    stranger = await Watcher().hear(int(service.said(BROKER)[0][1]), "repcount/v1/rack-1/cmd-result")
    context = await chromium.new_context()
    page = await context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    await page.goto(service.said(PAGE)[0][1])
    await page.wait_for_function("() => Number(document.querySelector('.number')?.textContent) >= 1")
    for topic in (
        "rack-1/state/today",
        "rack-1/state/sensors",
        f"{MARKUP}/state/count",
        "rack-1/state/count",
    ):
        for payload in PAYLOADS.values():
            stranger.publish(f"repcount/v1/{topic}", payload)
    sensors = {MARKUP: {"connected": False, "placement": MARKUP, "why": MARKUP}}
    stranger.publish("repcount/v1/rack-1/state/sensors", json.dumps({"schema": 1, "sensors": sensors}))
    stranger.publish("repcount/v1/rack-1/cmd/exercise", json.dumps({"exercise": MARKUP}))
    await until(lambda: stranger.on("rack-1/cmd-result"), "the refusal")
    said = len(service.events("rep_counted"))
    await until(lambda: len(service.events("rep_counted")) > said, "it to count on")
    await page.wait_for_function(
        "(n) => document.querySelector('.number')?.textContent === String(n)",
        arg=service.events("rep_counted")[-1]["rep_count"],
    )
    assert await page.locator("main img, dialog img").count() == 0
    assert complaints == []
    await context.close()
    await stranger.leave()
