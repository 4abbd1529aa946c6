"""A program and a notebook as students write them, kept as texts: nothing of them is ever imported."""

from __future__ import annotations

from pathlib import Path

LENET = """import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2),
            nn.Tanh(),
            nn.AvgPool2d(2),
        )
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x):
        x = self.features(x)
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)
"""

HOMEWORK_NET = """from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 5)
        self.conv2 = nn.Conv2d(8, 16, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc3 = nn.Linear(16 * 5 * 5, 120)
        self.fc4 = nn.Linear(120, 84)
        self.out = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(self.conv1(x).relu())
        x = self.pool(self.conv2(x).relu())
        x = self.fc4(self.fc3(x.flatten(1)).relu())
        return self.out(x.relu())
"""
"""The net of `examples/homework/key.txt`."""

MNIST = r"""{
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["# A small network"]},
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [],
   "source": ["%matplotlib inline\n", "from tensorflow import keras\n", "from tensorflow.keras import layers"]},
  {"cell_type": "code", "execution_count": 2, "metadata": {}, "outputs": [],
   "source": [
    "model = keras.Sequential([\n",
    "    keras.Input(shape=(28, 28, 1)),\n",
    "    layers.Conv2D(32, 3, activation='relu'),\n",
    "    layers.MaxPooling2D(2),\n",
    "    layers.Flatten(),\n",
    "    layers.Dropout(0.5),\n",
    "    layers.Dense(10, activation='softmax'),\n",
    "])\n",
    "model.summary()"
   ]}
 ],
 "metadata": {}, "nbformat": 4, "nbformat_minor": 5
}
"""


def write_programs(folder: Path) -> Path:
    """Puts `lenet.py` and `mnist.ipynb` into the folder, which it returns."""
    (folder / "lenet.py").write_text(LENET, encoding="utf-8")
    (folder / "mnist.ipynb").write_text(MNIST, encoding="utf-8")
    return folder
