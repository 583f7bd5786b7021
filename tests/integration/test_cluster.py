"""A real scheduler and real workers on loopback: the same result, whoever dies."""

import gc
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from distributed import Client

from repcount.app import evaluate, trials
from repcount.cli import main
from repcount.edges.cluster import Cluster
from repcount.edges.files import write_samples
from repcount.errors import InputError, LinkError
from repcount.simulate import Plan, SetOf, StandStill, simulate

INDEX = "file,dataset,subject,exercise_ours,placement,n_reps_true,duration_s"
WORKERS = 4
PACKAGE = Path(__file__).parents[2]


class Started:
    """A process of Dask's."""

    def __init__(self, *words):
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{words[0]}", *words[1:]],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"PYTHONPATH": str(PACKAGE)},
        )
        self.drain = threading.Thread(target=self.process.stderr.read)

    def wait_for(self, said):
        """Wait until it has said this."""
        for line in self.process.stderr:
            if found := re.search(said, line):
                self.drain.start()  # or its pipe fills up
                return found
        pytest.fail(f"{self.process.args} ended")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.drain.join()
        self.process.stderr.close()


class Machines:
    """A scheduler, and workers of its own that can be killed."""

    _OWN = ("--host", "127.0.0.1", "--no-dashboard")
    _ALONE = ("--nthreads", "1", "--no-nanny", "--death-timeout", "60")

    def __init__(self, folder):
        self._folder = ("--local-directory", str(folder))
        self._scheduler = Started("dask_scheduler", *self._OWN, "--port", "0")
        self.address = self._scheduler.wait_for(r"(tcp://\S+:\d+)")[1]
        self._workers = []

    def fill(self):
        """As many workers as there are to be."""
        new = [
            Started("dask_worker", self.address, *self._OWN, *self._ALONE, *self._folder)
            for _ in range(WORKERS - len(self._workers))
        ]
        for worker in new:
            worker.wait_for("Registered to")
        self._workers += new

    def kill_one(self):
        self._workers.pop().kill()

    def close(self):
        for process in (*self._workers, self._scheduler):
            process.kill()


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    started = Machines(tmp_path_factory.mktemp("workers"))
    yield started
    started.close()


@pytest.fixture
def cluster(machines):
    """A scheduler with four workers."""
    machines.fill()
    return machines


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """Short sets of three people, and one who stands still."""
    folder = tmp_path_factory.mktemp("collection")
    rows = [INDEX]
    for k in range(9):
        reps = 4 + k % 3
        parts = (SetOf(exercise="bent_over_row", reps=reps), StandStill(duration_s=8.0))
        batch = simulate(Plan(parts=parts, rate_hz=25.0), np.random.default_rng(k)).batch
        write_samples(folder / f"{k}.npz", batch)
        rows.append(f"{k}.npz,sim,person{k % 3},bent_over_row,wrist,{reps},{batch.t_s[-1]:.3f}")
    still = simulate(Plan(parts=(StandStill(duration_s=20.0),), rate_hz=25.0), np.random.default_rng(9)).batch
    write_samples(folder / "still.npz", still)
    rows.append("still.npz,life,person9,null,wrist,0,20")
    (folder / "index.csv").write_text("\n".join(rows) + "\n")
    return folder / "index.csv"


def evaluated(collection, tmp_path, capsys, *how):
    out = tmp_path / f"{'-'.join(how).replace('/', '')}.jsonl"
    words = ["evaluate", str(collection), "--exercise", "bent_over_row", "--json", "--predictions", str(out)]
    assert main([*words, *how]) == 0
    return capsys.readouterr().out, out.read_bytes()


def test_evaluate_says_the_same_bit_for_bit_whoever_counts_and_whoever_dies(
    collection, cluster, tmp_path, capsys, monkeypatch
):
    alone = evaluated(collection, tmp_path, capsys, "--jobs", "1")
    assert alone[1].count(b"\n") == 10
    assert evaluated(collection, tmp_path, capsys, "--jobs", "2") == alone

    scored = []

    def score_and_kill(task, run):
        scored.append(task.row.file)
        if len(scored) == 2:  # each has its next ones by now
            cluster.kill_one()
        return score(task, run)

    score = evaluate._score
    monkeypatch.setattr(evaluate, "_score", score_and_kill)
    assert evaluated(collection, tmp_path, capsys, "--scheduler", cluster.address) == alone
    assert len(set(scored)) == len(scored) == 10


def test_tune_finds_the_same_on_a_cluster_two_of_whose_workers_are_killed(
    collection, cluster, tmp_path, capsys, monkeypatch
):
    def tuned(name, *how):
        folder = tmp_path / name
        folder.mkdir()
        words = ["tune", str(collection), "--exercise", "bent_over_row", "--trials", "6", "--json"]
        words += ["--study", str(folder / "row.study"), "--out", str(folder / "row.toml")]
        code = main([*words, *how])
        said = json.loads(capsys.readouterr().out)
        return code, {key: value for key, value in said.items() if key not in {"written", "report"}}

    alone = tuned("alone", "--jobs", "1")
    remember, added = trials.Memo.add, []

    def remember_and_kill(memo, region, result):
        added.append(region)
        if len(added) in {3, 14}:
            cluster.kill_one()
        remember(memo, region, result)

    monkeypatch.setattr(trials.Memo, "add", remember_and_kill)
    assert tuned("cluster", "--scheduler", cluster.address) == alone
    assert len(added) > 14
    with closing(sqlite3.connect(tmp_path / "cluster" / "row.study")) as file:
        numbers = file.execute("select number from trials order by number").fetchall()
    assert numbers == [(k,) for k in range(6)]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "no scheduler answers at tcp://127.0.0.1:9"),
        ("no:x", "no scheduler answers at no:x"),
    ],
)
def test_a_scheduler_that_is_not_there_is_said(collection, capsys, monkeypatch, address, said):
    monkeypatch.setattr("repcount.edges.cluster._ANSWER_S", 1)
    assert main(["evaluate", str(collection), "--scheduler", address]) == 2
    (line,) = [one for one in capsys.readouterr().err.splitlines() if one.startswith("repcount:")]
    assert said in line
    assert "Start one with: dask scheduler" in line
    made = [one for one in gc.get_objects() if issubclass(type(one), Client)]
    assert {one.status for one in made} <= {
        "closed"
    }  # another that is made as these are collected would hang


def test_a_worker_of_another_version_is_refused(cluster, monkeypatch):
    monkeypatch.setattr("repcount.edges.cluster.digest", lambda: "another")
    with Cluster(cluster.address) as spread, pytest.raises(InputError, match="another version of repcount"):
        list(spread.map(json.dumps, [1]))


def test_a_scheduler_that_dies_is_said():
    own = ("--host", "127.0.0.1", "--no-dashboard")
    scheduler = Started("dask_scheduler", *own, "--port", "0")
    address = scheduler.wait_for(r"(tcp://\S+:\d+)")[1]
    worker = Started("dask_worker", address, *own, "--nthreads", "1", "--no-nanny", "--death-timeout", "5")
    worker.wait_for("Registered to")
    with Cluster(address) as spread:
        results = spread.map(json.dumps, range(10**6))
        next(results)
        scheduler.kill()
        worker.kill()
        with pytest.raises(LinkError, match="the scheduler is gone"):
            list(results)


def test_processes_and_a_scheduler_do_not_go_together(collection, capsys):
    assert main(["evaluate", str(collection), "--scheduler", "tcp://x:1", "--jobs", "2"]) == 2
    assert "--jobs: is for this machine alone" in capsys.readouterr().err
