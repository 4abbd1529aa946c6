"""Every notation reads back what it wrote: over the shipped nets, over one of every word, over random nets."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics import Source
from cnncalc.dialects import NOTATIONS, json_model, native
from cnncalc.dialects.flat_text import flat_text
from cnncalc.graph.ir import Graph

from ..written import INPUT, LINES
from .nets import NETS, WORDS, flattened, net, unplaced


@pytest.mark.parametrize("notation", NOTATIONS)
def test_each_notation_reads_and_writes(notation: str) -> None:
    module = import_module(f"cnncalc.dialects.{NOTATIONS[notation]}")
    text = module.write(net("input 8x8x1\nconv 2 3x3 relu"))
    assert module.read(Source("again", text)).nodes[-1].output.text() == "6x6x2"


@pytest.mark.parametrize("line", [line for lines in LINES.values() for line in lines])
def test_every_layer_as_it_is_written_comes_back(line: str) -> None:
    graph = net(f"{INPUT}\n{line}\n")
    text = json_model.write(graph)
    assert unplaced(json_model.read(Source("net.json", text))) == unplaced(graph)
    assert flattened(native.read(Source("flat.txt", flat_text(graph)))) == flattened(graph)


@pytest.mark.parametrize("name", NETS)
def test_json_reads_back_the_same_graph(name: str) -> None:
    graph = net(NETS[name])
    text = json_model.write(graph)
    assert unplaced(json_model.read(Source("net.json", text))) == unplaced(graph)
    assert json_model.write(json_model.read(Source("net.json", text))) == text


@pytest.mark.parametrize("name", NETS)
def test_flat_text_binds_to_an_equal_net(name: str) -> None:
    graph = net(NETS[name])
    text = flat_text(graph)
    again = native.read(Source("flat.txt", text))
    assert flattened(again) == flattened(graph)
    assert flat_text(again) == text


def test_json_is_json_with_a_version_and_a_line_for_each_line() -> None:
    model = json.loads(json_model.write(net("input 8x8x1\nc: conv 2 3x3 relu => 6x6x2")))
    assert model == {
        "cnncalc_model": 1,
        "lines": [
            {
                "text": "input 8x8x1",
                "operations": [{"name": "input1", "word": "input", "arguments": {"size": [8, 8, 1]}}],
            },
            {
                "text": "conv 2 3x3 relu",
                "label": "c",
                "answers": [{"asked": "shape", "shape": [6, 6, 2], "text": "6x6x2"}],
                "operations": [
                    {
                        "name": "c",
                        "word": "conv",
                        "inputs": ["input1"],
                        "arguments": {"filters": 2, "kernel_size": [3, 3]},
                    },
                    {"name": "c.relu", "word": "relu", "inputs": ["c"]},
                ],
            },
        ],
        "outputs": ["c.relu"],
        "labels": {"c": {"line": 1}},
    }


def test_flat_text_names_only_what_is_read_from_afar() -> None:
    residual = "split\nbranch\nconv 4 3x3 same relu\nbranch\njoin add relu"
    text = f"input 8x8x4\n{residual}\nblock b\nq: conv 2 1x1\nend\nb times 2"
    assert flat_text(net(text)) == (
        "line1: input 8x8x4\nconv 4 3x3 same relu\nadd line1 relu\nq: conv 2 1x1\nconv 2 1x1\n"
    )


def test_flat_text_is_in_canonical_spelling() -> None:
    from cnncalc.graph.formatting import formatted
    from cnncalc.spec.parsing import parse

    text = flat_text(net(WORDS))
    assert formatted(parse(Source("m", text))[0]) == text


SIMPLE = (
    "conv 4 3x3 same",
    "conv 4 1x1 nobias bn relu",
    "relu",
    "dropout 0.25",
    "conv 4 3x3 padding=1 leaky 0.1 times 2",
)


@st.composite
def random_texts(draw: st.DrawFn) -> str:
    """A text with labels, splits, joins by label and answers in which every line keeps 8x8x4."""
    lines = ["start: input 8x8x4"]
    labels = ["start"]
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(("plain", "label", "from", "add", "split", "answer")))
        word = draw(st.sampled_from(SIMPLE))
        if kind == "label":
            labels.append(f"l{number}")
            lines.append(f"l{number}: {word}")
        elif kind == "from":
            lines.append(f"{word.removesuffix(' times 2')} from {draw(st.sampled_from(labels))}")
        elif kind == "add":
            named = draw(st.lists(st.sampled_from(labels), min_size=1, max_size=3))
            lines.append(
                f"{draw(st.sampled_from(('add', 'mul')))} {' '.join(named)}{draw(st.sampled_from(('', ' relu')))}"
            )
        elif kind == "split":
            branches = draw(st.lists(st.lists(st.sampled_from(SIMPLE), max_size=2), min_size=2, max_size=3))
            lines += ["split", *(line for branch in branches for line in ("branch", *branch)), "join add"]
        elif kind == "answer":
            lines.append(f"{word} => 8x8x4 params {draw(st.integers(0, 999))}{' all' if 'times' in word else ''}")
        else:
            lines.append(word)
    if draw(st.booleans()):
        lines.append(f"output {' '.join(draw(st.lists(st.sampled_from(labels), min_size=1, max_size=3, unique=True)))}")
    return "\n".join(lines)


@given(random_texts())
def test_any_net_goes_through_both_notations(text: str) -> None:
    graph: Graph = net(text)
    through_json = json_model.read(Source("net.json", json_model.write(graph)))
    assert unplaced(through_json) == unplaced(graph)
    assert flattened(native.read(Source("flat.txt", flat_text(through_json)))) == flattened(graph)
