"""What a quiz can be written as, and how many quizzes one file of each notation holds.

Printable notations have sheets to hand out and sheets of answers; those of learning platforms hold questions with
their answers, which the platform keeps to itself.  How each is written is the business of its own module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from cnncalc.homework.quiz.cloze import cloze
from cnncalc.homework.quiz.exercises import quiz_text
from cnncalc.homework.quiz.gift import gift
from cnncalc.homework.quiz.html_sheet import html_document, html_sheet
from cnncalc.homework.quiz.keys import Key
from cnncalc.homework.quiz.latex_sheet import latex_document, latex_sheet
from cnncalc.homework.quiz.markdown import markdown
from cnncalc.homework.quiz.text2qti import text2qti

BEGINNING = "Quiz, seed "
"""How every title begins: by it an earlier quiz is known."""


class Notation(NamedTuple):
    """How one quiz is written (`page`: the key, the share of a known slip in percent, whether with answers)."""

    suffix: str
    platform: str
    """That imports it; empty for what is handed out."""
    page: Callable[[Key, int, bool], str]
    between: str | None = None
    """What separates several quizzes in one file; None where a file holds one."""
    document: Callable[[str, str], str] = lambda _title, pages: pages
    """The whole file, of a title and the pages in it."""

    def written(self, keys: Iterable[Key], share: int, *, with_key: bool) -> str:
        """A file of the quizzes."""
        title, pages = "", []
        for key in keys:
            title = key.quiz.title
            pages.append(self.page(key, share, with_key))
        return self.document(title, (self.between or "").join(pages))


def text(key: Key, _share: int, with_key: bool) -> str:
    """Our own language."""
    return key.text if with_key else quiz_text(key.quiz)


NOTATIONS: dict[str, Notation] = {
    "text": Notation(".txt", "", text),
    "markdown": Notation(".md", "", lambda key, _, with_key: markdown(key, with_key=with_key), "\n---\n\n"),
    "html": Notation(".html", "", lambda key, _, with_key: html_sheet(key, with_key=with_key), "", html_document),
    "latex": Notation(".tex", "", lambda key, _, with_key: latex_sheet(key, with_key=with_key), "", latex_document),
    "gift": Notation(".gift.txt", "Moodle", lambda key, share, _: gift(key, share), "\n"),
    "cloze": Notation(".cloze.txt", "Moodle", lambda key, share, _: cloze(key, share)),
    "text2qti": Notation(".txt", "Canvas", lambda key, _share, _: text2qti(key)),
}


def is_quiz(beginning: bytes) -> bool:
    """Whether a file that begins so is an earlier quiz."""
    return BEGINNING.encode() in beginning[:2000]
