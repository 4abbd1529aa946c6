"""Calls of PyTorch and Keras pasted into a text: what they are in our words, what is checked, what is refused."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.graph import load_graph
from cnncalc.graph.faults import Fault
from cnncalc.graph.formatting import formatted
from cnncalc.graph.pasted import keras_calls, layers_of, torch_calls
from cnncalc.graph.pasted.arguments import Bound, Words
from cnncalc.graph.pasted.pasted_call import LONGEST_CALL, PythonCall, python_call
from cnncalc.layers.activation import ReLU
from cnncalc.layers.conv import Conv
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Given, Unknown
from cnncalc.spec.parsing import parse
from tests.time_limits import allowed

LINES = (Path(__file__).parent / "pasted_calls.txt").read_text(encoding="utf-8").splitlines()[2:]
CALLS = [tuple(part.strip() for part in line.rsplit("|", 2)) for line in LINES]


def faults(text: str) -> tuple[Diagnostic, ...]:
    return load_graph(Source("m", text))[1]


def rewritten(text: str) -> str:
    return formatted(parse(Source("m", text))[0])


@pytest.mark.parametrize(("call", "arriving", "ours"), CALLS, ids=[call for call, _, _ in CALLS])
def test_a_pasted_call_is_the_layer_that_it_is_in_our_words(call: str, arriving: str, ours: str) -> None:
    pasted, found = load_graph(Source("m", f"input {arriving}\n{call}\n"))
    assert found == ()
    written, _ = load_graph(Source("m", f"input {arriving}\n{ours}\n"))
    assert [node.layer for node in pasted.nodes] == [node.layer for node in written.nodes]
    assert pasted.labels == written.labels


@pytest.mark.parametrize(("call", "arriving", "ours"), CALLS, ids=[call for call, _, _ in CALLS])
def test_fmt_writes_a_pasted_call_in_our_words(call: str, arriving: str, ours: str) -> None:
    text = rewritten(f"input {arriving}\n{call}  # seen\n")
    assert rewritten(text) == text
    assert text == rewritten(f"input {arriving}\n{ours}  # seen\n")


def test_a_net_of_pasted_keras_calls_is_read_from_its_first_line() -> None:
    """The MNIST example of Keras' site: 34,826 parameters (keras.io, simple_mnist_convnet)."""
    text = """inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(32, kernel_size=(3, 3), activation="relu")(inputs)
x = layers.MaxPooling2D(pool_size=(2, 2))(x)
x = layers.Conv2D(64, kernel_size=(3, 3), activation="relu")(x)
x = layers.MaxPooling2D(pool_size=(2, 2))(x)
x = layers.Flatten()(x)
x = layers.Dropout(0.5)(x)
outputs = layers.Dense(10, activation="softmax")(x)
"""
    graph, found = load_graph(Source("m", text))
    assert found == ()
    shapes = [node.output.text() for node in graph.nodes]
    assert [shapes[index] for index in (0, 1, 3, 4, 6, 7, 9)] == [
        "28x28x1", "26x26x32", "13x13x32", "11x11x64", "5x5x64", "1600", "10",
    ]  # fmt: skip
    read = [(node, tuple(graph.nodes[index].output for index in node.inputs)) for node in graph.nodes]
    assert sum(weight.count for node, inputs in read for weight in node.layer.weights(inputs)) == 34826


def test_the_input_of_the_first_keras_layer_is_an_input_line() -> None:
    text = "model.add(Conv2D(32, (3, 3), input_shape=(28, 28, 1)))\nmodel.add(MaxPooling2D())\n"
    assert faults(text) == ()
    assert rewritten(text) == "input 28x28x1\nconv 32 3x3\nmaxpool 2x2\n"


@pytest.mark.parametrize(
    ("arriving", "call", "code", "told"),
    [
        ("28x28x32", "nn.Conv2d(1, 32, 3)", "arriving-differs", "in_channels = 1, but 32 channels arrive here"),
        ("28x28x1", "nn.Conv2d(3, 64, 3)", "arriving-differs", "in_channels = 3, but 1 channel arrives here"),
        ("5x5x16", "nn.Linear(256, 120)", "arriving-differs", "in_features = 256, but 400 numbers arrive here"),
        ("5x5x16", "x = x.view(-1, 256)", "arriving-differs", "size = 256, but 400 numbers arrive here"),
        ("8x8x32", "nn.BatchNorm2d(64)", "arriving-differs", "num_features = 64, but 32 channels arrive here"),
        ("100 channels 8", "nn.Conv2d(8, 4, 3)", "arriving-differs", "Conv2d works on a picture (2-D), but a signal"),
        ("784", "Conv2D(4, 3)", "arriving-differs", "Conv2D works on a picture (2-D), but a flat vector"),
        ("8x8x4", "Dense(10)", "dense-needs-flat", "Dense on a map of 8x8x4 can mean two things"),
        ("8x8x4", "LeakyReLU()", "two-meanings", "LeakyReLU differs between the frameworks"),
        ("8x8x4", "nn.MaxPool2d(2, return_indices=True)", "no-counterpart", "return_indices of MaxPool2d"),
        ("8x8x4", "nn.Conv2d(4, 4, 3, 2, 'same')", "no-counterpart", "only with a stride of 1"),
        ("8x8x4", "Conv2D(4, 3, data_format='channels_first')", "no-counterpart", "data_format"),
        ("8x8x4", "nn.Conv2d(4, 8)", "missing-operand", "Conv2d needs its kernel_size"),
        ("8x8x4", "nn.Conv2d(4, num_filters, 3)", "wrong-operand", "the value of `num_filters` is not known here"),
        ("8x8x4", "nn.Conv2d(4, 8, 3, strid=2)", "unknown-option", "Conv2d has no argument `strid`"),
        ("8x8x4", "nn.Conv2d(4, 8, '3')", "wrong-operand", "kernel_size of Conv2d must be a whole number"),
        ("8x8x4", "nn.MaxPool2d(2, kernel_size=2)", "given-twice", "kernel_size is given twice"),
        ("8x8x4", "nn.ReLU(1, 2)", "too-many-operands", "ReLU takes 1 arguments"),
        ("8x8x4", "nn.Conv2D(4, 8, 3)", "unknown-word", "no layer of PyTorch"),
        ("8x8x4", "x = F.relu(self.conv1(x))", "python-call", "there is a call inside a call"),
        ("8x8x4", "x = self.conv1(x)", "python-call", "is written elsewhere in the program"),
        ("8x8x4", "y = F.relu(x)", "python-call", "`x` is not the result of the line above"),
        ("8x8x4", "nn.Sequential(nn.ReLU())", "python-call", "Sequential holds layers"),
        ("8x8x4", "conv(6, 5)", "python-call", "without brackets and commas"),
        ("8x8x4", "Conv2D(6, 5)(a, b)", "python-call", "one tensor"),
        ("8x8x4", "Conv2D(6, 5", "unclosed-bracket", "never closed"),
        ("8x8x4", "__import__('os').system('echo')", "python-call", "no single call of a layer"),
        ("8x8x4", "nn.Conv2d(4, 9**9**9, 3)", "python-call", "only + - * and //"),
        ("8x8x4", "nn.Conv2d(4, 99999999*99999999, 3)", "number-too-large", "no net has a number as large"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(arriving: str, call: str, code: str, told: str) -> None:
    (found,) = faults(f"input {arriving}\n{call}\n")
    assert found.code == code
    assert told in found.message or told in found.label
    assert found.span is not None
    assert found.span.line == 2


def test_the_guilty_argument_is_underlined() -> None:
    (found,) = faults("input 28x28x32\n  self.conv1 = nn.Conv2d(1, 32, kernel_size=3)\n")
    assert found.span is not None
    assert (found.span.column, found.span.length) == (26, 1)


def test_a_name_that_stands_for_an_earlier_line_is_not_taken_for_the_last() -> None:
    text = "input 8x8x4\nx = F.relu(x)\ny = F.relu(x)\nx = torch.tanh(x)\n"
    (found,) = faults(text)
    assert found.span is not None
    assert found.span.line == 4


@pytest.mark.parametrize(
    "text",
    [
        "nn.Conv2d(" + "(" * 400 + ")" * 400 + ")",
        "nn.Conv2d(" + "-" * 900 + "1, 2, 3)",
        "nn.Conv2d(" + "1, " * (LONGEST_CALL // 4) + ")",
        "nn.Conv2d(" + "9" * 800 + ")",
        "a." * 400 + "b(1)",
        "f" + "(x)" * 300,
        "nn.Conv2d(" + "1+" * 450 + "1)",
        "Conv2D(32, 3, activation='" + "é" * 300 + "')",
        "Conv2D('\\d', 3)",
        "nn.Conv2d(1 if 1 else 2, 3, 3)",
        "nn.Conv2d(*a, **b)",
        "lambda(x)",
        "nn.Conv2d(3, 64, 3)" * 1000,
    ],
)
def test_hostile_calls_are_refused_in_little_time(text: str) -> None:
    begun = time.perf_counter()
    found = faults(f"input 8x8x4\n{text}\n")
    assert time.perf_counter() - begun < allowed(1)
    assert found
    assert all(one.span is not None and one.span.line == 2 for one in found)


def test_a_text_of_our_own_never_loads_the_tables_of_other_frameworks() -> None:
    """`cnncalc summary` stays quick: Python's parser and the tables are imported for a pasted call only."""
    import subprocess
    import sys

    program = (
        "import sys\nfrom cnncalc.diagnostics import Source\nfrom cnncalc.graph import load_graph\n"
        "load_graph(Source('m', 'input 8x8x4\\nconv 4 3x3 relu\\nCONV3-8\\n'))\n"
        "print([name for name in sys.modules if 'pasted' in name])\n"
    )
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert made.stdout == "[]\n"


def test_no_fix_in_our_words_is_offered_inside_a_python_call() -> None:
    (ours,), (pasted,) = faults("input 9\ndropout rate=50\n"), faults("input 9\nnn.Dropout(p=50)\n")
    assert [fix.text for fix in ours.fixes] == ["rate=0.5"]
    assert pasted.fixes == ()


@pytest.mark.parametrize("value", ["f(2)", "((1, f(2)), 3)", "[a, f(b)]", "1e400", "(3, x.y)", "f(g(1))"])
@pytest.mark.parametrize(
    "call", ["nn.Conv2d(8, 4, {})", "Conv2D(4, {})", "torch.cat({}, 1)", "add({})", "nn.Upsample({})"]
)
def test_no_object_of_the_reader_is_shown(call: str, value: str) -> None:
    """What cannot be read is quoted as it is written, never as Python prints an object."""
    for fault in load_graph(Source("m", f"input 28x28x8\n{call.format(value)}"))[1]:
        said = f"{fault.message} {fault.label} {fault.help} {' '.join(fault.notes)}"
        assert not re.search(r" object at 0x|<class|PythonCall\(|Name\(|Given\(|Span\(|Token\(", said)


def words_of(row: torch_calls.Row, call: PythonCall) -> Words:
    bound = Bound(call, row.signature, row.word)
    row.say(bound)
    return bound.words


def test_a_layer_and_its_activation_are_made_of_the_words_of_a_call_at_once() -> None:
    call = python_call("Conv2D(8, 5, strides=2, activation='relu')", Span(1, 1))
    assert layers_of(words_of(keras_calls.LAYERS["Conv2D"], call)) == (
        Conv(filters=8, kernel_size=(5, 5), stride=(2,)),
        ReLU(),
    )


def test_a_layer_made_of_a_call_is_refused_at_its_argument() -> None:
    with pytest.raises(Fault) as caught:
        layers_of(words_of(torch_calls.LAYERS["Conv2d"], python_call("nn.Conv2d(3, 8, 0)", Span(4, 1))))
    found = caught.value.diagnostic
    assert found.message == "0 is too small: at least 1 is needed here"
    assert found.span == Span(4, 17)


def test_all_digits_of_a_number_reach_the_layer() -> None:
    call = python_call("nn.LeakyReLU(0.123456789)", Span(1, 1))
    (leaky,) = layers_of(words_of(torch_calls.LAYERS["LeakyReLU"], call))
    assert leaky.slope == 0.123456789  # type: ignore[attr-defined]


def test_an_argument_of_a_program_that_is_not_known_says_why() -> None:
    width = Unknown("`args.width` is given on the command line", Span(2, 9))
    call = PythonCall("nn.Linear", (Given(8, Span(9, 11)), Given(width, Span(9, 14))), {}, Span(9, 1))
    with pytest.raises(PythonFault) as caught:
        words_of(torch_calls.LAYERS["Linear"], call)
    assert caught.value.message.startswith("out_features of Linear is not known")
    assert "`args.width` is given on the command line" in "".join((caught.value.message, *caught.value.notes))
