"""What a Python user gives as numbers, as an array; and what is wrong with what holds none.

Lists, arrays, and the tensors of other libraries that NumPy can read.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable

Array = np.ndarray[Any, Any]

LONGEST = 200
"""Letters of what another library says."""

HELD = {
    "c": "complex numbers",
    "M": "dates",
    "m": "spans of time",
    "U": "texts",
    "S": "bytes",
    "V": "records",
    "O": "Python objects",
}
"""What an array holds that has no plain numbers, by NumPy's letter for it."""

ADVICE = "give an array of numbers, for example of float32"


def numbers_of(given: ArrayLike, what: str) -> Array:
    """What is given as an array; `what` is the subject of a sentence.  Raises InputError where it holds no numbers.

    >>> numbers_of([[1, 2], [3, 4]], "the array").shape
    (2, 2)
    """
    try:
        array = np.asarray(given)
    except ValueError:
        raise _ragged(given, what) from None
    except (RuntimeError, TypeError) as error:  # a tensor that is elsewhere, or has a gradient
        said = printable(" ".join(str(error)[:LONGEST].split()))
        advice = "give a NumPy array: tensor.detach().cpu().numpy()"
        raise input_error("arrays-not-numbers", f"{what} cannot be read: {said}", help=advice) from None
    if array.dtype.kind in "biuf":
        return array
    raise _mixed(given, what) or _no_numbers(given, array, what)


def _ragged(given: object, what: str) -> InputError:
    """Lists, or arrays in a list, that do not have one size."""
    found = _mixed(given, what)
    if found is not None:
        return found
    parts = [np.shape(part) for part in given if hasattr(part, "shape")] if isinstance(given, (list, tuple)) else []
    sizes = list(dict.fromkeys("x".join(map(str, size)) or "a single number" for size in parts))
    if len(sizes) > 1:
        message, advice = f"{what} has parts of different sizes: {', '.join(sizes[:3])}", "give parts of one size"
    else:
        message, advice = f"{what} has rows of different lengths", "give lists of one length"
    return input_error("arrays-not-numbers", message, help=advice)


def _mixed(given: object, what: str) -> InputError | None:
    """A list that holds names of files and other things."""
    parts = given if isinstance(given, (list, tuple)) else []
    named = sum(isinstance(part, (str, os.PathLike)) for part in parts)
    if not named or named == len(parts):
        return None
    message = f"{what} is a list of files and of other things"
    return input_error("arrays-not-numbers", message, help="give pictures' files alone, or arrays alone")


def _no_numbers(given: object, array: Array, what: str) -> InputError:
    if given is None:
        return input_error("arrays-not-numbers", f"{what} is None", help=ADVICE)
    if isinstance(given, (str, os.PathLike)):
        shown = printable(str(given)[:LONGEST])
        message = f"{what} is `{shown}`: a file is read where it is given alone, and here numbers are wanted"
        advice = f'read it first: numpy.asarray(PIL.Image.open("{shown}")) / 255'
        return input_error("arrays-not-numbers", message, help=advice)
    if array.ndim == 0 and array.dtype.kind == "O":
        return input_error(
            "arrays-not-numbers", f"{what} is {type(given).__name__}, which holds no numbers", help=ADVICE
        )
    held = HELD.get(array.dtype.kind, "something else")
    return input_error("arrays-not-numbers", f"{what} holds {held} ({array.dtype}), not plain numbers", help=ADVICE)
