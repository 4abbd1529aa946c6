"""`convert --to spec` gives the text that a net was read from in canonical spelling, with what was set from outside."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest

import cnncalc
from cnncalc.diagnostics import Source
from cnncalc.dialects import json_model, native
from cnncalc.graph.ir import Graph
from cnncalc.layers.registry import LAYERS, WORDS, layer_class
from cnncalc.net_files import checked, written
from cnncalc.spec.statements import STRUCTURAL, is_label

from .nets import NETS, flattened, net

TOWERS = """# two towers
let width = 8 # of both
block tower size act=none
  x: INPUT $size
  CONV $width 3x3 stride 1 $act

end
left: tower 32x32x3 act=relu   => 30x30x8
right: tower 32x32x3
if $width > 4
  concat left right
else
  add left right # few
end
repeat 2 i
  conv 2*$width 3x3 same
end
t: dense 10
total => params 144,234
"""

CANONICAL = """# two towers
let width = 8  # of both
block tower size act=none
  x: input $size
  conv $width 3x3 stride=1 $act

end
left: tower 32x32x3 act=relu  => 30x30x8
right: tower 32x32x3
if $width > 4
  concat left right
else
  add left right  # few
end
repeat 2 i
  conv 2*$width 3x3 same
end
t: dense 10
total                         => params 144234
"""


def spec(text: str, size: str | None = None, **settings: str) -> str:
    return written(checked(Source("model.txt", text), size, settings), "spec")


def test_blocks_repeats_ifs_constants_labels_comments_and_answers_stay() -> None:
    assert spec(TOWERS) == CANONICAL
    assert cnncalc.load(TOWERS).to("spec") == CANONICAL


@pytest.mark.parametrize("name", NETS)
def test_the_text_of_a_net_says_the_very_same_net(name: str) -> None:
    graph = net(NETS[name])
    text = native.write(graph)
    again = native.read(Source("again.txt", text))
    assert flattened(again) == flattened(graph)
    assert [node.name for node in again.nodes] == [node.name for node in graph.nodes]
    assert again.labels == graph.labels
    assert [(one.first, one.last, one.word) for one in again.groups] == [
        (one.first, one.last, one.word) for one in graph.groups
    ]
    assert native.write(again) == text


@pytest.mark.parametrize("name", [name for name in NETS if name.startswith("zoo-")])
def test_a_shipped_network_is_written_as_it_ships(name: str) -> None:
    assert spec(NETS[name]) == NETS[name]


def test_another_value_for_a_constant_stands_in_its_let_line() -> None:
    text = "let n = 6\nlet act = relu\nif $n > 5\n  let m = $n\nelse\n  let m = 1\nend\ninput 9x9x1\nconv $m 3x3 $act\n"
    assert spec(text, n="2 * 4", act="bn elu", m="3").splitlines()[:7] == [
        "let n = 2*4", "let act = bn elu", "if $n > 5", "  let m = 3", "else", "  let m = 3", "end",
    ]  # fmt: skip
    changed = net(spec(text, n="2 * 4", act="bn elu"))
    assert [row.text for row in changed.rows] == ["input 9x9x1", "conv 8 3x3 bn elu"]


def test_a_let_of_a_block_keeps_its_value() -> None:
    text = "let n = 6\nblock b\n  let k = $n\n  conv $k 3x3\nend\ninput 9x9x1\nb\n"
    assert spec(text, n="2") == text.replace("n = 6", "n = 2")


@pytest.mark.parametrize(
    ("line", "size", "written"),
    [
        ("input 28x28x1", "32", "input 32x32x1"),
        ("input shape=28x28x1 scale=1/255", "32x16", "input 32x16x1 scale=1/255"),
        ("input 28x28 gray  # small", "64x64", "input 64x64 gray  # small"),
        ("input 1000 channels 8", "500", "input 500 channels 8"),
        ("x = Input(shape=(28, 28, 1))", "32x32", "x: input 32x32x1"),
    ],
)
def test_another_input_size_stands_in_the_input_line(line: str, size: str, written: str) -> None:
    assert spec(f"{line}\nmaxpool\n", size) == f"{written}\nmaxpool 2\n"


def test_an_input_line_in_a_block_gets_the_size_of_all_its_calls() -> None:
    assert spec(TOWERS, "64") == CANONICAL.replace("input $size", "input 64x64x3")


def test_a_line_that_is_two_inputs_of_which_one_changes_is_written_out() -> None:
    text = spec(TOWERS.replace("concat left right", "concat left right crop"), "left.x=64x64")
    assert text.splitlines()[:2] == ["x: input 64x64x3", "left: conv 8 3x3 relu"]
    assert [node.output.text() for node in net(text).nodes if node.layer.word == "input"] == ["64x64x3", "32x32x3"]


def _words() -> set[str]:
    """Whatever can stand in a line of ours and could be the name of one: words of layers, options and their values."""
    found = {*WORDS, *STRUCTURAL, "none", "times", "shared", "shape", "params", "each", "all"}
    for word, entry in LAYERS.items():
        for variant in ("", *(option for option, _ in entry.variants)):
            for field in dataclasses.fields(layer_class(word, variant)):
                found |= {field.name, *field.metadata.get("words", ()), *field.metadata.get("choices", ())}
    return {word for word in map(str, found) if is_label(word)}


def _called(text: str, names: dict[str, str]) -> Graph:
    """The net of a text with other names of its lines, as a file of another program may have them."""
    graph = native.read(Source("net.txt", text))
    rows = tuple(row._replace(label=names.get(row.label or "", row.label)) for row in graph.rows)
    labels = {names.get(name, name): place for name, place in graph.labels.items()}
    return replace(graph, rows=rows, labels=labels, document=None)


def test_a_line_may_be_called_like_any_word_of_ours() -> None:
    text = "a: input 3x6x5\nb: relu\nc: conv 5 3x3 same from a\nd: add b c\nconv 5 1x1 from b\nmul d b\nconcat a b\n"
    graph = native.read(Source("net.txt", text))
    wanted = [(node.layer, node.inputs) for node in graph.nodes]
    for word in sorted(_words()):
        written = native.write(_called(text, {"b": word}))
        again = native.read(Source("again.txt", written))
        assert [(node.layer, node.inputs) for node in again.nodes] == wanted, written


def test_a_name_that_is_a_word_is_changed_in_texts_and_in_json() -> None:
    named = _called("a: input 3x6x5\nb: relu\nconv 5 3x3 same\nc: tanh\nadd b c\n", {"b": "relu"})
    assert native.write(named) == "a: input 3x6x5\nrelu_: relu\nconv 5 3x3 same\nc: tanh\nadd relu_ c\n"
    assert '{"call": "add", "arguments": ["relu_", "c"]}' in json_model.write(named)


def test_two_lines_keep_different_names_where_one_is_changed() -> None:
    named = _called("input 3x6x5\na: relu\nb: tanh\nadd a b\n", {"a": "relu", "b": "relu_"})
    assert native.write(named) == "input 3x6x5\nrelu__: relu\nrelu_: tanh\nadd relu__ relu_\n"
