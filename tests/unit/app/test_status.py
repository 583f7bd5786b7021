"""`repcount status`: what a person reads of a service, and what is said when there is none."""

import http.server
import json
import socket
import threading

import pytest

from repcount.cli import main
from repcount.edges.health import BrokerHealth, Health, SensorHealth, StationHealth


@pytest.fixture
def answer():
    """Serves an answer at an address, which is given."""
    servers = []

    def serve(body, code=200):
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(code)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}", asked

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def health(**changes):
    there = SensorHealth(connected=True, profile="polar_h10", battery_percent=80, last_sample_age_s=0.12)
    gone = SensorHealth(connected=False, why="it does not answer")
    station = StationHealth(
        sensors={"wrist": gone, "chest": there},
        exercise="pull_up",
        set_open=True,
        set_index=2,
        rep_count=5,
        outbox_events=3,
    )
    facts = {
        "version": "1.2.3",
        "uptime_s": 4000.0,
        "broker": BrokerHealth(url="mqtt://gym:1883", connected=True, reconnects=2),
        "stations": {"rack-1": station},
    }
    return Health(**(facts | changes))


def sent(what):
    return json.dumps(what.to_data()).encode()


def test_a_table_says_how_each_sensor_is_and_what_is_wrong_goes_to_the_person(answer, capsys):
    url, _ = answer(sent(health()), 503)
    assert main(["status", "--url", url]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "repcount 1.2.3  degraded, up 1 h 7 min",
        "broker   mqtt://gym:1883  connected, connected anew 2 times; 3 events wait for it",
        "STATION  SENSOR  STATE                               LAST SAMPLE  SET",
        "rack-1   wrist   not connected                       -            2 open: 5 of pull_up",
        "         chest   connected, polar_h10, battery 80 %  0.1 s ago",
    ]
    assert err == "repcount: rack-1: no sensor at the wrist: it does not answer\n"


def test_all_well_is_exit_0_and_json_is_one_line_for_programs(answer, capsys):
    now = health(stations={})
    url, _ = answer(sent(now))
    assert main(["status", "--url", url, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == now.to_data()
    assert (out.count("\n"), err) == (1, "")
    assert main(["status", "--url", url]) == 0
    assert "no station is served" in capsys.readouterr().out


def test_the_address_may_be_the_one_that_was_printed_with_its_token(answer):
    url, asked = answer(sent(health(stations={})))
    assert main(["status", "--url", f"{url}/?token=abc"]) == 0
    assert main(["status", "--url", url.removeprefix("http://")]) == 0
    assert asked == ["/healthz?token=abc", "/healthz"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>hello</html>", "is not repcount"),
        (b"[1]", "is not repcount"),
        (b"\xff\xfe", "is not repcount"),
        (b'{"status": "degraded"}', "to strangers no more"),
    ],
)
def test_other_answers_are_said_and_are_exit_2(answer, capsys, body, said):
    url, _ = answer(body, 503)
    assert main(["status", "--url", f"{url}/?token=secret"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "secret" not in err


def test_nobody_there_is_exit_2_with_what_to_do(capsys):
    with socket.socket() as bound:  # and does not listen
        bound.bind(("127.0.0.1", 0))
        assert main(["status", "--url", f"http://127.0.0.1:{bound.getsockname()[1]}"]) == 2
    err = capsys.readouterr().err
    assert "nothing answers" in err
    assert "Connection refused" in err
    assert "systemctl status repcount" in err


@pytest.mark.parametrize("url", ["ftp://host", "http://", "file:///etc/passwd", "http://[", "http://h:x"])
def test_what_is_no_address_is_said(capsys, url):
    assert main(["status", "--url", url]) == 2
    assert "is no address of a page" in capsys.readouterr().err
