"""`cnncalc solve MODEL`: the questions about a whole network, and how they are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.diagnostics import InputError, input_error

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
    unknown = [name for name, value in question.settings.items() if value.strip() == "?"]
    counts = {"params": question.params, "macs": question.macs}
    wishes = [(counted, text) for counted, text in counts.items() if text is not None]
    if len(unknown) > 1 or len(wishes) > 1 or (wishes and question.output is not None):
        raise _two_questions(question.model, unknown, [counted for counted, _ in wishes])
    if wishes:
        return _solve_widths(question, *wishes[0], unknown[0] if unknown else "")
    if unknown:
        name = unknown[0]
        raise input_error(
            "unclear-question",
            f"which value of `{name}`? It is not said what the network is to have with it",
            help=f"add a count: cnncalc solve {question.model} --set {name}=? --params 10M",
        )
    if question.output is not None:
        return _solve_output(question, question.output)
    return _solve_sizes(question)


def _two_questions(model: str, unknown: list[str], counts: list[str]) -> InputError:
    named = unknown if len(unknown) > 1 else [f"--{counted}" for counted in counts] or unknown
    first = f" --set {unknown[0]}=?" if unknown else ""
    asked = " and ".join(named if len(named) > 1 else [*named, "--output"])
    return input_error(
        "unclear-question",
        f"{asked} are asked for at once",
        help=f"ask for one: cnncalc solve {model}{first} --params 10M",
    )


def _solve_widths(question: NetQuestion, counted: str, text: str, name: str) -> ExitStatus:
    """Which value of a constant, or which factor of all widths, makes the network have so many."""
    from cnncalc.net_files import checked
    from cnncalc.questions.net_widths import all_widths, constant_widths, wish
    from cnncalc.report.net_widths_report import net_widths_json, net_widths_sheet
    from cnncalc.sources import find

    wished, source = wish(counted, text), find(question.model)
    size = None if question.input_size == "?" else question.input_size
    settings = {key: value for key, value in question.settings.items() if key != name}
    if name:
        answer = constant_widths(source, name, wished, settings, size)
    else:
        answer = all_widths(checked(source, size, settings), wished)
    _show(question, lambda: net_widths_json(answer), lambda: net_widths_sheet(answer))
    return ExitStatus.FINE if answer.nearest is not None else ExitStatus.FINDINGS


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
