"""Slips with the sides of what a line hands on: pads, steps, rounding, dilation; each asks the layer itself."""

from __future__ import annotations

from functools import partial

from cnncalc.geometry import FULL, SAME, VALID
from cnncalc.homework.slips.edits import (
    SHAPE,
    Slip,
    Touched,
    argument,
    asked_otherwise,
    explicit,
    has,
    is_pool,
    sides,
    sized,
    strides,
)
from cnncalc.homework.what_if import Asked, Inputs
from cnncalc.layers.base import Layer


# ---------------------------------------------------------------------- padding and stride
def _padding_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    none = explicit([(0, 0)]) if layer.word in ("pad", "crop") else VALID
    return asked_otherwise(layer, inputs, padding=none) if sides(layer, inputs) else None


def _padding_once(layer: Layer, inputs: Inputs) -> Asked | None:
    pads = sides(layer, inputs)
    return asked_otherwise(layer, inputs, padding=explicit((before, 0) for before, _ in pads)) if pads else None


def _padding_after_once(layer: Layer, inputs: Inputs) -> Asked | None:
    pads = sides(layer, inputs)
    return asked_otherwise(layer, inputs, padding=explicit((0, after) for _, after in pads)) if pads else None


def _padding_twice(layer: Layer, inputs: Inputs) -> Asked | None:
    pads = explicit((2 * before, 2 * after) for before, after in sides(layer, inputs))
    return asked_otherwise(layer, inputs, padding=pads) if pads.sides else None


def _same_for_valid(layer: Layer, inputs: Inputs) -> Asked | None:
    if not has(layer, "padding") or not argument(layer, "padding").is_nothing:
        return None
    return asked_otherwise(layer, inputs, padding=SAME)


def _full_for_same(layer: Layer, inputs: Inputs) -> Asked | None:
    """Every place where the window touches the picture; pads that are written in numbers are not taken for a word."""
    if (
        not has(layer, "padding")
        or not hasattr(layer, "kernels")
        or argument(layer, "padding").mode in ("full", "explicit")
    ):
        return None
    return asked_otherwise(layer, inputs, padding=FULL)


def _same_for_full(layer: Layer, inputs: Inputs) -> Asked | None:
    if not has(layer, "padding") or argument(layer, "padding").mode != "full":
        return None
    return asked_otherwise(layer, inputs, padding=SAME)


def _half_kernel_rounded_up(layer: Layer, inputs: Inputs) -> Asked | None:
    """(k + 1) / 2 rows where (k - 1) / 2 keep the size."""
    pads = sides(layer, inputs)
    if not pads or not hasattr(layer, "kernels"):
        return None
    kernel = layer.kernels(inputs[0].rank)
    if any(pad != ((k - 1) // 2, (k - 1) // 2) for pad, k in zip(pads, kernel, strict=True)) or max(kernel) < 3:
        return None
    return asked_otherwise(layer, inputs, padding=explicit(((k + 1) // 2, (k + 1) // 2) for k in kernel))


def _plus_one_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    steps = strides(layer, inputs)
    spatial = (n - step for n, step in zip(inputs[0].spatial, steps, strict=True)) if steps else ()
    return (layer, sized(inputs, spatial)) if steps else None


def _one_step_too_many(layer: Layer, inputs: Inputs) -> Asked | None:
    steps = strides(layer, inputs)
    spatial = (n + step for n, step in zip(inputs[0].spatial, steps, strict=True)) if steps else ()
    return (layer, sized(inputs, spatial)) if steps else None


def _rounded_up(layer: Layer, inputs: Inputs) -> Asked | None:
    """What rounding up makes is what stride - 1 more rows make."""
    steps = strides(layer, inputs)
    if not steps or argument(layer, "padding").keeps_size or (has(layer, "ceil") and argument(layer, "ceil")):
        return None
    return layer, sized(inputs, (n + step - 1 for n, step in zip(inputs[0].spatial, steps, strict=True)))


def _rounded_down(layer: Layer, inputs: Inputs) -> Asked | None:
    if has(layer, "ceil") and argument(layer, "ceil"):
        return asked_otherwise(layer, inputs, ceil=False)
    steps = strides(layer, inputs)
    if not steps or not argument(layer, "padding").keeps_size:
        return None
    return layer, sized(inputs, (n - n % step for n, step in zip(inputs[0].spatial, steps, strict=True)))


def _stride_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    return None if is_pool(layer) else asked_otherwise(layer, inputs, stride=(1,))


def _pool_stride_one(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, stride=(1,)) if is_pool(layer) else None


def _stride_of_the_window(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, stride=None) if is_pool(layer) else None


def _dilation_off(layer: Layer, inputs: Inputs, by: int) -> Asked | None:
    spread = argument(layer, "dilation") if has(layer, "dilation") else (1,)
    if max(spread) == 1:
        return None
    return asked_otherwise(layer, inputs, dilation=tuple(max(1, d + by) for d in spread))


def _dilation_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, dilation=(1,))


def _output_padding_forgotten(layer: Layer, inputs: Inputs) -> Asked | None:
    return asked_otherwise(layer, inputs, output_padding=None)


PADS: tuple[Touched, ...] = ("size", "weights", "work", "values")

SIZE_SLIPS: tuple[Slip, ...] = (
    Slip("padding-forgotten", "the padding was left out", 5, (_padding_forgotten,), PADS, "above"),
    Slip(
        "padding-once",
        "the padding was counted on one side only",
        4,
        (_padding_once, _padding_after_once),
        PADS,
        "above",
    ),
    Slip("padding-twice", "the padding was counted twice", 4, (_padding_twice,), PADS, "above"),
    Slip("same-for-valid", "the layer padded its input (same instead of valid)", 4, (_same_for_valid,), PADS, "above"),
    Slip(
        "full-for-same",
        "the layer padded as much as it can (full instead of same or valid)",
        3,
        (_full_for_same,),
        PADS,
        "above",
    ),
    Slip(
        "same-for-full",
        "the layer kept the size (same instead of full)",
        4,
        (_same_for_full,),
        PADS,
        "above",
        beats=("padding-once",),
    ),
    Slip(
        "half-kernel-rounded-up",
        "half of the kernel was rounded up for the padding",
        2,
        (_half_kernel_rounded_up,),
        PADS,
        "above",
    ),
    Slip(
        "plus-one-forgotten", "the +1 at the end of the formula was left out", 4, (_plus_one_forgotten,), SHAPE, "above"
    ),
    Slip(
        "one-step-too-many", "the window made one step too many", 2, (_one_step_too_many,), SHAPE, "above", vague=True
    ),
    Slip("rounded-up", "the division was rounded up", 4, (_rounded_up,), SHAPE, "above"),
    Slip(
        "rounded-down",
        "the division was rounded down",
        4,
        (_rounded_down,),
        SHAPE,
        "above",
        beats=("plus-one-forgotten",),
    ),
    Slip("stride-forgotten", "the stride was left out", 4, (_stride_forgotten,), PADS, "above"),
    Slip("pool-stride-one", "the pooling window moved by one pixel", 4, (_pool_stride_one,), PADS, "above"),
    Slip("stride-of-window", "the window moved by its own size", 4, (_stride_of_the_window,), PADS),
    Slip("dilation-forgotten", "the dilation was left out", 4, (_dilation_forgotten,), PADS, "above"),
    Slip(
        "dilation-off-by-one",
        "the dilation was one off (a kernel without gaps has dilation 1)",
        4,
        (partial(_dilation_off, by=1), partial(_dilation_off, by=-1)),
        PADS,
    ),
    Slip(
        "output-padding-forgotten", "the output padding was left out", 4, (_output_padding_forgotten,), SHAPE, "above"
    ),
    Slip(
        "channels-left-out",
        "the number of channels was left out",
        4,
        touches=("channels",),
        beats=("one-filter", "depth-kept", "pool-changes-channels"),
    ),
)
