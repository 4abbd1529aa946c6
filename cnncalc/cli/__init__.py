"""The command line: the only place that prints or exits.

`main` runs one command and turns whatever happens into an exit status: a user's fault is explained on standard error,
a fault of our own says how to report it, and nobody ever sees a bare traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.diagnostics import InputError, input_error


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `cnncalc ARGUMENTS` (those of the process by default); returns the exit status."""
    from cnncalc.cli.appearance import forget
    from cnncalc.cli.streams import prepare_streams
    from cnncalc.cli.terminal import ReaderGoneError, say_waiting, show_error
    from cnncalc.reading import on_wait

    prepare_streams()
    forget()
    try:
        with on_wait(say_waiting):
            return _finished(sys.argv[1:] if arguments is None else list(arguments))
    except InputError as error:
        show_error(error)
        return ExitStatus.BAD_INPUT
    except ReaderGoneError:
        return ExitStatus.READER_GONE
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except (MemoryError, RecursionError) as fault:
        show_error(_too_large(fault))
        return ExitStatus.BAD_INPUT
    except Exception as fault:
        if os.environ.get("CNNCALC_TRACEBACK"):
            raise
        return _own_fault(fault)


def _finished(arguments: list[str]) -> int:
    """The status with which the command line parser leaves."""
    from cnncalc.cli.app import run

    try:
        run(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else ExitStatus.FINE
    return ExitStatus.FINE


def _too_large(fault: Exception) -> InputError:
    if isinstance(fault, MemoryError):
        said = "this needs more memory than there is"
        return input_error("out-of-memory", said, help="give a smaller input or batch, or close other programs")
    return input_error("nested-too-deeply", "the input is nested too deeply to be read", help="nest it less deeply")


def _own_fault(fault: Exception) -> int:
    from cnncalc import __version__
    from cnncalc.cli.terminal import write_error
    from cnncalc.diagnostics.letters import printable

    said = printable(f"{type(fault).__name__}: {fault}"[:300])
    write_error(
        f"cnncalc {__version__} failed: {said}\n"
        "This is a fault of cnncalc, not of your input.  Please report it to its maintainers, with the command you\n"
        "gave, the model, and what the same command prints with CNNCALC_TRACEBACK=1 in front of it.\n"
    )
    return ExitStatus.OWN_FAULT
