"""Writing in place changes every name of a tensor: each of these outputs would be another number without it."""

import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.again = nn.Conv2d(8, 8, 3, padding=1)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.conv(x)
        kept = x
        y = self.act(x)
        first = self.again(kept) + y
        alias = first
        first += kept
        alias.mul_(0.5)
        second = first.clone()
        F.relu_(second)
        third = second + alias
        copy = third
        third = third + second
        copy.add_(kept, alpha=2)
        return third, copy, alias
