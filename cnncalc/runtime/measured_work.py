"""Measures how much a layer computes, by the kernel that computes it in the run: fed with ones, it counts.

Inputs and weights of ones, no bias, and pads of ones (the edge, repeated) make every product 1, so the sum of all
outputs is the number of multiply-accumulates.  Pads count as if multiplied, as the formulas have it.  A pool is shown
single ones instead, so far apart that no window holds two: each (window, tap) pair lights one output, once.  Sums are
whole numbers below 2^53, so they are exact in float64; no formula for sizes or work is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import product
from math import prod
from typing import Any

import numpy as np

from cnncalc.layers.base import Cost
from cnncalc.runtime.execution import kernel_of
from cnncalc.runtime.planning import Step

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

EXACT = {"float32": 2**24, "float64": 2**53}
"""Below these, sums of whole numbers are exact."""

LARGEST_ONES = 2**24
"""A weight with more numbers is one single 1, repeated without memory; kernels read it more slowly."""

MOST_POOL_STEPS = 2 * 10**9
"""A pool whose measurement would take more compares or adds is not measured."""


def measured_macs(step: Step, arriving: Sequence[Shape], dtype: str) -> int:
    """The multiply-accumulates of one image that arrives in these shapes `(1, c, z, y, x)`.

    Every kernel with weights is measured, whatever is predicted of it, but for those of a single factor a number.
    """
    if step.kernel not in PRODUCTS and (not step.weights or step.kernel in FACTORS):
        return 0
    return MEASURES.get(step.kernel, _sum_of_products)(step, arriving, dtype)


def _sum_of_products(step: Step, arriving: Sequence[Shape], dtype: str, **given: Array) -> int:
    """The sum of all that the kernel makes of ones; `given` are weights that are other than ones."""
    inputs = [np.ones(shape, dtype) for shape in arriving]
    weights = {name: given.get(name, _ones(shape, dtype)) for name, shape in step.weights if name != "bias"}
    numbers = {**step.numbers, "fill": "edge"} if step.numbers.get("fill") == "zeros" else step.numbers
    out = kernel_of(step)(inputs, weights, numbers)
    if out.max(initial=0) >= EXACT[dtype] and dtype != "float64":
        exact = {name: array.astype("float64") for name, array in given.items()}
        return _sum_of_products(step, arriving, "float64", **exact)
    return round(float(out.sum(dtype=np.float64)))


def _sum_of_stamps(step: Step, arriving: Sequence[Shape], dtype: str) -> int:
    """Every stamp counts, also where the pads of a transposed convolution are cut off: so none is cut off."""
    nothing = dict.fromkeys(("before", "after", "output_padding"), (0, 0, 0))
    return _sum_of_products(replace(step, numbers={**step.numbers, **nothing}), arriving, dtype)


def _sum_of_both_stages(step: Step, arriving: Sequence[Shape], dtype: str) -> int:
    """First the depthwise stage, all of it added up by the first filter alone; then the 1x1 stage, over ones.

    The depthwise stage makes ones when a single tap of each of its kernels is 1.
    """
    shapes = dict(step.weights)
    depthwise, pointwise = (np.zeros(shapes[name], dtype) for name in ("depthwise_weight", "pointwise_weight"))
    depthwise[..., :1, :1, :1] = 1
    pointwise[:1] = 1
    first = _sum_of_products(step, arriving, dtype, pointwise_weight=pointwise)
    return first + _sum_of_products(step, arriving, dtype, depthwise_weight=depthwise)


Measure = Callable[[Step, Sequence[Shape], str], int]


class _Counted(np.ndarray[Any, Any]):
    """An array that notes how much every matrix product takes that is made with it."""

    macs = 0

    def __array_ufunc__(self, ufunc: np.ufunc, method: Any, *inputs: Any, **kwargs: Any) -> Any:
        plain = [np.asarray(one) for one in inputs]
        if "out" in kwargs:
            kwargs["out"] = tuple(np.asarray(one) for one in kwargs["out"])
        found = getattr(ufunc, method)(*plain, **kwargs)
        if ufunc is np.matmul:
            type(self).macs += found.size * plain[0].shape[-1]
        return found.view(type(self))


def _products_of_matrices(step: Step, arriving: Sequence[Shape], dtype: str) -> int:
    """The kernel runs on arrays that count: each product of matrices takes a MAC for each number of a row it reads."""

    class Counted(_Counted):
        pass

    inputs = [np.ones(shape, dtype).view(Counted) for shape in arriving]
    weights = {name: np.ones(shape, dtype).view(Counted) for name, shape in step.weights}
    kernel_of(step)(inputs, weights, step.kernel_numbers)
    return Counted.macs


MEASURES: Mapping[str, Measure] = {
    "sepconv": _sum_of_both_stages,
    "upconv": _sum_of_stamps,
    "attention": _products_of_matrices,
}
"""What the sum of all outputs is not enough for; the other kernels with weights are measured by it."""

PRODUCTS = ("matmul",)
"""Kernels that multiply what arrives by what arrives: they accumulate without weights."""

FACTORS = (
    *("learned", "bn", "ln", "gn", "rmsnorm", "subsample"),
    *("scale", "scale_all", "shift", "shift_all", "prelu", "prelu_all"),
)
"""Kernels whose weights are factors and offsets of single numbers: they accumulate nothing."""


def _ones(shape: Shape, dtype: str) -> Array:
    return np.ones(shape, dtype) if prod(shape) <= LARGEST_ONES else np.broadcast_to(np.ones((), dtype), shape)


POOLED: Mapping[str, Callable[[int, int], Cost]] = {
    "maxpool": lambda taps, outputs: Cost(compare=taps - outputs),
    "avgpool": lambda taps, outputs: Cost(add=taps - outputs, divide=outputs),
    "sumpool": lambda taps, outputs: Cost(add=taps - outputs),
    "l2pool": lambda taps, outputs: Cost(multiply=taps, add=taps - outputs, exp=outputs),
    "subsample": lambda taps, outputs: Cost(add=taps, multiply=outputs),
}
"""What it takes to combine so many taps to so many outputs: t numbers need t - 1 compares or adds."""


def measured_pooling(step: Step, arriving: Shape, dtype: str) -> Cost | None:
    """The work of a pool on one image; None for other kernels, and where windows end outside the pads (`ceil`)."""
    if step.kernel not in POOLED:
        return None
    numbers = {**step.numbers, "before": (0, 0, 0), "after": (0, 0, 0), "ceil": False}
    sizes = zip(arriving[2:], step.numbers["before"], step.numbers["after"], strict=True)
    spatial = tuple(before + size + after for size, before, after in sizes)
    apart = tuple(d * (k - 1) + 1 for k, d in zip(numbers["kernel"], numbers["dilation"], strict=True))
    steps = prod(apart) * prod(numbers["kernel"]) * prod(step.output[1:])
    if steps > MOST_POOL_STEPS:
        return None
    weights = {name: np.full(shape, name == "weight", dtype) for name, shape in step.weights}
    taps = outputs = 0
    for ones in _single_ones((1, arriving[1], *spatial), apart, dtype):
        out = kernel_of(step)([ones], weights, numbers)
        if out.shape[2:] != step.output[2:]:
            return None
        taps, outputs = taps + int(np.count_nonzero(out)), out.size
    return POOLED[step.kernel](taps, outputs)


def _single_ones(shape: Shape, apart: Shape, dtype: str) -> Iterator[Array]:
    """Arrays of zeros with ones so far apart; every place is 1 in one of them."""
    for offsets in product(*map(range, apart)):
        ones = np.zeros(shape, dtype)
        places: Any = tuple(slice(first, None, step) for first, step in zip(offsets, apart, strict=True))
        ones[(..., *places)] = 1
        yield ones


def pooling_differences(predicted: Cost, measured: Cost) -> list[str]:
    """Every kind of operation of which another number is predicted, in words."""
    counts = ((field.name, getattr(predicted, field.name), getattr(measured, field.name)) for field in fields(Cost))
    return [f"{name}: predicted {said:,}, measured {found:,}" for name, said, found in counts if said != found]
