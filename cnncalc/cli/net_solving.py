"""`cnncalc solve MODEL`: the questions about a whole network, and how they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.cli.exit_status import ExitStatus


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
    until: str | None = None
    json: bool = False
    every: bool = False


def solve_net(question: NetQuestion) -> int:
    """Answer a question about a whole network; returns the exit status."""
    from cnncalc.cli.terminal import canvas, write, write_data
    from cnncalc.questions.net_question import is_found, net_answer
    from cnncalc.report.layout import drawn
    from cnncalc.report.net_answers import net_answer_json, net_answer_sheet
    from cnncalc.sources import find

    answer = net_answer(
        find(question.model),
        question.input_size,
        question.settings,
        output=question.output,
        counts={"params": question.params, "macs": question.macs},
        until=question.until,
    )
    if question.json:
        write_data(net_answer_json(answer))
    else:
        write(drawn(net_answer_sheet(answer), canvas()))
    return ExitStatus.FINE if is_found(answer) else ExitStatus.FINDINGS
