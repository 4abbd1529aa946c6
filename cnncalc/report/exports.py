"""A sheet as Markdown, LaTeX or CSV, to go into a report, a paper or a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

from cnncalc.diagnostics.markdown_text import in_markdown_cell
from cnncalc.report.legend import SIGNS
from cnncalc.report.sheet import Column, Line, Sheet, facts_about, text_of

_LATEX = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "✓": r"$\checkmark$",
    "✗": r"$\times$",
    "≤": r"$\leq$",
    "×": r"$\times$",
}
_SIZE = re.compile(r"\b\d+(?:x\d+)+\b")


def markdown(sheet: Sheet) -> str:
    """A table as GitHub, notebooks and most note-taking programs read it, with title and foot."""
    columns, lines = _readable(sheet)
    rows = [f"| {' | '.join(_markdown_cell(_heading(c), c) for c in columns)} |"]
    rows.append(f"|{'|'.join(' ---: ' if c.right else ' --- ' for c in columns)}|")
    for line, style in lines:
        cells = [_markdown_cell(cell, c) for cell, c in zip(line, columns, strict=True)]
        bold = [f"**{cell}**" if style in ("total", "header") and cell else cell for cell in cells]
        rows.append(f"| {' | '.join(bold)} |")
    subtitle = [sheet.subtitle, ""] if sheet.subtitle else []
    foot = [
        f"- **{fact.name}:** {in_markdown_cell(fact.text)}" if fact.name else f"  - {in_markdown_cell(fact.text)}"
        for fact in facts_about(sheet.foot, columns)
    ]
    return "\n".join([f"**{in_markdown_cell(sheet.title)}**", "", *subtitle, *rows, "", *foot]).rstrip() + "\n"


def latex(sheet: Sheet) -> str:
    r"""A `tabular` with the rules of the booktabs package, to be put into a `table`; its signs are said in comments."""
    columns, lines = _readable(sheet)
    body = [rf"    {' & '.join(_latex(_heading(c)) for c in columns)} \\", r"    \midrule"]
    totals_begin = len(sheet.lines)
    for n, (line, style) in enumerate(lines):
        if n == totals_begin:
            body.append(r"    \midrule")
        cells = [_latex_cell(cell) for cell in line]
        bold = [rf"\textbf{{{cell}}}" if style == "total" and cell else cell for cell in cells]
        body.append(rf"    {' & '.join(bold)} \\")
    alignment = "".join("r" if c.right else "l" for c in columns)
    start = [
        f"% {sheet.title}",
        r"% needs \usepackage{booktabs}",
        *(f"% {fact.name}: {fact.text}" for fact in facts_about(sheet.foot, columns) if fact.name in SIGNS),
        rf"\begin{{tabular}}{{{alignment}}}",
        r"    \toprule",
    ]
    return "\n".join([*start, *body, r"    \bottomrule", r"\end{tabular}", ""])


def comma_separated(sheet: Sheet) -> str:
    """One line a layer with plain digits, without the headers of blocks and without totals, for a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([column.name for column in sheet.columns])
    layers = (line for line in sheet.lines if line.style == "plain")
    writer.writerows([text_of(cell).strip() for cell in line.cells] for line in layers)
    return written.getvalue()


def _readable(sheet: Sheet) -> tuple[list[Column], list[tuple[list[str], str]]]:
    """The columns without the bars, and all lines with their styles, as plain cells."""
    kept = [n for n, column in enumerate(sheet.columns) if column.role != "bar"]

    def plain(line: Line) -> list[str]:
        return [text_of(line.cells[n]) for n in kept]

    return [sheet.columns[n] for n in kept], [(plain(line), line.style) for line in (*sheet.lines, *sheet.totals)]


def _heading(column: Column) -> str:
    return " ".join(column.heading)


def _markdown_cell(cell: str, column: Column) -> str:
    """The cell; the indentation of blocks becomes spaces that do not collapse."""
    inner = cell.lstrip(" ")
    indent = "&nbsp;" * (len(cell) - len(inner)) if column.role == "text" else ""
    return indent + in_markdown_cell(inner)


def _latex_cell(cell: str) -> str:
    inner = cell.lstrip(" ")
    indent = r"\quad " * ((len(cell) - len(inner)) // 2)
    return indent + _latex(inner)


def _latex(text: str) -> str:
    """Special characters escaped; `28x28x6` set as a product."""
    parts, end = [], 0
    for size in _SIZE.finditer(text):
        parts += [_escaped(text[end : size.start()]), "$" + size[0].replace("x", r"\times ") + "$"]
        end = size.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return "".join(_LATEX.get(c, c) for c in text)
