"""The summary as Keras prints it: batch axis first, all parameters of a layer, the three totals at the end."""

from __future__ import annotations

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics.rendering import printable
from cnncalc.geometry import Order
from cnncalc.quantities import grouped, mebibytes
from cnncalc.report.entries import Entry, entries
from cnncalc.report.notation import FLOAT32_BYTES
from cnncalc.report.summary import USUAL_CHOICES, Choices

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
    "sub": "Subtract",
    "max": "Maximum",
    "avg": "Average",
    "relu": "ReLU",
    "leaky": "LeakyReLU",
    "prelu": "PReLU",
    "elu": "ELU",
}


def keras_print(analysis: Analysis, choices: Choices = USUAL_CHOICES) -> str:
    """The rows of the summary as `model.summary()` shows them; `expand` gives batch norms and activations rows."""
    order = choices.order or analysis.graph.order
    shown = entries(analysis, expand=choices.expand, depth=choices.depth)
    rows = [
        (_name(entry, analysis), _shape(entry, order), grouped(entry.figures.total_params))
        for entry in shown
        if entry.is_layer and entry.figures is not None
    ]
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


def _name(entry: Entry, analysis: Analysis) -> str:
    """`c1 (Conv2D)`; a batch norm whose numbers are among the row's is named behind it: `c1 (Conv2D) + bn`."""
    rank = (entry.inputs or entry.outputs)[0].rank
    kind = (
        _BY_RANK[entry.word].format(rank) if entry.word in _BY_RANK else _NAMES.get(entry.word, entry.word.capitalize())
    )
    nodes = analysis.rows[entry.row].nodes[1:] if entry.kind == "row" else ()
    more = "".join(f" + {node.node.layer.word}" for node in nodes if node.weights)
    return f"{entry.name} ({kind}){more}"


def _shape(entry: Entry, order: Order) -> str:
    return f"({', '.join(['None', *map(str, entry.outputs[0].sizes(order))])})"
