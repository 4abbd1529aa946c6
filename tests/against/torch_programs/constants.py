"""Numbers that no image decides: sizes made of them, gates of parameters, and arithmetic with known ones."""

import math

import torch
from torch import nn


def widths(depth, first, slope, ratio):
    steps = torch.round(torch.log((torch.arange(depth) * slope + first) / first) / math.log(ratio))
    return (torch.round(first * torch.pow(ratio, steps) / 4) * 4).int().tolist()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.sizes = widths(5, 8, 5.5, 1.7)
        pairs = zip([3] + self.sizes, self.sizes)
        self.layers = nn.ModuleList(nn.Conv2d(before, after, 3, padding=1) for before, after in pairs)
        self.gates = nn.Parameter(torch.randn(1, self.sizes[-1], 1, 1))
        self.register_buffer("slope", torch.ones(1), persistent=False)

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))
        x = x * torch.sigmoid(self.gates) + self.gates.exp()
        x = x * (torch.full((1,), 3.0).sqrt() + torch.zeros(1)) - torch.arange(3).exp()[1]
        return torch.cat((x, torch.maximum(torch.zeros_like(x), x - 1)), 1).mean((2, 3))
