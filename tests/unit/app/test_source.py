"""What a path holds; and a recording that a live run made says, replayed, exactly what the live run said."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from repcount.app.playing import play
from repcount.app.runner import Runner
from repcount.app.simulate import write_recording
from repcount.app.source import open_source
from repcount.commands import Arm, CorrectCount, EndSet, SelectExercise, SetTarget
from repcount.edges.profiles import load_profile
from repcount.edges.recording import RecordingMeta, RecordingWriter, SensorMeta, read_recording
from repcount.errors import InputError
from repcount.events import NotificationRejected, SetEnded, StreamLost, StreamResumed, Tempo
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Notification, SampleBatch
from repcount.simulate import Plan, SetOf, StandStill

STATION = "rack-1"
TEMPO = Tempo(eccentric_s=1.2, pause_lengthened_s=0.2, concentric_s=0.9, pause_shortened_s=0.2)
WAIT = StandStill(duration_s=2.0)
PLAN = Plan(
    parts=(
        WAIT,
        SetOf(exercise="pull_up", reps=5, tempo=TEMPO),
        StandStill(duration_s=12.0),
        SetOf(exercise="bent_over_row", reps=4, tempo=TEMPO),
        WAIT,
    )
)


@pytest.fixture(scope="module")
def came(tmp_path_factory):
    """Notifications of a simulated session as they would have come, by profile."""
    folder = tmp_path_factory.mktemp("session")
    for name in ("repcount_reference", "microbit_accelerometer"):
        write_recording(folder / name, PLAN, load_profile(name), 7)

    def read(name):
        items = [item for item in read_recording(folder / name).items() if isinstance(item, tuple)]
        # A clock has more digits than a recording.
        return [replace(one, arrival_s=one.arrival_s + 1e-7 * (k % 7)) for k, (_, one) in enumerate(items)]

    return read


def live(folder, came, exercise, commands=(), ticks_hz=0.0, seed=1):
    """All events of a live run that records; `commands` come at stream times, ticks at random moments."""
    profile = load_profile(folder.name)
    meta = RecordingMeta(
        sensors={"wrist": SensorMeta(profile=profile.name, placement="wrist")},
        station=STATION,
        wearer="robin",
        when=datetime(2026, 1, 5, tzinfo=UTC),
        made_by="sensor",
        exercise=exercise,
    )
    params = PipelineParams(station=STATION, exercise=exercise)
    runner = Runner(Pipeline({"wrist": SensorConfig(None, "wrist")}, params))
    runner.pipeline.connected("wrist", profile)
    rng = np.random.default_rng(seed)
    first_s, last_s = came[0].arrival_s, came[-1].arrival_s
    ticks_s = rng.uniform(first_s, last_s + 1.0, int((last_s - first_s) * ticks_hz)).tolist()
    happens = [(one.arrival_s, one) for one in came]
    happens += [(tick_s, None) for tick_s in ticks_s]
    happens += [(first_s + at_s, make) for at_s, make in commands]
    events = []
    with RecordingWriter(folder, meta) as runner.recorder:
        for host_s, what in sorted(happens, key=lambda one: one[0]):
            if isinstance(what, Notification):
                events += runner.notification("wrist", what)
            elif what is None:
                events += runner.tick(host_s)
            else:
                events += runner.command(what(runner.stream_s(host_s)), host_s)
        events += runner.finish()
    return events


def replayed(folder):
    source = open_source(folder, None, None)
    events = play(source, Runner(Pipeline(source.sensors, PipelineParams(exercise=source.exercise))))
    return [replace(event, station=STATION) for event in events]


def paused(came, from_s, pause_s, *, kept):
    """The link pauses: what would have come meanwhile comes in a heap at the end, or is lost."""
    begins_s = came[0].arrival_s + from_s
    during = [begins_s <= one.arrival_s < begins_s + pause_s for one in came]
    if not kept:
        return [one for one, lost in zip(came, during, strict=True) if not lost]
    return [
        replace(one, arrival_s=begins_s + pause_s) if late else one
        for one, late in zip(came, during, strict=True)
    ]


def set_counts(events):
    return [event.rep_count for event in events if isinstance(event, SetEnded)]


PROFILES = ["repcount_reference", "microbit_accelerometer"]
ROWS = (28.0, lambda at_s: SelectExercise(at_s=at_s, exercise="bent_over_row"))


@pytest.mark.parametrize("profile", PROFILES)
def test_a_replay_says_what_the_live_run_said(tmp_path, came, profile):
    said = live(tmp_path / profile, came(profile), "pull_up", [ROWS], ticks_hz=7.0)
    assert set_counts(said) == pytest.approx([5, 4], abs=1)
    assert replayed(tmp_path / profile) == said


@pytest.mark.parametrize("kept", [True, False], ids=["late", "lost"])
@pytest.mark.parametrize(("pause_s", "is_lost"), [(1.0, False), (5.0, True)])
def test_a_replay_says_the_same_of_a_link_that_pauses(tmp_path, came, pause_s, is_lost, kept):
    (profile, *_) = PROFILES
    notifications = paused(came(profile), 8.0, pause_s, kept=kept)
    said = live(tmp_path / profile, notifications, "pull_up", [ROWS], ticks_hz=9.0)
    assert [type(event) for event in said if isinstance(event, StreamLost | StreamResumed)] == (
        [StreamLost, StreamResumed] if is_lost else []
    )
    assert replayed(tmp_path / profile) == said


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_a_replay_does_what_the_wearer_asked_for(tmp_path, came, seed):
    rng = np.random.default_rng(seed)
    makes = [
        lambda at_s: SetTarget(at_s=at_s, eccentric_s=3.0),
        lambda at_s: EndSet(at_s=at_s),
        lambda at_s: Arm(at_s=at_s, armed=False),
        lambda at_s: Arm(at_s=at_s),
        lambda at_s: CorrectCount(at_s=at_s, rep_count=9),
        lambda at_s: SelectExercise(at_s=at_s, exercise="lat_pulldown"),
        lambda at_s: SelectExercise(at_s=at_s, exercise="pull_up"),
    ]
    moments_s = np.sort(rng.uniform(0.0, 45.0, len(makes))).tolist()
    commands = list(zip(moments_s, rng.permutation(makes), strict=True))
    (profile, *_) = PROFILES
    said = live(tmp_path / profile, came(profile), "pull_up", commands, ticks_hz=5.0, seed=seed)
    assert said
    assert replayed(tmp_path / profile) == said


def test_a_replay_knows_an_exercise_that_was_chosen_only_later(tmp_path, came):
    (profile, *_) = PROFILES
    chosen = (1.0, lambda at_s: SelectExercise(at_s=at_s, exercise="pull_up"))
    said = live(tmp_path / profile, came(profile), None, [chosen], ticks_hz=5.0)
    assert set_counts(said)[0] == 5
    assert replayed(tmp_path / profile) == said


def test_a_replay_refuses_the_same_bytes(tmp_path, came):
    (profile, *_) = PROFILES
    notifications = came(profile)
    for k in (0, 1, 40, 41, 42):
        payload = notifications[k].payload
        notifications[k] = replace(notifications[k], payload=payload[: 3 + k % 5])
    said = live(tmp_path / profile, notifications, "pull_up", ticks_hz=11.0)
    assert sum(isinstance(event, NotificationRejected) for event in said) == 5
    assert replayed(tmp_path / profile) == said


def test_what_is_given_overrides_what_the_recording_says(tmp_path, came):
    (profile, *_) = PROFILES
    live(tmp_path / profile, came(profile)[:20], "pull_up")
    source = open_source(tmp_path / profile, "deadlift", None)
    assert (source.exercise, [worn.placement for worn in source.sensors.values()]) == ("deadlift", ["wrist"])


def test_a_recording_whose_exercise_nobody_chose_asks_for_it(tmp_path, came):
    (profile, *_) = PROFILES
    live(tmp_path / profile, came(profile)[:20], None, [(0.5, lambda at_s: Arm(at_s=at_s))])
    with pytest.raises(InputError, match="does not say what was done"):
        open_source(tmp_path / profile, None, None)
    assert open_source(tmp_path / profile, "pull_up", None).exercise == "pull_up"


@pytest.mark.parametrize("batch_ms", [30, 100, 1000])
def test_samples_of_a_file_are_cut_as_notifications_would(tmp_path, batch_ms):
    rows = [f"{k / 50},0,0,1" for k in range(200)]
    path = tmp_path / "some.csv"
    path.write_text("\n".join(["t_s,ax_g,ay_g,az_g", *rows]))
    source = open_source(path, "pull_up", None, batch_ms)
    batches = [batch for _, batch in source.items if isinstance(batch, SampleBatch)]
    assert max(batch.t_s[-1] - batch.t_s[0] for batch in batches) < batch_ms / 1000
    assert len(batches) == pytest.approx(4000 / batch_ms, abs=1)
    np.testing.assert_array_equal(np.concatenate([batch.t_s for batch in batches]), np.arange(200) / 50)
