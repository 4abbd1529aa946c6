"""The summary as Keras prints it: batch axis first, all parameters of a layer, the three totals at the end."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.stored_bytes import BYTES, memory
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import Order
from cnncalc.quantities import grouped, mebibytes
from cnncalc.report.entries import Entry
from cnncalc.report.summary import USUAL_CHOICES, Choices, shown_entries

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
    "instancenorm": "GroupNormalization",
    "rmsnorm": "RMSNormalization",
    "l2norm": "UnitNormalization",
    "concat": "Concatenate",
    "mul": "Multiply",
    "sub": "Subtract",
    "max": "Maximum",
    "min": "Minimum",
    "avg": "Average",
    "relu": "ReLU",
    "leaky": "LeakyReLU",
    "prelu": "PReLU",
    "elu": "ELU",
}


def keras_print(analysis: Analysis, choices: Choices = USUAL_CHOICES) -> str:
    """The rows of the summary as `model.summary()` shows them; `expand` gives batch norms and activations rows."""
    order = choices.order or analysis.graph.order
    shown = shown_entries(analysis, choices._replace(every_copy=True))
    rows = [
        (_name(entry, analysis), _shape(entry, order), grouped(entry.figures.total_params))
        for entry in shown
        if (entry.is_layer or entry.kind == "rest") and entry.figures is not None
    ]
    first = max(28, *(len(name) + 2 for name, _, _ in rows)) if rows else 28
    second = max(26, *(len(shape) + 2 for _, shape, _ in rows)) if rows else 26
    width = first + second + max(15, *(len(params) + 2 for _, _, params in rows)) if rows else 69
    lines = [f'Model: "{printable(analysis.graph.heading or analysis.graph.source.shown)}"', "_" * width]
    lines.append(f" {'Layer (type)':<{first}}{'Output Shape':<{second}}Param #")
    lines.append("=" * width)
    lines += [f" {name:<{first}}{shape:<{second}}{params}" for name, shape, params in rows]
    lines += ["=" * width, *_totals(analysis, choices), "_" * width]
    return "\n".join(lines) + "\n"


def _totals(analysis: Analysis, choices: Choices) -> Iterator[str]:
    figures, bytes_of = analysis.totals.figures, memory(analysis.totals, choices.dtype)
    trainable, fixed = (counted * BYTES[choices.dtype] for counted in (figures.trainable_params, figures.fixed_params))
    yield f"Total params: {grouped(figures.total_params)} ({mebibytes(bytes_of.weights)})"
    yield f"Trainable params: {grouped(figures.trainable_params)} ({mebibytes(trainable)})"
    yield f"Non-trainable params: {grouped(figures.fixed_params)} ({mebibytes(fixed)})"


def _name(entry: Entry, analysis: Analysis) -> str:
    """`c1 (Conv2D)`; a batch norm whose numbers are among the row's is named behind it: `c1 (Conv2D) + bn`."""
    if entry.kind == "rest":
        return entry.text
    rank = (entry.inputs or entry.outputs)[0].rank
    kind = (
        _BY_RANK[entry.word].format(rank) if entry.word in _BY_RANK else _NAMES.get(entry.word, entry.word.capitalize())
    )
    nodes = analysis.rows[entry.row].nodes[1:] if entry.kind == "row" else ()
    more = "".join(f" + {node.node.layer.word}" for node in nodes if node.weights)
    return f"{entry.name} ({kind}){more}"


def _shape(entry: Entry, order: Order) -> str:
    if not entry.outputs:
        return ""
    return f"({', '.join(['None', *map(str, entry.outputs[0].sizes(order))])})"
