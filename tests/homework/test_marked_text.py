"""What is raised, struck out, inserted or set as a formula: it counts as its author sees it, in every kind of file."""

from __future__ import annotations

import io

import pytest

from cnncalc.homework.grading import Grader

from .checking import analysed
from .test_file_formats import markdown_cell, notebook

KEY = analysed(
    """input 32x32x3
conv1: conv 8 5x5 => ? params ?
fc: dense 10
answer 2a "parameters of conv1, rounded" conv1.params = ?
"""
)
GRADER = Grader(KEY)
"""By hand: 32 - 5 + 1 = 28, 8 (25*3 + 1) = 608."""

STRUCK = "what is struck out is not read"


def read(content: bytes | str, name: str) -> tuple[dict[str, str], list[str]]:
    found = GRADER.reader.reading(content.encode() if isinstance(content, str) else content, name)
    answers = {}
    for (line, asked), piece in found.answers.items():
        given = piece.answer.given
        text = "x".join(map(str, given)) if isinstance(given, tuple) else str(given)
        answers[f"{GRADER.sheet.sites[line].name} {asked}"] = piece.fault or text
    return answers, found.notes


def table(cell: str) -> str:
    return f"<table><tr><th>layer</th><th>params</th></tr><tr><td>conv1</td><td>{cell}</td></tr></table>"


def markdown(cell: str) -> str:
    return f"| layer | params |\n|---|---|\n| conv1 | {cell} |\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<p>2a: 3.2 × 10<sup>5</sup></p>", "a.html"),
        ("<p>2a: 3.2 × 10<sup><span>5</span></sup></p>", "a.html"),
        ("<p>2a: \\(3.2\\cdot 10^5\\)</p>", "a.html"),
        ("<p>2a: \\(3.2\\times 10^{5}\\)</p>", "a.html"),
        ('<p>2a: <img class="equation_image" data-equation-content="3.2\\cdot 10^5" src="x"></p>', "a.html"),
        ("<p>2a: <math><mn>3.2</mn><mo>×</mo><msup><mn>10</mn><mn>5</mn></msup></math></p>", "a.html"),
        ("2a: 3.2 × 10<sup>5</sup>\n", "a.md"),
        ("2a: \\(3.2\\cdot 10^5\\)\n", "a.txt"),
        (notebook(markdown_cell("2a: 3.2 × 10<sup>5</sup>\n")), "a.ipynb"),
    ],
)
def test_a_raised_exponent_is_a_power_of_ten(text: str, name: str) -> None:
    assert read(text, name)[0] == {"2a params": "320000"}


def test_a_raised_exponent_in_a_cell_is_a_power_of_ten() -> None:
    assert read(table("3.2·10<sup>5</sup>"), "a.html")[0] == {"conv1 params": "320000"}
    assert read(markdown("3.2·10<sup>5</sup>"), "a.md")[0] == {"conv1 params": "320000"}


def test_a_square_is_not_read_as_more_digits() -> None:
    assert "282" not in str(read("<p>conv1 => 28<sup>2</sup>x8</p>", "a.html")[0])


def test_raised_letters_are_no_power() -> None:
    assert read("<p>The 1<sup>st</sup> layer</p><p>2a: 608</p>", "a.html")[0] == {"2a params": "608"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<p>2a: <s>12</s> 608</p>", "a.html"),
        ("<p>2a: <del><b>6</b>00</del> 608</p>", "a.html"),
        ("<p>2a: <strike>600</strike> 608</p>", "a.html"),
        ('<p>2a: <span style="text-decoration: line-through;">6<span>0</span>0</span> 608</p>', "a.html"),
        ("2a: <del>600</del> 608\n", "a.md"),
        ("2a: ~~600~~ 608\n", "a.md"),
        (notebook(markdown_cell("2a: <s>600</s> 608\n")), "a.ipynb"),
    ],
)
def test_what_is_struck_out_is_not_read_and_that_is_said(text: str, name: str) -> None:
    answers, notes = read(text, name)
    assert answers == {"2a params": "608"}
    assert notes == [f"line {1 + text.startswith('<p')}: {STRUCK}"]


@pytest.mark.parametrize("cell", ["<del>600</del> 608", "<s>600</s> 608"])
def test_a_struck_out_cell_holds_what_is_left(cell: str) -> None:
    assert read(table(cell), "a.html")[0] == {"conv1 params": "608"}
    assert read(markdown(cell), "a.md")[0] == {"conv1 params": "608"}
    assert read(markdown("~~600~~ 608"), "a.md") == ({"conv1 params": "608"}, [f"line 3: {STRUCK}"])


def test_a_tag_that_is_never_closed_strikes_out_nothing_in_the_next_cell() -> None:
    page = "<table><tr><th>layer<th>params<th>x<tr><td><s>no</td><td>608</td></tr></table>"
    assert "608" in str(GRADER.reader.reading(page.encode(), "a.html").answers)


# ---------------------------------------------------------------------- Word
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def word(*paragraphs: str, blocks: str = "") -> bytes:
    """A document with these pieces of XML as paragraphs."""
    from docx import Document
    from docx.oxml import parse_xml

    document = Document()
    body = document.element.body
    xml = "".join(f"<w:p>{one}</w:p>" for one in paragraphs) + blocks
    for block in parse_xml(f'<w:body xmlns:w="{W}" xmlns:m="{M}">{xml}</w:body>'):
        body.insert(len(body) - 1, block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def mr(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


RAISED = '<w:vertAlign w:val="superscript"/>'
TWICE = '<w:dstrike w:val="true"/>'
POWER = f"<m:sSup><m:e>{mr('10')}</m:e><m:sup>{mr('5')}</m:sup></m:sSup>"


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (f"{run('2a: ')}<m:oMath>{mr('608')}</m:oMath>", "608"),
        (f"{run('2a: ')}<m:oMathPara><m:oMath>{mr('608')}</m:oMath></m:oMathPara>", "608"),
        (f"{run('2a: ')}<m:oMath>{mr('3.2×')}{POWER}</m:oMath>", "320000"),
        (f"{run('2a: 3.2×10')}{run('5', RAISED)}", "320000"),
        (f'{run("2a: ")}<w:ins w:id="1" w:author="A">{run("608")}</w:ins>', "608"),
        (f'{run("2a: ")}<w:del w:id="1"><w:r><w:delText>600</w:delText></w:r></w:del>{run("608")}', "608"),
        (f"{run('2a: ')}<w:sdt><w:sdtContent>{run('608')}</w:sdtContent></w:sdt>", "608"),
        (f"{run('2a: ')}<w:smartTag>{run('608')}</w:smartTag>", "608"),
        (f"{run('2a: ')}{run('600', '<w:strike/>')}{run(' 608')}", "608"),
        (f"{run('2a: ')}{run('600', TWICE)}{run(' 608')}", "608"),
        (run("2a: 608", '<w:strike w:val="0"/>'), "608"),
    ],
    ids=[
        *("equation", "equation of its own", "power", "superscript", "insertion", "deletion", "field", "tag"),
        *("struck out", "struck out twice", "not struck out"),
    ],
)
def test_a_word_document_is_read_as_it_is_seen(xml: str, value: str) -> None:
    assert read(word(xml), "a.docx")[0] == {"2a params": value}


def test_lines_and_cells_inside_content_controls_of_word_are_read() -> None:
    def cell(text: str) -> str:
        return f"<w:tc><w:p>{run(text)}</w:p></w:tc>"

    wrapped = f"<w:sdt><w:sdtContent>{cell('608')}</w:sdtContent></w:sdt>"
    blocks = (
        f"<w:sdt><w:sdtContent><w:p>{run('2a: 609')}</w:p></w:sdtContent></w:sdt>"
        f"<w:tbl><w:tr>{cell('layer')}{cell('params')}</w:tr><w:tr>{cell('conv1')}{wrapped}</w:tr></w:tbl>"
    )
    assert read(word(blocks=blocks), "a.docx")[0] == {"2a params": "609", "conv1 params": "608"}


def test_a_formula_of_a_sheet_without_its_value_is_said() -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (("layer", "params"), ("conv1", "=8*(5*5*3+1)")):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    said = "the formula in B2 has no computed value in the file: open it in a spreadsheet program and save it again"
    assert read(stream.getvalue(), "a.xlsx") == ({}, [said])
