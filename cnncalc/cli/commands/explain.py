"""`cnncalc explain`: the formulas of a net with the numbers put in; a layer word; a diagnostic."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import InputSize, Settings


def explain(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="A network, a layer word, a term, or the code of an error.")
    ],
    place: Annotated[
        str | None, typer.Argument(metavar="PLACE", help="Only this line of the network: its label, name or number.")
    ] = None,
    *,
    input_size: InputSize = None,
    settings: Settings = None,
) -> int:
    """Show each formula with the numbers put in, or explain a word, a term or an error."""
    from cnncalc.cli.terminal import canvas, write
    from cnncalc.report.manual import code_explained, word_explained, words_listed
    from cnncalc.sources import is_model

    on = canvas()
    if place is not None or input_size is not None or settings or subject == "-" or is_model(subject):
        return _model(subject, place, input_size, settings)
    text = words_listed(on) if subject == "words" else word_explained(subject, on) or code_explained(subject, on)
    if text is None:
        raise _nothing_known(subject)
    write(text)
    return ExitStatus.FINE


def _model(model: str, place: str | None, input_size: str | None, settings: list[str] | None) -> int:
    from cnncalc.analysis import analyse
    from cnncalc.api import read
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import canvas, show_diagnostics, write
    from cnncalc.report.explanation import explained
    from cnncalc.sources import find

    graph, faults = read(find(model), input_size, settings_of(settings))
    if graph.rows:
        write(explained(analyse(graph), place, canvas()))
    if faults:
        show_diagnostics(faults, graph.source)
        return ExitStatus.BAD_INPUT
    return ExitStatus.FINE


def _nothing_known(subject: str) -> Exception:
    from cnncalc.diagnostics import input_error
    from cnncalc.diagnostics.nearest import did_you_mean
    from cnncalc.layers.registry import WORDS
    from cnncalc.report.manual import known_codes
    from cnncalc.sources import shipped_names

    return input_error(
        "nothing-to-explain",
        f"`{subject}` is no file, no shipped network, no layer word and no code of an error",
        help=did_you_mean(subject, [*WORDS, *known_codes(), *shipped_names()], "try `cnncalc explain conv`"),
    )
