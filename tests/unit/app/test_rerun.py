"""A recording counted again says what replaying it says, also with parameters that were changed."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from repcount.app.feeds import LiveSensor
from repcount.app.playing import play
from repcount.app.rerun import Rerun
from repcount.app.runner import Runner
from repcount.app.source import open_source
from repcount.app.station import Links, StationOptions
from repcount.cli import main
from repcount.edges.ble import LinkState
from repcount.edges.params_file import ParamsFile, write_params
from repcount.edges.profiles import load_profile
from repcount.edges.recording import SensorMeta, read_recording
from repcount.errors import InputError
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig

RECORDINGS = Path(__file__).parents[3] / "recordings"
TOLD = ("wrist_demo_session_01", "wrist_and_chest_bent_over_row_01", "wrist_inverted_row_lost_and_back_01")
TUNED = {"pull_up/wrist": {"movement.most_rough_g": 0.12, "motion.cutoff_hz": 1.0}}


def replayed(source):
    return play(source, Runner(source.pipeline("replay-file")))


@pytest.mark.parametrize("name", TOLD)
def test_counting_again_says_what_replaying_says(name):
    rerun = Rerun(open_source(RECORDINGS / name, None, None))
    said = replayed(open_source(RECORDINGS / name, None, None))
    assert rerun.events() == said
    assert rerun.events() == said


def test_counting_again_otherwise_says_what_replaying_otherwise_says():
    folder = RECORDINGS / "wrist_pull_up_strict_01"
    rerun, usual = Rerun(open_source(folder, None, None)), replayed(open_source(folder, None, None))
    said = replayed(open_source(folder, None, None, tuned=TUNED))
    assert said != usual
    assert rerun.events(TUNED) == said
    assert rerun.events({}) == usual


@pytest.fixture
def tuned_recording(tmp_path):
    """A recording that was counted with changed parameters when it was made."""
    folder = tmp_path / "pull_up"
    shutil.copytree(RECORDINGS / "wrist_pull_up_strict_01", folder)
    meta = folder / "meta.toml"
    table = '[tuned."pull_up/wrist"]\n"movement.most_rough_g" = 0.12\n"motion.cutoff_hz" = 1.0\n'
    meta.write_text(f"{meta.read_text()}\n{table}")
    return folder


def test_a_recording_is_replayed_with_the_parameters_it_was_made_with(tuned_recording):
    source = open_source(tuned_recording, None, None)
    assert source.tuned == TUNED
    usual = RECORDINGS / "wrist_pull_up_strict_01"
    assert replayed(source) == replayed(open_source(usual, None, None, tuned=TUNED))


def test_parameters_there_are_not_are_said_of_a_recording(tuned_recording):
    meta = tuned_recording / "meta.toml"
    meta.write_text(meta.read_text().replace("most_rough_g", "most_rogh_g"))
    with pytest.raises(InputError, match=r"meta.toml: tuned: unknown parameter 'movement.most_rogh_g'"):
        open_source(tuned_recording, None, None)


def test_a_live_recording_keeps_what_was_changed(tmp_path):
    class Worn:
        key, profile = "wrist", load_profile("polar_h10")
        values = profile.chosen_values({}, "--set")
        worn = SensorMeta(profile="polar_h10", placement="wrist", values=values)

    class Publisher:
        def sensors(self, _statuses):
            """Nobody listens."""

    params = PipelineParams(exercise="pull_up").tuned_as(TUNED)
    runner = Runner(Pipeline({"wrist": SensorConfig(None, "wrist")}, params))
    options = StationOptions(sensors=(LiveSensor(None, "wrist"),), record_to=tmp_path, tuned=TUNED)
    with closing(Links(options, runner, Publisher())) as links:
        links.changed(Worn, LinkState(connected=True, session=1, since_s=7.0), anew=True)
    (folder,) = tmp_path.iterdir()
    assert read_recording(folder).meta.tuned == TUNED


def test_replay_takes_a_parameter_file(tmp_path, capsys):
    words = ["replay", str(RECORDINGS / "wrist_pull_up_strict_01"), "--json"]
    path = tmp_path / "pull_up.toml"
    write_params(path, ParamsFile(exercise="pull_up", placement="wrist", values=TUNED["pull_up/wrist"]))
    assert main(words) == 0
    usual = capsys.readouterr().out
    assert main([*words, "--params", str(path)]) == 0
    assert capsys.readouterr().out != usual


@pytest.mark.parametrize("verb", ["replay", "live", "evaluate"])
def test_a_wrong_parameter_file_is_said_by_every_verb_that_takes_one(tmp_path, capsys, verb):
    path = tmp_path / "p.toml"
    path.write_text(
        'schema = 1\nexercise = "pull_up"\nplacement = "wrist"\n[values]\nmovement.most_rough = 1\n'
    )
    words = {
        "replay": [str(RECORDINGS / "wrist_pull_up_strict_01")],
        "live": ["--sensor", "x"],
        "evaluate": [str(tmp_path / "index.csv")],
    }[verb]
    assert main([verb, *words, "--params", str(path)]) == 2
    said = f"{path}: unknown parameter 'movement.most_rough'. Did you mean 'movement.most_rough_g'?"
    assert said in capsys.readouterr().err
