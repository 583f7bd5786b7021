from repcount.edges.mqtt.outbox import MOST_IN_FLIGHT, Outbox
from repcount.edges.mqtt.payloads import Message


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
        outbox.add(message(number))

    assert drain(outbox, 1) == list(range(MOST_IN_FLIGHT))
    outbox.acknowledged(1)
    assert drain(outbox, 1001) == [MOST_IN_FLIGHT]
    assert len(outbox) == MOST_IN_FLIGHT + 4


def test_what_was_not_acknowledged_goes_out_again_first_and_in_order():
    outbox = Outbox()
    for number in range(5):
        outbox.add(message(number))
    drain(outbox, 1)
    outbox.acknowledged(2)
    outbox.add(message(5))

    outbox.rewind()

    assert drain(outbox, 11) == [0, 2, 3, 4, 5]


def test_ids_of_other_messages_are_ignored():
    outbox = Outbox()
    outbox.add(message(0))
    drain(outbox, 1)

    outbox.acknowledged(99)
    outbox.rewind()
    outbox.acknowledged(1)

    assert len(outbox) == 1


def test_a_full_outbox_gives_up_the_oldest_and_counts_it():
    outbox = Outbox(most=3)
    for number in range(5):
        outbox.add(message(number))

    assert outbox.lost == 2
    assert drain(outbox, 1) == [2, 3, 4]
