"""Running a net on an array from Python: arrays in the net's own order in, arrays in that order out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.geometry import Order, Shape
from cnncalc.runtime.planning import plan, precision
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import load, seeded

Array = np.ndarray[Any, Any]


def outputs_of(analysis: Analysis, array: Any, weights: str | None, seed: int) -> Any:
    """What the net makes of the array; see `cnncalc.api.Model.run`."""
    order, dtype = analysis.graph.order, precision(analysis)
    loaded = seeded(analysis, seed, dtype) if weights is None else load(Path(weights), analysis, dtype)
    inputs: dict[str, Array] = {}
    if array is not None:
        first = next(node for node in analysis.nodes if not node.node.inputs)
        inputs[first.node.name] = _volume(np.asarray(array, dtype), first.output, order)
    batch = max((len(volume) for volume in inputs.values()), default=1)
    results = prepare(plan(analysis, batch, dtype), loaded).run(inputs)
    shapes = (analysis.nodes[node].output for node in analysis.graph.outputs)
    ordered = tuple(_in_order(values, shape, order) for values, shape in zip(results.values(), shapes, strict=True))
    return ordered[0] if len(ordered) == 1 else ordered


def _volume(array: Array, shape: Shape, order: Order) -> Array:
    """`[n, c, z, y, x]` of one image or several; one channel's axis may be missing."""
    sizes = shape.sizes(order)
    fitting = sizes if array.shape[-len(sizes) :] == sizes or shape.channels > 1 else shape.spatial
    if array.shape[-len(fitting) :] != fitting or array.ndim > len(fitting) + 1:
        found = "x".join(map(str, array.shape)) or "a single number"
        raise input_error(
            "input-shape",
            f"the array is {found}, but the net takes {shape.text(order)}",
            help="give one image in this order, or several with a batch axis in front",
        )
    batched = array.reshape(-1, *sizes)
    first = batched if order == "channels_first" else np.moveaxis(batched, -1, 1)
    return np.ascontiguousarray(first).reshape(len(batched), shape.channels, *(1,) * (3 - shape.rank), *shape.spatial)


def _in_order(values: Array, shape: Shape, order: Order) -> Array:
    volume = values.reshape(len(values), shape.channels, *shape.spatial)
    return volume if order == "channels_first" else np.moveaxis(volume, 1, -1)
