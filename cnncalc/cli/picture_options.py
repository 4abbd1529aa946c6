"""The options of `run` that say what is done to a picture, put above what the input line says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.diagnostics import COMMAND_LINE, Diagnostic, InputError, Source, input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.quantities import number

if TYPE_CHECKING:
    from cnncalc.geometry import Shape
    from cnncalc.layers.input import Input
    from cnncalc.runtime.images import Preprocessing
    from cnncalc.runtime.placement import Resize

WAYS = ("fit", "stretch", "crop")


class PictureOptions(NamedTuple):
    """As they were written; None where one was not."""

    words: str | None = None
    resize: str | None = None
    scale: str | None = None
    mean: str | None = None
    std: str | None = None

    def over(self, line: Input, shape: Shape) -> Preprocessing:
        """What is done to a picture for an input line; raises InputError for options that say nothing."""
        from cnncalc.runtime.images import Preprocessing

        if self.words is not None:
            line = _line_of(self.words, shape)
        written = Preprocessing.of(line, shape, None if self.resize is None else _way(self.resize))
        return replace(
            written,
            scale=written.scale if self.scale is None else _numbers("scale", self.scale),
            mean=written.mean if self.mean is None else _numbers("mean", self.mean),
            std=written.std if self.std is None else _numbers("std", self.std),
        )


def _line_of(words: str, shape: Shape) -> Input:
    """The input line that these words make of the size."""
    from cnncalc.graph import load_graph
    from cnncalc.layers.input import Input

    if "\n" in words or "#" in words:
        raise _no_words(words)
    before = f"input {shape.spatial_text} channels {shape.channels} "
    graph, faults = load_graph(Source("--picture", before + words), None, {})
    if faults:
        raise _in_the_option(faults, words, len(before))
    line = graph.nodes[0].layer
    if len(graph.nodes) != 1 or not isinstance(line, Input) or graph.nodes[0].output != shape or line.data is not None:
        raise _no_words(words)
    return line


def _in_the_option(faults: tuple[Diagnostic, ...], words: str, before: int) -> InputError:
    """The faults of the line, which nobody wrote, at their places in the option; `before` letters of it were ours."""
    text = f"--picture {words}"
    shift = len(text) - len(words) - before

    def placed(fault: Diagnostic) -> Diagnostic:
        span = fault.span and fault.span._replace(column=max(1, fault.span.column + shift))
        return fault._replace(span=span, fixes=())

    return InputError(tuple(map(placed, faults)), Source(COMMAND_LINE, text))


def _no_words(words: str) -> InputError:
    return input_error(
        "wrong-operand",
        f"--picture takes words of an input line, and `{words[:40]}` is more",
        help='write for instance --picture "imagenet", or --picture "resize=256 bgr scale=1"',
    )


def _way(text: str) -> Resize:
    if text.lower() in WAYS:
        return cast("Resize", text.lower())
    if not text.isdecimal() or not 0 < len(text) < 7 or not int(text):
        known = "write fit, stretch, crop, or the pixels of the shorter side: --resize 256"
        raise input_error("wrong-operand", f"--resize {text[:40]} is no way to resize a picture",
                          help=did_you_mean(text, WAYS, known))  # fmt: skip
    return int(text)


def _numbers(option: str, text: str) -> tuple[float, ...]:
    """`0.5`, `1/255` or `0.485,0.456,0.406`."""
    values = [number(part.strip()) for part in text.split(",")]
    if any(value is None for value in values):
        raise input_error(
            "wrong-number", f"--{option} {text} is not a number", help=f"write --{option} 0.5 or --{option} 0.5,0.4,0.3"
        )
    return tuple(float(value) for value in values if value is not None)
