"""The same work on the workers of a Dask cluster, with the results in the order of the inputs.

Rules: what a worker needs goes with the work, so that no machine has to see another's files; work whose
worker died is done by another, and a result is taken once. A worker of another version counts otherwise: it
is told by the digest of its code, whenever it joined.
"""

import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from repcount.edges.code import digest
from repcount.errors import InputError, LinkError, Problem

try:
    from distributed import Client, KilledWorker
    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError
except ImportError as error:
    _mend = "Install repcount with its extra 'cluster', or run: python -m pip install distributed"
    raise InputError([Problem("--scheduler", "needs Dask's distributed", _mend)]) from error

_Base = cast(Any, Client)  # has no types
_In = TypeVar("_In")
_Out = TypeVar("_Out")

_ANSWER_S = 10
"""A scheduler that is there answers sooner, also from another continent."""
_AHEAD = 3
"""Pieces of work under way for each thread of the cluster: a worker that is done has its next one already."""


class _Client(_Base):  # type: ignore[misc, valid-type]
    """A client that is closed at once where nothing answers.

    Left to the garbage collection it would take the lock under which the next one starts, maybe just then.
    """

    def __init__(self, address: str) -> None:
        try:
            super().__init__(address, timeout=_ANSWER_S, set_as_default=False)
        except BaseException:
            self.close()
            raise


@dataclass(frozen=True, slots=True)
class _Other:
    """In place of a result: the worker runs other code."""

    digest: str


class Cluster:
    """Workers of the cluster whose scheduler listens at `address`; to be closed, best by `with`.

    Attributes
    ----------
    far
        Workers that may be on other machines: files are to be read here.

    Raises
    ------
    InputError
        When nothing answers there, or it has no workers.
    """

    far = True

    def __init__(self, address: str) -> None:
        mend = "Start one with: dask scheduler. Its workers: dask worker tcp://HOST:8786"
        try:
            self._client = _Client(address)
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError([Problem("--scheduler", f"no scheduler answers at {address}", mend)]) from error
        self._threads = sum(self._client.nthreads().values())
        if not self._threads:
            self._client.close()
            mend = f"Run: dask worker {address}"
            raise InputError([Problem("--scheduler", f"{address} has no workers", mend)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def map(
        self, function: Callable[[_In], _Out], inputs: Iterable[_In], at_a_time: int = 1
    ) -> Generator[_Out, None, None]:
        """Results of `function`, which the workers must be able to import, in the order of `inputs`.

        Each is sent by itself, whatever `at_a_time` is: the next worker that is free takes it.

        Raises
        ------
        InputError
            When a worker has no repcount, or another one, or workers die of the work.
        LinkError
            When the scheduler is gone.
        """
        del at_a_time
        under_way: deque[Any] = deque()
        for one in inputs:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Sending large graph", UserWarning)  # it is a recording
                under_way.append(self._client.submit(_worked, digest(), function, one, pure=False))
            while len(under_way) >= _AHEAD * self._threads:
                yield _result(under_way.popleft())
        while under_way:
            yield _result(under_way.popleft())


def _worked(code: str, function: Callable[[_In], _Out], one: _In) -> _Out | _Other:
    mine = digest()
    return function(one) if mine == code else _Other(mine)


def _result(future: Any) -> Any:  # noqa: ANN401 - of the library's own
    same = "Install the same repcount, with the same versions of its packages, for every worker"
    try:
        result = future.result()
    except ModuleNotFoundError as error:
        raise InputError([Problem("--scheduler", f"a worker has no {error.name}", same)]) from error
    except KilledWorker as error:
        mend = "Look at the workers' own output: most often their memory is short"
        raise InputError([Problem("--scheduler", f"workers die of it ({error})", mend)]) from error
    except (FutureCancelledError, CommClosedError) as error:
        raise LinkError("the scheduler is gone; start it and its workers, and run this again") from error
    if isinstance(result, _Other):
        what = f"a worker has another version of repcount ({result.digest}, here {digest()})"
        raise InputError([Problem("--scheduler", what, same)])
    return result
