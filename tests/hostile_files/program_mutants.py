"""Programs of PyTorch and Keras with words exchanged, numbers made odd, and lines taken out, doubled and moved.

Texts of our own in the styles of courses and papers; with `--programs FOLDER` the Python files of a folder instead.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from pathlib import Path

from .chance import Chance, damaged

OWN = (
    """import torch
import torch.nn as nn
import torch.nn.functional as F
from collections import OrderedDict
from functools import partial


class Block(nn.Module):
    expansion = 2

    def __init__(self, inputs, outputs, stride=1, norm=nn.BatchNorm2d, **rest):
        super(Block, self).__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = norm(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs * self.expansion, 1)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs * self.expansion:
            self.shortcut = nn.Sequential(OrderedDict([("conv", nn.Conv2d(inputs, outputs * 2, 1, stride)), ("bn", norm(outputs * 2))]))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)), inplace=True)
        out = self.conv2(out)
        out += self.shortcut(x)
        return F.relu(out)


class Net(nn.Module):
    cfg = {"A": [8, "M", 16, "M"], "B": [8, 8, "M"]}

    def __init__(self, name="A", classes=10, act=partial(nn.LeakyReLU, 0.1)):
        super().__init__()
        self.features = self._make(self.cfg[name])
        self.blocks = nn.ModuleList([Block(16, 8 * (i + 1), stride=2 if i else 1) for i in range(2)][:1])
        self.gate = nn.Parameter(torch.zeros(1, 16, 1, 1))
        self.act = act(inplace=True)
        self.fc = nn.Linear(16, classes)
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(m.weight)

    def _make(self, cfg):
        layers, inputs = [], 3
        for one in cfg:
            if one == "M":
                layers += [nn.MaxPool2d(2, 2)]
            else:
                layers += [nn.Conv2d(inputs, one, 3, padding=1), nn.ReLU(True)]
                inputs = one
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.features(x)
        for block in self.blocks:
            x = block(x)
        b, c, h, w = x.size()
        y = x.view(b, 2, c // 2, h, w).transpose(1, 2).contiguous().view(b, -1, h, w)
        x = torch.cat([x[:, :8], y[:, 8:]], dim=1) * self.gate
        x = F.adaptive_avg_pool2d(self.act(x), 1)
        return self.fc(x.flatten(1)) if x.dim() > 2 else x


net = Net("A")
print(sum(p.numel() for p in net.parameters()))
x = torch.randn(2, 3, 32, 32)
y = net(x)
""",
    '''from tensorflow import keras
from tensorflow.keras import layers, Input, Model
import numpy as np

def block(x, filters, size=(3, 3), strides=1, name=None):
    """Two branches."""
    a = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False, name=f"{name}_a")(x)
    a = layers.BatchNormalization(epsilon=1e-3)(a)
    a = layers.Activation("relu")(a)
    b = layers.SeparableConv2D(filters, 3, strides=strides, padding="same")(x)
    return layers.add([a, b]) if strides == 1 else layers.Concatenate()([a, b])

class Scale(layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units, activation="sigmoid")

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1],), initializer="ones", name="w")

    def call(self, x, training=False):
        return x * self.w if not training else self.dense(x)

inputs = Input(shape=(28, 28, 1))
x = layers.Rescaling(1.0 / 255)(inputs)
for i, f in enumerate([8, 16]):
    x = block(x, f, strides=i + 1, name="b%d" % i)
x = Scale(8)(x)
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(10, activation="softmax")(x)
model = Model(inputs, outputs)
model.compile(optimizer="adam", loss="mse")

seq = keras.Sequential([Input((28, 28, 1)), layers.Conv2D(4, 5, activation="relu")])
for f in (8, 8):
    seq.add(layers.Conv2D(f, 3))
seq.add(layers.MaxPooling2D(pool_size=(2, 2)))
seq.add(layers.Flatten())
seq.add(layers.Dense(int(np.prod((2, 5)))))
seq.summary()
''',
    """import argparse, math, os, copy
from dataclasses import dataclass, field
from typing import List, NamedTuple, Optional
import torch
from torch import nn, Tensor

parser = argparse.ArgumentParser()
parser.add_argument("--img-size", type=int, default="32")
opt = parser.parse_args()

@dataclass
class Config:
    width: float = 1.0
    sizes: List[int] = field(default_factory=lambda: [8, 16])

class Base:
    registry = {}

    @classmethod
    def make(cls, *args, **kwargs): return cls(*args, **kwargs)

    @property
    def depth(self): return len(self.parts)

class Net(Base, nn.Module):
    def __init__(self, config: Optional[Config] = None):
        super().__init__()
        config = config or Config()
        widths = [max(8, int(s * config.width + 4) // 8 * 8) for s in config.sizes]
        self.parts = nn.ModuleDict({f"c{i}": nn.Conv2d(a, b, 3, padding="same") for i, (a, b) in enumerate(zip([3, *widths], widths))})
        self.heads = nn.ModuleList([copy.deepcopy(nn.Linear(widths[-1], 2)) for _ in range(2)])
        assert self.depth == len(widths), "no"

    def forward(self, x: Tensor) -> Tensor:
        try:
            for name, part in self.parts.items():
                x = nn.functional.gelu(part(x)) if name in ("c0", "c1") else part(x)
        except KeyError as error:
            raise ValueError(f"{error}") from None
        x = x.mean([2, 3])
        a, b = (head(x) for head in self.heads)
        return torch.stack([a, b], dim=1).flatten(1)

def gen(n):
    i = 0
    while True:
        i += 1
        if i > n: break
        yield i ** 2 % 7

size = math.ceil(opt.img_size / 2 ** 4) if not os.path.exists("x") else 3
total = sum(gen(5)) + {"a": 1}.get("a", 0)
model = Net.make(Config(width=1.5))
""",
)
WORD = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|\"[^\"\n]*\"|'[^'\n]*'|\*\*|//|[-+*/%=<>!]=|\S", re.ASCII)
ODD = (
    *["0", "1", "-1", "2", "3", "7", "64", "100", "1000", "99999", "100001", "10**18", "10**9", "9**9**9", "2**-3", "0.5", "1e300", "-1.5", "None", "True", "False"],
    *["()", "[]", "{}", "''", "'same'", "'a'*99999", "[0]*99999", "range(10**9)", "[[]]", "(1,)", "{1:2}", "lambda:0", "lambda*a,**k:a", "print", "x", "self"],
    *["super()", "type", "len", "os", "open", "eval", "torch", "nn", "keras", "layers", "F", "float('nan')", "float('inf')", "...", "net(x)", "*x", "**x"],
    *["not", "in", "is", "and", "or", "if", "else", "for", "while", "try:", "return", "yield", "raise", "break", "pass", "del", "global", "lambda", "import", "class", "def"],
    *["x[:]", "x[::0]", "x[-1]", "x[None]", "x[...]", "x.T", "x.shape", "x.view(-1)", "(yield)", "(x:=1)", "await", "{**{}}", "f'{x}'", "x@x", "~x"],
)  # fmt: skip
LINES = (
    "while True: pass", "x = x", "x = [x, x]", "self.x = self", "net = Net", "model = model", "import os", "del x", "return x",
    "for i in range(10**5): x = i", "def f(x): return f(x)", "f(1)", "raise ValueError(x)", "class Net(Net): pass", "@property",
    "x.append(x)", "x += x", "global x", "try: x\nexcept: pass", "from . import *", "print(x)", "assert x", "yield x", "\t",
    "self.add_module('a', self)", "x = x.view(1, -1)", "x = torch.cat([x, x], 9)", "if x: pass", "with x as y: pass",
)  # fmt: skip

folder: list[Path] = []
"""Where other programs are looked for; none: our own are damaged."""


@functools.cache
def _texts() -> tuple[str, ...]:
    files = sorted(
        path for one in folder for path in one.rglob("*.py") if path.is_file() and path.stat().st_size < 60_000
    )
    return tuple(path.read_text(encoding="utf-8", errors="replace") for path in files) or OWN


def program(chance: Chance) -> bytes:
    """A program with up to twelve changes."""
    text = chance.choice(_texts())
    for _ in range(chance.randint(1, 12)):
        changed = chance.one(_words, _words, _lines)(chance, text)
        text = changed if chance.some(0.03) or _is_python(changed) else text
    content = text.encode("utf-8", "replace")
    return damaged(chance, content) if chance.some(0.05) else content


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _words(chance: Chance, text: str) -> str:
    """One word exchanged for an odd one or for another of the text, left out, or doubled."""
    words = list(WORD.finditer(text))
    if not words:
        return text
    word, other = chance.choice(words), chance.choice(words)
    new = chance.one(chance.choice(ODD), other[0], "", word[0] + " " + other[0], word[0] + word[0])
    return text[: word.start()] + new + text[word.end() :]


def _lines(chance: Chance, text: str) -> str:
    """One line left out, doubled, moved, pushed in or out, or put in."""
    lines = text.split("\n")
    place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    line = lines[place]
    indent = line[: len(line) - len(line.lstrip())]
    chance.made(
        lambda: lines.pop(place),
        lambda: lines.insert(other, line),
        lambda: lines.insert(other, lines.pop(place)) if other < len(lines) else None,
        lambda: lines.__setitem__(place, "    " + line),
        lambda: lines.__setitem__(place, line[4:] if not line[:4].strip() else line),
        lambda: lines.insert(place, indent + chance.choice(LINES).replace("\n", "\n" + indent)),
    )
    return "\n".join(lines)
