"""`cnncalc version`."""

from __future__ import annotations

from cnncalc.cli.exit_status import ExitStatus


def version() -> int:
    """Print the version of cnncalc."""
    from cnncalc import __version__
    from cnncalc.cli.terminal import write

    write(f"cnncalc {__version__}\n")
    return ExitStatus.FINE
