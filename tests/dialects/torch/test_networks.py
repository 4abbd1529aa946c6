"""Nets from elsewhere are refused with their names and with what can be read instead."""

from __future__ import annotations

import pytest

from .test_modules import fault

OWN = "class Mine(ResNet):\n    def __init__(self):\n        super().__init__(None, [1])\nmodel = Mine()\n"


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        (
            "from torchvision import models\nmodel = models.resnet18(weights=None)\n",
            "`torchvision.models.resnet18` brings a net that is not written in this program",
            "it is shipped with cnncalc: `cnncalc summary resnet18`",
        ),
        (
            f"from torchvision.models import ResNet\n{OWN}",
            "`torchvision.models.ResNet` is a net that is not written in this program",
            (
                "copy the file of torchvision that has it next to this program and import ResNet from it; shipped with "
                "cnncalc: resnet18, resnet34, resnet50, resnet101, resnet152"
            ),
        ),
        (
            "from torchvision.models.googlenet import GoogLeNet\nmodel = GoogLeNet(10)\n",
            "`torchvision.models.googlenet.GoogLeNet` is a net that is not written in this program",
            (
                "copy torchvision/models/googlenet.py next to this program and import GoogLeNet from it; shipped with "
                "cnncalc: googlenet"
            ),
        ),
        (
            "import torchvision\nmodel = torchvision.models.maxvit.MaxVit()\n",
            "`torchvision.models.maxvit.MaxVit` is a net that is not written in this program",
            "copy torchvision/models/maxvit.py next to this program and import MaxVit from it",
        ),
    ],
)
def test_a_net_of_torchvision_is_refused_with_what_can_be_read_instead(text: str, message: str, help: str) -> None:
    found = fault(text)
    assert (found.code, found.message, found.help) == ("net-from-elsewhere", message, help)


def test_a_class_of_the_program_on_top_of_a_net_is_refused_where_it_is_written() -> None:
    found = fault(f"from torchvision.models import ResNet\n{OWN}", entry="")
    assert found.code == "net-from-elsewhere"
    assert found.span is not None
    assert (found.span.line, found.span.column, found.span.length) == (5, 1, len("class Mine"))
