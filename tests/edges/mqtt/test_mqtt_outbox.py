import contextlib
import sqlite3

import pytest

from repcount.edges.mqtt.outbox import FORGET_AT, MOST_IN_FLIGHT, Outbox
from repcount.edges.mqtt.payloads import Message
from repcount.errors import InputError


def message(number):
    return Message("t", b"%d" % number)


def drain(outbox, first_mid):
    mids = []
    while (following := outbox.next()) is not None:
        mids.append(int(following.payload))
        outbox.sent(first_mid + len(mids) - 1)
    return mids


def test_events_leave_in_order_and_only_so_many_at_a_time():
    outbox = Outbox()
    for number in range(MOST_IN_FLIGHT + 5):
        outbox.add([message(number)])

    assert drain(outbox, 1) == list(range(MOST_IN_FLIGHT))
    outbox.acknowledged(1)
    assert drain(outbox, 1001) == [MOST_IN_FLIGHT]
    assert len(outbox) == MOST_IN_FLIGHT + 4


def test_what_was_not_acknowledged_goes_out_again_first_and_in_order():
    outbox = Outbox()
    for number in range(5):
        outbox.add([message(number)])
    drain(outbox, 1)
    outbox.acknowledged(2)
    outbox.add([message(5)])

    outbox.rewind()

    assert drain(outbox, 11) == [0, 2, 3, 4, 5]


def test_ids_of_other_messages_are_ignored():
    outbox = Outbox()
    outbox.add([message(0)])
    drain(outbox, 1)

    outbox.acknowledged(99)
    outbox.rewind()
    outbox.acknowledged(1)

    assert len(outbox) == 1


def test_a_full_outbox_gives_up_the_oldest_and_counts_it():
    outbox = Outbox(most=3)
    for number in range(5):
        outbox.add([message(number)])

    assert outbox.lost == 2
    assert drain(outbox, 1) == [2, 3, 4]


def test_what_was_not_acknowledged_is_there_again_for_the_next_process(tmp_path):
    path = tmp_path / "rack-1.sqlite"
    outbox = Outbox(path)
    outbox.add(message(number) for number in range(4))
    drain(outbox, 1)
    outbox.acknowledged(1)
    outbox.acknowledged(3)
    outbox.close()

    again = Outbox(path)

    assert len(again) == 2
    assert drain(again, 1) == [1, 3]


def test_messages_are_committed_before_they_can_be_handed_on(tmp_path):
    path = tmp_path / "rack-1.sqlite"
    outbox = Outbox(path)
    outbox.add([message(7)])
    copy = tmp_path / "copy.sqlite"
    for suffix in ("", "-wal"):  # as a process that is killed now would leave it
        (tmp_path / f"copy.sqlite{suffix}").write_bytes((tmp_path / f"rack-1.sqlite{suffix}").read_bytes())

    assert outbox.next() == message(7)
    assert Outbox(copy).next() == message(7)


def test_a_second_service_of_the_same_station_is_refused(tmp_path):
    path = tmp_path / "rack-1.sqlite"
    first = Outbox(path)

    with pytest.raises(InputError, match="'rack-1' is served by another repcount"):
        Outbox(path)

    first.close()
    Outbox(path).close()


def test_a_damaged_file_is_kept_aside_and_begun_anew(tmp_path, caplog):
    path = tmp_path / "rack-1.sqlite"
    path.write_bytes(b"no database at all " * 100)

    outbox = Outbox(path)
    outbox.add([message(1)])

    assert drain(outbox, 1) == [1]
    assert (tmp_path / "rack-1.broken").read_bytes().startswith(b"no database")
    assert "damaged" in caplog.text


def test_without_a_folder_that_can_be_made_events_wait_in_memory(tmp_path, caplog):
    (tmp_path / "taken").write_text("a file where a folder is needed")

    outbox = Outbox(tmp_path / "taken" / "rack-1.sqlite")
    outbox.add([message(1)])

    assert drain(outbox, 1) == [1]
    assert "wait in memory" in caplog.text


def test_a_full_disk_moves_what_waits_into_memory(tmp_path, caplog):
    outbox = Outbox(tmp_path / "rack-1.sqlite")
    outbox.add(message(number) for number in range(3))
    outbox._db.execute("PRAGMA max_page_count = 3")  # sqlite's own "database or disk is full"

    outbox.add(Message("t", b"%d" % number + b" " * 5000) for number in range(3, 9))

    assert "cannot be written" in caplog.text
    assert len(outbox) == 9
    assert drain(outbox, 1) == list(range(9))


def test_an_outbox_that_is_nearly_full_says_so_once(caplog):
    outbox = Outbox(most=10)
    for number in range(10):
        outbox.add([message(number)])

    assert caplog.text.count("wait for the broker") == 1


def test_acknowledged_messages_do_not_pile_up_on_disk(tmp_path):
    path = tmp_path / "rack-1.sqlite"
    outbox = Outbox(path)
    outbox.add(message(number) for number in range(FORGET_AT))
    mid = 0
    while outbox.next() is not None:
        outbox.sent(mid)
        outbox.acknowledged(mid)
        mid += 1
    outbox.close()

    left = sqlite3.connect(path).execute("SELECT COUNT(*) FROM events").fetchone()
    assert left == (0,)


def test_an_outbox_of_another_version_is_refused_and_not_touched(tmp_path):
    path = tmp_path / "rack-1.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT)")
        db.execute("INSERT INTO messages (body) VALUES ('waits')")
        db.execute("PRAGMA user_version = 2")
        db.commit()
    before = path.read_bytes()

    with pytest.raises(InputError, match=r"another version of repcount \(schema 2, this one has 1\)"):
        Outbox(path)

    assert path.read_bytes() == before


def test_an_outbox_that_its_process_left_in_the_middle_is_taken_up(tmp_path):
    path = tmp_path / "rack-1.sqlite"
    path.touch()  # killed before the first word
    outbox = Outbox(path)
    outbox.add([message(1)])
    assert (len(outbox), outbox.on_disk) == (1, True)


def test_a_full_outbox_on_disk_stays_as_small_as_it_is_bounded(tmp_path):
    path = tmp_path / "rack-1.sqlite"
    outbox = Outbox(path, most=100)
    for number in range(2000):
        outbox.add([message(number)])

    assert (len(outbox), outbox.lost) == (100, 1900)
    outbox.close()
    assert sqlite3.connect(path).execute("SELECT COUNT(*), MIN(payload) FROM events").fetchone() == (
        100,
        b"1900",
    )
    assert path.stat().st_size < 100_000


def test_nearly_full_is_over_once_the_broker_has_taken_enough():
    outbox = Outbox(most=10)
    outbox.add(message(number) for number in range(8))
    assert outbox.nearly_full
    drain(outbox, 1)
    outbox.acknowledged(1)
    assert not outbox.nearly_full


def test_whether_events_are_as_safe_as_was_asked_for_is_known(tmp_path):
    (tmp_path / "taken").write_text("a file where a folder is needed")
    assert Outbox().on_disk
    assert not Outbox(tmp_path / "taken" / "rack-1.sqlite").on_disk
