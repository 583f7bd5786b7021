"""Questions whose answer comes in parts: each is published, and what goes wrong is said."""

import asyncio
import json

import pytest

from repcount.edges.mqtt.answers import FAILED, MOST_AT_ONCE, Answers, Part
from repcount.edges.mqtt.requests import Request, read_request
from repcount.errors import InputError, LinkError, Problem


@pytest.fixture
def said():
    return []


@pytest.fixture
def answers(said):
    return Answers(lambda messages: said.extend(json.loads(one.payload) for one in messages))


ASKED = Request("service", "scan", "q1")


async def parts(*results, then=None):
    for k, result in enumerate(results):
        yield Part(result, done=k == len(results) - 1 and then is None)
    if then is not None:
        raise then


async def settled(answers):
    while answers._under_way:
        await asyncio.wait(answers._under_way)


async def test_each_part_is_said_and_the_last_is_not_marked(answers, said):
    answers.begin(ASKED, parts({"n": 1}, {"n": 2}))
    await settled(answers)
    assert [(one["result"], one.get("done")) for one in said] == [({"n": 1}, False), ({"n": 2}, None)]
    assert all(one["ok"] and (one["cmd"], one["cmd_id"]) == ("scan", "q1") for one in said)


@pytest.mark.parametrize(
    ("error", "words", "problems"),
    [
        (InputError([Problem("name", "is none", "Give one.")]), "name: is none. Give one.", ["name"]),
        (LinkError("Bluetooth is off."), "Bluetooth is off.", None),
    ],
)
async def test_a_refusal_on_the_way_is_the_answer(answers, said, error, words, problems):
    answers.begin(ASKED, parts({"n": 1}, then=error))
    await settled(answers)
    assert (said[-1]["ok"], said[-1]["error"]) == (False, words)
    assert "done" not in said[-1]
    assert [one["place"] for one in said[-1].get("problems", [])] == (problems or [])


async def test_a_bug_is_logged_and_answered_and_ends_nothing_else(answers, said, caplog):
    answers.begin(ASKED, parts(then=ZeroDivisionError("oops")))
    answers.begin(ASKED, parts({"n": 1}))
    await settled(answers)
    assert sorted(one["error"] or "" for one in said) == ["", FAILED]
    assert "ZeroDivisionError" in caplog.text


async def test_too_many_at_once_are_refused_and_those_under_way_end_with_the_service(answers, said):
    async def endless():
        yield Part({})
        await asyncio.Event().wait()

    for _ in range(MOST_AT_ONCE):
        answers.begin(ASKED, endless())
    answers.begin(ASKED, parts({"n": 1}))
    assert "too much is asked at once" in said[0]["error"]
    await answers.close()
    assert not answers._under_way


def test_questions_of_the_service_are_asked_of_the_service_alone():
    assert read_request("service", "scan", b'{"seconds": 3}').fields == {"seconds": 3}
    for station, cmd in (("rack-1", "scan"), ("service", "exercise"), ("service", "watch")):
        with pytest.raises(InputError, match="there is no such command"):
            read_request(station, cmd, b"")
