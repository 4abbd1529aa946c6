"""Any text gives a document and faults with places inside the file, in bounded time."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics import Source
from cnncalc.diagnostics.rendering import rendered
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.spec.document import Document
from cnncalc.spec.parsing import MOST_FAULTS, parse
from tests.time_limits import allowed

CONDITIONAL = """let classes = 10
let act = bn relu
block se squeeze=$in//4 width=$in
  conv $squeeze 1x1 relu
  conv $width 1x1 sigmoid
end
block bottleneck kernel expand width after stride=1
  x: identity
  conv max($expand, 8) 1x1 nobias $after
  if $stride == 1 and $in(x) == $width
    se
  else if not ($after == relu or $stride >= 3)
    conv divisible(0.75*$in, 8) ${kernel}x$kernel same stride=$stride
  else
    let wide = 2*$width % 7 + 1
    conv $wide $kernel same
  end
end
block stage body n
  $body 3 16 8 relu stride=2
  $body 3 16 8 none times $n-1
end
input 32 x 32 x 3
stage bottleneck 3
repeat 2 i
  if $i % 2 == 0
    conv 8 3x3 same $act
  end
end
gap
dense $classes
"""
MODELS = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[1] / "models").glob("*.txt"))] + [
    CONDITIONAL
] * 10
PIECES = (
    *(
        "=>",
        "=",
        "[",
        "]",
        "(",
        ")",
        '"',
        "#",
        "x",
        "×",
        "*",
        "$a",
        "10^9",
        "from",
        "times",
        "block",
        "end",
        "repeat 3",
    ),
    *("split", "branch", "join add", "\n", "\n", " ", "1,000", "~", "?", "all", "each", "worth", "-1", "None", "1/9 *"),
    *("[[1,2],[3,4]]", "\\", "“", "\t", "\x0b", "\u2028", ";", ":", ",", "1e999", "9" * 20, "params", "values", "\r"),
    *(
        "if ",
        "else",
        "else if ",
        "if $a == 1",
        "let a =",
        "let ",
        "==",
        "!=",
        "<=",
        ">",
        " and ",
        " or ",
        "not ",
        "$in(a)",
    ),
    *(
        "max(",
        "divisible($in, 8)",
        "//",
        "%",
        "0.25*",
        "floor(",
        "$in",
        "end\n",
        "none",
        "block f a=$in",
        "$a 3",
        "f relu",
    ),
    *("answer 2a", "title", "total =>", "data d =", "filter", "'", "->", "a:", "_", "\x85", "input 8x8x1"),
)


def read_within_bounds(text: str) -> Document:
    source = Source("model.txt", text)
    document, faults = parse(source)
    assert len(faults) <= MOST_FAULTS + 1
    for fault in faults:
        assert fault.span is not None
        line = source.lines[fault.span.line - 1]
        assert fault.span.column >= 1
        assert fault.span.length >= 1
        assert fault.span.column - 1 + fault.span.length <= max(1, len(line))
        assert rendered(fault, source)
    return document


@given(st.text(max_size=300))
def test_any_characters(text: str) -> None:
    read_within_bounds(text)


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(["", " "]))
def test_any_pieces_of_the_notation(pieces: list[str], between: str) -> None:
    read_within_bounds(between.join(pieces))


@pytest.mark.parametrize("seed", range(8))
def test_mutated_models(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        text = chance.choice(MODELS)
        for _ in range(chance.randint(1, 6)):
            start = chance.randint(0, len(text))
            end = min(len(text), start + chance.choice((0, 1, 1, 3, 20, 100)))
            inserted = "".join(chance.choice(PIECES) for _ in range(chance.randint(0, 3)))
            text = text[:start] + inserted + text[end:]
        once = formatted(read_within_bounds(text))
        assert formatted(parse(Source("m", once))[0]) == once
        graph, faults = load_graph(Source("m", text))
        assert graph.nodes or faults


@pytest.mark.parametrize(
    "text",
    [
        "[" * 19_000,
        "a " + "[" * 10_000,
        ("(" * 9_000 + ")" * 9_000 + "\n") * 10,
        "input 9x9x1\n" + ("1 x " * 4_900 + "\n") * 10,
        "input 9x9x1\n" + "repeat 2\n" * 50_000,
        "input 9x9x1\n" + "split\n" * 50_000,
        "block a\n" * 50_000,
        "input 9x9x1\n" + ("relu => " + "params ? " * 2_000 + "\n") * 10,
        ('"' * 19_000 + "\n") * 10,
        "data d = [" + "1 2 3\n" * 30_000 + "]",
        "_" * 900_000,
        "\n" * 900_000,
        "\n" * 19_000 + "a",
        "a\n" + "\n" * 900_000,
        (" " * 100 + "\n") * 190 + "a" * 20,
        ("a" * 19_000 + "\n") * 40,
        ("a:" * 9_000 + "\n") * 40,
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    start = time.process_time()
    read_within_bounds(text)
    assert time.process_time() - start < allowed(5)


def test_time_grows_with_the_length_of_the_text() -> None:
    def seconds(lines: int) -> float:
        text = "input 28x28x1\n" + "conv 16 3x3 same relu => 28x28x16 params 2,320\n" * lines
        start = time.process_time()
        read_within_bounds(text)
        return time.process_time() - start

    assert seconds(4_000) < 40 * max(0.005, seconds(400))
