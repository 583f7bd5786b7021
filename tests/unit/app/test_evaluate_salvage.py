"""What of a collection cannot be read is named with its place; with --salvage the rest is scored."""

import numpy as np
import pytest

from repcount.cli import main
from repcount.edges.files import write_samples
from repcount.edges.recording import write_labels
from repcount.samples import SampleBatch
from repcount.truth import TrueRep


def rep(start_s):
    phases = {"eccentric_s": 1.0, "pause_lengthened_s": None, "concentric_s": 1.0, "pause_shortened_s": 0.0}
    return TrueRep(kind="rep", start_s=start_s, turn_s=start_s + 1, end_s=start_s + 2, **phases)


@pytest.fixture
def index(tmp_path):
    """Two still recordings of 4 s; the labels of the second overlap and lie outside."""
    t_s = np.arange(200) / 50
    still = SampleBatch(t_s, np.tile([0.0, 0.0, 9.81], (200, 1)))
    for name in ("good", "bad"):
        write_samples(tmp_path / f"{name}.npz", still)
        write_labels(
            tmp_path / f"{name}.csv", [rep(1.0)] if name == "good" else [rep(0.0), rep(1.0), rep(3.0)]
        )
    rows = [f"{name}.npz,d,s,pull_up,wrist,1,{name}.csv" for name in ("good", "bad")]
    path = tmp_path / "index.csv"
    path.write_text(
        "\n".join(["file,dataset,subject,exercise_ours,placement,n_reps_true,labels", *rows]) + "\n"
    )
    return path


def evaluate(index, *words):
    return main(["evaluate", str(index), "--jobs", "1", *words])


def test_labels_that_overlap_are_named_and_nothing_is_scored(index, capsys):
    assert evaluate(index) == 2
    out, err = capsys.readouterr()
    assert "bad.csv:3: overlaps" in err
    assert out == ""


def test_labels_that_lie_outside_are_named(index, capsys):
    write_labels(index.parent / "bad.csv", [rep(3.0)])
    assert evaluate(index) == 2
    assert (
        "bad.csv:2: lies outside: it ends at 5.000 s. The recording ends at 3.980 s"
        in capsys.readouterr().err
    )


def test_salvage_scores_the_rest_and_lists_what_it_left_out(index, capsys):
    (index.parent / "good.npz").write_bytes(b"no archive")
    assert evaluate(index, "--salvage") == 0
    out, err = capsys.readouterr()
    assert "left out: " in err
    assert "good.npz: is no .npz" in err
    assert "bad.csv:3: overlaps" in err
    assert "bad.csv:4: lies outside" in err or "bad.csv:3: lies outside" in err
    assert "pull_up" in out
