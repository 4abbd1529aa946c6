"""`frozen` read: on a line, on the call of a block, and as a line of its own that freezes everything above it.

The word is taken off a line before its layer or block is read, so neither knows it.  What is frozen is a node: its
weights are parameters that training leaves as they are (`Node.frozen`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from cnncalc.graph.expressions import Environment, substituted
from cnncalc.graph.faults import Fault
from cnncalc.graph.scopes import Scope
from cnncalc.graph.values import NO, YES, yes_or_no
from cnncalc.layers.registry import JOINS, WORDS
from cnncalc.spec.document import Argument, BlockDefinition, Call, Option, Token
from cnncalc.spec.include_lines import is_include

if TYPE_CHECKING:
    from cnncalc.graph.net_so_far import NetSoFar

WORD = "frozen"
_NO_BLOCKS: Mapping[str, BlockDefinition] = MappingProxyType({})


class Freezing(NamedTuple):
    """The arguments of a line without what it says of freezing, and that: `frozen`, or `frozen=$f`."""

    arguments: tuple[Argument, ...]
    said: tuple[Token | Option, ...] = ()

    def asked(self, environment: Environment) -> bool:
        """Whether the line is to be frozen; raises Fault for a value that is neither yes nor no."""
        if not self.said:
            return False
        if len(self.said) > 1:
            raise Fault("given-twice", f"`{WORD}` is given twice", self.said[1].span, help="keep one of the two")
        one = self.said[0]
        if isinstance(one, Token):
            return True
        value = substituted(one.value, environment)
        if not isinstance(value, Token):
            raise Fault("wrong-operand", f"`{WORD}` is yes or no, not a matrix", one.span)
        return yes_or_no(value)


def freezing(call: Call, scope: Scope | None = None, blocks: Mapping[str, BlockDefinition] = _NO_BLOCKS) -> Freezing:
    """What a line says of freezing; a block's own parameter of this name and, at a join, a label come first."""
    block = blocks.get(call.word.text.lower())
    if block is not None and any(one.name.text == WORD for one in block.parameters):
        return Freezing(call.arguments)
    said = tuple(filter(_is_said, call.arguments))
    if said and WORDS.get(call.word.text.lower()) in JOINS:
        said = tuple(one for one in said if not _is_label(one, scope))
    if not said:
        return Freezing(call.arguments)
    return Freezing(tuple(one for one in call.arguments if one not in said), said)


def taken_off(call: Call, scope: Scope, net: NetSoFar) -> tuple[Call, bool]:
    """The line without the word `frozen`, and whether it says so; a line without the word is the same one."""
    said = freezing(call, scope, net.header.blocks)
    if not said.said:
        return call, False
    if _names_a_line(call, said, net.environment(scope)) and call.word.text.lower() not in net.header.blocks:
        return call, False
    return call._replace(arguments=said.arguments), said.asked(net.environment(scope))


def _names_a_line(call: Call, said: Freezing, environment: Environment) -> bool:
    """Whether an `include` is frozen up to one of its lines, `frozen=stage3`, which is known where that net is read."""
    if not is_include(call) or len(said.said) != 1 or not isinstance(said.said[0], Option):
        return False
    value = substituted(said.said[0].value, environment)
    return isinstance(value, Token) and value.text.lower() not in YES | NO


def _is_said(one: Argument) -> TypeGuard[Token | Option]:
    if isinstance(one, Option):
        return one.name.text.lower() == WORD
    return isinstance(one, Token) and one.text.lower() == WORD and not one.quoted


def _is_label(one: Argument, scope: Scope | None) -> bool:
    return isinstance(one, Token) and scope is not None and scope.find(one.text) is not None


def is_line(call: Call, blocks: Container[str]) -> bool:
    """Whether the line is `frozen` alone: everything above it."""
    return call.word.text.lower() == WORD and WORD not in blocks and not call.word.quoted


def freeze_above(call: Call, scope: Scope, net: NetSoFar) -> None:
    """Do what a line `frozen` says; raises Fault for one that is not alone, or that has nothing above it."""
    extra = next((one.span for one in (*call.arguments, *call.sources, call.times, call.label) if one), None)
    if extra is not None:
        message = f"a line `{WORD}` freezes everything above it, and takes no other word"
        advice = f"write it alone; to freeze one layer, write the word on its line: `conv 64 3x3 {WORD}`"
        raise Fault("unexpected-word", message, extra, help=advice)
    if call.answers:
        message = "this line has no result that could be asked for"
        raise Fault("answer-not-here", message, call.answers[0].span)
    if scope.depth or scope.outer is not None:
        message = f"a line `{WORD}` freezes everything above it, and cannot be inside a block, a repeat or a branch"
        advice = f"write the word on the lines that are meant: `conv 64 3x3 {WORD}`"
        raise Fault("not-inside", message, call.word.span, help=advice)
    if not net.started:
        message = f"there is nothing above this line that could be {WORD}"
        raise Fault("missing-input", message, call.word.span, help="write it below the lines that are meant")
    net.builder.freeze(0)
