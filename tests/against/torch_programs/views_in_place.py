"""What is written through one view of some numbers is seen through all others: each output would be another without."""

import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.act = nn.ReLU(inplace=True)
        self.same = nn.Sequential(nn.Identity(), nn.Dropout(0.3))

    def forward(self, x):
        x = self.conv(x)
        row = x.view(x.size(0), -1)
        row.relu_()
        first = x * 2
        pairs = x.reshape(x.size(0), 4, 2, -1)
        x -= 0.25
        second = pairs.mean(3)
        kept, copy, once = self.same(x), x.clone(), x * 1
        self.act(x)
        third = kept + copy * 3 + once
        left, right = third.chunk(2, 1)
        F.relu_(left)
        turned = third.new_ones(1) - right.permute(0, 2, 3, 1).contiguous()
        flat = left.unsqueeze(1).flatten(1)
        flat += 1
        return first, second, kept, right, turned.permute(0, 3, 1, 2), flat, copy
