"""Lines that stand in a text again are not read again; nothing else may come out than if they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph import bound
from cnncalc.graph.same_readings import SameReadings
from cnncalc.spec.parsing import parse
from cnncalc.spec.same_lines import SameLines

ZOO = Path(__file__).parents[2] / "cnncalc" / "zoo"

TEXTS = {
    "spaces set otherwise": "input 9x9x3\nconv 8 3x3 stride=2\nconv  8 3x3 stride=2\n conv 8 3x3 stride=2\n",
    "labels": "input 9x9x3\na: conv 3 3x3 same\nb: conv 3 3x3 same\nadd a b\nadd a b\n",
    "values": "let k = 3\ninput 29x29x3\nconv 8 ${k}x$k\nconv 8 ${k}x$k\nrepeat 2 i\n conv 4*$i+4 $k\nend\n",
    "parameters": "block b c s=1\n conv $c 3x3 stride=$s same\n conv $c 3x3 same\nend\n"
    "input 9x9x4\nb 4\nb 4 s=2\nb $in\nb 4\n",
    "matrices": "input 9x9x1\nconv filter=f\nfilter f = [1 0; 0 1]\nconv filter=f\nconv filter=f\n",
    "frozen": "input 9x9x1\nconv 8 3x3 frozen\nconv 8 3x3 frozen\nconv 8 3x3\nconv 8 3x3\n",
    "shared": "input 9x9x8\na: conv 8 3x3 same\nconv 8 3x3 same shared=a\nconv 8 3x3 same shared=a\n",
    "answers": "input 9x9x8\nconv 8 3x3 => 7x7x8\nconv 8 3x3 => 5x5x8\nconv 8 3x3 => 5x5x8\n",
    "comments": "input 9x9x8\nrelu # one\nrelu # one\nrelu\nrelu\n",
    "branches": "input 9x9x8\nsplit\nrelu\nbranch\nrelu\nbranch\nrelu\njoin add\nrelu\n",
    "times": "let n = 2\ninput 9x9x8\nconv 8 3x3 same times $n\nconv 8 3x3 same times $n\n",
    "sizes that do not fit": "input 9x9x8\nconv 8 5x5\nconv 8 5x5\nconv 8 5x5\nconv 8 5x5\n",
    "words that mean nothing": "input 9x9x8\nconv 8 3x3 strid=2\nconv 8 3x3 strid=2\nnonsense 8\nnonsense 8\n",
    "pasted": "input 9x9x8\nConv2d(8, 8, 3)\nConv2d(8, 8, 3)\n",
    "flattened for dense": "input 9x9x8\ndense 8\ndense 8\n",
    "order": "order channels_first\ninput 8x9x9\nreshape 8x81\nreshape 8x81\n",
}


def net(text: str) -> object:
    document, faults = parse(Source("net.txt", text))
    return document, faults, *bound(document, faults, None, None)


def read_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SameLines, "__contains__", lambda *_: False)
    monkeypatch.setattr(SameReadings, "found", lambda *_: None)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_line_that_stands_again_is_what_it_would_be_if_it_were_read(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = net(text)
    read_each(monkeypatch)
    assert net(text) == found


@pytest.mark.parametrize("path", sorted(ZOO.glob("*.txt")), ids=lambda path: path.stem)
def test_shipped_nets_are_what_they_would_be_if_each_line_were_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = path.read_text(encoding="utf-8")
    found = net(text)
    read_each(monkeypatch)
    assert net(text) == found


def test_a_fault_in_a_line_that_stands_again_has_its_own_place() -> None:
    _, _, _, faults = net(TEXTS["sizes that do not fit"])
    assert [(fault.span.line, fault.span.column) for fault in faults] == [(4, 8)]


def test_a_line_that_stands_again_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnncalc.graph import binding

    read: list[str] = []
    whole = binding.read_layers

    def noted(call, around):  # type: ignore[no-untyped-def]
        read.append(call.text)
        return whole(call, around)

    monkeypatch.setattr(binding, "read_layers", noted)
    net("block b c\n conv $c 3x3 same\nend\ninput 9x9x4\nb 4\nb 4\nb 8\nrelu\nrelu\n")
    assert read == ["input 9x9x4", "conv $c 3x3 same", "conv $c 3x3 same", "relu"]
