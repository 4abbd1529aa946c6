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
    except Exception as fault:
        if os.environ.get("CNNCALC_TRACEBACK"):
            raise
        explained = _explained(fault)
        if explained is None:
            return _own_fault(fault)
        show_error(explained)
        return ExitStatus.BAD_INPUT


def _finished(arguments: list[str]) -> int:
    """The status with which the command line parser leaves."""
    from cnncalc.cli.command_line import run

    try:
        run(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else ExitStatus.FINE
    return ExitStatus.FINE


def _explained(fault: Exception) -> InputError | None:
    """What is no fault of ours: the computer, or the libraries on it, cannot do what the input needs."""
    if isinstance(fault, MemoryError):
        said = "this needs more memory than there is"
        return input_error("out-of-memory", said, help="give a smaller input or batch, or close other programs")
    if isinstance(fault, RecursionError):
        said = "the input is nested too deeply to be read"
        return input_error("nested-too-deeply", said, help="nest it less deeply")
    if _is_of_a_library(fault):
        reason = str(fault.__cause__ or fault).strip().split("\n")[0][:200]
        said = f"a library that this command needs cannot be loaded: {reason}"
        advice = "install cnncalc again; or if memory is limited here, as by `ulimit -v`, allow more of it"
        return input_error("library-not-loaded", said, help=advice)
    return None


def _is_of_a_library(fault: Exception) -> bool:
    """Whether somebody else's module is missing, or failed while one of ours imported it."""
    if isinstance(fault, ModuleNotFoundError):
        return not str(fault.name).startswith("cnncalc")
    codes = []
    trace = fault.__traceback__
    while trace is not None:
        codes.append(trace.tb_frame.f_code)
        trace = trace.tb_next
    package = os.path.dirname(os.path.dirname(__file__))
    ours = max(n for n, code in enumerate(codes) if code.co_filename.startswith(package))
    return any(code.co_name == "<module>" for code in codes[ours + 1 :])


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
