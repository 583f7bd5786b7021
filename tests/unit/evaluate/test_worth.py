import pytest

from repcount.evaluate.worth import Outcome, Worth, least_cost, worth


def done(true_reps, counted, errors_s=(), latencies_s=()):
    return Outcome(true_reps, counted, 0.0, errors_s, latencies_s)


def idle(hours, counted):
    return Outcome(None, counted, hours * 3600, (), ())


def cost(*outcomes, most=1.0):
    return worth(outcomes).cost(most)


def test_figures_are_those_of_all_outcomes():
    assert worth([done(8, 8, (0.1, -0.3), (0.5,)), done(5, 7), done(None, 4), idle(2, 3)]) == Worth(
        sets=2, off_sets=1, off_reps=2, phase_error_s=pytest.approx(0.2), latency_s=0.5, false_per_hour=1.5
    )
    nothing = worth([])
    assert (nothing.phase_error_s, nothing.latency_s, nothing.false_per_hour) == (None, None, None)


def test_one_more_exact_set_outweighs_everything_else():
    exact = cost(done(8, 8, (9.0,), (60.0,)), done(99, 0))
    off = cost(done(8, 8, (0.0,), (0.0,)), done(8, 7), done(8, 9))
    assert exact < off


def test_then_come_reps_then_phases_then_latency():
    assert cost(done(8, 7, (0.5,))) < cost(done(8, 4, (0.5,)))
    assert cost(done(8, 8, (0.1,), (2.0,))) < cost(done(8, 8, (0.3,), (0.2,)))
    assert cost(done(8, 8, (0.1,), (0.2,))) < cost(done(8, 8, (0.1,), (0.9,)))


def test_too_many_false_reps_are_worse_than_any_count():
    wrong = [done(8, 0) for _ in range(5)]
    right = [done(8, 8) for _ in range(5)]
    assert cost(*wrong, idle(1, 1)) < cost(*right, idle(1, 2))
    assert cost(*right, idle(1, 2)) < cost(*right, idle(1, 9))
    assert cost(*right, idle(1, 2), most=2.0) < 1


def test_the_least_cost_is_never_more_than_the_cost():
    outcomes = [done(8, 7), done(8, 8, (0.4,), (1.0,)), done(5, 9, (0.1,)), idle(1, 0)]
    for n in range(len(outcomes) + 1):
        assert least_cost(outcomes[:n]) <= cost(*outcomes)
