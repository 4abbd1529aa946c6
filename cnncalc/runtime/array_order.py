"""Arrays as a Python user has them, in the net's own order, and as the runtime has them, `[n, c, z, y, x]`.

One image or several, of one input or of several by name, are made one thing: a dict of volumes by the input's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.geometry import Order, Shape
from cnncalc.runtime.given_numbers import numbers_of
from cnncalc.runtime.number_types import in_type
from cnncalc.runtime.planning import Precision, precision

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class NetInputs:
    """What a net takes: the shape of each input by its name, their order, and the type of a run.

    Inputs whose numbers the text states need nothing, and are left out unless all are such.
    """

    shapes: Mapping[str, Shape]
    order: Order
    dtype: Precision

    @classmethod
    def of(cls, analysis: Analysis) -> NetInputs:
        """Those of a net."""
        inputs = [node for node in analysis.nodes if node.node.is_input]
        open_inputs = [node for node in inputs if getattr(node.node.layer, "data", None) is None]
        shapes = {node.node.name: node.output for node in open_inputs or inputs}
        return cls(shapes, analysis.graph.order, precision(analysis))

    def volumes(self, given: ArrayLike | Mapping[str, ArrayLike] | None) -> dict[str, Array]:
        """The arrays that are given, in the net's order, as `[n, c, z, y, x]` by the name of their input.

        A view of what is given where it has the type of the run already.  Raises InputError.
        """
        if given is None:
            return {}
        found = {
            name: self._volume_of(array, name, f"the array for `{name}`" if len(self.shapes) > 1 else "the array")
            for name, array in self._by_name(given).items()
        }
        if len(found) > 1:
            _refuse_different_numbers(found)
        return found

    def _volume_of(self, array: ArrayLike, name: str, what: str) -> Array:
        return _volume(in_type(numbers_of(array, what), self.dtype, what), self.shapes[name], self.order, what)

    def _by_name(self, given: ArrayLike | Mapping[str, ArrayLike]) -> Mapping[str, ArrayLike]:
        """What is given to each input, by its name; an array alone is for the only input.  Raises InputError."""
        named = given if isinstance(given, Mapping) else {next(iter(self.shapes)): given}
        other = next((name for name in named if name not in self.shapes), None)
        missing = next((name for name in self.shapes if name not in named), None)
        if other is None and missing is None:
            return named
        message = f"no array is given for `{missing}`" if other is None else f"the net has no input called `{other}`"
        pairs = ", ".join(f'"{name}": ARRAY' for name in self.shapes)
        raise input_error("several-inputs", message, help=f"give an array for each input: .run({{{pairs}}})")


def _refuse_different_numbers(volumes: Mapping[str, Array]) -> None:
    """Raises InputError where inputs are given different numbers of images."""
    counts = {name: len(volume) for name, volume in volumes.items()}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{count} for `{name}`" for name, count in counts.items())
        message = f"different numbers of images are given: {listed}"
        raise input_error("input-shape", message, help="give as many images for each input")


def in_order(volume: Array, shape: Shape, order: Order) -> Array:
    """A volume `[n, c, z, y, x]` with the axes that the net has, in its own order: `[n, y, x, c]`."""
    values = volume.reshape(len(volume), shape.channels, *shape.spatial)
    return values if order == "channels_first" else np.moveaxis(values, 1, -1)


def _volume(array: Array, shape: Shape, order: Order, what: str) -> Array:
    """`[n, c, z, y, x]` of one image or several; one channel's axis may be missing."""
    sizes = shape.sizes(order)
    fitting = sizes if array.shape[-len(sizes) :] == sizes or shape.channels > 1 else shape.spatial
    if array.shape[-len(fitting) :] != fitting or array.ndim > len(fitting) + 1:
        found = "x".join(map(str, array.shape)) or "a single number"
        raise input_error(
            "input-shape",
            f"{what} is {found}, but the net takes {shape.text(order)}",
            help=_other_order(array, shape, order)
            or "give one image in this order, or several with a batch axis in front",
        )
    batched = array.reshape(-1, *sizes) if array.size else array.reshape(0, *sizes)
    first = batched if order == "channels_first" else np.moveaxis(batched, -1, 1)
    return first.reshape(len(batched), shape.channels, *(1,) * (3 - shape.rank), *shape.spatial)


def _other_order(array: Array, shape: Shape, order: Order) -> str:
    """How the channels are moved to where the net has them, where the array has them at the other end."""
    other, first = shape.sizes("channels_last" if order == "channels_first" else "channels_first"), -1 - shape.rank
    if array.shape[-len(other) :] != other or array.ndim not in (len(other), len(other) + 1):
        return ""
    there, here = ("last", f"x, -1, {first}") if order == "channels_first" else ("first", f"x, {first}, -1")
    return f"its channels come {there}: give numpy.moveaxis({here})"
