"""Programs that make or call layers without end are refused soon and in little memory; what is only large is read."""

from __future__ import annotations

import time

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import read
from tests.time_limits import allowed

from ..hostile_files.campaign import memory_now, memory_peak

MB = 1_000_000
MOST_SECONDS = 3
"""Of the processor; half of it is for what else runs on the machine."""
TORCH = "import copy, torch\nfrom torch import nn\n"
KERAS = "import keras\nfrom keras import layers\nx = i = keras.Input((8, 8, 3))\n"
SEQUENTIAL = f"{KERAS}m = keras.Sequential([i])\n"
NET = f"{TORCH}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
CALLED = f"{NET}        self.conv = nn.Conv2d(3, 3, 1)\n        self.many = nn.ModuleList(nn.Conv2d(3, 3, 1) for i in range(3000))\n"
BASES = "".join(
    f"class {side}{i}(A{i - 1}):\n    def __init__(self):\n        A{i - 1}.__init__(self)\n"
    f"{'' if side == 'B' else f'class A{i}(B{i}, C{i}):'}\n"
    f"{'' if side == 'B' else f'    def __init__(self): B{i}.__init__(self); C{i}.__init__(self)'}\n"
    for i in range(1, 25)
    for side in "BC"
)
PROGRAMS = {
    "layers added to a Sequential": f"{SEQUENTIAL}while True: m.add(layers.Conv2D(8, 3, padding='same'))\n",
    "layers called": f"{KERAS}while True: x = layers.Conv2D(8, 3, padding='same')(x)\nm = keras.Model(i, x)\n",
    "tensors joined": f"{KERAS}while True: x = layers.add([x, x])\nm = keras.Model(i, x)\n",
    "a model of models": f"{SEQUENTIAL}for k in range(60):\n    n = keras.Sequential()\n    n.add(m)\n    n.add(m)\n    m = n\n",
    "layers appended": f"{TORCH}m = nn.Sequential()\nwhile True: m.append(nn.Conv2d(3, 3, 1))\n",
    "layers under names": f"{NET}        for i in range(90_000): self.add_module(str(i), nn.Conv2d(3, 3, 1))\nm = Net()\n",
    "300 models of 900 layers": TORCH
    + "".join(f"m{i} = nn.Sequential(*[nn.Conv2d(3, 3, 1) for k in range(900)])\n" for i in range(300))
    + "while True: pass\n",
    "layers in layers": f"{TORCH}m = nn.Conv2d(3, 3, 1)\nwhile True: m = nn.Sequential(m)\n",
    "copies of a model": f"{TORCH}m = nn.Sequential(*[nn.Conv2d(3, 3, 1) for i in range(1000)])\nwhile True: m = copy.deepcopy(m)\n",
    "2^24 ways to a base": f"{TORCH}class A0(nn.Module):\n    def __init__(self): super().__init__()\n{BASES}m = A24()\n",
    "a layer called in a loop": f"{CALLED}    def forward(self, x):\n        while True: x = self.conv(x)\nm = Net()\n",
    "sums in a loop": f"{CALLED}    def forward(self, x):\n        while True: x = x + x\nm = Net()\n",
    "views in a loop": f"{CALLED}    def forward(self, x):\n        while True: x = x.permute(0, 2, 3, 1).permute(0, 3, 1, 2)\nm = Net()\n",
    "Fibonacci's recursion": f"{NET}        self.n = self.f(60)\n    def f(self, n):\n        if n < 2:\n            return 1\n"
    "        return self.f(n - 1) + self.f(n - 2)\nm = Net()\n",
}  # fmt: skip


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_without_end_is_refused_soon_and_small(text: str) -> None:
    before, start = memory_now(), time.process_time()
    with pytest.raises(InputError) as caught:
        read(Source("net.py", text), "8x8x3")
    assert time.process_time() - start < allowed(MOST_SECONDS)
    assert memory_peak() - before < 150 * MB
    assert caught.value.diagnostics[0].code in ("python-bound", "unknown-value")


def test_3_000_layers_in_a_row_are_read() -> None:
    called = f"{CALLED}    def forward(self, x):\n        for one in self.many: x = one(x)\n        return self.conv(x)\nm = Net()\n"
    graph, faults = read(Source("net.py", called), "8x8x3")
    assert (len(graph.rows), faults) == (1 + 3000 + 1, ())
