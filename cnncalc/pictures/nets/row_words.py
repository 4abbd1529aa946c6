"""What one row of a net is in a picture: its kind, the words above its arrow and those below it.

Words alone, from a row; which rows are drawn together, `net_rows` and `net_items` say.
"""

from __future__ import annotations

from cnncalc.analysis.model import RowAnalysis
from cnncalc.layers.registry import POST_WORDS, WORDS
from cnncalc.pictures.nets.items import Kind
from cnncalc.report.columns import dilation_text, kernel_text, padding_text, stride_text

KIND_OF: dict[str, Kind] = {
    **dict.fromkeys(("input",), "input"),
    **dict.fromkeys(("conv", "dwconv", "sepconv", "local"), "conv"),
    **dict.fromkeys(("maxpool", "avgpool", "sumpool", "l2pool", "subsample"), "pool"),
    **dict.fromkeys(("gap", "gmp", "adaptavg", "adaptmax"), "pool"),
    **dict.fromkeys(("upconv", "upsample", "depthtospace"), "up"),
    "dense": "dense",
    **dict.fromkeys(("add", "sub", "mul", "div", "max", "min", "avg", "absdiff", "concat"), "join"),
    **dict.fromkeys(("flatten", "reshape"), "flat"),
}
"""The kind of each layer; a layer that is not here is "other"."""

QUIET = frozenset({"dropout", "identity", "bn", "ln", "gn", "lrn", "scale"}) | frozenset(
    {"relu", "relu6", "leaky", "elu", "selu", "gelu", "silu", "hardswish", "hardsigmoid"}
    | {"sigmoid", "tanh", "softmax", "softplus", "mish", "prelu"}
)
"""Layers that leave the shape as it is: they become words below the arrow of what they read."""

WITH_NUMBERS = frozenset({"reduce", "slice", "crop", "pad", "padchannels", "shuffle", "scale", "shift", "affine"})
"""Layers whose name alone does not say what they do: their arguments follow it, as the net has them."""

NAMES = {"maxpool": "max pool", "avgpool": "avg pool", "gap": "global avg", "gmp": "global max"}


def kind_of(row: RowAnalysis) -> Kind:
    """The kind of volume that the row makes."""
    return KIND_OF.get(row.row.word, "other")


def name_of(row: RowAnalysis) -> str:
    """The layer's name in a picture: "max pool" for maxpool, "abs" for a function of numbers."""
    word = row.row.word
    if word == "function":
        return " ".join(arguments_of(row)) or word
    return NAMES.get(word, word)


def arguments_of(row: RowAnalysis) -> tuple[str, ...]:
    """What stands behind the row's first word, up to `from`, to `shared` and to the layers behind it."""
    words = row.row.text.split()
    found: list[str] = []
    for word in words[2 if words[0].endswith(":") else 1 :]:
        if word == "from" or word.startswith("shared") or WORDS.get(word.lower()) in POST_WORDS:
            break
        found.append(word)
    return tuple(found)


def words_of(row: RowAnalysis) -> tuple[str, ...]:
    """What stands above the arrow: the name, the window, the groups; nothing for an input."""
    if row.row.word == "input":
        return ()
    groups = getattr(row.nodes[0].node.layer, "groups", 1)
    numbers = arguments_of(row) if row.row.word in WITH_NUMBERS else ()
    return (*name_of(row).split(" "), *numbers, *window_of(row), *((f"{groups} groups",) if groups > 1 else ()))


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
    """The layers behind the row's first one, ("bn", "relu"), and whose weights it uses in place of its own."""
    return (*(node.node.layer.word for node in row.nodes[1:]), *_shared(row))


def quiet_words(row: RowAnalysis) -> tuple[str, ...]:
    """A quiet row as words below the arrow of what it reads: dropout with its rate, scale with its number."""
    numbers = arguments_of(row) if row.row.word in ("dropout", "scale") else ()
    return (" ".join((row.row.word, *numbers)), *after_of(row))


def _shared(row: RowAnalysis) -> tuple[str, ...]:
    lenders = dict.fromkeys(node.lender.name for node in row.nodes if node.lender)
    return tuple(f"weights of {name}" for name in lenders)
