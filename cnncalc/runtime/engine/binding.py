"""Turns each step of an engine plan into calls: addresses for places, distances for layouts, kernels by their shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from cnncalc.kernels.engine.border import border
from cnncalc.kernels.engine.channel_shuffle import channel_shuffle
from cnncalc.kernels.engine.convolution import convolution
from cnncalc.kernels.engine.copy_channels import copy_channels
from cnncalc.kernels.engine.dense import dense
from cnncalc.kernels.engine.depthwise import depthwise
from cnncalc.kernels.engine.layer_norm import layer_norm
from cnncalc.kernels.engine.layout_copy import layout_copy
from cnncalc.kernels.engine.lrn import lrn
from cnncalc.kernels.engine.machine_code import kernel_address
from cnncalc.kernels.engine.pointwise import pointwise
from cnncalc.kernels.engine.pool import pool
from cnncalc.kernels.engine.region_pool import region_pool
from cnncalc.kernels.engine.resize import bilinear, nearest
from cnncalc.kernels.engine.softmax import softmax
from cnncalc.kernels.engine.stripes import stripes
from cnncalc.kernels.engine.window_tile import DEPTHWISE
from cnncalc.kernels.engine.winograd import (
    frequency_products,
    input_transform,
    output_transform,
    sweep,
)
from cnncalc.runtime.engine.nouns import BLOCK, EngineStep, Placed
from cnncalc.runtime.engine.packing import Packed
from cnncalc.runtime.engine.program import Call, at
from cnncalc.runtime.engine.sizes import FREQUENCIES, deep, filter_blocks, frequency_floats, sweep_floats
from cnncalc.runtime.engine.striping import stripe_of

Array = np.ndarray[Any, Any]
Row = dict[str, float]

SEGMENT_BYTES = 128 * 1024
"""Bytes of inputs that one unit of a convolution reads at most: they stay in a core's second cache while block after
block of filters passes over them."""

PIECES_A_THREAD = 8
"""A step has so many units for each thread at least, where its tiles allow that."""

SCRATCH = -1
"""In place of a slot: memory of the threads' own."""


@dataclass
class Bound:
    """A step with the places of its maps, its packed weights, and the row that says where all that lies."""

    step: EngineStep
    reads: Sequence[Placed]
    target: Placed
    packed: Packed
    row: Row


class Binder:
    """Binds steps to the memory of the slots and of packed weights."""

    def __init__(self, slots: Sequence[Array], scratch: Array, threads: int) -> None:
        self.slots, self.scratch, self.threads = slots, scratch, threads

    def address(self, place: Placed) -> int:
        """Of the first number of a place that is not halo."""
        memory = self.scratch if place.slot == SCRATCH else self.slots[place.slot]
        return at(memory) + 4 * (place.block * place.storage.block + place.storage.first)

    def calls(self, step: EngineStep, reads: Sequence[Placed], target: Placed, packed: Packed) -> tuple[Call, ...]:
        """The step's calls, one after the other."""
        bind: Callable[[Bound], tuple[Call, ...]] = getattr(self, f"_{step.kernel}")
        return bind(Bound(step, reads, target, packed, self._common(step, reads, target, packed)))

    def _common(self, step: EngineStep, reads: Sequence[Placed], target: Placed, packed: Packed) -> Row:
        """What most rows say: where the maps lie, and how they are laid out.

        The first output begins to read in the halo (`top`, `left`), or further inside where these are negative.
        """
        source, made, shape = reads[0].storage, target.storage, step.writes.map.shape
        outside = step.numbers.get("top", 0) * source.row + step.numbers.get("left", 0) * source.pixel
        row: Row = {
            "INPUT": self.address(reads[0]) - 4 * outside,
            "IN_IMAGE": source.image,
            "IN_BLOCK": source.block,
            "IN_ROW": source.row,
            "IN_PIXEL": source.pixel,
            "IN_LANE": source.lane,
            "OUTPUT": self.address(target),
            "OUT_IMAGE": made.image,
            "OUT_BLOCK": made.block,
            "OUT_ROW": made.row,
            "OUT_PIXEL": made.pixel,
            "OUT_LANE": made.lane,
            "WEIGHTS": at(packed.weights),
            "BIAS": at(packed.bias),
            "IMAGES": shape[0],
            "HEIGHT": shape[3],
            "WIDTH": shape[4],
            "BLOCKS": step.writes.map.blocks,
            "LOW": step.low,
            "HIGH": step.high,
            "RESIDUAL_MODE": step.residual,
        }
        if step.residual:
            other = reads[1].storage
            row |= {
                "RESIDUAL": self.address(reads[1]),
                "RES_IMAGE": other.image,
                "RES_BLOCK": other.block,
                "RES_ROW": other.row,
            }
        return row

    def _sliding(self, step: EngineStep, source: Placed, row: Row) -> Row:
        """A window's numbers."""
        n, storage = step.numbers, source.storage
        return row | {
            "KERNEL_Y": n["ky"],
            "KERNEL_X": n["kx"],
            "STRIDE_ROW": n["sy"] * storage.row,
            "TAP_ROW": n["dy"] * storage.row,
            "TAP_PIXEL": n["dx"] * storage.pixel,
        }

    def _convolution(self, to: Bound) -> tuple[Call, ...]:
        rows = to.step.shape[1]
        row = self._sliding(to.step, to.reads[0], to.row)
        count, width = filter_blocks(to.step)
        seen, blocks = to.step.numbers["seen"], -(-to.step.numbers["seen"] // BLOCK)
        taps = to.step.numbers["ky"] * to.step.numbers["kx"]
        row |= {"BLOCKS": blocks, "INNER": BLOCK, "FILTER_BLOCKS": count, "GROUP_FILTERS": count}
        row["LAST"] = deep(to.step) - BLOCK * (blocks - 1)
        row |= {
            "WEIGHT_BLOCK": width * deep(to.step) * taps,
            "ODD": int(width == 32 and to.target.storage.kind == "blocked" and to.step.writes.map.blocks % 2),
        }
        if to.step.weights == "planes":
            row |= {"BLOCKS": seen, "IN_BLOCK": to.reads[0].storage.lane}
            along = to.step.numbers["kx"] if to.step.numbers["dx"] == 1 else 1
            row |= {"INNER": along, "LAST": along, "KERNEL_X": to.step.numbers["kx"] // along}
        elif to.step.weights == "grouped":
            row |= {
                "GROUP_FILTERS": to.step.writes.map.channels // to.step.numbers["groups"] // width,
                "GROUP_BLOCK": blocks * row["IN_BLOCK"],
            }
        elif to.step.weights == "diagonal":
            row |= {"GROUP_FILTERS": 1, "GROUP_BLOCK": row["IN_BLOCK"]}
        elif to.step.weights == "transposed":
            row |= self._scattered(to)
        if to.step.numbers.get("merged"):
            row |= {"WIDTH": row["HEIGHT"] * row["WIDTH"], "HEIGHT": 1}
        row["SEGMENT"] = self._segment(to.step.shape[0], row)
        row["PLACES_OUTSIDE"] = int(count * row["WEIGHT_BLOCK"] <= _numbers(to.step))
        places = -(-row["HEIGHT"] // rows) * -(-row["WIDTH"] // row["SEGMENT"])
        units = int(row["IMAGES"] * count * places)
        return (Call(kernel_address(convolution, *to.step.shape), (row,), units),)

    def _segment(self, columns: int, row: Row) -> int:
        """How many pixels of a row one unit of work takes: whole tiles, few enough that their inputs stay near."""
        tiles = -(-int(row["WIDTH"]) // columns)
        near = SEGMENT_BYTES // (4 * columns * int(row["BLOCKS"] * row["INNER"]))
        pieces = int(row["IMAGES"] * row["HEIGHT"] * row["FILTER_BLOCKS"])
        fair = tiles * pieces // (PIECES_A_THREAD * self.threads)
        return columns * max(1, min(tiles, near, fair))

    def _scattered(self, to: Bound) -> Row:
        """Some places of a transposed convolution: outputs in every stride-th row and column."""
        numbers, made = to.step.numbers, to.target.storage
        (y, x), (sy, sx), (height, width) = numbers["first"], numbers["apart"], numbers["places"]
        return {
            "OUTPUT": to.row["OUTPUT"] + 4 * (y * made.row + x * made.pixel),
            "OUT_ROW": sy * made.row,
            "OUT_PIXEL": sx * made.pixel,
            "HEIGHT": height,
            "WIDTH": width,
        }

    def _pooled(self, to: Bound) -> tuple[Call, ...]:
        """The convolution's calls, which write what the pool would."""
        convolution, packed = to.step.parts[0], to.packed.parts[0]
        row = self._common(convolution, to.reads, to.target, packed)
        return self._winograd(Bound(convolution, to.reads, to.target, packed, row), pooled=1)

    def _winograd(self, to: Bound, pooled: int = 0) -> tuple[Call, ...]:
        columns, vectors, lanes, swept, code, mode = to.step.shape
        row = self._sliding(to.step, to.reads[0], to.row)
        count, width = filter_blocks(to.step)
        kept, before, after = sweep_floats(to.step)
        channels = to.step.reads[0].map.blocks * BLOCK
        down, across = -(-int(row["HEIGHT"]) // 4), -(-int(row["WIDTH"]) // 4)
        together, each = frequency_floats(to.step, self.threads)
        row |= {
            "BLOCKS": to.step.reads[0].map.blocks,
            "CHANNELS": to.step.writes.map.blocks,
            "FILTER_BLOCKS": count,
            "WEIGHT_BLOCK": width * channels,
            "WEIGHT_FREQUENCY": count * width * channels,
            "TILES_Y": down,
            "TILES_X": across,
            "TILES": kept,
            "FREQUENCY_IN": before,
            "FREQUENCY_OUT": after,
            "SCRATCH": at(self.scratch) + (4 * before if swept else 0),
            "PRODUCTS": at(self.scratch) + (0 if swept else 4 * FREQUENCIES * before),
            "SCRATCH_SIZE": each,
            "ZEROS": at(self.scratch) + 4 * together,
            "FIRST_PASS": kernel_address(input_transform, lanes),
            "SECOND_PASS": kernel_address(frequency_products, columns, vectors, lanes),
            "THIRD_PASS": kernel_address(output_transform, lanes, code, mode, pooled),
        }
        product: Row = {
            "BLOCKS": to.step.reads[0].map.blocks,
            "INNER": BLOCK,
            "LAST": BLOCK,
            "KERNEL_Y": 1,
            "KERNEL_X": 1,
            "IN_BLOCK": kept * BLOCK,
            "OUT_BLOCK": kept * BLOCK,
            "OUT_PIXEL": BLOCK,
            "LOW": -np.inf,
            "HIGH": np.inf,
            "BIAS": at(to.packed.held[-1]),
        }
        tiles = int(row["IMAGES"]) * down * across
        if swept:
            return (Call(kernel_address(sweep), (row, product), -(-tiles // kept)),)
        return (
            Call(int(row["FIRST_PASS"]), (row, product), tiles),
            Call(int(row["SECOND_PASS"]), (row, product), FREQUENCIES * count),
            Call(int(row["THIRD_PASS"]), (row, product), tiles),
        )

    def _windows(self, to: Bound) -> tuple[Call, ...]:
        row = self._sliding(to.step, to.reads[0], to.row)
        row["WEIGHT_BLOCK"] = BLOCK * to.step.numbers["ky"] * to.step.numbers["kx"]
        row["PLACE_FACTORS"] = at(to.packed.place_factors)
        *tile, mode, activation = to.step.shape
        kernel = (
            kernel_address(depthwise, *tile, activation) if mode == DEPTHWISE else kernel_address(pool, *tile, mode)
        )
        return (Call(kernel, (row,), self._striped(row)),)

    def _striped(self, row: Row) -> int:
        """Says how many rows of a channel block one unit of work takes; the units of all images."""
        fair = -(-PIECES_A_THREAD * self.threads // int(row["IMAGES"] * row["BLOCKS"]))
        row["SEGMENT"] = -(-row["HEIGHT"] // min(row["HEIGHT"], max(self.threads, fair)))
        return int(row["IMAGES"] * row["BLOCKS"] * -(-row["HEIGHT"] // row["SEGMENT"]))

    def _regions(self, to: Bound) -> tuple[Call, ...]:
        row, source = to.row, to.reads[0].storage
        row |= {"IN_HEIGHT": source.height, "IN_WIDTH": source.width}
        return (Call(kernel_address(region_pool, *to.step.shape), (row,), self._striped(row)),)

    def _stripes(self, to: Bound) -> tuple[Call, ...]:
        """The rows of both halves as for the whole map, then copies for each thread to change."""
        (rows,), (first, second) = to.step.shape, to.step.parts
        storage = stripe_of(first, second, rows)
        between = Placed(SCRATCH, storage)
        (convolution,) = self.calls(first, to.reads, between, to.packed.parts[0])
        (windows,) = self.calls(second, (between,), to.target, to.packed.parts[1])
        wide = first.writes.map.shape[4] + first.shape[0]
        before = {**convolution.rows[0], "FILTER_BLOCKS": 1, "GROUP_FILTERS": 1, "SEGMENT": wide, "IMAGES": 1}
        after = windows.rows[0]
        numbers, count = second.numbers, filter_blocks(first)[0]
        row: Row = {
            "HEIGHT": second.writes.map.shape[3],
            "SEGMENT": rows,
            "FILTER_BLOCKS": count,
            "BLOCKS": storage.blocks,
            "KERNEL_Y": numbers["dy"] * (numbers["ky"] - 1) + 1,
            "STRIDE": numbers["sy"],
            "TALL": first.writes.map.shape[3],
            "RIM_TOP": numbers["top"],
            "RIM_LEFT": storage.halo[1],
            "RIM_RIGHT": storage.halo[3],
            "SCRATCH": at(self.scratch),
            "SCRATCH_SIZE": storage.size,
            "FIRST_PASS": convolution.kernel,
            "SECOND_PASS": windows.kernel,
        }
        units = to.step.writes.map.shape[0] * count * -(-second.writes.map.shape[3] // rows)
        return (Call(kernel_address(stripes), (row, *(before, after) * (1 + self.threads)), units),)

    def _pointwise(self, to: Bound) -> tuple[Call, ...]:
        row = to.row
        if to.step.weights == "of map":
            row |= {"WEIGHTS": self.address(to.reads[1]), "WEIGHT_IMAGE": to.reads[1].storage.image}
        if to.step.channel:
            row["OUTPUT"] += 4 * to.step.channel // BLOCK * to.target.storage.block
        if to.step.numbers.get("order") == "part":
            row["BLOCKS"] = to.step.reads[0].map.blocks
        return (Call(kernel_address(pointwise, *to.step.shape), (row,), self._striped(row)),)

    def _products(self, to: Bound) -> tuple[Call, ...]:
        row = to.row
        channels = to.step.writes.map.channels
        tail = to.step.writes.map.blocks * BLOCK - channels
        row |= {"CHANNELS": channels, "SIZE": to.packed.weights.shape[1], "TAIL": tail}
        return (Call(kernel_address(dense, *to.step.shape), (row,), -(-channels // to.step.shape[0])),)

    def _softmax(self, to: Bound) -> tuple[Call, ...]:
        row = to.row
        row["CHANNELS"] = to.step.writes.map.channels
        return (Call(kernel_address(softmax), (row,), int(row["IMAGES"] * row["HEIGHT"])),)

    def _bordered(self, to: Bound) -> tuple[Call, ...]:
        row, source = to.row, to.reads[0].storage
        (above, before), wide = to.step.numbers["pads"], source.width
        row |= {"IN_HEIGHT": source.height, "IN_WIDTH": wide, "PADS_Y": above, "PADS_X": before}
        return (
            Call(kernel_address(border, *to.step.shape), (row,), int(row["IMAGES"] * row["BLOCKS"] * row["HEIGHT"])),
        )

    def _responses(self, to: Bound) -> tuple[Call, ...]:
        row, numbers = to.row, to.step.numbers
        row |= {"CHANNELS": to.step.writes.map.channels, "LOW": numbers["factor"], "HIGH": numbers["bias"]}
        return (Call(kernel_address(lrn, *to.step.shape), (row,), self._striped(row)),)

    def _standardised(self, to: Bound) -> tuple[Call, ...]:
        row, (_, by_place) = to.row, to.step.shape
        row |= {
            "CHANNELS": to.step.writes.map.channels,
            "GROUPS": to.step.numbers["groups"],
            "LOW": to.step.numbers["epsilon"],
        }
        sets = row["HEIGHT"] if by_place else row["GROUPS"]
        return (Call(kernel_address(layer_norm, *to.step.shape), (row,), int(row["IMAGES"] * sets)),)

    def _dealt(self, to: Bound) -> tuple[Call, ...]:
        row, numbers = to.row, to.step.numbers
        row |= {"CHANNELS": to.step.writes.map.channels, "KERNEL_Y": numbers["ky"], "KERNEL_X": numbers["kx"]}
        return (
            Call(
                kernel_address(channel_shuffle, *to.step.shape),
                (row,),
                int(row["IMAGES"] * row["BLOCKS"] * row["HEIGHT"]),
            ),
        )

    def _enlarged(self, to: Bound) -> tuple[Call, ...]:
        row = to.row
        row |= {"KERNEL_Y": to.step.numbers["ky"], "KERNEL_X": to.step.numbers["kx"]}
        return (Call(kernel_address(nearest), (row,), int(row["IMAGES"] * row["BLOCKS"] * row["HEIGHT"])),)

    def _drawn(self, to: Bound) -> tuple[Call, ...]:
        row = to.row | {"KERNEL_Y": to.step.numbers["ky"], "KERNEL_X": to.step.numbers["kx"]}
        return (
            Call(kernel_address(bilinear, *to.step.shape), (row,), int(row["IMAGES"] * row["BLOCKS"] * row["HEIGHT"])),
        )

    def _moved(self, to: Bound) -> tuple[Call, ...]:
        """A change of layout, or a map as one long vector."""
        row = to.row
        order, source, made = to.step.numbers["order"], to.step.reads[0].map, to.step.writes.map
        count = source.channels
        blocked, flat = to.target.storage.kind == "blocked", order != "copy"
        padded = made.blocks * BLOCK if blocked and not flat else count
        height, width = source.shape[2] * source.shape[3], source.shape[4]
        row |= {"CHANNELS": count, "CHANNELS_PADDED": padded, "HEIGHT": height, "WIDTH": width}
        row |= {"SIZE": made.channels, "TAIL": made.blocks * BLOCK - made.channels if blocked and flat else 0}
        if order == "channels_first":
            plane = height * width
            row |= {"OUT_LANE": plane, "OUT_BLOCK": BLOCK * plane, "OUT_ROW": width, "OUT_PIXEL": 1}
        elif order == "channels_last":
            row |= {"OUT_LANE": 1, "OUT_BLOCK": BLOCK, "OUT_ROW": width * count, "OUT_PIXEL": count}
        return (Call(kernel_address(layout_copy), (row,), int(row["IMAGES"] * -(-padded // BLOCK) * height)),)

    def _spliced(self, to: Bound) -> tuple[Call, ...]:
        """A part of a join, a slice, or channels between empty ones.

        Whoever writes the last channel writes zeros after it, to the end of its block.
        """
        row, shift, first = to.row, to.step.numbers["shift"], to.step.channel
        source, made = to.step.reads[0].map, to.step.writes.map
        count = min(source.channels, made.channels + shift)
        last = first + count
        if to.step.numbers.get("order") != "part" or last == made.channels:
            last = made.blocks * BLOCK
        row |= {"CHANNELS": count, "CHANNELS_PADDED": last, "FIRST_CHANNEL": first, "SHIFT": shift}
        row["BLOCKS"] = -(-last // BLOCK) - first // BLOCK
        return (Call(kernel_address(copy_channels, *to.step.shape), (row,), self._striped(row)),)


def _numbers(step: EngineStep) -> int:
    """How many numbers a convolution reads and writes, weights apart.

    Where weights are fewer, a thread works on a part of the map in all filters, and finds it in its cache again in the
    next step; where they are more, on some filters, so that each weight goes to one core only.
    """
    return prod(step.reads[0].map.shape) + prod(step.writes.map.shape)
