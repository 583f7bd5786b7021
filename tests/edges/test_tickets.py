"""Tickets of the page: good once, for a while, and never too many."""

import pytest

from repcount.edges.dashboard.tickets import GOOD_S, MOST_OUT, Tickets


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def tickets(clock):
    return Tickets(lambda: clock[0])


def test_a_ticket_is_good_once(tickets):
    ticket = tickets.give()
    assert tickets.take(ticket)
    assert not tickets.take(ticket)


def test_a_ticket_is_good_for_a_while(tickets, clock):
    kept, late = tickets.give(), tickets.give()
    clock[0] = GOOD_S - 0.1
    assert tickets.take(kept)
    clock[0] = GOOD_S
    assert not tickets.take(late)


@pytest.mark.parametrize("made_up", [None, "", "abc", 7, ["a"], {"a": 1}])
def test_what_was_not_given_is_none(tickets, made_up):
    tickets.give()
    assert not tickets.take(made_up)


def test_of_too_many_the_oldest_is_void(tickets):
    given = [tickets.give() for _ in range(MOST_OUT + 1)]
    assert len(set(given)) == len(given)
    assert not tickets.take(given[0])
    assert tickets.take(given[1])
