"""Which cases of a collection are run every day; `make test-slow` runs the others."""

import pytest


def first_everyday(n, cases, ids=str):
    """All `cases` as parameters, tuples as several; those after the first `n` are slow."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            id=ids(case),
            marks=[] if k < n else [pytest.mark.slow],
        )
        for k, case in enumerate(cases)
    ]
