"""Joins, borders, sizes, and what only moves numbers, as Keras' layers and functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.keras.writing.keras_operation import (
    KerasOperation,
    keras_layer,
    own_layer,
    shortest,
    sides_value,
    unless,
)
from cnncalc.dialects.written_code.pieces import Made, Piece, Value
from cnncalc.geometry import Pads, Sizes
from cnncalc.layers.upsampling import UpsampleTo

_JOINS = {"add": "Add", "mul": "Multiply", "max": "Maximum", "min": "Minimum", "avg": "Average", "sub": "Subtract"}


def join(here: KerasOperation) -> Piece:
    """Add, Multiply, ...; maps that are cut or padded to one size get a layer for that, vectors a Reshape."""
    word = here.layer.word
    reads, made = _fitted(here)
    if word in _JOINS:
        name = _JOINS[word]
        whole = (keras_layer(name), *made)
        return here.code(f"{{m0}}([{', '.join(_later(reads))}])", made=whole)
    first, second = reads
    code = f"{first} / {second}" if word == "div" else f"ops.abs({first} - {second})"
    return here.code(code, made=made)


def concat(here: KerasOperation) -> Piece:
    """Concatenate along the channels, which are the last axis."""
    reads, made = _fitted(here)
    return here.code(f"{{m0}}([{', '.join(_later(reads))}])", made=(keras_layer("Concatenate"), *made))


def concat_along(here: KerasOperation) -> Piece:
    """Concatenate along another axis."""
    place = here.layer.place(here.shape)
    axis = None if place is None else place + 1
    return here.joined(keras_layer("Concatenate", axis=axis), len(here.shapes))


def _later(reads: list[str]) -> list[str]:
    """The parts behind a first one."""
    return [_next_part(read) for read in reads]


def _next_part(read: str) -> str:
    head, mark, tail = read.partition("{m")
    if not mark:
        return read
    number, _, rest = tail.partition("}")
    return f"{head}{{m{int(number) + 1}}}{rest}"


def _fitted(here: KerasOperation) -> tuple[list[str], tuple[Made, ...]]:
    """What is joined, each cut, padded or reshaped to meet the others."""
    output, reads = here.node.output, []
    made: list[Made] = []
    for place, shape in enumerate(here.shapes):
        found: Made | None = None
        is_single = all(size == 1 for size in shape.spatial) and here.layer.word != "concat"
        if shape.rank < output.rank:
            found = keras_layer("Reshape", (*(1,) * output.rank, shape.channels))
        elif shape.spatial != output.spatial and not is_single and (here.layer.crop or here.layer.pad):
            name, sides = _middle(shape.spatial, output.spatial)
            found = keras_layer(f"{name}{output.rank}D", sides_value(sides))
        read = f"{{x{place}}}"
        reads.append(read if found is None else f"{{m{len(made)}}}({read})")
        made += [found] if found is not None else []
    return reads, tuple(made)


def _middle(size: Sizes, wanted: Sizes) -> tuple[str, Pads]:
    """The rows that are cut off a larger map, or set around a smaller one; the odd row is after."""
    rows = [abs(n - kept) for n, kept in zip(size, wanted, strict=True)]
    name = "Cropping" if any(n > kept for n, kept in zip(size, wanted, strict=True)) else "ZeroPadding"
    return name, tuple((one // 2, one - one // 2) for one in rows)


# ---------------------------------------------------------------------- borders and sizes
def pad(here: KerasOperation) -> Piece:
    """ZeroPadding, or a layer of the program for the map's own numbers."""
    layer, sides = here.layer, here.layer.sides(here.shape)
    if layer.value:
        return here.chain(own_layer("ConstantPadding", _pairs(sides), layer.value))
    if layer.fill != "zeros":
        return here.chain(own_layer("Padding", _pairs(sides), mode=layer.fill))
    return here.chain(keras_layer(f"ZeroPadding{here.rank}D", sides_value(sides)))


def _pairs(sides: Pads) -> Value:
    return tuple(tuple(pair) for pair in sides)


def crop(here: KerasOperation) -> Piece:
    """Cropping."""
    return here.chain(keras_layer(f"Cropping{here.rank}D", sides_value(here.layer.sides(here.shape))))


def upsample(here: KerasOperation) -> Piece:
    """UpSampling for whole factors, Resizing for a size."""
    layer, shape = here.layer, here.shape
    if layer.corners or layer.is_placed or layer.mode in ("catmullrom", "nearestexact"):
        raise here.refuse(
            "Keras has neither `corners` nor places of its own",
            "leave out `corners`, `start` and `step`; write nearest, bilinear or bicubic",
        )
    made = layer.spatial(shape)
    by_size = UpsampleTo(size=made, mode=layer.mode).kernel_call((shape,))
    if layer.kernel_call((shape,)) != by_size:
        raise here.refuse(
            "Keras reads the pixels where the size says", f"write `upsample size={'x'.join(map(str, made))}`"
        )
    pairs = list(zip(shape.spatial, made, strict=True))
    is_whole = all(m % n == 0 for n, m in pairs)
    if is_whole and layer.mode == "nearest":
        factors = shortest(tuple(m // n for n, m in pairs))
        return here.chain(keras_layer(f"UpSampling{here.rank}D", factors))
    if here.rank != 2:
        raise here.refuse("Keras makes pictures alone larger this way", "write a whole factor and `nearest`")
    if is_whole and layer.mode == "bilinear":
        factors = shortest(tuple(m // n for n, m in pairs))
        return here.chain(keras_layer("UpSampling2D", factors, interpolation="bilinear"))
    if layer.mode == "bicubic":
        return here.code('ops.image.resize({x0}, {v0}, interpolation="bicubic")', made)
    return here.chain(keras_layer("Resizing", *made, interpolation=unless(layer.mode, "bilinear")))


# ---------------------------------------------------------------------- numbers that move
def flatten(here: KerasOperation) -> Piece:
    """Flatten; with the channels first they are moved to the front before."""
    made = (keras_layer("Flatten"),)
    if here.layer.order == "channels_first" and here.shape.elements > here.shape.channels > 1:
        return here.chain(_to_front(here.rank), *made)
    return here.chain(*made)


def _to_front(rank: int) -> Made:
    return keras_layer("Permute", (rank + 1, *range(1, rank + 1)))


def reshape(here: KerasOperation) -> Piece:
    """Reshape in Keras' order of axes; for the other order channels go to the front before, and back behind."""
    output = here.node.output
    if here.layer.order == "channels_last":
        return here.chain(keras_layer("Reshape", output.sizes()))
    before = (_to_front(here.rank),) if here.rank else ()
    whole = keras_layer("Reshape", output.sizes("channels_first"))
    behind = (keras_layer("Permute", (*range(2, output.rank + 2), 1)),) if output.rank else ()
    return here.chain(*before, whole, *behind)


def channel_slice(here: KerasOperation) -> Piece:
    """The channels from one to another."""
    first, last = here.layer.channels
    return here.code("{x0}[..., {v0}:{v1}]", first, last)


def slice_along(here: KerasOperation) -> Piece:
    """The places from one to another along an axis."""
    (first, last), place = here.layer.places, here.layer.place(here.shape)
    if place is None:
        return here.code("{x0}[..., {v0}:{v1}]", first, last)
    return here.code(f"{{x0}}[{', '.join(':' * (place + 1))}, {{v0}}:{{v1}}]", first, last)


def pad_channels(here: KerasOperation) -> Piece:
    """Zeros before and behind the channels."""
    sides = (*(((0, 0),) * (here.rank + 1)), here.layer.sides())
    return here.code("ops.pad({x0}, {v0})", sides)


MAPS: Mapping[str, Callable[[KerasOperation], Piece]] = {
    **dict.fromkeys(("Add", "Subtract", "Mul", "Divide", "Maximum", "Minimum", "Average", "AbsoluteDifference"), join),
    "Concat": concat,
    "ConcatAlong": concat_along,
    "Pad": pad,
    "Crop": crop,
    **dict.fromkeys(("Upsample", "UpsampleTo"), upsample),
    "Flatten": flatten,
    "Reshape": reshape,
    "Slice": channel_slice,
    "SliceAlong": slice_along,
    "PadChannels": pad_channels,
}
"""The class of our layer -> the rule that writes it."""
