"""The last lines of detectors, as Darknet computes them: logistics of some numbers of each box, softmax over classes.

A box is `x y w h objectness class...`, in the channels of a map; YOLOv1's vector begins with the classes of all cells.
"""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.activations import sigmoid_of, softmax_of
from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel


@kernel("yolo")
def yolo(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The logistic of each box but of w and h, or of `all`; x and y become stretch * s - (stretch - 1) / 2."""
    out, box = _boxes(inputs[0], numbers["boxes"])
    stretch = numbers["stretch"]
    if numbers["all"]:
        box[:, :, 2:4] = sigmoid_of(box[:, :, 2:4])
    box[:, :, :2] = sigmoid_of(box[:, :, :2]) * stretch - (stretch - 1) / 2
    box[:, :, 4:] = sigmoid_of(box[:, :, 4:])
    return out


@kernel("region")
def region(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The logistic of x, y and objectness; of the classes too, or their softmax."""
    out, box = _boxes(inputs[0], numbers["boxes"])
    box[:, :, :2] = sigmoid_of(box[:, :, :2])
    box[:, :, 4:5] = sigmoid_of(box[:, :, 4:5])
    box[:, :, 5:] = softmax_of(box[:, :, 5:], 2) if numbers["softmax"] else sigmoid_of(box[:, :, 5:])
    return out


@kernel("detection")
def detection(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Softmax over the classes of each cell, with which the vector begins; the rest as it is."""
    out = np.array(inputs[0], order="C")
    cells, classes = numbers["cells"], numbers["classes"]
    first = out[:, : cells * classes]
    each = first.reshape(first.shape[0], cells, classes, *first.shape[2:])
    first[:] = softmax_of(each, 2).reshape(first.shape)
    return out


def _boxes(x: Array, boxes: int) -> tuple[Array, Array]:
    """A copy of x, and the same memory as `[n, box, number, z, y, x]`."""
    out = np.array(x, order="C")
    return out, out.reshape(x.shape[0], boxes, -1, *x.shape[2:])
