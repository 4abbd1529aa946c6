"""Modules that our own writer puts above a net: each is read as the layer that it was written for.

A class is known by its whole text; one that somebody changed is followed like every other.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from cnncalc.dialects.torch.writing.model_parts import HELPERS
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.geometry import Padding
from cnncalc.layers.attention import Attention
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.layers.connected import ConnectedConv
from cnncalc.layers.detection import Detection, Region, Yolo
from cnncalc.layers.fixed import FilterConv, FilterUpConv
from cnncalc.layers.local import Local
from cnncalc.layers.pointwise import Affine, Scale
from cnncalc.layers.sloped import PReLU
from cnncalc.matrices import matrix
from cnncalc.python.objects import Class
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Reading, Unknown

if TYPE_CHECKING:
    from cnncalc.dialects.torch.torch_modules import TorchModule

Ask = Callable[[str], Any]
"""The value of an attribute."""

Make = Callable[[Ask], Layer]


def read_as(cls: Class | None) -> Make | None:
    """How the layer of a class of the program is made; None where the class is none of ours."""
    if cls is None or cls.name not in _LAYERS or cls.node is None:
        return None
    return _LAYERS[cls.name] if ast.dump(cls.node) == _dumped(cls.name) else None


@cache
def _dumped(name: str) -> str:
    return ast.dump(ast.parse(HELPERS[name]).body[0])


def called(module: TorchModule, make: Make, arguments: Arguments, here: Reading) -> Tensor:
    """What the layer makes of the tensors that it is called with."""
    given = arguments.values
    if not given or not all(isinstance(one, Tensor) and not one.is_constant for one in given):
        raise PythonFault("python-error", f"{module.word} works on tensors of the net", here.span)

    def value(name: str) -> Any:
        found = module.attribute(name, here)
        if isinstance(found, Unknown):
            raise found.needed(f"{name} of {module.word}", here.span)
        return found

    module.is_read_whole = True
    tensors = tuple(channels_at(one, 1, here) for one in given)
    return tensors[0].trace.layer(make(value), tensors, here, module)


def _pairs(padding: Any) -> Padding:
    sides = padding if isinstance(padding, (tuple, list)) else (padding,)
    return Padding("explicit", tuple((rows, rows) for rows in sides)) if any(sides) else Padding()


def _sizes(value: Any) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _connected(value: Ask) -> Layer:
    table, weight = value("table"), value("weight")
    columns = [list(column) for column in zip(*table, strict=True)]
    return ConnectedConv(
        filters=len(table),
        kernel_size=weight.dims[1:],
        connect=NamedMatrix("table", matrix(columns)),
        stride=_sizes(value("stride")),
        padding=_pairs(value("padding")),
        bias=value("bias") is not None,
    )


def _local(value: Ask) -> Layer:
    weight = value("weight")
    return Local(
        filters=weight.dims[2],
        kernel_size=weight.dims[4:],
        stride=_sizes(value("stride")),
        padding=_pairs(value("padding")),
        bias=value("bias") is not None,
    )


def _yolo(value: Ask) -> Layer:
    style = "v5" if value("sigmoid_sizes") else "v3"
    stretch = float(value("stretch"))
    usual = 2.0 if style == "v5" else 1.0
    return Yolo(
        anchors=tuple(map(float, value("anchors"))),
        classes=value("classes"),
        style=style,
        stretch=None if stretch == usual else stretch,
    )


def _region(value: Ask) -> Layer:
    return Region(anchors=tuple(map(float, value("anchors"))), classes=value("classes"), softmax=value("softmax"))


def _detection(value: Ask) -> Layer:
    numbers = {name: value(name) for name in ("side", "boxes", "classes", "softmax")}
    return Detection(**numbers, sqrt=value("square_roots"))


def _affine(value: Ask) -> Layer:
    factors, offsets = (value(name).constant.values for name in ("factors", "offsets"))
    return Affine(factor=tuple(map(float, factors)), offset=tuple(map(float, offsets)))


def _fixed(value: Ask, made: type[FilterConv | FilterUpConv]) -> Layer:
    filters, options = value("filters"), value("options")
    weight = value("weight")
    rank = len(weight.dims) - (1 if made is FilterConv else 2)
    planes = filters[0] if rank == 3 else filters if rank == 2 else [[row] for row in filters]
    stride, dilation = (_sizes(options.get(name, 1)) for name in ("stride", "dilation"))
    more: dict[str, Any] = {"output_padding": _sizes(options["output_padding"])} if "output_padding" in options else {}
    named = NamedMatrix(f"filter{len(weight.trace.operations)}", matrix(*planes))
    padding = _pairs(options.get("padding", 0))
    return made(filter=named, stride=stride, dilation=dilation, padding=padding, **more)


def _prelu(_: Ask) -> Layer:
    return PReLU(slopes="all")


def _attention(value: Ask) -> Layer:
    return Attention(heads=value("heads"), bias=value("has_bias"), causal=value("causal"))


_LAYERS: Mapping[str, Make] = {
    "ConnectedConv2d": _connected,
    "LocalConv2d": _local,
    "Affine": _affine,
    "ElementPReLU": _prelu,
    "ElementScale": lambda _: Scale(each="all"),
    **{f"FixedConv{rank}d": partial(_fixed, made=FilterConv) for rank in (1, 2, 3)},
    **{f"FixedConvTranspose{rank}d": partial(_fixed, made=FilterUpConv) for rank in (1, 2, 3)},
    "Attention": _attention,
    "Yolo": _yolo,
    "Region": _region,
    "Detection": _detection,
}
"""By the name of the class."""
