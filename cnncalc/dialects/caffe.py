"""Caffe's .prototxt files: layers with their blobs, of the net as it is used (phase TEST).

A blob's name means what was written to it last, so that layers in place (top and bottom of one name) follow each other
as they do in Caffe.  Losses and measures are left out, and a warning names them.  `--set phase=TRAIN` and
`--set stage=NAME` choose other layers.  What each type of layer is stands in `cnncalc.dialects.caffe_layers`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import prod

from cnncalc.diagnostics import Diagnostic, Part, Source, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.caffe_layers import KINDS
from cnncalc.dialects.caffe_phases import State, is_used
from cnncalc.dialects.net_rows import Made, NetRows, Placed, chosen
from cnncalc.dialects.prototxt_text import Message, message_of
from cnncalc.geometry import Padding
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import layer_class

_DATA = ("data", "imagedata", "hdf5data", "memorydata", "dummydata", "windowdata", "annotateddata", "input")
_MEASURES = ("loss", "accuracy")
_LEFT_OUT = ("silence", "argmax", "softmaxwithloss", "hdf5output", "detectionevaluate")
_EXAMPLE = "3x224x224"


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a prototxt, up to its first fault, and its faults; raises InputError for a wrong option."""
    wanted = dict(settings or {})
    stage = wanted.pop("stage", "")
    phase = chosen(wanted, {"phase": ("TEST", "TRAIN")})["phase"]
    source = replace(source, parts=source.parts or (Part(1, source.name),))
    try:
        net = message_of(source.text)
    except Fault as fault:
        return NetRows(source).graph(), (fault.diagnostic,)
    return _Net(net, source, input_size, State(phase, stage or "deploy")).read()


class _Net:
    """Makes the rows of one net; `blobs` says which node a name means, None for what is no map (labels)."""

    def __init__(self, net: Message, source: Source, input_size: str | None, state: State) -> None:
        self.net = net
        self.state = state
        self.rows = NetRows(source, input_size, "channels_first")
        self.blobs: dict[str, int | None] = {}
        self.left_out: list[tuple[str, Span]] = []
        self.weights: dict[tuple[str, ...], int] = {}
        self.joined: set[int] = set()
        """Scale layers that the batch norm before them has taken in, by identity."""
        self._special: dict[str, Callable[[Message, list[int]], None]] = {
            "concat": self._concat,
            "eltwise": self._eltwise,
            "slice": self._slice,
            "split": lambda layer, read: self._tops(layer, read * len(layer.texts("top"))),
            "crop": self._crop,
            "reshape": self._reshape,
            "axpy": self._axpy,
        }

    def read(self) -> tuple[Graph, tuple[Diagnostic, ...]]:
        faults: tuple[Diagnostic, ...] = ()
        try:
            layers = self._layers()
            faults = self._unknown_types(layers)
            self._inputs()
            for place, layer in enumerate(layers):
                if id(layer) not in self.joined and not (faults and _type(layer) not in self._known()):
                    self._layer(layer, layers[place + 1] if place + 1 < len(layers) else None)
                elif faults and id(layer) not in self.joined:
                    break
        except Fault as fault:
            faults = faults or (*faults, fault.diagnostic)
        graph = self.rows.graph(self._warnings(), self.net.text("name")[:200])
        if not faults:
            if not graph.nodes:
                message = "there is no layer in this file"
                return graph, (
                    Diagnostic("empty-model", message, Span(1, 1), help="take the file that has `layer { }`"),
                )
            self.rows.refuse_unused_size(graph)
        return graph, faults

    def _warnings(self) -> tuple[Diagnostic, ...]:
        if not self.left_out:
            return ()
        names = ", ".join(name for name, _ in self.left_out[:8])
        more = f" and {len(self.left_out) - 8} more" if len(self.left_out) > 8 else ""
        message = f"left out, since a net that is used has no losses and measures: {names}{more}"
        return (Diagnostic("left-out", message, self.left_out[0][1], severity="warning"),)

    # ------------------------------------------------------------------ which layers there are
    def _layers(self) -> list[Message]:
        layers = [*self.net.messages("layer"), *self.net.messages("layers")]
        old = next((layer for layer in layers if "layer" in layer), None)
        if old is not None:
            message = "this prototxt is in the form of before 2014, with a `layer` in each of its `layers`"
            raise Fault("broken-prototxt", message, old.span, help="Caffe's upgrade_net_proto_text writes today's form")
        return [layer for layer in layers if is_used(layer, self.state)]

    def _known(self) -> set[str]:
        return {*KINDS, *self._special, *_DATA, *_LEFT_OUT}

    def _unknown_types(self, layers: list[Message]) -> tuple[Diagnostic, ...]:
        """A fault for each type that there is no layer for."""
        found: dict[str, Diagnostic] = {}
        for layer in layers:
            kind, written = _type(layer), layer.text("type")
            if kind in self._known() or kind.endswith(_MEASURES):
                continue
            known = [*(one.title() for one in KINDS), "InnerProduct", "BatchNorm", "Concat", "Eltwise", "Data", "Input"]
            message = f"there is no layer for Caffe's `{written[:40]}`" if written else "a layer without a type"
            advice = did_you_mean(written, known, "the layers of ours are listed by `cnncalc explain layers`")
            found.setdefault(kind, Diagnostic("no-such-layer", message, layer.place("type"), help=advice))
        return tuple(found.values())[:20]

    # ------------------------------------------------------------------ inputs
    def _inputs(self) -> None:
        """The inputs of the whole net: `input` with `input_dim` or `input_shape`."""
        names = self.net.scalars("input")
        dims, shapes = self.net.wholes("input_dim"), self.net.messages("input_shape")
        for place, name in enumerate(names):
            sizes = shapes[place].wholes("dim") if place < len(shapes) else dims[4 * place : 4 * place + 4]
            self.blobs[name.text] = self._input(sizes, name.span, name.text)

    def _input(self, sizes: list[int], span: Span, name: str | None) -> int | None:
        """An input with a batch before its sizes; without sizes that of `--input`."""
        if not sizes:
            return self.rows.asked_input(span, _EXAMPLE, name)
        if len(sizes) == 1:
            return None
        if 0 in sizes[1:] or len(sizes) > 5 or max(sizes) > 10**9:
            raise Fault("unfit-value", f"{'x'.join(map(str, sizes))} is no size of an input", span)
        return self.rows.input(tuple(sizes[1:]), span, name)

    def _data(self, layer: Message, kind: str) -> None:
        tops = layer.scalars("top")
        if not tops:
            return
        for place, top in enumerate(tops):
            is_label = (place > 0 and kind not in ("input", "dummydata", "hdf5data")) or top.text.startswith("label")
            if is_label:
                self.blobs[top.text] = None
            else:
                self.blobs[top.text] = self._input(_data_sizes(layer, kind, place), layer.span, top.text)

    # ------------------------------------------------------------------ layers
    def _layer(self, layer: Message, following: Message | None) -> None:
        kind, name = _type(layer), layer.text("name")
        if kind in _DATA:
            self._data(layer, kind)
            return
        if kind.endswith(_MEASURES) or kind in _LEFT_OUT:
            self.left_out.append((name or layer.text("type"), layer.span))
            return
        read = self._read(layer)
        if kind in self._special:
            self._special[kind](layer, read)
        elif kind == "scale" and len(read) == 2:
            self._tops(layer, [self._row(layer, [(layer_class("mul")(), {})], tuple(read))])
        else:
            self._one(layer, kind, read, following)

    def _read(self, layer: Message) -> list[int]:
        """The nodes that a layer reads."""
        found = []
        for bottom in layer.scalars("bottom"):
            if bottom.text not in self.blobs:
                advice = self._other_stage(bottom.text) or "a layer above needs it as its `top`"
                advice = did_you_mean(bottom.text, self.blobs, advice)
                raise Fault("unknown-input", f"no layer above makes `{bottom.text[:60]}`", bottom.span, help=advice)
            node = self.blobs[bottom.text]
            if node is None:
                message = f"`{bottom.text[:60]}` is a label, which no layer of a net works on"
                raise Fault("unknown-input", message, bottom.span)
            found.append(node)
        if not found:
            raise Fault("missing-member", "`bottom` is missing here", layer.span, help="name what the layer works on")
        return found

    def _other_stage(self, blob: str) -> str:
        """What to set so that a layer which makes the blob is used."""
        for layer in (*self.net.messages("layer"), *self.net.messages("layers")):
            for rule in layer.messages("include") if blob in layer.texts("top") else ():
                said = {"phase": rule.text("phase", self.state.phase), "stage": rule.text("stage", self.state.stage)}
                changed = [f"--set {name}={text}" for name, text in said.items() if text != getattr(self.state, name)]
                if changed:
                    return f"a layer of another stage or phase makes it: {' '.join(changed)}"
        return ""

    def _tops(self, layer: Message, nodes: list[int]) -> None:
        for top, node in zip(layer.texts("top") or layer.texts("bottom")[:1], nodes, strict=False):
            self.blobs[top] = node

    def _row(self, layer: Message, made: Made, inputs: tuple[int, ...], label: str | None = None) -> int:
        """The rows of what a layer of Caffe makes: each of ours one, the last with its name."""
        name = label or layer.text("name") or None
        place = layer.place("type") if "type" in layer else layer.span
        for step, (own, spans) in enumerate(made, 1):
            named = name if step == len(made) and name not in self.rows.labels else None
            inputs = (self.rows.row([Placed(own, place, spans)], inputs, named),)
        return inputs[0]

    def _one(self, layer: Message, kind: str, read: list[int], following: Message | None) -> None:
        """A layer of one input; several inputs with as many tops are each worked on."""
        what = KINDS[kind]
        param = layer.message(what.parameters)
        param.refuse_unknown(what.fields, f"`{what.parameters}`")
        results = []
        for node in read:
            made = what.make(param, self.rows.shape(node))
            if kind == "batchnorm" and following is not None and len(read) == 1:
                made = self._with_scale(layer, made, following)
            results.append(self._row(layer, made, (node,)))
            self._share(layer, results[-1])
        self._tops(layer, results)
        if following is not None and id(following) in self.joined:
            self._tops(following, results)
            self.rows.labels.setdefault(following.text("name"), len(self.rows.builder.rows) - 1)

    def _with_scale(self, layer: Message, made: Made, following: Message) -> Made:
        """Batch norm with the factors and shifts of the Scale that follows it, as other programs have it in one."""
        param = following.message("scale_param")
        top = (layer.texts("top") or layer.texts("bottom"))[-1]
        plain = not {"axis", "num_axes"} & {name.text for name, _ in param.fields}
        if _type(following) != "scale" or following.texts("bottom") != [top] or not plain:
            return made
        self.joined.add(id(following))
        (norm, places), *_ = made
        biased = param.flag("bias_term", otherwise=False)
        return [(replace(norm, scale=True, shift=biased), places)]  # type: ignore[type-var]

    def _share(self, layer: Message, node: int) -> None:
        """Let a layer use the weights of the one above whose `param` names are the same."""
        names = tuple(param.text("name") for param in layer.messages("param"))
        if not names or not all(names):
            return
        lender = self.weights.setdefault(names, node)
        nodes = self.rows.builder.nodes
        if lender != node and self.rows.builder.weights_of(lender) == self.rows.builder.weights_of(node):
            nodes[node] = nodes[node]._replace(shares=lender)

    # ------------------------------------------------------------------ layers of several blobs
    def _concat(self, layer: Message, read: list[int]) -> None:
        param = layer.message("concat_param")
        if (param.signed("axis") or param.signed("concat_dim") or [1])[-1] != 1:
            raise Fault("no-such-layer", "only channels are put one after the other", param.place("axis", "concat_dim"))
        node = read[0] if len(read) == 1 else self._row(layer, [(layer_class("concat")(), {})], tuple(read))
        self._tops(layer, [node])

    def _eltwise(self, layer: Message, read: list[int]) -> None:
        param = layer.message("eltwise_param")
        operation = param.text("operation", "SUM").upper()
        word = {"SUM": "add", "1": "add", "PROD": "mul", "0": "mul", "MAX": "max", "2": "max"}.get(operation)
        if word is None:
            raise Fault("unfit-value", f"`{operation[:20]}` is not PROD, SUM or MAX", param.place("operation"))
        coefficients = param.reals("coeff")
        if word == "add" and coefficients and len(coefficients) != len(read):
            raise Fault("unfit-value", f"{len(coefficients)} coefficients for {len(read)} blobs", param.place("coeff"))
        if word == "add" and coefficients == [1.0, -1.0]:
            word = "sub"
        elif word == "add":
            read = [
                self._times(layer, node, factor)
                for node, factor in zip(read, coefficients or [1.0] * len(read), strict=True)
            ]
        self._tops(layer, [self._row(layer, [(layer_class(word)(), {})], tuple(read))])

    def _times(self, layer: Message, node: int, factor: float) -> int:
        if factor == 1:
            return node
        return self.rows.row([Placed(layer_class("scale")(factor=factor), layer.span)], (node,))  # type: ignore[call-arg]

    def _slice(self, layer: Message, read: list[int]) -> None:
        param, tops = layer.message("slice_param"), layer.texts("top")
        if (param.signed("axis") or param.signed("slice_dim") or [1])[-1] != 1:
            raise Fault("no-such-layer", "only channels are sliced", param.place("axis", "slice_dim"))
        channels, points = self.rows.shape(read[0]).channels, param.wholes("slice_point")
        if not points and tops:
            points = [channels * part // len(tops) for part in range(1, len(tops))]
        ends = [0, *points, channels]
        if len(ends) != len(tops) + 1 or (not param.wholes("slice_point") and channels % max(1, len(tops))):
            message = f"{channels} channels are not cut into {len(tops)} tops by this"
            raise Fault("unfit-value", message, param.place("slice_point"), help="write one slice_point less than tops")
        cuts: list[Layer] = [layer_class("slice")(channels=pair) for pair in itertools.pairwise(ends)]  # type: ignore[call-arg]
        self._tops(layer, [self._row(layer, [(cut, {})], (read[0],), top) for cut, top in zip(cuts, tops, strict=True)])

    def _crop(self, layer: Message, read: list[int]) -> None:
        """The first blob cut to the size of the second from `offset` on, on the axes from `axis` on."""
        param = layer.message("crop_param")
        if len(read) != 2:
            raise Fault("missing-label", "Crop takes two blobs: what is cut, and the size", layer.span)
        shape, wanted = self.rows.shape(read[0]), self.rows.shape(read[1])
        first = (param.signed("axis") or [2])[-1]
        first = first % (shape.rank + 2) - 2
        if first < 0 or shape.rank != wanted.rank:
            raise Fault("no-such-layer", "only the height and the width are cropped", param.place("axis"))
        offsets = param.wholes("offset") or [0]
        offsets = offsets * (shape.rank - first) if len(offsets) == 1 else offsets
        sides = [(0, 0)] * first
        for n, keep, offset in zip(shape.spatial[first:], wanted.spatial[first:], offsets, strict=False):
            if n - keep - offset < 0:
                message = f"{keep} of {n} from {offset} on are more than there are"
                raise Fault("crop-too-large", message, param.place("offset"))
            sides.append((offset, n - keep - offset))
        crop = layer_class("crop")(padding=Padding("explicit", tuple(sides)))  # type: ignore[call-arg]
        self._tops(layer, [self._row(layer, [(crop, {})], (read[0],))])

    def _reshape(self, layer: Message, read: list[int]) -> None:
        """The sizes that are written: 0 keeps one, -1 is what is left; the first is the images'."""
        param = layer.message("reshape_param")
        dims, shape = param.message("shape").signed("dim"), self.rows.shape(read[0])
        arriving = (0, *shape.sizes("channels_first"))
        if {"axis", "num_axes"} & {one.text for one, _ in param.fields} or not dims or dims[0] not in (0, -1, 1):
            message = "only a Reshape of all axes that keeps each image for itself is read"
            raise Fault("no-such-layer", message, param.place("axis", "num_axes", "shape"))
        sizes = [arriving[place] if dim == 0 and place < len(arriving) else dim for place, dim in enumerate(dims)][1:]
        if -1 in sizes:
            known = prod(size for size in sizes if size != -1)
            sizes[sizes.index(-1)] = shape.elements // known if known > 0 else 0
        if not 0 < len(sizes) <= 4 or min(sizes) < 1:
            raise Fault("unfit-value", f"{'x'.join(map(str, dims))} is no shape", param.place("shape"))
        own = layer_class("reshape")(size=tuple(sizes), order="channels_first")  # type: ignore[call-arg]
        self._tops(layer, [self._row(layer, [(own, {"size": param.place("shape")})], (read[0],))])

    def _axpy(self, layer: Message, read: list[int]) -> None:
        """a * x + y, as SENet's programs have it: a is one number a channel."""
        if len(read) != 3:
            raise Fault("missing-label", "Axpy takes three blobs: a, x and y", layer.span)
        scaled = self.rows.row([Placed(layer_class("mul")(), layer.span)], (read[1], read[0]))
        self._tops(layer, [self._row(layer, [(layer_class("add")(), {})], (scaled, read[2]))])


def _type(layer: Message) -> str:
    return layer.text("type").replace("_", "").lower()


def _data_sizes(layer: Message, kind: str, place: int) -> list[int]:
    """The sizes of a blob of a data layer, with a batch before them; empty where the file does not say them."""
    transform, images = layer.message("transform_param"), layer.message("image_data_param")
    if kind in ("input", "dummydata"):
        param = layer.message("input_param" if kind == "input" else "dummy_data_param")
        shapes = param.messages("shape")
        if shapes:
            return shapes[min(place, len(shapes) - 1)].wholes("dim")
        found = [param.wholes(name) for name in ("num", "channels", "height", "width")]
        return [one[min(place, len(one) - 1)] for one in found] if all(found) else []
    if kind == "memorydata":
        param = layer.message("memory_data_param")
        return [1, *(param.whole(name, 0) for name in ("channels", "height", "width"))]
    old = layer.message({"data": "data_param", "imagedata": "image_data_param"}.get(kind, "window_data_param"))
    crop = transform.whole("crop_size", old.whole("crop_size", 0))
    gray = transform.flag("force_gray", otherwise=False) or not images.flag("is_color", otherwise=True)
    sides = [images.whole("new_height", 0), images.whole("new_width", 0)]
    sizes = [crop, crop] if crop else sides
    return [1, 1 if gray else 3, *sizes] if all(sizes) else []
