"""One call as Python writes it, read as data: its name, its arguments and where each of them stands.

Python's own parser makes a tree of the text, and only literals are taken from the tree: numbers, texts, True, False,
None, tuples, lists, and arithmetic of whole numbers.  Nothing is executed; names and inner calls are kept as such.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.graph.faults import Fault
from cnncalc.python.values import Given

LONGEST_CALL = 1000
"""Characters of a call that is read."""

LARGEST_VALUE = 10**15
"""Whole numbers beyond are refused while they are worked out."""

_ARITHMETIC: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


@dataclass(frozen=True)
class Name:
    """A name of the Python program, whose value is not known here."""

    text: str


@dataclass(frozen=True)
class PythonCall:
    """`name(positional, keyword=...)`; `applied` are the arguments of a second pair of brackets: `Conv2D(6, 5)(x)`.

    In a call of our own text an argument is a literal, a `Name`, a `PythonCall` or a tuple of them; a program that is
    read has worked out what its names stand for.
    """

    name: str
    positional: tuple[Given, ...]
    keywords: Mapping[str, Given]
    span: Span
    applied: tuple[Given, ...] | None = None


def python_call(text: str, span: Span) -> PythonCall:
    """The call that the text is; raises Fault at the place of what cannot be read."""
    if len(text) > LONGEST_CALL:
        raise _unread(f"this call has {len(text):,} characters; at most {LONGEST_CALL:,} are read", span)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _unread("this call is not written as Python writes one", span) from None
    if not isinstance(tree, ast.Call):
        raise _unread("this is Python code, and no single call of a layer", span)
    try:
        return _Reader(text, span).call(tree)
    except RecursionError:
        raise _unread("this call is nested too deeply", span) from None


class _Reader:
    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.start = span

    def place(self, node: ast.expr) -> Span:
        """The node's place in the file; its columns count bytes of the call alone."""
        encoded = self.text.encode()
        before = len(encoded[: node.col_offset].decode(errors="ignore"))
        length = len(encoded[node.col_offset : node.end_col_offset].decode(errors="ignore"))
        if node.lineno != 1:
            return self.start
        return Span(self.start.line, self.start.column + before, max(1, length))

    def call(self, node: ast.Call) -> PythonCall:
        if isinstance(node.func, ast.Call) and not node.keywords:
            inner = self.call(node.func)
            if inner.applied is not None:
                raise _unread("too many pairs of brackets follow each other", self.place(node))
            return PythonCall(
                inner.name, inner.positional, inner.keywords, inner.span, tuple(map(self.given, node.args))
            )
        keywords: dict[str, Given] = {}
        for keyword in node.keywords:
            place = self.place(keyword.value)
            if keyword.arg is None:
                raise _unread("the value after `**` is not known here", place)
            if keyword.arg in keywords:
                raise Fault("given-twice", f"{keyword.arg} is given twice", place, help="keep one of the two")
            keywords[keyword.arg] = self.given(keyword.value)
        return PythonCall(self.dotted(node.func), tuple(map(self.given, node.args)), keywords, self.place(node.func))

    def given(self, node: ast.expr) -> Given:
        return Given(self.value(node), self.place(node))

    def dotted(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return f"{self.dotted(node.value)}.{node.attr}"
        raise _unread("this is Python code, and no single call of a layer", self.place(node))

    def value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float, str, type(None))):
            return self.bounded(node.value, node)
        if isinstance(node, (ast.Tuple, ast.List)):
            return tuple(self.value(part) for part in node.elts)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return Name(self.text.encode()[node.col_offset : node.end_col_offset].decode(errors="replace"))
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.value(node.operand)
            if isinstance(inner, (int, float)):
                return -inner
        if isinstance(node, ast.BinOp):
            return self.arithmetic(node)
        raise _unread("only numbers, texts, True, False, None and tuples are read here", self.place(node))

    def arithmetic(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        work = _ARITHMETIC.get(type(node.op))
        unknown = next((side for side in (left, right) if isinstance(side, Name)), None)
        if unknown is not None:
            return unknown
        if work is None or type(left) is not int or type(right) is not int or (work is operator.floordiv and not right):
            raise _unread("only + - * and // of whole numbers are worked out here", self.place(node))
        return self.bounded(work(left, right), node)

    def bounded(self, value: Any, node: ast.expr) -> Any:
        if isinstance(value, (int, float)) and abs(value) > LARGEST_VALUE:
            raise Fault("number-too-large", "no net has a number as large as this", self.place(node))
        return value


def _unread(message: str, span: Span) -> Fault:
    return Fault(
        "python-call",
        message,
        span,
        help="one call with its numbers written out is read, `Conv2D(32, 3)`; in our own words: `conv 32 3x3`",
    )
