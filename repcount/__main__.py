"""`python -m repcount`: the command line, where the script `repcount` is not on the path."""

import sys

from repcount.cli import main

if __name__ == "__main__":
    sys.exit(main())
