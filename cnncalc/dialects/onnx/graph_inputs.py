"""The images of an ONNX graph: which inputs are images, what is open in their sizes, where their channels stand.

The first axis is that of the images, of which one is followed.  An input is channels-last when the first thing that is
done to it is a Transpose that says so, never by its sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span, input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.onnx.onnx_records import FLOATS, KINDS, ModelRecord, NodeRecord, ValueRecord
from cnncalc.dialects.traced.model_inputs import Wanted
from cnncalc.geometry import Order, Shape, Sizes, shape_of
from cnncalc.graph.other_size import fitting_shape

MOST_AXES = 5
"""Images, channels and three axes of a map."""

_ELEMENTWISE = frozenset(("Cast", "Identity", "Add", "Sub", "Mul", "Div", "Clip", "Relu", "Resize", "Upsample", "Pad"))
"""Operators behind which a Transpose still says how the input is laid out."""

_LAST_TO_SECOND = {(0, 3, 1, 2), (0, 2, 1), (0, 4, 1, 2, 3)}


class Image(NamedTuple):
    """One input: its sizes as the graph shows them with one image, the axes of images and channels, its line."""

    name: str
    dims: tuple[int, ...]
    batch: int | None
    channels: int
    order: Order
    line: int
    images: int
    """How many images the file states; 1 where it leaves that open."""


def images_of(model: ModelRecord, option: Wanted, source: Source) -> tuple[Image, ...]:
    """The inputs with all their sizes; raises InputError where one is open and `--input` does not give it."""
    if not model.inputs:
        raise input_error("onnx-damaged", f"`{source.name}` has no input", help="export the network again")
    _refuse_unknown(option, model.inputs)
    readers = _readers(model.nodes)
    first = len(model.nodes) + 1
    found = []
    for line, one in enumerate(model.inputs, first):
        is_turned = one.dims is not None and len(one.dims) > 2 and _is_channels_last(one.name, readers)
        is_last = is_turned and not model.is_own
        stated = _Stated(one, "channels_last" if is_last else "channels_first", line, source)
        found.append(stated.image(option.of(one.name)))
    return tuple(found)


def _refuse_unknown(option: Wanted, inputs: Sequence[ValueRecord]) -> None:
    names = [one.name for one in inputs]
    for size, _ in option.sizes:
        if size.name and size.name not in names:
            advice = did_you_mean(size.name, names, f"its inputs: {', '.join(names[:8])}")
            raise input_error("wrong-operand", f"the network has no input called `{size.name}`", help=advice)
    if len(inputs) > 1 and any(not size.name for size, _ in option.sizes):
        given = ",".join(f"{name}=..." for name in names[:8])
        raise input_error("wrong-operand", "the network has several inputs", help=f"give --input {given}")


class _Stated(NamedTuple):
    """What a file says of one input, and what may be said against it."""

    value: ValueRecord
    order: Order
    line: int
    source: Source

    @property
    def name(self) -> str:
        return self.value.name[:80]

    def fault(self, message: str, help: str, code: str = "onnx-not-read") -> InputError:
        place = Span(self.line, 1, max(1, len(self.source.lines[self.line - 1])))
        return InputError((Diagnostic(code, message, place, help=help),), self.source)

    def image(self, given: Shape | None) -> Image:
        """The input with all its sizes; `given` is what `--input` says of it."""
        value = self.value
        if value.kind not in FLOATS:
            kind = KINDS.get(value.kind, "another kind")
            raise self.fault(f"the input `{self.name}` holds numbers of {kind}, and pictures are floats", "")
        dims = value.dims
        if dims is None:
            if given is None:
                message = f"the sizes of the input `{self.name}` are not stated"
                raise self.fault(message, "give --input 224x224x3", "input-size")
            dims = ("", *given.sizes(self.order))
        if not 0 < len(dims) <= MOST_AXES:
            raise self.fault(f"the input `{self.name}` has {len(dims)} axes, and 1 to {MOST_AXES} are read", "")
        images = dims[0] if isinstance(dims[0], int) else 1
        if len(dims) == 1:
            return Image(value.name, (images,), None, 0, self.order, self.line, 1)
        channels = len(dims) - 1 if self.order == "channels_last" else 1
        return Image(value.name, (1, *self._sizes(dims[1:], given)), 0, channels, self.order, self.line, images)

    def _sizes(self, dims: tuple[int | str, ...], given: Shape | None) -> Sizes:
        """The sizes of one image: what `--input` gives, else what the file states."""
        whole = tuple(one for one in dims if isinstance(one, int))
        if given is None and len(whole) == len(dims):
            return whole
        channels = dims[-1 if self.order == "channels_last" else 0]
        ones = (1,) * (len(dims) - 1)
        if given is None:
            names = ", ".join(f"`{one}`" if one else "one without a name" for one in dims if not isinstance(one, int))
            size = "x".join(map(str, (*(224 for _ in ones), channels if isinstance(channels, int) else 3)))
            message = f"the input `{self.name}` leaves sizes open: {names}"
            raise self.fault(message, f"give --input {size}", "input-size")
        stated = Shape(channels if isinstance(channels, int) else given.channels, ones)
        fitting = (fitting_shape(given.sizes(), stated, "channels_last") if ones else given) or given
        found = fitting.sizes(self.order)
        fixed = all(type(one) is str or one == size for one, size in zip(dims, found, strict=False))
        if len(found) != len(dims) or not fixed:
            text = "x".join(str(one or "?") for one in dims)
            message = f"--input gives {given.text()}, and the input `{self.name}` is {text}"
            raise self.fault(message, "give the sizes that it leaves open, as height x width x channels")
        return found


def shape_of_image(image: Image) -> Shape:
    """Its named axes."""
    return shape_of(image.dims[1:] if image.batch is not None else image.dims, image.order)


def as_one_image(images: Sequence[Image]) -> tuple[Image, ...] | None:
    """The same inputs where the first axis, of which the file states a size above 1, is one of a single image.

    None where there is no such input, or one with too many axes for that.
    """
    if all(one.images == 1 for one in images) or any(len(one.dims) == MOST_AXES for one in images):
        return None
    return tuple(
        one._replace(dims=(one.images, *one.dims[1:]), batch=None, channels=0, order="channels_first", images=1)
        if one.images > 1
        else one
        for one in images
    )


def _readers(nodes: Sequence[NodeRecord]) -> dict[str, list[NodeRecord]]:
    found: dict[str, list[NodeRecord]] = {}
    for node in nodes:
        for name in node.inputs:
            found.setdefault(name, []).append(node)
    return found


def _is_channels_last(name: str, readers: Mapping[str, list[NodeRecord]]) -> bool:
    """Whether whatever reads the input, by itself or after changing each number alone, brings the last axis second."""
    waiting, seen, found = [name], {name}, []
    while waiting:
        for node in readers.get(waiting.pop(), ()):
            if node.op in _ELEMENTWISE and node.outputs and node.outputs[0] not in seen:
                seen.add(node.outputs[0])
                waiting.append(node.outputs[0])
            elif node.op != "Shape":
                found.append(node)
    return bool(found) and all(
        node.op == "Transpose" and node.attributes.get("perm") in _LAST_TO_SECOND for node in found
    )
