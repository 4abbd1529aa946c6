"""What Keras has no layer for and a class of the program says: detectors, tables of connections, axes moved at will."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from cnncalc.dialects.keras.writing.keras_operation import (
    Given,
    KerasOperation,
    Usual,
    keras_layer,
    own_layer,
    shortest,
    unless,
)
from cnncalc.dialects.keras.writing.window_pieces import padded
from cnncalc.dialects.written_code.pieces import Made, Piece, Value


def local(here: KerasOperation) -> Piece:
    """A convolution that shares no weights."""
    layer, axes = here.layer, here.layer.axes(here.shape)
    before, sides = _sides(here)
    sizes = (tuple(axis.kernel for axis in axes), tuple(axis.stride for axis in axes))
    bias = unless(layer.bias, True)
    return here.chain(*before, own_layer("LocallyConnected", layer.filters, *sizes, sides, use_bias=bias))


def _sides(here: KerasOperation) -> tuple[tuple[Made, ...], Value]:
    """What pads the map before a layer of the program, and the rows of zeros that it adds itself."""
    sides = tuple((axis.before, axis.after) for axis in here.layer.axes(here.shape))
    if here.layer.fill == "zeros":
        return (), sides
    return padded(here)[0], ((0, 0),) * len(sides)


def connected(here: KerasOperation) -> Piece:
    """A convolution whose filters see some of the channels."""
    layer = here.layer
    before, sides = _sides(here)
    made = own_layer(
        "ConnectedConv",
        layer.connected(here.shape.channels),
        layer.kernels(here.rank),
        strides=unless(shortest(layer.strides(here.rank)), 1),
        padding=sides if any(map(any, sides)) else Usual(()),  # type: ignore[arg-type]  # pairs of rows
        use_bias=unless(layer.bias, True),
    )
    return here.chain(*before, made)


def yolo(here: KerasOperation) -> Piece:
    """The boxes of YOLOv3 and later."""
    layer = here.layer
    v5, stretch = unless(layer.style == "v5", False), unless(float(layer.reach), 1.0)
    return here.chain(own_layer("YoloOutput", layer.anchors, layer.class_count, v5=v5, stretch=stretch))


def region(here: KerasOperation) -> Piece:
    """The boxes of YOLOv2."""
    softmax = unless(here.layer.softmax, False)
    return here.chain(own_layer("RegionOutput", here.layer.anchors, here.layer.class_count, softmax=softmax))


def detection(here: KerasOperation) -> Piece:
    """The boxes of YOLOv1."""
    layer = here.layer
    others: dict[str, Given] = {name: unless(getattr(layer, name), False) for name in ("softmax", "sqrt")}
    return here.chain(own_layer("DetectionOutput", layer.side, layer.boxes, layer.classes, **others))


def shuffle(here: KerasOperation) -> Piece:
    """Channels dealt out anew."""
    return here.chain(own_layer("ChannelShuffle", here.layer.groups))


def rearranged(here: KerasOperation) -> Piece:
    """Axes split, moved and joined; a Permute where they are only moved."""
    left, right = (_channels_last(side) for side in here.layer.sides(here.shape))
    split = [factor for axis in left for factor in axis if factor[1] > 1]
    leaving = [name for axis in right for name, size in axis if size > 1]
    order = tuple([name for name, _ in split].index(name) for name in leaving)
    return _moved(here, tuple(size for _, size in split), order)


def _channels_last(side: list[list[tuple[str, int]]]) -> list[list[tuple[str, int]]]:
    return [*side[1:], side[0]]


def _moved(here: KerasOperation, split: tuple[int, ...], order: tuple[int, ...]) -> Piece:
    """The axes split into these factors, which then stand in this order."""
    target = here.node.output.sizes()
    if split == here.shape.sizes() and tuple(split[place] for place in order) == target:
        return here.chain(keras_layer("Permute", tuple(place + 1 for place in order)))
    return here.chain(own_layer("Rearrange", split or (1,), order or (0,), target))


def space_to_depth(here: KerasOperation) -> Piece:
    """Blocks of places as channels."""
    shape, factors = here.shape, here.layer.factors(here.shape)
    split = [part for n, factor in zip(shape.spatial, factors, strict=True) for part in (n // factor, factor)]
    places, inner = tuple(range(0, 2 * shape.rank, 2)), tuple(range(1, 2 * shape.rank, 2))
    channels = (2 * shape.rank,)
    last = (*inner, *channels) if here.layer.place_first else (*channels, *inner)
    return _moved(here, (*split, shape.channels), (*places, *last))


def depth_to_space(here: KerasOperation) -> Piece:
    """Channels as blocks of places."""
    shape, factors = here.shape, here.layer.factors(here.shape)
    rank, left = shape.rank, shape.channels // prod(factors)
    first = here.layer.place_first
    split = (*shape.spatial, *((*factors, left) if first else (left, *factors)))
    start = rank if first else rank + 1
    places = [place for axis in range(rank) for place in (axis, start + axis)]
    return _moved(here, split, (*places, rank + len(factors) if first else rank))


def learned(here: KerasOperation) -> Piece:
    """A learned array; Keras makes it when it is called, with any picture."""
    return _source(here, own_layer("LearnedArray", here.node.output.sizes()))


def constant(here: KerasOperation) -> Piece:
    """An array of one number."""
    if here.layer.numbers is not None:
        raise here.refuse("the numbers of a constant are not written", "write `learned` and give them as weights")
    return _source(here, own_layer("ConstantArray", here.node.output.sizes(), here.layer.value))


def _source(here: KerasOperation, made: Made) -> Piece:
    inputs = [node.index for node in here.graph.nodes if node.is_input]
    return here.chain(made)._replace(reads=(inputs[0],))


OWN: Mapping[str, Callable[[KerasOperation], Piece]] = {
    "Local": local,
    "ConnectedConv": connected,
    "Yolo": yolo,
    "Region": region,
    "Detection": detection,
    "Shuffle": shuffle,
    "Rearrange": rearranged,
    "SpaceToDepth": space_to_depth,
    "DepthToSpace": depth_to_space,
    "Learned": learned,
    "Constant": constant,
}
"""The class of our layer -> the rule that writes it."""
