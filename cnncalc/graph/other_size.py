"""`--input SIZE`: the net of a text with another size on its `input` line.

The net keeps its number of axes and its channels: `224` and `224x224` are sizes of the picture, and with the channels
both orders are read, since the channels tell which is meant.  What is wrong with a size is said of the option.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cnncalc.diagnostics import COMMAND_LINE, Diagnostic, InputError, Refusal, Source, Span, input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.geometry import Order, Shape, Sizes, refuse_too_large, shape_of
from cnncalc.graph.header import Header
from cnncalc.graph.ir import Graph, Resized
from cnncalc.graph.lines import Line
from cnncalc.spec.document import Argument, Call, Option, Statement, Token
from cnncalc.spec.rewriting import rewritten

OPTION = "--input "
LONGEST_SIZE = 12
"""Digits of one number of a size; more are no size."""

_NAMED = re.compile(r"(?P<name>[^\s,=]+)=(?P<size>[^\s,]*),?")
_SIZE = re.compile(rf"[0-9]{{1,{LONGEST_SIZE}}}(?:[xX×][0-9]{{1,{LONGEST_SIZE}}})*")
_NUMBER = re.compile(rf"(?<![0-9.])[0-9]{{1,{LONGEST_SIZE}}}(?![0-9.])")
_EXAMPLES = {0: ("100",), 1: ("500",), 2: ("200", "200x300"), 3: ("16", "16x112x112")}
_AXES = {0: "a flat vector", 1: "a signal", 2: "a picture", 3: "a volume"}


class WantedSize(NamedTuple):
    """A size as it was written in the option, the input that it is for ("" for the first), and its column there."""

    name: str
    text: str
    column: int


def wanted_sizes(option: str) -> tuple[WantedSize, ...]:
    """`64x64` for the first input, or `left=64x64,right=32` for inputs by name; raises InputError for anything else."""
    if not option.strip():
        raise input_error("wrong-operand", "a size is expected after --input", help="write --input 224x224")
    named = list(_NAMED.finditer(option))
    if not named:
        start = len(option) - len(option.lstrip())
        return (WantedSize("", option.strip(), start),)
    if _NAMED.sub("", option).strip():
        ways = "write --input 64x64, or by name --input left=64x64, several as --input left=64x64,right=32x32"
        raise _fault(option, option, Refusal("wrong-operand", "sizes with a name and without are mixed", help=ways))
    return tuple(WantedSize(found["name"], found["size"], found.start("size")) for found in named)


@dataclass
class OtherSizes:
    """The sizes of one `--input` option, given to the input lines as these come by."""

    option: str
    source: str
    found: list[Resized] = field(default_factory=list)
    labelled: list[bool] = field(default_factory=list)
    calls: dict[int, list[Statement]] = field(default_factory=dict)
    """What each `input` line became, every time that it was written out, by its identity."""

    def __post_init__(self) -> None:
        self.wanted = wanted_sizes(self.option)

    def resized(self, line: Line, header: Header) -> Call | None:
        """The call of an `input` line with its new size; None for any other line, and for one that keeps its size."""
        main = line.layers[0]
        if main.signature.layer.word != "input" or "size" not in main.spans or line.call.sources:
            return None
        name = line.scope.prefix + (line.label or f"input{sum(not one for one in self.labelled) + 1}")
        self.labelled.append(bool(line.label))
        try:
            written = main.build(header.defaults()).output_shape(())
        except Refusal:
            return None
        whole = len(main.values["size"]) > written.rank
        size = self.given(name, written, header.order, line.call.span.line, whole=whole)
        call = line.call if size is None else _with_other_size(line.call, main.spans["size"], size)
        if size is not None and main.values.get("resize"):
            call = _with_other_resize(call, main.spans["resize"], main.values["resize"], self.found[-1])
        self.calls.setdefault(id(line.call), []).append(call)
        return None if size is None else call

    def said_of(self, graph: Graph) -> Graph:
        """The net with what was found, and with the other sizes in the text that says it.

        A line that stands for several inputs, of which this changes some, cannot say so: then no text does.
        """
        left, document = dict(self.calls), graph.document
        if document is not None:
            statements = rewritten(document.statements, lambda line: left.pop(id(line), [line])[0])
            document = document._replace(statements=statements)
        if left or any(call != calls[0] for calls in self.calls.values() for call in calls):
            document = None
        return replace(graph, resized=tuple(self.found), document=document)

    def given(self, name: str, written: Shape, order: Order, line: int, *, whole: bool) -> str | None:
        """The size as it is to be written, with its channels if it was written with them; None: it stays the old one.

        A size without a name is for the first input and for all that have the same shape as the first.
        """
        alike = not self.found or written == self.found[0].written
        wanted = next((one for one in self.wanted if one.name == name or (not one.name and alike)), None)
        if wanted is None:
            return None
        shape = self._shape(wanted, written, order)
        self.found.append(Resized(name, line, written, shape))
        return shape.text(order) if whole else shape.spatial_text

    def _shape(self, wanted: WantedSize, written: Shape, order: Order) -> Shape:
        sizes = size_numbers(wanted.text)
        if sizes is None:
            raise self._refused(
                wanted, f"`{wanted.text}` is no size" if wanted.text else "a size is expected here", written, order
            )
        if 0 in sizes:
            raise self._refused(wanted, f"`{wanted.text}` has a size of 0", written, order)
        shape = fitting_shape(sizes, written, order)
        if shape is None:
            what = f"{_AXES[written.rank]} of {written.text(order)}"
            message = f"`{wanted.text}` does not fit: the input of {self.source} is {what}"
            raise self._refused(wanted, message, written, order)
        try:
            refuse_too_large(shape, "the input", "")
        except Refusal as refusal:
            raise _fault(self.option, wanted.text, refusal, wanted.column) from None
        return shape

    def _refused(self, wanted: WantedSize, message: str, written: Shape, order: Order) -> InputError:
        name = f"{wanted.name}=" if wanted.name else ""
        ways = " or ".join(f"--input {name}{example}" for example in _EXAMPLES[written.rank])
        kept = f": the channels stay {written.channels}" if written.rank else ""
        numbers = [int(number) for number in _NUMBER.findall(wanted.text)]
        sizes = tuple(numbers[len(numbers) == written.rank + 2 and numbers[0] == 1 :])
        meant = fitting_shape(sizes, written, order) if len(sizes) > 1 and 0 not in sizes else None
        advice = f"write --input {name}{meant.text(order)}" if meant else f"write for instance {ways}{kept}"
        refusal = Refusal("wrong-operand", message, help=advice)
        return _fault(self.option, wanted.text, refusal, wanted.column)


def refuse_unused(option: str, graph: Graph) -> None:
    """Raise InputError for a size of the option that no input line of the net took."""
    taken = {one.name for one in graph.resized}
    source = graph.source.name
    for wanted in wanted_sizes(option):
        if wanted.name and wanted.name not in taken:
            known = [node.name for node in graph.nodes if node.layer.word == "input"]
            advice = did_you_mean(wanted.name, known, f"its inputs: {', '.join(known)}")
            raise input_error("no-size-to-replace", f"{source} has no input called `{wanted.name}`", help=advice)
    if not taken:
        message = f"{source} has no `input` line with a size that --input could replace"
        raise input_error("no-size-to-replace", message, help="its numbers are in its text: leave --input out")


def size_numbers(text: str) -> Sizes | None:
    """The numbers of a size as it is written, `7x7x512`; None for what is no size.

    >>> size_numbers("7x7x512"), size_numbers("7,7")
    ((7, 7, 512), None)
    """
    return tuple(int(number) for number in re.split("[xX×]", text)) if _SIZE.fullmatch(text) else None


def fitting_shape(sizes: Sizes, written: Shape, order: Order) -> Shape | None:
    """The shape that these sizes mean for an input that was written with another one; None where they do not fit.

    >>> fitting_shape((3, 224, 224), Shape(3, (32, 32)), "channels_last")
    Shape(channels=3, spatial=(224, 224))
    >>> fitting_shape((64,), Shape(3, (32, 32)), "channels_last")
    Shape(channels=3, spatial=(64, 64))
    """
    rank = written.rank
    if not rank:
        return Shape(sizes[0]) if len(sizes) == 1 else None
    if len(sizes) == 1:
        return Shape(written.channels, sizes * rank)
    if len(sizes) == rank:
        return Shape(written.channels, sizes)
    if len(sizes) != rank + 1:
        return None
    orders: tuple[Order, ...] = (order, "channels_last", "channels_first")
    either = (shape_of(sizes, one) for one in orders)
    return next((shape for shape in either if shape.channels == written.channels), None)


def _with_other_size(call: Call, where: Span, size: str) -> Call:
    """The `input` line with another size in the place of the one that was written there."""
    arguments = tuple(_with_size(one, where, size) for one in call.arguments)
    return call._replace(arguments=arguments, text=" ".join([call.word.text, *map(_text, arguments)]))


def _with_other_resize(call: Call, where: Span, side: int, found: Resized) -> Call:
    """The line with `resize=256` (of 224 pixels) in the ratio of the sizes: the same part of a picture is seen."""
    before, now = max(found.written.spatial, default=side), max(found.given.spatial, default=side)
    return _with_other_size(call, where, str(max(now, round(side * now / before))))


def _with_size(argument: Argument, where: Span, size: str) -> Argument:
    """The argument itself, or with the size when it is the last word of what stands there (`28x28`, `shape=28x28`)."""
    if argument.span.line != where.line or _end(argument.span) != _end(where):
        return argument
    if isinstance(argument, Option) and isinstance(argument.value, Token):
        return argument._replace(value=argument.value._replace(text=size))
    return argument._replace(text=size) if isinstance(argument, Token) else argument


def _end(span: Span) -> int:
    return span.column + span.length


def _text(argument: Argument) -> str:
    if isinstance(argument, Option):
        return f"{argument.name.text}={_text(argument.value)}"
    return argument.text if isinstance(argument, Token) else "[...]"


def _fault(option: str, text: str, refusal: Refusal, column: int = 0) -> InputError:
    """The refusal as a fault of the option, with the size underlined where it was given."""
    place = Span(1, len(OPTION) + 1 + column, max(1, len(text)))
    diagnostic = Diagnostic(refusal.code, refusal.message, place, help=refusal.help)
    return InputError((diagnostic,), Source(COMMAND_LINE, OPTION + option))
