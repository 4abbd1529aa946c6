"""The work of reading a text grows with its lines, not with their square: counted in calls, not by a clock."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.spec.parsing import parse
from tests.analysis.test_linear_time import calls_of

LINES = {
    "ifs": "if $in == 4\nconv 4 1x1\nelse\nadd late\nend\n",
    "labels in ifs": "if $in == 5\nadd l{0}\nend\nl{0}: conv 4 1x1\n",
    "constants": "let a{0} = {0}\nif $a{0} == {0}\nconv 4 1x1\nend\n",
    "block calls": "f 4\n",
    "pasted calls": "x = nn.Conv2d(4, 4, 1)(x)\n",
    "pasted names": "c{0} = nn.Conv2d(4, 4, 1)\n",
    "course spellings": "conv1-4 relu x2\n",
}


def text(line: str, count: int) -> Source:
    lines = "".join(line.format(number) for number in range(count))
    return Source("m", f"block f w\nx: conv $w 1x1\nadd x\nend\ninput 8x8x4\n{lines}late: relu\n")


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_twice_the_lines_take_twice_the_calls(line: str) -> None:
    def calls(count: int) -> int:
        source = text(line, count)
        return calls_of(lambda: load_graph(source))

    assert load_graph(text(line, 10))[1] == ()  # what is worked out once and remembered does not count
    assert calls(200) < 2.1 * calls(100)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_formatting_twice_the_lines_takes_twice_the_calls(line: str) -> None:
    def calls(count: int) -> int:
        document = parse(text(line, count))[0]
        return calls_of(lambda: formatted(document))

    calls(10)
    assert calls(200) < 2.1 * calls(100)


@pytest.mark.parametrize(
    "line", ["conv 4 3x3 sme\n", "conv3-64 x 5\n", "if $in == 5\nadd nosuch\nend\n", "convv{0} 4 3x3\n"]
)
def test_twice_the_faulty_lines_take_twice_the_calls(line: str) -> None:
    def calls(count: int) -> int:
        source = text(line, count)
        return calls_of(lambda: load_graph(source))

    calls(4)
    assert calls(60) < 2.1 * calls(30)
