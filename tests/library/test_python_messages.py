"""What a Python user reads: errors name arguments and no options, and every object says itself in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import cnncalc

NET = cnncalc.load("lenet5")
IMAGE = np.zeros((32, 32, 1), np.float32)
MAPS = cnncalc.load("input 8x8x1; conv 2 3x3")

WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "weights": (
        lambda: NET.prepare(weights=5),
        'weights is int, which is no name of a file\n = help: write weights="FILE"',
    ),  # type: ignore[arg-type]
    "labels": (lambda: NET.prepare(labels=4), "labels is int, which is no name of a file"),  # type: ignore[arg-type]
    "threads": (lambda: NET.prepare(threads=5000), "give a number from 1 to 1,024"),
    "top": (lambda: NET.prepare().predict(IMAGE, top=0), "top is 0, which is no whole number from 1 on"),
    "nothing": (
        NET.run,
        "nothing was given for `input1`\n = help: give a picture, or an array",
    ),
    "a picture": (lambda: NET.run("nope.png"), "there is no picture `nope.png`"),
    "columns": (lambda: NET.summary(columns=","), 'columns="rf,params"'),
    "params_as": (lambda: NET.summary(params_as=3), "parameters cannot be counted as in `3`"),  # type: ignore[arg-type]
    "opened": (lambda: NET.draw(opened=["foo"]), "the network has no blocks; leave opened out"),
    "width": (lambda: NET.draw(width=3), "'3' is not a width"),  # type: ignore[arg-type]
    "a chart": (lambda: NET.chart(3), "there is no chart `3`"),  # type: ignore[arg-type]
    "why": (lambda: MAPS.why(np.zeros((8, 8, 1))), "`maps` draws what each layer makes of a picture"),
    "a class": (lambda: NET.why(IMAGE, of="cat"), "give a number from 0 to 9, or the names: labels=FILE"),
    "a notation": (
        lambda: NET.convert("net.py"),
        '`.convert` needs a notation: net.py may be torch or keras\n = help: write notation="torch"',
    ),
    "two questions": (lambda: cnncalc.solve_net("lenet5", params=5, macs=5), 'ask for one of them alone: params="10M"'),
    "settings": (lambda: cnncalc.solve_net("lenet5", settings=5), "settings is 5, which names no values"),  # type: ignore[arg-type]
    "a size": (
        lambda: cnncalc.solve_net("lenet5", input="a"),
        'write for instance input="200" or input="200x300": the',
    ),
    "a sweep": (lambda: cnncalc.sweep("lenet5", input="a..b"), 'input="1,2,4" or input="2..10:2"'),
    "a net": (lambda: cnncalc.compare("lenet5", 3), "not int"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("asked", "said"), WRONG.values(), ids=WRONG)
def test_an_error_is_said_in_python(
    asked: Callable[[], object], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(cnncalc.InputError) as raised:
        asked()
    assert said in str(raised.value)
    assert "--" not in str(raised.value)


SHOWN: dict[str, tuple[Callable[[], object], str]] = {
    "analysis": (lambda: NET.analysis, "<Analysis of lenet5: 9 rows, 32x32x1 -> 10, 61,706 params, 416,520 MACs>"),
    "graph": (lambda: NET.graph, "<Graph of lenet5: 9 rows, 14 nodes>"),
    "row": (
        lambda: NET.analysis.rows[1],
        "<RowAnalysis 1: conv 6 5x5 tanh, 32x32x1 -> 28x28x6, 156 params, 117,600 MACs>",
    ),
    "node": (lambda: NET.analysis.nodes[1], "<NodeAnalysis conv1: conv, 32x32x1 -> 28x28x6, 156 params, 117,600 MACs>"),
    "layers": (lambda: NET.layers, "<9 layers: input1, conv1, avgpool1, conv2, avgpool2, flatten1, ...>"),
    "compare": (lambda: cnncalc.compare("vgg16", "vgg16-bn"), "<cnncalc.NetComparison: +8,448 params, +0 MACs>"),
    "same": (lambda: cnncalc.compare(NET, NET), "<cnncalc.NetComparison: the same>"),
    "reconcile": (lambda: cnncalc.reconcile(NET, "61.7k"), "<cnncalc.NumberAnswers: 61.7k, explained>"),
    "solve": (
        lambda: cnncalc.solve("conv 8 ?", input=(28, 28, 1), params=208),
        "<cnncalc.LayerAnswers: 1 solutions, the simplest conv 8 5x5>",
    ),
    "solve_net": (lambda: cnncalc.solve_net(NET), "<cnncalc.NetSolution: 1 NetSizes>"),
    "sweep": (lambda: cnncalc.sweep(NET, batch=[1, 8]), "<cnncalc.NetSweep: 2 variants of lenet5>"),
    "instead": (lambda: NET.instead("conv1"), "<cnncalc.InsteadAnswer: 1 found>"),
    "memory": (NET.memory, "<cnncalc memory: 270,344 bytes to use it, 23,520 of them activations>"),
}


@pytest.mark.parametrize(("made", "shown"), SHOWN.values(), ids=SHOWN)
def test_an_object_says_itself_in_one_line(made: Callable[[], object], shown: str) -> None:
    assert repr(made()) == shown


def test_what_is_converted_says_which_files(tmp_path: Path) -> None:
    done = MAPS.convert(tmp_path / "net.json", prove=True)
    assert repr(done) == f"<cnncalc.ConversionAnswer: json, {tmp_path / 'net.json'}, proved>"


def test_the_reprs_of_a_large_net_are_short() -> None:
    net = cnncalc.load("resnet50")
    shown = [repr(one) for one in (net, net.analysis, net.graph, net.layers, *net.layers, *net.analysis.rows)]
    assert max(map(len, shown)) < 250
    assert not any("\n" in one for one in shown)
