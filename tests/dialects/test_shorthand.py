"""Shorthand of papers: what it says, what is assumed and said, and faults under the unit that is wrong."""

from __future__ import annotations

import random
from contextlib import suppress
from time import process_time

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.shorthand_units import meaning, nearest_unit
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked, read, written
from cnncalc.short_nets import is_written_out, recognised
from cnncalc.sources import find, is_model
from tests.time_limits import allowed


def graph_of(text: str, input_size: str | None = None, **settings: str) -> Graph:
    return checked(Source("net", text), input_size, settings)


def params_of(text: str, input_size: str | None = None, **settings: str) -> int:
    return analyse(graph_of(text, input_size, **settings)).totals.figures.params


def rows_of(text: str, **settings: str) -> list[str]:
    return [row.text for row in graph_of(text, **settings).rows]


def fault_of(text: str, input_size: str | None = None) -> tuple[str, str, str]:
    """The code of the first fault, what it underlines and its help."""
    source = Source("net", text)
    _, faults = read(source, input_size)
    first = faults[0]
    assert first.span is not None
    line = source.lines[first.span.line - 1]
    return first.code, line[first.span.column - 1 : first.span.column - 1 + first.span.length], first.help


KNOWN = (
    # McMahan et al. 2017, section 3, the CNN for MNIST: 5x5 convolutions with 32 and 64 channels, 2x2 max pools, 512
    # units, softmax: 1,663,370 total parameters (its code pads `same`)
    ("784-32C5-P2-64C5-P2-512FC-10", {"padding": "same"}, 1_663_370),
    # the same without padding: 832 + 51,264 + (4 * 4 * 64 + 1) * 512 + 5,130 by hand
    ("784-32C5-P2-64C5-P2-512FC-10", {}, 582_026),
    ("28x28-32C5-P2-64C5-P2-512FC-10", {}, 582_026),
    # Caffe's LeNet for MNIST (examples/mnist/lenet.prototxt): 520 + 25,050 + 400,500 + 5,010
    ("1x28x28-20C5-MP2-50C5-MP2-500N-10N", {}, 431_080),
    # LeNet-5 as LeCun et al. 1998 draw it in figure 2, connected fully: 156 + 2,416 + 48,120 + 10,164 + 850
    ("INPUT 32x32 - C1: 6@28x28 - S2: 6@14x14 - C3: 16@10x10 - S4: 16@5x5 - C5: 120@1x1 - 84 - 10", {}, 61_706),
    # Courbariaux et al. 2015, section 3.3, by hand: 3,584 + 147,584 + 295,168 + 590,080 + 1,180,160 + 2,359,808
    # and 8193 * 1024 + 1025 * 1024 + 1025 * 10, since 4 * 4 * 512 = 8192 arrive
    ("32x32x3-(2x128C3)-MP2-(2x256C3)-MP2-(2x512C3)-MP2-(2x1024FC)-10SVM", {"padding": "same"}, 14_025_866),
    # a perceptron: 785 * 300 + 301 * 10
    ("784-300-10", {}, 238_510),
    # Simonyan and Zisserman 2014, table 1, column A, as torchvision counts its vgg11
    (
        (
            "224x224x3, conv3-64, maxpool, conv3-128, maxpool, conv3-256, conv3-256, maxpool, conv3-512, conv3-512, "
            "maxpool, conv3-512, conv3-512, maxpool, FC-4096, FC-4096, FC-1000, soft-max"
        ),
        {},
        132_863_336,
    ),
)


@pytest.mark.parametrize(("text", "settings", "params"), KNOWN, ids=[f"{text[:30]} {said}" for text, said, _ in KNOWN])
def test_published_nets_have_their_published_parameters(text: str, settings: dict[str, str], params: int) -> None:
    assert params_of(text, **settings) == params


def test_each_unit_is_one_row_of_ours() -> None:
    assert rows_of("784-32C5-P2-64C3S2-AP3S2-D0.5-512FC-10") == [
        "input 28x28x1",
        "conv 32 5x5 relu",
        "maxpool 2x2",
        "conv 64 3x3 stride=2 relu",
        "avgpool 3x3 stride=2",
        "dropout",
        "flatten",
        "dense 512 relu",
        "dense 10 softmax",
    ]


SAME = (
    ("28x28x1-2x(32C3-P2)-10", "28x28x1-32C3-P2-32C3-P2-10"),
    ("28x28x1-(32C3-P2)x2-10", "28x28x1-32C3-P2-32C3-P2-10"),
    ("28x28x1-[32C3-P2]*2-10", "28x28x1-32C3-P2-32C3-P2-10"),
    ("28x28x1-2x32C3-P2-10", "28x28x1-32C3-32C3-P2-10"),
    ("28x28x1 → 32C3 → P2 → 10", "28x28x1-32C3-P2-10"),
    ("28×28×1−32C3−P2−10", "28x28x1-32C3-P2-10"),
    ("28x28x1 + 32-C3 + P2 + 10", "28x28x1-32C3-P2-10"),
    ("28x28x1\n32C3 # the first\nP2\n10", "28x28x1-32C3-P2-10"),
    ("28x28x1-32c3-p2-10n", "28x28x1-32C3-P2-10"),
    ("28x28x1-32@3x3C-P2-10", None),
    ("28x28x1 - Conv(32, 3x3) - MaxPool(2) - FC(10)", "28x28x1-32C3-MP2-10"),
    ("28x28x1 - CONV 32 3x3 - POOL 2x2 - FC 10", "28x28x1-32C3-P2-10"),
    ("28x28x1-C32@3x3-P2-10", "28x28x1-32C3-P2-10"),
    ("28x28x1-32C3-P2-64-FC-10", "28x28x1-32C3-P2-64FC-10"),
)


@pytest.mark.parametrize(("text", "other"), [pair for pair in SAME if pair[1]])
def test_spellings_of_one_net_are_one_net(text: str, other: str) -> None:
    assert rows_of(text) == rows_of(other)


def test_channels_that_come_first_are_shown_first() -> None:
    graph = graph_of("3x32x32-16C3-MP2-10N")
    assert graph.order == "channels_first"
    assert [row.text for row in graph.rows][:2] == ["input 3x32x32", "conv 16 3x3 relu"]
    assert next(node.output.text("channels_first") for node in graph.nodes) == "3x32x32"


def test_an_activation_that_is_written_takes_the_place_of_those_that_are_assumed() -> None:
    text = "INPUT 28x28x1 => CONV 32 5x5 => RELU => POOL 2x2 => FC 10"
    assert rows_of(text) == ["input 28x28x1", "conv 32 5x5", "relu", "maxpool 2x2", "flatten", "dense 10"]


@pytest.mark.parametrize(
    ("settings", "rows"),
    [
        ({"activation": "tanh"}, ["conv 4 3x3 tanh", "maxpool 2x2", "flatten", "dense 10 softmax"]),
        ({"activation": "none", "last": "none"}, ["conv 4 3x3", "maxpool 2x2", "flatten", "dense 10"]),
        ({"pool": "avg", "padding": "same"}, ["conv 4 3x3 same relu", "avgpool 2x2", "flatten", "dense 10 softmax"]),
    ],
)
def test_what_is_assumed_can_be_set(settings: dict[str, str], rows: list[str]) -> None:
    assert rows_of("28x28x1-4C3-P2-10", **settings)[1:] == rows


def test_every_assumption_is_said_with_the_way_to_say_it_otherwise() -> None:
    (warning,) = graph_of("784-32C5-P2-10").warnings
    assert warning.code == "assumed-meaning"
    for words in (
        "28x28x1",
        "--set padding=same",
        "--set activation=tanh",
        "--set pool=avg",
        "--set last=none",
        "MP3S2",
    ):
        assert words in warning.message
    said = graph_of("784-32C5-P2-10", padding="same", activation="relu", pool="max", last="none").warnings[0].message
    assert "--set" not in said


def test_the_text_that_convert_writes_is_the_same_net() -> None:
    for text, settings, _ in KNOWN:
        graph = graph_of(text, **settings)
        again, faults = load_graph(Source("spec", written(graph, "spec")))
        assert not faults
        assert again.order == graph.order
        assert [(node.layer, node.inputs, node.output) for node in again.nodes] == [
            (node.layer, node.inputs, node.output) for node in graph.nodes
        ]


FAULTS = (
    ("784-32Q5-P2-10", "unknown-unit", "32Q5", "did you mean `32C5`?"),
    ("784-32C5-MPP2-10", "unknown-unit", "MPP2", "did you mean `MP2`?"),
    ("784-32C5-P2-512FCC-10", "unknown-unit", "512FCC", "did you mean `512FC`?"),
    ("784-32C5-P2-28x28x1-10", "unknown-unit", "28x28x1", "write it first"),
    ("785-32C5-P2-10", "unknown-unit", "785", "28x28x1-32C5"),
    ("784-32C5-P2-0C3-10", "number-too-small", "0C3", "at least 1"),
    ("784-32C0-P2-10", "number-too-small", "32C0", "at least 1"),
    ("784-(32C5-P2-10", "unclosed-bracket", "(", "write `)`"),
    ("784-32C5)-P2-10", "unexpected-bracket", ")", "take it out"),
    ("784-0x(32C5)-10", "number-too-small", "0", "leave them out"),
    ("784-32C5-P2-64C5-P2-64C5-10", "kernel-too-large", "64C5", "--set padding=same"),
    ("28x28x1 => CONV => RELU", "missing-operand", "CONV", "`CONV 32 5x5`"),
    ("32C3-MP2-10", "missing-input", "32C3", "--input 28x28x1"),
    ("Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> FC", "pattern-not-a-net", "n", "write a number"),
    ("28x28-6@24x24-12@30x30", "unknown-unit", "12@30x30", "write the layer itself"),
)


@pytest.mark.parametrize(("text", "code", "word", "advice"), FAULTS, ids=[text for text, *_ in FAULTS])
def test_a_fault_underlines_the_unit_and_helps(text: str, code: str, word: str, advice: str) -> None:
    found = fault_of(text)
    assert found[:2] == (code, word)
    assert advice in found[2]


def test_the_help_of_a_kernel_that_does_not_fit_works() -> None:
    assert params_of("784-32C5-P2-64C5-P2-64C5-10", padding="same") == 832 + 51_264 + 102_464 + (7 * 7 * 64 + 1) * 10


def test_several_unknown_units_are_said_at_once() -> None:
    _, faults = read(Source("net", "784-32Q5-P2-7Z-10"))
    assert [fault.span.column for fault in faults if fault.span] == [5, 13]


def test_an_option_gives_the_size_that_is_not_written_and_changes_one_that_is() -> None:
    assert params_of("32C3-MP2-10", "28x28x1") == params_of("28x28x1-32C3-MP2-10")
    assert next(node.output.text() for node in graph_of("28x28x1-32C3-MP2-10", "32x32").nodes) == "32x32x1"
    for wrong in ("0x3x1", "a", "1x2x3x4x5"):
        with pytest.raises(InputError):
            graph_of("32C3-MP2-10", wrong)


@pytest.mark.parametrize(
    ("name", "value", "code"), [("pad", "same", "unknown-setting"), ("padding", "sam", "wrong-setting")]
)
def test_a_setting_that_means_nothing_is_refused_with_the_near_one(name: str, value: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        graph_of("784-32C5-10", None, **{name: value})
    (fault,) = caught.value.diagnostics
    assert fault.code == code
    assert "padding" in fault.help or "same" in fault.help


def test_model_may_be_the_net_itself_where_it_is_no_file() -> None:
    assert find("784-32C5-P2-10").text == "784-32C5-P2-10"
    assert is_model("784-32C5-P2-10")
    with pytest.raises(InputError):
        find("32C3-MP2.txt")


OURS = ("conv 32 3x3\nmaxpool 2x2", "input 28x28x1 => 28x28x1", "dense 10", "conv1: conv 32 3x3", "input 784\ndense 10")


def test_texts_of_our_own_are_no_shorthand() -> None:
    assert [text for text in OURS if recognised(text)] == []
    assert not is_written_out("lenet5.txt")
    assert rows_of("input 28x28x1\nconv 32 3x3 relu") == ["input 28x28x1", "conv 32 3x3 relu"]


def test_units_are_known_by_their_letters() -> None:
    assert meaning("MP3S2") == meaning("maxpool 3x3 s2")._replace(sizes=(3,))  # type: ignore[union-attr]
    assert meaning("40C5") == meaning("40 conv 5")
    assert meaning("hello") is None
    assert nearest_unit("x" * 1000) is None


HOSTILE = (
    "784-" * 20_000,
    "(" * 5_000 + "32C3",
    "99999x(" * 40 + "32C3" + ")" * 40,
    "784-99999x32C3",
    "999999999999999999999x32C3-10",
    "784-" + "9" * 5_000 + "C3",
    "32C3 " * 20_000,
    "784-32C5-" + "x" * 99_000,
    "28x28x1-" + "1C1-" * 24_000,
    "conv " * 15_000 + "32C3-2",
)


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:20] for text in HOSTILE])
def test_hostile_shorthand_is_refused_in_bounded_time(text: str) -> None:
    begun = process_time()
    with suppress(InputError):
        read(Source("net", text))
    assert process_time() - begun < allowed(5)


def test_mutants_give_a_net_or_our_own_error() -> None:
    chance = random.Random(7)
    letters = "0123456789CPMFNxX()[]{}-,+@:*=> \nSsd%.?#'\"/"
    for _ in range(3_000):
        text = list(chance.choice(KNOWN)[0] if chance.random() < 0.5 else chance.choice(SAME)[0])
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(text))
            text[place : place + chance.randint(0, 2)] = chance.choices(letters, k=chance.randint(0, 3))
        source = Source("net", "".join(text))
        try:
            graph, faults = read(source)
        except InputError:
            continue
        assert all(fault.span and fault.span.line <= len(source.lines) for fault in faults)
        if not faults:
            analyse(graph)
