"""Flat JSON, as earlier versions wrote it: read as the same net, or one fault with its place, in bounded time."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnncalc import net_files
from cnncalc.diagnostics import InputError, Source
from cnncalc.diagnostics.catalogue_dialects import ENTRIES
from cnncalc.dialects.flat_text import flat_text
from cnncalc.graph.ir import Graph

from .nets import HOMEWORK, WORDS, flattened, net, unplaced
from .reading import fault, graph_of

WRITTEN = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "flat_json").glob("*.json"))]
"""HOMEWORK and WORDS of `nets`, as version 1 of the notation was written."""

SMALL = {
    "cnncalc_model": 1,
    "lines": [
        {
            "text": "input 8x8x4",
            "operations": [{"name": "input1", "word": "input", "arguments": {"size": [8, 8, 4]}}],
        },
        {
            "text": "conv 2 3x3 relu",
            "label": "c",
            "answers": [{"asked": "shape", "shape": [6, 6, 2], "text": "6x6x2"}],
            "operations": [
                {"name": "c", "word": "conv", "inputs": ["input1"], "arguments": {"filters": 2, "kernel_size": [3, 3]}},
                {"name": "c.relu", "word": "relu", "inputs": ["c"]},
            ],
        },
        {
            "text": "relu",
            "copies": 2,
            "operations": [{"name": "relu1", "word": "relu", "inputs": ["c.relu"]}],
        },
        {
            "text": "relu",
            "copies": 2,
            "copy": 2,
            "operations": [{"name": "relu2", "word": "relu", "inputs": ["relu1"]}],
        },
    ],
    "outputs": ["relu2"],
    "labels": {"c": {"line": 1}},
}
PIECES = (
    "",
    '"',
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "0",
    "-1",
    "1e9",
    "true",
    "null",
    "9" * 11,
    '"conv"',
    '"input1"',
    "\\u",
)


@pytest.mark.parametrize(("written", "text"), [*zip(WRITTEN, (HOMEWORK, WORDS), strict=True)])
def test_flat_json_is_still_read_as_the_same_net(written: str, text: str) -> None:
    read, meant = unplaced(graph_of(written), digits=False), unplaced(net(text), digits=False)
    assert read == as_version_1_knows_it(meant)


def as_version_1_knows_it(graph: Graph) -> Graph:
    """Without what only tables show, and version 1 never held: branches without lines, the parameters of blocks."""
    rows = tuple(row._replace(empty_branches=()) for row in graph.rows)
    groups = tuple(group._replace(settings=()) for group in graph.groups)
    return replace(graph, rows=rows, groups=groups)


@pytest.mark.parametrize("written", WRITTEN)
def test_flat_json_becomes_a_text_and_json_of_today(written: str) -> None:
    graph = graph_of(written)
    text, json_text = (net_files.written(graph, notation) for notation in ("spec", "json"))
    assert flattened(net(text)) == flattened(graph) == flattened(graph_of(json_text))


def test_another_input_size_reaches_flat_json_and_keeps_its_places() -> None:
    source = Source("net.json", json.dumps(SMALL))
    graph = net_files.checked(source, "9x9")
    assert [node.output.text() for node in graph.nodes[:2]] == ["9x9x4", "7x7x2"]
    assert graph.rows[0].text == "input 9x9x4"
    assert graph.source is source


def test_flat_json_has_no_constants() -> None:
    with pytest.raises(InputError) as caught:
        net_files.checked(Source("net.json", json.dumps(SMALL)), None, {"width": "8"})
    assert caught.value.diagnostics[0].code == "unknown-setting"


JSON_RULES = tuple(code for code, entry in ENTRIES.items() if entry.example.startswith("{"))


def test_the_rules_of_json_have_examples_in_json() -> None:
    assert len(JSON_RULES) >= 8


@pytest.mark.parametrize("code", JSON_RULES)
def test_example_of_each_rule_breaks_that_rule(code: str) -> None:
    assert fault(ENTRIES[code].example)[0] == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"cnncalc_model": 3}', ("foreign-json", 1, 19)),
        ('{"cnncalc_model": 1,\n "order": "last"}', ("unfit-value", 2, 11)),
        ('{"cnncalc_model": 1,\n "title": "a\nb"}', ("broken-json", 2, 12)),
        ('{"cnncalc_model": 1,\n "title": "a\\nb"}', ("unfit-value", 2, 11)),
        ('{"cnncalc_model": 1, "cnncalc_model": 1}', ("broken-json", 1, 22)),
        ('{"cnncalc_model": 1} x', ("broken-json", 1, 22)),
        ('{"cnncalc_model": 1, "title": NaN}', ("broken-json", 1, 31)),
        ('{"cnncalc_model": 1, "lines": ' + "[" * 100_000, ("broken-json", 1, 251)),
        ('{"cnncalc_model": ' + "1" * 5_000 + "}", ("broken-json", 1, 19)),
        ('{"cnncalc_model": 1, "outputs": ["a"]}', ("unknown-input", 1, 34)),
        ('{"cnncalc_model": 1, "labels": {"a": {"line": 0}}}', ("unfit-value", 1, 47)),
    ],
)
def test_fault_has_its_place(text: str, expected: tuple[str, int, int]) -> None:
    assert fault(text) == expected


def changed(change: Any) -> str:
    """The JSON of a small net after `change` has been done to it."""
    model = json.loads(json.dumps(SMALL))
    change(model)
    return json.dumps(model)


CHANGES: dict[str, tuple[Any, str]] = {
    "a stride of nothing": (lambda m: arguments(m).update(stride=[0]), "unfit-value"),
    "a count that is true": (lambda m: arguments(m).update(filters=True), "unfit-value"),
    "a missing operand": (lambda m: arguments(m).pop("filters"), "missing-member"),
    "an argument of another layer": (lambda m: arguments(m).update(units=3), "unknown-member"),
    "a padding of nowhere": (lambda m: arguments(m).update(padding="samee"), "unfit-value"),
    "a kernel too large": (lambda m: arguments(m).update(kernel_size=[9, 9]), "kernel-too-large"),
    "a ragged matrix": (lambda m: m.update(matrices={"a": [[[1, 2], [3]]]}), "unfit-value"),
    "an empty matrix": (lambda m: m.update(matrices={"a": [[[]]]}), "unfit-value"),
    "an input from below": (lambda m: m["lines"][1]["operations"][0].update(inputs=["relu1"]), "unknown-input"),
    "an input in the middle of a line": (
        lambda m: m["lines"][2]["operations"][0].update(inputs=["c"]),
        "unknown-input",
    ),
    "two inputs for a convolution": (
        lambda m: m["lines"][1]["operations"][0].update(inputs=["input1", "input1"]),
        "unfit-value",
    ),
    "no input for a convolution": (lambda m: m["lines"][1]["operations"][0].pop("inputs"), "missing-label"),
    "an operation of the same name": (lambda m: m["lines"][2]["operations"][0].update(name="c"), "used-twice"),
    "a word that follows no layer": (lambda m: m["lines"][1]["operations"][1].update(word="flatten"), "unfit-value"),
    "a line of nothing": (lambda m: m["lines"][1].update(operations=[]), "unfit-value"),
    "copies that are missing": (lambda m: m["lines"].pop(), "unfit-value"),
    "a label that is no name": (lambda m: m["lines"][1].update(label="a b"), "unfit-value"),
    "a question about nothing": (
        lambda m: m.update(questions=[{"number": "1", "label": "z", "answer": {"asked": "rf"}}]),
        "unknown-input",
    ),
    "an answer to nothing": (lambda m: m.update(totals=[{"asked": "weather"}]), "unfit-value"),
}


def arguments(model: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = model["lines"][1]["operations"][0]["arguments"]
    return found


@pytest.mark.parametrize("name", CHANGES)
def test_net_that_makes_no_sense_is_refused(name: str) -> None:
    change, code = CHANGES[name]
    assert fault(changed(change))[0] == code


def test_refusal_of_a_layer_points_at_its_argument() -> None:
    text = json.dumps(SMALL).replace("[3, 3]", "[10, 9]")
    code, line, column = fault(text)
    assert code == "kernel-too-large"
    assert text.split("\n")[line - 1][column - 1 :].startswith("[10, 9]")


@pytest.mark.parametrize("seed", range(6))
def test_mutated_json_gives_a_net_or_one_fault(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        text = chance.choice(WRITTEN)
        for _ in range(chance.randint(1, 3)):
            start = chance.randint(0, len(text))
            end = min(len(text), start + chance.choice((0, 1, 1, 2, 8)))
            text = text[:start] + chance.choice(PIECES) + text[end:]
        error, graph = outcome(text)
        if error is None:
            assert graph is not None
            assert flat_text(graph)
        else:
            assert [found.span is not None for found in error.diagnostics] == [True]
            assert str(error)


def outcome(text: str) -> tuple[InputError | None, Graph | None]:
    """The fault of a text, or its net."""
    try:
        return None, graph_of(text)
    except InputError as error:
        return error, None


def test_an_endless_depth_is_refused() -> None:
    """A line is indented by its depth, so a number would fill the memory."""
    line = '{"depth": 1000000000, "operations": [{"name": "a", "word": "input", "arguments": {"size": [3, 3, 1]}}]}'
    assert fault('{"cnncalc_model": 1, "lines": [' + line + "]}") == ("unfit-value", 1, 42)


def test_copies_of_a_line_that_differ_are_refused() -> None:
    """One line `times 3` would stand for them in a text, as another net."""
    written = json.loads(WRITTEN[0])
    (last,) = [line for line in written["lines"] if line.get("copy") == 3 and line.get("copies") == 3]
    assert not fault_of(written)
    last["operations"][0]["arguments"]["filters"] = 17
    assert fault_of(written) == "this copy of a line is not like the one before it"


def fault_of(written: dict[str, Any]) -> str:
    try:
        graph_of(json.dumps(written))
    except InputError as error:
        return error.diagnostics[0].message
    return ""
