"""The studio's server: who may come in, and what it answers when something is wrong."""

import aiohttp
import pytest
import pytest_asyncio

from repcount.edges.recording.label_history import ChangedError
from repcount.edges.studio import Studio
from repcount.errors import InputError, Problem

LIMIT_S = 5.0


class Bench:
    """One recording, `one`."""

    def __init__(self):
        self.asked = []

    def listed(self):
        return [{"name": "one"}]

    async def opened(self, name):
        if name != "one":
            raise InputError([Problem("recording", f"there is no {name!r}", "Did you mean 'one'?")])
        return {"name": name}

    async def signal(self, _name, kind):
        return kind.encode() * 4

    async def save(self, _name, asked):
        self.asked.append(asked)
        raise ChangedError([Problem("labels.csv", "was changed on disk since it was read")])

    async def rerun(self, _name, asked):
        self.asked.append(asked)
        return {"said": []}

    unsave = correct = rerun


@pytest.fixture
def bench():
    return Bench()


@pytest_asyncio.fixture
async def studio(bench):
    served = Studio(bench, port=0)
    await served.start()
    yield served
    await served.stop()


@pytest_asyncio.fixture
async def http(studio):
    jar = aiohttp.CookieJar(unsafe=True)
    base = studio.url.partition("/?")[0]
    async with aiohttp.ClientSession(
        base, cookie_jar=jar, timeout=aiohttp.ClientTimeout(LIMIT_S), headers={"Origin": base}
    ) as session:
        async with session.get("/?" + studio.url.partition("?")[2]) as answer:
            assert answer.status == 200
            assert "token" not in str(answer.url)
        yield session


async def test_nothing_is_shown_without_the_token(studio):
    base = studio.url.partition("/?")[0]
    async with aiohttp.ClientSession(base) as session:
        for path in ("/", "/?token=wrong", "/static/main.js", "/api/recordings"):
            async with session.get(path) as answer:
                assert answer.status == 403, path


async def test_the_page_may_load_its_own_files_only(http):
    async with http.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    for path in (
        "/static/main.js",
        "/static/studio.css",
        "/static/base/base.css",
        "/static/vendor/uplot-1.6.32.min.js",
    ):
        async with http.get(path) as answer:
            assert answer.status == 200, path


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
async def test_foreign_host_names_are_refused(http, host):
    async with http.get("/api/recordings", headers={"Host": host}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:1", "http://["])
async def test_no_page_of_others_can_change_anything(http, bench, origin):
    url = "/api/recordings/one/rerun"
    async with http.post(url, json={}, headers={"Origin": origin}) as answer:
        assert answer.status == 403
    assert bench.asked == []


async def test_a_form_of_others_can_change_nothing(http, bench):
    sent_by = {"Origin": "http://evil.example"}
    async with http.post("/api/recordings/one/rerun", data={"a": "b"}, headers=sent_by) as answer:
        assert answer.status == 403
    assert bench.asked == []


async def test_what_is_wrong_is_told_with_its_mend(http):
    async with http.get("/api/recordings/onne") as answer:
        assert answer.status == 422
        told = await answer.json()
    assert told["problems"] == [
        {"place": "recording", "message": "there is no 'onne'", "mend": "Did you mean 'one'?"}
    ]


async def test_labels_that_somebody_else_changed_are_a_conflict(http):
    async with http.put("/api/recordings/one/labels", json={"labels": []}) as answer:
        assert answer.status == 409
        assert "changed on disk" in (await answer.json())["problems"][0]["message"]


async def test_what_is_no_json_object_is_refused(http, bench):
    for body in (b"[1]", b"{", b"\xff"):
        async with http.post(
            "/api/recordings/one/rerun", data=body, headers={"Content-Type": "application/json"}
        ) as answer:
            assert answer.status == 400
    assert bench.asked == []


async def test_signal_comes_as_bytes(http):
    async with http.get("/api/recordings/one/signal/wrist") as answer:
        assert answer.content_type == "application/octet-stream"
        assert await answer.read() == b"wristwristwristwrist"


async def test_nothing_outside_the_static_folder_is_served(http):
    async with http.get("/static/%2e%2e/server.py") as answer:
        assert answer.status in {403, 404}
