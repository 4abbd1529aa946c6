"""Local response normalisation: each number divided by a power of what its neighbouring channels hold.

Source: Krizhevsky et al. 2012.  Powers are products of square roots, so that only quarters can be had.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import I64, field, int_field, real_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import BLOCK, Simd, outlined


class LrnRow:
    """Emits a row of a channel block: x / (HIGH + LOW * squares) ** (quarters / 4).

    The squares are those of channels c - before .. c + after, as far as they exist.
    """

    def __init__(self, lanes: int, before: int, after: int, quarters: int) -> None:
        self.lanes, self.before, self.after, self.quarters = lanes, before, after, quarters
        self.name = f"response_row_{lanes}_{before}_{after}_{quarters}"

    def emit(self, builder: Any, row: Any, source: Any, target: Any, first: Any) -> None:
        e = Simd(builder, self.lanes)
        factor, offset = (e.splat(real_field(builder, row, name)) for name in ("LOW", "HIGH"))
        inside = builder.sub(field(builder, row, "CHANNELS"), first)
        for lane in range(0, BLOCK, self.lanes):
            place, into = e.at(e.pointer(source), lane), e.at(e.pointer(target), lane)
            exists = e.lanes_between(I64(0), inside, lane)
            reads = [
                read for shift in range(-self.before, self.after + 1) for read in self._neighbours(e, row, first, shift)
            ]
            found = [(distance, e.lanes_between(*bounds, lane)) for distance, bounds in reads]
            with cgutils.for_range(builder, field(builder, row, "WIDTH")) as x:
                pixel = e.at(place, e.times(x.index, BLOCK))
                squares = e.constant(0.0)
                for distance, lanes in found:
                    value = e.load_some(e.at(pixel, distance), lanes, e.constant(0.0))
                    squares = e.fma(value, value, squares)
                divisor = self._power(e, e.fma(squares, factor, offset))
                value = builder.fdiv(e.load(pixel), divisor)
                value = builder.select(exists, value, e.constant(0.0))
                e.store(value, e.at(into, e.times(x.index, BLOCK)))

    def _neighbours(self, e: Simd, row: Any, first: Any, shift: int) -> list[tuple[Any, tuple[Any, Any]]]:
        """Where the channels `shift` further lie: in this block, and in the one beside it; which lanes find them there.

        A distance from the lane itself, and lanes of the block from .. to; `first` is the block's first channel.
        """
        b = e.builder
        inside = b.sub(b.sub(field(b, row, "CHANNELS"), first), I64(shift))
        end = b.select(b.icmp_signed("<", inside, I64(BLOCK - shift)), inside, I64(BLOCK - shift))
        here = (I64(shift), (I64(max(0, -shift)), end))
        block = field(b, row, "IN_BLOCK")
        if shift < 0:
            begin = b.sub(I64(-shift), first)
            return [(b.sub(I64(BLOCK + shift), block), (begin, I64(-shift))), here]
        return [here, (b.add(block, I64(shift - BLOCK)), (I64(BLOCK - shift), inside))] if shift else [here]

    def _power(self, e: Simd, value: Any) -> Any:
        if self.quarters == 4:
            return value
        root = e.root(value)
        if self.quarters == 2:
            return root
        return e.root(root) if self.quarters == 1 else e.multiply(root, e.root(root))


@intrinsic
def lrn_row(
    context: Any,
    lanes: Any,
    before: Any,
    after: Any,
    quarters: Any,
    row: Any,
    source: Any,
    target: Any,
    first: Any,
) -> Any:
    """Compute one row; the first four numbers are known when it is compiled, `first` is the block's first channel."""
    shape = (lanes, before, after, quarters)
    emitted = LrnRow(*(literal.literal_value for literal in shape))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(emitted.name, emitted.emit, builder, arguments[len(shape) :])
        return target_context.get_dummy_value()

    return types.void(*shape, *[types.intp] * 4), emit


def lrn(lanes: int, before: int, after: int, quarters: int) -> Callable[[int, int, int, int], None]:
    """The kernel; one unit is SEGMENT rows of a channel block.  Neighbours are at most a block away."""

    def lrn(row: int, first: int, last: int, thread: int) -> None:
        height, blocks, segment = int_field(row, "HEIGHT"), int_field(row, "BLOCKS"), int_field(row, "SEGMENT")
        segments = (height + segment - 1) // segment
        for unit in range(first, last):
            image = unit // (blocks * segments)
            part = unit // blocks - image * segments
            block = unit % blocks
            source = int_field(row, "INPUT") + 4 * (
                image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            )
            target = int_field(row, "OUTPUT") + 4 * (
                image * int_field(row, "OUT_IMAGE") + block * int_field(row, "OUT_BLOCK")
            )
            for y in range(part * segment, min((part + 1) * segment, height)):
                line = source + 4 * y * int_field(row, "IN_ROW")
                into = target + 4 * y * int_field(row, "OUT_ROW")
                lrn_row(lanes, before, after, quarters, row, line, into, 16 * block)

    return lrn
