import pytest
from scores import indexed

from repcount.errors import InputError
from repcount.evaluate.split import By, split


def row(file, subject, exercise="pull_up", duration_s=60.0, day=""):
    return indexed(
        file=file,
        subject=subject,
        exercise_ours=exercise,
        duration_s=duration_s,
        n_reps_true=None if exercise == "null" else 5,
        day=day,
    )


SETS = [row(f"{who}{k}.npz", who) for who in "abcdefgh" for k in range(3)]
IDLE = [row(f"{who}-idle{k}.npz", who, "null") for who in "ghijklmn" for k in range(2)]


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_on_both_sides_and_nothing_is_lost(seed):
    searched, held = split([*SETS, *IDLE], 0.3, By.PERSON, seed)
    people = [{one.subject for one in part.rows} for part in (searched, held)]
    assert not people[0] & people[1]
    assert sorted(one.file for one in (*searched.rows, *held.rows)) == sorted(r.file for r in [*SETS, *IDLE])
    assert 0.3 * len(SETS) <= len(held.sets) < 0.5 * len(SETS)
    assert held.idle
    assert searched.idle
    assert split([*SETS, *IDLE], 0.3, By.PERSON, seed) == (searched, held)


def test_another_seed_holds_others_back():
    assert len({split(SETS, 0.3, By.PERSON, seed)[1].groups for seed in range(8)}) > 1


def test_of_idle_hours_no_more_are_drawn_than_asked_for():
    searched, held = split([*SETS, *IDLE], 0.3, By.PERSON, 0, most_idle_s=150.0)
    assert (len(searched.idle), len(held.idle)) == (2, 2)


def test_days_are_told_by_the_index_or_by_the_name():
    rows = [
        row("x_2026-03-01T10.npz", "a"),
        row("x_20260302.npz", "a"),
        row("z.npz", "a", day="2026-03-01"),
    ]
    assert [one.worn_day for one in rows] == ["2026-03-01", "2026-03-02", "2026-03-01"]
    searched, held = split(rows, 0.2, By.DAY, 0)
    assert {one.worn_day for one in searched.sets} | {one.worn_day for one in held.sets} == {
        "2026-03-01",
        "2026-03-02",
    }
    assert not {one.worn_day for one in searched.sets} & {one.worn_day for one in held.sets}


@pytest.mark.parametrize(
    ("rows", "by", "mend"),
    [
        ([row("a.npz", "a"), row("b.npz", "a")], By.PERSON, "Add sets of others"),
        ([row("a_20260301.npz", "a"), row("b_20260302.npz", "a")], By.PERSON, "--by day finds 2"),
        ([row("a.npz", "a"), row("b.npz", "a")], By.DAY, "Add sets of others"),
    ],
)
def test_too_few_to_hold_any_back_is_said(rows, by, mend):
    with pytest.raises(InputError) as error:
        split(rows, 0.3, by, 0)
    (problem,) = error.value.problems
    assert "nothing can be held back: all 2 sets with a known count are of one" in problem.message
    assert mend in problem.mend
