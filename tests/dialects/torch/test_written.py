"""Nets of ours as PyTorch programs: laid out as by black, no import unused, and the same net when read again."""

from __future__ import annotations

import ast
import dataclasses

import black
import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.torch.writing import module_text
from cnncalc.dialects.torch.writing.model_parts import HELPERS
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, same_net
from cnncalc.sources import find

from ...random_nets.arguments import Choose
from ...random_nets.drawing import net as drawn_net


def written(graph: Graph) -> str:
    """The program of a net, which must be fit to be read by people and be the same net."""
    text = module_text.write(graph)
    assert black.format_str(text, mode=black.Mode()) == text
    assert_all_imports_are_used(text)
    found = same_net(graph, checked(Source("net.py", text)))
    assert isinstance(found, Same), found
    return text


def assert_all_imports_are_used(text: str) -> None:
    tree = ast.parse(text)
    imported = {
        name.asname or name.name
        for one in ast.walk(tree)
        if isinstance(one, (ast.Import, ast.ImportFrom))
        for name in one.names
    }
    assert imported == {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)} & {"torch", "nn", "F"}


def net(text: str) -> Graph:
    return checked(Source("net.txt", text))


LENET5 = '''\
"""LeNet-5, the usual modern reading."""

import torch
from torch import nn


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Linear(400, 120),
            nn.Tanh(),
            nn.Linear(120, 84),
            nn.Tanh(),
            nn.Linear(84, 10),
            nn.Softmax(dim=1),
        )

    def forward(self, x):
        x = self.features(x).permute(0, 2, 3, 1).flatten(1)
        return self.classifier(x)


if __name__ == "__main__":
    model = LeNet5()
    model.eval()
    x = torch.randn(1, 1, 32, 32)
    print(model(x).shape)
'''


def test_lenet5_is_a_class_that_people_would_write() -> None:
    assert written(checked(find("lenet5"))) == LENET5


@pytest.mark.parametrize(
    "name", ["alexnet", "squeezenet", "resnet18", "unet", "convnext-tiny", "lenet5-1998", "yolov2"]
)
def test_a_shipped_network_is_the_same_when_it_is_read_again(name: str) -> None:
    written(checked(find(name)))


def test_what_pytorch_cannot_say_is_refused_with_every_line() -> None:
    with pytest.raises(InputError) as caught:
        module_text.write(net("input 8x8x1\nconv 4 3x3 flip\nconv 4 3x3\nconv 2 3x3 flip\n"))
    found = caught.value.diagnostics
    assert [one.code for one in found] == ["not-in-torch"] * 2
    assert [one.span.line for one in found] == [2, 4]
    assert "turn the kernel" in found[0].message


HOSTILE = (
    'he said "hello" and """stop"""',
    "ends with a quote'",
    "a backslash at the end \\",
    "\\n \\x00 {x0} %s $width",
    "import os; os.system('true')",
    "\u202enet \u2028 line \U0001f600",
    "x" * 300,
    "1 2 3",
    "class",
    "F",
    "nn",
    "Scale",
)


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_becomes_code(title: str) -> None:
    graph = dataclasses.replace(net("input 8x8x3\nconv 4 3x3\nscale\nrelu\n"), title=title)
    tree = ast.parse(written(graph))
    names = [one.name for one in tree.body if isinstance(one, ast.ClassDef)]
    assert names[0] == "Scale"
    assert len(set(names)) == 2
    assert [type(one).__name__ for one in tree.body if not isinstance(one, ast.ClassDef)] == [
        "Expr",
        "Import",
        "ImportFrom",
        "If",
    ]


LABELS = (
    "self",
    "torch",
    "forward",
    "train",
    "x",
    "nn",
    "class",
    "range",
    "part",
    "model",
    "f",
    "type",
    "print",
    "super",
)


@pytest.mark.parametrize("label", LABELS)
def test_no_label_is_in_the_way(label: str) -> None:
    written(net(f"input 8x8x3\n{label}: conv 4 3x3\na: relu\nb: conv 4 1x1\nadd b {label}\nrepeat 3\nrelu\nend\n"))


def test_the_docstring_says_what_pictures_are_and_what_is_known_of_the_net() -> None:
    graph = net('title "Small net"\ninput 8x8x3 imagenet\nconv 4 3x3\n')
    text = module_text.write(graph, ("112 parameters", "one that is longer " * 6))
    assert black.format_str(text, mode=black.Mode()) == text
    first = ast.get_docstring(ast.parse(text))
    assert first is not None
    assert first.startswith("Small net.\n\n112 parameters\none that is longer")
    assert "minus (0.485, 0.456, 0.406)" in " ".join(first.split())


@pytest.mark.parametrize("name", HELPERS)
def test_the_modules_above_a_net_are_laid_out_as_by_black(name: str) -> None:
    assert black.format_str(HELPERS[name], mode=black.Mode()) == HELPERS[name]


def test_a_module_that_somebody_changed_is_not_taken_for_ours() -> None:
    text = written(net("input 8x8x12\nyolo anchors=1,2 classes=7\n"))
    changed = text.replace("torch.sigmoid(others)", "torch.tanh(others)")
    assert "yolo" in {node.layer.word for node in checked(Source("net.py", text)).nodes}
    words = {node.layer.word for node in checked(Source("net.py", changed)).nodes}
    assert "yolo" not in words
    assert "tanh" in words


def test_a_block_of_parts_in_a_row_is_a_sequential_of_its_own() -> None:
    block = "block two filters\nconv $filters 3x3 relu\nconv $filters 3x3 relu\nend\n"
    text = written(net(f"{block}input 32x32x3\ntwo 8\nmaxpool 2x2\ntwo 16\n"))
    assert "class Two(nn.Sequential):\n    def __init__(self, in_channels, filters):\n        super().__init__(" in text
    assert "            Two(8, 16),\n" in text


def test_what_is_read_later_keeps_its_label_and_a_pool_is_made_once() -> None:
    text = written(checked(find("unet")))
    assert "d4 = self.d4(x)\n        x = torch.cat([self.branch(d4), center_crop(d4, (56, 56))], 1)" in text
    assert text.count("self.maxpool = nn.MaxPool2d(2)") == 1
    assert text.count("self.maxpool(") == 3


def test_what_no_output_needs_is_not_written() -> None:
    text = written(net("input 8x8x3\na: conv 4 3x3\nb: conv 5 3x3 from a\noutput a\n"))
    assert "nn.Conv2d(3, 4, 3)" in text
    assert "nn.Conv2d(4, 5, 3)" not in text
    assert "Left out, as no output needs it: b." in text


def test_numbers_of_a_block_that_forward_reads_are_kept() -> None:
    text = written(checked(find("resnet20-cifar")))
    assert "        self.width = width\n" in text
    assert "self.width // 4" in text


def test_a_label_is_not_taken_for_a_function_of_the_same_name() -> None:
    text = written(net("input 8x8x3\nstated: conv 4 3x3\na: conv 4 3x3 same\nadd a stated\n"))
    assert "self.stated(x)" in text
    assert "def stated" not in text


ODD = (2, 5, 15)
"""Nets whose lines work on nothing but numbers of their own, or whose axes of one place nobody tells apart."""


@pytest.mark.parametrize("seed", [seed for seed in range(30) if seed not in ODD])
def test_a_random_net_is_the_same_when_it_is_read_again(seed: int) -> None:
    graph = net(drawn_net(Choose(seed)))
    try:
        module_text.write(graph)
    except InputError as caught:
        assert {one.code for one in caught.diagnostics} == {"not-in-torch"}  # noqa: PT017  # most are written
    else:
        written(graph)


def test_most_random_nets_can_be_said() -> None:
    said = 0
    for seed in range(30):
        try:
            module_text.write(net(drawn_net(Choose(seed))))
        except InputError:
            continue
        said += 1
    assert said >= 22


def test_numbers_of_the_net_alone_have_an_axis_of_images_where_a_layer_reads_them() -> None:
    text = written(net("x: input 3x4x2\nl: learned 3x4x2\ne: function exp\nconv 2 3x3 same\nadd x\n"))
    assert "self.l.unsqueeze(0).movedim(-1, 1).exp()" in text
    text = module_text.write(net("x: input 3x4x2\nl: learned 3x4x2\nattention l x heads=2\n"))
    assert "self.l.unsqueeze(0).movedim(-1, 1).expand(x.shape[0], -1, -1, -1), x" in text


def test_a_token_of_a_class_before_others_is_read_again() -> None:
    text = written(net("input 4x4x8\ntok: reshape 16x8\ncls: learned 1x8\nconcat cls tok axis=width\n"))
    assert "torch.cat([self.cls.expand(tok.shape[0], -1, -1), tok], 2)" in text


def test_a_shortcut_is_called_so_where_the_longer_way_has_labels() -> None:
    way = "c1: conv 8 3x3 same\nb1: bn\nrelu\nc2: conv 8 3x3 same\n"
    text = written(net(f"x: input 8x8x4\n{way}conv 8 1x1 from x\nbn\nadd c2\n"))
    assert "self.shortcut = nn.Sequential(" in text
