"""`cnncalc lsp`: the language server that editors start."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus

STDIO = Annotated[
    bool, typer.Option("--stdio", help="Speak over standard input and output, as always: some editors add it.")
]


def lsp(*, stdio: STDIO = False) -> int:
    """Answer an editor while a network is written: faults, shapes and formulas, names, completion."""
    del stdio
    from cnncalc.cli.signals import end_at_once
    from cnncalc.cli.terminal import write_error
    from cnncalc.diagnostics.extras import missing_extra

    try:
        from cnncalc.editor.server import served
    except ModuleNotFoundError as missing:
        if missing.name is not None and missing.name.startswith("cnncalc"):
            raise
        raise missing_extra("an editor", "pygls", doing="answering") from None
    end_at_once()
    if sys.stdin.isatty():
        write_error("An editor starts this and speaks to it: `cnncalc explain lsp` says how. Ctrl-C ends it.\n")
    return ExitStatus.FINE if served() else ExitStatus.FINDINGS
