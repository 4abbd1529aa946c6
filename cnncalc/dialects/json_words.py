"""Words, numbers, names, matrices and answers of a JSON net as our own notation writes them.

A string is one word as the notation has it (`"3x3"`, `"$width"`), or several, which are then one quoted text.  What
could reach beyond its place in the line, such as a line end or a second word, is refused here.
"""

from __future__ import annotations

import re

from cnncalc.asked import NAMES, Quantity, is_known, quantity_named
from cnncalc.dialects.json_text import Value
from cnncalc.dialects.json_values import Values
from cnncalc.graph.formatting import quoted
from cnncalc.spec.lexing import lexed

_PLAIN = re.compile(r"\$?[A-Za-z0-9_.]+")
_NUMBER = re.compile(r"[-+]?[0-9.]{1,40}(?:[eE][-+]?[0-9]{1,3})?(?:/[0-9]{1,20})?")
_LITERAL_MEMBERS = ("planes", "scale", "rows_below")
_ANSWER_MEMBERS = ("asked", "value", "approximate", "scope")


class Words(Values):
    """Reads the values of one text into words."""

    def line(self, value: Value) -> str:
        """A text without a line end."""
        if not isinstance(value.content, str) or "\n" in value.content:
            self.refuse(value, "a text on one line")
        return value.content

    def word(self, value: Value) -> str:
        """A bare word, a number, or a quoted text."""
        if isinstance(value.content, (int, float)) and not isinstance(value.content, bool):
            return self.text.text[value.offset : value.end]
        text = value.content if isinstance(value.content, str) else "\n"
        if _PLAIN.fullmatch(text) or self._is_one(text, ("word", "text")):
            return text
        if (" " not in text and text) or not self._is_one(quoted(text), ("text",)):
            self.refuse(value, 'a number, one word, or words with spaces (an option is an object: {"stride": 2})')
        return quoted(text)

    def bare(self, value: Value) -> str:
        """One word that needs no quotes."""
        found = self.word(value)
        if found.startswith(('"', "'", "“", "”", "„")):
            self.refuse(value, "one word")
        return found

    def quoted(self, value: Value) -> str:
        """A text in quotes."""
        found = quoted(self.line(value))
        if not self._is_one(found, ("text",)):
            self.refuse(value, "a text of ordinary characters")
        return found

    def rest(self, value: Value) -> str:
        """One word or several, as they stand up to the end of a line."""
        found = self.word(value) if not isinstance(value.content, str) else self.line(value)
        comments: dict[int, str] = {}
        read = list(lexed((found,), comments, []))
        if comments or len(read) != 1 or read[0].broken:
            self.refuse(value, "a value as it is written in a line, without comment,")
        return found.strip()

    def _is_one(self, text: str, kinds: tuple[str, ...]) -> bool:
        """Whether the text is one word of the notation, to its last character."""
        if "#" in text[:1] or "\n" in text:
            return False
        read = list(lexed((text,), {}, []))
        if len(read) != 1 or read[0].broken or len(read[0].lexemes) != 1:
            return False
        return read[0].lexemes[0].kind in kinds and read[0].lexemes[0].raw == text

    # ------------------------------------------------------------------ matrices
    def is_literal(self, value: Value) -> bool:
        """Whether a value is a matrix, not an option."""
        return isinstance(value.content, dict) and "planes" in value.content

    def literal(self, value: Value) -> list[str]:
        """A matrix as lines: one, or one for each row where its rows stand below each other."""
        members = self.members(value, _LITERAL_MEMBERS)
        if "planes" not in members:
            self.text.refuse("missing-member", "`planes` is missing here", value.offset)
        below = "rows_below" in members and self.flag(members["rows_below"])
        text = self.planes(members["planes"], "\n" if below else "; ")
        if "scale" in members:
            text = f"{self._number(members['scale'])} * {text}"
        return text.split("\n")

    def planes(self, value: Value, between: str = "; ", *, open_cells: bool = False) -> str:
        """`[1 2; 3 4]`, one bracket for each plane; `open_cells`: a "?" stands for a number that is left open."""
        read = self._cell if open_cells else self._number
        planes = [[map(read, self.items(row)) for row in self.items(plane)] for plane in self.items(value)]
        if not planes:
            self.refuse(value, "a list of planes, each a list of rows,")
        return " ".join(f"[{between.join(map(' '.join, plane))}]" for plane in planes)

    def _cell(self, value: Value) -> str:
        return "?" if value.content == "?" else self._number(value)

    def _number(self, value: Value) -> str:
        found = self.word(value)
        if not _NUMBER.fullmatch(found):
            self.refuse(value, 'a number, or a text such as "1/9"')
        return found

    # ------------------------------------------------------------------ answers
    def answer(self, value: Value) -> tuple[str, str]:
        """What is asked, and the claim: `28x28x6`, `~1.2e6 each`, `?`."""
        members = self.members(value, _ANSWER_MEMBERS)
        asked = members.get("asked")
        if asked is None or not is_known(self.line(asked)):
            self.refuse(asked or value, f"`asked` as one of {', '.join(NAMES)}")
        claim = self._claim(quantity_named(asked.content), members["value"]) if "value" in members else "?"
        if "approximate" in members and self.flag(members["approximate"]):
            claim = f"~{claim}"
        if "scope" in members:
            if members["scope"].content not in ("each", "all"):
                self.refuse(members["scope"], "each or all")
            claim += f" {members['scope'].content}"
        return asked.content, claim

    def _claim(self, asked: Quantity, value: Value) -> str:
        if value.content is None:
            return "?"
        if asked.form == "matrix":
            return self.planes(value, open_cells=True)
        if isinstance(value.content, list):
            if not value.content:
                self.refuse(value, "a number, or a list of sizes")
            return asked.between.join(str(self.whole(size, 0, 10**18 - 1)) for size in value.content)
        if isinstance(value.content, str) and asked.phrase(value.content) is not None:
            return value.content
        found = self.bare(value)
        if found.startswith("~"):
            self.refuse(value, 'a number ("approximate": true says that it is not exact)')
        return found
