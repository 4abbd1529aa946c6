"""Attention of a layer of its own, across two maps, on places first and as a function."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 24, 4, stride=4)
        self.token = nn.Parameter(torch.randn(1, 1, 24))
        self.own = nn.MultiheadAttention(24, 4, batch_first=True)
        self.other = nn.MultiheadAttention(24, 3, bias=False)
        self.asked = nn.Parameter(torch.randn(1, 5, 24))
        self.wide = nn.Linear(24, 16)
        self.cross = nn.MultiheadAttention(24, 2, kdim=16, vdim=24, batch_first=True)
        self.qkv = nn.Linear(24, 72)
        self.fc = nn.Linear(24, 10)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.token.expand(x.shape[0], -1, -1), x), 1)
        x = x + self.own(x, x, x, need_weights=False)[0]
        y = x.permute(1, 0, 2)
        y, weights = self.other(y, y, value=y)
        x = x + y.permute(1, 0, 2)
        x, _ = self.cross(self.asked.expand(x.size(0), -1, -1), self.wide(x), x)
        q, k, v = self.qkv(x).reshape(x.size(0), 5, 3, 4, 6).permute(2, 0, 3, 1, 4)
        x = x + F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.size(0), 5, 24)
        return self.fc(x.mean(1))
