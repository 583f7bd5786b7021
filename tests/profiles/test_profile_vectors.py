import json
from pathlib import Path

import pytest

from repcount.edges.profiles import load_profile, read_profile
from repcount.profile import Write
from repcount.samples import STANDARD_GRAVITY_M_S2, Notification, SampleBatch
from repcount.wire import Wire, check_vectors

CHECKOUT = Path(__file__).parents[2]
FILES = sorted((CHECKOUT / "firmware_profiles").glob("*.toml"))
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


def _shared_vector(name):
    path = CHECKOUT.parent / "shared" / "vectors" / "sensor_vectors.json"
    if not path.is_file():
        pytest.skip("the collected sensor vectors are not beside the checkout")
    return next(vector for vector in json.loads(path.read_text()) if vector["id"] == name)


@pytest.mark.shared
def test_micro_bit_bytes_mean_what_others_say_they_mean():
    vector, profile = _shared_vector("v076"), load_profile("microbit_accelerometer")
    (batch,) = Wire(profile).feed(Notification(vector["characteristic"], bytes.fromhex(vector["hex"]), 3.0))
    assert isinstance(batch, SampleBatch)
    expected_g = pytest.approx(vector["decoded"]["acc_g"], abs=1e-9)
    assert (batch.acc_m_s2[0] / STANDARD_GRAVITY_M_S2).tolist() == expected_g


@pytest.mark.shared
def test_micro_bit_is_started_with_the_bytes_others_use():
    vector, profile = _shared_vector("v077"), load_profile("microbit_accelerometer")
    writes = [step for step in profile.start if isinstance(step, Write)]
    assert [(step.characteristic, step.payload({}).hex()) for step in writes] == [
        (vector["characteristic"], vector["hex"])
    ]
    assert vector["decoded"]["period_ms"] * profile.stream.rate_hz == 1000
