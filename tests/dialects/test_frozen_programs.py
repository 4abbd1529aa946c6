"""What a program says of training: frozen layers of PyTorch and Keras are counted as these libraries count them."""

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import checked, written

CONV, NORM, DENSE = 156, 12, 34_570
"""5 * 5 * 6 + 6; gamma and beta of 6 channels; 24 * 24 * 6 * 10 + 10."""

TORCH = """import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = nn.Sequential(nn.Conv2d(1, 6, 5), nn.BatchNorm2d(6))
        self.head = nn.Linear(3456, 10)
    def forward(self, x):
        return self.head(self.base(x).flatten(1))
net = Net()
"""

KERAS = """import keras
from keras import layers
base = keras.Sequential([layers.Conv2D(6, 5), layers.BatchNormalization()])
head = layers.Dense(10)
net = keras.Sequential([keras.Input((28, 28, 1)), base, layers.Flatten(), head])
"""


def frozen(program):
    size = "28x28x1" if "torch" in program else None
    return analyse(checked(Source("net.py", program), size)).totals.figures.frozen


@pytest.mark.parametrize(
    ("lines", "params"),
    [
        ("net.requires_grad_(False)", CONV + NORM + DENSE),
        ("net.base.requires_grad_(False)", CONV + NORM),
        ("for p in net.parameters():\n    p.requires_grad = False\nnet.head = nn.Linear(3456, 10)", CONV + NORM),
        ("for p in net.base.parameters():\n    p.requires_grad_(False)", CONV + NORM),
        ("for n, p in net.named_parameters():\n    if 'head' not in n: p.requires_grad = False", CONV + NORM),
        ("net.requires_grad_(False)\nfor p in net.head.parameters():\n    p.requires_grad = True", CONV + NORM),
        ("net.requires_grad_(False).requires_grad_()", 0),
        ("net.base[0].weight.requires_grad = False", 150),
        ("for n, p in net.named_parameters():\n    p.requires_grad = n.endswith('bias')", 150 + 6 + 34_560),
        ("for p in net.parameters():\n    if p.ndim > 1: p.requires_grad = False", 150 + 34_560),
        ("net.get_parameter('head.bias').requires_grad = False", 10),
        ("dict(net.named_parameters())['head.weight'].requires_grad = False", 34_560),
        ("for p in net.parameters(recurse=False):\n    p.requires_grad = False", 0),
        ("for p in net.head.parameters(recurse=False):\n    p.requires_grad = False", DENSE),
        ("for p in net.parameters():\n    p.requires_grad = not p.requires_grad", CONV + NORM + DENSE),
        (
            (
                "net.base.requires_grad_(False)\nfor p in filter(lambda p: p.requires_grad, net.parameters()):\n"
                "    p.requires_grad = False\nnet.base[0].requires_grad_()"
            ),
            NORM + DENSE,
        ),
        (
            (
                "for n, p in net.base.named_parameters(prefix='base'):\n"
                "    if n.startswith('base.0'): p.requires_grad = False"
            ),
            CONV,
        ),
        ("import copy\nold = net\nnet = copy.deepcopy(net)\nold.requires_grad_(False)\ndel old", 0),
        ("net.spare = nn.Linear(3, 2)\nnet.requires_grad_(False)", CONV + NORM + DENSE + 8),
        ("net.eval()", 0),
        ("import torch\ntorch.zeros(3).requires_grad_()\nnet.base.requires_grad_(False)", CONV + NORM),
    ],
)
def test_each_array_of_pytorch_is_frozen_or_learned_by_itself(lines, params):
    """Counted by PyTorch 2.13: the sum of numel over the parameters that do not require a gradient."""
    assert frozen(TORCH + lines + "\n") == params


@pytest.mark.parametrize(
    ("lines", "params"),
    [
        ("base.trainable = False", CONV + NORM),
        ("for layer in base.layers[:1]:\n    layer.trainable = False", CONV),
        ("net.trainable = False\nhead.trainable = True", CONV + NORM + DENSE),
        ("base.trainable = False\nbase.trainable = True", 0),
        ("base.trainable = False\nif base.trainable: head.trainable = False", CONV + NORM),
    ],
)
def test_a_layer_of_keras_is_frozen_with_every_model_that_it_is_in(lines, params):
    """Counted by Keras 3.15 itself: what `summary()` prints as trainable is the rest."""
    assert frozen(KERAS + lines + "\n") == params


def test_the_argument_trainable_freezes_a_layer_too():
    assert frozen(KERAS.replace("Conv2D(6, 5)", "Conv2D(6, 5, trainable=False)")) == CONV


START = "super().__init__()\n"
OWN = TORCH.replace(START, f"{START}        self.scale = nn.Parameter(torch.ones(1))\n").replace(
    "return self.head(", "return self.scale * self.head("
)


@pytest.mark.parametrize("line", ["net.scale.requires_grad = False", "net.scale.requires_grad_(False)"])
def test_a_parameter_of_the_programs_own_is_frozen_too(line):
    assert frozen("import torch\n" + OWN + line + "\n") == 1


@pytest.mark.parametrize(
    "lines",
    [
        "import re\nfor n, p in net.named_parameters():\n    if re.match('base', n): p.requires_grad = False",
        "import options\nnet.head.weight.requires_grad = options.train",
        "import options\noptions.model(net).requires_grad = False",
    ],
)
def test_what_is_not_known_of_training_is_said(lines):
    (found,) = checked(Source("net.py", TORCH + lines + "\n"), "28x28x1").warnings
    assert (found.code, found.span.line) == ("training-unclear", TORCH.count("\n") + lines.count("\n") + 1)


@pytest.mark.parametrize(
    ("line", "params"),
    [
        ("net.head.weight = nn.Parameter(torch.zeros(10, 3456))", CONV + NORM + DENSE),
        ("net.head.bias = None", CONV + NORM + DENSE - 10),
    ],
)
def test_a_weight_that_is_set_takes_the_place_of_the_layers_own(line, params):
    """PyTorch 2.13 has no second weight either."""
    found = analyse(checked(Source("net.py", f"import torch\n{TORCH}{line}\n"), "28x28x1")).totals
    assert (found.figures.params, found.uncalled) == (params, ())


def test_a_weight_of_another_size_is_refused():
    program = f"import torch\n{TORCH}net.head.weight = nn.Parameter(torch.zeros(5, 8))\n"
    with pytest.raises(InputError) as caught:
        checked(Source("net.py", program), "28x28x1")
    assert "`weight` of this Linear is 10x3456, and 5x8 is set here" in str(caught.value)


@pytest.mark.parametrize("how", ["torch.no_grad()", "torch.enable_grad()", "torch.inference_mode()"])
def test_a_backbone_in_a_block_without_gradients_is_read(how):
    """`requires_grad` of its weights stays True in PyTorch."""
    body = f"        with {how}:\n            x = self.base(x)\n        return self.head(x.flatten(1))"
    program = "import torch\n" + TORCH.replace("        return self.head(self.base(x).flatten(1))", body)
    assert frozen(program) == 0


def test_a_function_under_no_grad_is_the_function():
    program = "import torch\n" + TORCH.replace("    def forward", "    @torch.no_grad\n    def forward")
    assert frozen(program) == 0


def test_a_layer_that_is_frozen_in_part_is_written_with_a_remark():
    """Our own notation freezes lines, and a file that says more than the program does would be wrong."""
    lines = "net.base[0].weight.requires_grad = False\nnet.head.requires_grad_(False)\n"
    text = written(checked(Source("net.py", TORCH + lines), "28x28x1"), "spec")
    assert "base.0: conv 6 5x5  # frozen are only: weight\n" in text
    assert "head: dense 10 frozen\n" in text
