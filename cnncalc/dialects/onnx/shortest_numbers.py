"""A float of 32 bits as the shortest decimal number that rounds to it: 0.1, which an ONNX file has as 0.10000000149."""

from __future__ import annotations

import struct

_MOST_DIGITS = 9
"""So many always tell one float32 from the next (IEEE 754)."""


def shortest(number: float) -> float:
    """The number with the fewest digits whose float32 is the same; one that is no float32 stays what it is.

    >>> shortest(0.10000000149011612), shortest(9.999999747378752e-06), shortest(1 / 3)
    (0.1, 1e-05, 0.3333333333333333)
    """
    if _as_float32(number) != number:
        return number
    texts = (f"{number:.{digits}g}" for digits in range(1, _MOST_DIGITS + 1))
    return next((found for text in texts if _as_float32(found := float(text)) == number), number)


def _as_float32(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:  # a larger one than any float32
        return float("nan")
