"""The verbs of the command line, by what they are about.

Rules: a module has the options of its verbs and hands them to `app`; what a verb needs is imported when it
runs, so that `--help` and quick verbs start fast.
"""
