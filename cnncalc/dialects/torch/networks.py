"""Nets that a program gets ready made, from torchvision, timm or a hub: refused, with what can be read instead."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnncalc.diagnostics import Span
from cnncalc.python.program_error import PythonFault

NETWORK = re.compile(
    r"torchvision\.models(?P<module>(\.\w+)*)\.(?P<tv>\w+)|torch\.hub\.load|timm\.create_model|timm\.models\.(?P<timm>[a-z]\w*)"
)
"""Nets that a program gets from elsewhere, ready made."""

SHIPPED: Mapping[str, str] = {
    **{name: name for name in ("alexnet", "googlenet", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152")},
    **{name: name for name in ("vgg11", "vgg13", "vgg16", "vgg19", "densenet121", "densenet169", "densenet201")},
    **{f"vgg{depth}_bn": f"vgg{depth}-bn" for depth in (11, 13, 16, 19)},
    "inception_v3": "inception-v3",
    "mobilenet_v2": "mobilenet-v2",
    "mobilenet_v3_large": "mobilenet-v3",
    "resnext50_32x4d": "resnext50",
    "squeezenet1_0": "squeezenet",
    "efficientnet_b0": "efficientnet-b0",
    "convnext_tiny": "convnext-tiny",
    "vit_b_16": "vit-b16",
}
"""PyTorch's name of a ready-made net -> the shipped net that is the same."""


def refuse_from_elsewhere(name: str, span: Span) -> None:
    """Raises PythonFault where a canonical name is that of such a net, or of its class."""
    found = NETWORK.fullmatch(name)
    if found is None:
        return
    last = found["tv"] or found["timm"] or ""
    is_class = last[:1].isupper()
    raise PythonFault(
        "net-from-elsewhere",
        f"`{name}` {'is' if is_class else 'brings'} a net that is not written in this program",
        span,
        help=_of_class(last, found["module"] or "") if is_class else _of_net(last),
    )


def _of_net(name: str) -> str:
    own = SHIPPED.get(name)
    return f"it is shipped with cnncalc: `cnncalc summary {own}`" if own else "read the file in which it is written"


def _of_class(name: str, module: str) -> str:
    """The nets of a class that are shipped, and how the class itself can be read."""
    family = name.lower().rstrip("0123456789")
    own = [ours for theirs, ours in SHIPPED.items() if theirs.replace("_", "").startswith(family)]
    where = f"torchvision/models{module.replace('.', '/')}.py" if module else "the file of torchvision that has it"
    copied = f"copy {where} next to this program and import {name} from it"
    return copied + (f"; shipped with cnncalc: {', '.join(own)}" if own else "")
