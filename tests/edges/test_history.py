"""Sets are kept by the day they ended on, where the wearer lives, and corrected by name."""

from datetime import UTC, date, timedelta, timezone

from repcount.edges.history import History

ZONE = timezone(timedelta(hours=2))


def a_set(end_at, rep_count=5):
    return {"set_index": 1, "exercise": "pull_up", "rep_count": rep_count, "end_at": end_at}


def test_sets_are_found_by_their_day_also_by_the_next_process(tmp_path):
    path = tmp_path / "deep" / "rack-1.jsonl"
    history = History(path, ZONE)
    history.add(a_set("2026-03-01T10:00:00.000Z"), "a")
    history.add(a_set("2026-03-01T22:30:00.000Z", 8), "b")  # half past midnight there

    for kept in (history, History(path, ZONE)):
        assert kept.days() == {"2026-03-02": 1, "2026-03-01": 1}
        assert [body["id"] for body in kept.day(date(2026, 3, 1))] == ["a"]
        assert kept.day(date(2026, 3, 2))[0]["rep_count"] == 8
        assert kept.day(date(2026, 3, 3)) == []


def test_a_correction_holds_for_the_set_it_names(tmp_path):
    path = tmp_path / "rack-1.jsonl"
    history = History(path, UTC)
    history.add(a_set("2026-03-01T10:00:00.000Z"), "a")
    history.correct("a", 7)
    history.correct("unknown", 9)

    for kept in (history, History(path, UTC)):
        assert [body["rep_count"] for body in kept.day(date(2026, 3, 1))] == [7]


def test_half_a_line_and_nonsense_are_left_out_and_nothing_else(tmp_path, caplog):
    path = tmp_path / "rack-1.jsonl"
    History(path, UTC).add(a_set("2026-03-01T10:00:00.000Z"), "a")
    with path.open("a") as file:
        file.write('[]\n{"id": "x"}\n{"id": "y", "end_at": "soon"}\n{"id": "b", "rep_c')

    History(path, UTC).add(a_set("2026-03-01T11:00:00.000Z"), "c")

    assert [body["id"] for body in History(path, UTC).day(date(2026, 3, 1))] == ["a", "c"]
    assert "rack-1.jsonl:2 is left out" in caplog.text


def test_a_disk_that_cannot_be_written_is_said_and_the_day_goes_on(tmp_path, caplog):
    (tmp_path / "taken").write_text("a file where a folder is needed")
    history = History(tmp_path / "taken" / "rack-1.jsonl", UTC)

    history.add(a_set("2026-03-01T10:00:00.000Z"), "a")

    assert history.days() == {"2026-03-01": 1}
    assert "cannot be written" in caplog.text
