"""Texts that nest, repeat or grow without end are refused in bounded time."""

from __future__ import annotations

import time

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from tests.time_limits import allowed


def nested(opening: str) -> str:
    """50 blocks that call each other, each inside 45 repeats or ifs."""
    bodies = (opening * 45 + (f"b{n + 1}\n" if n < 49 else "relu\n") + "end\n" * 45 for n in range(50))
    return "".join(f"block b{n}\n{body}end\n" for n, body in enumerate(bodies)) + "input 8x8x3\nb0"


def chain(count: int) -> str:
    return "".join(f"block b{n}\nb{n + 1}\nend\n" for n in range(count)) + f"block b{count}\nrelu\nend\ninput 8x8x3\nb0"


LETS = "".join(f"let a{n} = 1\n" for n in range(5000))
GROWING = "let a0 = r\n" + "".join(f"let a{n + 1} = $a{n}$a{n}\n" for n in range(60))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (nested("repeat 1\n"), "nested-too-deeply"),
        (nested("if 1 == 1\n"), "nested-too-deeply"),
        (chain(3000), "nested-too-deeply"),
        (LETS + "input 8x8x3\n" + "conv $bb 1x1\n" * 2000, "too-many-faults"),
        (GROWING + "input 8x8x3\nconv 3 1x1 $a60", "number-too-large"),
        ("input 8x8x3\nrepeat 50000\nif 1 == 1\n" + "else if 1 == 2\nrelu\n" * 3000 + "end\nend", "too-many-layers"),
        ("input 8x8x3\nif " + "(" * 5000 + "1 == 1" + ")" * 5000 + "\nend", "not-a-condition"),
        ("input 8x8x3\nconv " + "-" * 150 + "1 1x1", "number-too-large"),
        ("block f b\n$b $b\nend\nblock g b\n$b $b\nend\ninput 8x8x3\nf g\n", "recursive-block"),
    ],
    ids=lambda text: text[:14],
)
def test_a_hostile_text_is_refused_in_bounded_time(text: str, code: str) -> None:
    start = time.process_time()
    _, faults = load_graph(Source("m", text))
    assert code in {fault.code for fault in faults}
    assert time.process_time() - start < allowed(20)


def test_time_grows_with_the_number_of_ifs_and_lets() -> None:
    def seconds(lines: int) -> float:
        text = "".join(f"let a{n} = {n} + 1\n" for n in range(lines)) + "input 8x8x3\n"
        text += "".join(f"if $a{n} % 2 == 1\nconv max($a{n}, 8) 1x1\nend\n" for n in range(lines))
        start = time.process_time()
        assert not load_graph(Source("m", text))[1]
        return time.process_time() - start

    assert seconds(2000) < 30 * max(0.01, seconds(200))
