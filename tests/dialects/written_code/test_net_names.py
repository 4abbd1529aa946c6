"""What a net is called in its program: the begin of its title, or its file's name; its docstring fits into lines."""

from __future__ import annotations

import ast

import pytest

from cnncalc.dialects.written_code.docstrings import docstring
from cnncalc.dialects.written_code.identifiers import class_name, net_name

NAMES = (
    ("U-Net as in the paper: 572x572 in, 388x388 out", "UNet"),
    ("ResNet-50 (v1.5, as in torchvision)", "ResNet50"),
    ("LeNet-5, the usual modern reading", "LeNet5"),
    ("VGG-16 with batch norm", "VGG16"),
    ("MNIST convnet of Chollet 2017", "MNISTConvnet"),
    ("Network in Network (CIFAR-10)", "NetworkInNetwork"),
    ("ResNeXt-50 32x4d", "ResNeXt50"),
    ("SqueezeNet 1.0", "SqueezeNet"),
    ("My model - a first try", "MyModel"),
    ("one two three four five six seven", "Net"),
    ("(no name)", "Net"),
)


@pytest.mark.parametrize(("title", "name"), NAMES)
def test_a_net_is_called_as_a_person_would_call_it(title: str, name: str) -> None:
    assert class_name(net_name(title, "some/file.txt")) == name


FILES = (
    ("nets/my_net.txt", "MyNet"),
    ("C:\\nets\\tiny-vgg.v2.txt", "TinyVgg"),
    ("text", "Net"),
    ("-", "Net"),
    ("", "Net"),
)


@pytest.mark.parametrize(("file", "name"), FILES)
def test_a_net_without_a_title_is_called_as_its_file(file: str, name: str) -> None:
    assert class_name(net_name("", file)) == name


TEXTS = ("short", "words " * 60, "\\" * 300 + "x", "\\x" * 200, 'he said """stop"""', "ends with \\", '"""')


@pytest.mark.parametrize("text", TEXTS)
def test_a_docstring_says_what_it_is_given_on_lines_of_88(text: str) -> None:
    for indent in (0, 4):
        lines = docstring(text, (text, "a fact"), indent)
        found = ast.literal_eval("\n".join(lines).strip())
        assert found.split()[-2:] == ["a", "fact"]
        assert found.count("\\") == 2 * text.count("\\")
        if "\\" not in text:
            assert max(map(len, lines)) <= 88


def test_a_title_alone_is_one_line() -> None:
    assert docstring("A net") == ['"""A net."""']
    assert docstring("A net", ("3 parameters",)) == ['"""A net.', "", "3 parameters", '"""']
