"""The answer to a question about a whole net, of whichever kind it is, as a table and as JSON."""

from __future__ import annotations

from cnncalc.questions.net_question import NetAnswer
from cnncalc.questions.net_sizes import NetSizes
from cnncalc.questions.net_widths import NetWidths
from cnncalc.report.foot import cut_facts
from cnncalc.report.net_sizes_report import net_sizes_json, net_sizes_sheet
from cnncalc.report.net_widths_report import net_widths_json, net_widths_sheet
from cnncalc.report.output_sizes_report import output_sizes_json, output_sizes_sheet
from cnncalc.report.sheet import Sheet


def net_answer_sheet(answer: NetAnswer) -> Sheet:
    """The table of an answer; below it, where the net was cut."""
    if isinstance(answer, tuple) and not isinstance(answer, (NetSizes, NetWidths)):
        sheet, graph = output_sizes_sheet(answer), answer[0].graph
    else:
        sheet = net_sizes_sheet(answer) if isinstance(answer, NetSizes) else net_widths_sheet(answer)
        graph = answer.graph
    return sheet._replace(foot=(*sheet.foot, *cut_facts(graph)))


def net_answer_json(answer: NetAnswer) -> str:
    """The answer as an object."""
    if isinstance(answer, NetSizes):
        return net_sizes_json(answer)
    return net_widths_json(answer) if isinstance(answer, NetWidths) else output_sizes_json(answer)
