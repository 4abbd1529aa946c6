"""Symbolic tensors without a framework, for the tests of what is done to them."""

from __future__ import annotations

from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.dialects.flat_text import layer_words
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.tensor_slices import part
from cnncalc.dialects.traced.trace import Constant, Tensor, Trace
from cnncalc.layers.input import Input


class Here:
    """The place of a call that is worked out; it charges nothing."""

    span = Span(3, 5, 4)
    trail: tuple[Span, ...] = ()

    def charge(self, steps: int) -> None: ...


class Methods:
    """What PyTorch's tensors do; `channels_stand_last` makes them Keras'."""

    def __init__(self, *, last: bool) -> None:
        self.is_written_in_place = not last
        self.channels_stand_last = last

    def attribute(self, tensor: Tensor, name: str, here: Any) -> Any:
        raise AssertionError(name, tensor, here)

    def arithmetic(self, sign: str, left: Any, right: Any, here: Any) -> Any:
        return combined(sign, left, right, here)

    def item(self, tensor: Tensor, key: Any, here: Any) -> Any:
        return part(tensor, key, here)


HERE: Any = Here()


def image(*sizes: int, trace: Trace | None = None) -> Tensor:
    """An input of these sizes, channels first as in PyTorch: `image(3, 32, 32)`."""
    whole = trace or Trace(Methods(last=False))
    return whole.input(Input(size=sizes, order="channels_first"), (1, *sizes), 1, HERE)


def keras_image(*sizes: int) -> Tensor:
    """An input of these sizes, channels last: `keras_image(32, 32, 3)`."""
    return Trace(Methods(last=True)).input(Input(size=sizes), (1, *sizes), len(sizes), HERE)


def parameter(like: Tensor, *sizes: int) -> Tensor:
    """A parameter of the program."""
    return like.trace.constant(sizes, Constant("a parameter", is_parameter=True), HERE)


def words(tensor: Tensor) -> list[str]:
    """The operations behind a tensor as lines of ours, once a layer has read it; the input is left out."""
    tensor.trace.settled(tensor, HERE)
    return [" ".join(layer_words(one.layer, "channels_first")) for one in tensor.trace.operations if one.inputs]
