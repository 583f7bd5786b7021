import dataclasses

import pytest
from scores import indexed, scored

from repcount.evaluate.choice import choose
from repcount.evaluate.collection import placement_of
from repcount.evaluate.report import ReportRow, report
from repcount.evaluate.score import score
from repcount.evaluate.table import table
from repcount.events import Rep, RepCounted, RepRetracted, SetEnded
from repcount.exercises import EXERCISES
from repcount.truth import TrueRep

ROW = indexed(rate_hz=100.0, has_gyro=True, duration_s=60.0, n_reps_true=2)


def rep(index, turn_s, eccentric_s, concentric_s):
    return Rep(
        rep_index=index,
        start_s=turn_s - concentric_s,
        turn_s=turn_s,
        end_s=turn_s + (eccentric_s or 1.0),
        eccentric_s=eccentric_s,
        pause_lengthened_s=None,
        concentric_s=concentric_s,
        pause_shortened_s=0.0,
        controlled=None,
        partial=False,
        rom_deg=None,
        rom_m=None,
        mean_concentric_velocity_m_s=None,
        depth_deg=None,
        trunk_sway_deg=None,
    )


def truth(turn_s, eccentric_s, concentric_s):
    return TrueRep(
        kind="rep",
        start_s=turn_s - concentric_s,
        turn_s=turn_s,
        end_s=turn_s + (eccentric_s or 1.0),
        eccentric_s=eccentric_s,
        pause_lengthened_s=None,
        concentric_s=concentric_s,
        pause_shortened_s=0.0,
    )


def said(at_s, latency_s, index):
    return RepCounted(
        station="s", happened_s=at_s, said_s=at_s + latency_s, set_index=1, rep_index=index, rep_count=index
    )


def ended(*reps, set_index=1):
    return SetEnded(
        station="s",
        happened_s=20.0,
        said_s=25.0,
        set_index=set_index,
        exercise="pull_up",
        rep_count=len(reps),
        start_s=0.0,
        end_s=20.0,
        reps=reps,
        time_under_tension_s=0.0,
        mean_tempo=None,
        best_rep_index=None,
        rom_loss_ratio=None,
        velocity_loss_ratio=None,
    )


def row_of(rows, exercise="pull_up", placement="wrist", dataset="gym"):
    (found,) = [r for r in rows if (r.exercise, r.placement, r.dataset) == (exercise, placement, dataset)]
    return found


def test_a_score_counts_what_the_ended_sets_say_and_not_what_was_said_on_the_way():
    events = [
        said(2.0, 0.25, 1),
        said(6.0, 0.5, 2),
        said(9.0, 0.25, 3),
        RepRetracted(station="s", happened_s=9.0, said_s=20.0, set_index=1, rep_index=3, reason="dismount"),
        ended(rep(1, 2.0, 2.0, 1.0), rep(2, 6.0, 2.0, 1.0)),
        ended(rep(1, 40.0, 2.0, 1.0), set_index=2),
    ]
    one = score(events, ROW, exercise="pull_up", duration_s=60.0)
    assert (one.counted, one.said_and_retracted, one.latencies_s) == (3, 1, (0.25, 0.5, 0.25))
    assert one.found is None


def test_phase_errors_are_ours_less_the_label_s_where_both_know_the_phase():
    labels = [truth(2.0, 2.5, 1.0), truth(6.0, 2.0, 0.75), truth(10.0, 3.0, 1.0), truth(14.0, 1.0, 1.0)]
    reps = [rep(1, 2.25, 2.0, 1.0), rep(2, 6.0, 2.5, 1.0), rep(3, 14.0, None, 1.5), rep(4, 50.0, 2.0, 1.0)]
    one = score([ended(*reps)], ROW, exercise="pull_up", duration_s=60.0, labels=labels)
    assert one.eccentric_errors_s == (-0.5, 0.5)
    assert one.concentric_errors_s == (0.0, 0.25, 0.5)
    assert [t.turn_s for t in one.found.missed] == [10.0]
    assert [r.turn_s for r in one.found.extra] == [50.0]


def test_a_row_worked_out_by_hand():
    rows = report(
        [
            scored(
                subject="a", reps_true=10, counted=10, latencies_s=(0.1, 0.2), eccentric_errors_s=(0.1, 0.3)
            ),
            scored(subject="a", reps_true=8, counted=9, latencies_s=(0.3,), concentric_errors_s=(-0.2,)),
            scored(subject="b", reps_true=12, counted=9, latencies_s=(0.4, 0.5)),
            scored(subject="c", reps_true=None, counted=5),
        ]
    )
    row = row_of(rows)
    assert (row.people, row.sets, row.reps) == (2, 3, 30)
    assert row.exact_ratio == pytest.approx(1 / 3)
    assert row.within_one_ratio == pytest.approx(2 / 3)
    assert row.mae_reps == pytest.approx(4 / 3)
    assert row.eccentric_bias_s == pytest.approx(0.2)
    assert row.eccentric_loa_s == pytest.approx(1.96 * 0.02**0.5)
    assert (row.concentric_bias_s, row.concentric_loa_s) == (pytest.approx(-0.2), None)
    assert (row.latency_p50_s, row.latency_p95_s) == (pytest.approx(0.3), pytest.approx(0.48))
    assert (row.hours, row.false_reps_per_hour, row.said_and_retracted_per_hour) == (0, None, None)


def test_false_reps_come_from_recordings_without_exercise_alone():
    null = {"is_null": True, "reps_true": 0, "duration_s": 1800.0}
    rows = report(
        [
            scored(**null, subject="x", counted=3, said_and_retracted=1, latencies_s=(9.0,)),
            scored(**null, subject="y", counted=0),
            scored(subject="a", counted=11, said_and_retracted=4, latencies_s=(0.2,)),
        ]
    )
    row = row_of(rows)
    assert (row.hours, row.false_reps_per_hour, row.said_and_retracted_per_hour) == (1.0, 3.0, 1.0)
    assert (row.people, row.sets, row.reps, row.exact_ratio, row.latency_p95_s) == (1, 1, 10, 0.0, 0.2)


def test_a_dataset_without_exercise_has_a_row_for_each_exercise_armed():
    null = {"is_null": True, "reps_true": 0, "dataset": "walks", "duration_s": 3600.0}
    rows = report([scored(**null, exercise=e, counted=n) for e, n in (("pull_up", 2), ("deadlift", 0))])
    assert row_of(rows, "pull_up", dataset="walks").false_reps_per_hour == 2.0
    row = row_of(rows, "deadlift", dataset="walks")
    assert (row.people, row.sets, row.exact_ratio, row.false_reps_per_hour) == (1, 0, None, 0.0)


def test_datasets_are_put_together_by_placement_and_people_of_different_datasets_are_different():
    rows = report(
        [
            scored(dataset="gym", counted=10),
            scored(dataset="muvr", counted=11),
            scored(dataset="bars", placement="barbell", counted=7),
            scored(dataset="muvr", exercise="deadlift", counted=10),
        ]
    )
    row = row_of(rows, dataset="all")
    assert (row.people, row.sets, row.exact_ratio) == (2, 2, 0.5)
    assert row_of(rows, placement="barbell", dataset="all").mae_reps == 3.0
    everything = row_of(rows, exercise="all", dataset="all")
    assert (everything.people, everything.sets) == (2, 3)


def test_rows_do_not_depend_on_the_order_of_the_recordings():
    scores = [
        scored(dataset=d, subject=s, counted=n) for d, s, n in (("b", "x", 9), ("a", "y", 10), ("b", "z", 12))
    ]
    assert report(scores) == report(scores[::-1])


def test_the_card_holds_the_figures_the_contract_names():
    names = [f.name for f in dataclasses.fields(ReportRow)]
    assert names == [
        *("exercise", "placement", "dataset", "people", "sets", "reps"),
        *("exact_ratio", "within_one_ratio", "mae_reps"),
        *("hours", "false_reps_per_hour", "said_and_retracted_per_hour"),
        *("eccentric_bias_s", "eccentric_loa_s", "concentric_bias_s", "concentric_loa_s"),
        *("latency_p50_s", "latency_p95_s"),
        *("recordings", "labelled_reps", "found_ratio", "extra_reps"),
        *("labelled_holds", "hold_bias_s", "hold_loa_s", "hold_within_half_s_ratio"),
        *("with_gyroscope", "without_gyroscope"),
    ]


def test_times_are_told_apart_by_whether_there_is_a_gyroscope():
    quick, slow = scored(latencies_s=(0.1,), has_gyro=True), scored(latencies_s=(1.1,), has_gyro=False)
    row = report([quick, slow, scored(latencies_s=(9.0,))])[0]
    assert (row.with_gyroscope.latency_p95_s, row.without_gyroscope.latency_p95_s) == (0.1, 1.1)
    assert report([quick])[0].without_gyroscope is None


def test_the_table_shows_shares_and_dashes_in_columns():
    head, line, *_ = table(report([scored(counted=9), scored(counted=10, latencies_s=(0.25,))])).splitlines()
    assert line.split()[:3] == ["pull_up", "wrist", "gym"]
    figures = line.split()[3:]
    assert figures == ["1", "2", "20", "50.0%", "100.0%", "0.50", *["-"] * 7, "0.25", "0.25", "2"]
    assert head.index("reps") + len("reps") == line.index(" 20 ") + len(" 20")


@pytest.mark.parametrize(
    ("text", "placement"),
    [
        ("left wrist (Apple Watch SE)", "wrist"),
        ("dominant (right) wrist, smartwatch", "wrist"),
        ("barbell (inferred: not the wrist)", "barbell"),
        ("Chest", "chest"),
        ("chest-strap on a barbell", "chest"),
        ("pocket", None),
        ("", None),
    ],
)
def test_the_first_word_that_names_a_placement_counts(text, placement):
    assert placement_of(text) == placement


def test_a_barbell_is_run_as_a_wrist_and_keeps_its_name():
    assert indexed(placement="barbell").run_placement == "wrist"
    assert indexed(placement="chest").run_placement == "chest"


def test_recordings_without_exercise_are_run_with_every_exercise_or_the_one_asked_for():
    null = indexed(exercise_ours="null", n_reps_true=0)
    on_wrist = sorted(e for e, model in EXERCISES.items() if "wrist" in model.placements)
    assert [armed for _, armed in choose([null]).runs] == on_wrist
    assert [armed for _, armed in choose([null], "pull_up").runs] == ["pull_up"]


def test_what_is_not_run_is_counted_with_its_reason():
    rows = [indexed(exercise_ours="other"), indexed(exercise_ours="other"), indexed(placement="chest")]
    choice = choose(rows)
    assert choice.left_out["another exercise, not scored"] == 2
    assert len(choice.runs) + sum(choice.left_out.values()) == len(rows)


def test_an_exercise_without_a_model_is_left_out_and_said(monkeypatch):
    others = {name: model for name, model in EXERCISES.items() if name != "pull_up"}
    monkeypatch.setattr("repcount.evaluate.choice.EXERCISES", others)
    choice = choose([ROW])
    assert (choice.runs, dict(choice.left_out)) == ([], {"no model yet: pull_up": 1})


def test_asking_for_the_wrist_keeps_bars_and_asking_for_bars_leaves_out_wrists():
    wrist, bar, other = indexed(), indexed(placement="barbell"), indexed(exercise_ours="deadlift")
    assert [row for row, _ in choose([wrist, bar], "pull_up", "wrist").runs] == [wrist, bar]
    assert [row for row, _ in choose([wrist, bar], None, "barbell").runs] == [bar]
    assert choose([other], "pull_up").runs == []
