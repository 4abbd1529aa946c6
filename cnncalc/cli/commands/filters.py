"""`cnncalc filters`: the classic image filters that are built in."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus


def filters(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Print this filter's numbers.")] = None,
) -> int:
    """List the built-in image filters, or print the numbers of one.

    \b
    cnncalc filters
    cnncalc filters sharpen

    In a model: `conv filter=sharpen`.
    """
    from cnncalc.cli.terminal import canvas, write
    from cnncalc.report.filter_pages import filter_shown, filters_listed

    write(filters_listed(canvas()) if name is None else filter_shown(name, canvas()))
    return ExitStatus.FINE
