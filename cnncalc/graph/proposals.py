"""Lines proposed in the place of one with a fault: none is proposed that cannot be read or does not fit what arrives.

A `Slip` holds the line and tries others in its place, by the same reading that refused it.  Only faults come here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cnncalc.diagnostics import Fix, Refusal, Span
from cnncalc.geometry import Shape
from cnncalc.graph.tries import Tries
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import Argument, Call, MatrixLiteral, Option, Token

LONGEST_TRIED = 300
"""Characters of a line in whose place others are tried."""


@dataclass(frozen=True)
class Slip:
    """A line with a fault; `read` reads the words of a call, `arriving` is what it works on, where that is known."""

    call: Call
    read: Callable[[Call], tuple[list[Any], Sequence[object]]]
    defaults: dict[str, Any]
    tries: Tries
    arriving: Shape | None = None

    def line(self, words: Iterable[str]) -> str:
        """The line with other words: where it reads from and how often it stands are kept."""
        found = [*words]
        for source in self.call.sources:
            found += ["from", source.text]
        return " ".join(found + (["times", self.call.times.text] if self.call.times else []))

    def others(self, *leave_out: Argument | None) -> list[str]:
        """The line's arguments as they are written, without some of them."""
        left_out = set(map(id, leave_out))
        return [written(one) for one in self.call.arguments if id(one) not in left_out]

    def replaced(self, span: Span, text: str) -> str:
        """The line with one argument, or its word, written otherwise; an empty text leaves it out."""
        words = [(self.call.word.span, self.call.word.text)]
        words += [(one.span, written(one)) for one in self.call.arguments]
        return self.line(one for place, old in words if (one := text if place == span else old))

    def whole(self, lines: Iterable[str]) -> tuple[Fix, ...]:
        """Each of the lines in the place of the whole line, without those that cannot be read."""
        return tuple(Fix(self.call.span, line) for line in lines if self.reads(line))

    def part(self, span: Span, text: str) -> tuple[Fix, ...]:
        """Another text in the place of a part of the line, if the line can be read then, or has one fault less."""
        line = self.replaced(span, text)
        return (Fix(span, text),) if self.reads(line) or self._has_fewer_faults(line) else ()

    def reads(self, text: str) -> bool:
        """Whether the text (several lines: its first) can be read in the line's place and fits what arrives."""
        if len(text) > LONGEST_TRIED or not self.tries.took():
            return False
        self.tries.trying = True
        try:
            return self._is_read(text)
        finally:
            self.tries.trying = False

    def _has_fewer_faults(self, text: str) -> bool:
        """Whether the text has faults, but fewer than the line: what is wrong elsewhere on it has its own advice."""
        if self.call.word.text.lower() not in WORDS or len(text) > LONGEST_TRIED or not self.tries.took():
            return False
        self.tries.trying = True
        try:
            faults = len(self.read(self.call)[1])
            call = self.tries.own_call(text) if faults > 1 else None
            return call is not None and len(self.read(call)[1]) < faults
        finally:
            self.tries.trying = False

    def _is_read(self, text: str) -> bool:
        call = self.tries.own_call(text)
        if call is None:
            return False
        layers, refused = self.read(call)
        return not refused and (self.arriving is None or self._fits(layers))

    def _fits(self, layers: list[Any]) -> bool:
        shape = self.arriving
        try:
            for one in layers:
                layer = one.build(self.defaults)
                if layer.largest_inputs == 1 and shape is not None:
                    shape = Shape(shape.elements) if layer.word == "dense" else shape
                    shape = layer.output_shape((shape,))
        except Refusal:
            return False
        return True


def written(argument: Argument) -> str:
    """An argument as it stands in a line."""
    if isinstance(argument, Option):
        return f"{argument.name.text}={written(argument.value)}"
    if isinstance(argument, MatrixLiteral):
        planes = argument.matrix.planes
        return " ".join(f"[{'; '.join(' '.join(map(str, row)) for row in plane)}]" for plane in planes)
    return f'"{argument.text}"' if argument.quoted else argument.text


def told(fixes: Sequence[Fix], otherwise: str = "") -> str:
    """A help line that writes the fixes out; `otherwise` where there is none."""
    lines = [" and below ".join(f"`{line}`" for line in fix.text.split("\n") if line) for fix in fixes]
    return f"write {' or '.join(lines)}" if lines else otherwise


def picture_sizes(numbers: Sequence[int]) -> tuple[str, ...]:
    """The sizes of an input as we write them, channels last and without a batch; several where they may be read so.

    >>> picture_sizes([1, 3, 224, 224]), picture_sizes([28, 28])
    (('224x224x3',), ('28x28x1', '28x28x3'))
    """
    sizes = list(numbers)
    if len(sizes) == 4 and sizes[0] == 1:
        sizes = sizes[1:]
    if len(sizes) == 3 and sizes[0] in (1, 3, 4) and sizes[1] == sizes[2] and sizes[2] > 4:
        sizes = [*sizes[1:], sizes[0]]
    if len(sizes) == 2:
        return tuple("x".join(map(str, (*sizes, channels))) for channels in (1, 3))
    return ("x".join(map(str, sizes)),)


_MOST_NUMBERS = 8
"""Numbers side by side for which a meaning is looked for."""


def spare_numbers(slip: Slip, word: str, numbers: Sequence[Token]) -> tuple[Fix, ...]:
    """Lines for numbers that stand side by side: a size with its x missing, a stride and a padding, PyTorch's order."""
    if len(numbers) > _MOST_NUMBERS or not all(one.text.isdecimal() and len(one.text) <= 9 for one in numbers):
        return ()
    values = [int(one.text) for one in numbers]
    rest = slip.others(*numbers)
    if WORDS.get(word.lower()) == "input":
        return slip.whole(slip.line((word, size, *rest)) for size in picture_sizes(values))
    ways = [(word, *way, *rest) for way in _ways(WORDS.get(word.lower(), ""), values, slip.arriving)]
    return slip.whole(dict.fromkeys(slip.line(way) for way in ways))


_LARGEST_KERNEL = 11
"""The largest kernel of a published net (AlexNet): a larger number beside it is taken for something else."""


def _ways(word: str, values: list[int], arriving: Shape | None) -> list[tuple[str, ...]]:
    """The operands and options that the numbers may be."""
    if word == "dense":
        return [(str(values[1]),)] if arriving is not None and values[0] == arriving.elements else []
    has_filters = word in ("conv", "upconv", "local", "sepconv")
    ways: list[tuple[str, ...]] = []
    if has_filters and len(values) > 2 and arriving is not None and values[0] == arriving.channels:
        ways.append((str(values[1]), *_window(values[2:])))
    head, tail = ([str(values[0])], values[1:]) if has_filters else ([], values)
    if tail and tail[0] <= _LARGEST_KERNEL:
        if len(tail) > 1 and max(tail) <= _LARGEST_KERNEL and min(tail):
            ways.append((*head, "x".join(map(str, tail))))
        equal_pool = not has_filters and len(set(tail)) == 1
        ways += [] if equal_pool else [(*head, *_window(tail))]
    return ways


def _window(values: list[int]) -> tuple[str, ...]:
    """Kernel, stride, padding, in the order of PyTorch."""
    names = ("", "stride=", "padding=", "dilation=")
    return tuple(f"{name}{value}" for name, value in zip(names, values, strict=False))
