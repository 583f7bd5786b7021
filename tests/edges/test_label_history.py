"""Labels are replaced whole, only when they are what was read, and every saving can be undone."""

import pytest

from repcount.edges.recording import (
    LABELS_NAME,
    label_problems,
    outside_problems,
    read_labels,
    revision,
    write_labels,
)
from repcount.edges.recording.label_history import UNDO_NAME, ChangedError, save_labels, undo_labels, undoable
from repcount.errors import InputError
from repcount.truth import TrueRep


def rep(start_s, turn_s, end_s):
    phases = {"eccentric_s": 1.0, "pause_lengthened_s": None, "concentric_s": 1.0, "pause_shortened_s": 0.0}
    return TrueRep(kind="rep", start_s=start_s, turn_s=turn_s, end_s=end_s, **phases)


ONE, TWO = (rep(1, 2, 3),), (rep(1, 2, 3), rep(4, 5, 6))


def test_savings_are_undone_one_by_one_down_to_no_file(tmp_path):
    path = tmp_path / LABELS_NAME
    save_labels(tmp_path, ONE, "")
    save_labels(tmp_path, TWO, revision(path))
    assert undoable(tmp_path) == 2
    assert undo_labels(tmp_path, revision(path)) == ONE
    assert read_labels(path) == ONE
    assert undo_labels(tmp_path, revision(path)) is None
    assert not path.exists()
    assert not (tmp_path / UNDO_NAME).exists()
    with pytest.raises(InputError, match="no saving to undo"):
        undo_labels(tmp_path, "")


def test_what_somebody_else_wrote_is_not_overwritten(tmp_path):
    path = tmp_path / LABELS_NAME
    save_labels(tmp_path, ONE, "")
    read = revision(path)
    write_labels(path, TWO)
    for change in (lambda: save_labels(tmp_path, ONE, read), lambda: undo_labels(tmp_path, read)):
        with pytest.raises(ChangedError, match="was changed on disk"):
            change()
    assert read_labels(path) == TWO
    assert undoable(tmp_path) == 1


def test_a_kill_while_writing_leaves_the_old_labels(tmp_path, monkeypatch):
    path = tmp_path / LABELS_NAME
    write_labels(path, ONE)
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_labels(path, TWO)
    assert read_labels(path) == ONE


def test_an_undo_that_cannot_be_read_is_one_less(tmp_path):
    save_labels(tmp_path, ONE, "")
    with (tmp_path / UNDO_NAME).open("a") as file:
        file.write("{half\n")
    assert undoable(tmp_path) == 1


def test_labels_that_overlap_or_lie_outside_are_named_with_their_row(tmp_path):
    overlapping = (rep(1, 2, 3), rep(2.5, 3.5, 4.5))
    assert "label 2: overlaps: it starts at 2.500 s" in str(label_problems(overlapping, "label")[0])
    (problem,) = outside_problems(tmp_path / LABELS_NAME, TWO, 5.0)
    assert str(problem).endswith(
        "labels.csv:3: lies outside: it ends at 6.000 s. The recording ends at 5.000 s"
    )


def test_overlapping_labels_on_disk_are_refused_or_left_out(tmp_path):
    path = tmp_path / LABELS_NAME
    write_labels(path, (rep(1, 2, 3), rep(2.5, 3.5, 4.5), rep(5, 6, 7)))
    with pytest.raises(InputError, match=r"labels\.csv:3: overlaps"):
        read_labels(path)
    left_out = []
    assert read_labels(path, left_out) == (rep(1, 2, 3), rep(5, 6, 7))
    assert len(left_out) == 1
