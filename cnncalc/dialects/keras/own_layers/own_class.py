"""What is known of a class that a written program brings along."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from cnncalc.geometry import Padding
from cnncalc.layers.base import Layer

Attributes = Mapping[str, Any]
"""Those of the object, and `arriving`: the shape that arrives."""


class OwnClass:
    """A class: its text, the layer of ours that an object with these attributes is, its variables in Keras' order.

    `imports` are the modules of Python that its text uses.
    """

    def __init__(
        self,
        text: str,
        layer: Callable[[Attributes], Layer],
        variables: tuple[str, ...] = (),
        imports: tuple[str, ...] = (),
        *,
        is_source: bool = False,
    ) -> None:
        self.text, self.layer, self.variables, self.imports = text.strip("\n"), layer, variables, imports
        self.is_source = is_source
        self.name = self.text.partition("(")[0].removeprefix("class ")

    @cached_property
    def tree(self) -> str:
        """The class without its places, to compare others with."""
        return ast.dump(ast.parse(self.text).body[0])


def explicit(sides: Any) -> Padding:
    """Pairs of rows as a padding of ours; nothing where there are none."""
    return Padding("explicit", tuple(tuple(pair) for pair in sides)) if sides else Padding()


def sizes(value: Any) -> tuple[int, ...]:
    """One size or several."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)
