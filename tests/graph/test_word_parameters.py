"""Parameters that are words, blocks or labels, and defaults that are read at the call."""

from __future__ import annotations

import pytest

from tests.graph.test_conditionals import bound, fault, rows

STAGE = "block stage body width n stride=1\n$body $width stride=$stride\n$body $width times $n-1\nend\n"
BASIC = "block basic width stride=1 act=relu\nconv $width 3x3 stride=$stride padding=1 nobias bn $act\nend\n"


def test_a_line_may_call_the_block_that_a_parameter_names() -> None:
    assert rows(f"{STAGE}{BASIC}input 8x8x3\nstage basic 16 3 stride=2")[1:] == [
        "conv 16 3x3 stride=2 padding=1 nobias bn relu",
        "conv 16 3x3 stride=1 padding=1 nobias bn relu",
        "conv 16 3x3 stride=1 padding=1 nobias bn relu",
    ]


def test_a_line_may_call_the_layer_that_a_parameter_names() -> None:
    assert rows("block pool word\n$word 2\nend\ninput 8x8x3\npool avgpool\npool MaxPool")[1:] == [
        "avgpool 2",
        "MaxPool 2",
    ]


@pytest.mark.parametrize(
    ("text", "heads"),
    [("block t h\nattention $h\nend\ninput 8x8x4\nt 2", "$h"), ("input 8x8x4\nattention 4", "4")],
)
def test_a_number_of_heads_without_its_name_gets_it(text: str, heads: str) -> None:
    found = fault(text)
    assert (found.code, found.message) == ("unknown-label", f"`{heads}` is no label")
    assert found.help == f"write `heads={heads}`"


def test_times_0_from_a_parameter_leaves_the_line_out() -> None:
    text = f"{STAGE}{BASIC}input 8x8x3\nstage basic 16 1\nrepeat 2 i\nrelu times $i\nend"
    assert rows(text)[1:] == ["conv 16 3x3 stride=1 padding=1 nobias bn relu", "relu"]


def test_a_literal_0_is_still_refused() -> None:
    assert fault("input 8x8x3\nrelu times 0").code == "number-too-small"


@pytest.mark.parametrize(
    ("act", "row"),
    [
        ("relu", "conv 8 3x3 bn relu"),
        ('"bn relu"', "conv 8 3x3 bn bn relu"),
        ('"leaky 0.2"', "conv 8 3x3 bn leaky 0.2"),
        ("none", "conv 8 3x3 bn"),
        ("identity", "conv 8 3x3 bn"),
        ("linear", "conv 8 3x3 bn"),
    ],
)
def test_a_parameter_may_hold_post_words(act: str, row: str) -> None:
    assert rows(f"block f act\nconv 8 3x3 bn $act\nend\ninput 8x8x3\nf {act}\nf act={act}")[1:] == [row, row]


def test_a_constant_may_hold_post_words() -> None:
    assert rows("let after = bn relu\ninput 8x8x3\nconv 8 3x3 nobias $after\nx: $after\nconcat x $after")[1:] == [
        "conv 8 3x3 nobias bn relu",
        "bn relu",
        "concat x bn relu",
    ]


def test_the_activation_option_takes_a_parameter() -> None:
    text = "block f a\nconv 8 1x1 activation=$a\nend\ninput 8x8x3\nf relu\nf none"
    graph_rows, faults = bound(text)
    assert not faults
    assert graph_rows[1:] == ["conv 8 1x1 activation=relu", "conv 8 1x1 activation=none"]


def test_a_label_that_is_called_like_a_layer_stays_a_label() -> None:
    text = "block f skip\nconv 3 1x1\nadd $skip\nend\nrelu: input 8x8x3\nf relu"
    assert rows(text)[1:] == ["conv 3 1x1", "add relu"]


def test_a_parameter_that_is_no_word_is_refused_where_it_is_called() -> None:
    found = fault(f"{STAGE}input 8x8x3\nstage 64 3 2")
    assert found.message == "`$body` is `64` here, which is neither a layer word nor a block"
    assert (found.span and (found.span.line, found.span.column), found.trail) == ((6, 7), ())
    assert found.notes == ("line 2 reads it: $body $width stride=$stride",)


def test_a_wrong_word_is_refused_once_at_the_call_however_many_lines_read_it() -> None:
    block = "block f act=relu\nconv 8 3x3 bn $act\nconv 8 3x3 $act\nconv 8 3x3 activation=$act\nend\n"
    found = fault(f"{block}input 9x9x3\nf 5x5")
    assert (found.code, found.span and (found.span.line, found.span.column)) == ("too-many-operands", (7, 3))
    assert found.notes[-1] == "line 2 reads it: conv 8 3x3 bn $act"
    through = fault(f"{block}block g a\nrelu\nf act=$a\nend\ninput 9x9x3\ng 5x5")
    assert (through.span and (through.span.line, through.span.column), through.trail) == ((11, 3), ())
    assert [note.partition(":")[0] for note in through.notes[-2:]] == ["line 2 reads it", "line 8 reads it"]


def test_a_wrong_default_is_refused_where_the_block_reads_it() -> None:
    found = fault("block f act=5x5\nconv 8 3x3 $act\nend\ninput 9x9x3\nf")
    assert (found.span and found.span.line, found.trail[0].line) == (2, 5)


def test_a_line_that_no_value_can_help_is_reported_once_for_all_calls() -> None:
    found = fault("block f w\nconv 8 3x3 $w\nend\ninput 9x9x3\nf 1\nf 2\nf 3")
    assert found.span is not None
    assert found.span.line == 5


def test_a_block_that_is_passed_to_itself_is_recursive() -> None:
    assert fault("block f body\n$body $body\nend\ninput 8x8x3\nf f").code == "recursive-block"


def test_defaults_are_read_at_the_call() -> None:
    text = "block se squeeze=$in//4 width=$in\nconv $squeeze 1x1\nconv $width 1x1\nend\ninput 8x8x16\nse\nse 3\n"
    assert rows(f"{text}conv 32 1x1\nse") == [
        "input 8x8x16", "conv 4 1x1", "conv 16 1x1", "conv 3 1x1", "conv 16 1x1",
        "conv 32 1x1", "conv 8 1x1", "conv 32 1x1",
    ]  # fmt: skip


def test_a_default_uses_the_parameters_before_it_and_the_constants_of_the_file() -> None:
    text = "let k = 3\nblock f a b=2*$a c=$b+$k\nconv $c 1x1\nend\ninput 8x8x16\nf 4\nf 4 b=1\nf b=2 a=5"
    assert rows(text)[1:] == ["conv 11 1x1", "conv 4 1x1", "conv 5 1x1"]


def test_a_default_does_not_see_the_parameters_after_it() -> None:
    found = fault("block f a=$b b=2\nconv $a 1x1\nend\ninput 8x8x16\nf b=3")
    assert (found.code, found.span and found.span.line, found.trail[0].line) == ("unknown-parameter", 1, 5)


def test_a_default_of_in_grows_with_every_copy() -> None:
    text = "block f width=2*$in\nconv $width 1x1\nend\ninput 8x8x3\nf times 3"
    assert rows(text)[1:] == ["conv 6 1x1", "conv 12 1x1", "conv 24 1x1"]


def test_values_are_worked_out_when_they_are_passed_so_that_texts_cannot_grow() -> None:
    blocks = "block b0 a\nconv $a 1x1\nend\n"
    blocks += "".join(f"block b{n} a\nb{n - 1} $a+$a-$a\nend\n" for n in range(1, 40))
    assert rows(f"{blocks}input 8x8x3\nb39 5")[1:] == ["conv 5 1x1"]
    words = "block b0 a\nconv 3 1x1 $a\nend\n"
    words += "".join(f"block b{n} a\nb{n - 1} $a$a\nend\n" for n in range(1, 40))
    assert fault(f"{words}input 8x8x3\nb39 relu").code == "number-too-large"


def test_the_channels_of_a_label_that_was_passed() -> None:
    text = "block f h\nconv $in($h) 1x1\nend\nx: input 8x8x5\nconv 7 1x1\nf x"
    assert rows(text)[1:] == ["conv 7 1x1", "conv 5 1x1"]


def test_a_parameter_may_be_the_word_that_joins_branches() -> None:
    block = "block both how\nsplit\nbranch\nconv 4 1x1\nbranch\njoin $how relu\nend\ninput 8x8x4\n"
    assert rows(f"{block}both concat\nconv $in 1x1")[-2:] == ["concat relu", "conv 8 1x1"]
    assert rows(f"{block}both add\nconv $in 1x1")[-2:] == ["add relu", "conv 4 1x1"]
    assert fault(f"{block}both conv").code == "unknown-join"


def test_a_chain_of_many_different_blocks_is_not_said_to_call_itself() -> None:
    def chain(count: int) -> str:
        blocks = "".join(f"block b{n}\nb{n + 1}\nend\n" for n in range(1, count))
        return f"{blocks}block b{count}\nrelu\nend\ninput 8x8x3\nb1"

    assert rows(chain(50)) == ["input 8x8x3", "relu"]
    refused = fault(chain(51))
    assert (refused.code, refused.message) == (
        "nested-too-deeply", "more than 50 blocks call one another to get here",
    )  # fmt: skip
