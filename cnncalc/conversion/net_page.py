"""A net as a page in Markdown for a README: its table, its diagram, and its text in our language."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.model import Analysis
from cnncalc.conversion.diagram_text import diagram
from cnncalc.conversion.forms import forms
from cnncalc.diagnostics.letters import printable_lines
from cnncalc.net_files import written
from cnncalc.report.exports import markdown
from cnncalc.report.summary import summary_sheet


def net_page(analysis: Analysis, input_size: str | None = None, settings: Mapping[str, str] | None = None) -> str:
    """The page; size and settings are those that the net was read with.  Letters that steer are escaped."""
    sheet = summary_sheet(analysis)
    table = markdown(sheet)
    heading, _, rest = table.partition("\n")
    parts = [f"# {heading.strip('*')}", rest.strip("\n")]
    if "mermaid" in forms():
        parts.append(_fenced("mermaid", diagram(analysis, "mermaid")))
    parts.append(_fenced("text", written(analysis.graph, "spec", input_size, settings)))
    return printable_lines("\n\n".join(parts) + "\n")


def _fenced(language: str, text: str) -> str:
    """A block of code whose fence is longer than any that stands in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
