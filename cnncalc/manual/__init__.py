"""The manual's pages, kept as text files beside this module: what they say, not how they are drawn.

A file is a chapter: its title is the first line, then come pages.  `# name, another spelling` begins one; it has
paragraphs, `## headings`, `- items`, `| tables |`, fenced blocks, and last `See also: other, pages`.  In lists it has
its first sentence.  Of the fenced blocks `cnncalc` is a model whose answers are right, `console` a command with what it
prints, `slip` a model with the wrong answer that the slip gives, `text` anything else; tests run all of them.  A group
whose first page has the group's own name is a book.  Layers and diagnostics have pages of their own making.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

GROUPS = {
    "language": "the language of models, word by word",
    "terms": "the terms of the field, each with its formula and its source",
    "homework": "answers, hints, grading and exercises",
    "slips": "mistakes that have a name in check, grade and quiz",
    "guides": "how cnncalc counts, prints, reads and is used from Python",
}
"""The folders with pages -> what each holds, in the order of lists."""


class Paragraph(NamedTuple):
    """Words that are wrapped; an item begins with a dash."""

    text: str
    is_item: bool = False


class Heading(NamedTuple):
    """The title of what follows inside a page."""

    text: str


class Table(NamedTuple):
    """Rows of cells, the first of which are the headings."""

    rows: tuple[tuple[str, ...], ...]


class Block(NamedTuple):
    """Lines to be shown as they are; `kind` is cnncalc, console, slip, python or text."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


Part = Paragraph | Heading | Table | Block


class Page(NamedTuple):
    """A page with every spelling of its name, and the pages that it points at."""

    name: str
    spellings: tuple[str, ...]
    group: str
    parts: tuple[Part, ...]
    see: tuple[str, ...] = ()
    chapter: str = ""

    @property
    def sentence(self) -> str:
        """The first sentence, for lists."""
        text = next((part.text for part in self.parts if isinstance(part, Paragraph)), "")
        return re.split(r"(?<=[^.]\.)\s", text, maxsplit=1)[0]


@cache
def pages() -> dict[str, Page]:
    """Every page by its name, in the order of the groups and of their files."""
    found: dict[str, Page] = {}
    for group in GROUPS:
        folder = resources.files(__name__) / group
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".md"):
                found |= {page.name: page for page in pages_of(file.read_text(encoding="utf-8"), group)}
    return found


def book(name: str) -> tuple[Page, ...]:
    """All pages of the book of that name, in order; none where there is no such book."""
    found = tuple(page for page in pages().values() if page.group == name)
    return found if found and found[0].name == name else ()


def chapters(name: str) -> tuple[tuple[str, tuple[Page, ...]], ...]:
    """The chapters of a book: the title of each with its pages; the first is that of the book's own page."""
    found: dict[str, list[Page]] = {}
    for page in book(name):
        found.setdefault(page.chapter, []).append(page)
    return tuple((title, tuple(inside)) for title, inside in found.items())


def pages_called(subject: str) -> tuple[Page, ...]:
    """The pages that a user may mean: the one of that very name, else those that are also spelled so.

    Capitals, spaces, `-` and `_` make no difference, and a plural is read as its singular.
    """
    spelled = _by_spelling()
    for key in spelling_keys(subject):
        if key in spelled:
            named = [page for page in spelled[key] if plain(page.name) == key]
            return tuple(named or spelled[key])
    return ()


def spelling_keys(subject: str) -> Iterator[str]:
    """What is looked up for a subject, the most literal first."""
    key = plain(subject)
    yield key
    for ending, singular in (("ies", "y"), ("es", ""), ("s", "")):
        if key.endswith(ending) and len(key) > len(ending) + 2:
            yield key.removesuffix(ending) + singular


def plain(name: str) -> str:
    """The name without what makes no difference.

    >>> plain("Receptive-Field"), plain("=>")
    ('receptivefield', '=>')
    """
    return re.sub(r"[\s_-]+", "", name.lower()) or name


@cache
def _by_spelling() -> dict[str, list[Page]]:
    spelled: dict[str, list[Page]] = {}
    for page in pages().values():
        for name in (page.name, *page.spellings):
            known = spelled.setdefault(plain(name), [])
            if page not in known:
                known.append(page)
    return spelled


def pages_of(text: str, group: str) -> Iterator[Page]:
    """The pages of one file."""
    head, title, lines, fenced = "", "", list[str](), False
    for line in (*text.split("\n"), "# "):
        fenced ^= line.startswith("```")
        if fenced or not line.startswith("# "):
            lines.append(line)
            continue
        if head:
            name, *spellings = head.removeprefix("# ").split(", ")
            parts, see = _parts(lines)
            yield Page(name, tuple(spellings), group, parts, see, title)
        else:
            title = " ".join(lines).strip()
        head, lines = line, []


_SEE_ALSO = "See also: "


def _parts(lines: Sequence[str]) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """What the lines of a page are, and which other pages they name at the end."""
    parts: list[Part] = []
    see: tuple[str, ...] = ()
    for group in _gathered(lines):
        first = group[0]
        if first.startswith("```"):
            parts.append(Block(first.removeprefix("```"), tuple(group[1:])))
        elif first.startswith("## "):
            parts.append(Heading(first.removeprefix("## ")))
        elif first.startswith("|"):
            rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in group]
            parts.append(Table((rows[0], *rows[2:])))
        elif first.startswith(_SEE_ALSO):
            see = tuple(" ".join(group).removeprefix(_SEE_ALSO).split(", "))
        else:
            item = first.startswith("- ")
            parts.append(Paragraph(" ".join(line.strip() for line in group).removeprefix("- "), item))
    return tuple(parts), see


def _gathered(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each part together: a fenced block without its last fence, an item with what continues it."""
    group: list[str] = []
    for line in lines:
        if group and group[0].startswith("```"):
            if line == "```":
                yield group
                group = []
            else:
                group.append(line)
            continue
        if group and (not line.strip() or line.startswith(("- ", "```", "## ")) or group[0].startswith("## ")):
            yield group
            group = []
        if line.strip():
            group.append(line)
    if group:
        yield group
