"""`python -m cnncalc` is the same as `cnncalc`."""

from __future__ import annotations

import sys

from cnncalc.cli import main

if __name__ == "__main__":
    sys.exit(main())
