"""The parsed text of a model: what was written and where, before anything knows what the words mean.

Every noun is frozen and carries its span.  No layer names, no shapes, no arithmetic done: `$width` and `4*$width` are
still text here.  `cnncalc.spec.parsing` makes a `Document` of a text, `cnncalc.graph.binding` a net of a `Document`.

The nouns are named tuples, which Python makes four times as fast as dataclasses: that matters to a start.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, NamedTuple

from cnncalc.diagnostics import Source, Span
from cnncalc.matrices import Matrix


class Token(NamedTuple):
    """A bare word, number, size or expression as it was written: `conv`, `5x5`, `4*$width`, `0.25`, `"text"`.

    A quoted text has its quotes removed and `quoted` set.  `×` between numbers is already `x`, and the digits of
    a number are already ungrouped (`1,000` is `1000`; four sides `0,1,0,1` stay as they are).
    """

    text: str
    span: Span
    quoted: bool = False


class MatrixLiteral(NamedTuple):
    """`1/9 * [1 1 1; 1 1 1; 1 1 1]`, or several matrices in a row (channels), with the scale multiplied in."""

    matrix: Matrix
    span: Span


Value = Token | MatrixLiteral


class Option(NamedTuple):
    """`stride=2`."""

    name: Token
    value: Value

    @property
    def span(self) -> Span:
        return self.name.span.to(self.value.span)


Argument = Token | MatrixLiteral | Option


class Answer(NamedTuple):
    """One claim after `=>`.

    `asked` is the name of a quantity of `cnncalc.asked`.  `given` holds the words of the answer: a shape as one token
    each size (28 28 6, whatever way it was spelled), an exact number, a matrix, words such as `yes`, or None for `?`
    (asked, not answered).  `scope` is what a `times N` line says: each or all.
    `doubt` is the other reading of a number that can be read in two ways (`3,216` where 3.216 was taken), else empty.
    `digits` is the power of ten of a number's last digit (6 for 138M), None where it has none.
    """

    asked: str
    given: tuple[int, ...] | Fraction | Matrix | str | None
    span: Span
    text: str
    approximate: bool = False
    scope: Literal["each", "all"] | None = None
    batch_dropped: bool = False
    doubt: str = ""
    digits: int | None = None


class Pasted(NamedTuple):
    """One call as Python writes it, unread: `nn.Conv2d(1, 6, 5)`; `target` is the name that stands before its `=`."""

    text: str
    span: Span
    target: Token | None = None


class Expectation(NamedTuple):
    """What a line says about what arrives at it, such as `in_channels=64`: to be checked, and no part of the layer.

    `kind` is channels, numbers (of a flat vector, or of a map before it is flattened), axes (spatial ones) or flat;
    `written` is what the user wrote.
    """

    kind: Literal["channels", "numbers", "axes", "flat"]
    stated: int
    written: str
    span: Span


class Call(NamedTuple):
    """A line that calls a layer word or a block: `[label:] word [arguments] [from label] [times N] [=> answers]`.

    `arguments` are all words between the layer word and `from`, `times`, `=>`, post words included, in order.
    `sources` is what `from` names (one label for most; `input from NAME` names a `data` literal).
    `text` is the line without comment, answers and label, with single spaces.  A line that is a call as Python writes
    it is kept in `pasted` until `cnncalc.graph.spelling` has put it in our words.
    """

    word: Token
    arguments: tuple[Argument, ...]
    span: Span
    text: str
    label: Token | None = None
    sources: tuple[Token, ...] = ()
    times: Token | None = None
    answers: tuple[Answer, ...] = ()
    worth: tuple[Fraction, ...] = ()
    pasted: Pasted | None = None
    expects: tuple[Expectation, ...] = ()


class Parameter(NamedTuple):
    """A block's parameter: `width`, `stride=1`."""

    name: Token
    default: Value | None = None


class BlockDefinition(NamedTuple):
    """`block NAME a b=1` ... `end`."""

    name: Token
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    span: Span


class Repeat(NamedTuple):
    """`repeat N [i]` ... `end`; inside, `$i` counts from 0."""

    times: Token
    variable: Token | None
    body: tuple[Statement, ...]
    span: Span


class Choice(NamedTuple):
    """One part of an `if`: the lines that count where its condition is the first to hold; `else` has no condition.

    The condition is one token, as it was written: `$stride == 1 and $in(x) == $width`.
    """

    condition: Token | None
    body: tuple[Statement, ...]
    span: Span


class Conditional(NamedTuple):
    """`if COND` ... `else if COND` ... `else` ... `end`; there is at least one choice."""

    choices: tuple[Choice, ...]
    span: Span


class Let(NamedTuple):
    """`let NAME = VALUE`: `$NAME` stands for the value below, to the end of the block, repeat or file.

    Several words (`bn relu`) are one quoted token.
    """

    name: Token
    value: Token
    span: Span


class Split(NamedTuple):
    """`split`, `branch` ... , `join add|concat|mul ...`: every branch starts from what arrives at `split`.

    An empty body is the input itself.  `join` is a Call whose word is `add`, `concat` or `mul` as written after
    `join`, with its post words, label and answers.
    """

    branches: tuple[tuple[Statement, ...], ...]
    join: Call
    span: Span


class Directive(NamedTuple):
    """A line about the whole file: title, order, count, epsilon, output, homework, student."""

    word: Token
    arguments: tuple[Argument, ...]
    span: Span


class Definition(NamedTuple):
    """`filter NAME = [...]` or `data NAME = [...]`."""

    kind: Literal["filter", "data"]
    name: Token
    value: MatrixLiteral
    span: Span


class Total(NamedTuple):
    """`total => params N macs N`: answers about the whole net."""

    answers: tuple[Answer, ...]
    span: Span
    worth: tuple[Fraction, ...] = ()


class Asked(NamedTuple):
    """`answer 2a "receptive field of conv2" conv2.rf = 14 worth 1`: a numbered question about a labelled line."""

    number: Token
    question: str
    label: Token
    answer: Answer
    span: Span
    worth: tuple[Fraction, ...] = ()


class Unread(NamedTuple):
    """A line that could not be read: what it would have made is unknown, and so is everything that works on it.

    `word` is its first word in lower case (`conv`, `block`, `filter`; "" when even that is unknown), `name` what it
    would have given a meaning to: a label, a block, a filter.
    """

    word: str
    span: Span
    name: Token | None = None


Statement = (
    Call | BlockDefinition | Repeat | Conditional | Let | Split | Directive | Definition | Total | Asked | Unread
)


def inside(statement: Statement) -> tuple[Statement, ...]:
    """The statements directly inside one: of its body, its branches or its choices; a join is not among them."""
    if isinstance(statement, (BlockDefinition, Repeat)):
        return statement.body
    if isinstance(statement, Conditional):
        return tuple(inner for choice in statement.choices for inner in choice.body)
    if isinstance(statement, Split):
        return tuple(inner for branch in statement.branches for inner in branch)
    return ()


class Document(NamedTuple):
    """A parsed text.  `comments` keeps the words after `#` by line, so that `fmt` loses nothing.

    Where it includes others, `source` holds the lines of all, `own` is the text itself, and `included` are the others
    by the places of their names.
    """

    source: Source
    statements: tuple[Statement, ...]
    comments: Mapping[int, str] = MappingProxyType({})
    own: Source | None = None
    name: str = ""
    """The name of the text, where it is included by another one."""
    included: Mapping[Span, Document] = MappingProxyType({})

    @property
    def alone(self) -> Document:
        """The text without the lines of those that it includes."""
        return self if self.own is None else self._replace(source=self.own)
