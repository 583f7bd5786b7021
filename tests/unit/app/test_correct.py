"""What a person says of a count is kept with the recording, calibrates, and can be taken back."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from repcount.app.correct import Corrected, recalibrate, say_count, undo
from repcount.app.personal import load_personal, personal_file, save_personal
from repcount.app.shelf import sets_of, shelved
from repcount.app.source import open_source
from repcount.cli import main
from repcount.edges.recording import CAPTURE_NAME, META_NAME, read_meta, write_meta
from repcount.edges.recording.corrections import CORRECTIONS_NAME
from repcount.errors import InputError
from repcount.evaluate.calibration import Calibration
from repcount.evaluate.steps import Change

RECORDINGS = Path(__file__).parents[3] / "recordings"
KEY = "pull_up/wrist"


@pytest.fixture
def folder(tmp_path):
    """A recording of eight pull-ups that nobody counted."""
    path = tmp_path / "recordings" / "one"
    shutil.copytree(RECORDINGS / "wrist_pull_up_strict_01", path)
    write_meta(path, replace(read_meta(path), reps_true=None))
    return path


def test_a_count_is_kept_and_undone(folder):
    assert say_count(folder, 9, None) == KEY
    assert read_meta(folder).reps_true == (9,)
    assert say_count(folder, 8, 1) == KEY
    assert undo(folder).reps_true == [8]
    assert read_meta(folder).reps_true == (9,)
    undo(folder)
    assert read_meta(folder).reps_true is None
    assert not (folder / CORRECTIONS_NAME).exists()
    with pytest.raises(InputError, match="no correction to undo"):
        undo(folder)


def test_of_several_sets_one_must_be_named_and_the_others_stay_uncounted(tmp_path):
    path = tmp_path / "two"
    shutil.copytree(RECORDINGS / "wrist_demo_session_01", path)
    write_meta(path, replace(read_meta(path), reps_true=None))
    with pytest.raises(InputError, match=r"--set: .* has 2 sets\. Say which: 1, 2"):
        say_count(path, 5, None)
    with pytest.raises(InputError, match="there is no set 3"):
        say_count(path, 5, 3)
    assert say_count(path, 6, 2) == "bent_over_row/wrist"
    assert read_meta(path).reps_true == (None, 6)
    assert 'reps_true = [\n    "?",\n    6,\n]' in (path / META_NAME).read_text()


def test_a_right_count_changes_nothing(folder):
    say_count(folder, 8, None)
    corrected = recalibrate(folder, KEY)
    assert not corrected.calibration.kept
    assert [row.before for row in corrected.calibration.rows] == [
        row.after for row in corrected.calibration.rows
    ]
    assert load_personal("simulated") == {}


def test_what_no_change_can_mend_is_said_and_nothing_is_kept(folder):
    say_count(folder, 20, None)
    tries = []
    corrected = recalibrate(folder, KEY, lambda: tries.append(1))
    assert not corrected.calibration.kept
    assert tries
    assert read_meta(folder).reps_true == (20,)  # what a person says stays


def test_a_count_changed_by_hand_is_not_undone(folder):
    say_count(folder, 9, None)
    write_meta(folder, replace(read_meta(folder), reps_true=(7,)))
    with pytest.raises(InputError, match=r"reps_true was changed since to \[7\]"):
        undo(folder)


def test_undo_puts_the_calibration_back_that_it_had_led_to(folder, monkeypatch):
    earlier, later = {"movement.least_log_odds": -9.0}, {"movement.getting_off_odds": 1.5}
    save_personal("simulated", {KEY: earlier})
    say_count(folder, 9, None)

    def kept(*_args):
        return Calibration((), Change.of(later), kept=True)

    monkeypatch.setattr("repcount.app.correct.calibrate", kept)
    assert isinstance(recalibrate(folder, KEY), Corrected)
    assert load_personal("simulated") == {KEY: later}
    undo(folder)
    assert load_personal("simulated") == {KEY: earlier}


def test_a_calibration_that_cannot_be_read_is_left_alone(caplog):
    path = personal_file("robin")
    path.parent.mkdir(parents=True)
    for text in ("{", '{"schema": 2}', '{"schema": 1, "calibrated": {"pull_up/wrist": {"movement.no": 1}}}'):
        path.write_text(text)
        assert load_personal("robin") == {}
        assert path.read_text() == text
    assert len(caplog.records) == 3


def test_a_decoded_recording_counts_as_a_replay_does_and_is_decoded_once(folder):
    one = shelved(folder)
    assert [done.rep_count for done in sets_of(one.count())] == [8]
    say_count(folder, 8, None)
    assert shelved(folder) is one
    strict = one.count({KEY: {"movement.least_log_odds": -3.0, "movement.arc_deg.low": 42.0}})
    assert sets_of(strict) == []


def test_the_verb_prints_before_and_after_and_takes_back(folder, capsys):
    assert main(["label", str(folder), "--count", "8"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[:3] == ["kept: 8", "recording  said  before  after", "one        8     8       8"]
    assert main(["label", str(folder), "--undo"]) == 0
    assert "the count is not said again, not 8" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--count", "1001"], "--count: is 1001"),
        (["--count", "8", "--undo"], "--undo: is given with --count"),
        (["--set", "1"], "--set: is for --count N alone"),
        (["--count", "8", "--set", "2"], "--set: there is no set 2"),
    ],
)
def test_wrong_words_are_exit_2_and_keep_nothing(folder, capsys, words, problem):
    assert main(["label", str(folder), *words]) == 2
    assert problem in capsys.readouterr().err
    assert read_meta(folder).reps_true is None


def test_a_folder_that_is_no_recording_is_said(tmp_path, capsys):
    for words in (
        ["label", str(tmp_path), "--count", "8"],
        ["studio", str(tmp_path)],
        ["replay", str(tmp_path)],
    ):
        assert main(words) == 2
        assert str(tmp_path) in capsys.readouterr().err


def test_what_is_wrong_with_the_one_recording_to_open_is_exit_2(folder, capsys):
    with (folder / "labels.csv").open("a") as file:
        file.write("rep,1,2,3,1,,1,\n")
    meta = read_meta(folder)
    gone = replace(meta.sensors["wrist"], profile="gone_sensor")
    for words, problem in (
        (["label"], "labels.csv:10: overlaps"),
        (["studio"], "unknown profile 'gone_sensor'"),
    ):
        assert main([*words, str(folder)]) == 2
        assert problem in capsys.readouterr().err
        (folder / "labels.csv").unlink(missing_ok=True)
        write_meta(folder, replace(meta, sensors={"wrist": gone}))
    write_meta(folder, meta)
    lines = (folder / CAPTURE_NAME).read_text().splitlines()
    (folder / CAPTURE_NAME).write_text("\n".join([*lines[:200], lines[200][:40], *lines[201:]]) + "\n")
    assert main(["label", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "capture.jsonl:201: is not JSON, or is cut in the middle. Use --salvage" in said


def test_a_broken_recording_beside_it_does_not_keep_others_from_being_calibrated(folder, capsys):
    broken = folder.parent / "broken"
    shutil.copytree(folder, broken)
    (broken / CAPTURE_NAME).unlink()
    assert main(["label", str(folder), "--count", "8"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[:3] == ["kept: 8", "recording  said  before  after", "one        8     8       8"]


@pytest.mark.parametrize("words", [["--count", "8"], ["--undo"], []])
def test_what_is_no_recording_has_no_count(tmp_path, capsys, words):
    assert main(["label", str(tmp_path / "nowhere"), *words]) == 2
    assert f"{tmp_path / 'nowhere'}: is missing" in capsys.readouterr().err


@pytest.fixture
def opened(folder, monkeypatch):
    """What `label` opens in a browser, where there is a screen; it is ended as if by Ctrl-C."""
    pages = []

    async def ended():
        raise KeyboardInterrupt

    monkeypatch.setattr("repcount.app.studio.webbrowser.open", pages.append)
    monkeypatch.setattr("repcount.app.studio.asyncio.Event.wait", lambda _: ended())

    def run(*words, screen):
        monkeypatch.setattr("repcount.app.studio.can_show_a_page", lambda: screen)
        assert main(["label", str(folder), "--port", "0", *words]) == 130
        return pages

    return run


def test_the_studio_opens_in_a_browser_where_there_is_a_screen(opened, capsys):
    assert opened(screen=False) == opened("--no-browser", screen=True) == []
    (page,) = opened(screen=True)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=\S+#one", page)
    assert f"studio     {page}\n" in capsys.readouterr().err


def test_a_profile_that_is_gone_is_named_and_salvage_reads_the_other_sensor(tmp_path, capsys):
    path = tmp_path / "both"
    shutil.copytree(RECORDINGS / "wrist_and_chest_bent_over_row_01", path)
    meta = read_meta(path)
    gone = replace(meta.sensors["chest"], profile="gone_sensor")
    write_meta(path, replace(meta, sensors=meta.sensors | {"chest": gone}))
    with pytest.raises(InputError, match=r"meta\.toml: sensors\.chest: unknown profile 'gone_sensor'"):
        open_source(path, None, None)
    source = open_source(path, None, None, salvage=True)
    assert list(source.sensors) == ["wrist"]
    assert {item[0] for item in source.items if isinstance(item, tuple)} == {"wrist"}
    assert "left out" in capsys.readouterr().err
