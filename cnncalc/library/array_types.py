"""What a net takes and gives in Python, for type checkers: arrays in, arrays out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float32 | np.float64]
"""Numbers of a run: float32; float64 of nets whose numbers a text states, to be worked out by hand."""

Outputs: TypeAlias = Array | tuple[Array, ...]
"""The output of a net; of a net with several outputs each of them, in the order of its text."""

File: TypeAlias = str | os.PathLike[str]

Given: TypeAlias = ArrayLike | Mapping[str, ArrayLike] | os.PathLike[str] | Sequence[File]
"""What a net is given: an array of one image or of several, one for each input by its name, or files of pictures."""
