"""The files in `examples/`, as they stand, with the real programs they are for."""

import datetime as dt
import json
import os
import re
import shutil
import signal
import subprocess
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import paho.mqtt.client as mqtt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fixtures_mosquitto import free_port
from mqtt_tools import Watcher, until
from programs import Program, hasten

from repcount.edges.health import BrokerHealth, Health, SensorHealth, StationHealth
from repcount.edges.metrics import Metrics
from repcount.edges.mqtt.topics import State

EXAMPLES = Path(__file__).parents[2] / "examples"
RECORDING = EXAMPLES.parent / "recordings" / "wrist_demo_session_01"
NODE_RED = os.environ.get("REPCOUNT_NODE_RED")
PASSWORDS = {"repcount": "s3cret/#", "homeassistant": "h0me", "viewer": "v1ew"}
pytestmark = pytest.mark.system


def signed(name, key, issuer, issuer_key, *, authority):
    """A certificate for this machine, or of an authority."""
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")])
    builder = x509.CertificateBuilder(
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - day,
        not_valid_after=now + day,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    return (builder if authority else builder.add_extension(names, critical=False)).sign(
        issuer_key, hashes.SHA256()
    )


@pytest.fixture
def certificates(tmp_path):
    """A folder with `fullchain.pem`, `privkey.pem` and their authority's `ca.pem`."""
    folder = tmp_path / "certs"
    folder.mkdir()
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    ca = signed("our authority", ca_key, "our authority", ca_key, authority=True)
    ours = signed("gym", key, "our authority", ca_key, authority=False)
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "fullchain.pem").write_bytes(ours.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, *private))
    return folder


@pytest.fixture
def gym(mosquitto, tmp_path, certificates):
    """The example's mosquitto, its files being here and its port another; started."""
    broker = mosquitto()
    passwords = tmp_path / "passwords"
    passwords.touch(0o600)
    for user, password in PASSWORDS.items():
        subprocess.run(["mosquitto_passwd", "-b", passwords, user, password], check=True, capture_output=True)
    config = (EXAMPLES / "mosquitto" / "mosquitto.conf").read_text()
    config = config.replace("listener 8883", f"listener {broker.port} 127.0.0.1")
    config = config.replace("/etc/mosquitto/certs", str(certificates))
    config = config.replace("/etc/mosquitto/passwords", str(passwords))
    config = config.replace("/etc/mosquitto/repcount.acl", str(EXAMPLES / "mosquitto" / "repcount.acl"))
    ours = f"\npersistence_location {tmp_path}/\nlog_dest stderr\n" + "user root\n" * (os.geteuid() == 0)
    (tmp_path / "mosquitto.conf").write_text(config + ours)
    broker.start()
    return broker


@pytest.fixture
def running():
    with ExitStack() as stack:
        yield stack


def live(running, folder, *words, **environment):
    words = (
        "--sensor",
        f"virtual:{hasten(RECORDING, folder / 'hasty', 4)}",
        "--exercise",
        "pull_up",
        "--port",
        0,
        "--no-record",
        *words,
    )
    service = Program("live", "--json", *words, **environment)
    running.callback(service.kill)
    return service


async def client(user, port, certificates, heard):
    """A client of an account, which keeps what it hears of everything it may hear."""
    one = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    one.username_pw_set(user, PASSWORDS[user])
    one.tls_set(ca_certs=str(certificates / "ca.pem"))
    one.on_connect = lambda c, *_: c.subscribe("#", 1)
    subscribed = []
    one.on_subscribe = lambda *_: subscribed.append(True)
    one.on_message = lambda _c, _u, message: heard.append((message.topic, message.payload))
    one.connect_async("127.0.0.1", port)
    one.loop_start()
    await until(lambda: subscribed, f"{user}'s subscription")
    return one


def url(port, password="s3cret%2F%23"):  # noqa: S107 - of this test's broker
    return f"mqtts://repcount:{password}@127.0.0.1:{port}"


async def test_mosquitto_with_tls_accounts_and_access_list_serves_all_three_roles(
    gym, certificates, running, tmp_path
):
    seen, known = [], []
    viewer = await client("viewer", gym.port, certificates, seen)
    home = await client("homeassistant", gym.port, certificates, known)
    for one in (viewer, home):
        running.callback(one.loop_stop)
        running.callback(one.disconnect)
    service = live(running, tmp_path, "--mqtt-ca", certificates / "ca.pem", REPCOUNT_BROKER=url(gym.port))
    await until(lambda: "repcount/v1/station-1/event/rep" in dict(seen), "a rep at the viewer")
    await until(lambda: "homeassistant/device/repcount_station-1/config" in dict(known), "the announcement")

    viewer.publish("repcount/v1/station-1/cmd/exercise", b"deadlift", 1).wait_for_publish(5.0)  # not allowed
    home.publish("repcount/v1/station-1/cmd/exercise", b"lat_pulldown", 1)
    await until(lambda: "repcount/v1/station-1/cmd-result" in dict(known), "the answer to Home Assistant")

    results = [json.loads(payload) for topic, payload in known if topic.endswith("cmd-result")]
    assert [(result["cmd"], result["ok"]) for result in results] == [("exercise", True)]
    chosen = [json.loads(payload)["exercise"] for topic, payload in seen if topic.endswith(State.EXERCISE)]
    assert "deadlift" not in chosen
    leaves = {topic.split("/")[3] for topic, _ in seen}
    assert leaves == {"state", "event", "status"}  # no commands, no answers, no raw signal
    assert service.said("s3cret") == []


async def test_a_page_of_a_broker_with_tls_and_accounts_works_through_the_service(
    gym, certificates, running, tmp_path
):
    service = live(running, tmp_path, "--mqtt-ca", certificates / "ca.pem", "--broker", url(gym.port))
    page = re.search(r":(\d+)/", service.wait_for(r"dashboard +http://127\.0\.0\.1:\d+/")[0])[1]
    heard, browser = [], mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, transport="websockets")
    browser.ws_set_options(path="/mqtt")
    browser.on_connect = lambda c, *_: c.subscribe("repcount/v1/+/state/#")
    browser.on_message = lambda _c, _u, message: heard.append(message.topic)
    browser.connect_async("127.0.0.1", int(page))
    browser.loop_start()
    running.callback(browser.loop_stop)
    running.callback(browser.disconnect)
    await until(lambda: "repcount/v1/station-1/state/count" in heard, "the count through the page's relay")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ["--mqtt-ca", "ca.pem", "--broker", url("{port}", "wrong")],
            "password of 'repcount' right",
        ),
        (["--broker", url("{port}")], r"not trusted.*--mqtt-ca FILE"),
        (["--broker", "mqtt://127.0.0.1:{port}"], "hung up before it said anything.*mqtts://"),
    ],
)
async def test_what_is_wrong_with_the_way_to_such_a_broker_is_said(
    gym, certificates, running, tmp_path, given, said
):
    words = [
        word.replace("{port}", str(gym.port)).replace("ca.pem", str(certificates / "ca.pem"))
        for word in given
    ]
    service = live(running, tmp_path, *words)
    await until(lambda: service.said(said), said)
    assert service.said("wrong|s3cret") == []
    service.send(signal.SIGTERM)
    assert service.ended() == 0


@pytest.mark.parametrize(
    ("content", "broker", "said"),
    [
        (None, "mqtts://gym", "cannot be read: No such file"),
        ("no certificate", "mqtts://gym", "holds no certificate"),
        ("no certificate", "mqtt://gym", "is a broker without TLS. Write mqtts://host"),
    ],
)
def test_a_ca_file_that_is_none_is_exit_2(running, tmp_path, content, broker, said):
    if content:
        (tmp_path / "ca.pem").write_text(content)
    service = live(running, tmp_path, "--mqtt-ca", tmp_path / "ca.pem", "--broker", broker)
    assert service.ended() == 2
    assert service.said(f"--mqtt-ca: .*{said}")


@pytest.fixture
def node_red(tmp_path, running):
    """Starts Node-RED with the example's flow at a broker; its debug node says what it shows in the log."""
    if NODE_RED is None or shutil.which("node") is None:
        pytest.skip("needs Node-RED; `make test-node-red` gets it")

    def start(port):
        flow = json.loads((EXAMPLES / "node-red" / "flow.json").read_text())
        for node in flow:
            if node["type"] == "mqtt-broker":
                node["port"] = str(port)
            if node["type"] == "debug":
                node["console"] = True
        (tmp_path / "flows.json").write_text(json.dumps(flow))
        page, log = free_port(), tmp_path / "log"
        words = [
            "node",
            f"{NODE_RED}/red.js",
            "--userDir",
            tmp_path,
            "--port",
            str(page),
            tmp_path / "flows.json",
        ]
        with log.open("w") as out:
            process = subprocess.Popen(words, stdout=out, stderr=out)
        running.callback(process.wait)
        running.callback(process.kill)
        return page, log.read_text

    return start


async def test_the_node_red_flow_shows_counts_and_sets_once_and_chooses(mosquitto, node_red):
    broker = mosquitto()
    broker.start()
    page, log = node_red(broker.port)
    watcher = await Watcher().hear(broker.port, "repcount/#")
    await until(lambda: "Connected to broker" in log(), "Node-RED")
    await until(lambda: "Started flows" in log(), "the flow")
    watcher.publish("repcount/v1/rack-1/state/count", b'{"schema":1,"rep_count":7}', retain=True)
    await until(lambda: "[debug:show] 7" in log(), "the count")
    for number in ("1", "1", "2"):
        ended = {"type": "set_ended", "id": number, "rep_count": 8}
        watcher.publish("repcount/v1/rack-1/event/set", json.dumps(ended))
    await until(lambda: "id: '2'" in log(), "the second set")
    assert log().count("id: '1'") == 1

    there = f"http://127.0.0.1:{page}"
    async with aiohttp.ClientSession(there) as person, person.post("/inject/rc-choose") as done:
        assert done.status == 200
    await until(lambda: watcher.on("station-1/cmd/exercise") == ["deadlift"], "the choice")
    await watcher.leave()


def test_the_grafana_board_asks_for_topics_and_fields_that_there_are():
    board = json.loads((EXAMPLES / "grafana" / "dashboard.json").read_text())
    schemas = EXAMPLES.parent / "docs" / "schemas"
    for panel in board["panels"]:
        assert panel["datasource"]["type"] == "grafana-mqtt-datasource"
        (target,) = panel["targets"]
        leaf = target["topic"].removeprefix("repcount/v1/${station}/").replace("/", "-")
        known = json.loads((schemas / f"{leaf}.json").read_text())["properties"]
        shown = panel.get("options", {}).get("reduceOptions", {}).get("fields", "")
        assert shown == "" or shown.removeprefix("/^").removesuffix("$/") in known


def test_prometheus_takes_what_is_scraped_and_the_alerts():
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("promtool is not installed")
    config = EXAMPLES / "prometheus" / "prometheus.yml"
    checked = subprocess.run([tool, "check", "config", config], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_the_alerts_ask_for_metrics_that_there_are():
    asked = set(re.findall(r"repcount_\w+", (EXAMPLES / "prometheus" / "alerts.yml").read_text()))
    broker, there = BrokerHealth(url="mqtt://gym", connected=True), SensorHealth(connected=True)
    stations = {"rack-1": StationHealth(sensors={"wrist": there})}
    text, _ = Metrics(lambda: Health(version="1", uptime_s=1.0, broker=broker, stations=stations)).exposition(
        ""
    )
    said = set(re.findall(r"# TYPE (\w+) ", text.decode()))
    assert asked
    assert asked <= said
