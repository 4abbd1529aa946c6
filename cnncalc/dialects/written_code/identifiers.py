"""Names for a program: of classes, of variables, each a name of Python's that nothing else has."""

from __future__ import annotations

import keyword
import re

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


def unused(name: str, used: set[str]) -> str:
    """The name, or with a number behind it where it is used already; it is used from now on."""
    found, number = name, 2
    while found in used:
        found, number = f"{name}{number}", number + 1
    used.add(found)
    return found
