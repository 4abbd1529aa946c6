"""Resize, and Upsample of old opsets: maps made larger or smaller.

ONNX says in many words where the pixels of the result lie on the input; each is a start and a step here, exact
fractions, and the shortest of our ways of writing them is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor, isfinite, lcm, prod
from struct import pack, unpack
from typing import NamedTuple, TypeVar

from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.geometry import LARGEST_SIZE
from cnncalc.layers.base import Layer
from cnncalc.layers.sampling import FINEST
from cnncalc.layers.upsampling import Upsample, UpsampleTo

T = TypeVar("T")

HALF = Fraction(1, 2)


class Axis(NamedTuple):
    """One axis: its size, the size it gets, outputs for each input pixel, and the part of it that is meant."""

    size: int
    outputs: int
    scale: Fraction
    first: float = 0.0
    last: float = 1.0


class Places(NamedTuple):
    """Output o lies at start + o * step."""

    start: Fraction
    step: Fraction

    def pixel(self, output: int, axis: Axis) -> int:
        """The pixel at or below an output."""
        return min(max(floor(self.start + output * self.step), 0), axis.size - 1)

    def moves(self, axis: Axis) -> bool:
        """Whether something else comes out along the axis than what arrives."""
        ends = (0, axis.outputs - 1)
        return axis.size != axis.outputs or any(self.start + one * self.step != one for one in ends)


def _half_pixel(axis: Axis) -> Places:
    return Places(HALF / axis.scale - HALF, 1 / axis.scale)


def _torch_half_pixel(axis: Axis) -> Places:
    return _half_pixel(axis) if axis.outputs > 1 else Places(Fraction(0), Fraction(1))


def _symmetric(axis: Axis) -> Places:
    """As half_pixel, and what a rounded size has lost is shared by both ends."""
    start, step = _half_pixel(axis)
    shift = Fraction(axis.size, 2) * (1 - Fraction(axis.outputs) / (axis.scale * axis.size))
    return Places(start + shift, step)


def _asymmetric(axis: Axis) -> Places:
    return Places(Fraction(0), 1 / axis.scale)


def _corners(axis: Axis) -> Places:
    return Places(Fraction(0), Fraction(axis.size - 1, axis.outputs - 1) if axis.outputs > 1 else Fraction(1))


def _crop(axis: Axis) -> Places:
    first, last = (Fraction(one).limit_denominator(FINEST) * (axis.size - 1) for one in (axis.first, axis.last))
    if axis.outputs == 1:
        return Places((first + last) / 2, Fraction(1))
    return Places(first, (last - first) / (axis.outputs - 1))


COORDINATES: Mapping[str, Callable[[Axis], Places]] = {
    "half_pixel": _half_pixel,
    "pytorch_half_pixel": _torch_half_pixel,
    "half_pixel_symmetric": _symmetric,
    "asymmetric": _asymmetric,
    "align_corners": _corners,
    "tf_crop_and_resize": _crop,
}
"""`coordinate_transformation_mode` -> where the outputs of an axis lie."""


MOST_COMPARED = 20_000
"""Outputs of an axis that are looked at one by one, at most."""

ROUNDINGS = ("floor", "ceil", "round_prefer_ceil", "round_prefer_floor")


def rounded(rounding: str, places: Places) -> Places:
    """The places moved so that the pixel below each is the one that the rounding means."""
    unit = lcm(places.start.denominator, places.step.denominator, 2)
    to_next = Fraction(unit - 1, unit)
    shifts = {"floor": Fraction(0), "ceil": to_next, "round_prefer_ceil": HALF, "round_prefer_floor": to_next - HALF}
    return places._replace(start=places.start + shifts[rounding])


# ---------------------------------------------------------------------- Resize
def _resize(call: NodeCall) -> Tensor:
    if call.opset < 11:
        return _old(call, 1)
    tensor = call.map()
    axes = _axes(call, tensor)
    if call.whole("antialias", 0) and any(one.outputs < one.size for one in axes):
        call.refuse(
            "Resize with antialias=1 mixes more pixels where a map becomes smaller, and no layer here does that"
        )
    coordinates, rounding = call.text("coordinate_transformation_mode", "half_pixel"), call.text("nearest_mode")
    if coordinates not in COORDINATES or rounding not in ("", *ROUNDINGS):
        raise call.fault(f"Resize knows no `{coordinates}` or no `{rounding}`")
    return _resized(call, tensor, axes, coordinates, rounding or "round_prefer_floor")


def _old(call: NodeCall, at: int) -> Tensor:
    """Upsample, and Resize of opset 10: the first pixels begin together, and the pixel below is taken."""
    tensor = call.map()
    scales = call.numbers("scales", at)
    if scales is None or len(scales) != len(tensor.dims):
        raise call.fault(f"{call.node.op} needs a scale for each axis of {tensor.text}")
    axes = _scaled(call, tensor.dims, scales)
    if call.text("mode", "nearest") == "nearest" and any(one.outputs < one.size for one in axes):
        call.refuse("Resize of opset 10 makes a map smaller in a way that opset 11 has given up", "export it again")
    return _resized(call, tensor, axes, "asymmetric", "floor")


def _upsample(call: NodeCall) -> Tensor:
    return _old(call, 1)


def _axes(call: NodeCall, tensor: Tensor) -> list[Axis]:
    """Every axis of the tensor with its new size; those that are not named stay."""
    rank = len(tensor.dims)
    named = call.axes(rank)
    chosen = tuple(range(rank)) if named is None else named
    sizes, scales = call.wholes("sizes", 3), call.numbers("scales", 2)
    given = sizes or scales
    if given is None or len(given) != len(chosen):
        raise call.fault(f"Resize needs a size or a scale for each of {len(chosen)} axes")
    dims = [tensor.dims[axis] for axis in chosen]
    if tensor.batch in chosen and sizes is not None and sizes[chosen.index(tensor.batch)] == call.images:
        sizes = tuple(1 if axis == tensor.batch else size for axis, size in zip(chosen, sizes, strict=True))
    made = _sized(call, dims, sizes) if sizes is not None else _scaled(call, dims, scales or ())
    found = [Axis(size, size, Fraction(1)) for size in tensor.dims]
    for axis, one, part in zip(chosen, made, _parts(call, len(chosen)), strict=True):
        found[axis] = one._replace(first=part[0], last=part[1])
    return found


def _sized(call: NodeCall, dims: Sequence[int], sizes: Sequence[int]) -> list[Axis]:
    if any(not 0 < size <= LARGEST_SIZE for size in sizes):
        raise call.fault(f"Resize to {'x'.join(map(str, sizes))} leaves nothing")
    shares = [Fraction(new, old) for old, new in zip(dims, sizes, strict=True)]
    policy = call.text("keep_aspect_ratio_policy", "stretch")
    if policy == "stretch":
        return [Axis(*one) for one in zip(dims, sizes, shares, strict=True)]
    if policy not in ("not_larger", "not_smaller"):
        raise call.fault(f"Resize knows no `{policy}`")
    share = min(shares) if policy == "not_larger" else max(shares)
    return [Axis(size, max(1, floor(size * share + HALF)), share) for size in dims]


def _scaled(call: NodeCall, dims: Sequence[int], scales: Sequence[float]) -> list[Axis]:
    if any(not isfinite(scale) or not 1e-6 < scale < 1e6 for scale in scales):
        raise call.fault(f"{call.node.op} by {', '.join(f'{one:g}' for one in scales)} leaves nothing")
    made = [_axis_scaled(size, Fraction(scale)) for size, scale in zip(dims, scales, strict=True)]
    if any(one.outputs < 1 for one in made):
        raise call.fault(f"{call.node.op} by {', '.join(f'{one:g}' for one in scales)} leaves nothing")
    whole = call.text("coordinate_transformation_mode") != "align_corners"
    if not whole and any(one.size * one.scale != one.outputs for one in made):
        call.refuse("align_corners with a scale that makes no whole size is read in two ways", "state the sizes")
    return made


def _axis_scaled(size: int, scale: Fraction) -> Axis:
    """`size * scale` as runtimes work it out, in float32: 10 * 0.7 is 7, though the nearest float32 is below 0.7."""
    (product,) = unpack("<f", pack("<f", float(size * scale)))
    is_whole = product == floor(product) > 0
    return Axis(size, floor(product), Fraction(floor(product), size) if is_whole else scale)


def _parts(call: NodeCall, count: int) -> list[tuple[float, float]]:
    """The part of each axis that is resized: starts, then ends."""
    if call.text("coordinate_transformation_mode") != "tf_crop_and_resize":
        return [(0.0, 1.0)] * count
    numbers = call.numbers("roi", 1) or ()
    if len(numbers) != 2 * count or not all(map(isfinite, numbers)):
        raise call.fault(f"`roi` of Resize should be {2 * count} numbers")
    return list(zip(numbers[:count], numbers[count:], strict=True))


def _resized(call: NodeCall, tensor: Tensor, axes: Sequence[Axis], coordinates: str, rounding: str) -> Tensor:
    places = [COORDINATES[coordinates](axis) for axis in axes]
    changed = [at for at, (axis, place) in enumerate(zip(axes, places, strict=True)) if place.moves(axis)]
    if not changed:
        return tensor.apart()
    tensor = channels_beside(call, tensor, changed)
    spatial = [axes[axis] for axis in tensor.spatial]
    layer = _layer(call, spatial, [places[axis] for axis in tensor.spatial], rounding)
    if coordinates == "tf_crop_and_resize":
        _refuse_outside(call, spatial, [places[axis] for axis in tensor.spatial])
    return call.layer(layer, tensor)


def channels_beside(call: NodeCall, tensor: Tensor, changed: Sequence[int]) -> Tensor:
    """The tensor with an axis as its channels that stays as it is."""
    if tensor.batch in changed:
        call.refuse(f"{call.node.op} changes the number of images")
    if tensor.channels is not None and tensor.channels not in changed:
        return tensor
    others = [axis for axis in range(len(tensor.dims)) if axis not in changed and axis != tensor.batch]
    if not others:
        call.refuse(f"{call.node.op} changes all axes of {tensor.text}, channels too")
    return channels_at(tensor, others[0], call.here)


def _refuse_outside(call: NodeCall, axes: Sequence[Axis], places: Sequence[Places]) -> None:
    ends = [
        (place.start, place.start + (axis.outputs - 1) * place.step) for axis, place in zip(axes, places, strict=True)
    ]
    if any(not 0 <= one <= axis.size - 1 for pair, axis in zip(ends, axes, strict=True) for one in pair):
        call.refuse("Resize reads pixels outside of the map, and puts one number there")


def _layer(call: NodeCall, axes: Sequence[Axis], places: Sequence[Places], rounding: str) -> Layer:
    mode = call.text("mode", "nearest")
    if mode == "nearest":
        return _nearest(axes, [rounded(rounding, place) for place in places])
    if mode in ("linear", "bilinear"):
        return _mixing("bilinear", axes, places)
    sharpness, only_inside = call.number("cubic_coeff_a", -0.75), call.whole("exclude_outside", 0)
    if mode == "cubic" and (sharpness, only_inside) == (-0.75, 0):
        return _mixing("bicubic", axes, places)
    is_larger = all(axis.outputs >= axis.size for axis in axes)
    if mode != "cubic" or (sharpness, only_inside) != (-0.5, 1) or not is_larger or not _is_centred(axes, places):
        text = f"`{mode}` with cubic_coeff_a={sharpness:g} and exclude_outside={only_inside}"
        call.refuse(f"Resize by {text} is not read here")
    return _plain("catmullrom", axes)


def _nearest(axes: Sequence[Axis], places: Sequence[Places]) -> Layer:
    pairs = list(zip(axes, places, strict=True))
    for mode, twice in (("nearest", 0), ("nearestexact", 1)):
        if all(axis.outputs <= MOST_COMPARED and _is_usual(axis, place, twice) for axis, place in pairs):
            return _plain(mode, axes)
    return _stated("nearest", axes, places)


def _is_usual(axis: Axis, place: Places, twice: int) -> bool:
    """Whether each output takes the pixel floor(o n / m), or floor((o + 1/2) n / m)."""
    m, n = axis.outputs, axis.size
    return all(place.pixel(o, axis) == (2 * o + twice) * n // (2 * m) for o in range(m))


def _mixing(mode: str, axes: Sequence[Axis], places: Sequence[Places]) -> Layer:
    if _is_centred(axes, places):
        return _plain(mode, axes)
    if all(place == _corners(axis) for axis, place in zip(axes, places, strict=True)):
        return UpsampleTo(size=short([axis.outputs for axis in axes]), mode=mode, corners=True)
    return _stated(mode, axes, places)


def _is_centred(axes: Sequence[Axis], places: Sequence[Places]) -> bool:
    shares = [axis._replace(scale=Fraction(axis.outputs, axis.size)) for axis in axes]
    return all(place == _half_pixel(axis) for axis, place in zip(shares, places, strict=True))


def _plain(mode: str, axes: Sequence[Axis]) -> Layer:
    if all(axis.outputs % axis.size == 0 for axis in axes) and prod(axis.size for axis in axes) > 1:
        return Upsample(factor=short([axis.outputs // axis.size for axis in axes]), mode=mode)
    return UpsampleTo(size=short([axis.outputs for axis in axes]), mode=mode)


def _stated(mode: str, axes: Sequence[Axis], places: Sequence[Places]) -> Layer:
    starts, steps = ([float(one) for one in numbers] for numbers in zip(*places, strict=True))
    return UpsampleTo(size=short([axis.outputs for axis in axes]), mode=mode, start=short(starts), step=short(steps))


def short(sizes: Sequence[T]) -> tuple[T, ...]:
    """One for all axes where they are alike."""
    return tuple(sizes[:1]) if len(set(sizes)) == 1 else tuple(sizes)


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {"Resize": _resize, "Upsample": _upsample}
