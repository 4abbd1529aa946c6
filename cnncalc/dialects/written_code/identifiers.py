"""Names for a program: of classes, of variables, each a name of Python's that nothing else has."""

from __future__ import annotations

import keyword
import re

_REST = re.compile(r"[:;,(\[]| - |\s(?:as|by|for|from|of|on|with)\s|,? in the |\s\d+[x.]\d")
"""Where the name of a net ends in its title, and what else there is to say of it begins."""

MOST_WORDS, MOST_LETTERS = 5, 40
"""A title of more is no name."""

_WORDS = re.compile(r"[A-Za-z0-9]+")


def variable_name(text: str, otherwise: str = "x") -> str:
    """The text as the name of a variable: `conv 1` becomes `conv_1`, `3rd` becomes `_3rd`."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower() or otherwise
    name = f"_{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) or keyword.issoftkeyword(name) else name


def class_name(text: str, otherwise: str = "Net") -> str:
    """The text as the name of a class: `ResNet-50 (v1.5)` becomes `ResNet50V15`, `bottleneck` `Bottleneck`."""
    name = "".join(word[0].upper() + word[1:] for word in _WORDS.findall(text)) or otherwise
    name = f"{otherwise}{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


def net_name(title: str, file: str = "") -> str:
    """What a net is called: the begin of its title, else the name of its file; empty where neither says anything.

    `U-Net as in the paper: 572x572 in` is `U-Net`.
    """
    name = _REST.split(title.strip())[0].strip()
    if not _WORDS.search(name) or len(name.split()) > MOST_WORDS or len(name) > MOST_LETTERS:
        name = ""
    if name or title:
        return name
    stem, dot, ending = re.split(r"[/\\]", file)[-1].partition(".")
    return stem if dot and ending and _WORDS.search(stem) and len(stem) <= MOST_LETTERS else ""


def unused(name: str, used: set[str]) -> str:
    """The name, or with a number behind it where it is used already; it is used from now on."""
    found, number = name, 2
    while found in used:
        found, number = f"{name}{number}", number + 1
    used.add(found)
    return found
