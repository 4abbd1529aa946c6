"""A small residual network for digits, as a student of PyTorch writes one."""

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(x + self.bn2(self.conv2(out)))


class Digits(nn.Module):
    def __init__(self, classes=10, width=16):
        super().__init__()
        self.stem = nn.Conv2d(1, width, 5, stride=2, padding=2)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(3)])
        self.head = nn.Linear(width * 7 * 7, classes)

    def forward(self, x):
        x = F.max_pool2d(self.blocks(F.relu(self.stem(x))), 2)
        return F.softmax(self.head(x.view(x.size(0), -1)), dim=1)


if __name__ == "__main__":
    print(Digits()(torch.randn(1, 1, 28, 28)).shape)
