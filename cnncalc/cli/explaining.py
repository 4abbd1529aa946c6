"""Which page a subject means: the manual's, a layer word's, a diagnostic's, an option's or another kind of net's.

Several may be meant by one spelling: then one page is printed, and the others are named below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from string import ascii_letters
from typing import NamedTuple

from cnncalc.diagnostics.catalogue import entries
from cnncalc.layers.registry import WORDS
from cnncalc.manual import GROUPS, Page, book, chapters, pages, pages_called, plain, spelling_keys
from cnncalc.report.canvas import Canvas
from cnncalc.report.code_pages import code_explained
from cnncalc.report.layer_pages import option_explained, other_kind_explained, word_explained
from cnncalc.report.manual_lists import codes_listed, group_listed, pointer, words_listed
from cnncalc.report.manual_pages import book_text, chapter_text, for_reading, page_text

LISTS = {
    **dict.fromkeys(("words", "word", "layers", "layer"), words_listed),
    **dict.fromkeys(("codes", "code", "errors", "error", "warnings", "warning", "diagnostics"), codes_listed),
}
"""Subjects that mean a list of what has no page file."""


class Meaning(NamedTuple):
    """A page that a subject may mean: the name under which it is asked for, and its text on a canvas."""

    name: str
    text: Callable[[Canvas], str]
    is_named: bool = True
    """Whether the subject is the page's own name, not another spelling."""


def explained_subject(subject: str, canvas: Canvas) -> str | None:
    """The page or the list that a subject means; None where nothing is known of it."""
    canvas, key = for_reading(canvas), plain(subject)
    if key in GROUPS:
        return book_text(key, canvas) if book(key) else group_listed(key, canvas, _sentences(key))
    name, number = key.rstrip("0123456789"), key.lstrip(ascii_letters)
    if name in GROUPS and number.isdecimal() and 0 < int(number) < len(chapters(name)):
        return chapter_text(name, int(number), canvas)
    if key in LISTS:
        return LISTS[key](canvas)
    found = sorted(_meanings(subject), key=lambda meaning: not meaning.is_named)
    if not found:
        return None
    others = [meaning.name for meaning in found if meaning.name != found[0].name]
    return found[0].text(canvas) + pointer(others, canvas)


def known_subjects() -> tuple[str, ...]:
    """Every name that has a page, and its other spellings: what a misspelled subject may have meant."""
    spelled = (name for page in pages().values() for name in (page.name, *page.spellings))
    return (*spelled, *WORDS, *entries())


def _sentences(group: str) -> dict[str, str]:
    """The line of each page in the list of its group; a slip's is what the slip itself says."""
    if group != "slips":
        return {page.name: page.sentence for page in pages().values() if page.group == group}
    from cnncalc.homework.slips import HINTS

    return {name: f"Looks as if {hint}." for name, hint in HINTS.items()}


def _meanings(subject: str) -> Iterator[Meaning]:
    known = False
    word = next((WORDS[one] for one in (subject.lower(), *spelling_keys(subject)) if one in WORDS), None)
    if word is not None:
        known = True
        yield Meaning(word, lambda canvas: word_explained(word, canvas) or "", plain(subject) == word)
    for page in pages_called(subject):
        known = True
        yield Meaning(page.name, partial(_page_text, page), plain(subject) == plain(page.name))
    code = {plain(code): code for code in entries()}.get(plain(subject))
    if code is not None:
        yield Meaning(code, lambda canvas: code_explained(code, canvas) or "")
    elif not known:
        for explained in (option_explained, other_kind_explained):
            if explained(subject, Canvas()) is not None:
                yield Meaning(subject, partial(_text_of, explained, subject))


def _text_of(explained: Callable[[str, Canvas], str | None], subject: str, canvas: Canvas) -> str:
    return explained(subject, canvas) or ""


def _page_text(page: Page, canvas: Canvas) -> str:
    if page.group == "slips":
        from cnncalc.cli.slip_examples import worked

        page = worked(page)
    return page_text(page, canvas)
