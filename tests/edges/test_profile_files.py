import sys
from pathlib import Path

import pytest

import repcount
from repcount.edges.profiles import load_profile, profile_names
from repcount.errors import InputError

FOLDER = Path(__file__).parents[2] / "firmware_profiles"


def _problem(name_or_path):
    with pytest.raises(InputError) as caught:
        load_profile(name_or_path)
    return str(caught.value)


def test_the_profiles_are_the_files_of_the_folder_without_the_template():
    assert profile_names() == sorted(path.stem for path in FOLDER.glob("[!_]*.toml"))
    assert {"microbit_accelerometer", "repcount_reference"} <= set(profile_names())


def test_a_profile_is_read_by_its_name_or_by_its_path():
    assert load_profile("repcount_reference") == load_profile(FOLDER / "repcount_reference.toml")
    assert load_profile(FOLDER / "_template.toml").name == "template"


def test_an_installed_program_finds_them_where_the_wheel_put_them(tmp_path, monkeypatch):
    share = tmp_path / "share" / "repcount" / "firmware_profiles"
    share.mkdir(parents=True)
    (share / "repcount_reference.toml").write_bytes((FOLDER / "repcount_reference.toml").read_bytes())
    monkeypatch.setattr(repcount, "__file__", str(tmp_path / "lib" / "repcount" / "__init__.py"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert profile_names() == ["repcount_reference"]
    assert load_profile("repcount_reference").name == "repcount_reference"


def test_an_unknown_name_is_answered_with_the_one_that_may_be_meant():
    assert _problem("repcount_referenz") == (
        "unknown profile 'repcount_referenz'. Did you mean 'repcount_reference'?"
    )


def test_what_is_no_toml_is_said_with_line_and_column(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text('schema = 1\nname = "broken\n')
    assert _problem(path).startswith(f"{path}:2:15: is not TOML: ")


def test_what_is_no_text_is_said(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_bytes(b"schema = 1 # \xff")
    assert _problem(path) == f"{path}: is not UTF-8 text (byte 13)"


def test_a_missing_file_is_said(tmp_path):
    assert str(tmp_path / "none.toml") in _problem(tmp_path / "none.toml")


def test_a_name_that_is_not_the_file_s_is_said_with_everything_else(tmp_path):
    path = tmp_path / "mine.toml"
    text = (FOLDER / "_template.toml").read_text()
    path.write_text(text.replace('loss = "counter"', 'loss = "countre"'))
    said = _problem(path).splitlines()
    assert said[0] == f"{path}: name: 'template' is not the file's. Write 'mine'."
    assert "streams[0].loss: unknown value 'countre'. Did you mean 'counter'?" in said[1]
