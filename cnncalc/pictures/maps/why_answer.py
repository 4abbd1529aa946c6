"""An occlusion map from Python: its scores, what it says in words, and its picture, which a notebook shows."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PIL import Image

from cnncalc.analysis.model import Analysis
from cnncalc.destinations import refuse_destination
from cnncalc.diagnostics.python_words import python_words
from cnncalc.pictures.maps.why_map import why_picture
from cnncalc.report.why_lines import WhyMap, why_facts
from cnncalc.runtime.picture_files import may_be_picture, picture_format, write_picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cnncalc.runtime.images import Preprocessing


class WhyAnswer:
    """Which places of an image the score of a class depends on; `map` has the numbers, `picture` shows them."""

    def __init__(
        self, analysis: Analysis, inputs: Mapping[str, Any], found: WhyMap, preprocessing: Preprocessing | None
    ) -> None:
        self._analysis, self._inputs, self._preprocessing = analysis, inputs, preprocessing
        self.map = found

    @property
    def number(self) -> int:
        """The number of the class."""
        return self.map.number

    @property
    def before(self) -> float:
        """The score of the whole image."""
        return self.map.found.before

    @property
    def scores(self) -> NDArray[np.float64]:
        """The score with the patch at each place: an array, a row for each row of places."""
        return self.map.found.scores

    @property
    def text(self) -> str:
        """What the map says, in words."""
        return "\n".join(fact.text for fact in why_facts(self.map))

    @cached_property
    def picture(self) -> Image.Image:
        """The map beside the image as the net sees it."""
        return why_picture(self._analysis, self._inputs, self.map, self._preprocessing)

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the picture (.png, .jpg or .webp).  Raises InputError."""
        name, inputs = os.fspath(path), [self.map.image] if self.map.image else []
        picture_format(name)
        with python_words():
            refuse_destination(name, inputs=inputs, force=force, known=may_be_picture)
            write_picture(name, self.picture, inputs=inputs, force=force)

    def __repr__(self) -> str:
        return f"<cnncalc occlusion map: {self.text}>"

    def _repr_png_(self) -> bytes | None:
        if not self.map.found.is_finite:
            return None
        file = io.BytesIO()
        self.picture.save(file, "PNG")
        return file.getvalue()
