"""Makes a failing net small: lines, words and numbers are taken away as long as it still fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Fails = Callable[[str], bool]

SMALLER = (1, 2, 3, 4, 16, 17, 32)


def shrunk(text: str, fails: Fails, most: int = 600) -> str:
    """The smallest text that was found for which `fails` still holds; it is asked at most so many times."""
    asked = 0
    while True:
        for smaller in candidates(text):
            asked += 1
            if asked > most:
                return text
            if fails(smaller):
                text = smaller
                break
        else:
            return text


def candidates(text: str) -> Iterator[str]:
    """Every text that is one step smaller: spans of lines first, then single words, then numbers."""
    lines = text.splitlines()
    for length in (8, 4, 3, 2, 1):
        for first in range(len(lines) - length + 1):
            yield "\n".join([*lines[:first], *lines[first + length :]]) + "\n"
    for i, line in enumerate(lines):
        words = line.split()
        for j in range(len(words)):
            yield _with(lines, i, " ".join([*words[:j], *words[j + 1 :]]))
    for i, line in enumerate(lines):
        if line.startswith("data"):
            continue
        for found in re.finditer(r"(?<![\w.-])\d+(?![\w.])|\d+(?=x\d)|(?<=x)\d+|(?<==)\d+", line):
            for number in SMALLER:
                if number < int(found[0]):
                    yield _with(lines, i, line[: found.start()] + str(number) + line[found.end() :])


def _with(lines: list[str], i: int, line: str) -> str:
    return "\n".join([*lines[:i], line, *lines[i + 1 :]]) + "\n"
