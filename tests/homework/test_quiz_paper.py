"""Sheets to be printed: HTML that is well formed and needs nothing, LaTeX that compiles, names that are only names."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cnncalc.homework.quiz.exercises import Exercise, Line, Quiz, labelled
from cnncalc.homework.quiz.keys import Key, key_of
from cnncalc.homework.quiz.kinds import KINDS
from cnncalc.homework.quiz.latex_sheet import escaped, latex_document, latex_sheet
from cnncalc.homework.quiz.making import make_quiz
from cnncalc.homework.quiz.notations import NOTATIONS
from cnncalc.homework.student_names import Student

HOSTILE = "<script>x</script> \\input{/etc/passwd} 50% $a_b^c$ #1 {~} `q` \x1b[31m \u202e 中 Ж ł"
STUDENTS = (Student("12345", "Ana Gómez"), Student("=1+1", HOSTILE), Student("14", ""), None)
VOID = {"meta", "br", "!doctype"}


def keys() -> list[Key]:
    return [key_of(make_quiz(3, who, tuple(KINDS), len(KINDS), "medium")) for who in STUDENTS]


KEYS = keys()


def written(notation: str, *, with_key: bool = False) -> str:
    return NOTATIONS[notation].written(KEYS, 0, with_key=with_key)


class Tags(HTMLParser):
    """The tags in order, each closed in its turn, and all attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: set[str] = set()
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_html_is_well_formed_and_needs_and_runs_nothing() -> None:
    for with_key in (False, True):
        tags = Tags(written("html", with_key=with_key))
        assert tags.open == []
        assert tags.seen.count("article") == len(STUDENTS)
        assert not set(tags.seen) & {"script", "link", "img", "iframe", "input"}
        assert tags.attributes <= {"lang", "charset", "name", "content", "class", "scope"}
    assert not re.search(r"url\(|@import|https?:", written("html"))


def test_each_student_begins_a_page_and_is_named_in_its_head() -> None:
    text = written("html")
    assert "break-after: page" in text
    heads = re.findall(r"<header>.*?</header>", text, re.DOTALL)
    assert len(heads) == len(STUDENTS)
    assert "<dt>Name</dt><dd>Ana Gómez</dd>" in heads[0]
    assert "<dt>Number</dt><dd>12345</dd>" in heads[0]
    assert f"of {KEYS[0].quiz.points}" in heads[0]
    assert "<dt>Name</dt><dd></dd>" in heads[3]
    assert latex_sheet(KEYS[0], with_key=False).startswith("\\clearpage")


@pytest.mark.parametrize("notation", ["html", "latex"])
def test_a_sheet_has_a_box_for_every_answer_and_none_is_filled_in(notation: str) -> None:
    """9x9x4 in three boxes, 1234 in one."""
    lines = (Line("input 11x11x3"), Line("conv 4 3x3", ("shape", "params"), (1, 1)))
    key = key_of(Quiz(1, "easy", (Exercise("sizes", 1, "Sizes.", labelled(1, lines)),)))
    plain, solved = (NOTATIONS[notation].page(key, 0, with_key) for with_key in (False, True))
    box = {"html": r'<span class="box(?: wide)?">(.*?)</span>', "latex": r"\\answerbox\{\w+\}\{(.*?)\}"}[notation]
    assert re.findall(box, plain) == ["", "", "", ""]
    assert re.findall(box, solved) == ["9", "9", "4", "112"]
    assert re.findall(r"(?:<th scope=.col.>|textit{)([^<}]*)", plain) == ["shape of the output", "parameters"]
    assert "Room to work" in plain
    assert "Room to work" not in solved
    assert "answers" in solved


@pytest.mark.parametrize("notation", ["html", "latex"])
def test_no_sheet_shows_our_notation_of_answers_or_control_characters(notation: str) -> None:
    text = written(notation)
    assert "=>" not in text
    assert "worth" not in text
    assert not [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf") and letter != "\n"]


def test_a_matrix_is_set_as_one() -> None:
    lines = (Line("data x = [1 -2; 3 4]"), Line("input from x"), Line("maxpool 2x2", ("values",), (3,)))
    key = key_of(Quiz(1, "easy", (Exercise("matrix", 1, "By hand.", labelled(1, lines)),)))
    assert "<tr><td>1</td><td>-2</td></tr><tr><td>3</td><td>4</td></tr>" in NOTATIONS["html"].page(key, 0, False)
    assert r"$\left[\begin{array}{rr}1 & -2 \\ 3 & 4\end{array}\right]$" in latex_sheet(key, with_key=False)
    assert "[4]" in NOTATIONS["html"].page(key, 0, True)


def test_every_special_letter_of_latex_is_escaped() -> None:
    assert escaped("\\ { } $ & # _ % ^ ~ < >") == (
        r"\textbackslash{} \{ \} \$ \& \# \_ \% \textasciicircum{} \textasciitilde{} \textless{} \textgreater{}"
    )
    assert escaped("é ǟ ș \x1b") == r"\'{e} \={\"{a}} \textcommabelow{s} " + "\ufffd"


def compiled(text: str, folder: Path) -> str:
    (folder / "sheet.tex").write_text(text, encoding="utf-8")
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"]
    done = subprocess.run(words, cwd=folder, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-2000:]
    return done.stdout.decode("utf-8", "replace")


needs_pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


@needs_pdflatex
def test_latex_compiles_whatever_the_names_hold(tmp_path: Path) -> None:
    said = compiled(written("latex"), tmp_path)
    assert re.findall(r"Overfull .hbox .* in paragraph.*", said) == []


@needs_pdflatex
def test_latex_compiles_with_every_letter_of_european_names(tmp_path: Path) -> None:
    letters = [chr(n) for n in range(0xA1, 0x250) if chr(n).isprintable()]
    text = " ".join(escaped(letter) for letter in [*letters, "ș", "ț", "ẞ", "e\u0301", "x\u0301", "🙂", "أ"])
    compiled(latex_document("letters", text + "\n"), tmp_path)
