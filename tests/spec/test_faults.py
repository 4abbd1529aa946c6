"""Every fault of a text, to the letter: message, place, carets, help."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.diagnostics.catalogue_spec import ENTRIES
from cnncalc.diagnostics.rendering import rendered
from cnncalc.spec.document import Call, Unread
from cnncalc.spec.parsing import DEEPEST_NESTING, LONGEST_TEXT, MOST_FAULTS, parse


def _cases() -> dict[str, tuple[str, str]]:
    found = {}
    for case in (Path(__file__).parent / "faults.txt").read_text(encoding="utf-8").split("\n=== ")[1:]:
        claim, _, rest = case.partition("\n")
        text, _, output = rest.partition("\n--- output\n")
        found[claim] = text, output.strip("\n")
    return found


CASES = _cases()


def codes(text: str) -> list[str]:
    return [fault.code for fault in parse(Source("model.txt", text))[1]]


@pytest.mark.parametrize("claim", CASES)
def test_output_is_as_printed_in_faults_txt(claim: str) -> None:
    text, expected = CASES[claim]
    source = Source("model.txt", text)
    assert "\n\n".join(rendered(fault, source) for fault in parse(source)[1]) == expected


@pytest.mark.parametrize("code", ENTRIES)
def test_example_of_each_rule_breaks_that_rule(code: str) -> None:
    assert code in codes(ENTRIES[code].example)


def test_every_rule_has_its_printed_case_or_a_test_of_its_own() -> None:
    own = {"text-too-long", "line-too-long", "too-many-faults", "nested-too-deeply"}
    own |= {"empty-text", "pasted-binary", "number-too-long"}
    assert set(ENTRIES) - set(CASES) == own


def test_text_over_the_limit_is_refused_and_one_at_the_limit_is_read() -> None:
    assert codes("#" + " " * LONGEST_TEXT) == ["text-too-long"]
    assert codes("# \n" * (LONGEST_TEXT // 3)) == []


def test_line_over_the_limit_is_refused_alone() -> None:
    assert codes("input 28x28x1\nconv " + "1 " * 10_000 + "\nrelu =>") == ["line-too-long", "nothing-asked"]


def test_faults_are_counted_and_the_rest_is_left_unread() -> None:
    found = codes("input 28x28x1\n" + "conv 6,\n" * 1000)
    assert found == ["stray-comma"] * MOST_FAULTS + ["too-many-faults"]


def test_nesting_is_bounded_and_faulted_once() -> None:
    deepest = "repeat 2\n" * DEEPEST_NESTING + "conv 6 3x3\n" + "end\n" * DEEPEST_NESTING
    assert codes("input 9x9x1\n" + deepest) == []
    assert codes("input 9x9x1\nrepeat 2\n" + deepest + "end\n") == ["nested-too-deeply"]
    assert codes("repeat 2\n" * 100_000 + "end\n" * 1000)[0] == "nested-too-deeply"


@pytest.mark.parametrize("text", ["", "\n", " \t\n\r\n"])
def test_text_of_nothing_is_refused(text: str) -> None:
    assert codes(text) == ["empty-text"]


@pytest.mark.parametrize("text", ["PK\x03\x04\x14", "input 28x28x1\n\x00\x01", "\x89PNG\r\n\x1a\n"])
def test_binary_is_recognised(text: str) -> None:
    assert codes(text) == ["pasted-binary"]


@pytest.mark.parametrize("number", ["1" * 19, "1_" * 18 + "1", "1e400", "28x" + "9" * 30])
def test_number_of_more_than_18_digits_is_refused(number: str) -> None:
    assert codes(f"input 28x28x1\nconv {number} 5x5") == ["number-too-long"]


def test_long_list_of_short_numbers_is_no_long_number() -> None:
    assert codes("input 16x28x28x1\npad 1000,1000,1000,1000,1000,1000") == []


def test_one_pasted_file_gives_one_fault_and_no_lines() -> None:
    document, faults = parse(Source("net.py", "import keras\nmodel = keras.Sequential()\nmodel.add(Dense(10))\n"))
    assert [fault.code for fault in faults] == ["pasted-python"]
    assert document.statements == ()


@pytest.mark.parametrize(
    "line", ["import torch", "self.conv1 = nn.Conv2d(1, 6, 5)", "model.add(Dense(10))", "- [1, 2]"]
)
def test_text_with_an_input_line_is_ours_whatever_else_stands_in_it(line: str) -> None:
    found = codes(f"input 28x28x1\n{line}\n")
    assert not any(code.startswith("pasted") for code in found)


def test_line_that_cannot_be_read_leaves_a_mark_with_its_label() -> None:
    document, _ = parse(Source("m", "input 28x28x1\na: conv 6, 5x5\nfilter f = [1\nrelu"))
    assert [type(one) for one in document.statements] == [Call, Unread, Unread, Call]
    label, name = document.statements[1], document.statements[2]
    assert isinstance(label, Unread)
    assert label.name is not None
    assert label.name.text == "a"
    assert label.word == "conv"
    assert isinstance(name, Unread)
    assert name.name is not None
    assert name.name.text == "f"
    assert name.word == "filter"


def test_fault_in_the_answers_leaves_the_layer_to_be_used() -> None:
    document, faults = parse(Source("m", "input 28x28x1\nconv 6 5x5 => parms 3"))
    assert [fault.code for fault in faults] == ["unknown-quantity"]
    assert [type(one) for one in document.statements] == [Call, Call]
