"""What one row of a net is in a picture: its kind, the words above its arrow and those below it.

Words alone, from a row; which rows are drawn together, `net_rows` and `net_items` say.
"""

from __future__ import annotations

from cnncalc.analysis.model import RowAnalysis
from cnncalc.pictures.nets.items import Kind
from cnncalc.report.columns import dilation_text, kernel_text, padding_text, stride_text

KIND_OF: dict[str, Kind] = {
    **dict.fromkeys(("input",), "input"),
    **dict.fromkeys(("conv", "dwconv", "sepconv", "local"), "conv"),
    **dict.fromkeys(("maxpool", "avgpool", "sumpool", "l2pool", "subsample"), "pool"),
    **dict.fromkeys(("gap", "gmp", "adaptavg", "adaptmax"), "pool"),
    **dict.fromkeys(("upconv", "upsample", "depthtospace"), "up"),
    "dense": "dense",
    **dict.fromkeys(("add", "mul", "concat"), "join"),
    **dict.fromkeys(("flatten", "reshape"), "flat"),
}
"""The kind of each layer; a layer that is not here is "other"."""

QUIET = frozenset({"dropout", "identity", "bn", "ln", "gn", "lrn", "scale"}) | frozenset(
    {"relu", "relu6", "leaky", "elu", "selu", "gelu", "silu", "hardswish", "hardsigmoid"}
    | {"sigmoid", "tanh", "softmax", "softplus", "mish", "prelu"}
)
"""Layers that leave the shape as it is: they become words below the arrow of what they read."""

NAMES = {"maxpool": "max pool", "avgpool": "avg pool", "gap": "global avg", "gmp": "global max"}


def kind_of(row: RowAnalysis) -> Kind:
    """The kind of volume that the row makes."""
    return KIND_OF.get(row.row.word, "other")


def name_of(row: RowAnalysis) -> str:
    """The layer's name in a picture: "max pool" for maxpool."""
    return NAMES.get(row.row.word, row.row.word)


def words_of(row: RowAnalysis) -> tuple[str, ...]:
    """What stands above the arrow: the name, the window, the groups; nothing for an input."""
    if row.row.word == "input":
        return ()
    groups = getattr(row.nodes[0].node.layer, "groups", 1)
    return (*name_of(row).split(" "), *window_of(row), *((f"{groups} groups",) if groups > 1 else ()))


def window_of(row: RowAnalysis) -> tuple[str, ...]:
    """Kernel, stride, pads and dilation, each where it is not the usual one: ("5×5", "/2", "pad 2")."""
    node = row.nodes[0]
    if not node.inputs:
        return ()
    layer, rank = node.node.layer, node.inputs[0].rank
    if row.row.word == "upsample":
        factors = dict.fromkeys(getattr(layer, "factor", ()))
        return ("×" + "×".join(map(str, factors)),) if factors else ()
    found = []
    if kernel := kernel_text(layer, rank):
        found.append(kernel)
    if (stride := stride_text(layer, rank)) not in ("", "1"):
        found.append(f"stride {stride}" if row.row.word == "upconv" else f"/{stride}")
    if padding := padding_text(layer, rank):
        found.append(padding if padding.isalpha() else f"pad {padding}")
    if dilation := dilation_text(layer, rank):
        found.append(f"dil {dilation}")
    return tuple(one if one.isalpha() else one.replace("x", "×") for one in found)


def after_of(row: RowAnalysis) -> tuple[str, ...]:
    """The layers behind the row's first one: ("bn", "relu")."""
    return tuple(node.node.layer.word for node in row.nodes[1:])


def quiet_words(row: RowAnalysis) -> tuple[str, ...]:
    """A quiet row as words below the arrow of what it reads; dropout with its rate."""
    text = row.row.text if row.row.word == "dropout" else row.row.word
    return (text, *after_of(row))
