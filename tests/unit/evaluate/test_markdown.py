"""The report card as a document."""

from collections import Counter

from scores import scored

from repcount.evaluate.markdown import Picture, Section, markdown
from repcount.evaluate.matching import HoldMatch, Match


def section(*scores, **changes):
    return Section(
        **{"title": "gym", "command": "repcount evaluate gym/index.csv", "scores": scores} | changes
    )


def cells(text, exercise, dataset):
    (line,) = [one for one in text.splitlines() if one.startswith(f"| {exercise} | wrist | {dataset} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_section_has_its_command_and_its_figures():
    text = markdown(
        [
            section(
                scored(latencies_s=(0.25, 0.25), eccentric_errors_s=(0.1, -0.1)),
                scored(subject="b", counted=8, found=Match((), (), ()), concentric_errors_s=(0.5,)),
            )
        ]
    )
    assert "## gym\n\n```\nrepcount evaluate gym/index.csv\n```" in text
    assert cells(text, "pull up", "gym")[3:] == [
        *("2", "2", "20", "50 %", "50 %", "1.00", "-", "-", "-", "0"),
        *("+0.00 ± 0.28 s", "+0.50 s", "0.25 / 0.25 s", "-"),
    ]


def test_a_row_over_all_is_left_out_where_it_says_nothing_more():
    one = markdown([section(scored())])
    two = markdown([section(scored(), scored(dataset="other"))])
    assert ("**all**" in one, "**all**" in two) == (False, True)


def test_few_people_are_said_in_words():
    text = markdown([section(scored(), *(scored(subject=s, exercise="deadlift") for s in "abc"))])
    assert (
        "pull up on the wrist: one person and one set; deadlift on the wrist: three people and three" in text
    )


def test_many_people_need_no_words():
    assert "Few people" not in markdown([section(*(scored(subject=str(k)) for k in range(10)))])


def test_sets_that_are_off_are_listed_the_worst_first_with_how_to_look_at_one():
    text = markdown(
        [
            section(
                scored(file="good.npz"),
                scored(file="near.npz", counted=9),
                scored(file="far.npz", counted=14, said_and_retracted=2),
                scored(file="unknown.npz", reps_true=None),
                plot=lambda one: f"repcount plot {one.file}",
            )
        ]
    )
    listed = text[text.index("### Sets that are not exact") :]
    assert "2 of 3. To look at the first: `repcount plot far.npz`" in listed
    assert listed.splitlines()[-2:] == [
        "| `far.npz` | pull up | wrist | 10 | 14 | 2 |",
        "| `near.npz` | pull up | wrist | 10 | 9 | 0 |",
    ]


def test_all_exact_is_said():
    assert "### Sets that are not exact\n\nNone of 1." in markdown([section(scored())])


def test_hours_without_exercise_have_a_table_of_their_own():
    null = scored(dataset="life", is_null=True, reps_true=0, counted=3, duration_s=1800.0)
    text = markdown([section(null, left_out=Counter({"another exercise, not scored": 2}))])
    assert cells(text, "pull up", "life")[3:] == ["1", "0.5", "6.0", "0.0"]
    assert "Recordings left out: another exercise, not scored: 2." in text
    assert "not exact" not in text


def test_holds_have_a_column():
    text = markdown([section(scored(found_holds=HoldMatch((), (None,), ()), hold_errors_s=(0.25,)))])
    assert cells(text, "pull up", "gym")[-1] == "+0.25 s; 100 % of 1 within 0.5 s"


def test_sections_and_pictures_come_in_order():
    text = markdown([section(title="one", pictures=(Picture("Sets", "card/one.png"),)), section(title="two")])
    assert text.index("## one") < text.index("![Sets](card/one.png)") < text.index("## two")
