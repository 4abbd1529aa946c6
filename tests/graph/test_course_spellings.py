"""Spellings of courses and papers: one meaning is read, two are refused with both written out."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.cli import main
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.graph.ir import Graph
from cnncalc.spec.parsing import parse

READ = [
    ("28x28x1", "conv3-64", "conv 64 3x3"),
    ("28x28x1", "CONV-3-64", "conv 64 3x3"),
    ("28x28x1", "conv3-64 same relu", "conv 64 3x3 same relu"),
    ("28x28x1", "Conv5-32 padding=2 stride 1", "conv 32 5x5 padding=2 stride=1"),
    ("28x28x1", "conv1-256", "conv 256 1x1"),
    ("28x28x1", "conv3x5-8", "conv 8 3x5"),
    ("28x28x1", "Conv2D-3-8", "conv 8 3x3"),
    ("28x28x1", "c1: conv3-64", "c1: conv 64 3x3"),
    ("784", "fc-4096", "dense 4096"),
    ("784", "FC-10 softmax", "dense 10 softmax"),
    ("784", "FC 10", "dense 10"),
    ("784", "dense-10", "dense 10"),
    ("28x28x1", "pool2", "maxpool 2"),
    ("28x28x1", "POOL", "maxpool 2"),
    ("28x28x1", "POOL2", "maxpool 2"),
    ("28x28x1", "pool 3x3", "maxpool 3x3"),
    ("28x28x1", "pool-3 stride=2", "maxpool 3 stride=2"),
    ("28x28x1", "maxpool", "maxpool 2"),
    ("28x28x1", "MAXPOOL", "maxpool 2"),
    ("28x28x1", "max-pool", "maxpool 2"),
    ("28x28x1", "maxpool2", "maxpool 2"),
    ("28x28x1", "maxpool-3", "maxpool 3"),
    ("28x28x1", "avgpool2", "avgpool 2"),
    ("28x28x1", "avg-pool-7", "avgpool 7"),
    ("28x28x1", "maxpool stride=2", "maxpool 2 stride=2"),
    ("28x28x1", "maxpool stride 1", "maxpool 2 stride=1"),
    ("28x28x1", "avgpool stride=2", "avgpool 2 stride=2"),
    ("100 channels 4", "maxpool", "maxpool 2"),
    ("28x28x1", "max pool 2x2", "maxpool 2x2"),
    ("28x28x1", "avg pool 2x2", "avgpool 2x2"),
    ("28x28x1", "average pooling 3x3", "avgpool 3x3"),
    ("28x28x1", "max pooling 2x2 stride=2", "maxpool 2x2 stride=2"),
    ("10", "soft-max", "softmax"),
    ("28x28x1", "leaky relu", "leaky"),
    ("28x28x1", "conv 8 3x3 bn leaky relu 0.2", "conv 8 3x3 bn leaky 0.2"),
    ("28x28x1", "conv 8 3x3 hard sigmoid", "conv 8 3x3 hardsigmoid"),
    ("28x28x1", "depthwise conv 3x3 same", "dwconv 3x3 same"),
    ("28x28x1", "separable conv 8 3x3", "sepconv 8 3x3"),
    ("28x28x1", "conv transpose 8 2x2 stride=2", "upconv 8 2x2 stride=2"),
    ("28x28x1", "conv filter=8 kernel_size=3", "conv 8 3"),
    ("28x28x1", "RELU", "relu"),
    ("28x28x1", "BN", "bn"),
    ("28x28x1", "CONV 8 3x3", "conv 8 3x3"),
    ("28x28x1", "conv 8 3x3 same x2", "conv 8 3x3 same times 2"),
    ("28x28x1", "conv 8 3x3 same ×2", "conv 8 3x3 same times 2"),
    ("28x28x1", "conv3-8 same relu X3", "conv 8 3x3 same relu times 3"),
    ("28x28x1", "maxpool x2", "maxpool 2 times 2"),
    ("28x28x3", "conv in_channels=3 out_channels=8 kernel_size=3", "conv 8 3"),
    ("784", "dense in_features=784 out_features=10", "dense 10"),
]


def graph_of(text: str) -> Graph:
    graph, faults = load_graph(Source("m", text))
    assert faults == ()
    return graph


def rewritten(text: str) -> str:
    return formatted(parse(Source("m", text))[0])


@pytest.mark.parametrize(("arriving", "line", "ours"), READ, ids=[line for _, line, _ in READ])
def test_a_course_spelling_is_the_line_that_it_is_in_our_words(arriving: str, line: str, ours: str) -> None:
    read, written = graph_of(f"input {arriving}\n{line}\n"), graph_of(f"input {arriving}\n{ours}\n")
    assert [node.layer for node in read.nodes] == [node.layer for node in written.nodes]
    assert [row.copies for row in read.rows] == [row.copies for row in written.rows]
    assert read.labels == written.labels


@pytest.mark.parametrize(("arriving", "line", "ours"), READ, ids=[line for _, line, _ in READ])
def test_fmt_writes_a_course_spelling_in_our_words(arriving: str, line: str, ours: str) -> None:
    assert rewritten(f"input {arriving}\n{line}  => ? params ?\n") == rewritten(
        f"input {arriving}\n{ours}  => ? params ?\n"
    )


def test_vgg16_in_the_words_of_its_paper_has_the_parameters_of_its_paper() -> None:
    """Simonyan and Zisserman 2015, table 1, configuration D; 138,357,544 parameters (torchvision, Keras)."""
    columns = "64 64 / 128 128 / 256 256 256 / 512 512 512 / 512 512 512 /"
    body = "\n".join("maxpool" if one == "/" else f"conv3-{one} same" for one in columns.split())
    graph = graph_of(f"input 224x224 RGB\n{body}\nFC-4096\nFC-4096\nFC-1000\nsoft-max\n")
    read = [(node, tuple(graph.nodes[index].output for index in node.inputs)) for node in graph.nodes]
    assert sum(weight.count for node, inputs in read for weight in node.layer.weights(inputs)) == 138_357_544


@pytest.mark.parametrize(
    ("line", "ways"),
    [
        ("avgpool", ["avgpool 2", "gap"]),
        ("pool3", ["maxpool 3", "pool3: maxpool 2"]),
        ("maxpool1", ["maxpool 1", "maxpool1: maxpool 2"]),
        ("fc6", ["dense 6", "fc6: dense 10"]),
        ("FC1000", ["dense 1000", "FC1000: dense 10"]),
        ("Dense(10)", ["flatten\ndense 10", "conv 10 1x1"]),
        ("LeakyReLU()", ["leaky", "leaky slope=0.3"]),
    ],
)
def test_a_spelling_with_two_meanings_is_refused_and_both_ways_are_lines(line: str, ways: list[str]) -> None:
    text = f"input 28x28x1\n{line}\n"
    (fault,) = load_graph(Source("m", text))[1]
    assert [fix.text for fix in fault.fixes] == ways
    for fix in fault.fixes:
        graph_of(fix.applied(text))


def test_a_label_that_looks_like_a_repetition_stays_a_label() -> None:
    text = "block b from_what\nconv 4 3x3 same from $from_what\nend\nx2: input 9x9x4\nrelu\nb x2\nadd x2\n"
    graph = graph_of(text)
    assert graph.nodes[2].inputs == (0,)
    assert graph.nodes[3].inputs == (2, 0)


def test_a_block_may_be_called_twice_by_x2() -> None:
    graph = graph_of("block b w\nconv $w 3x3 same\nend\ninput 9x9x1\nb 8 x2\n")
    assert [row.text for row in graph.rows] == ["input 9x9x1", "conv 8 3x3 same", "conv 8 3x3 same"]


def test_what_arrives_is_checked_where_a_line_says_it() -> None:
    (fault,) = load_graph(Source("m", "input 28x28x1\nconv in_channels=3 out_channels=8 kernel_size=3\n"))[1]
    assert (fault.code, fault.message) == ("arriving-differs", "in_channels = 3, but 1 channel arrives here")


# ---------------------------------------------------------------- dense after a map
def test_dense_after_a_map_flattens_it_and_says_so() -> None:
    graph = graph_of("input 28x28x1\nconv 6 5x5\nfc 10 => 10 params 34570\n")
    assert [row.text for row in graph.rows] == ["input 28x28x1", "conv 6 5x5", "flatten", "fc 10"]
    assert [node.output.text() for node in graph.nodes] == ["28x28x1", "24x24x6", "3456", "10"]
    (remark,) = graph.warnings
    assert remark.code == "flatten-implied"
    assert remark.message == "dense reads a flat vector: 24x24x6 is flattened to 3,456 numbers first"
    assert sum(weight.count for weight in graph.nodes[3].layer.weights((graph.nodes[2].output,))) == 34570


def test_dense_repeated_after_a_map_flattens_once() -> None:
    graph = graph_of("input 5x5x2\ndense 8 relu times 3\n")
    assert [node.layer.word for node in graph.nodes] == ["input", "flatten", *("dense", "relu") * 3]


def test_dense_in_a_branch_and_from_a_label_flattens_what_it_reads() -> None:
    graph = graph_of("m: input 5x5x2\ngap\na: dense 4\ndense 4 from m\nadd a\n")
    assert [(node.layer.word, node.inputs) for node in graph.nodes] == [
        ("input", ()), ("gap", (0,)), ("dense", (1,)), ("flatten", (0,)), ("dense", (3,)), ("add", (4, 2)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "sign"), [("conv3-64 x 5-16 same", 10), ("fc-10 * 2", 7), ("pool2 x 3", 7), ("maxpool x 3", 9)]
)
def test_a_sign_behind_a_course_spelling_is_refused_and_joined_to_nothing(line: str, sign: int) -> None:
    text = f"input 9x9x3\n{line}\n"
    _, faults = load_graph(Source("m", text))
    assert [(one.code, one.span and (one.span.line, one.span.column)) for one in faults] == [
        ("unknown-word", (2, sign)),
    ]  # fmt: skip
    assert formatted(parse(Source("m", text))[0]) == text


def test_fmt_leaves_an_implied_flatten_implied() -> None:
    assert rewritten("input 5x5x2\nFC 8\n") == "input 5x5x2\ndense 8\n"


def test_a_sheet_is_checked_with_its_flatten_and_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`cnncalc check` says as much of `fc 10` after a map as of `flatten` and `dense 10`: (24 * 24 * 6 + 1) * 10."""
    for lines in ("flatten\ndense 10", "FC-10"):
        sheet = tmp_path / "sheet.txt"
        sheet.write_text(f"input 28x28x1\nconv 6 5x5 => 24x24x6\n{lines} => 10 params 34570\n", encoding="utf-8")
        assert main(["check", str(sheet)]) == 0
        sheet.write_text(f"input 28x28x1\nconv 6 5x5 => 24x24x6\n{lines} => 10 params 34571\n", encoding="utf-8")
        assert main(["check", str(sheet)]) == 1
    capsys.readouterr()


def test_explain_shows_the_implied_flatten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("input 28x28x1\nconv 6 5x5\nFC-10\n", encoding="utf-8")
    assert main(["summary", str(sheet)]) == 0
    assert "flatten" in capsys.readouterr().out
