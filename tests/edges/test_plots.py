"""Pictures are written; whether they are beautiful, a person must see."""

import re
import shutil
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import scores

from repcount.app import plot as app
from repcount.cli import main
from repcount.edges.plots.card import draw_latencies, draw_phase_errors, draw_set_errors
from repcount.edges.plots.recording import Drawing, draw_recording
from repcount.edges.plots.style import new_figure, save
from repcount.edges.recording.labels import write_labels
from repcount.errors import InputError
from repcount.events import HoldEnded, RepCounted, RepRetracted, SetEnded
from repcount.samples import STANDARD_GRAVITY_M_S2
from repcount.simulate import Plan, SetOf, StandStill, simulate
from repcount.truth import TrueRep

CHECKOUT = Path(__file__).parents[2]
PULL_UPS = CHECKOUT / "recordings" / "wrist_pull_up_strict_01"
PNG = b"\x89PNG\r\n\x1a\n"


def scored(**changes):
    known = {
        "latencies_s": (0.3, 0.5, 2.0),
        "eccentric_errors_s": (0.1, -0.2),
        "concentric_errors_s": (0.1,),
    }
    return scores.scored(**known | changes)


@pytest.mark.parametrize("draw", [draw_set_errors, draw_phase_errors, draw_latencies])
def test_plots_of_the_card_are_the_same_each_time_and_none_without_figures(draw, tmp_path):
    scores = [scored(), scored(counted=8), scored(exercise="deadlift", concentric_errors_s=())]
    for name in ("one.png", "two.png"):
        save(draw(scores), tmp_path / name)
    one, two = ((tmp_path / name).read_bytes() for name in ("one.png", "two.png"))
    assert one.startswith(PNG)
    assert one == two
    assert draw([]) is None
    assert draw([scored(is_null=True, reps_true=0, eccentric_errors_s=(), concentric_errors_s=())]) is None


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def said(kind, at_s, **more):
    return kind(station="s", happened_s=at_s, said_s=at_s, set_index=1, **more)


def label(**times_s):
    unknown = dict.fromkeys(
        ("turn_s", "eccentric_s", "pause_lengthened_s", "concentric_s", "pause_shortened_s")
    )
    return TrueRep(**unknown | times_s)


def drawing(events, labels=None):
    t_s = np.arange(0.0, 30.0, 0.04)
    pose_g = np.column_stack([np.sin(t_s), np.cos(t_s), np.ones_like(t_s)])
    return Drawing(
        title="a day", exercise="pull_up", t_s=t_s, pose_g=pose_g, events=events, labels=labels, targets_s={}
    )


def test_a_recording_in_which_nothing_was_counted_is_drawn():
    (pose,) = draw_recording(drawing([])).axes
    assert pose.get_ylabel() == "pose (g)"


def test_holds_and_reps_that_were_taken_back_are_drawn():
    nothing = {
        "exercise": "pull_up",
        "rep_count": 0,
        "start_s": 3.0,
        "end_s": 9.0,
        "reps": (),
        "time_under_tension_s": 0.0,
        "mean_tempo": None,
        "best_rep_index": None,
        "rom_loss_ratio": None,
        "velocity_loss_ratio": None,
    }
    hold = {"start_s": 4.0, "end_s": 8.0, "hold_s": 4.0, "target_s": 5.0, "sag_deg": None, "sway_deg": None}
    events = [
        said(RepCounted, 3.0, rep_index=1, rep_count=1),
        said(RepRetracted, 5.0, rep_index=1, reason="dismount"),
        said(HoldEnded, 8.0, **hold),
        said(SetEnded, 9.0, **nothing),
    ]
    labels = [
        label(kind="hold", start_s=4.0, end_s=8.0),
        label(kind="rep", start_s=9.0, turn_s=10.0, end_s=11.0),
    ]
    figure = draw_recording(drawing(events, labels))
    assert [text.get_text() for text in figure.legends[0].texts][3:] == ["hold", "taken back", "set"]
    assert {"set 1: pull-up, 1 hold", "4 s"} <= set(texts(figure))
    assert len(figure.axes) == 2


def test_the_verb_draws_a_recording_folder(tmp_path, capsys):
    out = tmp_path / "out.png"
    assert main(["plot", str(PULL_UPS), "--out", str(out)]) == 0
    assert out.read_bytes().startswith(PNG)
    assert capsys.readouterr().err == f"drawn: {out}\n"


def test_the_verb_draws_a_file_here_by_its_name(tmp_path, monkeypatch):
    done = simulate(
        Plan(parts=(SetOf(exercise="deadlift", reps=4), StandStill(duration_s=3.0))), np.random.default_rng(1)
    )
    np.savez(tmp_path / "lift.npz", t=done.batch.t_s, acc=done.batch.acc_m_s2 / STANDARD_GRAVITY_M_S2)
    write_labels(tmp_path / "truth.csv", done.reps)
    monkeypatch.chdir(tmp_path)
    assert main(["plot", "lift.npz", "--exercise", "deadlift", "--labels", "truth.csv"]) == 0
    assert (tmp_path / "lift.png").read_bytes().startswith(PNG)


def test_labels_that_lie_outside_are_said_or_left_out(tmp_path, capsys):
    folder = tmp_path / "set"
    shutil.copytree(PULL_UPS, folder)
    with (folder / "labels.csv").open("a") as file:
        file.write("rep,100,101,102,1,,1,\n")
    words = ["plot", str(folder), "--out", str(tmp_path / "out.png")]
    assert main(words) == 2
    row = f"{folder / 'labels.csv'}:10: lies outside: it ends at 102.000 s"
    assert row in capsys.readouterr().err
    assert main([*words, "--salvage"]) == 0
    assert f"left out: {row}" in capsys.readouterr().err
    assert main([*words[:2], "--out", str(tmp_path / "out.jpg")]) == 2
    assert "out.jpg does not end in .png" in capsys.readouterr().err


def test_reps_are_numbered_as_a_person_counts(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(app, "draw_recording", lambda one: drawn.append(draw_recording(one)) or drawn[0])
    main(["plot", str(PULL_UPS), "--out", str(tmp_path / "out.png")])
    numbers = [int(text) for text in texts(drawn[0]) if text.isdigit()]
    assert numbers == list(range(1, 9))
    assert "set 1: pull-up, 8 reps" in texts(drawn[0])
    in_all = re.compile(r"tempo 2\.\d-\d\.\d-1\.\d-\d\.\d, range [-+]\d+ %")
    assert any(map(in_all.fullmatch, texts(drawn[0])))
    assert [tick.get_text() for tick in drawn[0].axes[0].get_yticklabels()] == ["start", "turn"]
    shared = drawn[0].axes
    assert all(a.get_xlim() == b.get_xlim() for a, b in pairwise(shared))


@pytest.mark.parametrize("words", [["plot", str(PULL_UPS)], ["evaluate", "index.csv", "--report", "card.md"]])
def test_without_matplotlib_one_line_says_what_to_do(words, monkeypatch, capsys):
    for name in [
        name
        for name in sys.modules
        if name.startswith(("repcount.edges.plots", "repcount.app.plot", "repcount.app.report"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("repcount: plots: need matplotlib, which is not installed. Install repcount with")


def test_a_picture_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        save(new_figure(1.0, 1.0), tmp_path / "no" / "a.png")
