"""Programs of Keras are read: what their models count and give, what their layers are called, and what is refused.

The figures are Keras 3.15's own (`count_params`, `output_shape`, layer names) unless a source stands beside them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.dialects import programs
from cnncalc.geometry import Padding
from cnncalc.layers.base import Layer
from cnncalc.layers.resizing import Pad
from tests.time_limits import allowed

from .keras_programs import PROGRAMS

HEAD = "import keras\nfrom keras import layers\n"


def read(text: str, size: str | None = None, settings: Mapping[str, str] | None = None) -> Analysis:
    return analyse(programs.read(Source("net.py", text, entry="model"), size, settings)[0])


def layer_list(body: str, size: str | None = None) -> list[Layer]:
    """The layers behind the input of a Sequential of these lines."""
    return [node.node.layer for node in read(f"{HEAD}model = keras.Sequential([{body}])\n", size).nodes[1:]]


def words(body: str, size: str | None = None) -> list[str]:
    return [layer.word for layer in layer_list(body, size)]


def refused(text: str, size: str | None = None) -> Diagnostic:
    with pytest.raises(InputError) as caught:
        read(text, size)
    return caught.value.diagnostics[0]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_counts_and_gives_what_keras_says(name: str) -> None:
    program = PROGRAMS[name]
    found = read(program.text, program.size)
    assert found.totals.figures.total_params == program.params
    assert tuple(shape.sizes() for shape in found.totals.outputs) == program.outputs


@pytest.mark.parametrize(
    ("body", "size", "params"),
    [
        (
            (
                "Conv2D(32, (3, 3), activation='relu', input_shape=(28, 28, 1)); MaxPooling2D((2, 2)); "
                "Conv2D(64, (3, 3), activation='relu'); MaxPooling2D((2, 2)); Conv2D(64, (3, 3), activation='relu'); "
                "Flatten(); Dense(64, activation='relu'); Dense(10, activation='softmax')"
            ),
            None,
            93_322,
        ),
        (
            (
                "Conv2D(32, kernel_size=(3, 3), activation='relu', input_shape=input_shape); "
                "Conv2D(64, (3, 3), activation='relu'); MaxPooling2D(pool_size=(2, 2)); Dropout(0.25); Flatten(); "
                "Dense(128, activation='relu'); Dropout(0.5); Dense(num_classes, activation='softmax')"
            ),
            "28x28x1",
            1_199_882,
        ),
        (
            (
                "Conv2D(32, (3, 3), activation='relu', input_shape=(100, 100, 3)); Conv2D(32, (3, 3), "
                "activation='relu'); MaxPooling2D(pool_size=(2, 2)); Dropout(0.25); Conv2D(64, (3, 3), "
                "activation='relu'); Conv2D(64, (3, 3), activation='relu'); MaxPooling2D(pool_size=(2, 2)); "
                "Dropout(0.25); Flatten(); Dense(256, activation='relu'); Dropout(0.5); Dense(10, activation='softmax')"
            ),
            None,
            7_998_250,
        ),
    ],
)
def test_the_decks_snippets_count_what_the_decks_print(body: str, size: str | None, params: int) -> None:
    """Decks 000 and 003: layers added one a line, without an import and with names that nobody defines."""
    lines = [f"model.add({one})" for one in body.split("; ")]
    text = "\n".join(("model = Sequential()", *lines))
    found = read(text, size, {"num_classes": "10"} if size else None)
    assert found.totals.figures.total_params == params


# ---------------------------------------------------------------------- conventions
@pytest.mark.parametrize(
    ("layer", "arriving", "output"),
    [
        ("Conv2D(4, 3, strides=2, padding='same')", (8, 7, 2), "4x4x4"),
        ("Conv2DTranspose(4, 3, strides=2, padding='same')", (8, 7, 2), "16x14x4"),
        ("Conv2DTranspose(4, 3, strides=2)", (8, 7, 2), "17x15x4"),
        ("Conv2DTranspose(4, 1, strides=3)", (8, 7, 2), "24x21x4"),
        ("Conv2DTranspose(4, 3, strides=2, padding='same', output_padding=0)", (8, 7, 2), "15x13x4"),
        ("MaxPool2D(3)", (8, 7, 2), "2x2x2"),
        ("AveragePooling2D(2, strides=1, padding='same')", (8, 7, 2), "8x7x2"),
        ("ZeroPadding2D(((1, 0), (2, 3)))", (8, 7, 2), "9x12x2"),
        ("Reshape((-1, 4))", (8, 7, 2), "28x4"),
        ("GlobalMaxPooling2D(keepdims=True)", (8, 7, 2), "1x1x2"),
        ("Dense(5)", (8, 7, 2), "8x7x5"),
        ("UpSampling2D((2, 3))", (8, 7, 2), "16x21x2"),
        ("CenterCrop(5, 4)", (8, 7, 2), "5x4x2"),
        ("Conv1D(3, 4, padding='causal', dilation_rate=2)", (9, 2), "9x3"),
        ("RepeatVector(6)", (5,), "6x5"),
    ],
)
def test_a_layer_gives_the_size_that_keras_gives(layer: str, arriving: tuple[int, ...], output: str) -> None:
    found = read(f"{HEAD}model = keras.Sequential([keras.Input({arriving}), layers.{layer}])\n")
    assert found.totals.outputs[0].text() == output


def test_flatten_writes_channels_last() -> None:
    assert layer_list("keras.Input((4, 4, 3)), layers.Flatten()")[0].order == "channels_last"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("layer", "epsilon"), [("BatchNormalization()", 0.001), ("LayerNormalization(epsilon=1e-6)", 1e-6)]
)
def test_norms_have_the_epsilon_of_keras(layer: str, epsilon: float) -> None:
    (norm,) = layer_list(f"keras.Input((4, 4, 3)), layers.{layer}")
    assert norm.epsilon == epsilon  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("activation", "slope"),
    [("'leaky_relu'", 0.2), ("layers.LeakyReLU()", 0.3), ("layers.LeakyReLU(alpha=0.1)", 0.1),
     ("keras.activations.leaky_relu", 0.2), ("lambda x: keras.ops.leaky_relu(x, negative_slope=0.4)", 0.4)],
)  # fmt: skip
def test_the_leaky_slope_depends_on_how_it_is_named(activation: str, slope: float) -> None:
    """Keras 3: the layer's negative_slope is 0.3, the function's 0.2."""
    layer = layer_list(f"keras.Input((4, 4, 3)), layers.Conv2D(2, 1, activation={activation})")[-1]
    assert layer.slope == slope  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "activation",
    ["'relu'", "keras.activations.relu", "layers.ReLU()", "keras.ops.relu", "tf.nn.relu", "layers.Activation('relu')"],
)  # fmt: skip
def test_an_activation_is_a_name_a_function_or_a_layer(activation: str) -> None:
    assert words(f"keras.Input((4, 4, 3)), layers.Dense(2, activation={activation})") == ["conv", "relu"]


def test_augmentation_and_noise_change_nothing_where_a_net_is_used() -> None:
    layers = (
        "layers.RandomFlip('horizontal'), layers.RandomRotation(0.1), layers.RandomZoom(0.2), layers.GaussianNoise(1)"
    )
    assert set(words(f"keras.Input((4, 4, 3)), {layers}")) == {"identity"}


def test_depth_to_space_of_tensorflow_reads_the_place_before_the_channel() -> None:
    """A map of one place with 8 channels: TensorFlow puts channels 0 and 1 into the first pixel, PyTorch 0 and 4."""
    text = f"import tensorflow as tf\n{HEAD}x = keras.Input((1, 1, 8))\n"
    text += "model = keras.Model(x, tf.nn.depth_to_space(x, 2))\n"
    shuffle, rearranged = (node.node.layer for node in read(text).nodes[1:])
    assert (shuffle.word, shuffle.groups, rearranged.word) == ("shuffle", 4, "depthtospace")  # type: ignore[attr-defined]


def test_the_first_channels_first_layer_says_what_the_inputs_sizes_mean() -> None:
    """The output is written as Keras gives it: 4 channels, then rows and columns."""
    made = "layers.Conv2D(4, 3, data_format='channels_first')(x)"
    text = f"{HEAD}x = keras.Input((3, 16, 12))\nmodel = keras.Model(x, {made})\n"
    found = read(text)
    assert [found.totals.inputs[0].text(), found.totals.outputs[0].text()] == ["16x12x3", "4x14x10"]


# ---------------------------------------------------------------------- models
def test_layers_are_called_as_keras_counts_them() -> None:
    layers = ", ".join(
        f"layers.{one}"
        for one in ("Conv2D(2, 1)", "ReLU()", "MaxPool2D()", "Conv2D(2, 1)", "PReLU(shared_axes=[1, 2])")
    )
    found = read(f"{HEAD}model = keras.Sequential([keras.Input((4, 4, 3)), {layers}, layers.Dense(2, name='last')])\n")
    assert [node.node.name for node in found.nodes[1:]] == [
        *("conv2d", "re_lu", "max_pooling2d", "conv2d_1", "p_re_lu", "last"),
    ]  # fmt: skip


def test_a_model_called_twice_counts_its_weights_once() -> None:
    found = read(PROGRAMS["shared branch"].text)
    assert [node.node.name for node in found.nodes if node.node.shares is None and node.weights] == [
        "base.conv2d",
        "base.dense",
        "dense_1",
    ]
    assert len([node for node in found.nodes if node.node.shares is not None]) == 2
    assert [node.node.name for node in found.nodes if not node.node.inputs] == ["left", "right"]


def test_a_model_of_an_inner_layers_output_ends_there() -> None:
    text = f"""{HEAD}whole = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(3, 3, name="seen")])
whole.add(layers.Flatten())
model = keras.Model(inputs=whole.inputs, outputs=whole.get_layer("seen").output)
"""
    assert read(text).totals.outputs[0].text() == "6x6x3"


def test_pop_takes_the_last_layer_out() -> None:
    text = f"{HEAD}model = keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.Dense(2)])\nmodel.pop()\n"
    assert read(text).totals.figures.params == 36


def test_build_states_the_size_of_a_model() -> None:
    text = f"{HEAD}model = keras.Sequential([layers.Conv2D(4, 3), layers.Flatten()])\nmodel.build((None, 8, 6, 2))\n"
    assert read(text).totals.outputs[0].text() == "96"


def test_an_open_size_is_that_of_the_input_option() -> None:
    text = f"{HEAD}x = keras.Input((None, None, 3))\nmodel = keras.Model(x, layers.Conv2D(2, 3)(x))\n"
    assert read(text, "10x8x3").totals.outputs[0].text() == "8x6x2"
    assert "give --input" in str(refused(text))


def test_a_layer_of_a_model_is_a_group_of_its_class() -> None:
    groups = [(group.group.word, group.group.path) for group in read(PROGRAMS["residual blocks"].text).groups]
    assert groups == [("ResBlock", "block0"), ("ResBlock", "block1"), ("ResBlock", "block2")]


# ---------------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        ("keras.Input((9, 4)), layers.LSTM(8)", "no-such-layer", "LSTM"),
        ("keras.Input((4,)), layers.CategoryEncoding(4)", "no-such-layer", "which prepares words"),
        ("keras.Input((4, 4, 3)), layers.Normalization(axis=None)", "no-such-layer", "over 0 axes"),
        ("keras.Input((4, 4, 3)), layers.Normalization(invert=True)", "no-such-layer", "that is inverted"),
        ("keras.Input((4, 4, 3)), layers.Normalization(mean=0.5)", "not-read-here", "both a mean and a variance"),
        ("keras.Input((4, 4, 3)), layers.Conv2D(8, 5)", "kernel-too-large", "5x5"),
        ("keras.Input((40,)), layers.Conv2D(8, 5)", "arriving-differs", "2 arrive"),
        ("keras.Input((4, 4, 3)), layers.Conv2D(8, 3, paddin='same')", "unknown-option", "paddin"),
        ("keras.Input((4, 4, 3)), layers.Conv2D(8, 3, activation='reluu')", "unknown-word", "reluu"),
        ("keras.Input((4, 4, 3)), layers.Conv2D(8.0, 3)", "wrong-operand", "whole number"),
    ],
)
def test_what_cannot_be_read_is_named(body: str, code: str, told: str) -> None:
    fault = refused(f"{HEAD}model = keras.Sequential([{body}])\n")
    assert (fault.code, fault.span and fault.span.line) == (code, 3)
    assert told in " ".join((fault.message, *fault.notes, fault.help))


@pytest.mark.parametrize(
    "text",
    [
        "from tensorflow.keras.applications import ResNet50\nmodel = ResNet50(weights='imagenet')\n",
        "import keras\nmodel = keras.applications.ResNet50(weights=None)\n",
    ],
)
def test_a_net_of_keras_applications_is_named_with_the_shipped_one(text: str) -> None:
    fault = refused(text)
    assert "`cnncalc summary resnet50-keras`" in " ".join((fault.message, *fault.notes))


def test_a_model_in_itself_ends_with_a_fault() -> None:
    text = f"{HEAD}model = keras.Sequential()\nmodel.add(model)\n"
    assert refused(text, "8x8x3").code == "module-in-itself"


@pytest.mark.parametrize(
    "call",
    [
        "split(x, [None, 'a'], axis=1)",
        "pad(x, 3)",
        "relu(x, max_value='a')",
        "tile(x, 3)",
        "stack(x, 'a')",
        "clip(x, 'a', 2)",
    ],
)
def test_a_function_given_something_else_ends_with_a_fault_at_its_place(call: str) -> None:
    fault = refused(f"{HEAD}x = keras.Input((8, 8, 1))\nmodel = keras.Model(x, keras.ops.{call})\n")
    assert fault.span is not None
    assert fault.span.line == 4


def test_a_loop_that_adds_layers_without_end_is_bounded() -> None:
    """Each layer that is added costs the same, however many there are."""
    text = f"{HEAD}model = keras.Sequential([keras.Input((4,))])\n"
    text += "for i in range(100_000):\n    model.add(layers.Dense(4))\n"
    start = time.process_time()
    assert refused(text).code == "python-bound"
    assert time.process_time() - start < allowed(3)


def test_tensorflow_exchanges_the_axes_of_a_factor_where_it_is_told_to() -> None:
    """TensorFlow: `[6, 1]` transposed times `[6, 5]` is `[1, 5]`; `[6, 5]` times `[6, 5]` transposed is `[6, 6]`."""
    head = "import tensorflow as tf\ni = keras.Input((6, 5))\nw = layers.Dense(1)(i)\n"
    products = "tf.matmul(w, i, transpose_a=True), tf.matmul(i, i, transpose_b=True)"
    found = read(f"{HEAD}{head}model = keras.Model(i, [{products}])\n")
    assert [shape.text() for shape in found.totals.outputs] == ["1x5", "6x6"]


@pytest.mark.parametrize(
    ("layer", "called", "code"),
    [
        ("2, 3", "i, i, attention_mask=keras.ops.ones((6, 6))", "no-such-layer"),
        ("2, 3, output_shape=9", "i, i", "no-such-layer"),
        ("2, 3", "layers.Flatten()(i), i", "arriving-differs"),
        ("2, 3", "i, layers.Cropping1D(1)(i), i", "shapes-differ"),
        ("2", "i, i", "missing-operand"),
    ],
)
def test_attention_that_no_layer_here_is_is_refused(layer: str, called: str, code: str) -> None:
    text = f"{HEAD}i = keras.Input((6, 5))\nmodel = keras.Model(i, layers.MultiHeadAttention({layer})({called}))\n"
    assert refused(text).code == code


def test_an_output_of_the_size_of_the_query_and_all_axes_named_are_attention_as_usual() -> None:
    text = f"{HEAD}i = keras.Input((6, 5))\n"
    layer = "layers.MultiHeadAttention(2, 3, output_shape=5, attention_axes=1)"
    assert read(f"{text}model = keras.Model(i, {layer}(i, i))\n").totals.figures.params == 3 * (6 * 5 + 6) + 6 * 5 + 5


def test_an_embedding_of_places_is_learned_where_a_layer_holds_it() -> None:
    """Keras 3.15: `count_params()` is 54, that of a Dense of 5 x 4 + 4 and a table of 6 x 5."""
    layer = (
        "class Places(layers.Layer):\n    def __init__(self):\n        super().__init__()\n"
        "        self.table = layers.Embedding(6, 5)\n    def call(self, x):\n"
        "        return x + self.table(keras.ops.arange(6))\n"
    )
    text = f"{HEAD}{layer}i = keras.Input((6, 5))\nx = layers.Dense(4)(Places()(i))\nmodel = keras.Model(i, x)\n"
    assert read(text).totals.figures.params == 54
    lost = text.replace("(i, x)", "(i, x + layers.Embedding(6, 4)(keras.ops.arange(6)))")
    assert "no model holds its table" in refused(lost).message


def test_an_embedding_of_other_numbers_is_refused() -> None:
    """Words are no places: the table of 9 rows is not the 6 that come out."""
    text = f"{HEAD}i = keras.Input((6, 5))\nx = i + layers.Embedding(9, 5)(keras.ops.arange(6))\n"
    assert refused(f"{text}model = keras.Model(i, x)\n").code in ("no-such-layer", "unknown-value")


def test_the_padding_of_keras_applications_depends_on_whether_a_size_is_even() -> None:
    """`correct_pad` of Keras 2.15's imagenet_utils: ((0, 1), (1, 1)) for 32x31 and a kernel of 3."""
    text = f"{HEAD}from keras.applications import imagenet_utils\ni = keras.Input((32, 31, 3))\n"
    pad = "layers.ZeroPadding2D(padding=imagenet_utils.correct_pad(i, 3))"
    found = read(f"{text}model = keras.Model(i, {pad}(i))\n")
    assert [shape.text() for shape in found.totals.outputs] == ["33x33x3"]
    assert found.nodes[1].node.layer == Pad(padding=Padding("explicit", ((0, 1), (1, 1))))


@pytest.mark.parametrize(("line", "advice"), [("Add", "did you mean `add`?"), ("poop", "did you mean `pop`?")])
def test_a_method_that_no_model_of_keras_has_is_a_fault(line: str, advice: str) -> None:
    """Python: AttributeError: 'Sequential' object has no attribute 'Add'."""
    text = f"import keras\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])\nmodel.{line}(1)\n"
    with pytest.raises(InputError) as caught:
        programs.read(Source("net.py", text, "model"), None, None)
    found = caught.value.diagnostics[0]
    assert (found.message, found.help) == (f"a module has no `{line}`", advice)


def test_a_model_of_keras_whose_super_is_not_called_is_refused() -> None:
    """Keras 3: RuntimeError: In layer 'Net', you forgot to call `super().__init__()` as the first statement."""
    text = (
        "import keras\nclass Net(keras.Model):\n    def __init__(self):\n        self.d = keras.layers.Dense(2)\n"
        "    def call(self, x):\n        return self.d(x)\n"
    )
    with pytest.raises(InputError) as caught:
        programs.read(Source("net.py", text, "Net"), "4x4x1", None)
    assert caught.value.diagnostics[0].help == "write super().__init__() as the first line of __init__"
