"""A net as the reader of PyTorch programs makes it, put together by hand: two files, modules in modules.

What reports and commands show of programs is tested with it without reading one.
"""

from __future__ import annotations

from cnncalc.diagnostics import Part, Source, Span
from cnncalc.dialects.flat_text import layer_words
from cnncalc.geometry import Padding
from cnncalc.graph.building import Builder
from cnncalc.graph.ir import Graph, Group, Origin, Row
from cnncalc.layers.activation import ReLU
from cnncalc.layers.base import Layer
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.global_pool import GlobalAvgPool
from cnncalc.layers.input import Input
from cnncalc.layers.joining import Add

NET = """import torch.nn as nn
from blocks import Block


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.blocks = nn.Sequential(Block(8), Block(8), Block(8))
        self.fc = nn.Linear(8, 10)
        self.aux = nn.Linear(8, 4)

    def forward(self, x):
        x = self.conv1(x)
        x = self.blocks(x)
        x = x.mean((2, 3))
        return self.fc(x)
"""
BLOCKS = """import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, planes):
        super().__init__()
        self.conv = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(planes)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)) + x)
"""
PARTS = (Part(1, "net.py"), Part(1 + NET.count("\n"), "blocks.py"))
CELLS = (Part(1, "net.ipynb", 2), Part(12, "net.ipynb", 5), Part(1 + NET.count("\n"), "blocks.py"))
PARAMS = (3 * 9 + 1) * 8 + 3 * (8 * 9 * 8 + 2 * 8) + (8 + 1) * 10 + (8 + 1) * 4
"""2,126: as `sum(p.numel() for p in Net().parameters())` says in PyTorch 2.13, the 36 of `aux` among them."""


class _Writer:
    """Adds rows and groups to a graph, each at the place where a text stands in the program."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.builder = Builder()

    def span(self, text: str) -> Span:
        line = next(n for n, line in enumerate(self.source.lines, 1) if text in line)
        return Span(line, self.source.lines[line - 1].index(text) + 1, len(text))

    def row(self, layer: Layer, path: str, called: str, made: str = "", inputs: tuple[int, ...] | None = None) -> int:
        inputs = (len(self.builder.nodes) - 1,) if inputs is None else inputs
        origin = Origin(self.span(called), made=self.span(made) if made else None)
        node = self.builder.node(layer, inputs, self.builder.name(path, numbered=False), origin)
        label = path.rpartition(".")[2] if made else None
        text = " ".join(layer_words(layer, "channels_first"))
        depth = sum(group.node < 0 for group in self.builder.groups)
        self.builder.row(Row(0, node, node, layer.word, text, label, origin, depth))
        return node

    def opened(self, path: str, word: str, called: str) -> int:
        label = path.rpartition(".")[2]
        depth = sum(group.node < 0 for group in self.builder.groups)
        named = None if label.isdigit() else label
        return self.builder.open_group(
            Group(0, 0, 0, word, word, named, Origin(self.span(called)), depth=depth, path=path)
        )


def program_graph(parts: tuple[Part, ...] = PARTS, entry: str = "") -> Graph:
    """The net of NET and BLOCKS for one picture of 3x16x16."""
    writer = _Writer(Source(parts[0].name, NET + BLOCKS, entry, parts))
    writer.row(Input(size=(3, 16, 16), order="channels_first"), "input", "def forward(self, x):", inputs=())
    pad = Padding("explicit", ((1, 1),))
    writer.row(Conv(filters=8, kernel_size=(3, 3), padding=pad), "conv1", "self.conv1(x)", "nn.Conv2d(3, 8")
    blocks = writer.opened("blocks", "Sequential", "self.blocks(x)")
    for index in range(3):
        block = writer.opened(f"blocks.{index}", "Block", "self.blocks(x)")
        arriving = len(writer.builder.nodes) - 1
        conv = Conv(filters=8, kernel_size=(3, 3), padding=pad, bias=False)
        writer.row(conv, f"blocks.{index}.conv", "self.conv(x)", "nn.Conv2d(planes")
        bn = writer.row(BatchNorm(), f"blocks.{index}.bn", "self.bn(self.conv(x))", "nn.BatchNorm2d")
        writer.row(Add(), f"blocks.{index}.add", "self.bn(self.conv(x)) + x", inputs=(bn, arriving))
        last = writer.row(ReLU(), f"blocks.{index}.relu", "F.relu(")
        writer.builder.close_group(block, last, ())
    writer.builder.close_group(blocks, last, ())
    writer.row(GlobalAvgPool(), "gap", "x.mean((2, 3))")
    writer.row(Dense(units=10), "fc", "self.fc(x)", "nn.Linear(8, 10)")
    builder = writer.builder
    labels = {row.label and builder.nodes[row.first].name: row.index for row in builder.rows if row.label}
    return Graph(
        writer.source,
        tuple(builder.nodes),
        tuple(builder.rows),
        tuple(builder.groups),
        builder.leaves(),
        outputs_named=True,
        title="Net",
        order="channels_first",
        count="torch",
        labels={**labels, **{group.path: ~group.index for group in builder.groups}},
        uncalled=(("aux", 36, 0, 0),),
    )
