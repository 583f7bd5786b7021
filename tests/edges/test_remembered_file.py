"""What a wearer's sets left is kept in a file, and no file stops a session."""

import pytest

from repcount.app.remembered import load_remembered, remembered_file, save_remembered

LEFT = {
    "pull_up/wrist": {
        "start_up": [0.0, 0.0, 1.0],
        "turn_up": [0.0, 0.4, 0.9],
        "start": [0.0, 0.0, 1.0],
        "turn": [0.0, 0.4, 0.9],
        "first_s": 1.2,
    }
}


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_what_is_kept_is_there_the_next_time_for_that_wearer_alone():
    save_remembered("anna", LEFT)
    assert load_remembered("anna")["pull_up/wrist"].first_s == 1.2
    assert load_remembered("ben") == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pull_up/wrist": {}}', "\xff"])
def test_a_file_that_cannot_be_read_is_said_and_left_alone(text, caplog):
    save_remembered("anna", LEFT)
    remembered_file("anna").write_text(text, encoding="latin-1")
    assert load_remembered("anna") == {}
    assert "not used" in caplog.text
    assert remembered_file("anna").read_text(encoding="latin-1") == text


def test_a_folder_that_cannot_be_written_is_said(tmp_path, caplog):
    (tmp_path / "repcount").write_text("a file in the way")
    save_remembered("anna", LEFT)
    assert "not kept" in caplog.text
