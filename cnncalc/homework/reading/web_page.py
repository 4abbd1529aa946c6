"""A web page as text: what people type into a learning platform's editor, or save as one.

Paragraphs, line breaks, lists and tables become lines; what is not shown is left out.  Nothing is loaded, and
time grows with the length of the page alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from cnncalc.homework.reading.marked_text import STRUCK, raised
from cnncalc.homework.reading.piped_text import piped

MOST_CELLS = 100
_LINES = frozenset(
    (
        *("p", "div", "br", "li", "ul", "ol", "pre", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "dt", "dd"),
        *("section", "article", "blockquote", "body", "header", "footer", "main", "figure"),
    )
)
_PROGRAMS = ("script", "style")
_UNSEEN = frozenset((*_PROGRAMS, "template", "noscript", "svg", "title"))
_STRUCK_TAGS = frozenset(("s", "del", "strike"))
_STRUCK_STYLE = re.compile(r"text-decoration[^;]{0,40}line-through", re.IGNORECASE)
_FORMULA = "data-equation-content"
"""What Canvas gives the picture of a formula: the formula in LaTeX."""
_MATH_POWER = re.compile(
    r"(<msup\b[^<>]{0,200}>\s*<(m[ni])\b[^<>]{0,200}>[^<>]{0,100}</\2>\s*<mn\b[^<>]{0,200}>)", re.IGNORECASE
)
_SPACES = re.compile("[ \t\r\n\f]+")
_SPREAD = re.compile("[ \t\N{NO-BREAK SPACE}]+")
_BEGINS = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body|p|div|table|ul|ol|pre|h[1-6]|span)\b",
    re.IGNORECASE | re.DOTALL,
)
_WIDTH = re.compile("[1-9][0-9]?")


def is_web_page(text: str, name: str) -> bool:
    """Whether a text is HTML: by its name, or because it begins as a page does."""
    return name.lower().endswith((".html", ".htm", ".xhtml")) or _BEGINS.match(text[:5_000]) is not None


def page_text(text: str) -> str:
    """The lines that a page shows."""
    page = _Page()
    page.feed("".join(_tags_and_texts(_MATH_POWER.sub(r"\1^", text))))
    page.close()
    return page.shown()


_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})\b[^<>]{0,4000}>")
_DECLARATION = re.compile(r"<[!?][^<>]{0,4000}>")


def _tags_and_texts(text: str) -> Iterator[str]:
    """The page without comments, scripts, declarations and signs of tags that are never closed.

    Python's parser looks for the end of each of those again and again, which takes hours where there is none.
    """
    ends = {"!--": ("-->", text.rfind("-->")), **{tag: (f"</{tag}", text.rfind(f"</{tag}")) for tag in _PROGRAMS}}
    place = 0
    while (start := text.find("<", place)) >= 0:
        yield text[place:start]
        tag = _TAG.match(text, start)
        kind = "!--" if text.startswith("<!--", start) else tag[1].lower() if tag else ""
        sign, last = ends.get(kind, ("", -1))
        if kind in ends and not text.startswith("</", start):
            place = text.index(sign, start + 1) + len(sign) if last > start else start + 1 + len(kind)
        elif tag:
            yield tag[0]
            place = tag.end()
        else:
            declaration = _DECLARATION.match(text, start)
            yield "" if declaration else "&lt;"
            place = declaration.end() if declaration else start + 1
    yield text[place:]


class _Page(HTMLParser):
    """Collects the lines of a page; a table inside another one belongs to its cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._hidden = 0
        self._struck = 0
        self._spans: list[bool] = []
        self._is_raised = False
        self._preformatted = 0
        self._rows: list[list[list[str]]] = []
        self._cell: list[str] = []
        self._tables = 0
        self._numbers: list[int | None] = []
        self._item = ""

    def shown(self) -> str:
        """The text so far; a table that is never closed counts as well."""
        self._close_table()
        return "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._hidden += 1
        elif tag == "table":
            self._tables += 1
            self._rows = self._rows if self._tables > 1 else []
        elif self._tables == 1 and tag == "tr":
            self._rows.append([])
        elif self._tables == 1 and tag in ("td", "th"):
            self._open_cell(attrs)
        elif tag in _LINES:
            self._break(tag)
        else:
            self._look(tag, dict(attrs))

    def _look(self, tag: str, attributes: dict[str, str | None]) -> None:
        """Letters that are struck out or raised, and pictures of formulas."""
        is_struck = tag in _STRUCK_TAGS
        if tag == "span":
            is_struck = _STRUCK_STYLE.search(attributes.get("style") or "") is not None
            self._spans.append(is_struck)
        if is_struck:
            self._text("" if self._hidden or self._struck else STRUCK)
            self._struck += 1
        elif tag == "img":
            self.handle_data((attributes.get(_FORMULA) or "").replace("\n", " "))
        self._is_raised = tag == "sup" or (self._is_raised and tag not in ("sub", "img"))

    def _end_look(self, tag: str) -> None:
        ends_struck = tag in _STRUCK_TAGS or (tag == "span" and self._spans and self._spans.pop())
        self._struck = max(0, self._struck - bool(ends_struck))
        self._is_raised = self._is_raised and tag != "sup"

    def _open_cell(self, attrs: list[tuple[str, str | None]]) -> None:
        """A cell; one that is several columns wide is followed by empty ones."""
        if not self._rows:
            self._rows.append([])
        self._struck, self._spans, self._is_raised = 0, [], False
        row = self._rows[-1]
        width = dict(attrs).get("colspan") or ""
        self._cell = []
        if len(row) < MOST_CELLS:
            row.append(self._cell)
            row.extend([] for _ in range(int(width) - 1 if _WIDTH.fullmatch(width) else 0))

    def _break(self, tag: str) -> None:
        if tag == "pre":
            self._preformatted += 1
        if tag in ("ol", "ul"):
            self._numbers.append(0 if tag == "ol" else None)
        self._text("\n")
        if tag == "li" and self._numbers and self._numbers[-1] is not None:
            self._numbers[-1] += 1
            self._item = f"{self._numbers[-1]}) "

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "table" and self._tables:
            self._tables -= 1
            if not self._tables:
                self._close_table()
        elif tag in _LINES and tag != "br":
            self._text("\n")
            self._preformatted -= tag == "pre" and self._preformatted > 0
            if tag in ("ol", "ul") and self._numbers:
                self._numbers.pop()
        else:
            self._end_look(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden or self._struck:
            return
        if self._is_raised and data.strip():
            data, self._is_raised = raised(data), False
        if not self._preformatted:
            data = _SPREAD.sub(" ", _SPACES.sub(" ", data))
        if self._item and data.strip():
            data = self._item + data.lstrip() if re.match(r"[\s(\[~?]*[0-9?]", data) else data
            self._item = ""
        self._text(data)

    def _text(self, data: str) -> None:
        if not self._tables:
            self._parts.append(data)
        elif self._rows and self._rows[-1]:
            self._cell.append(data)

    def _close_table(self) -> None:
        rows = [["".join(cell).strip() for cell in row] for row in self._rows]
        self._tables, self._rows = 0, []
        if max(map(len, rows), default=0) == 1:
            self._parts += [f"\n{row[0]}\n" for row in rows if row]
        elif rows:
            self._parts.append(piped(rows))
