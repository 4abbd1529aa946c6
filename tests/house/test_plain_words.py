"""What users read is plain English for people who learn it, and cites a paper or a book before a lecture."""

from __future__ import annotations

import re

import pytest

from .seen_texts import Seen, seen_texts

TEXTS = tuple(seen_texts())

INSTEAD = {
    r"mend(?:s|ed|ing)?": "fix",
    r"hand(?:s|ed|ing)? (?:on|over|back)": "give",
    r"turn(?:s|ed|ing)?(?: it)? round": "invert, turn by 180 degrees",
    r"stands?|stood|standing": "is, is written",
    r"told|tells?|telling": "say, show, name",
    r"besides?": "next to, with",
    r"apart": "separately, differ",
    r"ahead of": "before",
    r"behind": "after",
    r"in the place of": "instead of",
    r"amid|amidst": "between, around",
    r"likewise": "in the same way",
    r"anew|afresh": "again",
    r"thrice": "three times",
    r"whence|whither|hence|thence|thereby|therein|whilst|lest|ere|ought|shall|upon": "a word of today",
    r"nought|naught|aught": "0, nothing",
    r"seldom": "rarely",
    r"wholly": "entirely",
    r"dwarf(?:s|ed)?|swallow(?:s|ed)?|poison(?:s|ed)?|devour(?:s|ed)?": "what happens, without a picture",
    r"goes nowhere|way out|for lack of|by dint of|pass(?:es|ed)? over": "what happens, without a picture",
    r"alike": "equal, in the same way",
    r"sane|insane|crazy": "usable",
}
"""Words that people who learn English stumble over -> what is said instead."""

EXCEPTIONS = {
    ("analysis/bounds.py", "beside"): "a name for how channels are seen, compared in the program and never shown",
    ("layers/base.py", "beside"): "the same name",
    ("layers/channels.py", "beside"): "the same name",
    ("layers/joining.py", "beside"): "the same name",
    ("layers/along.py", "beside"): "the same name",
    ("analysis/by_hand/rearranging.py", "behind"): "the name of a resolved number of a kernel",
    ("layers/channels.py", "behind"): "the same name",
    ("runtime/peers/torch_moves.py", "behind"): "the same name",
}
"""Where such a word is right, with the reason."""

WORDS = re.compile(rf"\b(?:{'|'.join(INSTEAD)})\b", re.IGNORECASE)


def test_the_walk_finds_messages_docstrings_pages_and_nets() -> None:
    """So that an empty walk does not pass for plain words: a sentence of each kind is among the texts."""
    found = "\n".join(text for _, _, text in TEXTS)
    assert len(TEXTS) > 5000
    for known in (
        "is not a layer word",  # a message
        "Slides `filters` kernels over the input",  # a layer's docstring
        "Show the table of a network",  # a command's
        "Deep residual learning for image recognition",  # a net's
        "so inverted, cut to the writing and centred",  # a run's
    ):
        assert known in found or known.lower() in found.lower(), known
    assert "What lives here" not in found
    assert any(path.startswith("manual/") for path, _, _ in TEXTS)


def test_users_read_plain_words() -> None:
    found = [
        f"{seen.path}:{seen.line}: `{match[0]}` in `{_around(seen, match)}`: write {_instead(match[0])}"
        for seen in TEXTS
        for match in WORDS.finditer(seen.text)
        if (seen.path, match[0].lower()) not in EXCEPTIONS
    ]
    assert found == [], "\n".join(found)


def test_every_exception_is_needed() -> None:
    used = {(seen.path, match[0].lower()) for seen in TEXTS for match in WORDS.finditer(seen.text)}
    assert {place for place in EXCEPTIONS if place not in used} == set()


@pytest.mark.parametrize(
    "text", ["mend that one first", "so turned round", "`x` stands for nothing", "each line hands on", "is told below"]
)
def test_the_words_are_found(text: str) -> None:
    assert WORDS.search(text)


def _around(seen: Seen, match: re.Match[str]) -> str:
    return " ".join(seen.text[max(0, match.start() - 40) : match.end() + 30].split())


def _instead(word: str) -> str:
    return next(words for pattern, words in INSTEAD.items() if re.fullmatch(pattern, word, re.IGNORECASE))


# ---------------------------------------------------------------------- lectures
DECK = re.compile(r"\bdecks? [0-9]{3}", re.IGNORECASE)
CITED = re.compile(r"\b(?:1[89]|20)[0-9]{2}\b|Keras' \w+|chapter \d+")
"""A paper or a book by its year, a chapter, or a layer of Keras."""
A_LECTURE = re.compile(r"[A-Z]\.(?:-[A-Z]\.)? [A-Z][\w-]+'s lecture|lecture of 20[0-9]{2}|The Keras overview")


def alone(text: str) -> bool:
    """Whether a lecture's number is all that a sentence cites."""
    first = DECK.search(text)
    return first is not None and not CITED.search(text[: first.start()]) and not A_LECTURE.search(text)


def test_a_lecture_never_is_the_only_source() -> None:
    found = []
    for seen in TEXTS:
        sentences = re.split(r"(?<=\.)\s*\n\s*\n|\n\s*\n", seen.text)
        found += [f"{seen.path}:{seen.line}: {' '.join(one.split())[-120:]}" for one in sentences if alone(one)]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("text", "is_alone"),
    [
        ("Source: deck 004, n = Nf*kW*kH*kC + Nf.", True),
        ("decks 000 and 001", True),
        ("Source: decks 002 and 004; Nair and Hinton 2010.", True),
        ("Source: LeCun et al. 1998; deck 004.", False),
        ("Source: Keras' Flatten; deck 000, the MNIST network.", False),
        ("a deck of cards", False),
    ],
)
def test_a_paper_comes_before_the_lecture(text: str, is_alone: bool) -> None:
    assert alone(text) is is_alone
