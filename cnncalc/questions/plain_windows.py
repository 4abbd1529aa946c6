"""Pads, cuts and pools in one form, where several say the same.

Rows that no window reads do not matter, nor does rounding up where rows behind the map do the same; zeros around a map
that has no number below 0 are, for the largest number, as good as minus infinity; zeros around a mean count in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from cnncalc.geometry import Padding, Shape, extent, lifted
from cnncalc.layers.joining import Join
from cnncalc.layers.registry import layer_class

if TYPE_CHECKING:
    from cnncalc.questions.plain_operations import Operation

POOLS = frozenset(("maxpool", "avgpool", "sumpool", "l2pool", "subsample"))
_NO_ROWS = (0, 0, 0)


def with_pads_around(operation: Operation, before: list[Operation]) -> Operation:
    """The convolution with a `pad` that it reads as its own; without pads it does not matter what they would hold."""
    numbers = operation.numbers
    has_pads = any(numbers["before"]) or any(numbers["after"])
    operation = operation._replace(numbers=numbers if has_pads else {**numbers, "fill": "zeros"})
    pad = before[operation.reads[0]] if operation.reads else operation
    fill = pad.numbers.get("fill")
    if pad.kernel != "pad" or set(pad.numbers) != {"before", "after", "fill"}:
        return operation
    if (fill != "zeros" and has_pads) or (numbers["fill"] != "zeros" and has_pads):
        return operation
    return _with_rows(operation, pad, fill=fill)


def with_pad_within(operation: Operation, before: Sequence[Operation]) -> Operation:
    """Rows of one number around rows of the same number are one pad."""
    inner = before[operation.reads[0]]
    numbers, others = ({**one.numbers, "before": _NO_ROWS, "after": _NO_ROWS} for one in (operation, inner))
    if inner.kernel != operation.kernel or numbers != others or numbers.get("fill", "zeros") != "zeros":
        return operation
    return _with_rows(operation, inner)


def plain_pool(operation: Operation, before: list[Operation], is_never_negative: Callable[[int], bool]) -> Operation:
    """The pool with the rows around it as its own, as many as it reads, and without rounding up."""
    pad = before[operation.reads[0]]
    own = [*operation.numbers["before"], *operation.numbers["after"]]
    if pad.kernel == "pad_value" and pad.numbers["value"] == -inf and operation.kernel == "maxpool":
        operation = _with_rows(operation, pad)
    elif pad.kernel == "pad" and pad.numbers["fill"] == "zeros":
        if operation.kernel == "avgpool" and not any(own) and not operation.numbers["ceil"]:
            operation = _with_rows(operation, pad, countpad=True)
        elif operation.kernel not in ("maxpool", "avgpool") or (
            operation.kernel == "maxpool" and is_never_negative(before[pad.reads[0]].node.index)
        ):
            operation = _with_rows(operation, pad)
    return _as_far_as_read(operation, before[operation.reads[0]].output)


def _with_rows(operation: Operation, pad: Operation, **others: Any) -> Operation:
    """The operation with the rows of the pad that it reads."""
    sides = {
        side: tuple(a + b for a, b in zip(operation.numbers[side], pad.numbers[side], strict=True))
        for side in ("before", "after")
    }
    return operation._replace(numbers={**operation.numbers, **sides, **others}, reads=pad.reads)


def _as_far_as_read(operation: Operation, arriving: Shape) -> Operation:
    """The pool with the rows behind the map that its windows reach."""
    numbers = operation.numbers
    size, made = lifted(arriving.spatial, 1), lifted(operation.output.spatial, 1)
    axes = zip(size, made, *(numbers[name] for name in ("kernel", "stride", "dilation", "before")), strict=True)
    reached = tuple(max((m - 1) * s + extent(k, d) - n - b, 0) for n, m, k, s, d, b in axes)
    counts = numbers.get("countpad", False)
    if counts and any(far > own for far, own in zip(reached, numbers["after"], strict=True)):
        return operation
    plain = {**numbers, "after": reached, "ceil": False}
    if counts and not any(reached) and not any(numbers["before"]):
        plain["countpad"] = False
    return operation._replace(numbers=plain)


def fitted_reads(join: Join, shapes: tuple[Shape, ...]) -> list[tuple[str, dict[str, Any], Shape] | None]:
    """For each branch of a join with `crop` or `pad` the operation that brings it to the common size; None for none."""
    wanted = join.output_shape(shapes).spatial
    found: list[tuple[str, dict[str, Any], Shape] | None] = []
    for shape in shapes:
        is_spread = join.word != "concat" and all(size == 1 for size in shape.spatial)
        if shape.spatial == wanted or is_spread or not (join.crop or join.pad):
            found.append(None)
            continue
        rows = [abs(n - m) for n, m in zip(shape.spatial, wanted, strict=True)]
        sides = Padding("explicit", tuple((one // 2, one - one // 2) for one in rows))
        layer = layer_class("crop" if join.crop else "pad")(padding=sides)  # type: ignore[call-arg]  # a Border
        call = layer.kernel_call((shape,))
        found.append((call.kernel, dict(call.numbers), layer.output_shape((shape,))))
    return found
