"""The words of one line of a block in all of its calls, as one text that says what differs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.pictures.nets.call_values import varied

_OPTION = re.compile(r"(\w+=)(.*)")


def shared_words(texts: Sequence[str]) -> str:
    """Several texts as one, word by word; what only some have is said behind.

    >>> shared_words(["conv 64 3x3 stride=1", "conv 128 3x3 stride=2"])
    'conv 64 | 128 3x3 stride=1 | 2'
    >>> shared_words(["conv 64 3x3 nobias", "conv 64 3x3 stride=2 nobias"]), shared_words(["add", "add relu"])
    ('conv 64 3x3 nobias, some stride=2', 'add, some relu')
    >>> shared_words(["bn relu", "bn silu"]), shared_words(["", "bn relu"])
    ('bn relu | silu', 'some bn relu')
    >>> shared_words([f"conv {width} 3x3" for width in (16, 24, 32, 64, 96)])
    'conv 16–96 3x3'
    >>> shared_words(["conv 8 3x3", "conv 8 relu", "bn"])
    'conv 8 3x3 or conv 8 relu …'
    """
    different = list(dict.fromkeys(texts))
    if len(different) == 1:
        return different[0]
    if "" in different:
        return f"some {shared_words([text for text in texts if text])}"
    named = [_named(text) for text in texts]
    if len({tuple(words) for words in named}) > 1 and len({len(text.split()) for text in texts}) == 1:
        named = [{f"#{place}": word for place, word in enumerate(text.split())} for text in texts]
    order = dict.fromkeys(name for words in sorted(named, key=len, reverse=True) for name in words)
    always = [name for name in order if all(name in words for words in named)]
    if _has_other_numbers(named):
        shown = " or ".join(text or "nothing" for text in different[:2])
        return shown if len(different) == 2 else f"{shown} …"
    said = " ".join(_value(name, [words[name] for words in named]) for name in always)
    rest = [_value(name, [words[name] for words in named if name in words]) for name in order if name not in always]
    return ", ".join(one for one in (said, f"some {' '.join(rest)}" if rest else "") if one)


def _has_other_numbers(named: Sequence[dict[str, str]]) -> bool:
    """Whether the texts begin with another word or have more numbers, so that they say something else."""
    return len({tuple(name for name in words if name.startswith("#")) for words in named}) > 1


def _named(text: str) -> dict[str, str]:
    """The words by what they are: numbers and the first word by their place, options by their name."""
    found: dict[str, str] = {}
    for place, word in enumerate(text.split()):
        option = _OPTION.fullmatch(word)
        if option:
            found[option[1]] = option[2]
        elif place == 0 or any(letter.isdigit() for letter in word):
            found[f"#{sum(name[0] == '#' for name in found)}"] = word
        else:
            found[word if word not in found else f"#{place}"] = word
    return found


def _value(name: str, values: Sequence[str]) -> str:
    begin = name if name.endswith("=") else ""
    return begin + varied(int(value) if value.isdecimal() else value for value in values)
