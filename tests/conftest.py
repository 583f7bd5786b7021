from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data():
    """The real recordings beside the checkout; tests that use it are marked `shared`."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not (folder / "index.csv").is_file():
        pytest.skip("needs the real recordings in ../shared/data")
    return folder
