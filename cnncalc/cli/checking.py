"""Findings in the form in which the check's report takes them, as much of each as may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.diagnostics.places import brief_place
from cnncalc.homework.hints import HIGHEST_LEVEL, formulas, hints, legend, right_text, shown_status
from cnncalc.quantities import grouped
from cnncalc.report.check_sheet import Checked, Sheet, Where

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.homework.findings import Finding
    from cnncalc.layers.base import Formula

_NAMES = {"macs": "MACs", "flops": "FLOPs"}


class Shown(NamedTuple):
    """How much is told: the level of the hints, the formulas with their numbers, the right values."""

    level: int = 1
    steps: bool = False
    solve: bool = False


def sheet_of(key: Analysis, findings: Iterable[Finding], shown: Shown) -> Sheet:
    """Everything the report may show of these findings, in the order of the text's lines."""
    graph = key.graph
    level = HIGHEST_LEVEL if shown.steps else shown.level
    checked = [_checked(key, finding, level, shown) for finding in findings]
    ordered = sorted(checked, key=lambda answer: _ORDER.index(answer.kind))
    wrong = sum(answer.status in ("wrong", "slip", "follows") for answer in ordered)
    notes: tuple[str, ...] = _NEXT_HINT[level] if wrong and not shown.solve else ()
    slips = dict.fromkeys(name for answer in ordered for slip in answer.slips for name in slip.split("+"))
    notes += (f"`cnncalc explain NAME` explains a mistake: {', '.join(slips)}.",) if slips else ()
    letters = legend(step.partition(" = ")[2] for answer in ordered for step in answer.steps)
    notes += (letters,) if letters else ()
    return Sheet(graph.homework or graph.title, graph.source.shown, " ".join(graph.student), tuple(ordered), notes)


_ORDER = ("row", "group", "total", "question")
_NEXT_HINT = (
    ("--hint 1 says which part is wrong.",),
    ("--hint 2 says what kind of slip it looks like.",),
    ("--hint 3 shows the formula.",),
    (),
)


def _checked(key: Analysis, finding: Finding, level: int, shown: Shown) -> Checked:
    done = finding.status in ("right", "unreadable")
    told = level >= HIGHEST_LEVEL and not done
    shown_steps = tuple(steps(formulas(finding, key), numbers=shown.steps)) if told else ()
    at = finding.place
    labelled = at.label and at.text.startswith(at.label)
    source = key.graph.source
    place = source.place(at.line)
    return Checked(
        place.line,
        at.label,
        "" if labelled else at.text,
        finding.asked,
        finding.given,
        shown_status(finding, level),
        hints(finding, level, key),
        shown_steps,
        right_text(finding, key) if (shown.solve or shown.steps) and finding.status != "right" else "",
        finding.slips if level >= 2 else (),
        finding.verdict.wrong if level >= 1 else (),
        finding.follows.label if level >= 1 and finding.follows else "",
        at.kind,
        Where(brief_place(source, at.line), place.name, place.cell) if source.parts and at.line else None,
    )


def steps(told: Iterable[Formula], *, numbers: bool) -> Iterator[str]:
    """Each formula in symbols; with its numbers and result when the solution is shown.  Equal ones are told once."""
    merged: dict[tuple[str, str, int | str], list[str]] = {}
    for one in told:
        key = (one.symbols, one.numbers if numbers else "", one.result if numbers else "")
        merged.setdefault(key, []).append(_NAMES.get(one.quantity, one.quantity))
    for (symbols, put_in, result), names in merged.items():
        last = grouped(result) if isinstance(result, int) else result
        parts = dict.fromkeys(part for part in (symbols, put_in, last) if part)
        yield f"{', '.join(names)} = {' = '.join(parts)}"
