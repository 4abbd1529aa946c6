"""An error under `check` shows no number that the text asks for: every number in it is written in the text."""

from __future__ import annotations

import json
import random
import re

import pytest

from cnncalc.analysis import analyse
from cnncalc.cli import main
from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.diagnostics.catalogue_graph import ENTRIES as OF_GRAPH
from cnncalc.diagnostics.catalogue_layers import ENTRIES as OF_LAYERS
from cnncalc.diagnostics.rendering import rendered
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import own_claims
from cnncalc.homework.masking import HIDDEN, masked
from cnncalc.layers.registry import WORDS
from cnncalc.net_files import read

OF_WORDS = (
    "unknown-word",
    "unknown-option",
    "unknown-setting",
    "too-many-operands",
    "missing-operand",
    "given-twice",
)


def shown(text: str) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The faults of a text, and the same as `check` shows them."""
    graph, faults = read(Source("hw.txt", text))
    key = analyse(graph)
    found = findings(key, own_claims(key), complete=False)
    return faults, masked(faults, graph, found)


def strange_numbers(fault: Diagnostic, text: str) -> set[str]:
    """The numbers that an error says in words and that do not stand in the text."""
    said = " ".join((fault.message, fault.label, *fault.notes, fault.help)).replace(",", "")
    said = re.sub(r"\b(lines?|cell|column) \d+( and \d+)?|\b\d-D\b", "", said)
    return set(re.findall(r"\d+", said)) - set(re.findall(r"\d+", text))


def asking(text: str) -> str:
    """The text with `=> ?` behind every line that has a shape."""
    lines = []
    for line in text.split("\n"):
        words = re.sub(r"^\s*\w+:\s*", "", line).split()
        asks = words and words[0].lower() in WORDS and words[0] != "input" and "=>" not in line and "#" not in line
        lines.append(f"{line} => ?" if asks else line)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "message", "label"),
    [
        (  # 13 - 5 + 1 = 9: the size that c1 asks for
            "input 13x13x3\nc1: conv 8 5x5 => ? params ?\nc2: conv 16 17x17 => ?\n",
            "a 17x17 kernel does not fit a ?x? input",
            "the input here is ?x?x?  (13 -> ?)",
        ),
        (
            "input 28x28x3\na: conv 8 3x3 => ?\nb: conv 6 5x5 from a => ?\nadd a b => ?\n",
            "add cannot join ?x?x? and ?x?x?",
            "?x?x? and ?x?x? meet here",
        ),
        (
            "input 12x12x3\nconv 10 3x3 => ?\nconv 8 3x3 groups=4 => ?\n",
            "? input channels cannot be split into 4 equal groups",
            "",
        ),
    ],
)
def test_an_error_says_question_marks_for_what_is_asked(text: str, message: str, label: str) -> None:
    (fault,) = shown(text)[1]
    assert (fault.message, fault.label) == (message, label)
    assert fault.notes == (HIDDEN,)


def test_a_shape_that_is_answered_rightly_is_shown_and_a_wrong_one_is_not() -> None:
    line = "input 13x13x3\nc1: conv 8 5x5 => {}\nc2: conv 16 17x17 => ?\n"
    assert shown(line.format("9x9x8"))[1][0].message == "a 17x17 kernel does not fit a 9x9 input"
    assert shown(line.format("10x10x8"))[1][0].message == "a 17x17 kernel does not fit a ?x? input"


def test_a_right_guess_on_the_faulty_line_itself_is_not_confirmed() -> None:
    text = "input 13x13x3\nconv 8 5x5 => ?\nconv 16 17x17 => 9x9x16\n"
    assert shown(text)[1][0].message == "a 17x17 kernel does not fit a ?x? input"


def test_the_input_is_known_to_everybody() -> None:
    text = "input 13x13x3\nconv 16 17x17 => ?\n"
    assert shown(text)[1][0].message == "a 17x17 kernel does not fit a 13x13 input"


def test_an_error_of_words_keeps_its_example() -> None:
    faults, seen = shown("input 13x13x3\nc1: conv 8 5x5 => 9 9 8\nconv => ?\n")
    assert faults == seen
    assert any("conv" in fault.help for fault in seen)


@pytest.mark.parametrize(("code", "entry"), [*OF_GRAPH.items(), *OF_LAYERS.items()])
def test_no_example_of_the_catalogue_shows_what_it_asks(code: str, entry: object) -> None:
    text = asking(entry.example)  # type: ignore[attr-defined]
    if text.startswith(("{", "cnncalc ", "printf ", "echo ")):
        pytest.skip("no text of a net")
    for fault in shown(text)[1]:
        if fault.code not in OF_WORDS:
            assert not strange_numbers(fault, text), rendered(fault, Source("hw.txt", text))


FAULTY = (
    "conv 8 {a}x{a}",
    "conv 8 3x3 groups={a}",
    "maxpool {a}x{a}",
    "dense {b} => ?\nconv 3 3x3",
    "reshape {a}x{b}x3",
    "crop {a},0,{b},0",
    "slice channels 0:{b}00",
    "upconv 4 3x3 padding={a}",
    "y: conv {b} {c}x{c} from x => ?\nadd x y",
    "y: conv 7 {c}x1 from x => ?\nconcat x y",
    "permute 4 1 2",
    "shuffle {a}",
    "glu",
    "dwconv {a}x{a} dilation={b}",
    "avgpool 2x2 padding={b}",
    "dense {b} => ?\nupsample {a}",
)


def drawn(chance: random.Random) -> str:
    """A chain of layers that asks on every line and ends in one that does not fit."""
    side = chance.randint(11, 40)
    lines = [f"input {side}x{side + chance.randint(0, 3)}x{chance.choice((1, 3, 5))}"]
    for n in range(chance.randint(1, 3)):
        layer = chance.choice(("conv {f} {k}x{k}", "conv {f} {k}x{k} same", "maxpool 2x2", "dwconv {k}x{k}", "pad 1"))
        lines.append(f"l{n}: " + layer.format(f=chance.randint(3, 70), k=chance.randint(2, 5)) + " => ? params ?")
    lines.append(f"x: conv {chance.randint(3, 70)} 2x2 => ?")
    last = chance.choice(FAULTY).format(a=chance.randint(41, 60), b=chance.randint(61, 90), c=chance.randint(2, 6))
    return "\n".join([*lines, f"{last} => ?", ""])


def test_drawn_nets_show_no_number_that_they_ask_for() -> None:
    chance, faulty = random.Random(13), 0
    for _ in range(300):
        text = drawn(chance)
        faults, seen = shown(text)
        faulty += bool(faults)
        for fault in seen:
            if fault.code not in OF_WORDS:
                assert not strange_numbers(fault, text), text
    assert faulty > 180


@pytest.mark.parametrize("options", [[], ["--hint", "0"], ["--hint", "2"], ["--hint", "3"], ["--json"]])
def test_no_level_of_hints_shows_it(options: list[str], tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hw.txt").write_text("input 13x13x3\nc1: conv 8 5x5 => ? params ?\nc2: conv 16 17x17 => ?\n")
    assert main(["check", "hw.txt", *options]) == 2
    said = capsys.readouterr()
    assert not re.search(r"\b(9x9|9x9x8|608)\b", said.out + said.err)
    if options == ["--json"]:
        assert json.loads(said.out)["answers"]
    assert main(["check", "hw.txt", *options, "--solve"]) == 2
    assert "a 17x17 kernel does not fit a 9x9 input" in capsys.readouterr().err
