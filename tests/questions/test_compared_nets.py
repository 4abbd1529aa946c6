"""Two nets compared: which array is which, sums in any order, what is shared, and that no changed number is missed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from cnncalc.diagnostics import Refusal, Source
from cnncalc.graph.ir import Graph, Node
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, Unequal, same_net
from cnncalc.sources import shipped, shipped_names
from tests.random_nets.arguments import Choose
from tests.random_nets.drawing import net as drawn_net


def net(text: str) -> Graph:
    return checked(Source("net.txt", f"{text}\n"))


def compared(first: str, second: str, **options: bool) -> Same | Unequal:
    return same_net(net(first), net(second), **options)


def arrays(first: str, second: str) -> dict[str, str]:
    found = compared(first, second)
    assert isinstance(found, Same), found
    return dict(found.arrays)


# ---------------------------------------------------------------------- the same
@pytest.mark.parametrize("name", shipped_names())
def test_every_network_that_ships_is_itself(name: str) -> None:
    graph = checked(shipped(name))
    found = same_net(graph, graph)
    assert isinstance(found, Same)
    assert all(mine == theirs for mine, theirs in found.arrays.items())


def test_a_sum_reads_its_parts_in_any_order() -> None:
    first = "x: input 8x8x2\na: conv 2 1x1 nobias from x\nb: conv 2 3x3 same nobias from x\nadd a b"
    second = "x: input 8x8x2\nd: conv 2 3x3 same nobias from x\nc: conv 2 1x1 nobias from x\nadd d c"
    assert arrays(first, second) == {"a.weight": "c.weight", "b.weight": "d.weight"}
    assert isinstance(compared(first.replace("add", "sub"), second.replace("add", "sub")), Unequal)


def test_equal_parts_of_a_sum_are_told_by_who_else_reads_them() -> None:
    """Both convolutions are the same but for their weights; the second one's result goes through a tanh too."""
    first = "x: input 4x4x2\na: conv 2 1x1\nb: conv 2 1x1 from x\ns: add a b\nt: tanh from b\nconcat s t"
    second = "x: input 4x4x2\nd: conv 2 1x1\nt: tanh\nc: conv 2 1x1 from x\ns: add d c\nconcat s t"
    assert arrays(first, second) == {
        "a.weight": "c.weight", "a.bias": "c.bias", "b.weight": "d.weight", "b.bias": "d.bias",
    }  # fmt: skip


def test_what_is_computed_twice_is_the_same_as_once() -> None:
    once = "x: input 4x4x2\nr: relu\na: conv 2 1x1\nadd a r"
    twice = "x: input 4x4x2\nr: relu\na: conv 2 1x1\nq: relu from x\nadd a q"
    assert set(arrays(once, twice)) == {"a.weight", "a.bias"}


def test_what_no_output_needs_is_not_looked_at() -> None:
    first = "x: input 4x4x2\nunread: conv 9 3x3\na: relu from x\noutput a"
    assert arrays(first, "input 4x4x2\nrelu") == {}


def test_weights_that_are_shared_have_one_name() -> None:
    shared = "x: input 4x4x2\na: conv 2 1x1\nb: conv 2 1x1 shared=a"
    assert arrays(shared, shared.replace("a: conv", "first: conv").replace("=a", "=first")) == {
        "a.weight": "first.weight", "a.bias": "first.bias",
    }  # fmt: skip


# ---------------------------------------------------------------------- others
SHARED = "x: input 4x4x2\na: conv 2 1x1\nb: conv 2 1x1 shared=a"
ALONE = "x: input 4x4x2\na: conv 2 1x1\nb: conv 2 1x1"
OTHERS = {
    "weights are no longer shared": (SHARED, ALONE, "a.weight is shared, and became two arrays: "),
    "weights are shared now": (ALONE, SHARED, "became one array, a.weight"),
    "the inputs are exchanged": (
        "a: input 4x4x2\nb: input 4x4x2\nsub a b",
        "b: input 4x4x2\na: input 4x4x2\nsub b a",
        "its inputs are b, a, not a, b",
    ),
    "an input is read elsewhere": (
        "a: input 4x4x2\nb: input 4x4x2\nr: relu from b\nsub a r",
        "a: input 4x4x2\nb: input 4x4x2\nr: relu from a\nsub r b",
        "became",
    ),
    "the outputs are exchanged": (
        "input 4x4x2\na: relu\nb: tanh\noutput a b",
        "input 4x4x2\na: relu\nb: tanh\noutput b a",
        "became",
    ),
    "an output is missing": ("input 4\na: relu\nb: tanh\noutput a b", "input 4\na: relu\nb: tanh", "1 outputs, not 2"),
    "a dropout is left out": ("input 4\ndense 3\ndropout 0.5\nrelu", "input 4\ndense 3\nrelu", "dropout became dense"),
    "a dropout of another rate": ("input 4\ndropout 0.5\nrelu", "input 4\ndropout 0.4\nrelu", "0.5 became 0.4"),
    "other stated pixels": (
        "data p = [1 2; 3 4]\ninput from p\nrelu",
        "data p = [1 2; 3 5]\ninput from p\nrelu",
        "data",
    ),
    "another filter": (
        "input 8x8x1\nconv filter=sobel_top",
        "input 8x8x1\nconv filter=sobel_left",
        "numbers of conv1.weight are others",
    ),
    "another epsilon": ("input 4x4x2\nbn", "input 4x4x2\nbn epsilon=0.001", "epsilon"),
    "another stride": ("input 9x9x2\nconv 4 3x3 stride=2", "input 9x9x2\nconv 4 3x3 stride=3", "stride 2x2 became 3x3"),
    "another flatten": ("input 2x2x2\nflatten\ndense 3", "input 2x2x2\nflatten channels_first\ndense 3", "became"),
    "one part is read twice": (
        "x: input 4x4x2\na: conv 2 1x1\nb: conv 2 1x1 from x\nadd a b",
        "x: input 4x4x2\na: conv 2 1x1\nadd a a",
        "became one array",
    ),
    "the other part goes on": (
        "x: input 4x4x2\na: conv 2 1x1\nb: conv 2 3x3 same from x\nadd a b\nt: tanh from b\nadd",
        "x: input 4x4x2\na: conv 2 1x1\nb: conv 2 3x3 same from x\nadd a b\nt: tanh from a\nadd",
        "",
    ),
}


@pytest.mark.parametrize("what", [name for name in OTHERS if "goes on" not in name])
def test_another_net_is_told_with_what_differs(what: str) -> None:
    first, second, said = OTHERS[what]
    found = compared(first, second)
    assert isinstance(found, Unequal)
    assert said in found.said


def test_the_first_line_that_differs_is_named_and_not_what_follows_from_it() -> None:
    found = compared(
        "input 9x9x1\nconv 4 3x3\nconv 8 3x3\nflatten\ndense 3", "input 9x9x1\nconv 5 3x3\nconv 8 3x3\nflatten\ndense 3"
    )
    assert isinstance(found, Unequal)
    assert found.first is not None
    assert (found.first.name, found.first.origin.span.line) == ("conv1", 2)


def test_columns_in_another_order_are_the_same_net_where_that_is_asked_for() -> None:
    first, second = "input 2x3x4\nflatten\ndense 5", "input 2x3x4\nflatten channels_first\ndense 5"
    found = compared(first, second, turned=True)
    assert isinstance(found, Same)
    turned = found.turned["dense1.weight"]
    assert (turned.map.text(), turned.order, len(found.turned)) == ("2x3x4", "channels_last", 1)
    read_by_others = (
        f"{text}\nr: relu from f\nconcat d r"
        for text in ("input 2x3x4\nf: flatten\nd: dense 5", "input 2x3x4\nf: flatten channels_first\nd: dense 5")
    )
    assert isinstance(compared(*read_by_others, turned=True), Unequal)


# ---------------------------------------------------------------------- no changed number is missed
def changes(graph: Graph) -> Iterator[tuple[str, Graph]]:
    """Nets of which one option of one line differs, so that it calls its kernel with other numbers."""
    live = _live(graph)
    for node in graph.nodes:
        if node.index not in live or node.is_input:
            continue
        shapes = tuple(graph.nodes[one].output for one in node.inputs)
        for option in dataclasses.fields(node.layer):  # type: ignore[arg-type]
            value = getattr(node.layer, option.name)
            for other in _others(value):
                layer = dataclasses.replace(node.layer, **{option.name: other})  # type: ignore[type-var]
                try:
                    fits = layer.output_shape(shapes) == node.output
                    differs = layer.kernel_call(shapes) != node.layer.kernel_call(shapes)
                    keeps_arrays = layer.weights(shapes) == node.layer.weights(shapes)
                except (Refusal, ValueError, AssertionError, ZeroDivisionError, TypeError, IndexError):
                    continue
                if fits and differs and keeps_arrays and _counts(node, option.name):
                    nodes = [one if one.index != node.index else node._replace(layer=layer) for one in graph.nodes]
                    yield (
                        f"{node.name}: {option.name} {value} -> {other}",
                        dataclasses.replace(graph, nodes=tuple(nodes)),
                    )


def _live(graph: Graph) -> set[int]:
    """What an output depends on."""
    live, waiting = set[int](), list(graph.outputs)
    while waiting:
        node = waiting.pop()
        if node not in live:
            live.add(node)
            waiting += graph.nodes[node].inputs
    return live


def _others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, float):
        return [value + 0.25]
    if isinstance(value, tuple) and value and all(isinstance(one, int) for one in value):
        return [(*value[:-1], value[-1] + 1)]
    return []


def _counts(node: Node, option: str) -> bool:
    """Options that change no value: without rows around a map, where the last window ends in it, where a block is 1."""
    if option == "place_first" and set(node.layer.factor) == {1}:  # type: ignore[attr-defined]  # an Exchange
        return False
    return option not in ("countpad", "ceil", "stride", "dilation", "padding", "crop", "pad", "beta", "momentum")


@pytest.mark.parametrize("seed", range(60))
def test_no_changed_number_of_a_random_net_is_missed(seed: int) -> None:
    graph = net(drawn_net(Choose(seed)))
    assert isinstance(same_net(graph, graph), Same)
    for what, other in changes(graph):
        assert isinstance(same_net(graph, other), Unequal), what


def test_the_random_nets_have_numbers_to_change() -> None:
    assert sum(1 for seed in range(12) for _ in changes(net(drawn_net(Choose(seed))))) > 40
