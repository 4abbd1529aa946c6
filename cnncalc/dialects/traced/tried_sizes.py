"""A size of the image that a model really takes, for the advice to whoever gave none.

A model that ends in a flattened map takes one size alone.  The usual ones are tried out on the program, within a bound:
the first that is read to its end is the one that is advised.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.diagnostics import Span
from cnncalc.python.program_error import PythonFault

USUAL = (224, 32, 28, 64, 96, 128, 227, 256, 299)
"""Heights and widths of pictures: ImageNet's, CIFAR's, MNIST's, then those of other data sets and networks."""

MOST_STEPS = 20_000
"""Steps of reading the program once, beyond which no size is tried out."""


class SizeAsked(PythonFault):
    """The size of a model's one picture is not known: its usual height and width, and the channels that it takes."""

    def __init__(self, message: str, span: Span | None, side: int, channels: int) -> None:
        super().__init__("input-size", message, span, help=f"give --input {_size(side, channels)}")
        self.side = side
        self.channels = channels

    def with_fitting_size(self, fits: Callable[[str], bool]) -> PythonFault:
        """The fault whose advice is a size for which `fits` is true; unchanged where none of the usual ones is."""
        for side in dict.fromkeys((self.side, *USUAL)):
            if fits(_size(side, self.channels)):
                self.help = f"give --input {_size(side, self.channels)}"
                break
        return self


def _size(side: int, channels: int) -> str:
    return f"{side}x{side}x{channels}"
