"""What a verb of the command line is."""

import argparse
from collections.abc import Callable

Run = Callable[[argparse.Namespace], int]
"""Does it; gives the exit code."""
Verbs = dict[str, tuple[Callable[[argparse.ArgumentParser], None], Run, str]]
"""By its name: who adds its options, who runs it, and what it does in a few words."""
