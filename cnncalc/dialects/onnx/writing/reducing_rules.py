"""Reductions along axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from cnncalc.dialects.onnx.writing.layer_site import LayerSite

OPERATORS = {
    **{"mean": "ReduceMean", "sum": "ReduceSum", "max": "ReduceMax", "min": "ReduceMin", "prod": "ReduceProd"},
    "norm": "ReduceL2",
}
FLOAT = 1
"""ONNX' number of float32."""


def _reduce(site: LayerSite) -> str:
    """One number of all along the axes, which are left as 1 and then shown as the net has them."""
    how = site.numbers["how"]
    gone = [site.numbers["channels"], *site.axes("over")]
    axes = [axis for axis, over in enumerate(gone, 1) if over]
    made = _made(site, how, axes)
    kept = [1 if over else n for over, n in zip(gone, (site.shape.channels, *site.shape.spatial), strict=True)]
    is_shown = [site.output.channels, *site.output.spatial] == kept
    return made if is_shown else site.reshaped(made, site.dims(site.output))


def _made(site: LayerSite, how: str, axes: list[int]) -> str:
    if how in OPERATORS:
        return site.reduced(OPERATORS[how], site.x, axes)
    if how in ("argmax", "argmin"):
        op = "ArgMax" if how == "argmax" else "ArgMin"
        return site.put("Cast", site.put(op, site.x, axis=axes[0], keepdims=1), to=FLOAT)
    return _spread(site, how, axes)


def _spread(site: LayerSite, how: str, axes: list[int]) -> str:
    """The mean of the squares of what is more or less than the mean."""
    centred = site.put("Sub", site.x, site.reduced("ReduceMean", site.x, axes))
    squares = site.put("Mul", centred, centred)
    if site.numbers["unbiased"]:
        count = prod((site.shape.channels, *site.shape.spatial)[axis - 1] for axis in axes)
        made = site.put("Div", site.reduced("ReduceSum", squares, axes), site.number(count - 1))
    else:
        made = site.reduced("ReduceMean", squares, axes)
    return site.put("Sqrt", made) if how == "std" else made


RULES: Mapping[str, Callable[[LayerSite], str]] = {"reduce": _reduce}
