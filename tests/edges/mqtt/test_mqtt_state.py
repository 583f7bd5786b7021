import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from mqtt_samples import CLOCK, EVENTS, completed, corrected, counted, cue, ended, retracted, started, status

from repcount.edges.mqtt.payloads import Source, WallClock
from repcount.edges.mqtt.state import MOST_SETS, SensorStatus, StationState
from repcount.events import HoldEnded, Phase
from repcount.exercises import EXERCISE_IDS, EXERCISES

HEAD = {"schema", "at", "session", "source"}


@pytest.fixture
def state():
    return StationState("rack-1", "s1", Source.LIVE, CLOCK)


def read(messages):
    return {message.topic.rsplit("/", 1)[1]: json.loads(message.payload) for message in messages}


def bodies(messages):
    return {
        name: {key: value for key, value in data.items() if key not in HEAD}
        for name, data in read(messages).items()
    }


def fold(state, *events):
    for event in events:
        state.take_event(event)
    return bodies(state.changed())


def test_every_state_is_retained_and_says_when_and_by_whom(state):
    state.take_status(status(1.5))
    state.take_sensors({})
    state.take_event(completed())
    messages = state.present()

    assert set(read(messages)) == {"count", "tempo", "phase", "rest", "exercise", "sensors", "today"}
    for message in messages:
        assert message.topic.startswith("repcount/v1/rack-1/state/")
        assert message.retain
        assert message.qos == (0 if message.topic.endswith("phase") else 1)
        data = json.loads(message.payload)
        assert (data["schema"], data["session"], data["source"]) == (1, "s1", "live")
        assert data["at"] == "2026-03-01T12:00:04.000Z"


def test_the_count_follows_a_set_and_stays_after_it(state):
    assert fold(state, started(), counted(1))["count"] == {
        "set_index": 1,
        "rep_count": 1,
        "exercise": "pull_up",
        "set_open": True,
        "reps_total": 0,
    }
    assert fold(state, counted(2), retracted(2)) == {}
    assert fold(state, counted(2), ended(2))["count"] == {
        "set_index": 1,
        "rep_count": 2,
        "exercise": "pull_up",
        "set_open": False,
        "reps_total": 2,
    }


def test_the_total_counts_ended_sets_and_never_falls(state):
    totals = []
    sets = [started(1), counted(1), counted(2), retracted(2), ended(1, 1), corrected(0, 1)]
    sets += [started(2), counted(1, 2), retracted(1, 2), ended(0, 2), started(3), counted(1, 3), ended(5, 3)]
    for event in sets:
        state.take_event(event)
        totals.append(bodies(state.present())["count"]["reps_total"])

    assert totals == sorted(totals)
    assert totals[-1] == 6


def test_a_correction_changes_the_set_it_is_for(state):
    fold(state, started(1), ended(8, 1), started(2), ended(9, 2))

    changed = fold(state, corrected(7, 8, set_index=1))
    assert [done["rep_count"] for done in changed["today"]["sets"]] == [7, 9]
    assert "count" not in changed
    changed = fold(state, corrected(10, 9, set_index=2))
    assert [done["rep_count"] for done in changed["today"]["sets"]] == [7, 10]
    assert changed["count"]["rep_count"] == 10


def test_a_reset_shows_in_the_count(state):
    fold(state, started(), ended(8))
    state.take_status(status(61.0, set_index=1, rep_count=8, rest_since_s=60.0))
    assert bodies(state.changed())["exercise"]["armed"] is True

    state.take_status(status(62.0, set_index=0, rep_count=8))

    count = bodies(state.changed())["count"]
    assert (count["set_index"], count["rep_count"], count["set_open"]) == (0, 0, False)
    assert count["reps_total"] == 8


def test_a_station_resumed_in_a_set_takes_the_count_as_it_is(state):
    state.take_status(status(62.0, set_index=3, rep_count=5, phase=Phase.ECCENTRIC))

    count = bodies(state.changed())["count"]
    assert (count["set_index"], count["rep_count"], count["set_open"]) == (3, 5, True)
    assert count["exercise"] == "pull_up"


def test_the_tempo_is_that_of_the_last_rep_and_its_target(state):
    state.take_status(status(0.0, eccentric_target_s=3.0))
    state.changed()

    assert fold(state, started(), completed(1))["tempo"] == {
        "set_index": 1,
        "rep_index": 1,
        "eccentric_s": 2.0,
        "pause_lengthened_s": None,
        "concentric_s": 1.0,
        "pause_shortened_s": 0.5,
        "controlled": True,
        "partial": False,
        "rom_deg": 84.2,
        "rom_m": 0.52,
        "mean_concentric_velocity_m_s": 0.48,
        "depth_deg": None,
        "trunk_sway_deg": None,
        "style": "kipping",
        "hold_s": None,
        "hold_target_s": None,
        "eccentric_target_s": 3.0,
    }


def test_a_hold_is_told_until_the_next_set_begins(state):
    held = next(event for _, event in EVENTS if isinstance(event, HoldEnded))

    tempo = fold(state, started(), held)["tempo"]

    assert (tempo["hold_s"], tempo["hold_target_s"]) == (held.hold_s, held.target_s)
    assert fold(state, started(2))["tempo"]["hold_s"] is None


def test_the_tempo_of_a_retracted_rep_is_not_shown(state):
    fold(state, started(), completed(1), completed(2, eccentric_s=0.3))

    assert fold(state, retracted(2))["tempo"]["eccentric_s"] == 2.0
    assert fold(state, retracted(1))["tempo"]["eccentric_s"] is None


def test_the_phase_is_said_at_most_ten_times_a_second_and_the_last_is_not_lost(state):
    said = []
    for tick in range(100):  # 1 s at 100 Hz
        state.take_status(status(tick / 100, phase=Phase.CONCENTRIC, progress_ratio=tick / 100))
        said += [data["progress_ratio"] for name, data in read(state.changed()).items() if name == "phase"]
    assert 9 <= len(said) <= 10

    state.take_status(status(1.1, phase=Phase.PAUSE_SHORTENED, progress_ratio=0.99))
    assert bodies(state.changed())["phase"] == {"phase": "pause_shortened", "progress_ratio": 0.99}
    state.take_status(status(2.0, phase=Phase.PAUSE_SHORTENED, progress_ratio=0.9902))
    assert state.changed() == []


def test_rest_is_said_once_with_its_beginning(state):
    state.take_status(status(50.0))
    assert bodies(state.changed())["rest"] == {"resting": False, "since": None, "target_s": None}
    state.take_status(status(63.0, rest_since_s=60.0))
    assert bodies(state.changed())["rest"] == {
        "resting": True,
        "since": "2026-03-01T12:01:00.000Z",
        "target_s": None,
    }
    state.take_status(status(64.0, rest_since_s=60.0))
    assert state.changed() == []


def test_today_has_the_sets_in_their_order_with_what_the_page_shows(state):
    assert fold(state, started(), ended(2))["today"]["sets"] == [
        {
            "id": "s1-set-0001",
            "set_index": 1,
            "exercise": "pull_up",
            "rep_count": 2,
            "start_at": "2026-03-01T12:00:01.000Z",
            "end_at": "2026-03-01T12:01:00.000Z",
            "mean_tempo": {
                "eccentric_s": 2.0,
                "pause_lengthened_s": None,
                "concentric_s": 1.0,
                "pause_shortened_s": 0.5,
            },
            "controlled_reps": 2,
            "time_under_tension_s": 7.0,
            "load_kg": 20.0,
            "side": "left",
            "rom_deg": [84.2, 84.2],
            "eccentric_s": [2.0, 2.0],
            "mean_concentric_velocity_m_s": [0.48, 0.48],
            "rom_loss_ratio": 0.1,
            "velocity_loss_ratio": 0.2,
        }
    ]
    assert len(fold(state, ended(3, 2, 120.0, mean_tempo=None))["today"]["sets"]) == 2


def test_today_leaves_out_sets_nobody_did(state):
    assert fold(state, started(), ended(0))["today"]["sets"] == []


def test_today_ends_at_midnight_where_the_wearer_lives():
    zone = timezone(timedelta(hours=1))
    state = StationState(
        "rack-1", "s1", Source.LIVE, WallClock(datetime(2026, 3, 1, 22, 58, tzinfo=UTC).timestamp(), zone)
    )
    assert len(fold(state, started(), ended(2))["today"]["sets"]) == 1

    state.take_status(status(121.0, set_index=1, rep_count=2, rest_since_s=60.0))

    assert bodies(state.changed())["today"] == {"sets": []}


def test_a_day_of_many_sets_still_fits_a_browser(state):
    for index in range(1, MOST_SETS + 20):
        state.take_event(ended(12, index, 60.0 + index))
    today = next(message for message in state.present() if message.topic.endswith("today"))

    assert len(today.payload) < 65536
    assert json.loads(today.payload)["sets"][-1]["set_index"] == MOST_SETS + 19


def test_sensors_are_said_when_they_change_beyond_noise(state):
    sensor = SensorStatus(
        connected=True,
        profile="p",
        placement="wrist",
        battery_percent=87,
        rssi_dbm=-60,
        rate_hz=49.98,
        lost_ratio=0.00012,
        latency_s=0.28846,
        live_cues=False,
    )
    state.take_sensors({"wrist": sensor, "chest": SensorStatus(connected=False)})
    sensors = bodies(state.changed())["sensors"]["sensors"]
    assert sensors["wrist"] == {
        "connected": True,
        "profile": "p",
        "placement": "wrist",
        "battery_percent": 87,
        "rssi_dbm": -60,
        "rate_hz": 50.0,
        "lost_ratio": 0.0,
        "heart_rate_bpm": None,
        "latency_s": 0.29,
        "live_cues": False,
        "why": None,
    }
    assert sensors["chest"]["connected"] is False

    state.take_sensors({"wrist": sensor, "chest": SensorStatus(connected=False)})
    assert state.changed() == []


def test_the_exercises_offered_are_those_that_can_be_counted(state):
    state.take_status(status(1.0))
    said = bodies(state.changed())["exercise"]
    assert said["exercise"] in said["available"]
    assert said["available"] == [exercise for exercise in sorted(EXERCISE_IDS) if exercise in EXERCISES]


def test_what_changes_nothing_is_not_said(state):
    fold(state, started(), counted(1))

    assert fold(state, cue()) == {}
    assert fold(state, *[event for leaf, event in EVENTS if leaf == "link"]) == {}


def test_all_states_are_said_anew_as_of_now(state):
    state.take_status(status(1.0))
    before = read(state.changed())
    state.take_status(status(9.0))
    assert state.changed() == []

    again = read(state.present())

    assert set(again) == set(before)
    assert {data["at"] for data in again.values()} == {"2026-03-01T12:00:09.000Z"}
