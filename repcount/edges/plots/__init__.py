"""Pictures. Only this package knows matplotlib, which is optional: without it, an import says what to do."""

from importlib.util import find_spec

from repcount.errors import InputError, Problem

if find_spec("matplotlib") is None:
    mend = "Install repcount with its extra 'plot', or run: python -m pip install matplotlib"
    raise InputError([Problem("plots", "need matplotlib, which is not installed", mend)])
