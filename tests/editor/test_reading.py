"""What is known about a text: which texts are nets, what is underlined, what is shown at the ends of lines."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.editor.hints import EVERY, hints
from cnncalc.editor.problems import problems
from cnncalc.editor.settings import EditorSettings, editor_settings
from cnncalc.editor.state import State, reads_as_net, state_of
from cnncalc.sources import shipped, shipped_names


def state(text: str) -> State:
    return state_of(Source("net.txt", text))


def shown(text: str) -> dict[int, str]:
    return {one.position.line: one.words for one in hints(state(text), 0, 1000)}


@pytest.mark.parametrize("name", shipped_names()[::4])
def test_every_shipped_network_is_a_net_without_problems(name: str) -> None:
    source = shipped(name)
    found = state_of(source)
    assert reads_as_net(source.text)
    assert [one for one in problems(found) if one.severity != "warning"] == []
    assert len(hints(found, 0, 10**6)) >= len(found.rows) // 2


@pytest.mark.parametrize(
    "text",
    [
        "Shopping:\nmilk\ninput 3 eggs\nbread\nbutter\n",
        "Dear all,\nthe input 28x28 of the network is too small.\n",
        "import torch\ninput = 3\n",
        "",
        "epoch 1 loss 0.3\nepoch 2 loss 0.2\n",
    ],
)
def test_other_texts_are_no_nets(text: str) -> None:
    assert not reads_as_net(text)


def test_lines_in_a_block_show_their_first_call_and_calls_what_they_give() -> None:
    text = "block two f\n  conv $f 3x3\n  relu\nend\ninput 8x8x1\ntwo 4\ntwo 8\n"
    assert shown(text) == {
        1: "6x6x4 · 40 params · first of 2",
        2: "6x6x4 · first of 2",
        5: "6x6x4 · 40 params",
        6: "4x4x8 · 296 params",
    }


def test_a_line_that_is_repeated_counts_its_copies() -> None:
    assert shown("input 8x8x4\nconv 4 3x3 same times 3\n") == {1: "8x8x4 · 3 × 148 params"}


def test_a_dense_line_that_flattens_shows_the_dense_layer() -> None:
    assert shown("input 2x2x3\ndense 5\n") == {1: "5 · 65 params"}


def test_what_answers_are_about_is_left_out_and_the_line_is_marked() -> None:
    text = "input 8x8x1\nconv 4 3x3 => 6x6x4\nconv 4 3x3 => ? params 148\nconv 6 1x1 => params 21\ntotal => params ?\n"
    assert shown(text) == {1: "✓ · 40 params", 2: "?", 3: "✗ · 4x4x6", 4: "?"}
    plain = hints(state(text), 0, 9, ("shape",), "off")
    assert [(one.position.line, one.words) for one in plain] == [(3, "4x4x6")]


def test_only_the_lines_asked_for_have_hints() -> None:
    found = hints(state("input 8x8x1\nrelu\ntanh\nelu\n"), 2, 2, EVERY)
    assert [(one.position.line, one.words) for one in found] == [(2, "8x8x1")]


def test_a_fault_in_a_block_is_underlined_once_and_names_the_calls() -> None:
    text = "block b\n  conv 4 9x9\nend\ninput 12x12x1\nb\nb\n"
    found = problems(state(text))
    assert [(one.code, one.range.start.line) for one in found] == [("kernel-too-large", 1)]
    assert [(one.said, one.range.start.line) for one in found[0].related][1:] == [("reached from here", 5)]


def test_a_program_gets_the_one_fault_that_says_what_it_is() -> None:
    found = problems(state("import torch\nclass Net(torch.nn.Module):\n    pass\n"))
    assert [one.code for one in found] == ["pasted-python"]


def test_many_faults_are_bounded() -> None:
    assert len(problems(state("input 8x8x1\n" + "convv 3\n" * 5000))) <= 200


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, EditorSettings()),
        ({"hints": ["macs", "shape", "nonsense"]}, EditorSettings(("shape", "macs"))),
        ({"hints": []}, EditorSettings(())),
        ({"cnncalc": {"answers": "right"}}, EditorSettings(answers="right")),
        ({"answers": "please", "hints": 7}, EditorSettings()),
        ({"cnncalc": None}, EditorSettings()),
        ([1], EditorSettings()),
    ],
)
def test_settings_that_cannot_be_read_are_the_usual_ones(given: object, wanted: EditorSettings) -> None:
    assert editor_settings(given) == wanted


def test_receptive_fields_are_found_when_somebody_asks_for_them() -> None:
    plain = state("input 8x8x1\nconv 4 3x3 => params 40\n")
    assert plain.analysis is not None
    assert plain.analysis.rows[1].receptive_field is None
    assert plain.explained is not None
    assert plain.explained.rows[1].receptive_field is not None
    assert plain.analysis.totals == plain.explained.totals
    asked = state("input 8x8x1\nconv 4 3x3 => rf 4\n")
    assert [one.message.split(":")[0] for one in problems(asked)] == ["rf"]
    assert problems(state("input 8x8x1\nconv 4 3x3 => rf 3\n")) == ()
