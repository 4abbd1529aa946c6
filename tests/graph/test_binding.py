"""A text made into a net: lines, labels, blocks, repeats, branches, and the faults of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.diagnostics.rendering import rendered
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph

MODELS = Path(__file__).parent.parent / "models"


def net(text: str) -> Graph:
    graph, faults = load_graph(Source("model.txt", text))
    assert not faults, "\n".join(rendered(fault, graph.source) for fault in faults)
    return graph


def shapes(text: str) -> list[str]:
    graph = net(text)
    return [graph.nodes[row.last].output.text() for row in graph.rows]


def faults_of(text: str) -> tuple[Diagnostic, ...]:
    return load_graph(Source("model.txt", text))[1]


def said(text: str) -> str:
    source = Source("model.txt", text)
    return "\n\n".join(rendered(fault, source) for fault in load_graph(source)[1])


def codes(text: str) -> list[tuple[str, int]]:
    return [(fault.code, fault.span.line if fault.span else 0) for fault in faults_of(text)]


@pytest.mark.parametrize(
    ("name", "last", "rows"),
    [("lenet5", "10", 9), ("unet", "388x388x2", 32), ("signal", "5", 6), ("filters", "3x3x1", 5)],
)
def test_the_examples_of_the_language_bind_as_they_stand(name: str, last: str, rows: int) -> None:
    graph = net((MODELS / f"{name}.txt").read_text(encoding="utf-8"))
    assert graph.nodes[-1].output.text() == last
    assert len(graph.rows) == rows


def test_resnet50_is_written_out_from_its_two_blocks() -> None:
    graph = net((MODELS / "resnet50.txt").read_text(encoding="utf-8"))
    convs = [node for node in graph.nodes if node.layer.word == "conv"]
    assert len(convs) == 53  # He et al. 2015: 49 in the blocks' main paths and the stem, and 4 projections
    assert graph.nodes[-1].output.text() == "1000"
    assert [(group.text, group.copies) for group in graph.groups][1] == ("next 64 times 2", 2)


def test_post_words_belong_to_the_row_of_their_layer() -> None:
    graph = net("input 8x8x3\nconv 4 3x3 nobias bn relu")
    assert [(row.first, row.last) for row in graph.rows] == [(0, 0), (1, 3)]
    assert [node.name for node in graph.nodes] == ["input1", "conv1", "conv1.bn", "conv1.relu"]


def test_every_spelling_of_an_option_that_can_mean_one_thing_is_read() -> None:
    wanted = net("input 9x9x3\nconv 4 3x3 stride=2 padding=1 nobias relu").nodes[1:]
    for line in (
        "Conv2D 4 3x3 strides=2 pad=1 use_bias=False activation=relu",
        "conv 4 3 stride 2 padding 1 bias=no relu",
        "conv filters=4 kernel_size=(3,3) stride=(2,2) padding=1,1,1,1 nobias activation=relu",
    ):
        found = net(f"input 9x9x3\n{line}").nodes[1:]
        assert [node.output for node in found] == [node.output for node in wanted], line
        assert type(found[1].layer) is type(wanted[1].layer)


def test_batch_norm_can_do_without_scale_or_shift_in_every_spelling() -> None:
    text = "input 8x8x3\nconv 4 3x3 bn scale=False relu\nconv 4 3x3 bn noscale relu\nbn center=no\nbn noshift eps=0.5"
    found = [[weight.name for weight in node.layer.weights((node.output,))] for node in net(text).nodes]
    running = ["running_mean", "running_var"]
    assert found[2] == found[5] == ["bias", *running]
    assert found[7] == found[8] == ["weight", *running]


def test_from_add_and_concat_read_labelled_lines() -> None:
    text = "input 8x8x4\na: conv 4 3x3 same\nb: conv 4 3x3 same from a\nadd a b\nconcat a"
    assert shapes(text) == ["8x8x4", "8x8x4", "8x8x4", "8x8x4", "8x8x8"]
    graph = net(text)
    assert graph.nodes[3].inputs == (1, 2)
    assert graph.nodes[4].inputs == (3, 1)  # the line before comes first


def test_an_empty_branch_is_the_input_itself() -> None:
    graph = net("input 8x8x4\nsplit\nbranch\n conv 4 3x3 same\nbranch\njoin add relu")
    assert graph.nodes[2].inputs == (1, 0)
    assert graph.rows[-1].word == "add"


def test_branches_nest() -> None:
    inner = "split\nbranch\nconv 2 1x1\nbranch\nconv 3 1x1\njoin concat"
    text = f"input 8x8x4\nsplit\nbranch\n{inner}\nbranch\njoin concat"
    assert shapes(text)[-1] == "8x8x9"


def test_a_block_takes_values_in_order_by_name_and_by_default() -> None:
    text = (
        "block b width stride=1\n conv $width 3x3 stride=$stride same\nend\ninput 8x8x3\nb 4\nb 6 2\nb stride=2 width=8"
    )
    assert shapes(text) == ["8x8x3", "8x8x4", "4x4x6", "2x2x8"]


def test_the_rows_of_a_block_show_the_numbers_that_were_put_in() -> None:
    text = "block b width s\n conv 4*$width 3x3 padding=$width/4 relu\n concat $s\nend\na: input 8x8x3\nb 4 a"
    assert [row.text for row in net(text).rows] == ["input 8x8x3", "conv 16 3x3 padding=1 relu", "concat a"]


def test_a_size_can_be_passed_to_a_block() -> None:
    assert shapes("block c k\n conv 2 $k\nend\ninput 9x9x1\nc 1x7")[-1] == "9x3x2"


def test_in_is_the_number_of_channels_that_arrive() -> None:
    assert shapes("block half\n conv $in/2 1x1\nend\ninput 4x4x64\nhalf times 3")[-1] == "4x4x8"


def test_a_label_can_be_passed_to_a_block() -> None:
    text = "block up skip\n concat $skip\n conv 2 1x1 from $skip\nend\ninput 4x4x3\na: conv 5 1x1\nrelu\nup a"
    assert shapes(text)[-2:] == ["4x4x10", "4x4x2"]


def test_a_passed_label_can_be_passed_on() -> None:
    text = "block inner s\n concat $s\nend\nblock outer t\n inner $t\nend\ninput 4x4x3\na: conv 5 1x1\nouter a"
    assert shapes(text)[-1] == "4x4x10"


def test_labels_inside_a_block_are_its_own() -> None:
    text = "block b\n x: conv 3 1x1\n add x\nend\ninput 4x4x3\nb\nb"
    assert len(net(text).rows) == 5
    assert codes(text + "\nadd x") == [("unknown-label", 8)]


def test_a_repeat_counts_from_zero_and_its_labels_are_its_own() -> None:
    text = "input 4x4x3\nrepeat 3 i\n x: conv 2*$i+1 1x1\n add x\nend"
    assert shapes(text) == ["4x4x3", "4x4x1", "4x4x1", "4x4x3", "4x4x3", "4x4x5", "4x4x5"]


def test_times_repeats_a_line_and_the_last_copy_carries_label_and_answers() -> None:
    graph = net("input 9x9x3\nx: conv 3 3x3 times 3 => 3x3x3\nadd x")
    copies = graph.rows[1:4]
    assert [(row.copy, row.copies, row.label, len(row.answers)) for row in copies] == [
        (1, 3, None, 0),
        (2, 3, None, 0),
        (3, 3, "x", 1),
    ]
    assert graph.nodes[4].inputs == (3, 3)


def test_outputs_are_the_named_lines_or_all_that_nothing_reads() -> None:
    assert net("input 4x4x1\na: relu\nb: relu\noutput a").outputs == (1,)
    assert net("input 4x4x1\na: relu\nb: relu from a\nc: relu from a").outputs == (2, 3)


def test_order_channels_first_reads_the_input_that_way() -> None:
    assert net("order channels_first\ninput 3x32x48\nrelu").nodes[0].output.text() == "32x48x3"


def test_epsilon_of_the_file_is_that_of_every_norm_which_states_none() -> None:
    layers = [node.layer for node in net("input 8x8x3\nconv 4 3x3 bn relu\nbn eps=0.5\nln\nepsilon 0.001").nodes]
    assert [layer.epsilon for layer in layers if hasattr(layer, "epsilon")] == [0.001, 0.5, 0.001]
    assert net("input 8x8x3\nbn").nodes[1].layer.epsilon == 1e-5


# ---------------------------------------------------------------------- faults
def test_the_kernel_that_does_not_fit_is_told_with_its_history_and_three_ways_out() -> None:
    text = "input 28x28x1\nconv 6 3x3\nmaxpool 2x2\nconv 16 3x3\nmaxpool 2\nconv 16 3x3 relu\nconv 16 5x5 relu"
    assert said(text) == (
        "error[kernel-too-large]: a 5x5 kernel does not fit a 3x3 input\n"
        "   --> model.txt:7:9\n"
        "   |\n"
        " 7 | conv 16 5x5 relu\n"
        "   |         ^^^ the input here is 3x3x16  (28 -> 26 -> 13 -> 11 -> 5 -> 3)\n"
        "   |\n"
        "   = note: height = floor((3 - 5) / 1) + 1 = -1\n"
        "   = help: use `same` padding, a kernel of at most 3x3, or an input of at least 34x34"
    )


def test_the_net_is_kept_up_to_the_first_fault() -> None:
    graph, faults = load_graph(Source("m", "input 28x28x1\nconv 6 5x5\nconv 6 5x5 strid=2\nrelu"))
    assert [row.text for row in graph.rows] == ["input 28x28x1", "conv 6 5x5"]
    assert len(faults) == 1


def test_independent_faults_are_all_reported_and_consequences_are_not() -> None:
    text = "input 28x28x1\na: conv 6 5x5 strid=2\nconv 7 3x3 from a\nconvv 3\nmaxpool 2x2 stirde=2\nadd a nosuch"
    assert codes(text) == [("unknown-option", 2), ("unknown-word", 4), ("unknown-option", 5), ("unknown-label", 6)]


def test_a_fault_inside_a_block_is_told_once_and_says_which_call_led_there() -> None:
    text = "block b\n conv 2 5x5\nend\ninput 8x8x1\nb times 5"
    assert codes(text) == [("kernel-too-large", 2)]
    assert "= note: reached from line 5" in said(text)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("conv 6 5x5", "missing-input", 1),
        ("split\nbranch\nbranch\njoin add", "missing-input", 1),
        ("input 8x8x1\nconv", "missing-operand", 2),
        ("input 8x8x1\nconv 6 5x5 7", "too-many-operands", 2),
        ("input 8x8x1\nconv 5x5 6", "wrong-operand", 2),
        ("input 8x8x1\nconv 6 5*5", "wrong-operand", 2),
        ("input 28*28*1", "wrong-operand", 1),
        ("input 8x8x1\nconv 6 3x3 stride=0", "number-too-small", 2),
        ("input 8x8x1\nconv 6 3x3 same padding=1", "given-twice", 2),
        ("input 8x8x1\nconv 6 3x3 rellu", "unknown-word", 2),
        ("input 8x8x1\na: relu\na: relu", "used-twice", 3),
        ("input 8x8x1\nrelu from b\nb: relu", "unknown-label", 2),
        ("block a\n b\nend\nblock b\n a\nend\ninput 8x8x1\na", "recursive-block", 5),
        ("input 8x8x1\nrelu times 1000000000", "too-many-layers", 2),
        ("input 8x8x1\nrepeat 99999\n relu times 99999\nend", "too-many-layers", 2),
        ("input 8x8x1\nconv filter=sharpn", "unknown-filter", 2),
        ("input from p", "unknown-data", 1),
        ("input 8x8x1\noutput y", "unknown-label", 2),
        ("input 1000000x1000000x1000000", "too-large", 1),
        ("input 8x8x1\nadd", "missing-label", 2),
        ("# nothing\n", "empty-model", 1),
        ("input 8x8x1\nepsilon small\nbn", "wrong-operand", 2),
        ("input 8x8x1\nepsilon\nbn", "bad-directive", 2),
    ],
)
def test_each_fault_has_its_code_and_line(text: str, code: str, line: int) -> None:
    assert codes(text) == [(code, line)]


def test_blocks_that_double_at_every_level_are_refused_before_they_are_written_out() -> None:
    blocks = "".join(f"block b{i}\n b{i + 1}\n b{i + 1}\nend\n" for i in range(40))
    assert codes(blocks + "block b40\n relu\nend\ninput 8x8x1\nb0") == [("too-many-layers", 165)]


def test_empty_repeats_in_repeats_stop() -> None:
    text = "block r n\n repeat $n\n  repeat $n\n   repeat $n\n   end\n  end\n end\nend\ninput 8x8x1\nr 90000"
    assert [code for code, _ in codes(text)] == ["too-many-layers"]


def test_a_block_call_cut_short_by_a_fault_keeps_its_rows_and_loses_its_answers() -> None:
    text = "block b\n relu\n conv 4 9x9\n relu\nend\ninput 8x8x1\nb => 8x8x4"
    graph, _ = load_graph(Source("m", text))
    assert [(group.first, group.last, group.node, group.answers) for group in graph.groups] == [(1, 1, 1, ())]


def test_a_block_called_before_any_input_leaves_no_group() -> None:
    graph, faults = load_graph(Source("m", "block b\n relu\nend\nb => 8x8x4"))
    assert graph.groups == ()
    assert [fault.code for fault in faults] == ["missing-input"]


def test_a_kernel_too_large_behind_a_flat_input_needs_no_advice_about_its_size() -> None:
    (fault,) = faults_of("input 8\nreshape 2x2x2\nconv 4 4\n")
    assert (fault.code, fault.label) == ("kernel-too-large", "the input here is 2x2x2  (8 -> 2)")
    assert fault.help == "use `same` padding, a kernel of at most 2x2"


def test_an_input_that_nothing_reads_is_no_output_beside_results() -> None:
    assert net("a: input 4x4x1\nb: input 4x4x1\nconv 2 3x3 from a").outputs == (2,)
    assert net("a: input 4x4x1\nb: input 4x4x1").outputs == (0, 1)


def test_arithmetic_may_reach_10_to_the_18_and_no_further() -> None:
    billion = "1000000000*1000000000"
    assert shapes(f"input 4x4x1\nconv {billion}-999999999999999999 1x1") == ["4x4x1", "4x4x1"]
    assert codes(f"input 4x4x1\nconv {billion}+1 1x1") == [("number-too-large", 2)]


def test_repeats_in_repeats_multiply_before_they_are_written_out() -> None:
    text = "input 4x4x1\nrepeat 400\n repeat 500\n  relu\n end\nend"
    assert "this would write out 200,000 lines" in said(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("r: conv 4 3x3 same\nadd r", "`add r` joins line `r` with itself: it is the line that arrives here"),
        ("a: relu\nconv 4 1x1\nconcat a a", "`concat a a` joins a line with itself"),
        ("split\nbranch\nbranch\njoin mul", "two branches that `join mul` joins are the same result"),
    ],
)
def test_a_join_of_a_line_with_itself_is_remarked(text: str, message: str) -> None:
    graph, faults = load_graph(Source("m", f"input 8x8x4\n{text}\n"))
    assert faults == ()
    assert [(one.code, one.message) for one in graph.warnings] == [("joined-with-itself", message)]


def test_a_join_of_two_lines_has_no_remark() -> None:
    graph, _ = load_graph(Source("m", "input 8x8x4\nr: relu\nconv 4 3x3 same\nadd r\n"))
    assert graph.warnings == ()
