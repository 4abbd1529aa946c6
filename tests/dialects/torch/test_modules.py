"""Programs of PyTorch as nets: what modules hold, how they are called, what their names become."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.dialects.programs import read
from cnncalc.graph.ir import Graph

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def net(text: str, size: str = "8x8x3", entry: str = "model") -> Graph:
    graph, faults = read(Source("net.py", HEAD + text, entry), size)
    assert faults == ()
    return graph


def words(text: str, size: str = "8x8x3", entry: str = "model") -> list[str]:
    return [row.text for row in net(text, size, entry).rows][1:]


def fault(text: str, size: str = "8x8x3", entry: str = "model") -> Diagnostic:
    with pytest.raises(InputError) as caught:
        read(Source("net.py", HEAD + text, entry), size)
    return caught.value.diagnostics[0]


def forward(line: str, layers: str = "") -> str:
    """A module whose `forward` returns what the line makes of x."""
    made = "\n".join(f"        {one.strip()}" for one in layers.split(";") if one.strip()) or "        pass"
    return (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"{made}\n    def forward(self, x):\n        return {line}\nmodel = Net()\n"
    )


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        ("F.relu(x)", ["relu"]),
        ("x.relu()", ["relu"]),
        ("torch.sigmoid(input=x)", ["sigmoid"]),
        ("F.leaky_relu(x, 0.2)", ["leaky 0.2"]),
        ("F.max_pool2d(x, 2)", ["maxpool 2x2"]),
        ("F.max_pool2d(x, 3, 2, 1, ceil_mode=True)", ["maxpool 3x3 stride=2 padding=1 ceil"]),
        ("F.avg_pool2d(x, 3, 1, 1)", ["avgpool 3x3 stride=1 padding=1 countpad"]),
        ("F.avg_pool2d(x, (3, 3), 1, 1, count_include_pad=False)", ["avgpool 3x3 stride=1 padding=1"]),
        ("F.adaptive_avg_pool2d(x, (None, 4))", ["adaptavg 8x4"]),
        ("nn.functional.interpolate(x, scale_factor=2)", ["upsample 2"]),
        ("F.interpolate(x, size=x.shape[2:], mode='nearest')", ["upsample size=8"]),
        ("F.interpolate(x, (12, 9), mode='bilinear', align_corners=True)", ["upsample size=12x9 bilinear corners"]),
        ("F.softmax(x, 1)", ["softmax"]),
        ("F.dropout(x, 0.3, self.training)", ["identity"]),
        ("F.dropout(x, 0.3)", ["dropout 0.3"]),
        ("F.dropout(x, p=args.rate)", ["identity"]),
        ("torch.flatten(x, 1)", ["flatten"]),
        ("x.view(-1, 192)", ["flatten"]),
        ("x.reshape(x.size(0), -1)", ["flatten"]),
        ("F.pad(x, (1, 2, 0, 0))", ["pad 0,0,1,2"]),
        ("F.pad(x, (0, 0, 0, 0, 2, 3))", ["padchannels 2,3"]),
        ("F.pad(x, [-1, -1, 1, 0], 'constant')", ["pad 1,0,0,0", "crop 0x1"]),
        ("F.pad(x, [1, 1], value=0.5)", ["pad 0x1 value=0.5"]),
        ("F.pad(x, (1, 1, 1, 1), mode='reflect')", ["pad 1x1 reflect"]),
        ("torch.cat([x, x.relu()], dim=1)", ["relu", "concat"]),
        ("torch.add(x, x.tanh())", ["tanh", "add"]),
        ("x.mean([2, 3])", ["gap"]),
        ("F.normalize(x, dim=1)", ["l2norm"]),
        ("F.layer_norm(x, [3, 8, 8])", ["ln noscale noshift all"]),
        ("F.instance_norm(x)", ["instancenorm noscale noshift"]),
        ("F.pixel_unshuffle(x, 2)", ["spacetodepth 2"]),
        ("nn.Sequential(nn.ReLU(), nn.Identity(3, unused=4))(x)", ["relu", "identity"]),
    ],
)
def test_a_function_or_method_is_the_layer_that_it_is(line: str, ours: list[str]) -> None:
    found = words(forward(line))
    assert len(found) == len(ours)
    for text, wanted in zip(found, ours, strict=True):
        assert sorted(text.split()) == sorted(wanted.split())


@pytest.mark.parametrize(
    ("line", "layers", "code", "told"),
    [
        ("self.c(x)", "self.c = nn.Conv2d(4, 8, 3)", "arriving-differs", "Conv2d expects 4 channels, but 3 arrive"),
        ("self.c(x)", "self.c = nn.Conv1d(3, 8, 3)", "arriving-differs", "Conv1d expects 3 axes"),
        ("self.c(x)", "self.c = nn.BatchNorm2d(8)", "arriving-differs", "BatchNorm2d expects 8 channels, but 3"),
        ("self.c(x.flatten(1))", "self.c = nn.Linear(99, 8)", "arriving-differs", "Linear expects 99 numbers, but 192"),
        ("self.c(x)", "self.c = nn.LayerNorm(3)", "arriving-differs", "LayerNorm expects 3 on the last axes, but 8"),
        ("self.c(x)", "self.c = nn.Conv2d(3, 8, 9)", "kernel-too-large", "a 9x9 kernel does not fit"),
        ("self.c(x)", "self.c = nn.Conv2d(3, 8 / 2, 3)", "wrong-operand", "whole number, not 4.0"),
        ("self.c(x)", "self.c = nn.Conv2d(3, args.width, 3)", "unknown-value", "out_channels of Conv2d is not known"),
        ("self.c(x)[0]", "self.c = nn.LSTM(3, 8)", "no-such-layer", "PyTorch's LSTM"),
        ("x.frobnicate()", "", "not-read-here", "`frobnicate` of a tensor is not read here"),
        ("torch.frobnicate(x)", "", "not-read-here", "`torch.frobnicate` is not read here"),
        ("F.conv2d(x, x)", "", "not-read-here", "weights of this conv2d come from the image"),
        ("x.view(-1, 96)", "", "image-in-several-rows", "makes 2 rows of one image"),
    ],
)
def test_what_does_not_fit_is_refused(line: str, layers: str, code: str, told: str) -> None:
    found = fault(forward(line, layers))
    assert found.code == code
    assert told in found.message


def test_what_arrives_is_refused_where_it_is_called_with_the_place_where_it_was_made() -> None:
    found = fault(
        forward("self.conv2(self.conv1(x))", "self.conv1 = nn.Conv2d(3, 32, 3);self.conv2 = nn.Conv2d(64, 8, 3)")
    )
    assert found.message == "Conv2d expects 64 channels, but 32 arrive"
    assert found.label == "what arrives here is 1x32x6x6"
    assert found.notes == ("it is made in line 8",)
    assert found.span is not None
    assert (found.span.line, found.span.column) == (10, 16)


def test_a_linear_behind_a_flatten_tells_where_its_numbers_come_from() -> None:
    """PyTorch: mat1 and mat2 shapes cannot be multiplied (1x192 and 400x10)."""
    found = fault(forward("self.fc(torch.flatten(x, 1))", "self.fc = nn.Linear(400, 10)"))
    assert found.message == "Linear expects 400 numbers, but 192 arrive"
    assert found.notes == ("192 = 3 * 8 * 8, the map that is flattened", "it is made in line 7")
    assert found.help == "write nn.Linear(192, 10)"


def test_a_linear_that_is_given_the_map_is_told_to_flatten() -> None:
    found = fault(forward("self.fc(x)", "self.fc = nn.Linear(192, 10)"))
    assert found.help == "flatten the map first: x = torch.flatten(x, 1)"


def test_contents_of_containers_have_the_names_of_a_state_dict() -> None:
    layers = (
        "self.a = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU());"
        "self.b = nn.ModuleList([nn.Conv2d(4, 4, 1) for _ in range(2)]);"
        "self.b.append(nn.Conv2d(4, 5, 1));self.b.insert(0, nn.Conv2d(4, 4, 3));"
        "self.c = nn.ModuleDict({'one': nn.Conv2d(5, 6, 1)});self.c['two'] = nn.Conv2d(6, 7, 1);"
        "self.add_module('d', nn.Conv2d(7, 8, 1));self.e = nn.Sequential();self.e.add_module('f', nn.Conv2d(8, 9, 1))"
    )
    text = forward(
        "self.e(self.d(self.c['two'](self.c['one'](self.b[3](self.b[-2](self.b[1](self.b[0](self.a(x)))))))))", layers
    )
    names = [node.name for node in net(text).nodes if node.layer.word == "conv"]
    assert names == ["a.0", "b.0", "b.1", "b.2", "b.3", "c.one", "c.two", "d", "e.f"]


def test_a_slice_of_a_sequential_holds_the_same_layers() -> None:
    text = "base = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 9, 3))\n"
    text += "model = nn.Sequential(*base[:2], base[2:][0])\n"
    assert words(text) == ["conv 4 3x3", "relu", "conv 9 3x3"]


def test_a_layer_that_is_replaced_is_gone() -> None:
    text = "model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(144, 7))\nmodel[2] = nn.Linear(144, 5)\n"
    graph = net(text)
    assert [row.text for row in graph.rows][-1] == "dense 5"
    assert analyse(graph).totals.figures.params == 3 * 9 * 4 + 4 + 144 * 5 + 5


def test_parameters_and_layers_that_are_never_called_are_counted() -> None:
    """nn.Conv2d(4, 4, 3) has 4*4*9 + 4 = 148, nn.LSTM(3, 8) 4 * 8 * (3 + 8 + 2) = 416, and the parameter 20."""
    layers = "self.c = nn.Conv2d(4, 4, 3);self.r = nn.LSTM(3, 8);self.p = nn.Parameter(torch.zeros(4, 5))"
    graph = net(forward("F.relu(x)", layers))
    assert graph.uncalled == (("p", 20, 0, 0), ("c", 148, 0, 0), ("r", 416, 0, 0))


def test_registered_buffers_are_no_parameters() -> None:
    graph = net(forward("x + 0", "self.register_buffer('mean', torch.zeros(3, 1, 1))"))
    assert graph.uncalled == (("", 0, 3, 0),)


def test_a_module_called_twice_shares_its_weights() -> None:
    graph = net(forward("self.c(self.c(x))", "self.c = nn.Conv2d(3, 3, 3)"))
    assert [node.shares for node in graph.nodes] == [None, None, 1]
    assert analyse(graph).totals.figures.params == 84


def test_writing_in_place_changes_every_name_of_a_tensor() -> None:
    """`y` is the tensor that `relu_` writes into, so it is added to itself after the relu."""
    text = forward("self.summed(self.c(x))", "self.c = nn.Conv2d(3, 3, 3)")
    own = "    def summed(self, x):\n        y = x\n        F.relu_(x)\n        y += x\n        return y * x\n"
    graph = net(text.replace("model = Net()", own + "model = Net()"))
    assert [node.layer.word for node in graph.nodes] == ["input", "conv", "relu", "add", "mul"]
    assert [node.inputs for node in graph.nodes] == [(), (0,), (1,), (2, 2), (3, 3)]


def test_an_activation_that_does_not_write_leaves_the_other_name_alone() -> None:
    text = forward("self.c(x) + F.relu(self.c(x))", "self.c = nn.ReLU()")
    assert [node.inputs for node in net(text).nodes] == [(), (0,), (0,), (2,), (1, 3)]


def test_a_size_may_be_tried_out_with_zeros_when_a_model_is_made() -> None:
    layers = "self.f = nn.Conv2d(3, 4, 3);n = self.f(torch.zeros(1, 3, 8, 8)).numel();self.fc = nn.Linear(n, 2)"
    assert words(forward("self.fc(self.f(x).flatten(1))", layers)) == ["conv 4 3x3", "flatten", "dense 2"]


def test_drop_path_rates_are_numbers() -> None:
    layers = "rates = [r.item() for r in torch.linspace(0, 0.2, 3)];self.d = nn.Sequential(*map(nn.Dropout, rates))"
    assert words(forward("self.d(x)", layers)) == ["dropout 0.0", "dropout 0.1", "dropout 0.2"]


@pytest.mark.parametrize(
    ("made", "own"),
    [
        ("torchvision.models.resnet50(weights=None)", "`cnncalc summary resnet50`"),
        ("torchvision.models.vgg16_bn()", "`cnncalc summary vgg16-bn`"),
        ("torch.hub.load('pytorch/vision', 'resnet18')", "read the file"),
        ("timm.create_model('resnet50')", "read the file"),
    ],
)
def test_a_net_from_elsewhere_is_refused_with_the_shipped_one_that_is_the_same(made: str, own: str) -> None:
    found = fault(f"import torchvision\nimport timm\nmodel = {made}\n")
    assert found.code == "net-from-elsewhere"
    assert own in found.help


def test_training_leaves_a_model_as_it_is() -> None:
    text = """model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).to("cuda").eval()
model = nn.DataParallel(model)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
torch.save(model.state_dict(), "model.pth")
"""
    assert words(text) == ["conv 4 3x3", "bn"]


# ---------------------------------------------------------------------- slips of beginners
def written(text: str) -> str:
    return text.replace(
        "INIT", "    def __init__(self):\n        super().__init__()\n        self.c = nn.Conv2d(3, 8, 3)\n"
    )


@pytest.mark.parametrize(
    ("text", "message", "help", "line"),
    [
        (
            "INIT    def forward(self, x):\n        y = self.c(x)\n",
            "`forward` of Net ends without `return`, so it gives nothing",
            "end it with `return y`",
            8,
        ),
        (
            "INIT    def foward(self, x):\n        return self.c(x)\n",
            "Net has no `forward`, so it cannot be called",
            "did you mean `forward`?",
            8,
        ),
        (
            "INIT        def forward(self, x):\n            return self.c(x)\n",
            "Net has no `forward`, so it cannot be called",
            "move it to the left: `def forward` is inside `def __init__` and belongs to that alone",
            8,
        ),
        ("INIT", "Net has no `forward`, so it cannot be called", "write `def forward(self, x):` in the class", 4),
        (
            "    def _init_(self, n=3):\n        self.c = n\n    def forward(self, x):\n        return self.c(x)\n",
            "Python never calls `_init_` of Net",
            "write `def __init__(self, n=3):`",
            5,
        ),
        (
            "INIT    def forward(x):\n        return self.c(x)\n",
            "`forward` of Net has no argument `self` before its image",
            "write `def forward(self, x):`",
            8,
        ),
        (
            "    def forward(self, x):\n        return nn.ReLU(x)\n",
            "nn.ReLU makes a layer, and is given an image",
            "make the layer first, as in nn.ReLU()(x), or write F.relu(x)",
            6,
        ),
        (
            "    act = nn.Flatten\n    def forward(self, x):\n        return self.act(x)\n",
            "nn.Flatten makes a layer, and is given an image",
            "make the layer first, as in nn.Flatten(...)(x)",
            7,
        ),
        (
            ("    def __init__(self):\n        super().__init__()\n        self.fc2 = nn.Linear(3, 4)\n"
            "    def forward(self, x):\n        return self.fc_2(x)\n"),
            "an object of Net has no `fc_2`",
            "did you mean `fc2`?",
            9,
        ),
    ],
)  # fmt: skip
def test_a_slip_is_told_where_it_was_written(text: str, message: str, help: str, line: int) -> None:
    found = fault("class Net(nn.Module):\n" + written(text), entry="Net")
    assert found.span is not None
    assert (found.message, found.help, found.span.line) == (message, help, line)


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        (
            "a = [nn.ReLU()]\na.apend(nn.Tanh())\nmodel = nn.Sequential(*a)",
            "a list has no `apend`",
            "did you mean `append`?",
        ),
        (
            "model = nn.Sequential()\nmodel.add_modul('r', nn.ReLU())",
            "Sequential has no `add_modul`",
            "did you mean `add_module`?",
        ),
        (forward("self.rellu(x)", "self.relu = nn.ReLU()"), "an object of Net has no `rellu`", "did you mean `relu`?"),
    ],
)
def test_a_method_that_its_object_does_not_have_is_a_fault_of_the_program(text: str, message: str, advice: str) -> None:
    """Python 3.11: AttributeError: 'list' object has no attribute 'apend'. Did you mean: 'append'?"""
    found = fault(text)
    assert (found.code, found.message, found.help) == ("python-error", message, advice)


def test_methods_of_pytorch_that_change_no_net_are_passed_over() -> None:
    text = "model = nn.Sequential(nn.ReLU())\nmodel.register_state_dict_post_hook(print)\nmodel.get_parameter('0.w')"
    assert words(text) == ["relu"]


@pytest.mark.parametrize("layers", ["self.c = nn.ReLU()", "self.c = nn.ReLU();super().__init__()"])
def test_a_module_is_set_only_after_the_module_that_holds_it_is_made(layers: str) -> None:
    """PyTorch 2.13: AttributeError: cannot assign module before Module.__init__() call."""
    found = fault(forward("self.c(x)", layers).replace("        super().__init__()\n", "", 1))
    assert found.message == "`c` is set before `super().__init__()` is called"
    assert found.help == "write super().__init__() as the first line of __init__"


@pytest.mark.parametrize("line", ["torch.flatten(x)", "x.flatten()", "nn.Flatten(0)(x)"])
def test_a_flatten_that_takes_the_axis_of_images_too_is_refused(line: str) -> None:
    """PyTorch 2.13: torch.flatten(torch.zeros(2, 3, 8, 8)).shape is [384]."""
    found = fault(forward(line))
    assert (found.code, found.help) == ("image-in-several-rows", "write torch.flatten(x, 1)")
    assert found.notes == ("two images would become 384 numbers in a row, not 2 rows of 192",)


def test_one_number_an_image_may_be_flattened_whole() -> None:
    assert words(forward("self.c(x).flatten()", "self.c = nn.Conv2d(3, 1, 8)"))[0] == "conv 1 8x8"


@pytest.mark.parametrize(
    ("layer", "help"),
    [
        ("nn.Conv2d(6, 16, 5)", "write nn.Conv2d(3, 16, 5)"),
        ("nn.Conv2d(6, 16, 5, bias=False)", "write nn.Conv2d(3, 16, 5, bias=False)"),
        ("nn.BatchNorm2d(num_features=6)", "write nn.BatchNorm2d(3)"),
        ("nn.Conv2d(6, 6, 3, groups=6)", ""),
    ],
)
def test_a_layer_made_for_other_channels_is_shown_for_those_that_arrive(layer: str, help: str) -> None:
    found = fault(forward("self.a(x)", f"self.a = {layer}"))
    assert (found.code, found.help) == ("arriving-differs", help)
