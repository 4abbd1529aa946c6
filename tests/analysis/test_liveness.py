"""The live numbers row by row and their peak: small nets by hand, random nets by simulation step by step."""

from __future__ import annotations

import random

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.liveness import RowMemory, memory_by_row, peak_activation_size
from cnncalc.api import load
from cnncalc.diagnostics import Source, Span
from cnncalc.geometry import Shape
from cnncalc.graph.ir import Graph, Node, Origin, Row
from cnncalc.layers.base import Layer

HERE = Origin(Span(1, 1))


@pytest.mark.parametrize(
    ("lines", "peak"),
    [
        ("input 8x8x1; conv 4 3x3 same; conv 1 3x3 same", 64 * 4 + 64 * 4 // 4),
        ("input 8x8x1; conv 4 3x3 same bn relu; maxpool 2x2", 64 * 4 + 16 * 4),
        ("input 8x8x1; conv 2 3x3 same; flatten; dense 10", 64 + 128),
        ("input 8x8x4; split; branch; conv 4 3x3 same; conv 4 3x3 same; branch; join add", 3 * 256),
        ("input 8x8x4; a: conv 4 3x3 same; maxpool 2x2; conv 4 3x3 same; upsample 2; concat a", 256 + 256 + 512),
    ],
)
def test_the_peak_of_small_nets(analysed, lines, peak):
    assert analysed(lines.replace("; ", "\n")).totals.peak_activation_size == peak


def test_vgg16_peaks_at_its_first_two_maps(analysed):
    """The second convolution reads 224x224x64 and writes as much again."""
    text = "input 224x224x3\n" + "conv 64 3x3 same relu\n" * 2 + "maxpool 2x2\nconv 128 3x3 same relu\n"
    assert analysed(text).totals.peak_activation_size == 2 * 224 * 224 * 64


def test_a_named_output_stays_alive_to_the_end(analysed):
    lines = "input 8x8x1\na: conv 4 3x3 same\nmaxpool 2x2\nb: conv 20 3x3 same\n"
    alone, both = (analysed(lines + f"output {names}\n").totals.peak_activation_size for names in ("b", "a b"))
    assert (alone, both) == (16 * 4 + 16 * 20, 16 * 4 + 16 * 20 + 64 * 4)


def random_net(seed: int) -> tuple[Graph, list[bool]]:
    rng = random.Random(seed)
    nodes = [Node(0, "n0", Layer(), (), Shape(rng.randint(1, 9)), HERE)]
    views = [False]
    for index in range(1, 14):
        read = tuple(rng.sample(range(index), min(index, rng.choice((1, 1, 1, 2, 3)))))
        views.append(len(read) == 1 and rng.random() < 0.3)
        shape = nodes[read[0]].output if views[-1] else Shape(rng.randint(1, 9))
        nodes.append(Node(index, f"n{index}", Layer(), read, shape, HERE))
    rows = tuple(Row(i, i, i, "x", "x", None, HERE) for i in range(len(nodes)))
    outputs = tuple({len(nodes) - 1, rng.randrange(len(nodes))})
    return Graph(Source("", ""), tuple(nodes), rows, outputs=outputs), views


def simulated_peak(graph: Graph, views: list[bool]) -> int:
    """At every step ask of every buffer whether anything still to come reads it, directly or through views."""

    def buffer(node: int) -> int:
        return buffer(graph.nodes[node].inputs[0]) if views[node] else node

    last = len(graph.nodes)
    peak = 0
    for step in range(last):
        alive = 0
        for made in range(step + 1):
            readers = [node.index for node in graph.nodes if made in {buffer(i) for i in node.inputs}]
            holders = [i for i in range(last) if buffer(i) == made]
            kept = any(buffer(i) == made for i in graph.outputs)
            if not views[made] and (kept or any(t >= step for t in readers + holders)):
                alive += graph.nodes[made].output.elements
        peak = max(peak, alive)
    return peak


@pytest.mark.parametrize("seed", range(150))
def test_the_peak_is_what_a_simulation_finds(seed):
    graph, views = random_net(seed)
    assert peak_activation_size(memory_by_row(graph, views)) == simulated_peak(graph, views)


def test_a_shortcut_is_kept_while_others_read_and_write(analysed):
    """The input of the residual sum waits while the two convolutions run; the sum reads it and the last map."""
    analysis = analysed(
        "input 8x8x4\nsplit\nbranch\nconv 8 3x3 same\nconv 4 3x3 same\nbranch\njoin add\nflatten\ndense 2\n"
    )
    assert analysis.memory_by_row == (
        RowMemory(0, 0, 256),
        RowMemory(0, 256, 512),
        RowMemory(256, 512, 256),
        RowMemory(0, 512, 256),
        RowMemory(0, 256, 0),
        RowMemory(0, 256, 2),
    )


def test_the_memory_of_each_row_is_worked_out_once(analysed, monkeypatch):
    analysis = analysed("input 8x8x4\nconv 8 3x3\n")
    monkeypatch.setattr("cnncalc.analysis.liveness.memory_by_row", None)
    monkeypatch.setattr("cnncalc.analysis.memory_by_row", None)
    assert analysis.memory_by_row is analysis.memory_by_row
    assert analysis.memory_by_row == (RowMemory(0, 0, 256), RowMemory(0, 256, 288))


def test_the_memory_of_several_images_is_as_many_times_that_of_one():
    analysis = analyse(load("lenet5").graph, batch=3)
    assert max(row.alive for row in analysis.memory_by_row) == analysis.totals.peak_activation_size == 3 * 5880
