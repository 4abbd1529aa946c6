"""A sheet for each student, for the teacher: every question with what was given, what is right, and the points.

HTML needs nothing but itself, neither script nor picture, and prints on paper as it shows; Markdown goes into a wiki or
an issue.  Every text is escaped: what a student wrote is shown and never obeyed.  Sheets hold the right values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from html import escape as escaped_html

from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.markdown_text import in_markdown
from cnncalc.homework.marks import Grade, Gradebook, Mark, points_text
from cnncalc.homework.policy import ON_SHEETS, TO_TEACHERS, Told
from cnncalc.homework.truth import Truth
from cnncalc.quantities import percent
from cnncalc.report.grade_words import WORDS

SIGNS = {"right": "✓", "follows": "↪", "slip": "✗", "wrong": "✗", "unreadable": "!", "none": "–", "unknown": "–"}

HEADINGS = ("Line", "Question", "Asked", "Given", "Right", "Verdict", "Points")

_MARKDOWN_INDEX = "| Student | Name | Points | Share | Answers |"

_LONGEST_FILE_NAME = 80

_STYLE = """
  :root { color-scheme: light; --ink: #1c2430; --faint: #667085; --line: #d5dae3; --good: #0b6b3a; --bad: #a3261b;
          --warn: #8a5a00; }
  * { box-sizing: border-box; }
  body { font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
         color: var(--ink); background: #fff; max-width: 62rem; margin: 2rem auto; padding: 0 1.25rem; }
  header { display: flex; justify-content: space-between; align-items: flex-end; gap: 1.5rem;
           border-bottom: 2px solid var(--ink); padding-bottom: .75rem; }
  h1 { font-size: 1.35rem; margin: 0 0 .2rem; }
  header p, footer { color: var(--faint); margin: 0; font-size: .87rem; overflow-wrap: anywhere; }
  .score { text-align: right; white-space: nowrap; }
  .score b { font-size: 1.9rem; line-height: 1; }
  .bar { height: .35rem; background: var(--line); margin: 0 0 1.25rem; }
  .bar div { height: 100%; background: var(--good); }
  table { border-collapse: collapse; width: 100%; }
  th { text-align: left; font-size: .78rem; text-transform: uppercase; letter-spacing: .04em; color: var(--faint); }
  th, td { padding: .38rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
  td { overflow-wrap: break-word; }
  .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
  .v { min-width: 6.5rem; overflow-wrap: anywhere;
       font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .92em; }
  .said { color: var(--faint); font-size: .87rem; }
  .right { color: var(--good); } .slip, .wrong, .unreadable { color: var(--bad); }
  .follows, .none, .unknown { color: var(--warn); }
  tbody th { text-align: left; font-size: 1em; font-weight: 600; color: var(--ink); text-transform: none;
             letter-spacing: 0; }
  tbody th .said { font-weight: 400; }
  .steps { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; background: #fff; padding: .5rem; }
  a:focus-visible { outline: 3px solid #1a5fb4; outline-offset: 2px; }
  tfoot td { font-weight: 600; border-top: 2px solid var(--ink); border-bottom: 0; }
  .notes { border-left: 4px solid var(--warn); background: #fdf7e8; padding: .6rem .9rem; margin: 1rem 0; }
  footer { margin-top: 1.25rem; }
  @media screen and (max-width: 40rem) {
    header { display: block; } .score { text-align: left; margin-top: .5rem; }
    table, tbody, tfoot, tr, th, td { display: block; width: 100%; } thead { display: none; }
    tr { border-bottom: 2px solid var(--line); padding: .5rem 0; } th, td { border: 0; padding: .12rem 0; }
    body { overflow-wrap: anywhere; } td.n, .score { white-space: normal; overflow-wrap: anywhere; }
    td.n { text-align: left; } td:empty { display: none; }
    td[data-name]::before { content: attr(data-name) ": "; color: var(--faint); font-size: .87rem; }
  }
  @media print {
    .skip { display: none; }
    @page { margin: 16mm 14mm; }
    body { margin: 0; max-width: none; padding: 0; font-size: 9pt; line-height: 1.3; }
    th, td { padding: .18rem .4rem; } header p, footer, .said { font-size: 8pt; }
    tr, .notes { break-inside: avoid; } thead { display: table-header-group; } tfoot { display: table-row-group; }
    * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  }
"""


def escape(text: str) -> str:
    """The text as it is shown by a page, whatever is in it."""
    return escaped_html(printable(text))


def file_names(grades: Sequence[Grade], ending: str) -> list[str]:
    """A file name for each student, made of the id: no two alike, and none that leads out of a folder."""
    taken = {f"index{ending}"}
    names = []
    for grade in grades:
        stem = re.sub(r"[^A-Za-z0-9._-]+", "_", grade.student.id)[:_LONGEST_FILE_NAME].strip("._-") or "student"
        name, n = f"{stem}{ending}", 1
        while name.lower() in taken:
            n += 1
            name = f"{stem}-{n}{ending}"
        taken.add(name.lower())
        names.append(name)
    return names


def is_sheet(beginning: bytes) -> bool:
    """Whether a file that begins so is a sheet or an index, so that grading again may replace it."""
    marks = (b'<meta name="generator" content="cnncalc grade">', _MARKDOWN_INDEX.encode(), _row(HEADINGS).encode())
    return any(mark in beginning for mark in marks)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


# ---------------------------------------------------------------------- HTML
def sheet_html(grade: Grade, book: Gradebook) -> str:
    """One student's sheet as a whole page."""
    notes = _html_notes(grade)
    numbers = ("Line", "Points")
    heads = "".join(f'<th scope="col"{" class=n" if name in numbers else ""}>{name}</th>' for name in HEADINGS)
    rows = "\n".join(_html_row(mark, grade.truth) for mark in grade.marks)
    total = f"{points_text(grade.points)} / {points_text(grade.most)}"
    body = f"""{_html_header(_name(grade), _facts(grade, book), grade.points, grade.most)}
<main id="answers">
{notes}<table role="table">
<caption class="unseen">Answers of {escape(_name(grade))}</caption>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
<tfoot><tr><td colspan="6">{_counted(grade)}</td><td class="n">{total}</td></tr></tfoot>
</table>
</main>
<footer>{"<br>".join(map(escape, book.policy.in_words()))}</footer>"""
    return _page(f"{_name(grade)}: {book.title}", body)


def index_html(book: Gradebook, names: Sequence[str]) -> str:
    """The class on one page, with a link to each sheet."""
    titles, numbers = ("Student", "Name", "Points", "Share", "Answers"), ("Points", "Share")
    heads = "".join(f'<th scope="col"{" class=n" if one in numbers else ""}>{one}</th>' for one in titles)
    rows = "\n".join(
        f'<tr role="row"><th scope="row" role="rowheader"><a href="{escape(name)}">{escape(grade.student.id)}</a></th>'
        f'<td role="cell" data-name="Name">{escape(grade.student.name)}</td>'
        f'<td role="cell" class="n" data-name="Points">{points_text(grade.points)}</td>'
        f'<td role="cell" class="n" data-name="Share">{percent(grade.share)}</td>'
        f"<td class=said>{escape(_said_of(grade))}</td></tr>"
        for grade, name in zip(book.grades, names, strict=True)
    )
    facts = f"{len(book.grades)} submissions, {points_text(book.most)} points; the score is the mean"
    body = f"""{_html_header(book.title, facts, book.mean, book.most)}
<main id="answers">
<table role="table"><caption class="unseen">The class</caption>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody></table>
</main>
<footer>{"<br>".join(map(escape, book.policy.in_words()))}</footer>"""
    return _page(book.title, body)


def _page(title: str, body: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="cnncalc grade">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<a class="skip" href="#answers">Skip to the answers</a>
{body}
</body>
</html>
"""


def _html_header(title: str, facts: str, points: Fraction, most: Fraction) -> str:
    width = f"{float(min(Fraction(1), points / most) * 100):.1f}" if most else "0"
    return f"""<header>
<div><h1>{escape(title)}</h1><p>{escape(facts)}</p></div>
<div class="score"><b>{points_text(points)}</b> of {points_text(most)}</div>
</header>
<div class="bar" aria-hidden="true"><div style="width: {width}%"></div></div>"""


def _html_notes(grade: Grade) -> str:
    notes = [f"Not graded: {grade.fault}" if grade.fault else "", *grade.notes]
    said = "<br>".join(escape(note) for note in notes if note)
    return f'<div class="notes">{said}</div>\n' if said else ""


def _html_row(mark: Mark, truth: Truth) -> str:
    site, finding, told = mark.question.site, mark.finding, ON_SHEETS.told(mark.finding, truth)
    sign = f'<span class="{told.status}">{SIGNS[told.status]} {WORDS[told.status]}</span>'
    said = f'<div class="said">{escape(_said(told))}</div>' if _said(told) else ""
    shown = told.steps if told.status in ("follows", "slip", "wrong") else ()
    steps = "".join(f'<div class="said steps">{escape(step)}</div>' for step in shown)
    text = f'<div class="said">{escape(site.text)}</div>' if site.text != site.name else ""
    points = f"{points_text(mark.points)} / {points_text(mark.question.points)}"
    cells = (
        f'<td role="cell" class="n" data-name="Line">{site.line or ""}</td>'
        f'<th scope="row" role="rowheader">{escape(site.name)}{text}</th>'
        f'<td role="cell" data-name="Asked">{escape(finding.asked)}</td>'
        f'<td role="cell" class="v" data-name="Given">{escape(finding.given)}</td>'
        f'<td role="cell" class="v" data-name="Right">{escape(told.solution)}</td>'
        f'<td role="cell" data-name="Verdict">{sign}{said}{steps}</td>'
        f'<td role="cell" class="n" data-name="Points">{points}</td>'
    )
    return f'<tr role="row">{cells}</tr>'


# ---------------------------------------------------------------------- Markdown
def sheet_markdown(grade: Grade, book: Gradebook) -> str:
    """One student's sheet as Markdown."""
    return "\n".join(_markdown_lines(grade, book)) + "\n"


def _markdown_lines(grade: Grade, book: Gradebook) -> Iterator[str]:
    yield f"# {_markdown(_name(grade))}: {points_text(grade.points)} of {points_text(grade.most)} points"
    yield f"\n{_markdown(_facts(grade, book))}\n"
    notes = [f"Not graded: {grade.fault}" if grade.fault else "", *grade.notes]
    yield from (f"> {_markdown(note)}  " for note in notes if note)
    yield f"\n{_row(HEADINGS)}"
    yield "| ---: | --- | --- | --- | --- | --- | ---: |"
    for mark in grade.marks:
        site, finding, told = mark.question.site, mark.finding, TO_TEACHERS.told(mark.finding, grade.truth)
        verdict = f"{SIGNS[told.status]} {WORDS[told.status]}"
        said = f"{verdict}: {_said(told)}" if _said(told) else verdict
        name = site.name if site.text == site.name else f"{site.name}: {site.text}"
        points = f"{points_text(mark.points)} / {points_text(mark.question.points)}"
        cells = (
            str(site.line or ""),
            *map(_markdown, (name, finding.asked, finding.given, told.solution, said)),
            points,
        )
        yield _row(cells)
    yield f"\n{_counted(grade)}\n"
    yield from (f"- {_markdown(rule)}" for rule in book.policy.in_words())


def index_markdown(book: Gradebook, names: Sequence[str]) -> str:
    """The class as one table, with a link to each sheet."""
    lines = [f"# {_markdown(book.title)}", "", _MARKDOWN_INDEX]
    lines.append("| --- | --- | ---: | ---: | --- |")
    for grade, name in zip(book.grades, names, strict=True):
        cells = (f"[{_markdown(grade.student.id)}]({name})", _markdown(grade.student.name), points_text(grade.points))
        lines.append(_row((*cells, percent(grade.share), _markdown(_said_of(grade)))))
    return "\n".join(lines) + "\n"


def _markdown(text: str) -> str:
    """The text in one line, in letters that show, as it is."""
    return in_markdown(printable(" ".join(text.split())))


# ---------------------------------------------------------------------- words for both
def _name(grade: Grade) -> str:
    return grade.student.name or grade.student.id


def _facts(grade: Grade, book: Gradebook) -> str:
    """`HW1, student 12345, ana/hw1.txt`."""
    number = f"student {grade.student.id}" if grade.student.name else ""
    return ", ".join(filter(None, (book.title, number, grade.shown)))


def _said(told: Told) -> str:
    """What there is to say about an answer, in words."""
    return "; ".join(told.sentences) or ("" if told.status == "none" else told.mistake)


def _counted(grade: Grade) -> str:
    return ", ".join(f"{grade.counts[status]} {word}" for status, word in WORDS.items() if grade.counts[status])


def _said_of(grade: Grade) -> str:
    return f"not graded: {grade.fault}" if grade.fault else _counted(grade)
