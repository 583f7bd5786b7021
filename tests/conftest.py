from pathlib import Path

import pytest
from hypothesis import settings


def seeds(text):
    """Read `N`, or `FIRST-END`."""
    first, _, end = text.rpartition("-")
    return range(int(first or 0), int(end))


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the program says of recordings/ today into their expected.jsonl",
    )
    parser.addoption(
        "--ordeals",
        type=seeds,
        default=range(20),
        metavar="N",
        help="how many sets are done while radio and sensor misbehave by chance; or 500-1000: those of these "
        "seeds, the last left out",
    )


@pytest.fixture(scope="session")
def shared_data():
    """The real recordings beside the checkout; tests that use it are marked `shared`."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not (folder / "index.csv").is_file():
        pytest.skip("needs the real recordings in ../shared/data")
    return folder


# The same examples in every run, and no example fails for being slow on a busy machine.
settings.register_profile("repcount", derandomize=True, deadline=None, max_examples=25)
settings.load_profile("repcount")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What runs whole programs takes its time."""
    for item in items:
        if "integration" in item.path.parts:
            item.add_marker(pytest.mark.slow)


def pytest_generate_tests(metafunc):
    if "ordeal_seed" in metafunc.fixturenames:
        metafunc.parametrize("ordeal_seed", metafunc.config.getoption("--ordeals"))


@pytest.fixture(autouse=True)
def _data_of_its_own(tmp_path_factory, monkeypatch):
    """No test reads or leaves what a person, or another test, has kept."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
