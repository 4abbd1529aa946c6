"""The names of a model's layers: the net's labels, where Keras takes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from cnncalc.dialects.keras.naming import CLASSES, counted_as
from cnncalc.dialects.keras.own_layers.known_classes import OWN_CLASSES
from cnncalc.dialects.written_code.outline import Apply, Definition

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_COUNTED = frozenset((*map(counted_as, CLASSES), *map(counted_as, OWN_CLASSES), "input_layer"))
"""What Keras calls layers without a name, before it counts."""


def layer_names(net: Definition) -> Mapping[int, str]:
    """The step of the net itself -> the name of its layer: its label, where that is a name nothing else has."""
    labels = Counter(step.name for step in net.steps)
    found: dict[int, str] = {}
    for place, step in enumerate(net.steps):
        name = step.name
        is_own = labels[name] == 1 and bool(_PLAIN_NAME.fullmatch(name)) and re.sub(r"_\d+$", "", name) not in _COUNTED
        if is_own and isinstance(step, Apply) and step.piece.made and step.again is None:
            found[place] = name
    return found
