"""What help proposes: each fix, applied, is read without a fault and is the layer that was meant.

The corpus `meant.txt` holds the meanings as literals; every other text with faults that the tests have (`slips.txt`,
`faults.txt`, the catalogue's examples) is put to the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.diagnostics.catalogue import entries
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph
from cnncalc.layers.registry import WORDS

HERE = Path(__file__).parent
LINES = [line for line in (HERE / "meant.txt").read_text(encoding="utf-8").splitlines()[2:] if "|" in line]
MEANT = [tuple(part.strip() for part in re.split(r"(?<!\|)\|(?!\|)", line)) for line in LINES]


def load(text: str) -> tuple[Graph, tuple[Diagnostic, ...]]:
    return load_graph(Source("m", text))


def above(arriving: str) -> str:
    return "" if arriving == "-" else f"x: input {arriving}\n"


@pytest.mark.parametrize(("arriving", "line", "meant"), MEANT, ids=[f"{line} <- {shape}" for shape, line, _ in MEANT])
def test_each_fix_is_what_was_meant(arriving: str, line: str, meant: str) -> None:
    text = f"{above(arriving)}{line}\n"
    fault = load(text)[1][0]
    ways = [way.strip().replace("; ", "\n") for way in meant.split("||")]
    fixed = [load(fix.applied(text)) for fix in fault.fixes]
    wanted = [load(f"{above(arriving)}{way}\n") for way in ways]
    assert [faults for _, faults in wanted] == [()] * len(ways)
    assert [faults for _, faults in fixed] == [()] * len(fixed)
    assert [layers(graph) for graph, _ in fixed] == [layers(graph) for graph, _ in wanted]
    assert [graph.labels for graph, _ in fixed] == [graph.labels for graph, _ in wanted]


def layers(graph: Graph) -> list[object]:
    """Each layer with what it was asked, so that an answer that moved is seen as well."""
    return [
        (node.layer, tuple((answer.asked, answer.given) for answer in row.answers), row.worth)
        for row in graph.rows
        for node in graph.nodes[row.first : row.last + 1]
    ]


def test_the_corpus_is_large() -> None:
    assert len(MEANT) >= 250


def texts() -> Iterator[tuple[str, str]]:
    for name in (HERE / "slips.txt", HERE.parent / "spec" / "faults.txt"):
        for case in name.read_text(encoding="utf-8").split("\n=== ")[1:]:
            claim, _, rest = case.partition("\n")
            yield claim, rest.partition("\n--- output\n")[0]
    for part in ("spec", "graph", "layers", "analysis"):
        for code, entry in import_module(f"cnncalc.diagnostics.catalogue_{part}").ENTRIES.items():
            if len(entry.example) < 10_000:
                yield code, entry.example
    for arriving, line, _ in MEANT:
        yield line, f"{above(arriving)}{line}\n"


TEXTS = list(texts())


@pytest.mark.parametrize(("claim", "text"), TEXTS, ids=[claim for claim, _ in TEXTS])
def test_a_text_with_a_fix_made_has_no_fault_there(claim: str, text: str) -> None:
    for fault in load(text)[1]:
        for fix in fault.fixes:
            changed = load(fix.applied(text))[1]
            lines = range(fix.span.line, fix.span.line + fix.text.count("\n") + 1)
            assert [one for one in changed if one.span and one.span.line in lines and one.span.line == fix.span.line
                    and one.span.column >= fix.span.column] == []  # fmt: skip


@pytest.mark.parametrize(("claim", "text"), TEXTS, ids=[claim for claim, _ in TEXTS])
def test_help_writes_out_every_fix(claim: str, text: str) -> None:
    for fault in load(text)[1]:
        for fix in fault.fixes:
            for line in fix.text.strip().split("\n"):
                assert line in fault.help or line == fix.text.strip("\n# ") or "#" in line or not line


ENVIRONMENTS = ("32x32x4", "100 channels 4", "400", "8x16x16 channels 2")
ELSEWHERE = {
    "unknown-label",
    "unknown-filter",
    "unknown-parameter",
    "unknown-data",
    "used-twice",
    "shapes-differ",
    "reshape-does-not-fit",
    "matrices-do-not-fit",
}
"""What depends on other lines than the one proposed."""


def proposed(help: str) -> list[str]:
    """Each stretch between backticks that looks like a line of a model: a layer word with something behind it."""
    found = []
    for line in re.findall(r"`([^`]+)`", help):
        words = re.sub(r"^[\w-]+: ", "", line).split()
        if len(words) > 1 and words[0].lower() in WORDS:
            found.append(line)
    return found


def all_help() -> Iterator[tuple[str, str]]:
    for _, text in TEXTS:
        graph, faults = load(text)
        found = [*faults, *(analyse(graph).warnings if not faults else ())]
        for one in found:
            for line in proposed(one.help):
                yield line, one.code
    for code, entry in entries().items():
        for line in proposed(f"{entry.meaning} {entry.explanation}"):
            yield line, code


HELP = sorted(set(all_help()))


def test_many_lines_are_proposed() -> None:
    assert len(HELP) > 150


@pytest.mark.parametrize(("line", "code"), HELP, ids=[f"{line} ({code})" for line, code in HELP])
def test_a_line_that_help_proposes_can_be_read(line: str, code: str) -> None:
    if line.split(maxsplit=1)[0].lower() == "input":
        assert load(f"{line}\n")[1] == () or "from" in line
        return
    found = [
        [one.code for one in load(f"a: input {shape}\nb: identity\n{line}\n")[1] if one.code not in ELSEWHERE]
        for shape in ENVIRONMENTS
    ]
    assert [] in found
