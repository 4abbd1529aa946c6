"""Every diagnostic has an entry in the catalogue, and every entry's model text earns its own code."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.diagnostics.catalogue import PARTS, Entry, entries, merged
from cnncalc.graph import load_graph

PACKAGE = Path(__file__).parents[2] / "cnncalc"
CODE_TAKERS = {
    "Diagnostic",
    "PythonFault",
    "Refusal",
    "Notice",
    "Fault",
    "input_error",
    "refuse",
    "_refuse",
    "fault",
    "warning",
}
MODEL_PARTS = ("spec", "graph", "layers", "analysis")
"""The parts whose examples are model texts; the others are about files and running, and show a command line."""


def kebab(value: str) -> bool:
    return "-" in value and value.replace("-", "").isalnum() and value == value.lower() and not value.startswith("-")


def emitted_codes() -> dict[str, str]:
    """The codes written as first argument where a diagnostic is made -> the file."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if (
                name in CODE_TAKERS
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and kebab(first.value)
            ):
                found[first.value] = path.relative_to(PACKAGE).as_posix()
    return found


def examples() -> list[tuple[str, str]]:
    parts = [import_module(f"cnncalc.diagnostics.catalogue_{part}").ENTRIES for part in PARTS if part in MODEL_PARTS]
    return [(code, entry.example) for part in parts for code, entry in part.items()]


def test_every_code_that_is_emitted_is_explained() -> None:
    codes = emitted_codes()
    assert len(codes) > 40
    assert {code: path for code, path in codes.items() if code not in entries()} == {}


def test_every_code_that_is_explained_is_emitted() -> None:
    """Each code of the catalogue stands in the program, whole or as the start of one (`f"unclosed-{word}"`)."""
    files = [path for path in PACKAGE.rglob("*.py") if "catalogue" not in path.name]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files)
    starts = tuple(re.findall(r'f"([a-z]+(?:-[a-z]+)*-){', texts))
    assert [code for code in entries() if f'"{code}"' not in texts and not code.startswith(starts)] == []


@pytest.mark.parametrize(("code", "example"), examples(), ids=[code for code, _ in examples()])
def test_the_example_of_a_code_earns_it(code: str, example: str) -> None:
    graph, faults = load_graph(Source("example.txt", example))
    found = {fault.code for fault in faults}
    if not faults:
        found |= {warning.code for warning in analyse(graph).warnings}
    assert code in found


@pytest.mark.parametrize("code", entries())
def test_an_explanation_explains(code: str) -> None:
    entry = entries()[code]
    assert kebab(code)
    assert not entry.meaning.endswith(".")
    assert len(f"{entry.meaning} {entry.explanation}".split()) >= 15
    assert entry.example


def test_two_parts_that_explain_one_code_are_refused() -> None:
    one, other = Entry("one", "One.", "input 1"), Entry("other", "Other.", "input 2")
    assert merged({"spec": {"b": one}, "graph": {"a": other}}) == {"a": other, "b": one}
    with pytest.raises(ValueError, match="catalogue_graph explains again what another part explains: b"):
        merged({"spec": {"b": one}, "graph": {"b": other}})


def test_codes_of_the_command_line_are_not_those_of_a_text() -> None:
    meanings = {
        "unknown-option": "the layer or block has no option of this name",
        "no-such-option": "the command has no option of this name",
        "missing-value": "a quantity is named without a value",
        "value-not-given": "an option that needs a value is the last word, or is followed by nothing",
        "unknown-filter": "no filter or data of this name is known",
        "no-such-filter": "there is no built-in filter of this name",
    }
    assert {code: entries()[code].meaning for code in meanings} == meanings
