"""What the manual's pages are made of, and that each of them is true: its models, its commands, its names."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.cli.explaining import explained_subject
from cnncalc.diagnostics import Source
from cnncalc.layers.registry import LAYERS
from cnncalc.manual import GROUPS, Block, Heading, Page, Paragraph, Table, pages, pages_called, pages_of
from cnncalc.net_files import read
from cnncalc.report.answer_marks import own_findings
from cnncalc.report.canvas import Canvas

from ..shown_commands import ROOT, agrees, commands, printed, rewrite

PAGES = pages()
FOLDER = ROOT / "cnncalc" / "manual"
FILES = sorted(FOLDER.rglob("*.md"))
KINDS = {"cnncalc", "console", "slip", "python", "text"}
TEXT = """# first, another name
One sentence. Two.
Still the first paragraph.

- an item
  that goes on
- a second

## A heading
| a | b |
|---|---|
| 1 | 2 |

```cnncalc
# a comment, no page
input 4
```

See also: second
# second
Words.
"""


def blocks_of(page: Page, kind: str) -> list[str]:
    return [part.text for part in page.parts if isinstance(part, Block) and part.kind == kind]


def test_a_file_is_read_page_by_page() -> None:
    first, second = pages_of(TEXT, "terms")
    assert (first.name, first.spellings, first.see) == ("first", ("another name",), ("second",))
    assert first.parts == (
        Paragraph("One sentence. Two. Still the first paragraph."),
        Paragraph("an item that goes on", True),
        Paragraph("a second", True),
        Heading("A heading"),
        Table((("a", "b"), ("1", "2"))),
        Block("cnncalc", ("# a comment, no page", "input 4")),
    )
    assert first.sentence == "One sentence."
    assert second == Page("second", (), "terms", (Paragraph("Words."),))


def test_no_paragraph_of_a_page_was_a_list_or_a_block_before_it_was_wrapped() -> None:
    numbered = re.compile(r"(?:^|\s)1\. .*\s2\. ")
    paragraphs = [part.text for page in pages().values() for part in page.parts if isinstance(part, Paragraph)]
    assert [text for text in paragraphs if numbered.search(text) or re.match(r"(?:\$ )?cnncalc \w+ /", text)] == []


def test_every_group_has_pages() -> None:
    assert [group for group in GROUPS if not any(page.group == group for page in PAGES.values())] == []


def test_every_folder_of_pages_is_a_group_and_holds_nothing_else() -> None:
    assert {entry.name for entry in FOLDER.iterdir() if entry.name != "__pycache__"} == {*GROUPS, "__init__.py"}
    assert {path.suffix for group in GROUPS for path in (FOLDER / group).iterdir()} == {".md"}


def test_no_two_pages_have_the_same_name() -> None:
    names = [page.name for file in FILES for page in pages_of(file.read_text(encoding="utf-8"), file.parent.name)]
    assert sorted(names) == sorted(PAGES)


def test_no_numbered_list_or_indented_line_is_set_as_a_paragraph() -> None:
    paragraphs = [part.text for page in PAGES.values() for part in page.parts if isinstance(part, Paragraph)]
    assert not [text for text in paragraphs if re.match(r"[1-9][.)] ", text)]
    outside = re.sub(r"(?s)```.*?```", "", "".join(file.read_text(encoding="utf-8") for file in FILES))
    assert not re.findall(r"(?m)^ {4}.*", outside)


@pytest.mark.parametrize("word", ["docx", "excel", "xlsx", "word", "homework files"])
def test_kinds_of_homework_files_have_their_page(word: str) -> None:
    assert [page.name for page in pages_called(word)] == ["homework-files"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_only_pages_that_exist(name: str) -> None:
    assert [other for other in PAGES[name].see if explained_subject(other, Canvas()) is None] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_found_by_each_of_its_spellings(name: str) -> None:
    page = PAGES[name]
    assert pages_called(name) == (page,)
    assert [spelling for spelling in page.spellings if page not in pages_called(spelling)] == []


def test_no_two_pages_have_one_name() -> None:
    """A page of the same name would take the place of the one before."""
    heads = [page.name for path in FILES for page in pages_of(path.read_text("utf-8"), path.parent.name)]
    assert len(heads) == len(set(heads)) == len(PAGES)


def test_no_page_has_the_name_of_a_layer() -> None:
    assert sorted({*PAGES} & {*LAYERS}) == []


@pytest.mark.parametrize("name", PAGES)
def test_the_blocks_of_a_page_have_a_kind(name: str) -> None:
    assert {part.kind for part in PAGES[name].parts if isinstance(part, Block)} <= KINDS


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, page in PAGES.items() for text in blocks_of(page, "cnncalc")]
)
def test_a_model_in_a_page_is_right(name: str, text: str) -> None:
    graph, faults = read(Source(name, text))
    assert not faults, faults
    judged = own_findings(analyse(graph))
    assert [answer for answer in judged if answer.status == "wrong"] == []
    assert [answer for answer in judged if answer.status == "unknown" and answer.given] == []


@pytest.mark.parametrize("text", [text for page in PAGES.values() for text in blocks_of(page, "python")])
def test_python_in_a_page_does_what_it_says(text: str) -> None:
    example = doctest.DocTestParser().get_doctest(text, {}, "page", "page", 0)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example).failed == 0


@pytest.mark.parametrize(
    ("path", "command", "output"), [(path, *shown) for path in FILES for shown in commands(path.read_text("utf-8"))]
)
def test_a_command_in_a_page_prints_what_is_shown(
    path: Path, command: str, output: str, request: pytest.FixtureRequest
) -> None:
    found = printed(command, ROOT)
    if not agrees(found, output) and request.config.getoption("--rewrite-readme"):
        rewrite(path, command, output, found)
        pytest.skip("page rewritten")
    assert agrees(found, output), found


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_width(name: str, width: int) -> None:
    text = explained_subject(name, Canvas(width))
    assert text is not None
    wide = [line for line in text.split("\n") if len(line) > width]
    assert [line for line in wide if " " in line.strip(" \\")] == []  # one path of a command may be wider: it is whole


def test_a_command_that_is_broken_is_still_a_command() -> None:
    page = explained_subject("grading", Canvas(60))
    assert page is not None
    assert "    $ cnncalc grade examples/homework/key.txt \\\n        examples/homework/submissions/67890.txt" in page


@pytest.mark.parametrize("spelling", ["Stride", "STRIDES", "strides", "subsampling factor", "Subsampling-Factor"])
def test_capitals_plurals_and_spaces_make_no_difference(spelling: str) -> None:
    assert explained_subject(spelling, Canvas(80)) == explained_subject("stride", Canvas(80))


def test_a_book_lists_its_chapters_and_prints_each_alone() -> None:
    whole, third = explained_subject("language", Canvas(80)), explained_subject("language 3", Canvas(80))
    assert whole is not None
    assert third is not None
    assert "\n3  Branches\n   split, branch, join\n" in whole
    assert third in whole
    assert [
        name for name, page in PAGES.items() if page.group == "language" and f"\n{name}\n" not in f"\n{whole}"
    ] == []
    assert explained_subject("language 99", Canvas(80)) is None


@pytest.mark.parametrize("name", [name for name in GROUPS if PAGES.get(name)])
def test_a_book_fits_a_pager_where_no_width_is_known(name: str) -> None:
    text = explained_subject(name, Canvas(None))
    assert text is not None
    assert max(map(len, text.split("\n"))) <= 80


def test_an_unknown_word_is_no_page() -> None:
    assert explained_subject("maxpol", Canvas(80)) is None
