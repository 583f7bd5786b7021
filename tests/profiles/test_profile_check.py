from pathlib import Path

from repcount.app.profile import check

PROFILES = Path(__file__).parents[2] / "firmware_profiles"


def _changed(tmp_path, old, new):
    text = (PROFILES / "microbit_accelerometer.toml").read_text()
    assert old in text
    path = tmp_path / "microbit_accelerometer.toml"
    path.write_text(text.replace(old, new))
    return path


def test_all_profiles_of_the_project_pass_with_a_line_for_each_group_of_vectors(capsys):
    assert check(sorted(PROFILES.glob("*.toml"))) == 0
    out, err = capsys.readouterr()
    assert "microbit_accelerometer.toml: notify: 2 of 2 vectors hold\n" in out
    assert err == ""


def test_every_vector_that_does_not_hold_is_said_with_its_place_and_values(tmp_path, capsys):
    path = _changed(tmp_path, "counts_per_unit = 1000.0", "counts_per_unit = 1024.0")
    assert check([path]) == 1
    out, err = capsys.readouterr()
    assert "notify: 0 of 2 vectors hold" in out
    assert f"{path}: vectors[0] (lying nearly flat): acc[0] is [0.03125, 0.203125, -0.96875]" in err
    assert "vectors[1]" in err


def test_a_start_step_that_writes_other_bytes_fails(tmp_path, capsys):
    path = _changed(tmp_path, "period_ms = [80, 20,", "period_ms = [20, 80,")
    assert check([path]) == 1
    assert "start[1] writes 50 00, expected 14 00" in capsys.readouterr().err


def test_a_vector_that_must_be_refused_and_is_not_fails(tmp_path, capsys):
    path = _changed(tmp_path, "limit = 8.2", "limit = 30.0")
    assert check([path]) == 1
    assert "decoded, expected: refused for its sanity" in capsys.readouterr().err


def test_wrong_files_are_all_said_beside_good_ones(tmp_path, capsys):
    path = _changed(tmp_path, 'unit = "g"', 'unit = "gee"')
    missing = tmp_path / "nothing.toml"
    assert check([path, missing, PROFILES / "repcount_reference.toml"]) == 2
    out, err = capsys.readouterr()
    assert "streams[0].fields[0].unit: unknown value 'gee'. Did you mean 'g'?" in err
    assert str(missing) in err
    assert "repcount_reference.toml: notify" in out
