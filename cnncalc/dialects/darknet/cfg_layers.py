"""Darknet's sections of one input as layers of ours: which options they have, and what these mean.

Darknet's conventions that others do not share: a pool of size k has k - 1 rows of padding in all, (k - 1) // 2 of them
before; `pad=1` means size // 2; without `activation` a convolution ends in a logistic; a batch norm adds 0.000001 to
the variance; a dense layer reads a map with its channels first.  Source: parser.c and the layers of pjreddie/darknet
(f6afaab) and AlexeyAB/darknet, whose further options (stride_x, dilation, groups of a route) are read too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.darknet.cfg_activations import ACTIVATIONS, FOREIGN
from cnncalc.dialects.darknet.cfg_text import Section
from cnncalc.dialects.net_rows import Made, own_layer
from cnncalc.geometry import SAME, Padding, Shape, resolved_pads
from cnncalc.graph.faults import Fault
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import layer_class

EPSILON = 1e-6
"""What Darknet adds to a variance."""

_EVERYWHERE = (
    "truth",
    "onlyforward",
    "stopbackward",
    "learning_rate",
    "smooth",
    "stream",
    "wait_stream",
    "train_only_bn",
)
_FOREIGN_FLAGS = ("dontload", "dontsave", "numload", "dontloadscales")
"""Options of every section: such as are about the training, and such as change which weights a file has."""


class Kind(NamedTuple):
    """A kind of section: `make` says what its options mean; `idle` ones are about the training alone.

    An option among `foreign` that is not 0 makes another layer of it, for which there is none of ours.  A section that
    names others has no `make`: it is made where those are known.
    """

    make: Callable[[Section, Shape], Made] | None
    options: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Every option that Darknet knows here."""
        return (*self.options, *self.idle, *self.foreign, *_EVERYWHERE, *_FOREIGN_FLAGS)

    def refuse_foreign(self, section: Section) -> None:
        """Raise Fault for an option that there is no layer for."""
        for key in (*self.foreign, *_FOREIGN_FLAGS):
            found = section.find(key)
            if found is not None and found.value not in ("0", "none"):
                message = f"there is no layer for [{section.name}] with {key}={found.value[:20]}"
                raise Fault(
                    "no-such-layer", message, found.span.to(found.value_span), help=f"without `{key}` it is read"
                )


def activation(section: Section, otherwise: str) -> Made:
    """The activation of a section; raises Fault for a word that Darknet does not have, or we do not."""
    word, place = section.text("activation", otherwise), section.place("activation")
    if word in FOREIGN:
        raise Fault("no-such-layer", f"there is no layer for Darknet's `{word}`", place)
    if word not in ACTIVATIONS:
        advice = did_you_mean(word, ACTIVATIONS, f"the words are: {', '.join(ACTIVATIONS)}")
        raise Fault("unfit-value", f"Darknet has no activation `{word[:40]}`", place, help=advice)
    return [(own_layer(*text.split(), place=place), {}) for text in ACTIVATIONS[word]]


def _norm() -> Layer:
    return layer_class("bn")(epsilon=EPSILON)  # type: ignore[call-arg]


def _places(section: Section, **keys: str) -> Mapping[str, Span]:
    """Where our arguments are written: the names of Darknet's options, the first that there is."""
    return {name: section.place(*options.split()) for name, options in keys.items()}


def _strides(section: Section) -> tuple[int, ...]:
    """Rows and columns; one number where they are the same."""
    stride = section.whole("stride", 1, least=1)
    high, wide = section.whole("stride_y", stride, least=1), section.whole("stride_x", stride, least=1)
    return (high,) if high == wide else (high, wide)


def _rows_of_padding(section: Section, size: int) -> int:
    padding = section.whole("padding", 0, least=0)
    return size // 2 if section.flag("pad") else padding


def _with_padding(rows: int) -> dict[str, Padding]:
    return {"padding": Padding("explicit", ((rows, rows),))} if rows else {}


def _filters(section: Section) -> int:
    return section.whole("filters", 1, least=1)


def _convolutional(section: Section, word: str = "conv") -> Made:
    size, normed = section.whole("size", 1, least=1), section.flag("batch_normalize") or section.flag("cbn")
    rows, dilation = _rows_of_padding(section, size), section.whole("dilation", 1, least=1)
    more: dict[str, object] = {}
    if dilation > 1 and size > 1:
        if 2 * rows != size - 1:
            message = "Darknet finds the size of a dilated convolution only where its padding keeps the size"
            raise Fault("no-such-layer", message, section.place("dilation"), help="write pad=1 and an odd size")
        more, rows = {"dilation": (dilation,)}, rows * dilation
    if word == "conv" and (groups := section.whole("groups", 1, least=1)) > 1:
        more["groups"] = groups
    layer = layer_class(word)(  # type: ignore[call-arg]
        filters=_filters(section),
        kernel_size=(size, size),
        stride=_strides(section),
        bias=not normed,
        **_with_padding(rows),
        **more,
    )
    places = _places(
        section,
        filters="filters",
        kernel_size="size",
        stride="stride stride_y stride_x",
        padding="padding pad",
        groups="groups",
        dilation="dilation",
    )
    return [(layer, places), *([(_norm(), {})] if normed else []), *activation(section, "logistic")]


def _deconvolutional(section: Section) -> Made:
    return _convolutional(section, "upconv")


def _local(section: Section) -> Made:
    """Its `pad=1` is one row, whatever the size; its output size is right for size 3 alone then."""
    size, padded = section.whole("size", 1, least=1), section.flag("pad")
    if padded and size != 3:
        message = f"Darknet computes a [local] with pad=1 only of size 3, not of size {size}"
        raise Fault("no-such-layer", message, section.place("size"), help="write size=3, or pad=0")
    layer = layer_class("local")(  # type: ignore[call-arg]
        filters=_filters(section), kernel_size=(size, size), stride=_strides(section), **_with_padding(int(padded))
    )
    places = _places(section, filters="filters", kernel_size="size", stride="stride", padding="pad")
    return [(layer, places), *activation(section, "logistic")]


def _connected(section: Section, shape: Shape) -> Made:
    normed = section.flag("batch_normalize")
    dense = layer_class("dense")(units=section.whole("output", 1, least=1), bias=not normed)  # type: ignore[call-arg]
    made = [(dense, _places(section, units="output")), *([(_norm(), {})] if normed else [])]
    return [*_flat(shape), *made, *activation(section, "logistic")]


def _flat(shape: Shape) -> Made:
    """A map in a row as Darknet has it in memory."""
    return [(layer_class("flatten")(order="channels_first"), {})] if shape.rank else []  # type: ignore[call-arg]


def _maxpool(section: Section, shape: Shape) -> Made:
    strides = _strides(section)
    size = section.whole("size", strides[0], least=1)
    padding = section.whole("padding", size - 1, least=0)
    before, places = padding // 2, _places(section, kernel_size="size stride", stride="stride", padding="padding size")
    steps = strides * (2 if len(strides) == 1 else 1)
    sides = []
    for n, stride in zip(shape.spatial, steps, strict=False):
        outputs = (n + padding - size) // stride + 1
        sides.append((before, max(0, (outputs - 1) * stride + size - before - n)))
    stepped = {} if steps == (size, size) else {"stride": strides}
    pool = layer_class("maxpool")(kernel_size=(size, size), **stepped)  # type: ignore[call-arg]
    return [(replace(pool, **_shortest(tuple(sides), shape, size, steps)), places)]  # type: ignore[type-var]


def _shortest(
    sides: tuple[tuple[int, int], ...], shape: Shape, size: int, strides: tuple[int, ...]
) -> dict[str, Padding]:
    """The padding in the words that a person would take: nothing, `same`, one number, or its four sides."""
    if not any(map(any, sides)):
        return {}
    if shape.rank == 2 and resolved_pads(SAME, shape.spatial, (size,) * 2, strides, (1, 1)) == sides:
        return {"padding": SAME}
    return {"padding": Padding("explicit", _brief(sides))}


def _brief(sides: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """One pair where every side has the same."""
    return sides[:1] if len({side for pair in sides for side in pair}) == 1 else sides


def _softmax(section: Section, shape: Shape) -> Made:
    """Over all numbers that arrive; with `spatial` over the channels of each place."""
    warmth = section.real("temperature", 1.0)
    if section.whole("groups", 1) != 1:
        raise Fault("no-such-layer", "a softmax within groups is no layer of ours", section.place("groups"))
    if warmth <= 0:
        raise Fault("unfit-value", "a temperature is above 0", section.place("temperature"), help="write temperature=1")
    cooled: Made = [(layer_class("scale")(factor=1 / warmth), {})] if warmth != 1 else []  # type: ignore[call-arg]
    flat = () if section.flag("spatial") or shape.spatial == (1, 1) else _flat(shape)
    return [*flat, *cooled, (layer_class("softmax")(), {})]


def _dropout(section: Section) -> Made:
    return [(layer_class("dropout")(rate=section.real("probability", 0.5)), _places(section, rate="probability"))]  # type: ignore[call-arg]


def _crop(section: Section, shape: Shape) -> Made:
    """The middle of the map, twice its numbers less 1 unless `noadjust` is set."""
    sides = []
    for name, n in zip(("crop_height", "crop_width"), shape.spatial, strict=False):
        keep = section.whole(name, 1, least=1)
        if keep > n:
            message = f"{name} is {keep}, and only {n} are there"
            raise Fault("crop-too-large", message, section.place(name), help=f"write {name}={n} or less")
        sides.append(((n - keep) // 2, n - keep - (n - keep) // 2))
    crop = layer_class("crop")(padding=Padding("explicit", _brief(tuple(sides))))  # type: ignore[call-arg]
    adjusted: Made = [] if section.flag("noadjust") else [(own_layer("affine", "2", "-1", place=section.span), {})]
    return [(crop, {}), *adjusted]


def _upsample(section: Section) -> Made:
    stride = section.whole("stride", 2)
    if stride < 1:
        message = "a stride below 1 makes the map smaller, and there is no layer that adds up its numbers so"
        raise Fault("no-such-layer", message, section.place("stride"), help="write stride=2")
    factor = section.real("scale", 1.0)
    scaled: Made = [(layer_class("scale")(factor=factor), {})] if factor != 1 else []  # type: ignore[call-arg]
    up = layer_class("upsample")(factor=(stride,))  # type: ignore[call-arg]
    return [(up, _places(section, factor="stride")), *scaled]


def _activation(section: Section) -> Made:
    return activation(section, "linear") or [(layer_class("identity")(), {})]


def _reorg(section: Section, shape: Shape) -> Made:
    """Space to depth of memory that is taken for a map of fewer channels, as Darknet does it."""
    stride, place = section.whole("stride", 1, least=1), section.place("stride")
    if section.flag("reverse"):
        return [(own_layer("depthtospace", str(stride), "placefirst", place=place), {"factor": place})]
    if shape.rank != 2:
        message = f"[reorg] works on a map, and {shape.text()} arrives"
        raise Fault("needs-volume", message, section.span, help="write it after a [convolutional]")
    for name, n, by in zip(
        ("height", "width", "channels"), (*shape.spatial, shape.channels), _areas(stride), strict=True
    ):
        if n % by:
            notes = (f"{n} / {by} = {n // by}, remainder {n % by}",)
            message = f"{name} {n} is not divided by {by} in [reorg]"
            raise Fault("factor-does-not-divide", message, place, notes=notes, help="write a stride that divides it")
    return [(layer, {}) for layer in reorg_layers(stride)]


def _areas(stride: int) -> tuple[int, int, int]:
    return (stride, stride, stride * stride)


def reorg_layers(stride: int) -> list[Layer]:
    """A [reorg]: the numbers as a map of fewer channels and more rows, its blocks as channels, and back in shape."""
    patterns = (
        f"(c q={stride**2}) (y r={stride}) x -> c (q y) (r x)",
        f"c (h a={stride}) (u={stride} x b={stride}) -> (a b c) (h u) x",
        f"k (p={stride**2} y) x -> (k p) y x",
    )
    rearrange = layer_class("rearrange")
    return [rearrange(pattern=pattern, order="channels_first") for pattern in patterns]  # type: ignore[call-arg]


def _reorg3d(section: Section) -> Made:
    """Space to depth as TensorFlow has it: the place counts before the channel."""
    place = section.place("stride")
    stride = section.whole("stride", 1, least=1)
    return [(own_layer("spacetodepth", str(stride), "placefirst", place=place), {"factor": place})]


def alone(make: Callable[[Section], Made]) -> Callable[[Section, Shape], Made]:
    """A section that is the same whatever arrives."""
    return lambda section, _: make(section)


def _words(*words: str) -> Callable[[Section, Shape], Made]:
    """A layer whose section has no options that matter."""
    return lambda section, _: [(own_layer(*words, place=section.span), {})]


_LEARNING = ("flip", "angle", "saturation", "exposure", "shift")
_XNOR = ("xnor", "bin_output", "flipped", "share_index", "antialiasing", "sway", "rotate", "stretch", "stretch_sway")
_CONV = ("filters", "size", "stride", "pad", "padding", "activation", "batch_normalize")
_CONVOLUTIONAL = Kind(
    alone(_convolutional),
    (*_CONV, "groups", "dilation", "stride_x", "stride_y", "cbn"),
    ("dot", "angle", "grad_centr", "assisted_excitation"),
    (*_XNOR, "binary", "coordconv", "reverse"),
)
KINDS: dict[str, Kind] = {
    "convolutional": _CONVOLUTIONAL,
    "conv": _CONVOLUTIONAL,
    **dict.fromkeys(("deconvolutional", "deconv"), Kind(alone(_deconvolutional), _CONV)),
    "local": Kind(alone(_local), ("filters", "size", "stride", "pad", "activation")),
    **dict.fromkeys(("connected", "conn"), Kind(_connected, ("output", "activation", "batch_normalize"))),
    **dict.fromkeys(
        ("maxpool", "max"),
        Kind(
            _maxpool,
            ("size", "stride", "padding", "stride_x", "stride_y"),
            ("out_channels",),
            ("maxpool_depth", "antialiasing"),
        ),
    ),
    **dict.fromkeys(("avgpool", "avg"), Kind(_words("gap", "keep"))),
    **dict.fromkeys(("softmax", "soft"), Kind(_softmax, ("temperature", "spatial", "groups"), ("noloss",), ("tree",))),
    "dropout": Kind(alone(_dropout), ("probability",), ("dropblock_size_rel", "dropblock_size_abs"), ("dropblock",)),
    "crop": Kind(_crop, ("crop_height", "crop_width", "noadjust"), _LEARNING),
    "reorg": Kind(_reorg, ("stride", "reverse"), (), ("flatten", "extra")),
    "reorg3d": Kind(alone(_reorg3d), ("stride",), (), ("reverse",)),
    "upsample": Kind(alone(_upsample), ("stride", "scale")),
    "activation": Kind(alone(_activation), ("activation",)),
    "batchnorm": Kind(alone(lambda _: [(_norm(), {})])),
    "logistic": Kind(_words("sigmoid")),
    "l2norm": Kind(_words("l2norm")),
}
"""The name of a section -> what it is."""
