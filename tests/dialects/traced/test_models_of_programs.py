"""A program becomes a net: which model, which image, names, groups, weights that are used twice or never."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.programs import read
from cnncalc.graph.ir import Graph
from tests.time_limits import allowed

from ...programs import BLOCKS, NET, PARAMS, program_graph

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n"
SMALL = f"""{HEAD}class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4, classes)

    def forward(self, x):
        return self.fc(F.relu(self.conv(x)).mean((2, 3)))
"""


def net(text: str, size: str | None = None, entry: str = "", name: str = "net.py", **settings: str) -> Graph:
    return read(Source(name, text, entry), size, settings)[0]


def fault(text: str, size: str | None = None, entry: str = "", name: str = "net.py", **settings: str) -> str:
    with pytest.raises(InputError) as error:
        read(Source(name, text, entry), size, settings)
    return str(error.value)


def rows(graph: Graph) -> list[str]:
    return [f"{graph.nodes[row.first].name}: {row.text}" for row in graph.rows]


def params(graph: Graph) -> int:
    return analyse(graph).totals.figures.params


# ---------------------------------------------------------------------- the net
@pytest.mark.parametrize(
    ("end", "wanted", "shape"),
    [
        ("y", [], "4x6x7"),
        ("y.permute(0, 2, 3, 1)", ['rearrange: rearrange "f1=4 f2=6 f3=7 -> f2 f3 f1"'], "6x7x4"),
        ("y.flatten(2).transpose(1, 2)", ['rearrange: rearrange "f1=4 f2=6 f3=7 -> (f2 f3) f1"'], "42x4"),
        ("y.permute(0, 2, 3, 1).flatten(1)", ["flatten: flatten channels_last"], "168"),
        ("y.permute(0, 2, 3, 1).permute(0, 3, 1, 2)", [], "4x6x7"),
    ],
)
def test_what_a_program_of_pytorch_gives_has_its_axes_where_the_program_has_them(
    end: str, wanted: list[str], shape: str
) -> None:
    """Shapes as PyTorch 2.13 gives them, without the axis of images."""
    program = f"""{HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        y = self.conv(x)
        return {end}
"""
    found = net(program, "8x9x3")
    assert rows(found)[2:] == wanted
    assert analyse(found).totals.outputs[0].text("channels_first") == shape


def test_what_a_program_of_keras_gives_has_its_axes_where_the_program_has_them() -> None:
    """Keras 3: 18 places of 6 channels, permuted, are 6x18."""
    found = net(
        "import keras\nfrom keras import layers\n"
        "model = keras.Sequential([keras.Input((20, 4)), layers.Conv1D(6, 3), layers.Permute((2, 1))])\n"
    )
    assert rows(found)[2:] == ['rearrange: rearrange "f1=6 f2=18 -> f2 f1" channels_first']
    assert analyse(found).totals.outputs[0].text() == "6x18"


def test_a_program_of_two_files_is_the_net_that_reports_are_tested_with(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text(BLOCKS)
    file = tmp_path / "net.py"
    file.write_text(NET)
    found, expected = net(NET, "16x16x3", name=str(file)), program_graph()
    for one, other in zip(found.nodes, expected.nodes, strict=True):
        assert one._replace(origin=other.origin) == other
    for row, wanted in zip(found.rows, expected.rows, strict=True):
        assert row._replace(origin=wanted.origin) == wanted
    for group, call in zip(found.groups, expected.groups, strict=True):
        assert group._replace(origin=call.origin) == call
    assert (found.labels, found.uncalled, found.title) == (expected.labels, (("aux", 36, 0, 0),), "Net")
    assert params(found) == PARAMS == 2126
    places = [found.source.place(node.origin.span.line).head.rpartition("/")[2] for node in found.nodes]
    assert places[:6] == ["net.py:13", "net.py:14", *["blocks.py:12"] * 4]
    calls = [tuple(found.source.place(one.line).line for one in node.origin.trail) for node in found.nodes]
    assert calls[:3] == [(), (), (15,)]


def test_a_layer_that_is_called_twice_has_its_weights_once() -> None:
    text = f"""{HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.step = nn.Conv2d(8, 8, 3, padding=1)
        self.step2 = nn.Conv2d(8, 8, 1)
    def forward(self, x):
        return self.step2(self.step(self.step(x)))
"""
    graph = net(text, "6x6x8")
    assert rows(graph)[1:] == [
        "step: conv 8 3x3 padding=1",
        "step3: conv 8 3x3 padding=1",
        "step2: conv 8 1x1",
    ]
    assert [node.shares for node in graph.nodes] == [None, None, 1, None]
    totals = analyse(graph).totals.figures
    assert (totals.params, totals.cost.macs) == (584 + 72, 2 * 36 * 576 + 36 * 64)


def test_the_first_of_two_paths_is_the_name() -> None:
    text = f"""{HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 4, 1)
        self.parts = nn.ModuleList([self.first, nn.Conv2d(4, 4, 1)])
    def forward(self, x):
        for part in self.parts:
            x = part(x)
        return x
"""
    assert rows(net(text, "4x4x3"))[1:] == ["first: conv 4 1x1", "parts.1: conv 4 1x1"]


def test_parameters_that_no_layer_holds_are_counted_where_they_are_used_and_where_not() -> None:
    text = f"""{HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(3, 1, 1))
        self.idle = nn.Parameter(torch.zeros(1, 7, 2))
    def forward(self, x):
        return x * self.gamma
"""
    graph = net(text, "4x4x3")
    assert rows(graph)[1:] == ["gamma: scale"]
    assert graph.uncalled == (("idle", 14, 0, 0),)
    assert params(graph) == 3 + 14


def test_a_block_that_is_called_twice_is_two_groups_of_one_path() -> None:
    text = f"""{HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU())
    def forward(self, x):
        return self.block(self.block(x))
"""
    groups = net(text, "4x4x3").groups
    assert [(one.path, one.first, one.last) for one in groups] == [("block", 1, 2), ("block", 3, 4)]


def test_outputs_in_dicts_and_lists_are_flattened_in_their_order() -> None:
    text = f"""{HEAD}class Net(nn.Module):
    def forward(self, x):
        y = F.relu(x)
        return {{"a": y, "b": [x.sigmoid(), (y.tanh(), 3)]}}
"""
    graph = net(text, "4x4x3")
    assert [graph.nodes[index].layer.word for index in graph.outputs] == ["relu", "sigmoid", "tanh"]


def test_what_no_output_needs_is_no_part_of_the_net() -> None:
    text = f"""{HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.aux = nn.Conv2d(3, 2, 1)
    def forward(self, x):
        self.aux(x)
        return F.relu(x)
"""
    graph = net(text, "4x4x3")
    assert (rows(graph)[1:], graph.uncalled) == (["relu: relu"], (("aux", 8, 0, 0),))


def test_a_module_in_itself_is_refused_and_a_hundred_in_each_other_are_read() -> None:
    circle = f"{SMALL}\nmodel = Net()\nmodel.inner = model\n"
    assert "error[module-in-itself]: `inner` of Net is the module itself, or one that holds it" in fault(circle)
    deep = f"{HEAD}model = nn.Conv2d(3, 3, 1)\nfor _ in range(%s):\n    model = nn.Sequential(model)\n"
    assert params(net(deep % 90, "4x4x3")) == 12
    assert "modules are nested more than 100 deep" in fault(deep % 101, "4x4x3")


# ---------------------------------------------------------------------- which model
@pytest.mark.parametrize(
    ("more", "entry", "classes"),
    [
        ("", "", 10),
        ("", "Net", 10),
        ("", "Net(classes=7)", 7),
        ("\nmodel = Net(5)\n", "", 5),
        ("\ndef net7():\n    return Net(7)\n", "", 7),
        ("\ndef test():\n    net = Net(6)\n    y = net(torch.randn(2, 1, 8, 8))\n    print(y.size())\n", "", 6),
    ],
)
def test_the_model_is_the_one_that_is_named_held_tried_or_needs_nothing(more: str, entry: str, classes: int) -> None:
    graph = net(SMALL + more, "8x8x1", entry)
    assert graph.nodes[graph.outputs[0]].output.text() == str(classes)


def test_a_function_that_uses_a_layer_of_the_file_by_another_function_makes_the_model() -> None:
    text = """import keras
from keras import layers


class Twice(layers.Layer):
    def call(self, x):
        return 2 * x


def block(x, width):
    return Twice()(layers.Conv2D(width, 3)(x))


def whole():
    inputs = keras.Input(shape=(8, 8, 3))
    return keras.Model(inputs, block(inputs, 4))


if __name__ == "__main__":
    model = whole()
"""
    assert net(text).nodes[-1].output.channels == 4


def test_several_models_are_listed_as_they_would_be_typed() -> None:
    text = SMALL + "\nsmall, large = Net(2), Net(200)\n"
    shown = fault(text, "8x8x1")
    assert "error[which-model]: net.py has several models" in shown
    assert "help: name one of them, as in net.py:small: small, large" in shown
    assert params(net(text, "8x8x1", "large")) == 40 + 1000


def test_a_model_that_does_not_exist_has_its_nearest_name() -> None:
    shown = fault(SMALL, entry="Nett")
    assert "error[which-model]: net.py has no `Nett`" in shown
    assert "help: did you mean `Net`?" in shown


def test_a_class_that_needs_arguments_says_which() -> None:
    text = SMALL.replace("classes=10", "classes")
    assert "Net needs an argument: `classes`" in fault(text, entry="Net")
    assert "help: write net.py:Net(classes=...)" in fault(text)


def test_a_text_without_a_model_says_so() -> None:
    assert "error[which-model]: there is no model of PyTorch or Keras in net.py" in fault("print(3)\n")


def test_a_half_read_model_is_never_counted() -> None:
    text = f"{HEAD}model = nn.Sequential(nn.Conv2d(3, 4, 1))\nmodel.append(secret())\n"
    shown = fault(text, "4x4x3")
    assert "the name `secret` is not defined" in shown
    assert "net.py:6:" in shown


KERAS = "import keras\nfrom keras.layers import *\nfrom keras.models import Model, Sequential\n"
AUGMENTING = "flip = Sequential([keras.Input((8, 8, 3)), RandomFlip()])\n"
SMALLER = [
    (
        "what augments is a part of the model that failed",
        (
            f"{AUGMENTING}def make(n):\n    i = Input((8, 8, 3))\n    return Model(i, Dense(1 / n)(flip(i)))\n"
            "net = make(0)\n"
        ),
        "division by zero",
    ),
    (
        "what augments is a part of what the file makes nowhere",
        (
            f"{AUGMENTING}def make(classes):\n    i = Input((8, 8, 3))\n    x = Model(i, Dense(classes)(flip(i)))\n"
            "    return x\n"
        ),
        "name one of them, as in net.py:make(classes=...): make, flip",
    ),
    (
        "one of two models failed",
        "a = Sequential([Input((8,)), Dense(4)])\nb = Sequential([Input((8,)), Dense(1 / 0)])\n",
        "name one of them, as in net.py:a: a, b",
    ),
    (
        "the model is handed to a maker that failed",
        (
            "a = Sequential([Input((8,)), Dense(4)])\ndef more(m):\n    return Sequential([m, Dense(1 / 0)])\n"
            "b = more(a)\n"
        ),
        "division by zero",
    ),
    (
        "a model is made anew of what is not known",
        (
            "import numpy as np\ndef make(n):\n    return Sequential([Input((8,)), Dense(n)])\na = make(3)\n"
            "a = make(np.load('n'))\n"
        ),
        "`numpy.load` is not read here",
    ),
    (
        "layers are added where the file is run",
        "a = Sequential([Input((8,)), Dense(4)])\nif __name__ == '__main__':\n    a.add(Dense(9))\n",
        "what is under `if __name__` changes `a`, and is not read",
    ),
    (
        "layers are added by a function that is called where the file is run",
        (
            "a = Sequential([Input((8,)), Dense(4)])\ndef more():\n    a.add(Dense(9))\n"
            "if __name__ == '__main__':\n    more()\n"
        ),
        "what is under `if __name__` changes `a`, and is not read",
    ),
    (
        "the model is put into a larger one where the file is run",
        "a = Sequential([Input((8,)), Dense(4)])\nif __name__ == '__main__':\n    b = Sequential([a, Dense(9)])\n",
        "`a` of net.py is a part of a larger model that is not read",
    ),
]


@pytest.mark.parametrize(("claim", "text", "told"), SMALLER, ids=[claim for claim, _, _ in SMALLER])
def test_a_smaller_model_than_the_one_meant_is_refused(claim: str, text: str, told: str) -> None:
    assert told in fault(KERAS + text)


@pytest.mark.parametrize(
    "text",
    [
        (
            "model = Sequential([Input((8,)), Dense(4)])\nif __name__ == '__main__':\n    model.fit(1)\n"
            "    model.save('m')\n"
        ),
        (
            "model = Sequential([Input((8,)), Dense(4)])\ndef seen(name):\n"
            "    return Model(model.inputs, model.get_layer(name).output)\n"
        ),
        (
            f"{AUGMENTING}class Net(Model):\n    def __init__(self):\n        super().__init__()\n"
            "        self.d = Dense(9)\n    def call(self, x):\n        return self.d(flip(x))\n"
        ),
    ],
)
def test_what_only_looks_at_a_model_does_not_make_it_a_part(text: str) -> None:
    assert params(net(KERAS + text, "8x8x3" if "flip" in text else None)) == 36


def test_a_model_that_is_loaded_again_stands_as_it_was_with_a_warning() -> None:
    graph = net(f"{KERAS}model = Sequential([Input((8,)), Dense(4)])\nmodel = keras.models.load_model('m.keras')\n")
    assert params(graph) == 36
    assert [(one.code, one.span and one.span.line) for one in graph.warnings] == [("model-kept", 5)]


def test_names_that_nothing_imports_are_taken_for_granted_with_a_remark() -> None:
    graph = net("model = nn.Sequential(nn.Linear(6, 2), nn.ReLU())\n")
    assert [(one.code, one.severity) for one in graph.warnings] == [("names-assumed", "warning")]
    assert "reading takes `nn` for torch.nn" in graph.warnings[0].message
    assert net(SMALL, "8x8x1").warnings == ()


def test_many_models_that_hold_one_large_part_are_found_in_time() -> None:
    large = f"{HEAD}large = nn.Sequential(*[nn.Linear(1, 1) for _ in range(3000)])\n"
    text = large + "".join(f"m{index} = nn.Sequential(large)\n" for index in range(300))
    started = time.process_time()
    assert "net.py has several models" in fault(text, "1")
    assert time.process_time() - started < allowed(3)


# ---------------------------------------------------------------------- which image
@pytest.mark.parametrize("size", ["8x9x1", "1x8x9"])
def test_a_size_is_read_in_our_order_and_in_the_other_where_the_channels_tell(size: str) -> None:
    assert net(SMALL, size).nodes[0].output.text() == "8x9x1"


def test_a_size_is_asked_for_with_the_channels_that_the_first_layer_takes() -> None:
    shown = fault(SMALL)
    assert "error[input-size]: Net: the first layer takes 1 channel, and the size of its input is not known" in shown
    assert "help: give --input 224x224x1" in shown
    assert "help: give --input 28x28x1" in fault(SMALL + "\ndata = torchvision.datasets.MNIST('.')\n")
    resized = "\nprepare = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])\n"
    assert "help: give --input 64x64x1" in fault(SMALL + resized)


LENET = """
import torch.nn.functional as F
from torch import nn

class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc = nn.Linear(16 * 5 * 5, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))
"""


def test_the_size_that_is_advised_is_one_that_the_model_takes() -> None:
    """224x224 would leave 53x53 maps; 32x32 gives the 5x5 of LeNet-5 (LeCun 1998), for which the Linear was made."""
    assert "help: give --input 32x32x3" in fault(LENET)
    assert net(LENET, "32x32x3").nodes[-1].output.text() == "10"
    assert "help: give --input 28x28x3" in fault(LENET.replace("5 * 5", "4 * 4"))


def test_a_model_that_takes_no_usual_size_is_asked_for_its_own() -> None:
    assert "help: give --input 224x224x3" in fault(LENET.replace("5 * 5", "50 * 50"))


@pytest.mark.parametrize(
    "tried",
    [
        "x = torch.randn(2, 1, 12, 10)",
        "summary(net, (1, 12, 10))",
        "summary(net, input_size=(4, 1, 12, 10))",
        "side = 12\nimages = torch.zeros((1, 1, side, side - 2))",
        "words = torch.rand(3, 77)\nx = torch.rand(1, 3, 5, 5)\ny = torch.rand(1, 1, 12, 10)",
    ],
)
def test_a_size_that_the_program_tries_is_taken(tried: str) -> None:
    assert net(f"{SMALL}\n{tried}\n").nodes[0].output.text() == "12x10x1"


def test_a_flat_first_layer_says_its_size_itself() -> None:
    text = f"{HEAD}model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))\n"
    assert net(text).nodes[0].output.text() == "784"
    assert net(text, "28x28x1").nodes[0].output.text() == "28x28x1"


TWO = f"""{HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(6, 4), nn.Linear(5, 4)
    def forward(self, left, right, third=None):
        return self.a(left) + self.b(right)
"""


def test_several_images_are_given_by_the_names_of_the_arguments() -> None:
    graph = net(TWO, "left=6,right=5")
    assert [(node.name, node.output.text()) for node in graph.nodes if not node.inputs] == [
        ("left", "6"),
        ("right", "5"),
    ]
    shown = fault(TWO, "left=6,rihgt=5")
    assert "the model has no input called `rihgt`" in shown
    assert "did you mean `right`?" in shown
    assert "help: give --input left=6,right=6" in fault(TWO)


def test_no_size_is_a_fault_of_the_option() -> None:
    shown = fault(SMALL, "28by28")
    assert "`28by28` is no size" in shown
    assert "--input 28by28" in shown


# ---------------------------------------------------------------------- --set and notebooks
def test_a_name_of_the_file_is_stated_from_outside() -> None:
    text = SMALL.replace("class Net", "width = get_width()\n\nclass Net").replace("4", "width")
    assert "`get_width` is not defined" in fault(text, "8x8x1")
    assert params(net(text, "8x8x1", width="6")) == 60 + 70
    known = SMALL.replace("class Net", "width = 3\n\nclass Net").replace("4", "width")
    assert params(net(known, "8x8x1", width="6")) == 60 + 70
    shown = fault(known, "8x8x1", widht="6")
    assert "net.py has no name `widht`" in shown
    assert "did you mean `width`?" in shown
    assert "`get()` is no value" in fault(known, "8x8x1", width="get()")


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]})


def test_a_notebook_s_variable_has_its_last_value_or_that_after_a_cell() -> None:
    text = notebook("%matplotlib inline\n!pip install torch", SMALL, "model = Net(2)", "model = Net(200)")
    assert params(net(text, "8x8x1", "model", "net.ipynb")) == 40 + 1000
    assert params(net(text, "8x8x1", "model@3", "net.ipynb")) == 40 + 10


def test_a_fault_in_a_notebook_has_its_cell_and_line() -> None:
    text = notebook(HEAD, "size = 3\nmodel = nn.Conv2d(3, 4.5, size)\n")
    assert "net.ipynb cell 2:2:22" in fault(text, "8x8x3", "model", "net.ipynb")


@pytest.mark.parametrize("text", ["<html>\n</html>\n", '{"cells": 3}', '{"cells": [\n', "[" * 100_000])
def test_what_is_no_notebook_is_said_to_be_none(text: str) -> None:
    assert "error[not-a-notebook]" in fault(text, name="net.ipynb")


# ---------------------------------------------------------------------- places of faults
def test_a_wrong_number_of_channels_has_the_call_and_where_the_layer_is_made() -> None:
    text = SMALL.replace("self.fc = ", "self.other = nn.Conv2d(64, 8, 3)\n        self.fc = ").replace(
        "F.relu(self.conv(x))", "self.other(self.conv(x))"
    )
    shown = fault(text, "8x8x1")
    assert "error[arriving-differs]: Conv2d expects 64 channels, but 4 arrive" in shown
    assert "--> net.py:13:24" in shown
    assert "made in line 9" in shown


STACK = """import torch.nn as nn


class Stack(nn.Module):
    def __init__(self, first, second):
        super().__init__()
        self.first = nn.Conv2d(3, first, 3)
        self.second = nn.Conv2d(second, 8, 3)

    def forward(self, x):
        return self.second(self.first(x))
"""


def test_where_a_layer_is_made_is_counted_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text(STACK)
    text = f"{HEAD}from blocks import Stack\n\nclass Net(nn.Module):\n    def __init__(self):\n"
    text += "        super().__init__()\n        self.body = Stack(4, 64)\n\n    def forward(self, x):\n"
    text += "        return self.body(x)\n"
    (tmp_path / "net.py").write_text(text)
    shown = fault(text, "8x8x3", "Net()", str(tmp_path / "net.py"))
    assert "blocks.py:11:16" in shown
    assert "= note: it is made in line 8 of blocks.py" in shown
    assert re.findall("reached from .*", shown) == ["reached from line 13 of net.py"]


def test_where_a_layer_is_made_is_counted_in_its_own_cell() -> None:
    text = notebook(HEAD, "size = 3\n", STACK, "net = Stack(4, 64)\n")
    shown = fault(text, "8x8x3", "net", "net.ipynb")
    assert "net.ipynb cell 3:11:16" in shown
    assert "= note: it is made in line 8 of cell 3" in shown
    assert "reached from" not in shown


def test_what_names_the_model_is_no_place_from_which_a_fault_is_reached() -> None:
    text = STACK.replace("nn.Conv2d(second, 8, 3)", "nn.Conv2d(second, 8.5, 3)")
    assert "reached from" not in fault(text, "8x8x3", "Stack(4, 64)")


def test_a_layer_of_keras_is_made_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text("from keras import layers\n\nouter = layers.Conv2D(4, 9, name='wide')\n")
    text = "import keras\nfrom parts import outer\n\nx = keras.Input((6, 6, 3))\nmodel = keras.Model(x, outer(x))\n"
    (tmp_path / "net.py").write_text(text)
    shown = fault(text, name=str(tmp_path / "net.py"))
    assert "= note: it is made in line 3 of parts.py" in shown


# ---------------------------------------------------------------------- values from the command line
OPTIONS = """import argparse
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--img-size", type=int, default=32)
parser.add_argument("--classes", type=int, required=True)
opt = parser.parse_args()
net = nn.Sequential(nn.Linear(opt.img_size, opt.classes))
"""


def test_an_option_of_a_program_is_stated_from_outside() -> None:
    """(64 + 1) * 7 = 455 weights."""
    assert "= help: give its value where it is a number, a text or a list: --set opt.classes=VALUE" in fault(OPTIONS)
    assert params(net(OPTIONS, **{"opt.classes": "7", "opt.img_size": "64"})) == 455
    assert "net.py has no name `opt.clases`" in fault(OPTIONS, **{"opt.clases": "7"})


@pytest.mark.parametrize("made", ["int(sys.argv[1])", "yaml.safe_load(open('a.yaml'))['width']"])
def test_a_value_from_outside_the_program_is_asked_for_by_its_name(made: str) -> None:
    """(3 + 1) * 5 = 20 weights."""
    text = f"import sys, yaml\nfrom torch import nn\nwidth = {made}\nnet = nn.Sequential(nn.Linear(3, width))\n"
    assert "a list: --set width=VALUE" in fault(text)
    assert params(net(text, width="5")) == 20


def test_a_model_that_is_not_known_is_no_value_to_state() -> None:
    assert "--set" not in fault("import torch\nnet = torch.load('net.pt')\n", entry="net")


# ---------------------------------------------------------------------- random numbers
NOISY = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean, self.spread, self.out = nn.Linear(8, 2), nn.Linear(8, 2), nn.Linear(2, 8)

    def forward(self, x):
        spread = torch.exp(0.5 * self.spread(x))
        return self.out(self.mean(x) + NOISE * spread)


Net()(torch.zeros(1, 8))
"""


@pytest.mark.parametrize("noise", ["torch.randn_like(spread)", "torch.randn(spread.shape)"])
def test_noise_in_a_model_is_taken_as_nothing_and_said(noise: str) -> None:
    """2 * (8 + 1) * 2 + (2 + 1) * 8 = 60 weights, 2 * 8 * 2 + 2 * 8 = 48 multiply-adds."""
    found = net(NOISY.replace("NOISE", noise))
    figures = analyse(found).totals.figures
    assert (figures.params, figures.cost.macs) == (60, 48)
    assert [(one.code, one.span.line) for one in found.warnings if one.span] == [("noise-left-out", 12)]
    (constant,) = (node.layer for node in found.nodes if node.layer.word == "constant")
    assert getattr(constant, "value") == 0  # noqa: B009


def test_random_numbers_whose_mean_is_another_are_not_taken_as_nothing() -> None:
    """Those of `rand` lie around 0.5; a buffer is drawn once, and its numbers are in the saved weights."""
    assert "the numbers of rand_like (1x2) are not known" in fault(NOISY.replace("NOISE", "torch.rand_like(spread)"))
    kept = NOISY.replace("NOISE", "self.kept").replace(
        "    def forward", "        self.kept = torch.randn(1, 2)\n\n    def forward"
    )
    assert "the numbers of randn (1x2) are not known" in fault(kept)


@pytest.mark.parametrize(
    ("start", "where"),
    [("def main():\n", "inside `main()`"), ('if __name__ == "__main__":\n', "under an `if`")],
)
def test_a_model_that_nothing_outside_can_name_is_shown(start: str, where: str) -> None:
    shown = fault(f"{HEAD}{start}    model = nn.Sequential(nn.Conv2d(3, 8, 3))\n", "8x8x3")
    assert f"error[which-model]: this model is made {where}, where it cannot be named from outside" in shown
    assert "net.py:6:5" in shown


def test_how_many_images_the_program_tries_need_not_be_known() -> None:
    text = f'{SMALL}\nif __name__ == "__main__":\n    B = 5\n    print(Net()(torch.randn(B, 1, 9, 7)))\n'
    assert rows(net(text))[0] == "input: input 1x9x7"
