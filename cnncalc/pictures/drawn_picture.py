"""A drawing from Python: it shows itself in a notebook, and `save` writes it as `cnncalc draw` does.

In a notebook it is an SVG without a script, light on its own white ground, since the notebook's theme is not known; its
ids are new each time it is shown, so that two drawings on one page do not meet.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from cnncalc.destinations import refuse_destination, write_file
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.python_words import python_words
from cnncalc.pictures.net_drawing import Drawn
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.pictures.scene.themes import THEMES, Theme
from cnncalc.pictures.writers.drawing_file import drawing_bytes, drawing_ending, may_be_drawing
from cnncalc.pictures.writers.svg import svg


class DrawnPicture:
    """A scene with its colours and its width on paper; `inputs` are the files it was made from."""

    def __init__(self, drawn: Drawn, theme: str, inputs: Sequence[str] = ()) -> None:
        self.scene: Scene = drawn.scene
        self.theme: Theme = theme_named(theme)
        self._physical, self._inputs = drawn.physical, tuple(inputs)

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the drawing to a .svg, .png or .pdf file; refuses a file that exists, unless it would be the same.

        Raises InputError.
        """
        name = os.fspath(path)
        drawing_ending(name)
        with python_words():
            refuse_destination(name, inputs=self._inputs, force=force, known=may_be_drawing)
            data = drawing_bytes(self.scene, name, self.theme, self._physical)
            write_file(name, data, inputs=self._inputs, force=force)

    def __repr__(self) -> str:
        return f"<cnncalc drawing of {self.scene.width:.0f}x{self.scene.height:.0f}: .save('net.svg') writes it>"

    def _repr_svg_(self) -> str:
        return svg(self.scene, self.theme, prefix=_new_prefix())

    def _repr_html_(self) -> str:
        return shown_scene(self.scene, self.theme)


def theme_named(name: str) -> Theme:
    """The theme of this name.  Raises InputError."""
    found = next((theme for theme in THEMES if theme == name), None)
    if found is None:
        raise input_error("wrong-value", f"there is no theme {str(name)[:40]!r}", help=f"choose {' or '.join(THEMES)}")
    return found


def shown_scene(scene: Scene, theme: Theme = "light") -> str:
    """The scene as HTML for a notebook: no wider than it is, narrower where there is less room."""
    drawing = svg(scene, theme, prefix=_new_prefix(), fluid=True)
    return f'<div style="max-width:{scene.width:.0f}px">{drawing}</div>'


def _new_prefix() -> str:
    return f"p{os.urandom(6).hex()}"
