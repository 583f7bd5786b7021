"""`repcount config`: what people read before they start the service."""

import pytest

from repcount.app.folders import own_config
from repcount.cli import main


@pytest.fixture
def example(tmp_path, capsys):
    path = tmp_path / "repcount.toml"
    assert main(["config", "example", str(path)]) == 0
    assert f"repcount config check {path}" in capsys.readouterr().err
    return path


def test_the_example_is_good_and_what_it_serves_is_said(example, capsys):
    assert main(["config", "check", str(example)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{example}: good, broker of our own"
    assert second.split() == ["anna", "Anna:", "Polar", "Sense", "12345678", "(wrist)"]


def test_without_a_name_the_example_is_printed(example, capsys):
    assert main(["config", "example"]) == 0
    assert capsys.readouterr().out == example.read_text()


def test_an_example_takes_the_place_of_no_file(example, capsys):
    example.write_text("mine")
    assert main(["config", "example", str(example)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert example.read_text() == "mine"


def test_everything_wrong_is_said_and_the_exit_code_is_2(example, capsys):
    text = example.read_text().replace("pull_up", "pul_up").replace('"wrist"', '"wrst"')
    example.write_text(text)
    assert main(["config", "check", str(example)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert all(line.startswith(f"repcount: {example}:") for line in said)


def test_a_password_that_is_set_elsewhere_is_no_mistake_here(example, capsys, monkeypatch):
    monkeypatch.delenv("REPCOUNT_PASSWORD", raising=False)
    broker = 'url = "mqtt://host"\nuser = "u"\npassword_env = "REPCOUNT_PASSWORD"\n'
    example.write_text(example.read_text().replace("[broker]\n", f"[broker]\n{broker}"))
    assert main(["config", "check", str(example)]) == 0
    assert "REPCOUNT_PASSWORD is not set here" in capsys.readouterr().err


def test_what_the_page_saved_is_checked_where_no_file_is_named(example, capsys):
    assert main(["config", "check"]) == 2
    assert "is missing" in capsys.readouterr().err
    own_config().parent.mkdir(parents=True, exist_ok=True)
    own_config().write_text(example.read_text())
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out.startswith(f"{own_config()}: good")
