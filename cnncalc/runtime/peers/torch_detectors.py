"""The last lines of detectors in PyTorch's operations."""

from __future__ import annotations

import torch
from torch import Tensor

from cnncalc.runtime.peers.torch_calls import Built, Call


def yolo(call: Call) -> Built:
    """The logistic of all but w and h, or of all; x and y stretched."""
    boxes, stretch, whole = call.numbers["boxes"], call.numbers["stretch"], call.numbers["all"]

    def function(x: Tensor) -> Tensor:
        box = x.unflatten(1, (boxes, -1))
        places = torch.sigmoid(box[:, :, :2]) * stretch - (stretch - 1) / 2
        sizes = torch.sigmoid(box[:, :, 2:4]) if whole else box[:, :, 2:4]
        return torch.cat([places, sizes, torch.sigmoid(box[:, :, 4:])], 2).flatten(1, 2)

    return Built(function)


def region(call: Call) -> Built:
    """The logistic of x, y and objectness; of the classes that or a softmax."""
    boxes, by_softmax = call.numbers["boxes"], call.numbers["softmax"]

    def function(x: Tensor) -> Tensor:
        box = x.unflatten(1, (boxes, -1))
        classes = torch.softmax(box[:, :, 5:], 2) if by_softmax else torch.sigmoid(box[:, :, 5:])
        parts = [torch.sigmoid(box[:, :, :2]), box[:, :, 2:4], torch.sigmoid(box[:, :, 4:5]), classes]
        return torch.cat(parts, 2).flatten(1, 2)

    return Built(function)


def detection(call: Call) -> Built:
    """Softmax over the classes of each cell."""
    cells, classes = call.numbers["cells"], call.numbers["classes"]

    def function(x: Tensor) -> Tensor:
        first = torch.softmax(x[:, : cells * classes].unflatten(1, (cells, classes)), 2).flatten(1, 2)
        return torch.cat([first, x[:, cells * classes :]], 1)

    return Built(function)
