"""One module called twice, and layers that are never called."""

import torch
from torch import nn


def tower(channels):
    layers = []
    for before, after in zip([1] + channels[:-1], channels):
        layers += [nn.Conv2d(before, after, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
    return nn.Sequential(*layers)


class Twins(nn.Module):
    def __init__(self, channels=[4, 8]):
        super().__init__()
        self.features = tower(channels)
        self.fc = nn.Sequential(nn.Linear(8 * 25, 16), nn.ReLU(inplace=True), nn.Linear(16, 4))
        self.unused = nn.Conv2d(8, 8, 3)
        self.first = self.features[:3]

    def forward_once(self, x):
        x = self.features(x)
        x = x.view(x.size()[0], -1)
        return self.fc(x)

    def forward(self, left, right):
        a, b = self.forward_once(left), self.forward_once(right)
        return torch.cat((a - b, torch.max(a, b)), 1), self.first(left)
