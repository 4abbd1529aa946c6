"""Shorthand of papers and notebooks: `784-32C5-P2-64C5-P2-512FC-10`, `1x28x28-20C5-MP2-50C5-MP2-500N-10N`.

    unit = size | filters "C" kernel ["S" stride] | ["M" | "A"] "P" window | units "FC" | units "N" | word
    net  = unit {"-" unit}, in brackets with a number of times: (2x64C3), 2x(64C3-P2), (64C3)x2

Most of a net is not said in it.  What is taken for granted is one warning, with the way to say it otherwise; `--set`
does: padding, activation, pool, last.  Sources: Ciresan et al. 2011 (IJCAI), section 3, for the notation, its pools
side by side and its convolutions without padding; Courbariaux et al. 2015 (BinaryConnect) for `(2x128C3)`, padded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isqrt

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.dialects.net_rows import NetRows, Placed, chosen
from cnncalc.dialects.shorthand_items import Unit, units_of
from cnncalc.dialects.shorthand_units import EXAMPLES, Meaning, meaning, nearest_unit
from cnncalc.geometry import PADDING_WORDS, Order, Padding, Shape, Sizes
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import layer_class

CHOICES: dict[str, tuple[str, ...]] = {
    "padding": ("valid", "same"),
    "activation": ("relu", "tanh", "sigmoid", "leaky", "elu", "none"),
    "pool": ("max", "avg"),
    "last": ("softmax", "sigmoid", "none"),
}
"""What a shorthand does not say -> what may be meant, the usual first."""

_POOLS = {"max": "maxpool", "avg": "avgpool"}
_ALONE = frozenset(("relu", "tanh", "sigmoid", "leaky", "elu", "selu", "gelu", "silu", "prelu", "relu6", "hardswish"))
_SMALLEST_PICTURE = 8


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a shorthand, up to its first fault, and its faults; raises InputError for a wrong option."""
    choices = chosen(settings, CHOICES)
    try:
        units = [(unit, said) for unit in units_of(source.text) for said in [_said(unit)]]
    except Fault as fault:
        return NetRows(source).graph(), (fault.diagnostic,)
    unknown = tuple(_unknown(unit) for unit, said in units if said is None)[:20]
    if unknown:
        return NetRows(source).graph(), tuple(dict.fromkeys(unknown))
    return _Reader(source, input_size, choices, settings or {}, [(unit, said) for unit, said in units if said]).read()


def _said(unit: Unit) -> Meaning | None:
    return meaning(unit.text)


def _unknown(unit: Unit) -> Diagnostic:
    near = nearest_unit(unit.text)
    advice = f"did you mean `{near}`? " if near else ""
    message = f"`{unit.text[:40]}` means nothing in a shorthand"
    return Diagnostic("unknown-unit", message, unit.span, help=f"{advice}{EXAMPLES}")


class _Reader:
    """Makes the rows of one shorthand; `notes` is what was taken for granted, by what it is about."""

    def __init__(
        self,
        source: Source,
        input_size: str | None,
        choices: Mapping[str, str],
        settings: Mapping[str, str],
        units: list[tuple[Unit, Meaning]],
    ) -> None:
        self.choices = choices
        self.settings = settings
        self.units = [(unit, said) for unit, said in units for _ in range(said.copies)]
        self.notes: dict[str, str] = {}
        self.says_activations = any(said.kind == "word" and said.word in _ALONE for _, said in units)
        self.dense = {place for place, (_, said) in enumerate(self.units) if self._is_dense(place, said)}
        self.last_dense = max(self.dense, default=-1)
        order: Order = "channels_first" if self._channels_first() else "channels_last"
        self.rows = NetRows(source, input_size, order)

    def read(self) -> tuple[Graph, tuple[Diagnostic, ...]]:
        faults: tuple[Diagnostic, ...] = ()
        try:
            self._input()
            for place, (unit, said) in enumerate(self.units):
                if place or not self._begins_with_input():
                    self._unit(place, unit, said)
        except Fault as fault:
            faults = (fault.diagnostic,)
        graph = self.rows.graph(self._warnings())
        if not faults:
            self.rows.refuse_unused_size(graph)
        return graph, faults

    # ------------------------------------------------------------------ what is taken for granted
    def _warnings(self) -> tuple[Diagnostic, ...]:
        if not self.notes:
            return ()
        message = f"not written, so assumed: {'; '.join(self.notes.values())}"
        advice = "`cnncalc convert MODEL --to spec` writes the net line by line, to be changed there"
        return (Diagnostic("assumed-meaning", message, self.units[0][0].span, help=advice, severity="warning"),)

    def _assume(self, name: str, note: str) -> None:
        """Keep a note about one of the CHOICES, unless `--set` has made that choice."""
        if name not in self.settings:
            self.notes.setdefault(name, note)

    # ------------------------------------------------------------------ the input
    def _begins_with_input(self) -> bool:
        return bool(self.units) and self.units[0][1].kind in ("input", "sizes")

    def _channels_first(self) -> bool:
        sizes = self.units[0][1].sizes if self._begins_with_input() else ()
        return len(sizes) == 3 and sizes[0] < sizes[2] and sizes[0] != sizes[1]

    def _is_dense(self, place: int, said: Meaning) -> bool:
        return said.kind in ("dense", "last") or (place > 0 and said.kind == "sizes" and len(said.sizes) == 1)

    def _input(self) -> None:
        if not self.units:
            raise Fault("empty-text", "there is no unit in this shorthand", Span(1, 1), help=EXAMPLES)
        unit, said = self.units[0]
        if not self._begins_with_input() or not said.sizes:
            self.rows.asked_input(unit.span, "28x28x1")
        else:
            self.rows.input(self._input_sizes(said.sizes, unit), unit.span)

    def _input_sizes(self, sizes: Sizes, unit: Unit) -> Sizes:
        if len(sizes) == 2:
            size = "x".join(map(str, sizes))
            self.notes["input"] = f"{size} has one channel (`{size}x3` has three)"
            return (*sizes, 1)
        slides = any(said.kind in ("conv", "bare conv", "max", "avg", "map") for _, said in self.units)
        return _picture(sizes[0], unit, self.notes) if len(sizes) == 1 and slides else sizes

    # ------------------------------------------------------------------ the units
    def _unit(self, place: int, unit: Unit, said: Meaning) -> None:
        if said.kind in ("bare conv", "bare dense", "bare dropout"):
            raise _bare(unit, said.kind)
        if said.kind == "conv":
            self._row(unit, self._conv(unit, said), self._activation(place))
        elif said.kind in ("max", "avg"):
            self._row(unit, self._pool(unit, said))
        elif said.kind == "map":
            self._row(unit, self._map(unit, said), *self._activation_of_map(said))
        elif place in self.dense:
            self._dense(place, unit, said)
        elif said.kind == "dropout":
            self._row(unit, layer_class("dropout")(rate=said.rate))  # type: ignore[call-arg]
        elif said.kind in ("word", "global"):
            word = {"last": "softmax"}.get(said.word, said.word)
            order = {"order": self.rows.order} if word == "flatten" else {}
            self._row(unit, layer_class(word)(**order))
        elif said.kind == "last":
            self._row(unit, layer_class("softmax")())
        elif said.kind != "output":
            message = f"`{unit.text}` is the size of an input, which is the first unit"
            raise Fault("unknown-unit", message, unit.span, help="write it first, or leave it out")

    def _row(self, unit: Unit, *layers: Layer | None) -> None:
        arguments = {"kernel_size": unit.span, "filters": unit.span, "units": unit.span, "stride": unit.span}
        try:
            self.rows.row([Placed(layer, unit.span, arguments) for layer in layers if layer is not None])
        except Fault as fault:
            raise self._with_setting(fault) from None

    def _with_setting(self, fault: Fault) -> Fault:
        """The fault with the option that ends it, where the padding is one that is assumed."""
        found = fault.diagnostic
        if found.code != "kernel-too-large" or found.span is None or self.choices["padding"] == "same":
            return fault
        advice = "--set padding=same keeps the size of maps; or write a smaller kernel, or a larger input"
        return Fault(found.code, found.message, found.span, label=found.label, notes=found.notes, help=advice)

    def _sizes(self, sizes: Sizes, unit: Unit) -> Sizes:
        """The sizes of a window, on every axis that arrives."""
        if 0 in sizes or len(sizes) > 3:
            raise Fault(
                "number-too-small", f"`{unit.text}` has no size that slides", unit.span, help="write at least 1"
            )
        return sizes * self.rows.shape().rank if len(sizes) == 1 and self.rows.shape().rank else sizes

    def _padding(self, unit: Unit, said: Meaning) -> Padding:
        if said.padding:
            sides = Padding("explicit", ((int(said.padding),) * 2,)) if said.padding.isdigit() else None
            return sides or PADDING_WORDS[said.padding]
        if unit.paper and "padding" not in self.settings:
            self.notes.setdefault("paper", "`conv3-64` keeps the size, as in VGG's paper (`--set padding=valid`)")
            return PADDING_WORDS["same"]
        self._assume(
            "padding", "no padding, as in Ciresan et al. 2011 (`--set padding=same`, usual too, keeps the size)"
        )
        return PADDING_WORDS[self.choices["padding"]]

    def _conv(self, unit: Unit, said: Meaning) -> Layer:
        return layer_class("conv")(  # type: ignore[call-arg]
            filters=_at_least_one(said.filters, unit),
            kernel_size=self._sizes(said.sizes, unit),
            stride=(said.stride or 1,),
            padding=self._padding(unit, said),
        )

    def _activation(self, place: int) -> Layer | None:
        """What follows a layer where no unit says an activation."""
        following = self.units[place + 1][1].word if place + 1 < len(self.units) else ""
        if self.says_activations or following == "softmax":
            return None
        if place == self.last_dense:
            self._assume("last", "softmax at the end (`--set last=none`)")
            word = self.choices["last"]
        else:
            self._assume("activation", "relu after each layer with weights (`--set activation=tanh`, or none)")
            word = self.choices["activation"]
        return None if word == "none" else layer_class(word)()

    def _pool(self, unit: Unit, said: Meaning) -> Layer:
        letter = unit.text.lower().lstrip("0123456789 x").rstrip("0123456789 x")
        kind = said.kind
        if kind == "max" and letter in ("p", "pool", "pooling"):
            kind = self.choices["pool"]
            self._assume("pool", "P is a max pool (`--set pool=avg`)")
        if not said.sizes:
            self.notes.setdefault("window", f"{unit.text} is a 2x2 pool (`MP3` is 3x3)")
        if not said.stride:
            self.notes.setdefault("stride", "pools move by their own size (`MP3S2` moves by 2)")
        return layer_class(_POOLS[kind])(  # type: ignore[call-arg]
            kernel_size=self._sizes(said.sizes or (2,), unit), stride=(said.stride,) if said.stride else None
        )

    def _dense(self, place: int, unit: Unit, said: Meaning) -> None:
        if self.rows.shape().rank:
            self.rows.row([Placed(layer_class("flatten")(order=self.rows.order), unit.span)])  # type: ignore[call-arg]
        count = _at_least_one(said.filters or (said.sizes[0] if said.sizes else 0), unit)
        dense = layer_class("dense")(units=count)  # type: ignore[call-arg]
        if said.word in ("softmax", "sm"):
            self._row(unit, dense, layer_class("softmax")())
        elif said.word == "svm":
            self._row(unit, dense)
        else:
            self._row(unit, dense, self._activation(place))

    def _map(self, unit: Unit, said: Meaning) -> Layer:
        """What makes a map of the size that a figure shows: a convolution with stride 1, or a pool."""
        arriving = self.rows.shape()
        wanted = "x".join(map(str, said.sizes))
        if _is_kernel(unit, arriving, said.sizes):
            return self._conv(unit, said)
        self.notes.setdefault(
            "map", "sizes of maps come from kernels without padding that move by 1, or from whole pools"
        )
        kernel = tuple(before - after + 1 for before, after in zip(arriving.spatial, said.sizes, strict=False))
        if said.filters == arriving.channels and arriving.rank == 2:
            window = tuple(
                before // after if after else 0 for before, after in zip(arriving.spatial, said.sizes, strict=True)
            )
            if min(window) > 1 and all(
                w * n == m for w, n, m in zip(window, said.sizes, arriving.spatial, strict=True)
            ):
                kind = "avgpool" if unit.text[0] in "sS" else "maxpool"
                return layer_class(kind)(kernel_size=window)  # type: ignore[call-arg]
        if arriving.rank != 2 or min(kernel) < 1 or 0 in said.sizes:
            message = f"no kernel and no pool makes {wanted} of {arriving.spatial_text} for certain"
            raise Fault("unknown-unit", message, unit.span, help=f"write the layer itself: {EXAMPLES}")
        return layer_class("conv")(filters=_at_least_one(said.filters, unit), kernel_size=kernel)  # type: ignore[call-arg]

    def _activation_of_map(self, said: Meaning) -> Iterator[Layer | None]:
        if self.rows.shape().channels != said.filters:
            yield self._activation(len(self.units))


def _is_kernel(unit: Unit, arriving: Shape, sizes: Sizes) -> bool:
    """Whether `C6@5x5` says a kernel: C stands before it without a colon, and it is smaller than half of the map."""
    return unit.text[0] in "cC" and ":" not in unit.text and 2 * max(sizes) < min(arriving.spatial or (0,))


def _picture(count: int, unit: Unit, notes: dict[str, str]) -> Sizes:
    """The picture that has so many numbers: 784 is 28x28x1, 3072 is 32x32x3."""
    for channels in (1, 3):
        side = isqrt(count // channels)
        if side * side * channels == count and side >= _SMALLEST_PICTURE:
            notes["input"] = f"{count} numbers are a picture of {side}x{side}x{channels}"
            return (side, side, channels)
    message = f"{count} numbers are no square picture with 1 or 3 channels"
    raise Fault("unknown-unit", message, unit.span, help="write height, width and channels: `28x28x1-32C5-P2`")


def _at_least_one(count: int, unit: Unit) -> int:
    if count < 1:
        raise Fault("number-too-small", f"`{unit.text}` would make 0 channels", unit.span, help="write at least 1")
    return count


def _bare(unit: Unit, kind: str) -> Fault:
    what, example = {
        "bare conv": ("convolution", "`CONV 32 5x5`, or `32C5` for 32 filters of 5x5"),
        "bare dense": ("dense layer", "`FC 512`, or `512FC`"),
        "bare dropout": ("dropout", "`D0.5`"),
    }[kind]
    return Fault(
        "missing-operand", f"`{unit.text[:40]}` names a {what} without its numbers", unit.span, help=f"write {example}"
    )
