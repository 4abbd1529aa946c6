"""What a framework has for some operations of a net: the parts that are made once, and the code that calls them.

A writer turns every row of a net into pieces, with all numbers of that very place in them.  Which of the numbers
differ from copy to copy of a block, and what they are called there, is found by `outline`.
"""

from __future__ import annotations

from typing import NamedTuple, Union


class Expression(NamedTuple):
    """A number that differs from call to call, as the code of a block writes it: `4 * width`."""

    text: str


class Plain(NamedTuple):
    """Code that is written as it is: `torch.float32`, `nn.ReLU`."""

    text: str


class Argument(NamedTuple):
    """One argument of a call, by its place where the keyword is empty; `name` is then what its parameter is called.

    `default` says that the framework takes this value where nothing is said.  A piece has all its arguments, also
    these, so that the copies of a block are alike; `outline` leaves out those that say nothing in any copy.
    """

    keyword: str
    value: Value
    default: bool = False
    name: str = ""


class Made(NamedTuple):
    """A part that is made once, and the arguments it is made with: `nn.Conv2d(64, 128, 3)`.

    `name` is what it is called where a piece makes several (`depthwise`), else empty.
    """

    callee: str
    arguments: tuple[Argument, ...] = ()
    name: str = ""

    def with_values_said(self) -> Made:
        """The part without the arguments that say nothing."""
        return self._replace(arguments=tuple(one for one in self.arguments if not one.default))


Value = Union[int, float, bool, str, None, tuple["Value", ...], Made, Plain, Expression]  # noqa: UP007


class Piece(NamedTuple):
    """Code for some operations: the last of `nodes` is what it computes, the others lie within it.

    `code` is an expression in which `{x0}`, `{x1}` are the results it reads, in the order of `reads`; `{m0}`, `{m1}`
    its parts, in the order of `made`; `{v0}`, `{v1}` its `values`, numbers that are no arguments of a part.
    `chained` are the parts that do the same one after the other, where that is possible (`nn.ReLU()`; a conv itself):
    what may stand in a Sequential.  `word` is what it is called where the net has no label: `conv`.
    """

    nodes: tuple[int, ...]
    reads: tuple[int, ...]
    word: str
    code: str = "{m0}({x0})"
    made: tuple[Made, ...] = ()
    values: tuple[Value, ...] = ()
    chained: tuple[Made, ...] = ()

    @property
    def result(self) -> int:
        """The node whose output it is."""
        return self.nodes[-1]
