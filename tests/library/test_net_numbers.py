"""What a loaded net says of itself: whole numbers, layers by number and name, the table.

Expected values are those of LeNet-5 as printed in LeCun et al. 1998 (156, 2,416 where its C3 is full, 48,120 ...), of
ResNet-50 as PyTorch counts it, and sums by hand.
"""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

import cnncalc

LENET = cnncalc.load("lenet5")
BLOCKS = (
    "input 8x8x3\nblock twice n=4\n  conv $n 3x3 same bn relu\n  out: conv $n 3x3 same\nend\na: twice\ntwice 8\ngap\n"
)


def test_the_numbers_of_a_net_are_whole() -> None:
    net = cnncalc.load("resnet50")
    assert (net.params, net.buffers) == (25557032, 53120)
    assert (net.macs, net.flops) == (4089184256, 2 * 4089184256 + 39068014)
    assert all(type(number) is int for number in (net.params, net.buffers, net.macs, net.flops, net.peak_memory))
    assert (net.input, net.output) == ((224, 224, 3), (1000,))


def test_the_peak_is_in_bytes_of_float32() -> None:
    """8x8x3 go in, 8x8x4 come out: both are alive at once."""
    assert cnncalc.load("input 8x8x3; conv 4 3x3 same").peak_memory == 4 * (8 * 8 * 3 + 8 * 8 * 4)


def test_shapes_are_tuples_with_named_axes() -> None:
    first = cnncalc.load("order channels_first; input 3x4x6; conv 5 3x3").layers[1]
    assert (first.input, first.output) == ((3, 4, 6), (5, 2, 4))
    assert (first.output.height, first.output.width, first.output.channels, first.output.size) == (2, 4, 5, 40)
    assert str(first.output) == "5x2x4"
    assert cnncalc.load("input 2x3x4x5; relu").input.depth == 2
    with pytest.raises(AttributeError, match="a shape of 10 has no height"):
        _ = LENET.output.height
    for again in (pickle.loads(pickle.dumps(first.output)), copy.deepcopy(first.output)):
        assert (again, again.channels) == ((5, 2, 4), 5)


def test_layers_are_found_by_number_and_by_name() -> None:
    layers = LENET.layers
    assert [layer.name for layer in layers] == list(layers.names)
    assert layers[1] is layers["conv1"]
    assert layers[-1].name == "dense3"
    assert [layer.params for layer in layers] == [0, 156, 0, 2416, 0, 0, 48120, 10164, 850]
    assert [layer.kind for layer in layers[1:4]] == ["conv", "avgpool", "conv"]
    assert ("conv1" in layers, "conv9" in layers, layers[2] in layers) == (True, False, True)
    with pytest.raises(IndexError):
        _ = layers[9]


def test_a_layer_has_what_its_line_holds() -> None:
    layer = cnncalc.load("input 8x8x3\n\nstem: conv 4 3x3 bn relu\n").layers["stem"]
    assert (layer.number, layer.line, layer.label, layer.text) == (1, 3, "stem", "conv 4 3x3 bn relu")
    assert (layer.params, layer.buffers) == (3 * 3 * 3 * 4 + 4 + 2 * 4, 2 * 4)
    assert (layer.macs, layer.receptive_field) == (
        6 * 6 * 4 * 27,
        cnncalc.load("input 8x8x3; conv 4 3x3").receptive_field,
    )


def test_a_norm_in_a_line_names_the_line() -> None:
    layers = cnncalc.load(BLOCKS).layers
    assert layers["a.conv1.bn"] is layers["a.conv1"]


def test_a_label_of_a_block_names_one_line_only_where_it_is_alone() -> None:
    layers = cnncalc.load(BLOCKS).layers
    assert layers["a.out"].label == "out"
    with pytest.raises(cnncalc.InputError) as raised:
        _ = layers["out"]
    assert raised.value.diagnostics[0].message == "2 lines of <text> are labelled `out`"
    assert raised.value.diagnostics[0].help == "give the name of one of them: a.out, twice1.out"


def test_a_name_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(cnncalc.InputError, match=r"lenet5 has no line called `conv3`\n.*did you mean `conv2`"):
        _ = LENET.layers["conv3"]


def test_what_joins_has_several_inputs() -> None:
    join = cnncalc.load("a: input 4x4x1; b: input 4x4x2; concat a").layers["concat1"]
    assert join.inputs == ((4, 4, 2), (4, 4, 1))
    assert join.input == (4, 4, 2)


def test_inputs_and_outputs_have_names() -> None:
    net = cnncalc.load("left: input 4x4x1; right: input 4x4x1; add left")
    assert net.inputs == {"left": (4, 4, 1), "right": (4, 4, 1)}
    assert net.outputs == {"add1": (4, 4, 1)}
    assert list(cnncalc.load("yolov5n").outputs) == ["boxes8", "boxes16", "boxes32"]


def test_the_receptive_field_is_that_of_the_last_map() -> None:
    field = LENET.receptive_field
    assert field is not None
    assert (field.size, field.jump, field.start, field.whole) == ((16, 16), (4, 4), (8, 8), False)
    assert repr(field) == "<field 16x16, jump 4, start 8>"
    assert cnncalc.load("input 4; dense 2").receptive_field is None


def test_print_shows_the_table_and_repr_one_line() -> None:
    assert str(LENET) == LENET.summary()
    assert "conv 6 5x5 tanh   28x28x6   5x5             156" in str(LENET)
    assert repr(LENET) == "<cnncalc.Model 'LeNet-5, the usual modern reading': 61,706 params, 416,520 MACs>"


def test_columns_are_a_list_or_a_text() -> None:
    assert LENET.summary(columns=["output", "params"]) == LENET.summary(columns="output,params")
    with pytest.raises(cnncalc.InputError, match=r"there is no column `input_size`\n.*did you mean `inputs`"):
        LENET.summary(columns=("input_size", "num_params"))
    with pytest.raises(cnncalc.InputError, match="columns is 3, which names no columns"):
        LENET.summary(columns=3)  # type: ignore[arg-type]


def test_depth_says_how_deep_blocks_are_opened() -> None:
    net = cnncalc.load("resnet18")
    assert "stage 64 2      " in net.summary(depth=0)
    assert [("basic 64" in table, "├" in table) for table in (net.summary(depth=depth) for depth in (0, 1, 2))] == [
        (False, False),
        (True, False),
        (True, True),
    ]


@pytest.mark.parametrize("asked", [{"depth": -1}, {"depth": True}, {"depth": "1"}, {"width": 0}, {"width": 1.5}])
def test_what_is_no_number_is_refused(asked: dict[str, object]) -> None:
    (name,) = asked
    with pytest.raises(cnncalc.InputError, match=f"{name} is .*, which is no whole number from [01] on"):
        LENET.summary(**asked)  # type: ignore[arg-type]


def test_a_notebook_shows_a_summary_as_it_is_printed() -> None:
    assert LENET.summary()._repr_html_().startswith("<pre>LeNet-5, the usual modern reading\nlenet5\n")


def test_a_table_advises_arguments_and_a_command_its_options() -> None:
    net = cnncalc.load("resnet18")
    assert "the whole table takes 130 columns (width=130)" in net.summary()
    assert "`depth=0` shows each block as one line" in net.summary(width=None)
    assert "--" not in net.summary()


def test_a_text_is_known_from_a_path(tmp_path: Path) -> None:
    assert cnncalc.load("input 28x28x1").params == 0
    assert cnncalc.load("input 28x28x1; conv 6 5x5; dense 10").params == 156 + 24 * 24 * 6 * 10 + 10
    assert cnncalc.load("input 28x28x1; conv 6 5x5\n").params == 156
    assert cnncalc.load('title "a; b"; x: input 3x3x1; conv 1 2x2 weights=[0 1; 1 0]  # c').graph.title == "a; b"
    for lost in ("input size.txt", "net; old.txt", "nets/net", "lenet55", Path("input 28x28x1")):
        with pytest.raises(cnncalc.InputError) as raised:
            cnncalc.load(lost)
        assert raised.value.diagnostics[0].code == "no-such-file"
    (tmp_path / "input 3x3x1").write_text("input 9x9x1\n")
    assert cnncalc.load(str(tmp_path / "input 3x3x1")).input == (9, 9, 1)


def test_a_fault_in_a_line_has_its_own_line() -> None:
    with pytest.raises(cnncalc.InputError, match=r"--> <text>:2:1\n"):
        cnncalc.load("input 28x28x1; con 6 5x5")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"settings": {"a": 1}}, "error[unknown-setting]: lenet5 has no line `let a = ...`\n = help: give one a name"),
        ({"settings": 5}, 'settings is 5, which names no values\n = help: write names with their values: settings={"'),
        ({"input_size": "a"}, '`a` is no size\n = help: write for instance input_size="200" or input_size="200x300": '),
        ({"until": "foo"}, "lenet5 has no line, label or layer called `foo`"),
        ({"until": 2}, "line 2 of lenet5 makes no layer"),
    ],
)
def test_load_says_what_can_be_written_in_python(asked: dict[str, object], said: str) -> None:
    with pytest.raises(cnncalc.InputError) as raised:
        cnncalc.load("lenet5", **asked)  # type: ignore[arg-type]
    assert said in str(raised.value)
    assert "--" not in str(raised.value)


@pytest.mark.parametrize("given", [5, None, b"input 3x3x1\n", ["lenet5"]])
def test_what_is_neither_text_nor_path_is_refused(given: object) -> None:
    with pytest.raises(cnncalc.InputError, match="a network is a text, the name of a file"):
        cnncalc.load(given)  # type: ignore[arg-type]


def test_an_error_is_a_value_like_any_other() -> None:
    with pytest.raises(cnncalc.InputError) as raised:
        cnncalc.load("input 8x8x1; conv 6 9x9; cnov 3")
    error = raised.value
    assert len({error, error}) == 1
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert repr(error) == "<InputError kernel-too-large: a 9x9 kernel does not fit an 8x8 input and 1 more>"
