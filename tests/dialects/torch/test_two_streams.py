"""A block that takes two streams and gives two keeps both: each result has a name of its own."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.dialects.torch.writing import module_text
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, same_net

TWO_STREAMS = """\
from torch import nn


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(4, 4, 3, padding=1)
        self.b = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        r, t = x
        return self.a(r) + t, self.b(t) + r


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(Two(), Two())

    def forward(self, x):
        return self.layers(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c, self.d, self.p = nn.Conv2d(3, 4, 3), nn.Conv2d(3, 4, 3), Pair()

    def forward(self, x):
        a, b = self.p((self.c(x), self.d(x)))
        return a + b
"""


def test_two_results_of_a_block_have_two_names() -> None:
    graph = checked(Source("two.py", TWO_STREAMS), "3x8x8")
    text = module_text.write(graph)
    assert "x, x2 = self.two1(" in text
    assert "x, x = " not in text
    assert isinstance(same_net(graph, checked(Source("net.py", text))), Same)
