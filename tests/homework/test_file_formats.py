"""Every kind of file that is handed in: the answers that are read of it, and what is said where it is not read."""

from __future__ import annotations

import contextlib
import io
import json
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.homework.grading import Grader
from cnncalc.homework.reading.answer_lines import Reading
from cnncalc.homework.reading.containers.container_limits import Unreadable
from cnncalc.homework.reading.grid_rows import is_heading
from cnncalc.homework.reading.submission_parts import parts_of
from tests.time_limits import allowed

from .checking import analysed

KEY = analysed(
    """input 28x28x1
conv1: conv 8 3x3 relu => ? params ?
pool1: maxpool 2x2 => ?
flatten
fc1: dense 10 => ? params ?
total => params ?
answer 2a "receptive field of pool1" pool1.rf = ?
"""
)
GRADER = Grader(KEY)
RIGHT = {
    "conv1 shape": "26x26x8",
    "conv1 params": "80",
    "pool1 shape": "13x13x8",
    "fc1 shape": "10",
    "fc1 params": "13530",
    "total params": "13610",
    "2a rf": "4",
}
"""By hand: 26 = 28 - 3 + 1, 80 = 8 (9 + 1), 13530 = 10 (13*13*8 + 1)."""


def reading(content: bytes | str, name: str) -> Reading:
    return GRADER.reader.reading(content.encode() if isinstance(content, str) else content, name)


def answers(content: bytes | str, name: str) -> dict[str, str]:
    """Everything that is read of a file, as `conv1 params` -> `80`."""
    found = reading(content, name).answers
    said = {}
    for (line, asked), piece in found.items():
        value = piece.answer.given
        text = "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
        said[f"{GRADER.sheet.sites[line].name} {asked}"] = piece.fault or text
    return said


LINES = """conv1: conv 8 3x3 relu => 26x26x8 params 80
pool1: maxpool 2x2 => 13x13x8
fc1: dense 10 => 10 params 13530
total => params 13610
answer 2a "receptive field of pool1" pool1.rf = 4
"""
ROWS = (
    ("layer", "output shape", "params", "answer"),
    ("conv1", "26x26x8", "80", ""),
    ("pool1", "(13, 13, 8)", "", ""),
    ("fc1", "10", "13,530", ""),
    ("total", "", "13610", ""),
    ("2a", "", "", "4"),
)
MARKDOWN = "| " + " |\n| ".join(" | ".join(row) for row in ROWS).replace("\n", "\n|---|---|---|---|\n", 1) + " |\n"


def separated(sign: str) -> str:
    return "\n".join(sign.join(f'"{cell}"' if sign in cell else cell for cell in row) for row in ROWS) + "\n"


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def markdown_cell(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def code_cell(source: str, *outputs: dict[str, object]) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs), "execution_count": 1}


def html_table() -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return f"<p>My answers&nbsp;below</p><table><tbody>{rows}</tbody></table>"


PARAGRAPHS = "".join(
    f"<p dir='ltr'>{line.replace('>', '&gt;').replace(' ', '&nbsp; ')}</p>" for line in LINES.split("\n")
)
BREAKS = "<div>" + LINES.replace(">", "&gt;").replace("\n", "<br/>") + "</div>"

WHOLE = {
    "text.txt": LINES,
    "comma.csv": separated(","),
    "semicolon.csv": separated(";"),
    "tab.tsv": separated("\t"),
    "sep.csv": "sep=;\n" + separated(";"),
    "table.md": "# Homework\n\nMy table:\n\n" + MARKDOWN + "\nThat is all.\n",
    "cells.ipynb": notebook(markdown_cell("# HW"), markdown_cell(LINES)),
    "table.ipynb": notebook(markdown_cell("My answers\n\n" + MARKDOWN)),
    "language.ipynb": notebook(code_cell("%%cnncalc\n" + LINES)),
    "unmarked.ipynb": notebook(code_cell('student "A" 1\n' + LINES)),
    "loose.ipynb": notebook(
        code_cell("conv1: 26x26x8, 80 params\npool1: 13x13x8\nfc1: 10, 13530 params"),
        code_cell("2a) 4\n\ntotal = 13610 params"),
    ),
    "half.ipynb": notebook(code_cell("import torch\nprint(torch.__version__)\n" + LINES)),
    "piped.ipynb": notebook(code_cell(MARKDOWN)),
    "unmarked.py": LINES,
    "printed.ipynb": notebook(code_cell("print(x)", {"output_type": "stream", "name": "stdout", "text": [LINES]})),
    "html.ipynb": notebook(markdown_cell(html_table())),
    "comments.ipynb": notebook(code_cell("".join(f"# {line}\n" for line in LINES.splitlines()))),
    "comments.py": "import torch\n" + "".join(f"# {line}\n" for line in LINES.splitlines()),
    "paragraphs.html": PARAGRAPHS,
    "breaks.html": f"<!DOCTYPE html><html><head><title>x => 1</title></head><body>{BREAKS}</body></html>",
    "table.html": html_table(),
    "utf16le.csv": separated(";").encode("utf-16-le"),
    "utf16.csv": separated("\t").encode("utf-16"),
    "bom.csv": separated(",").encode("utf-8-sig"),
    "boxes.txt": "┏━━┳━━┓\n" + "\n".join("│ " + " │ ".join(row) + " │" for row in ROWS) + "\n└──┴──┘\n",
    "grid.txt": "+--+--+--+--+\n" + "\n".join("| " + " | ".join(row) + " |\n+--+--+--+--+" for row in ROWS) + "\n",
    "two_tables.csv": "layer;shape\nconv1;26x26x8\npool1;13x13x8\nfc1;10\n\nlayer;params\n"
    "conv1;80\nfc1;13530\ntotal;13610\n\nquestion;answer\n2a;4\n",
    "both.txt": LINES.replace("answer 2a", "#") + "\n| question | answer |\n|---|---|\n| (2a) | 4 |\n",
    "mixed.md": "conv1 => 26x26x8 params 80\n\n| layer | shape | params |\n|--|--|--|\n| pool1 | 13x13x8 | |\n"
    "| fc1 | 10 | 13530 |\n\ntotal => params 13610\n\n| Aufgabe | Antwort |\n|--|--|\n| 2a) | 4 |\n",
    "together.csv": 'layer,answer\nconv1,26x26x8 params 80\npool1,13x13x8\nfc1,"10, 13530 params"\ntotal,13610\n2a,4\n',
    "together.md": "| line | answer |\n|--|--|\n| fc1 | 10 params (1352+1)*10 = 13530 |\n| pool1 | 13x13x8 |\n"
    "| conv1 | 26x26x8, 80 |\n| total | params 13610 |\n| 2a | 4 px |\n",
    "behind.csv": "layer;answer\nconv1;26x26x8 80 params\n"
    "pool1;13x13x8\nfc1;10 params 13530\ntotal;13610 params\n2a;4\n",
    "turned.md": "| | conv1 | pool1 | fc1 | total |\n|--|--|--|--|--|\n| shape | 26x26x8 | 13x13x8 | 10 | |\n"
    "| params | 80 | | 13530 | 13610 |\n\nanswer 2a = 4\n",
    "sides.csv": "layer,height,width,channels,params\nconv1,26,26,8,80\npool1,13,13,8,\nfc1,,,10,13530\n"
    "total,,,,13610\n\nquestion,answer\n2a,4\n",
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_of_each_kind_answers_everything(name: str) -> None:
    assert answers(WHOLE[name], name) == RIGHT


KERAS = """import keras  # version => 3
from keras.layers import Conv2D, Dense, MaxPooling2D, Flatten
model = keras.Sequential([keras.Input(shape=(28, 28, 1)),
    Conv2D(8, (3, 3), activation="relu", name="conv1"),  # 28x28 -> 26x26
    MaxPooling2D(2, name="pool1"),
    Flatten(), Dense(10, name="fc1")])
conv1 = 8
print("conv1 => 26x26x8 params 80")
def count(model) -> int:
    return model.count_params()
sizes = {"conv1": (26, 26, 8)}
"""
TORCH = """class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.fc1 = nn.Linear(13 * 13 * 8, 10)
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        return self.fc1(x.view(-1, 13 * 13 * 8))
net = Net()
assert net(torch.zeros(1, 1, 28, 28)).shape == (1, 10), f"total: {10}"
"""


@pytest.mark.parametrize("program", [KERAS, TORCH])
@pytest.mark.parametrize("name", ["hw.py", "hw.ipynb"])
def test_a_network_as_a_program_answers_nothing(program: str, name: str) -> None:
    assert answers(notebook(code_cell(program)) if name == "hw.ipynb" else program, name) == {}


def word_document() -> bytes:
    from docx import Document

    document = Document()
    document.add_paragraph("My answers")
    document.add_paragraph("total => params 13610")
    table = document.add_table(rows=0, cols=4)
    for row in ROWS[:4]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph('answer 2a "receptive field" pool1.rf = 4')
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def excel_table(*rows: tuple[object, ...]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


NUMBERS = (
    *ROWS[:1],
    ("conv1", "26x26x8", 80, None),
    ("pool1", "13x13x8", None, None),
    ("fc1", 10, 13530.0, None),
    ("total", None, 13610, None),
    ("2a", None, None, 4),
)


def test_a_word_document_is_read_with_its_tables_and_lines() -> None:
    assert answers(word_document(), "hw.docx") == RIGHT


def test_an_excel_table_is_read_with_its_numbers() -> None:
    assert answers(excel_table((), *NUMBERS), "hw.xlsx") == RIGHT
    assert answers(excel_table(*NUMBERS), "renamed") == RIGHT


@pytest.mark.parametrize("module", ["docx", "openpyxl"])
def test_without_its_library_a_document_says_how_to_install_it_or_to_save_it(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, content = ("hw.docx", word_document()) if module == "docx" else ("hw.xlsx", excel_table(*NUMBERS))
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(Unreadable, match=r"pip install 'cnncalc\[office\]', or save it as CSV or plain text"):
        parts_of(content, name)


def repacked(content: bytes, name: str, text: bytes) -> bytes:
    """The same document with another text in one of its parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, text if part.filename == name else old.read(part))
    return stream.getvalue()


BOMB = b"<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>"


@pytest.mark.parametrize(
    ("part", "text", "reason"),
    [
        ("word/document.xml", BOMB, "with definitions that no word processor writes"),
        ("word/document.xml", BOMB.decode().encode("utf-16"), "with definitions that no word processor writes"),
        ("word/document.xml", b" " * 50_000_000, "unpacks to far more than a homework: 50"),
        ("word/document.xml", b"<w", "that is damaged"),
        ("[Content_Types].xml", b"", "that is damaged"),
    ],
    ids=["entities", "entities in UTF-16", "zip bomb", "broken", "no types"],
)
def test_a_hostile_document_is_refused_unread(part: str, text: bytes, reason: str) -> None:
    started = time.process_time()
    with pytest.raises(Unreadable, match=reason):
        parts_of(repacked(word_document(), part, text), "hw.docx")
    assert time.process_time() - started < allowed(5)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"%PDF-1.7\n...", "hw.pdf", "a PDF document, which is not read here: copy the answers into a text file"),
        (b"{\\rtf1\\ansi conv1}", "hw.rtf", "a rich text document, which is not read here: save it as plain text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "hw.doc", "an Office document, which is not read here: save it as .docx"),
        (b"\xff\xd8\xff\xe0", "photo.jpg", "a picture, which is not read here: type the answers into a text file"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", "hw.odt", "save it as .docx"),
        (b"PK\x03\x04" + bytes(26) + b"content.xml", "hw.odt", "a LibreOffice document, .* save it as .docx"),
        (
            b"PK\x03\x04" + bytes(26) + b"Index/Document.iwa",
            "hw.pages",
            "Apple's Pages or Numbers, .* as .docx or plain",
        ),
        (b"PK\x03\x04" + bytes(26) + b"ppt/presentation.xml", "hw.pptx", "a PowerPoint presentation"),
    ],
    ids=["pdf", "rtf", "doc", "picture", "odt", "odt without its kind", "pages", "pptx"],
)
def test_what_is_not_read_says_how_to_save_it(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parts_of(content, name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("3/5 [=> ]\x08\x08\x08\x08\nconv1 => 26x26x8 params 80\n", "has 4 control characters, which were left out"),
        ("conv1 => 26x26x8 params 80\r\n\x1a", "has 1 control character, which was left out"),
        ("conv1 => 26x26x8 \x07params 80\x02\n", "has 2 control characters, which were left out"),
    ],
    ids=["progress bar", "end of a file of DOS", "bell"],
)
def test_a_few_control_characters_are_left_out_of_a_text_and_said(content: str, said: str) -> None:
    assert answers(content, "hw.txt") == {"conv1 shape": "26x26x8", "conv1 params": "80"}
    assert parts_of(content.encode(), "hw.txt").notes == (said,)


@pytest.mark.parametrize("content", ["conv1: 80\0", "conv1: 80 \x01\x02\x03"], ids=["nul", "many"])
def test_nul_or_many_control_characters_are_a_binary_file(content: str) -> None:
    with pytest.raises(Unreadable, match="is a binary file, not a text"):
        parts_of(content.encode(), "hw.txt")


@pytest.mark.parametrize("marks", ["””", "“”", "„“", "«»", "»«"])
def test_a_question_in_any_quotes_is_no_part_of_its_answer(marks: str) -> None:
    question = f"2a {marks[0]}which field?{marks[1]} pool1.rf"
    assert answers(f"{question} = ?\n", "hw.txt") in ({}, {"2a rf": "None"})
    assert answers(f"{question} = 4\n", "hw.txt") == {"2a rf": "4"}


def test_a_formula_of_a_spreadsheet_is_shown_as_it_was_written() -> None:
    (piece,) = reading("layer,params\nconv1,\"=cmd|'/c calc'!A1\"\n", "hw.csv").answers.values()
    assert (piece.answer.text, piece.fault) == ("=cmd|'/c calc'!A1", "not a number")


def test_several_sizes_are_no_calculation() -> None:
    (piece,) = reading("layer,params\nconv1,28x28x8 14x14x8\n", "hw.csv").answers.values()
    assert piece.fault == "several sizes where one number is asked"


# ---------------------------------------------------------------------- prints with open cells
KERAS_PRINT = """Model: "sequential"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 conv1 (Conv2D)              (None, 26, 26, 8)         {conv}
 pool1 (MaxPooling2D)        (None, 13, 13, 8)         0
 fc1 (Dense)                 {dense}         13530
=================================================================
"""
BOXED_PRINT = """┏━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)   ┃ Output Shape      ┃ Param # ┃
┡━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ conv1 (Conv2D) │ (None, 26, 26, 8) │ {conv}  │
├────────────────┼───────────────────┼─────────┤
│ fc1 (Dense)    │ {dense}           │ 13530   │
└────────────────┴───────────────────┴─────────┘
"""
TORCH_PRINT = """----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1            [-1, 8, 26, 26]         {conv}
         MaxPool2d-2            [-1, 8, 13, 13]         0
            Linear-3            {dense}                 13530
================================================================
"""


@pytest.mark.parametrize("open_cell", ["", "?", "___"])
@pytest.mark.parametrize("text", [KERAS_PRINT, BOXED_PRINT, TORCH_PRINT], ids=["Keras 2", "Keras 3", "torchsummary"])
def test_an_open_cell_of_a_print_loses_nothing_beside_it(text: str, open_cell: str) -> None:
    found = answers(text.format(conv=open_cell, dense=open_cell), "hw.txt")
    assert found["conv1 shape"] in ("26x26x8", "8x26x26")
    assert found["fc1 params"] == "13530"
    assert {found.get("conv1 params", "None"), found.get("fc1 shape", "None")} == {"None"}


# ---------------------------------------------------------------------- headings
LANGUAGES = {
    "English": "# of layer;Output Shape (HxWxC);# of params",
    "German": "Schicht;Ausgabeform;Anzahl Parameter",
    "Spanish": "Capa;Forma de salida;Número de parámetros",
    "French": "Couche;Forme de sortie;Nombre de paramètres",
    "Italian": "Strato;Forma di uscita;Numero di parametri",
    "Portuguese": "Camada;Formato de saída;Número de parâmetros",
    "Dutch": "Laag;Uitvoervorm;Aantal parameters",
    "Polish": "Warstwa;Kształt wyjścia;Liczba parametrów",
    "Turkish": "Katman;Çıkış boyutu;Parametre sayısı",
    "Russian": "Слой;Форма выхода;Число параметров",
    "Chinese": "层;输出形状;参数量",
    "Japanese": "レイヤー;出力形状;パラメータ数",
    "Korean": "레이어;출력 크기;파라미터 수",
    "Arabic": "الطبقة;شكل المخرجات;عدد المعلمات",
    "capitals": "LAYER;OUTPUT;PARAMS",
    "marked": "**Layer**;`Output shape`;_Params_",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_understood_in_many_languages(language: str) -> None:
    found = answers(LANGUAGES[language] + "\nconv1;26x26x8;80\nfc1;10;13530\n", "hw.csv")
    assert found == {name: RIGHT[name] for name in ("conv1 shape", "conv1 params", "fc1 shape", "fc1 params")}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("Chinese", "gb18030"),
        ("Japanese", "shift_jis"),
        ("Korean", "cp949"),
        ("Russian", "cp1251"),
        ("Polish", "cp1250"),
    ],
)
def test_headings_are_understood_in_the_encodings_of_spreadsheets(language: str, encoding: str) -> None:
    table = (LANGUAGES[language] + "\nconv1;26x26x8;80\n").encode(encoding)
    assert answers(table, "hw.csv") == {"conv1 shape": "26x26x8", "conv1 params": "80"}
    assert "is not written in UTF-8; it was read as " in reading(table, "hw.csv").notes[0]


def test_a_row_whose_cells_begin_with_values_is_no_heading() -> None:
    """`out` means an output and `params` a count, and yet this row answers."""
    assert not is_heading(["out", "10 params 2570"])
    assert is_heading(["out", "# params"])


def test_a_heading_that_is_not_understood_is_said_with_what_was_not_read() -> None:
    found = reading("layer,params,Blorb,Stride\nconv1,80,7,1\nfc1,13530,8,\n", "hw.csv")
    assert found.notes == ["line 1: the heading `Blorb` is not understood, so its 2 cells are not read"]


def test_a_table_without_headings_is_read_by_what_its_cells_look_like() -> None:
    table = "conv1;26x26x8;80\npool1;13x13x8;\nfc1;10;13530\ntotal;;13610\n"
    assert answers(table, "hw.csv") == {name: value for name, value in RIGHT.items() if name != "2a rf"}


def test_a_unit_in_a_heading_belongs_to_its_numbers() -> None:
    key = Grader(analysed("input 28x28x1\nconv1: conv 8 3x3 => macs ?\n"))
    (piece,) = key.reader.reading(b"layer,MACs (k)\nconv1,48.672\n", "hw.csv").answers.values()
    assert piece.answer.given == 48_672  # 26*26*8 * 9


# ---------------------------------------------------------------------- hostile
HOSTILE = {
    "comments.html": "<!--" * 40_000,
    "tags.html": "<a " * 60_000,
    "signs.html": "<" * 150_000,
    "attributes.html": "<p a='" * 30_000,
    "scripts.html": "<script>" * 20_000,
    "tables.html": "<table><tr><td>" * 12_000,
    "brackets.txt": "[" * 190_000,
    "rows.txt": ("(1," * 160 + "\n") * 400,
    "pipes.md": "|-|\n" * 45_000,
    "quotes.csv": "layer,shape\n" + '"a,\n' * 45_000,
    "headings.csv": "layer,shape,params\n" * 10_000,
    "rules.txt": "layer  shape\n------\n" * 9_000,
    "boxes.txt": "│a│b│\n" * 18_000,
    "deep.ipynb": '{"nbformat":4,"cells":' + "[" * 150_000,
    "returns.ipynb": notebook(code_cell("", {"text": "\r" * 90_000})),
    "colours.txt": "\x1b[" * 90_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_read_or_refused_in_a_moment(name: str) -> None:
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        reading(HOSTILE[name], name)
    assert time.process_time() - started < allowed(10)


NAMES = ["hw.txt", "hw.csv", "hw.html", "hw.ipynb", "hw.docx", "hw.xlsx", "hw.py", "hw"]
PIECES = [
    *(
        "layer",
        "shape",
        "params",
        "conv1",
        "26x26x8",
        "80",
        "(None, 3, 3)",
        "|",
        "---",
        ";",
        ",",
        "\t",
        "\n",
        "\n",
        '"',
    ),
    *(
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "<p>",
        "<br>",
        "&gt;",
        "<!--",
        "-->",
        "<script>",
        "{",
        "}",
        "[",
        "]",
        "=>",
        "│",
    ),
    *('"cells"', '"nbformat"', ":", "sep=;", "Total params: 5", "?", "\x1b[0m", "\ufeff", "PK\x03\x04", "%PDF", "\r"),
]


def test_a_drawn_line_without_cells_is_no_row() -> None:
    assert answers("│\r│", "hw.txt") == {}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_bytes_give_a_reading_or_a_reason(name: str, content: bytes | str) -> None:
    with contextlib.suppress(Unreadable):
        found = reading(content, name)
        assert all(piece.answer.text or piece.answer.given is not None for piece in found.answers.values())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_document_with_a_changed_byte_gives_a_reading_or_a_reason(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DOCUMENTS)))
    changed = bytearray(DOCUMENTS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unreadable):
        reading(bytes(changed), name)


DOCUMENTS = {"hw.docx": word_document(), "hw.xlsx": excel_table(*NUMBERS)}
