from itertools import count
from pathlib import Path

import pytest
from everyday import first_everyday
from hypothesis import settings

EVERYDAY_ORDEALS = 6
"""Each is the whole service from the radio to the recording: `make test-slow` goes through the others."""


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


INTEGRATION = Path(__file__).with_name("integration")
"""What runs whole programs takes its time."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if INTEGRATION in item.path.parents:
            item.add_marker(pytest.mark.slow)


def pytest_ignore_collect(collection_path, config):
    """What is left out anyway is not even imported: every worker would do that."""
    return True if collection_path == INTEGRATION and config.option.markexpr == "not slow" else None


def pytest_generate_tests(metafunc):
    if "ordeal_seed" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--ordeals")
        metafunc.parametrize("ordeal_seed", first_everyday(EVERYDAY_ORDEALS, asked))


@pytest.fixture(scope="session")
def _homes(tmp_path_factory):
    """Folders that nobody has made, one a test: few tests keep anything, and making thousands takes time."""
    root = tmp_path_factory.mktemp("homes")
    return (root / str(k) for k in count())


@pytest.fixture(autouse=True)
def _data_of_its_own(_homes, monkeypatch):
    """No test reads or leaves what a person, or another test, has kept."""
    home = next(_homes)
    for kind in ("data", "config", "cache"):
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(home / kind))
