"""The names of a model's layers: the net's labels, where Keras takes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from cnncalc.dialects.keras.naming import CLASSES, counted_as
from cnncalc.dialects.keras.own_layers.known_classes import OWN_CLASSES
from cnncalc.dialects.written_code.identifiers import unused
from cnncalc.dialects.written_code.outline import Apply, Definition

_ODD = re.compile(r"[^A-Za-z0-9-]+")
_LONGEST = 60
_COUNTED = frozenset((*map(counted_as, CLASSES), *map(counted_as, OWN_CLASSES), "input_layer"))
"""What Keras calls layers without a name, before it counts."""


def layer_names(net: Definition) -> Mapping[int, str]:
    """The step of the net itself -> the name of its layer: its label, where no other step has that.

    What PyTorch or TensorFlow takes in no name is a line below: `layer1.0.conv1` becomes `layer1_0_conv1`.
    """
    labels = Counter(step.name for step in net.steps)
    places = [
        place
        for place, step in enumerate(net.steps)
        if isinstance(step, Apply) and step.piece.made and step.again is None and labels[step.name] == 1
    ]
    plain = {place: _plain(net.steps[place].name) for place in places}
    used = {name for place, name in plain.items() if name == net.steps[place].name}
    found: dict[int, str] = {}
    for place, name in plain.items():
        if name and re.sub(r"_\d+$", "", name) not in _COUNTED:
            found[place] = name if name == net.steps[place].name else unused(name, used)
    return found


def _plain(label: str) -> str:
    """The label as Keras takes it on every backend; empty where it is too long, or nothing is left of it."""
    name = _ODD.sub("_", label).strip("_-")
    return name if len(name) <= _LONGEST else ""
