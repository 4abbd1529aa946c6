"""What PyTorch counts and pads in its own way."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, size=(3, 21, 19)):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(size[0], 8, (4, 3), padding="same", padding_mode="reflect"),
            nn.AvgPool2d(3, 2, 1),
            nn.AvgPool2d(3, 1, padding=1, count_include_pad=False),
            nn.MaxPool2d(2, ceil_mode=True),
            nn.GroupNorm(4, 8, eps=1e-3),
            nn.InstanceNorm2d(8, affine=True),
            nn.LocalResponseNorm(3, k=2.0),
        )
        self.transposed = nn.ConvTranspose2d(8, 6, 3, 2, padding=1, output_padding=(1, 0), groups=2)
        self.norm = nn.LayerNorm([6, 12, 9])
        self.pool = nn.AdaptiveAvgPool2d((None, 4))
        width = self._flat(size)
        self.fc = nn.Linear(width, 12)
        self.signal = nn.Sequential(nn.Conv1d(3, 4, 3), nn.BatchNorm1d(4), nn.Flatten(), nn.Linear(8, 5))

    def _maps(self, x):
        x = self.transposed(self.features(x))
        return self.pool(self.norm(x))

    def _flat(self, size):
        return self._maps(torch.zeros(1, *size)).flatten(1).shape[1]

    def forward(self, x):
        x = torch.flatten(self._maps(x), 1)
        x = F.leaky_relu(self.fc(x)).reshape(-1, 3, 4)
        x = self.signal(x)
        return F.hardswish(x), F.elu(x, 0.5), F.normalize(x)
