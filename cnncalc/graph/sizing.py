"""How many operations a text writes out, at least.

So that `times 1000000` inside `times 1000000` is refused at once, before anything is written out.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.spec.document import BlockDefinition, Call, Conditional, Repeat, Split, Statement, Token


class ExpandedSize:
    """Counts lines written out; each block is counted once.  A count that is no plain number (`$n`) is taken as one."""

    def __init__(self, blocks: Mapping[str, BlockDefinition]) -> None:
        self.blocks = blocks
        self.known: dict[str, int] = {}

    def of(self, statements: tuple[Statement, ...]) -> int:
        """A lower bound of the lines that the statements write out; at least 1."""
        return sum(map(self._statement, statements)) or 1

    def _statement(self, statement: Statement) -> int:
        if isinstance(statement, Call):
            return _times(statement.times) * self._block(statement.word.text.lower())
        if isinstance(statement, Repeat):
            return _times(statement.count) * self.of(statement.body)
        if isinstance(statement, Conditional):
            sizes = [sum(map(self._statement, choice.body)) for choice in statement.choices]
            return min(sizes) if statement.choices[-1].condition is None else 0
        if isinstance(statement, Split):
            return 1 + sum(map(self.of, statement.branches))
        return 0

    def _block(self, word: str) -> int:
        if word not in self.blocks:
            return 1
        if word not in self.known:
            self.known[word] = 1  # a block that calls itself is refused elsewhere
            self.known[word] = self.of(self.blocks[word].body)
        return self.known[word]


def _times(count: Token | None) -> int:
    return int(count.text) if count is not None and count.text.isdecimal() and len(count.text) <= 18 else 1
