"""`frozen` on lines, calls and a line of its own: the counts are worked out by hand, Keras' words are its own."""

import json

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.flat_text import flat_text
from cnncalc.graph.formatting import formatted
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import own_claims
from cnncalc.net_files import checked, written
from cnncalc.report.foot import net_facts
from cnncalc.report.keras_print import keras_print
from cnncalc.report.summary_json import summary_json
from cnncalc.spec.parsing import parse

CONV, NORM, DENSE = 156, 12, 34570
"""5 * 5 * 6 + 6; gamma and beta of 6 channels; 24 * 24 * 6 * 10 + 10."""


def figures(text):
    return analyse(checked(Source("net.txt", text))).totals.figures


@pytest.mark.parametrize(
    ("text", "frozen"),
    [
        ("conv 6 5x5 frozen relu", CONV),
        ("conv 6 5x5 bn relu frozen", CONV + NORM),
        ("conv 6 5x5 frozen=yes bn", CONV + NORM),
        ("conv 6 5x5 frozen=no bn", 0),
        ("let still = yes\nconv 6 5x5 frozen=$still", CONV),
        ("conv 6 5x5 bn\nfrozen\nconv 6 5x5", CONV + NORM),
        ("block b f\nconv $f 5x5 bn\nend\nb 6 frozen\nb 6", CONV + NORM),
        ("split\nbranch\nconv 6 5x5 frozen\nbranch\nconv 6 5x5\njoin add", CONV),
        ("split\nbranch\nbranch\njoin add bn frozen", 2),
        ("if 1 == 1\nconv 6 5x5 frozen\nelse\nconv 6 5x5 frozen=yes\nend", CONV),
        ("a: conv 6 5x5\nconv 6 5x5 shared=a frozen from in", CONV),
        ("nn.Conv2d(1, 6, 5) frozen", CONV),
    ],
)
def test_frozen_parameters_are_parameters_and_none_of_the_trainable_ones(text, frozen):
    text = text.replace(" from in", " from x")
    found = figures(f"x: input 28x28x1\n{text}")
    assert found.frozen == frozen
    assert found.trainable_params == found.params - frozen


def test_a_label_and_a_parameter_called_frozen_keep_their_meaning():
    assert figures("input 8x8x1\nfrozen: conv 1 1x1\nconv 1 1x1\nadd frozen").frozen == 0
    assert figures("block b frozen\nconv $frozen 1x1\nend\ninput 8x8x1\nb frozen=6").params == 12


def test_a_weight_that_two_lines_share_is_frozen_with_either():
    found = figures("x: input 8x8x1\na: conv 6 5x5\nconv 6 5x5 shared=a from x frozen\nadd a")
    assert (found.params, found.frozen) == (CONV, CONV)


NET = "input 28x28x1\nconv 6 5x5 bn relu frozen => 24x24x6 params 168 trainable 0\nflatten\ndense 10 => trainable 34570"


def test_the_foot_says_what_training_changes_and_keras_lines_move_the_frozen_ones():
    facts = {fact.name: fact.text for fact in net_facts(analyse(checked(Source("net.txt", NET))), "channels_last")}
    assert facts["Trainable"] == "34,570 of 34,738 learned params: what training changes"
    assert facts["Frozen"] == "168 params of frozen layers: training leaves them as they are"
    assert facts["Total params"] == "34,750 as Keras counts"
    assert facts["Non-trainable"] == "180 as Keras counts: 168 frozen and 12 fixed or running values: `buffers`"


def test_keras_print_counts_as_keras_does_for_trainable_false():
    """Measured with Keras 3: Conv2D and BatchNormalization with trainable=False, then Dense: 34,570 and 180."""
    text = keras_print(analyse(checked(Source("net.txt", NET))))
    assert "\nTrainable params: 34,570 " in text
    assert "\nNon-trainable params: 180 " in text


def test_the_answers_trainable_of_frozen_lines_are_marked():
    found = analyse(checked(Source("net.txt", NET)))
    assert [one.verdict.ok for one in findings(found, own_claims(found))] == [True] * 4


def test_json_says_both():
    totals = json.loads(summary_json(analyse(checked(Source("net.txt", NET)))))["totals"]
    assert (totals["params"], totals["trainable_params"], totals["frozen_params"]) == (34738, 34570, 168)


@pytest.mark.parametrize(
    "line", ["conv 6 5x5 frozen bn relu", "conv 6 5x5 bn relu frozen=yes", "conv 6 5x5 FROZEN bn relu"]
)
def test_fmt_writes_frozen_behind_the_layers_words_and_twice_the_same(line):
    once = formatted(parse(Source("net.txt", f"input 28x28x1\n{line}\n"))[0])
    assert once == "input 28x28x1\nconv 6 5x5 bn relu frozen\n"
    assert formatted(parse(Source("net.txt", once))[0]) == once


@pytest.mark.parametrize("notation", ["spec", "json"])
def test_other_notations_keep_what_is_frozen(notation):
    text = "input 28x28x1\nconv 6 5x5 bn\nfrozen\nblock b\nconv 6 5x5\nend\nb frozen\nconv 6 5x5"
    net = checked(Source("net.txt", text))
    again = checked(Source("again", written(net, notation)))
    flat = checked(Source("flat", flat_text(net)))
    assert [node.frozen for node in again.nodes] == [node.frozen for node in net.nodes]
    assert [node.frozen for node in flat.nodes] == [node.frozen for node in net.nodes]


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("conv 6 5x5 frozen frozen", "`frozen` is given twice", "keep one of the two"),
        ("conv 6 5x5 frozen=maybe", "expected yes or no, found `maybe`", ""),
        ("conv 6 5x5 trainable=False", "conv has no option `trainable`", "`frozen`"),
        ("conv 6 5x5 requires_grad=True", "conv has no option `requires_grad`", "leave it out"),
        ("conv 6 5x5 freeze", "`freeze` means nothing after conv", "`frozen`"),
        ("conv 6 5x5 frozne", "`frozne` means nothing after conv", "did you mean `frozen`?"),
        ("frozen 3", "a line `frozen` freezes everything above it, and takes no other word", "write it alone"),
        ("repeat 2\nfrozen\nend", "cannot be inside a block", "`conv 64 3x3 frozen`"),
        ("frozen => 3", "this line has no result that could be asked for", ""),
    ],
)
def test_what_is_wrong_with_frozen_is_said(text, message, help):
    with pytest.raises(InputError) as caught:
        checked(Source("net.txt", f"input 28x28x1\n{text}"))
    (found,) = caught.value.diagnostics
    assert message in found.message
    assert help in found.help


def test_there_must_be_something_above_a_line_frozen():
    with pytest.raises(InputError, match="nothing above this line"):
        checked(Source("net.txt", "frozen\ninput 8x8x1"))
