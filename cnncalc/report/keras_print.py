"""The summary as Keras prints it: batch axis first, all parameters of a layer, the three totals at the end."""

from __future__ import annotations

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics.rendering import printable
from cnncalc.geometry import Order
from cnncalc.quantities import grouped, mebibytes
from cnncalc.report.notation import FLOAT32_BYTES

_BY_RANK = {
    "conv": "Conv{}D",
    "dwconv": "DepthwiseConv{}D",
    "sepconv": "SeparableConv{}D",
    "upconv": "Conv{}DTranspose",
    "local": "LocallyConnected{}D",
    "maxpool": "MaxPooling{}D",
    "avgpool": "AveragePooling{}D",
    "gap": "GlobalAveragePooling{}D",
    "gmp": "GlobalMaxPooling{}D",
    "pad": "ZeroPadding{}D",
    "crop": "Cropping{}D",
    "upsample": "UpSampling{}D",
}
_NAMES = {
    "input": "InputLayer",
    "bn": "BatchNormalization",
    "ln": "LayerNormalization",
    "gn": "GroupNormalization",
    "concat": "Concatenate",
    "mul": "Multiply",
    "relu": "ReLU",
    "leaky": "LeakyReLU",
    "prelu": "PReLU",
    "elu": "ELU",
}


def keras_print(analysis: Analysis, order: Order | None = None) -> str:
    """The table with one row an operation, as `model.summary()` shows it."""
    shown = order or analysis.graph.order
    rows = [(_name(node), _shape(node, shown), grouped(node.figures.total_params)) for node in analysis.nodes]
    first = max(28, *(len(name) + 2 for name, _, _ in rows)) if rows else 28
    second = max(26, *(len(shape) + 2 for _, shape, _ in rows)) if rows else 26
    width = first + second + max(15, *(len(params) + 2 for _, _, params in rows)) if rows else 69
    lines = [f'Model: "{printable(analysis.graph.title or analysis.graph.source.name)}"', "_" * width]
    lines.append(f" {'Layer (type)':<{first}}{'Output Shape':<{second}}Param #")
    lines.append("=" * width)
    lines += [f" {name:<{first}}{shape:<{second}}{params}" for name, shape, params in rows]
    figures = analysis.totals.figures
    totals = (
        ("Total params", figures.total_params),
        ("Trainable params", figures.params),
        ("Non-trainable params", figures.buffers),
    )
    lines += [
        "=" * width,
        *(f"{name}: {grouped(n)} ({mebibytes(n * FLOAT32_BYTES)})" for name, n in totals),
        "_" * width,
    ]
    return "\n".join(lines) + "\n"


def _name(node: NodeAnalysis) -> str:
    word = node.node.layer.word
    rank = (node.inputs[0] if node.inputs else node.output).rank
    kind = _BY_RANK[word].format(rank) if word in _BY_RANK else _NAMES.get(word, word.capitalize())
    return f"{node.node.name} ({kind})"


def _shape(node: NodeAnalysis, order: Order) -> str:
    return f"({', '.join(['None', *map(str, node.output.sizes(order))])})"
