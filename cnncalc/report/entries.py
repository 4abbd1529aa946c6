"""The lines of a summary before they are cells: which rows, block calls and operations are shown, in which order.

A block call is a header above its rows; with `depth` a call that lies deeper becomes one line with its own sums.  With
`expand` every operation of a row has its line.  A branch without a line is drawn as one.  Nothing is counted here: an
entry carries figures that exist.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from cnncalc.analysis.block_copies import name_in_call
from cnncalc.analysis.model import Analysis, Figures, GroupAnalysis, NodeAnalysis, ReceptiveField, RowAnalysis
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import Shape
from cnncalc.graph.ir import Row
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import POST_WORDS, WORDS
from cnncalc.report.answer_marks import NO_ANSWERS, Answers

if TYPE_CHECKING:
    from cnncalc.homework.findings import Finding


class Entry(NamedTuple):
    """One line.  The `figures` of a header are the sum over the lines under it, which hold them already.

    `text` is what a table shows, `written` the line's own words.  `row` is the (first) row that the line stands for,
    `group` the block call of a header or a block, -1 without one.  `copies`: how many neighbouring lines, or stretches
    of lines under a header, are shown once; the figures of a line are those of one copy, its field that of the first.
    """

    kind: Literal["row", "block", "header", "operation", "empty", "rest", "total"]
    text: str
    outputs: tuple[Shape, ...]
    figures: Figures | None
    line: int = 0
    name: str = ""
    label: str = ""
    word: str = ""
    depth: int = 0
    lead: str = ""
    aside: str = ""
    layer: Layer | None = None
    inputs: tuple[Shape, ...] = ()
    receptive_field: ReceptiveField | None = None
    findings: tuple[Finding, ...] = ()
    written: str = ""
    row: int = 0
    group: int = -1
    shares: str = ""
    """Whose weights the line uses in place of its own: the name of a node, or what names it for a block call."""
    copies: int = 1
    last_field: ReceptiveField | None = None
    """The receptive field of the last copy."""
    last_row: int = -1
    """The last row that the line stands for, where that is not its first."""

    @property
    def rows(self) -> range:
        """All rows that the line stands for."""
        return range(self.row, max(self.row, self.last_row) + 1)

    @property
    def is_layer(self) -> bool:
        """Whether it is a line of its own, which no other line holds: one that a machine format lists."""
        return self.kind in ("row", "operation", "block")

    @property
    def mark(self) -> str:
        """Stands behind a line whose parameters are counted at another one."""
        return f" {SHARED_MARK}" if self.shares and self.kind != "header" else ""


SHARED_MARK = "*"
INPUT_ITSELF = "(the input itself)"


def entries(
    analysis: Analysis, answers: Answers = NO_ANSWERS, *, expand: bool = False, depth: int | None = None
) -> Iterator[Entry]:
    """Every line of the table from top to bottom, without the totals; a call that a fault cut short is shown open."""
    leads = Leads()
    groups = sorted(analysis.groups, key=lambda g: (g.group.first, g.group.depth, g.group.index))
    waiting, open_until, skip_to = groups[::-1], list[int](), 0
    for row in (*analysis.rows, None):
        index = len(analysis.rows) if row is None else row.row.index
        empty = list(row.row.empty_branches) if row is not None and index >= skip_to else []
        while waiting and waiting[-1].group.first <= index:
            while empty and row is not None and empty[0][0] <= waiting[-1].group.depth:
                yield _empty_branch(analysis, row.row, *empty.pop(0), leads)
            group = waiting.pop()
            if group.group.first < skip_to:
                continue
            open_until = [last for last in open_until if last >= group.group.first]
            collapsed = depth is not None and len(open_until) >= depth and group.group.complete
            first = analysis.rows[group.group.first].row if group.group.first < len(analysis.rows) else None
            lead = leads.of(first, group.group.depth) if first is not None else ""
            yield _of_group(analysis, group, answers, collapsed=collapsed)._replace(lead=lead)
            open_until.append(group.group.last)
            skip_to = group.group.last + 1 if collapsed else skip_to
        if row is not None and index >= skip_to:
            yield from (_empty_branch(analysis, row.row, *branch, leads) for branch in empty)
            text, aside = shown_text(analysis, row)
            for entry in _of_row(row, text, answers, expand=expand):
                yield entry._replace(lead=leads.of(row.row, row.row.depth), aside=aside)
                aside = ""


class Leads:
    """The signs in front of the lines: `├` where a branch begins, `│` where it goes on, two places for each level."""

    def __init__(self) -> None:
        self.begun: set[tuple[int, int]] = set()

    def of(self, row: Row, depth: int) -> str:
        """The lead of a line of that depth, which stands for the row or, above it, for a block call around it."""
        return "".join(self._sign(row, level) for level in range(1, depth + 1)) if row.branches else ""

    def of_empty(self, row: Row, level: int) -> str:
        """The lead of a branch of that level without a line, which is drawn above the row."""
        return "".join(self._sign(row, outer) for outer in range(1, level)) + "├ "

    def _sign(self, row: Row, level: int) -> str:
        if level not in row.branches:
            return "  "
        begins = level in row.begins and (row.index, level) not in self.begun
        self.begun.add((row.index, level))
        return "├ " if begins else "│ "


def _empty_branch(analysis: Analysis, row: Row, level: int, node: int, leads: Leads) -> Entry:
    """The line of a branch without a line, above the row that comes next."""
    arriving = analysis.nodes[node]
    return Entry(
        "empty",
        INPUT_ITSELF,
        (arriving.output,),
        None,
        depth=level,
        lead=leads.of_empty(row, level),
        inputs=(arriving.output,),
        receptive_field=arriving.receptive_field,
        row=row.index,
    )


def total(analysis: Analysis, answers: Answers = NO_ANSWERS) -> Entry:
    """The line under the table."""
    totals = analysis.totals
    return Entry("total", "total", totals.outputs, totals.figures, findings=answers.get(("total", 0), ()))


def global_layer(analysis: Analysis, field: ReceptiveField) -> str:
    """The layer over which a value sees the whole image: `gap1 (line 6)`."""
    if field.over is None:
        return ""
    node = analysis.nodes[field.over].node
    return f"{printable(node.name)} ({printable(analysis.graph.source.line_words(node.origin.span.line))})"


def row_text(row: RowAnalysis) -> str:
    """The line as written, with its label; the copies of `times N` are numbered."""
    copy = f" ({row.row.copy} of {row.row.copies})" if row.row.copies > 1 else ""
    return f"{_labelled(row)}{copy}"


def times_text(first: RowAnalysis, last: RowAnalysis, many: int) -> str:
    """The text of neighbouring copies of a `times N` line: all of them as written, some with their numbers."""
    begin, end, copies = first.row.copy, last.row.copy, first.row.copies
    if end - begin + 1 != many:
        return _labelled(last)  # several such lines
    return f"{_labelled(last)} " + (f"times {copies}" if many == copies else f"({begin} to {end} of {copies})")


def _labelled(row: RowAnalysis) -> str:
    return f"{row.row.label}: {row.row.text}" if row.row.label else row.row.text


def shown_text(analysis: Analysis, row: RowAnalysis) -> tuple[str, str]:
    """The line as a table shows it, and an aside: one that does not work on the line above says on which it works.

    Where a branch begins this is an aside; the branch's line shows it.
    """
    text, inputs = row_text(row), row.nodes[0].node.inputs
    index = row.row.index
    if len(inputs) != 1 or index == 0 or inputs[0] == analysis.rows[index - 1].row.last or " from " in f" {text} ":
        return text, ""
    source = analysis.rows[bisect_left(analysis.rows, inputs[0], key=lambda before: before.row.last)]
    said = f"(on {source.row.label or source.nodes[0].node.name})"
    return (text, said) if row.row.begins else (f"{text} {said}", "")


def _of_row(row: RowAnalysis, text: str, answers: Answers, *, expand: bool) -> Iterator[Entry]:
    answered = answers.get(("row", row.row.index), ())
    if expand and len(row.nodes) > 1:
        for node in row.nodes:
            yield _of_node(node, row, text, answered if node is row.nodes[-1] else ())
        return
    yield Entry(
        "row",
        text,
        (row.output,),
        row.figures,
        line=row.row.origin.span.line,
        name=row.nodes[0].node.name,
        label=row.row.label or "",
        word=row.row.word,
        depth=row.row.depth,
        layer=row.nodes[0].node.layer,
        inputs=row.inputs,
        receptive_field=row.receptive_field,
        findings=answered,
        written=row.row.text,
        row=row.row.index,
        shares=next((node.lender.name for node in row.nodes if node.lender), ""),
    )


def _of_node(node: NodeAnalysis, row: RowAnalysis, text: str, findings: tuple[Finding, ...]) -> Entry:
    first = node is row.nodes[0]
    written = without_post_words(row.row.text) if first else node.node.layer.word
    return Entry(
        "operation",
        without_post_words(text) if first else node.node.layer.word,
        (node.output,),
        node.figures,
        line=row.row.origin.span.line,
        name=node.node.name,
        label=(row.row.label or "") if first else "",
        word=node.node.layer.word,
        depth=row.row.depth + (not first),
        layer=node.node.layer,
        inputs=node.inputs,
        receptive_field=node.receptive_field,
        findings=findings,
        written=written,
        row=row.row.index,
        shares=node.lender.name if node.lender else "",
    )


def without_post_words(text: str) -> str:
    """The part of a line before its first post word: `conv 64 3x3 bn relu` is `conv 64 3x3`."""
    words = text.split()
    start = 2 if words[0].endswith(":") else 1
    end = next((n for n, word in enumerate(words) if n >= start and WORDS.get(word.lower()) in POST_WORDS), len(words))
    return " ".join(words[:end])


def _of_group(analysis: Analysis, group: GroupAnalysis, answers: Answers, *, collapsed: bool) -> Entry:
    label = f"{group.group.label}: " if group.group.label else ""
    return Entry(
        "block" if collapsed else "header",
        f"{label}{group.group.text}",
        (group.output,) if group.group.complete else (),
        group.figures if group.group.complete else None,
        line=group.group.origin.span.line,
        name=group_name(analysis, group),
        label=group.group.label or "",
        word=group.group.word,
        depth=group.group.depth,
        inputs=group.inputs,
        receptive_field=group.receptive_field if collapsed else None,
        findings=answers.get(("group", group.group.index), ()),
        written=group.group.text,
        row=group.group.first,
        group=group.group.index,
        last_row=group.group.last,
        shares=_shared_call(analysis, group),
    )


def _shared_call(analysis: Analysis, group: GroupAnalysis) -> str:
    """What names the call whose weights this one uses; empty where it has weights of its own."""
    rows = analysis.rows[group.group.first : group.group.last + 1]
    weighted = [node for row in rows for node in row.nodes if node.weights]
    first = rows[0].row.first if rows else 0
    if not weighted or any(node.lender is None or node.lender.index >= first for node in weighted):
        return ""
    if group.group.path:
        return group.group.path
    inner, lender = weighted[0].node.name.split("."), weighted[0].weights_name
    parts = lender.split(".")[: -(len(inner) - len(group.group.origin.trail) - 1)]
    return ".".join(parts) or lender


def group_name(analysis: Analysis, group: GroupAnalysis) -> str:
    """What the names of a block call's operations begin with: `stage1.unit2`; of `times N` the first and the last."""
    first, last = group.group.first, group.group.last
    if group.group.path or last < first:
        return group.group.path or group.group.label or group.group.word
    names = (name_in_call(group.group, analysis.rows[index]) for index in (first, last))
    return " to ".join(dict.fromkeys(names))
