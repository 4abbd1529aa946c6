"""`--input SIZE`: the number of axes and the channels are the text's; both orders are read where the channels tell."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import checked
from cnncalc.report.answer_marks import own_findings
from cnncalc.sources import find


def inputs(text: str, size: str) -> list[str]:
    """The shapes of the net's inputs, channels last."""
    graph = checked(Source("net.txt", text), size)
    return [node.output.text() for node in graph.nodes if not node.inputs]


@pytest.mark.parametrize("size", ["96", "96x96", "96x96x3", "3x96x96", "96×96", "3X96X96", " 96x96 "])
@pytest.mark.parametrize(
    "line", ["input 32x32x3", "input 32x32 rgb", "input rgb 32x32", "input size=32x32x3", "input 32x32 channels 3"]
)
def test_a_picture_keeps_its_channels_however_it_is_written(line: str, size: str) -> None:
    assert inputs(f"{line}\nconv 4 3x3\n", size) == ["96x96x3"]
    assert inputs(f"order channels_first\n{line.replace('32x32x3', '3x32x32')}\nconv 4 3x3\n", size) == ["96x96x3"]


@pytest.mark.parametrize("size", ["500", "500x8", "8x500"])
def test_a_signal_keeps_its_channels(size: str) -> None:
    assert inputs("input 1000 channels 8\nconv 16 9\n", size) == ["500x8"]


@pytest.mark.parametrize(
    ("size", "shape"), [("16", "16x16x16x3"), ("8x16x32", "8x16x32x3"), ("8x16x32x3", "8x16x32x3"), ("3x8x16x32",) * 2]
)
def test_a_volume_keeps_its_channels(size: str, shape: str) -> None:
    read = "8x16x32x3" if shape == size == "3x8x16x32" else shape
    assert inputs("input 4x4x4 channels 3\nrelu\n", size) == [read]


def test_a_flat_vector_has_one_number() -> None:
    assert inputs("input 784\ndense 10\n", "100") == ["100"]


def test_where_both_ends_could_be_the_channels_the_order_of_the_file_holds() -> None:
    assert inputs("input 8x8x3\nrelu\n", "3x5x3") == ["3x5x3"]
    assert inputs("order channels_first\ninput 3x8x8\nrelu\n", "3x5x3") == ["5x3x3"]


def test_resnet50_keeps_its_parameters_whatever_the_order() -> None:
    """25,557,032: torchvision's resnet50. `3x224x224` used to be read as 224 channels: 26,250,088."""
    from cnncalc.analysis import analyse

    for size in ("224", "224x224", "224x224x3", "3x224x224"):
        assert analyse(checked(find("resnet50"), size)).totals.figures.params == 25_557_032


TWINS = "left: input 32x32x3\nright: input 32x32x3\nside: input 7\nadd left right\ngap\nconcat side\n"


def test_of_several_inputs_the_first_is_meant_and_all_that_have_its_shape() -> None:
    assert inputs(TWINS, "64") == ["64x64x3", "64x64x3", "7"]


def test_an_input_can_be_named() -> None:
    assert inputs(TWINS, "side=9") == ["32x32x3", "32x32x3", "9"]
    assert inputs(TWINS, "left=64x64 right=3x64x64 side=9") == ["64x64x3", "64x64x3", "9"]
    assert inputs("input 8x8x3\nflatten\nv: input 4\nconcat v input2\n".replace(" input2", ""), "input1=9") == [
        "9x9x3",
        "4",
    ]


def test_the_table_says_which_inputs_have_another_size_and_that_answers_are_not_marked() -> None:
    from cnncalc.analysis import analyse
    from cnncalc.report.summary import summary_sheet

    said = summary_sheet(analyse(checked(Source("net.txt", TWINS + "total => params 0\n"), "64"))).foot[0]
    assert said.text == (
        "left is 64x64x3, where line 1 says 32x32x3; right is 64x64x3, where line 2 says 32x32x3; "
        "answers are for that size: not marked"
    )


def test_the_size_that_the_text_has_is_no_other_one() -> None:
    """`summary resnet50 --input 3x224x224` once said that its answers are for another size, and left them unmarked."""
    from cnncalc.analysis import analyse
    from cnncalc.report.summary import summary_sheet

    text = "input 32x32x3\nconv 4 3x3 => 30x30x4\n"
    for size, changed in (("3x32x32", False), ("32", False), ("33", True)):
        graph = checked(Source("net.txt", text), size)
        analysis = analyse(graph)
        assert graph.has_other_size == changed
        assert bool(own_findings(analysis)) != changed
        assert (summary_sheet(analysis).foot[0].name == "--input") == changed


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ("middle=64", "net.txt has no input called `middle`"),
        ("64 left=3", "sizes with a name and without are mixed"),
        ("left=", "a size is expected here"),
        ("left=64x64x1", "`64x64x1` does not fit: the input of net.txt is a picture of 32x32x3"),
        ("999999999", "the input would be 999999999x999999999x3: 2,999,999,994,000,000,003 numbers"),
        ("9" * 500, f"`{'9' * 500}` is no size"),
    ],
)
def test_what_does_not_fit_is_refused(size: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        inputs(TWINS, size)
    assert refused.value.diagnostics[0].message == message


def test_a_size_worked_out_by_a_block_is_replaced_as_well() -> None:
    assert inputs("block start n\n  input ${n}x${n}x3\nend\nstart 32\nconv 4 3x3\n", "64") == ["64x64x3"]


def test_the_line_shows_the_new_size_and_keeps_its_other_words() -> None:
    graph = checked(Source("net.txt", "input gray 28x28 scale=1/255 ink=light\nconv 8 8\n"), "8")
    assert graph.rows[0].text == "input gray 8x8 scale=1/255 ink=light"


@pytest.mark.parametrize(
    ("line", "size", "shown"),
    [
        ("input 224x224x3 resize=256 minus1to1", "299", "input 299x299x3 resize=342 minus1to1"),
        ("input 224x224x3 resize 256", "112x448", "input 112x448x3 resize 512"),
        ("input 224x224x3 resize=224", "33", "input 33x33x3 resize=33"),
        ("input 224x224x3 imagenet", "448", "input 448x448x3 imagenet"),
    ],
)
def test_the_part_of_a_picture_that_is_cut_out_stays_as_large(line: str, size: str, shown: str) -> None:
    assert checked(Source("net.txt", f"{line}\nconv 8 8\n"), size).rows[0].text == shown


def test_a_net_written_as_json_takes_another_size_too() -> None:
    from cnncalc.net_files import written

    text = written(checked(Source("net.txt", "order channels_first\ninput 3x32x32\nconv 4 3x3\n")), "json")
    assert inputs(text, "64") == ["64x64x3"]


def test_a_fault_of_the_text_is_told_before_a_size_that_is_of_no_use() -> None:
    with pytest.raises(InputError) as refused:
        inputs("inputt 28x28x1\nconv 4 3x3\n", "64")
    assert [fault.code for fault in refused.value.diagnostics] == ["unknown-word"]
