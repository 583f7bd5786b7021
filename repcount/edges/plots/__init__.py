"""Pictures. Only this package knows matplotlib, which is optional: without it, an import says what to do."""

from importlib.util import find_spec

from repcount.errors import InputError, Problem

if find_spec("matplotlib") is None:
    raise InputError(
        [Problem("plots", "need matplotlib, which is not installed", "Run: pip install 'repcount[plot]'")]
    )
