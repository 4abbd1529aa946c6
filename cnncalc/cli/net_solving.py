"""`cnncalc solve MODEL`: the questions about a whole network, and how they are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.cli.exit_status import ExitStatus

if TYPE_CHECKING:
    from cnncalc.report.sheet import Sheet


class NetQuestion(NamedTuple):
    """What `cnncalc solve MODEL` was asked, as it was written: `?` in `input_size` or in a setting asks for it.

    `settings` are values by name; `every` says that all answers are to be shown, `json` that they are for a program.
    """

    model: str
    input_size: str | None = None
    output: str | None = None
    params: str | None = None
    macs: str | None = None
    settings: Mapping[str, str] = {}
    json: bool = False
    every: bool = False


def solve_net(question: NetQuestion) -> int:
    """Answer a question about a whole network; returns the exit status."""
    if question.output is not None:
        return _solve_output(question, question.output)
    return _solve_sizes(question)


def _solve_sizes(question: NetQuestion) -> ExitStatus:
    """Which input sizes fit, and what becomes of the one asked."""
    from cnncalc.questions.asked_net import asked_net
    from cnncalc.questions.net_sizes import net_sizes
    from cnncalc.report.net_sizes_report import net_sizes_json, net_sizes_sheet
    from cnncalc.sources import find

    asked = None if question.input_size == "?" else question.input_size
    answer = net_sizes(asked_net(find(question.model), question.settings, asked), asked)
    _show(question, lambda: net_sizes_json(answer), lambda: net_sizes_sheet(answer))
    return ExitStatus.FINE if answer.fits or asked is None else ExitStatus.FINDINGS


def _solve_output(question: NetQuestion, wanted: str) -> ExitStatus:
    """Which input sizes make an output of this size."""
    from cnncalc.questions.asked_net import asked_net
    from cnncalc.questions.output_sizes import output_sizes
    from cnncalc.report.output_sizes_report import output_sizes_json, output_sizes_sheet
    from cnncalc.sources import find

    given = None if question.input_size == "?" else question.input_size
    answers = output_sizes(asked_net(find(question.model), question.settings, given), wanted)
    _show(question, lambda: output_sizes_json(answers), lambda: output_sizes_sheet(answers))
    return ExitStatus.FINE if any(answer.whole for answer in answers) else ExitStatus.FINDINGS


def _show(question: NetQuestion, as_json: Callable[[], str], as_sheet: Callable[[], Sheet]) -> None:
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.report.layout import drawn

    if question.json:
        write_data(as_json())
    else:
        write(drawn(as_sheet(), canvas()))
