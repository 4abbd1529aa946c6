"""What a row of an engine program may say: the names of its numbers, and how kernels read them.

All are 64-bit integers: addresses in bytes, distances in floats (4 bytes).  `LOW` and `HIGH` hold the bits of a
float64.  Units of work are numbered image by image; what one unit is stands with each kernel.
"""

from __future__ import annotations

from typing import Any

from cnncalc.kernels.engine.llvm import intrinsic, ir, types

NAMES = (
    *("INPUT", "OUTPUT", "WEIGHTS", "BIAS", "PLACE_FACTORS", "RESIDUAL"),  # addresses of the first number used
    *("IN_IMAGE", "IN_BLOCK", "IN_ROW"),  # distances in the input
    *("OUT_IMAGE", "OUT_BLOCK", "OUT_ROW", "OUT_PIXEL"),
    *("RES_IMAGE", "RES_BLOCK", "RES_ROW", "RES_PIXEL"),
    *("DEPTH", "IN_SLICE", "OUT_SLICE"),  # slices that are taken together, and their distances
    *("HEIGHT", "WIDTH"),  # how many outputs
    *("IN_HEIGHT", "IN_WIDTH", "PADS_Y", "PADS_X"),  # how many inputs, and pads before them, where kernels ask
    *("KERNEL_Y", "KERNEL_X", "TAP_ROW", "TAP_PIXEL", "STRIDE_ROW"),
    *("BLOCKS", "INNER", "LAST"),  # input blocks that one output reads, how many numbers of each, and of the last
    *("FILTER_BLOCKS", "WEIGHT_BLOCK", "ODD", "GROUP_FILTERS", "GROUP_BLOCK"),
    *("SEGMENT", "PLACES_OUTSIDE", "RESIDUAL_MODE", "LOW", "HIGH"),
    *("CHANNELS", "CHANNELS_PADDED", "FIRST_CHANNEL", "SHIFT", "GROUPS", "IN_LANE", "IN_PIXEL", "OUT_LANE"),
    *("IMAGES", "WEIGHT_IMAGE", "SIZE", "TAIL"),
    *("SCRATCH", "SCRATCH_SIZE", "PRODUCTS", "ZEROS"),  # memory of a kernel's own, for each thread
    *("TILES_Y", "TILES_X", "TILES", "FREQUENCY_IN", "FREQUENCY_OUT", "WEIGHT_FREQUENCY"),  # Winograd
    *("RIM_TOP", "RIM_LEFT", "RIM_RIGHT", "TALL", "STRIDE"),  # stripes
    *("FIRST_PASS", "SECOND_PASS", "THIRD_PASS"),  # addresses of kernels
)
"""Every name; its place in this tuple is its place in a row."""

COUNT = len(NAMES)

RESIDUAL_NONE, RESIDUAL_FIRST, RESIDUAL_LAST, RESIDUAL_TIMES = range(4)
"""A second map is added: not at all, before the activation, after it; or multiplied by, where nothing is activated."""

I64 = ir.IntType(64)
F32 = ir.FloatType()
F64 = ir.DoubleType()

PLACES = {name: place for place, name in enumerate(NAMES)}


def field(builder: Any, row: Any, name: str) -> Any:
    """In generated code: the number of that name."""
    return _loaded(builder, row, I64(PLACES[name]), I64)


def real_field(builder: Any, row: Any, name: str) -> Any:
    """In generated code: the number of that name, a float64 rounded to float32."""
    return builder.fptrunc(_loaded(builder, row, I64(PLACES[name]), F64), F32)


def _loaded(builder: Any, row: Any, place: Any, kind: Any) -> Any:
    pointer = builder.inttoptr(row, kind.as_pointer())
    return builder.load(builder.gep(pointer, [place]))


@intrinsic
def int_field(context: Any, row: Any, name: Any) -> Any:
    """int_field(row, "WIDTH"): the number of that name, in compiled Python."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return field(builder, arguments[0], name.literal_value)

    return types.intp(types.intp, name), emit


@intrinsic
def float_field(context: Any, row: Any, name: Any) -> Any:
    """float_field(row, "LOW"): that number, a float64 rounded to float32, in compiled Python."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return real_field(builder, arguments[0], name.literal_value)

    return types.float32(types.intp, name), emit


@intrinsic
def set_field(context: Any, row: Any, name: Any, value: Any) -> Any:
    """set_field(row, "WIDTH", value): the number of that name becomes the value."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], I64.as_pointer())
        builder.store(arguments[2], builder.gep(pointer, [I64(PLACES[name.literal_value])]))
        return target.get_dummy_value()

    return types.void(types.intp, name, types.intp), emit


@intrinsic
def load_float(context: Any, address: Any) -> Any:
    """load_float(address): the float32 there."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(builder.inttoptr(arguments[0], F32.as_pointer()))

    return types.float32(types.intp), emit


@intrinsic
def store_float(context: Any, address: Any, value: Any) -> Any:
    """store_float(address, value): the float32 goes there."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[1], builder.inttoptr(arguments[0], F32.as_pointer()))
        return target.get_dummy_value()

    return types.void(types.intp, types.float32), emit


@intrinsic
def copy_pixel(context: Any, target: Any, source: Any) -> Any:
    """copy_pixel(target, source): the sixteen channels of a pixel in a blocked map."""
    kind = ir.VectorType(F32, 16)

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        into, place = (builder.inttoptr(address, kind.as_pointer()) for address in arguments)
        builder.store(builder.load(place, align=4), into, align=4)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), emit


@intrinsic
def clear_pixel(context: Any, target: Any) -> Any:
    """clear_pixel(target): its sixteen channels become zeros."""
    kind = ir.VectorType(F32, 16)

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(ir.Constant(kind, None), builder.inttoptr(arguments[0], kind.as_pointer()), align=4)
        return context.get_dummy_value()

    return types.void(types.intp), emit


@intrinsic
def call_kernel(context: Any, kernel: Any, row: Any, first: Any, last: Any, thread: Any) -> Any:
    """Call the kernel at an address."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [I64] * 4)
        builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])
        return target.get_dummy_value()

    return types.void(*[types.intp] * 5), emit
