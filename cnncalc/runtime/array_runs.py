"""Running a net on arrays from Python: arrays in the net's own order in, arrays in that order out.

Weights are drawn or read once, and the engine is held against the readable kernels once for each number of images:
further runs cost what the net costs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.geometry import Order, Shape
from cnncalc.runtime.checked_run import Checked, checked_run
from cnncalc.runtime.compiling import cache_warnings
from cnncalc.runtime.not_finite import first_not_finite, line_of
from cnncalc.runtime.number_types import in_type, is_finite
from cnncalc.runtime.planning import plan, precision
from cnncalc.runtime.weights import Weights, load, seeded

Array = np.ndarray[Any, Any]


class ArrayRuns:
    """Runs one net; keeps the weights and the memory of the last run for the next."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._lock = Lock()
        self._weights: tuple[object, Weights] | None = None
        self._checked: tuple[int, Checked] | None = None

    def outputs(self, array: Any, weights: str | None, seed: int) -> Any:
        """What the net makes of the array; see `cnncalc.api.Model.run`."""
        inputs = self.volumes(array)
        with self._lock:
            results = self._run(self._loaded(weights, seed), inputs)
        ordered = outputs_in_order(self.analysis, results.values())
        return ordered[0] if len(ordered) == 1 else ordered

    def results(self, inputs: dict[str, Array], weights: Weights) -> dict[str, Array]:
        """The outputs by name, as `[n, c, z, y, x]`, for inputs that are so."""
        with self._lock:
            return self._run(weights, inputs)

    def volumes(self, array: Any) -> dict[str, Array]:
        """The arrays that are given, in the net's order, as `[n, c, z, y, x]` by the name of their input."""
        analysis, order = self.analysis, self.analysis.graph.order
        inputs: dict[str, Array] = {}
        if array is not None:
            for name, (given, shape) in _by_name(analysis, array).items():
                inputs[name] = _volume(in_type(_numbers(given), precision(analysis), "the array"), shape, order)
        return inputs

    def weights(self, path: str | None, seed: int) -> Weights:
        """The weights of a file, else drawn from a seed; they stay in memory for the next run."""
        with self._lock:
            return self._loaded(path, seed)

    def _loaded(self, weights: str | None, seed: int) -> Weights:
        """The weights of a file, as long as it does not change, or of a seed."""
        key = seed if weights is None else _state_of(Path(weights))
        if self._weights is None or self._weights[0] != key:
            dtype, self._checked = precision(self.analysis), None
            self._weights = (
                key,
                (seeded(self.analysis, seed, dtype) if weights is None else load(Path(weights), self.analysis, dtype)),
            )
            for warning in self._weights[1].warnings:
                warnings.warn(f"{warning.message}; {warning.help}", RuntimeWarning, stacklevel=4)
        return self._weights[1]

    def _run(self, weights: Weights, inputs: dict[str, Array]) -> dict[str, Array]:
        batch = max((len(volume) for volume in inputs.values()), default=1)
        if self._checked is None or self._checked[0] != batch:
            found, results = checked_run(plan(self.analysis, batch, weights.dtype), weights, inputs)
            self._checked = batch, found
        else:
            found = self._checked[1]
            results = found.ready.run(inputs)
        for warning in cache_warnings():
            warnings.warn(f"{warning.message}; {warning.notes[0]}", RuntimeWarning, stacklevel=4)
        if found.difference:
            warnings.warn(f"{self.analysis.graph.source.name}: {found.difference}", RuntimeWarning, stacklevel=4)
        if not all(map(is_finite, results.values())):
            self._say_not_finite(weights, inputs)
        return results

    def _say_not_finite(self, weights: Weights, inputs: dict[str, Array]) -> None:
        """Warn where the first number appears that is not finite."""
        first = first_not_finite(self.analysis, weights, inputs)
        if first is not None:
            node, said = first
            where = f"{self.analysis.graph.source.name}: {line_of(self.analysis, node)}: {said}"
            warnings.warn(where, RuntimeWarning, stacklevel=5)


def _state_of(path: Path) -> object:
    """What changes when a file is written anew; nothing can be kept where there is none."""
    try:
        state = path.stat()
    except OSError:
        return object()
    return str(path), state.st_mtime_ns, state.st_size


def _by_name(analysis: Analysis, given: Any) -> dict[str, tuple[Any, Shape]]:
    """What is given to each input, by its name, with the input's shape; an array alone is for the only input."""
    inputs = [node for node in analysis.nodes if node.node.is_input]
    open_inputs = [node for node in inputs if getattr(node.node.layer, "data", None) is None]
    shapes = {node.node.name: node.output for node in open_inputs or inputs}
    if not isinstance(given, Mapping):
        given = {next(iter(shapes)): given}
    other = next((name for name in given if name not in shapes), None)
    if other is not None or len(given) < len(shapes):
        missing = next((name for name in shapes if name not in given), "")
        message = (
            f"the net has no input called `{other}`" if other is not None else f"no array is given for `{missing}`"
        )
        pairs = ", ".join(f'"{name}": ARRAY' for name in shapes)
        raise input_error("several-inputs", message, help=f"give an array for each input: .run({{{pairs}}})")
    return {name: (given[name], shape) for name, shape in shapes.items()}


def _numbers(given: Any) -> Array:
    """What is given as an array.  Raises InputError where it holds no numbers."""
    array = np.asarray(given)
    if array.dtype.kind not in "biuf":
        raise input_error(
            "arrays-not-numbers",
            f"an array of numbers is wanted, not {type(given).__name__}",
            help="give an array; a picture's name is taken by .maps(...) and .why(...)",
        )
    return array


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


def outputs_in_order(analysis: Analysis, volumes: Iterable[Array]) -> tuple[Array, ...]:
    """The net's outputs, each `[n, c, z, y, x]`, with the axes that the net has, in its own order: `[n, y, x, c]`."""
    shapes = [analysis.nodes[node].output for node in analysis.graph.outputs]
    return tuple(_in_order(one, shape, analysis.graph.order) for one, shape in zip(volumes, shapes, strict=True))


def _in_order(values: Array, shape: Shape, order: Order) -> Array:
    volume = values.reshape(len(values), shape.channels, *shape.spatial)
    return volume if order == "channels_first" else np.moveaxis(volume, 1, -1)
