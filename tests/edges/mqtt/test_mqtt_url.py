import pytest

from repcount.edges.mqtt.url import BrokerUrl, parse_url
from repcount.errors import InputError


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("mqtt://localhost", BrokerUrl("localhost", 1883)),
        ("mqtt://localhost/", BrokerUrl("localhost", 1883)),
        ("MQTT://Broker.lan:1884", BrokerUrl("broker.lan", 1884)),
        ("mqtts://10.0.0.2", BrokerUrl("10.0.0.2", 8883, tls=True)),
        ("mqtt://[::1]:1900", BrokerUrl("::1", 1900)),
        ("mqtt://me@h", BrokerUrl("h", 1883, user="me")),
        ("mqtt://me:p%40s%3As%2F@h:2", BrokerUrl("h", 2, user="me", password="p@s:s/")),  # noqa: S106 - made up
    ],
)
def test_addresses_are_read(text, url):
    assert parse_url(text) == url


def test_the_password_is_neither_in_the_repr_nor_in_the_text():
    url = parse_url("mqtts://me:hunter2@[::1]")

    assert "hunter2" not in repr(url) + str(url)
    assert str(url) == "mqtts://[::1]:8883"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "localhost:1883",
        "http://h",
        "mqtt://",
        "mqtt://h:0",
        "mqtt://h:99999",
        "mqtt://h:x",
        "mqtt://h/topic",
        "mqtt://h?x=1",
        "mqtt://a b",
        "mqtt://" + "a" * 300,
        "mqtt://[zz]",
        "mqtt://:p@h",
    ],
)
def test_other_addresses_are_wrong_input(text):
    with pytest.raises(InputError) as caught:
        parse_url(text, "broker.url")
    assert all(problem.place == "broker.url" for problem in caught.value.problems)


def test_all_problems_come_at_once():
    with pytest.raises(InputError) as caught:
        parse_url("mqt://bad host:0/x")

    messages = "\n".join(map(str, caught.value.problems))
    assert len(caught.value.problems) == 4
    assert "Did you mean 'mqtt'?" in messages


@pytest.mark.parametrize("text", ["mqtt://me:hun/ter2@h", "mqtt://me:hun#ter2@h", "mqtt://me:hun?ter2@h:x"])
def test_a_password_written_wrong_is_not_repeated(text):
    with pytest.raises(InputError) as caught:
        parse_url(text)

    assert "hun" not in str(caught.value)
    assert "ter2" not in str(caught.value)
    assert "%2F" in str(caught.value)
