"""How many operations a text writes out, at least, and how many there may be.

So that `times 1000000` inside `times 1000000` is refused at once, before anything is written out.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.graph.building import LARGEST_NET
from cnncalc.graph.expressions import Environment, substituted
from cnncalc.graph.faults import Fault
from cnncalc.graph.values import count
from cnncalc.spec.document import BlockDefinition, Call, Conditional, MatrixLiteral, Repeat, Split, Statement, Token

DEEPEST_CALL = 50
"""Blocks that call blocks that call blocks: no deeper."""
DEEPEST_LEVEL = 150
"""Blocks, repeats, ifs and branches inside each other, those of the blocks that are called included."""
LARGEST_EXPANSION = 3 * LARGEST_NET
"""Lines bound, empty blocks and repeats included; a text that writes out more is stopped."""


def bounded_count(token: Token, names: Environment) -> int:
    """How often `times` or `repeat` says; 0 only from a `$name`, which leaves the lines out."""
    value = substituted(token, names)
    if isinstance(value, MatrixLiteral):
        raise Fault("wrong-operand", "expected a whole number, found a matrix", token.span)
    found = count(value, smallest=0 if "$" in token.text else 1)
    if found > LARGEST_NET:
        raise Fault(
            "too-many-layers",
            f"{found:,} repeats are too many",
            token.span,
            help=f"a net has at most {LARGEST_NET:,} operations",
        )
    return found


def refuse_too_many(operations: int, word: Token) -> None:
    """Raise Fault for more lines written out than a net has."""
    if operations > LARGEST_NET:
        raise Fault(
            "too-many-layers",
            f"this would write out {operations:,} lines",
            word.span,
            help=f"a net has at most {LARGEST_NET:,} operations",
        )


class ExpandedSize:
    """Counts lines written out; each block is counted once.  A count that is no plain number (`$n`) is taken as one."""

    def __init__(self, blocks: Mapping[str, BlockDefinition]) -> None:
        self.blocks = blocks
        self.known: dict[str, int] = {}
        self.depth = 0

    def of(self, statements: tuple[Statement, ...]) -> int:
        """A lower bound of the lines that the statements write out; at least 1."""
        return self._sum(statements) or 1

    def _sum(self, statements: tuple[Statement, ...]) -> int:
        if self.depth > DEEPEST_LEVEL:
            return 0  # refused where it is bound
        self.depth += 1
        found = sum(map(self._statement, statements))
        self.depth -= 1
        return found

    def _statement(self, statement: Statement) -> int:
        if isinstance(statement, Call):
            return _times(statement.times) * self._block(statement.word.text.lower())
        if isinstance(statement, Repeat):
            return _times(statement.times) * self.of(statement.body)
        if isinstance(statement, Conditional):
            sizes = [self._sum(choice.body) for choice in statement.choices]
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


def _times(written: Token | None) -> int:
    return int(written.text) if written is not None and written.text.isdecimal() and len(written.text) <= 18 else 1


def refuse_chain(name: str, callers: tuple[str, ...], word: Token) -> None:
    """Raise Fault for the call of a block inside of itself, and at the end of too many that call one another.

    `callers` are the blocks around the call, from outside in; `word` is where it is called.
    """
    if name in callers:
        chain = " -> ".join((*callers, name))
        message = f"block `{name}` calls itself"
        raise Fault("recursive-block", message, word.span, notes=(chain,), help="a block may use only other blocks")
    if len(callers) >= DEEPEST_CALL:
        message = f"more than {DEEPEST_CALL} blocks call one another to get here"
        raise Fault("nested-too-deeply", message, word.span, help="write some of them out where they are called")
