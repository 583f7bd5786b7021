from pathlib import Path

import pytest

from repcount.edges.profiles import load_profile, read_profile
from repcount.wire import check_vectors

CHECKOUT = Path(__file__).parents[2]
SHIPPED = sorted((CHECKOUT / "firmware_profiles").glob("*.toml"))
FILES = [*SHIPPED, *sorted(Path(__file__).parent.glob("not_shipped/*.toml"))]
RESULTS = [
    pytest.param(result, id=f"{path.stem}-{result.vector.place}")
    for path in FILES
    for result in check_vectors(read_profile(path, path.name))
]


@pytest.mark.parametrize("result", RESULTS)
def test_a_vector_holds_both_ways(result):
    assert result.failures == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_profile_shows_bytes_it_reads_and_bytes_it_refuses(path):
    vectors = read_profile(path, path.name).vectors
    assert any(v.direction == "notify" and not v.rejected for v in vectors)
    assert any(v.rejected for v in vectors)


def test_ten_samples_of_the_reference_frame_fit_into_one_notification_of_the_usual_mtu():
    stream = load_profile("repcount_reference").stream
    assert (stream.samples_per_notification, stream.mtu_bytes) == (10, 247)
    assert stream.latency_s <= 0.2
