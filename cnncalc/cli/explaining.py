"""Which page a subject means: the manual's, a layer word's, a diagnostic's, an option's or another kind of net's.

Several may be meant by one spelling: then one page is printed, and the others are named below it.  What makes a page is
imported when that page is asked for, so that a term is shown at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from string import ascii_letters, digits
from typing import NamedTuple

from cnncalc.manual import GROUPS, Page, book, chapters, pages, pages_called, plain, spelling_keys
from cnncalc.report.canvas import Canvas
from cnncalc.report.manual_pages import book_text, chapter_text, for_reading, page_text

WORD_LIST = frozenset(("words", "word", "layers", "layer"))
CODE_LIST = frozenset(("codes", "code", "errors", "error", "warnings", "warning", "diagnostics"))


class Meaning(NamedTuple):
    """A page that a subject may mean: the name under which it is asked for, and its text on a canvas."""

    name: str
    text: Callable[[Canvas], str]
    is_named: bool = True
    """Whether the subject is the page's own name, not another spelling."""


def explained_subjects(words: Sequence[str], canvas: Canvas) -> str | None:
    """The page of all the words as one name (`receptive field`), else the page of each of them."""
    whole = explained_subject(" ".join(words), canvas)
    if whole is not None or len(words) == 1:
        return whole
    each = [explained_subject(word, canvas) for word in words]
    return None if None in each else "\n\n".join(filter(None, each))


def explained_subject(subject: str, canvas: Canvas) -> str | None:
    """The page or the list that a subject means; None where nothing is known of it."""
    canvas, key = for_reading(canvas), plain(subject)
    listed = _list(key, canvas)
    if listed is not None:
        return listed
    found = sorted(_meanings(subject), key=lambda meaning: not meaning.is_named)
    if not found:
        return None
    text, others = found[0].text(canvas), [one.name for one in found if one.name != found[0].name]
    if not others:
        return text
    from cnncalc.report.manual_lists import pointer

    return text + pointer(others, canvas)


def _list(key: str, canvas: Canvas) -> str | None:
    """A book, one chapter of it, or a list of pages."""
    if book(key):
        return book_text(key, canvas)
    asked = _chapter(key)
    if asked is not None and 0 < asked[1] < len(chapters(asked[0])):
        return chapter_text(*asked, canvas)
    if key not in GROUPS and key not in WORD_LIST and key not in CODE_LIST:
        return None
    from cnncalc.report.manual_lists import codes_listed, group_listed, words_listed

    if key in GROUPS:
        return group_listed(key, canvas, _sentences(key))
    return words_listed(canvas) if key in WORD_LIST else codes_listed(canvas)


def _chapter(key: str) -> tuple[str, int] | None:
    """The book and the number of the chapter that are asked for, whether there is such a chapter or not."""
    name, number = key.rstrip(digits), key.lstrip(ascii_letters)
    return (name, int(number)) if book(name) and 0 < len(number) < 5 and number.isdecimal() else None


def chapters_there_are(subject: str) -> str:
    """For somebody who asks for a chapter that a book does not have, the ones that it has; empty for all others."""
    asked = _chapter(plain(subject))
    return f"`{asked[0]}` has chapters 1 to {len(chapters(asked[0])) - 1}" if asked else ""


def known_subjects() -> tuple[str, ...]:
    """Every name that has a page, and its other spellings: what a misspelled subject may have meant."""
    from cnncalc.diagnostics.catalogue import entries
    from cnncalc.layers.registry import WORDS

    spelled = (name for page in pages().values() for name in (page.name, *page.spellings))
    return (*spelled, *WORDS, *entries())


def _sentences(group: str) -> dict[str, str]:
    """The line of each page in the list of its group; a slip's is what the slip itself says."""
    if group != "slips":
        return {page.name: page.sentence for page in pages().values() if page.group == group}
    from cnncalc.homework.slips import HINTS

    return {name: f"{hint[0].upper()}{hint[1:]}." for name, hint in HINTS.items()}


def _meanings(subject: str) -> Iterator[Meaning]:
    from cnncalc.layers.registry import WORDS

    known = pages_called(subject)
    word = next((WORDS[one] for one in (subject.lower(), *spelling_keys(subject)) if one in WORDS), None)
    if word is not None:
        from cnncalc.report.layer_pages import word_explained

        yield Meaning(word, partial(_text_of, word_explained, word), plain(subject) == word)
    for page in known:
        yield Meaning(page.name, partial(_page_text, page), plain(subject) == plain(page.name))
    if word is None and not known:
        yield from _rarer_meanings(subject)


def _rarer_meanings(subject: str) -> Iterator[Meaning]:
    """Codes, options and layers of other nets, none of which has the name of a page."""
    from cnncalc.diagnostics.catalogue import entries
    from cnncalc.report.code_pages import code_explained
    from cnncalc.report.layer_pages import option_explained, other_kind_explained

    code = {plain(code): code for code in entries()}.get(plain(subject))
    if code is not None:
        yield Meaning(code, partial(_text_of, code_explained, code))
        return
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
