"""No number that is right for an open or wrong answer is told, at whichever line; everything else is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cnncalc.diagnostics import Source
from cnncalc.editor.hints import EVERY, hints
from cnncalc.editor.hovers import hover_at
from cnncalc.editor.positions import Position
from cnncalc.editor.problems import AnswersShown, problems
from cnncalc.editor.state import State, state_of
from cnncalc.geometry import Shape
from cnncalc.sources import find

CHAIN = "input 33x33x3\nconv 8 4x4 stride=3 => 9x9x8\nrelu => 10x10x7\nflatten => 71\ndense 10\n"
HEAVY = "input 32x32x3\nconv 8 3x3 => 30x30x9 params 225\nflatten => 7201\ndense 10 => 10 params 7\ntotal => params 5\n"
CALLED = "block r f\n  conv $f 3x3\nend\ninput 9x9x2\nr 5 => ? params ?\ngap\n"


def state(text: str) -> State:
    return state_of(Source("net.txt", text))


def hover(found: State, line: int, answers: AnswersShown = "marks") -> str:
    said = hover_at(found, Position(line, 1), answers)
    return "" if said is None else said.text


def shown(text: str, answers: AnswersShown = "marks") -> dict[int, str]:
    return {one.position.line: one.words for one in hints(state(text), 0, 99, answers=answers)}


def test_what_arrives_and_leaves_is_not_told_where_it_is_an_open_answer() -> None:
    found = state(CHAIN)
    assert [hover(found, line).count("- arrives") for line in (1, 2, 3, 4)] == [1, 0, 0, 0]
    assert "(n + 1) * units" in hover(found, 4)
    assert "72" not in hover(found, 4)
    assert 2 not in shown(CHAIN.replace("relu => 10x10x7", "relu"))
    assert shown(CHAIN.replace("relu => 10x10x7", "relu"), "right")[2] == "10x10x8"
    assert "arrives: 8x10x10" not in hover(
        state(CHAIN.replace("input 33x33x3", "order channels_first\ninput 3x33x33")), 2
    )
    assert "- arrives: 10x10x8" in hover(found, 2, "right")


def test_a_line_of_a_call_that_is_asked_for_does_not_tell_it() -> None:
    assert shown(CALLED) == {4: "?", 5: "5"}
    assert shown(CALLED, "right") == {1: "7x7x5 · 95 params", 4: "?", 5: "5"}
    assert "95" not in hover(state(CALLED), 1)


def test_a_warning_says_nothing_that_an_answer_is_about() -> None:
    found = [one for one in problems(state(HEAVY)) if one.code == "dense-heavy"]
    told = " ".join((found[0].message, *(one.said for one in found[0].related)))
    assert not re.search("72,010|72,234", told)
    assert "left out" in told
    right = [one for one in problems(state(HEAVY), "right") if one.code == "dense-heavy"]
    assert "72,010 of 72,234" in right[0].related[0].said


def test_a_fault_says_nothing_that_an_answer_is_about() -> None:
    text = "input 33x33x3\nconv 8 4x4 stride=3 => {}\nconv 5 17x17\n"
    said = [str(problems(state(text.format(answer)))[-1]) for answer in ("?", "10x10x8")]
    assert ["(10 - 17)" in one for one in said] == [False, True]


def test_what_is_answered_rightly_and_what_nobody_asks_is_told() -> None:
    right = CHAIN.replace("9x9x8", "10x10x8").replace("10x10x7", "10x10x8").replace("71", "800")
    assert "arrives: 800" in hover(state(right), 4)
    wrong = state("input 9x9x2\nconv 4 3x3\nconv 6 3x3 => ?\n")
    assert "- arrives: 9x9x2" in hover(wrong, 1)
    assert "= **76**" in hover(wrong, 1)
    assert shown(wrong.source.text)[1] == "7x7x4 · 76 params"


NETS = ("lenet5", "alexnet", "vgg11", "squeezenet", "googlenet", "resnet18", "mobilenet", "unet", "densenet121")


def answered(name: str) -> Iterator[tuple[str, int]]:
    """A text with a wrong answer on one of some lines, with the number of that line, counted from 0."""
    lines = find(name).text.split("\n")
    layers = [n for n, line in enumerate(lines) if re.match(r" *(?:\w+: *)?(conv|dense|maxpool|relu)\b", line)]
    for line in layers[:: max(1, len(layers) // 3)][:3]:
        bare = lines[line].split("#")[0].rstrip()
        if "=>" not in bare and "split" not in bare:
            yield "\n".join([*lines[:line], f"{bare} => 3x5x7 params 3", *lines[line + 1 :]]), line


def told(found: State) -> Iterator[str]:
    """Everything that is said, line by line, without what stands in the text itself."""
    for one in hints(found, 0, len(found.lines), EVERY):
        yield f"{one.position.line + 1}: {one.words}"
    for problem in problems(found):
        yield f"{problem.message} {problem.related}"
    for line, written in enumerate(found.lines):
        said = hover_at(found, Position(line, len(written) - len(written.lstrip()) + 1))
        if said is not None:
            own = re.findall(r"\d+", written)
            yield from (
                (part for part in said.text.split("\n") if not part.startswith("**"))
                if not own
                else (
                    re.sub(rf"(?<![\d,x])(?:{'|'.join(own)})(?![\d,x])", "_", part)
                    for part in said.text.split("\n")
                    if not part.startswith("**")
                )
            )


@pytest.mark.parametrize("name", NETS)
def test_no_right_number_is_told_in_a_net_with_one_wrong_answer(name: str) -> None:
    for text, line in answered(name):
        found = state(text)
        right = [one.right for one in found.findings if one.verdict.ok is False]
        assert right, (line, found.faults)
        spelled = [
            one.text(order) for one in right if isinstance(one, Shape) for order in ("channels_last", "channels_first")
        ]
        spelled += [f"{one:,}" for one in right if isinstance(one, int) and one]
        pattern = "|".join(rf"(?<![\d,.x]){re.escape(one)}(?![\d,x]|\.\d)" for one in spelled)
        assert not [part for part in told(found) if re.search(pattern, part.replace("×", "x"))], (line, spelled)
