"""Where a process begins, `cnncalc` as well as `python -m cnncalc`: with nothing imported yet.

Whoever presses Ctrl-C while the program is being loaded gets silence and the same exit status as later.
"""

from __future__ import annotations

import gc
import sys

INTERRUPTED = 130


def main() -> int:
    """Runs the command of the process; returns the exit status.

    Garbage is not collected: a net is one large tree that lives to the end (a third less time for 10,000 lines, a
    fortieth for a small net).  What works with arrays collects it.
    """
    gc.disable()
    try:
        from cnncalc.cli import main as command  # noqa: PLC0415 - what takes time is imported where Ctrl-C is caught
        from cnncalc.cli.signals import end_as_asked  # noqa: PLC0415

        return end_as_asked(command)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
