"""Encoders of PyTorch's own, positions by an Embedding, heads that share keys, and windows that are shifted."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Encoders(nn.Module):
    def __init__(self):
        super().__init__()
        self.places = nn.Embedding(20, 24)
        first = nn.TransformerEncoderLayer(24, 4, 36, batch_first=True)
        self.after = nn.TransformerEncoder(first, num_layers=2, norm=nn.LayerNorm(24))
        self.before = nn.TransformerEncoderLayer(24, 3, 30, activation=F.gelu, norm_first=True, bias=False)
        self.head = nn.Linear(24, 5)

    def forward(self, x):
        x = x.flatten(2).transpose(1, 2)
        x = x + self.places(torch.arange(2, 2 + x.shape[1], device=x.device).unsqueeze(0))
        x = self.after(x)
        x = self.before(x.transpose(0, 1)).transpose(0, 1)
        return self.head(x.mean(dim=1))


class Shifted(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(12, 12)
        self.keys, self.values = nn.Linear(12, 6), nn.Linear(12, 6)

    def forward(self, x):
        x = torch.roll(x, shifts=(-1, 3), dims=(2, 3)).permute(0, 2, 3, 1)
        images, high, wide, numbers = x.shape
        places = x.reshape(images, high * wide, numbers)
        q = self.query(places).view(images, -1, 4, 3).transpose(1, 2)
        k = self.keys(places).view(images, -1, 2, 3).transpose(1, 2)
        v = self.values(places).view(images, -1, 2, 3).transpose(1, 2)
        shared = F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
        repeated = F.scaled_dot_product_attention(q, k.repeat_interleave(2, dim=1), v.repeat_interleave(2, 1))
        y = (shared + 2 * repeated).transpose(1, 2).reshape(images, high, wide, numbers)
        return torch.roll(y.permute(0, 3, 1, 2), 1, -1)
