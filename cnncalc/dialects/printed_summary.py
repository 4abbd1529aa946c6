"""What `model.summary()` and torchsummary print, as a model as far as it is certain: a chain of layers.

Such a print shows names, output sizes and parameters.  The kernel follows from the parameters, stride and padding from
the sizes where only one pair fits; a pool is read with its window as its stride.  Activations inside layers are not
shown.  What joins several layers is not read: the print does not say how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.dialects.net_rows import NetRows, Placed, chosen
from cnncalc.dialects.printed_rows import Print, printed_summaries, without_colours
from cnncalc.geometry import SAME, VALID, Order, Padding, Shape, output_size, resolved_pads, shape_of
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Layer
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.pointwise import Identity
from cnncalc.layers.pool import AvgPool, MaxPool
from cnncalc.layers.registry import WORDS, layer_class
from cnncalc.layers.reshaping import Flatten

_LARGEST_KERNEL = 31
_LARGEST_STRIDE = 16
_TORCH = re.compile(r"(?P<kind>[A-Z]\w*)-[0-9]+")


class Printed(NamedTuple):
    """One row: its name, its class, what it gives, its parameters, and its place.

    `is_torch`: PyTorch's class is meant, `Conv2d`, whose sizes have the channels first.
    """

    name: str
    kind: str
    shape: Shape
    params: int
    span: Span
    is_torch: bool


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a print, up to its first fault, and its faults; raises InputError for a wrong option."""
    chosen(settings, {})
    text = without_colours(source.text)
    prints = printed_summaries(text.split("\n"))
    printed_by_torch = any(one.is_torchinfo for one in prints) or _TORCH.search(text) is not None
    is_torch = printed_by_torch and "(None" not in text
    rows = NetRows(source, input_size, "channels_first" if is_torch else "channels_last")
    faults: tuple[Diagnostic, ...] = ()
    try:
        _put_together(rows, list(_printed(prints, is_torch=is_torch)), is_torch=is_torch)
    except Fault as fault:
        faults = (fault.diagnostic,)
    return replace(rows.graph((_unseen(),)), count="torch" if is_torch else "keras"), faults


def _unseen() -> Diagnostic:
    return Diagnostic(
        "strides-not-shown",
        "a printed summary shows no strides and no activations: pools are read with their window as their stride",
        Span(1, 1),
        help="read the program itself where there is one: `cnncalc summary net.py:model`",
        severity="warning",
    )


def _put_together(rows: NetRows, printed: list[Printed], *, is_torch: bool) -> None:
    if not printed:
        raise Fault("strides-not-shown", "there is no row of a layer in this print", Span(1, 1))
    if printed[0].kind == "InputLayer":
        first = printed.pop(0)
        rows.input(first.shape.sizes(rows.order), first.span, first.name)
    else:
        rows.asked_input(printed[0].span, "3x224x224" if is_torch else "224x224x3")
    for one in printed:
        if is_torch and one.kind == "Linear" and rows.shape().rank:  # a view is no module, and not printed
            rows.row([Placed(Flatten(order=rows.order), one.span)])
        layer = _layer(one, rows.shape())
        rows.row([Placed(layer, one.span)], label=None if is_torch else one.name)
        if rows.shape() != one.shape:
            wanted, made = one.shape.text(rows.order), rows.shape().text(rows.order)
            raise _uncertain(one, f"{made} would come out, and the print has {wanted}")


def _printed(prints: Sequence[Print], *, is_torch: bool) -> Iterator[Printed]:
    """The rows, without what is one image's place in a batch."""
    order: Order = "channels_first" if is_torch else "channels_last"
    for batch, row in ((one.batch, row) for one in prints for row in one.rows):
        numbers = [int(size) for size in re.findall(r"[0-9]+", row.shape.replace("-1", ""))]
        numbers = numbers[batch is not None :]
        if numbers or (row.kind != "InputLayer" and row.shape != "--"):
            params = int(row.params.replace(",", "")) if row.params != "--" else 0
            span = Span(row.line, row.column, len(row.name))
            kind = _whole(row.kind, row.name)
            yield Printed(row.name, kind, shape_of(tuple(numbers), order), params, span, is_torch)


def _whole(kind: str, name: str) -> str:
    """The class; a print cuts off long ones, and the name that Keras counts tells the rest."""
    if "-" in name:
        return kind
    bare = re.sub(r"_[0-9]+$", "", name).replace("_", "").lower()
    return bare if kind and bare.startswith(kind.lower()) and bare != kind.lower() else kind


def _uncertain(one: Printed, why: str) -> Fault:
    return Fault(
        "strides-not-shown",
        f"what `{one.name}` is cannot be known from this print: {why}",
        one.span,
        help="read the program itself: `cnncalc summary net.py:model`",
    )


# ---------------------------------------------------------------------- layers
def _layer(one: Printed, arriving: Shape) -> Layer:
    kind = one.kind.lower()
    rank = int(kind[-2]) if kind[-2:] in ("1d", "2d", "3d") else 0
    bare = kind[:-2] if rank else kind
    word = WORDS.get(kind, WORDS.get(bare, ""))
    make = _MAKERS.get(word)
    if make is not None:
        return make(one, arriving)
    if word == "flatten":
        return Flatten(order="channels_first" if one.is_torch else "channels_last")
    if word in _PLAIN and not one.params:
        return layer_class(word)()
    raise _uncertain(one, f"`{one.kind}` says too little" if one.kind else "it names no layer")


def _conv(one: Printed, arriving: Shape) -> Layer:
    """The kernel of as many weights, and the one stride and padding that give the size."""
    if arriving.rank != one.shape.rank or not one.shape.rank:
        raise _uncertain(one, f"{arriving.text()} arrives")
    filters = one.shape.channels
    found = [
        (kernel, has_bias)
        for kernel in range(1, _LARGEST_KERNEL)
        for has_bias in (True, False)
        if filters * (kernel**arriving.rank * arriving.channels + has_bias) == one.params
    ]
    if len(found) != 1:
        raise _uncertain(one, f"no one square kernel has {one.params:,} parameters")
    (kernel, has_bias) = found[0]
    pairs = list(_steps(kernel, arriving, one))
    if len(pairs) != 1:
        raise _uncertain(one, f"{len(pairs)} strides and paddings make its size of a kernel of {kernel}")
    stride, padding = pairs[0]
    return Conv(
        filters=filters, kernel_size=(kernel,) * arriving.rank, stride=(stride,), padding=padding, bias=has_bias
    )


def _steps(kernel: int, arriving: Shape, one: Printed) -> Iterator[tuple[int, Padding]]:
    """The strides and paddings that make the size; of paddings that do the same the simplest.

    Keras pads by words, PyTorch by a number for both sides.
    """
    sides = (Padding("explicit", ((rows, rows),)) for rows in range(1, kernel // 2 + 1))
    paddings = (VALID, *sides) if one.is_torch else (VALID, SAME)
    for stride in range(1, _LARGEST_STRIDE):
        seen: set[tuple[tuple[int, int], ...]] = set()
        for padding in paddings:
            axes = (arriving.spatial, (kernel,) * arriving.rank, (stride,) * arriving.rank, (1,) * arriving.rank)
            pads = resolved_pads(padding, *axes)
            sizes = (output_size(n, kernel, stride, pair) for n, pair in zip(arriving.spatial, pads, strict=True))
            if tuple(sizes) == one.shape.spatial and pads not in seen:
                seen.add(pads)
                yield stride, padding


def _pool(pool: type[MaxPool | AvgPool]) -> Callable[[Printed, Shape], Layer]:
    def pooled(one: Printed, arriving: Shape) -> Layer:
        pairs = zip(arriving.spatial, one.shape.spatial, strict=False)
        strides = {n // m if n // (n // m) == m else -(-n // m) for n, m in pairs if m and n >= m}
        if len(strides) != 1:
            raise _uncertain(one, "its window and stride are not printed")
        stride = strides.pop()
        fits = all(n // stride == m for n, m in zip(arriving.spatial, one.shape.spatial, strict=True))
        return pool(kernel_size=(stride,) * arriving.rank, padding=VALID if fits else SAME)

    return pooled


def _dense(one: Printed, arriving: Shape) -> Layer:
    units = one.shape.channels
    if arriving.rank or one.params not in (units * arriving.channels, units * (arriving.channels + 1)):
        raise _uncertain(one, f"{arriving.text()} arrives, and it has {one.params:,} parameters")
    return Dense(units=units, bias=one.params != units * arriving.channels)


def _batch_norm(one: Printed, arriving: Shape) -> Layer:
    """Keras counts the running statistics too."""
    if one.params != (2 if one.is_torch else 4) * arriving.channels:
        raise _uncertain(one, f"a batch norm of {arriving.channels} channels has no {one.params:,} parameters")
    return BatchNorm(epsilon=1e-5 if one.is_torch else 0.001)


def _dropout(_: Printed, __: Shape) -> Layer:
    """Its share is not printed, and of no effect where a net is used."""
    return Identity()


_PLAIN = frozenset(
    ("gap", "gmp", "relu", "relu6", "elu", "selu", "gelu", "silu", "sigmoid", "tanh", "softmax", "identity")
)
_MAKERS: Mapping[str, Callable[[Printed, Shape], Layer]] = {
    "conv": _conv,
    "maxpool": _pool(MaxPool),
    "avgpool": _pool(AvgPool),
    "dense": _dense,
    "bn": _batch_norm,
    "dropout": _dropout,
}
