"""`cnncalc explain`: the formulas of a net with the numbers put in, or a page of the manual."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import At, InputSize, Settings, Until


def explain(
    subject: Annotated[
        str | None,
        typer.Argument(metavar="SUBJECT", help="A network, or a word that the manual knows; without it, a list."),
    ] = None,
    places: Annotated[
        list[str] | None,
        typer.Argument(metavar="PLACE...", help="Only these lines of it: a label, a name or a number."),
    ] = None,
    *,
    at: At = None,
    input_size: InputSize = None,
    settings: Settings = None,
    until: Until = None,
    instead: Annotated[
        bool,
        typer.Option("--instead", help="Compare a line or a block with a dense layer and other convolutions."),
    ] = False,
) -> int:
    """Show each formula with the numbers put in, or a page of the manual."""
    from cnncalc.cli.terminal import canvas, write
    from cnncalc.sources import is_model

    if not subject or not subject.strip():
        from cnncalc.report.manual_lists import overview

        if instead:
            raise _no_network()
        write(overview(canvas()))
        return ExitStatus.FINE
    if instead:
        return _instead(subject, places or [], input_size, settings, until)
    if subject == "-" or at is not None or input_size is not None or settings or until is not None or is_model(subject):
        return _model(subject, places or [], input_size, settings, at=at, until=until)
    from cnncalc.cli.explaining import explained_subjects

    words = (subject, *(places or []))
    text = explained_subjects(words, canvas())
    if text is None:
        raise _nothing_known(" ".join(words))
    write(text)
    return ExitStatus.FINE


def _model(
    model: str,
    places: list[str],
    input_size: str | None,
    settings: list[str] | None,
    *,
    at: str | None = None,
    until: str | None = None,
) -> int:
    from cnncalc.analysis import analyse
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import canvas, show_diagnostics, write
    from cnncalc.diagnostics import InputError
    from cnncalc.net_files import read
    from cnncalc.report.explanation import explained
    from cnncalc.sources import find

    if at is not None and len(places) != 1:
        raise _no_one_line(model)
    graph, faults = read(find(model), input_size, settings_of(settings), until)
    if graph.rows:
        analysis = analyse(graph)
        wanted: list[str | None] = [*places] or [None]
        pages: list[str] = []
        try:
            pages += (explained(analysis, place, canvas(), at) for place in wanted)
        except InputError:
            if not faults:
                raise
        write("\n".join(pages))
    if faults:
        show_diagnostics(faults, graph.source)
        return ExitStatus.BAD_INPUT
    return ExitStatus.FINE


def _instead(
    model: str, places: list[str], input_size: str | None, settings: list[str] | None, until: str | None
) -> int:
    """Print what could be in the place of the lines."""
    from cnncalc.analysis import analyse
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import canvas, write
    from cnncalc.diagnostics import input_error
    from cnncalc.net_files import checked
    from cnncalc.report.explanation import instead_at
    from cnncalc.report.instead_report import instead_text
    from cnncalc.sources import find

    analysis = analyse(checked(find(model), input_size, settings_of(settings), until))
    if not places:
        name = next((row.nodes[0].node.name for row in analysis.rows if row.figures.params), "conv1")
        raise input_error(
            "unknown-place",
            "`--instead` is about a line or a block, and none was named",
            help=f"name one: cnncalc explain {model} {name} --instead; "
            f"of all lines at once: cnncalc summary {model} --columns sharing",
        )
    found = [one for place in places for one in instead_at(analysis, place)]
    write(instead_text(found, analysis.graph.order, canvas()))
    return ExitStatus.FINE


def _no_network() -> Exception:
    from cnncalc.diagnostics import input_error

    return input_error(
        "unknown-place",
        "`--instead` is about a line or a block of a network, and no network was named",
        help="name both: cnncalc explain lenet5 conv1 --instead",
    )


def _no_one_line(model: str) -> Exception:
    from cnncalc.diagnostics import input_error

    return input_error(
        "no-such-cell",
        "`--at` is a cell of one line, and no line was named or several",
        help=f"name one: cnncalc explain {model} conv1 --at 1,1",
    )


LONGEST_SHOWN = 60
"""Characters of a user's words that an error repeats."""


def _nothing_known(subject: str) -> Exception:
    from cnncalc.cli.command_list import COMMANDS
    from cnncalc.cli.explaining import chapters_there_are, known_subjects
    from cnncalc.diagnostics import input_error
    from cnncalc.diagnostics.nearest import did_you_mean
    from cnncalc.layers.filters import FILTERS
    from cnncalc.sources import shipped_names

    advice = did_you_mean(subject, (*known_subjects(), *shipped_names()), "`cnncalc explain` lists what there is")
    advice = chapters_there_are(subject) or advice
    if subject in COMMANDS:
        advice = f"it is a command: `cnncalc {subject} --help` says what it does"
    if subject in FILTERS:
        advice = f"it is a filter: `cnncalc filters {subject}` shows it"
    shown = subject if len(subject) <= LONGEST_SHOWN else f"{subject[:LONGEST_SHOWN]}..."
    return input_error(
        "nothing-to-explain", f"`{shown}` is no file, no shipped network and no word of the manual", help=advice
    )
