import pytest

from repcount.edges.params_file import ParamsFile, read_params, read_tuned, write_params
from repcount.errors import InputError

VALUES = {"movement.arc_deg.low": 11.0, "detector.ends.most_strange": 7.3, "motion.cutoff_hz": 1.0}


def found(exercise="bent_over_row", **more):
    return ParamsFile(exercise=exercise, placement="wrist", values=VALUES, **more)


def problems_of(call):
    with pytest.raises(InputError) as error:
        call()
    return [str(problem) for problem in error.value.problems]


def test_what_is_written_is_read_and_says_what_it_was(tmp_path):
    path = tmp_path / "row.toml"
    write_params(path, found(provenance={"trials": 200, "searched": {"before": {"sets": 5}}}))
    assert read_params(path) == found(provenance={"trials": 200, "searched": {"before": {"sets": 5}}})
    assert "# 6.8 without this file." in path.read_text()
    assert [file.name for file in tmp_path.iterdir()] == ["row.toml"]


def test_values_may_be_written_as_tables(tmp_path):
    path = tmp_path / "row.toml"
    path.write_text(
        'schema = 1\nexercise = "bent_over_row"\nplacement = "wrist"\n'
        "[values.movement]\narc_deg.low = 11\n[values.detector.ends]\nmost_strange = 7.3\n"
        "[values.motion]\ncutoff_hz = 1\n"
    )
    assert read_params(path).values == VALUES


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'exercise = "bent_over_row"\nplacement = "wrist"\n[values]\nmovement.arc_deg.lo = 3\n',
            "unknown parameter 'movement.arc_deg.lo'. Did you mean 'movement.arc_deg.low'?",
        ),
        (
            'exercise = "bent_over_row"\nplacement = "wrist"\n[values]\nmotion.cutoff_hz = 9\n',
            "motion.cutoff_hz is 9. Give 0.5 to 1.4",
        ),
        (
            'exercise = "bent_over_row"\nplacement = "wrist"\n[values]\nmotion.cutoff_hz = "fast"\n',
            "motion.cutoff_hz is 'fast', not a number",
        ),
        (
            'exercise = "pulup"\nplacement = "wrist"\n[values]\nmotion.cutoff_hz = 1\n',
            "unknown exercise 'pulup'. Did you mean 'pull_up'?",
        ),
        (
            'exercise = "bent_over_row"\nplacement = "wrist"\nvalue = 3\n[values]\nmotion.cutoff_hz = 1\n',
            "unknown key 'value'. Did you mean 'values'?",
        ),
        ('exercise = "bent_over_row"\nplacement = "wrist"\n', "changes nothing. Add a table [values]"),
        ("[values]\n", "exercise and placement are not two texts. Say what it is for"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, said):
    path = tmp_path / "row.toml"
    path.write_text(f"schema = 1\n{text}")
    assert problems_of(lambda: read_params(path)) == [f"{path}: {said}"]


def test_a_file_that_is_none_is_said(tmp_path):
    path = tmp_path / "row.toml"
    path.write_text("schema =\n")
    assert "is not TOML" in problems_of(lambda: read_params(path))[0]
    path.write_text("schema = 2\n")
    assert "this program reads schema 1" in problems_of(lambda: read_params(path))[0]
    assert problems_of(lambda: read_params(tmp_path / "rwo.toml")) == [
        f"{tmp_path / 'rwo.toml'}: is missing. Did you mean 'row.toml'?"
    ]


def test_two_files_for_the_same_are_said(tmp_path):
    paths = [tmp_path / name for name in ("a.toml", "b.toml", "c.toml")]
    for path, exercise in zip(paths, ("bent_over_row", "pull_up", "pull_up"), strict=True):
        write_params(path, found(exercise))
    assert set(read_tuned(paths[:2])) == {"bent_over_row/wrist", "pull_up/wrist"}
    assert problems_of(lambda: read_tuned(paths)) == [
        f"{paths[2]}: is a second file for pull_up at the wrist. Give one of them"
    ]
