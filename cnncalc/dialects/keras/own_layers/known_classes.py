"""All classes that written programs bring along, and how one is known again."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from cnncalc.dialects.keras.own_layers.filter_classes import FILTER_CLASSES, STATED
from cnncalc.dialects.keras.own_layers.own_class import OwnClass
from cnncalc.dialects.keras.own_layers.plain_classes import PLAIN_CLASSES
from cnncalc.dialects.keras.own_layers.pool_classes import POOL_CLASSES
from cnncalc.dialects.keras.own_layers.weighted_classes import WEIGHTED_CLASSES

OWN_CLASSES: Mapping[str, OwnClass] = {
    one.name: one for one in (*PLAIN_CLASSES, *POOL_CLASSES, *WEIGHTED_CLASSES, *FILTER_CLASSES)
}
"""By the name of the class."""

CLASS_TEXTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Stated": (STATED.strip("\n"), ()),
    **{name: (one.text, one.imports) for name, one in OWN_CLASSES.items()},
}
"""What a program brings along for a name: the text of the class, and the modules of Python that it uses."""


def known_class(node: ast.ClassDef) -> OwnClass | None:
    """The class of ours with exactly this text, docstring and all; None for every other one."""
    found = OWN_CLASSES.get(node.name)
    return found if found is not None and found.tree == ast.dump(node) else None
