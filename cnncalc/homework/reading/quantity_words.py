"""The words that mean a quantity in running text: `params`, `# of params`, `output shape`, `conv1.rf`.

They are the registry's names, other spellings and headings, longest first.
"""

from __future__ import annotations

import re

from cnncalc.asked import QUANTITIES, Quantity


def _squeezed(word: str) -> str:
    return re.sub("[ _-]", "", word.lower())


_SPELLINGS = {
    spelling.lower().strip("# ").removeprefix("number of "): one
    for one in reversed(QUANTITIES)
    for spelling in (*one.headings, *one.also, one.name)
}
_CALLED = {_squeezed(spelling): one for spelling, one in _SPELLINGS.items()}
_ANY = "|".join(
    "[ _-]?".join(map(re.escape, re.split("[ _-]", spelling)))
    for spelling in sorted(_SPELLINGS, key=lambda spelling: (-len(spelling), spelling))
)
WORD = rf"(?:{_ANY})"
"""The bare words, as part of a pattern without groups."""

NAME = (
    r"(?<![\w.])(?:[^\W\d]\w*\.)?"
    r"(?:#\s?(?:of\s)?|(?:total\s|the\s)?(?:number|no\.|no(?=\sof\s)|num|nb|count|anzahl|zahl)\s(?:of\s|der\s)?(?:the\s)?)?"
    rf"{WORD}(?:\s?#)?(?!\w)"
)
"""What a quantity is called, as part of a pattern without groups; capitals do not matter."""

NAMED = re.compile(NAME, re.IGNORECASE)
_AT_THE_END = re.compile(rf"({_ANY})\s?#?$", re.IGNORECASE)


def quantity_called(name: str) -> Quantity:
    """The quantity that a match of `NAME` means.

    >>> quantity_called("# of params").name, quantity_called("conv1.Receptive_Field").name
    ('params', 'rf')
    """
    found = _AT_THE_END.search(name)
    assert found is not None, name
    return _CALLED[_squeezed(found[1])]


def begins_with_name(text: str) -> bool:
    """Whether a text begins with what a quantity is called."""
    return NAMED.match(text) is not None


def is_name(text: str) -> bool:
    """Whether a text is what a quantity is called, and nothing else."""
    return NAMED.fullmatch(text) is not None
