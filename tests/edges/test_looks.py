"""`/healthz` and `/metrics` over real HTTP: what a monitor gets, and who gets nothing."""

import aiohttp
import pytest
import pytest_asyncio

from repcount.edges.dashboard import Dashboard, Looks, Upstream
from repcount.edges.health import BrokerHealth, Health

TOKEN = "not-a-secret-of-anybody"  # noqa: S105 - as it says
FORWARDED = {"X-Forwarded-For": "192.168.1.7"}


class Service:
    connected = True

    def health(self):
        broker = BrokerHealth(url="mqtt://gym:1883", connected=self.connected)
        return Health(version="1", uptime_s=1.0, broker=broker)

    def metrics(self, accept):
        return b"repcount_up 1\n", f"text/plain; asked={accept or 'anything'}"


@pytest.fixture
def service():
    return Service()


@pytest_asyncio.fixture
async def ask(service):
    """Starts a page with given options and gives a function that asks it."""
    running = []

    async def started(**options):
        public = options.pop("public", False)
        looks = Looks(service.health, service.metrics, public)
        page = Dashboard(Upstream(host="127.0.0.1", port=1), port=0, looks=looks, **options)
        await page.start()
        session = aiohttp.ClientSession(page.url.partition("?")[0])
        running.extend([session.close, page.stop])

        async def get(path, **headers):
            async with session.get(path, headers=headers) as answer:
                return answer.status, await answer.text()

        return get

    yield started
    for stop in running:
        await stop()


async def test_health_is_200_when_all_is_well_and_503_when_not(ask, service):
    get = await ask()
    status, text = await get("/healthz")
    assert (status, '"status": "ok"' in text) == (200, True)
    service.connected = False
    status, text = await get("/healthz")
    assert status == 503
    assert "no connection to mqtt://gym:1883" in text


async def test_metrics_are_for_all_who_may_see_the_page(ask):
    get = await ask()
    assert await get("/metrics", Accept="x") == (200, "repcount_up 1\n")


async def test_without_metrics_there_is_no_such_page():
    page = Dashboard(Upstream(host="127.0.0.1", port=1), port=0)
    await page.start()
    async with aiohttp.ClientSession(page.url) as session, session.get("/metrics") as answer:
        assert answer.status == 404
    await page.stop()


async def test_with_a_token_programs_of_this_machine_look_without_it(ask):
    get = await ask(token=TOKEN)
    assert (await get("/metrics"))[0] == 200
    assert "uptime_s" in (await get("/healthz"))[1]


async def test_strangers_are_told_no_more_than_whether_all_is_well(ask, service):
    get = await ask(token=TOKEN)
    assert await get("/healthz", **FORWARDED) == (200, '{"status": "ok"}')
    service.connected = False
    assert await get("/healthz", **FORWARDED) == (503, '{"status": "degraded"}')
    status, text = await get("/metrics", **FORWARDED)
    assert status == 403
    assert "--public-metrics" in text
    assert (await get("/metrics?token=wrong", **FORWARDED))[0] == 403
    assert (await get("/metrics", Authorization="Bearer wrong", **FORWARDED))[0] == 403


@pytest.mark.parametrize(
    ("query", "headers"), [(f"?token={TOKEN}", {}), ("", {"Authorization": f"Bearer {TOKEN}"})]
)
async def test_the_token_opens_both(ask, query, headers):
    get = await ask(token=TOKEN)
    assert (await get(f"/metrics{query}", **headers, **FORWARDED))[0] == 200
    assert "uptime_s" in (await get(f"/healthz{query}", **headers, **FORWARDED))[1]


async def test_metrics_that_are_public_need_no_token_and_health_still_does(ask):
    get = await ask(token=TOKEN, public=True)
    assert (await get("/metrics", **FORWARDED))[0] == 200
    assert "uptime_s" not in (await get("/healthz", **FORWARDED))[1]


async def test_foreign_host_names_are_refused_here_too(ask):
    get = await ask(public=True)
    for path in ("/metrics", "/healthz"):
        assert (await get(path, Host="evil.example"))[0] == 403
