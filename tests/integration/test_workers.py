import operator
import os
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

from repcount.app.workers import map_in_order
from repcount.errors import InputError

SLEEPERS = """
import time
from repcount.app.workers import map_in_order
if __name__ == "__main__":
    for _ in map_in_order(time.sleep, [0] * 8 + [60] * 8, jobs=2):
        print("one done", flush=True)
"""


@pytest.mark.parametrize("jobs", [1, 2, None])
def test_results_come_in_the_order_of_the_inputs(jobs):
    assert list(map_in_order(operator.neg, range(50), jobs)) == [-k for k in range(50)]


def test_no_input_needs_no_worker():
    assert list(map_in_order(operator.neg, [], 2)) == []


def test_workers_compute_on_one_thread_each_and_this_process_is_left_as_it_was(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    names = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"]
    assert list(map_in_order(os.getenv, names, 2)) == ["1", "1"]
    assert (os.getenv("OMP_NUM_THREADS"), os.getenv("OPENBLAS_NUM_THREADS")) == ("3", None)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_a_worker_raises_is_raised_here():
    with pytest.raises(TypeError):
        list(map_in_order(operator.inv, [1, "text"], 2))


def negated(asked):
    """A number negated; of the deadly one the process dies, until `deaths` of them are noted."""
    number, note, deaths = asked
    if deaths and len(note.read_bytes()) < deaths:
        with note.open("ab") as file:
            file.write(b"x")
        os.kill(os.getpid(), signal.SIGKILL)
    return -number


@pytest.fixture
def note(tmp_path):
    (tmp_path / "deaths").touch()
    return tmp_path / "deaths"


def test_what_a_killed_worker_was_at_is_done_by_another_and_nothing_twice(note):
    work = [(k, note, {13: 1, 30: 2}.get(k, 0)) for k in range(40)]
    assert list(map_in_order(negated, work, 2)) == [-k for k in range(40)]
    assert note.read_bytes() == b"xx"


def test_work_of_which_every_worker_dies_is_said(note):
    work = [(k, note, 99 if k == 5 else 0) for k in range(8)]
    with pytest.raises(InputError, match=r"die of the work\. Give fewer --jobs"):
        list(map_in_order(negated, work, 2))
    assert note.read_bytes() == b"xxx"


def test_closing_early_ends_the_workers_at_once():
    start_s = time.monotonic()
    with closing(map_in_order(time.sleep, [0] * 8 + [60] * 8, 2)) as results:
        next(results)
    assert time.monotonic() - start_s < 30


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_workers_die_with_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "sleepers.py"
    script.write_text(SLEEPERS)
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE)
    process.stdout.readline()
    process.kill()
    process.communicate(timeout=30)  # a worker left asleep would hold the pipe open for 60 s
    assert process.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX process groups")
@pytest.mark.parametrize("to_all", [True, False], ids=["terminal", "kill"])
def test_an_interrupt_ends_all_processes_and_leaves_no_worker_s_trace(tmp_path, to_all):
    script = tmp_path / "sleepers.py"
    script.write_text(SLEEPERS)
    process = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    process.stdout.readline()
    (os.killpg if to_all else os.kill)(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)  # a worker left asleep would hold the pipe open for 60 s
    assert process.returncode == -signal.SIGINT
    assert errors.count("Traceback") == 1
