"""The totals of the networks that ship, as their own texts state them; tests hold these against the analysis.

Nothing is computed, so that 56 nets are looked through at once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.sources import shipped, shipped_names

_TOTAL = re.compile(r"^total\b.*$", re.MULTILINE)
_ANSWER = re.compile(r"\b(params|buffers|macs) +([0-9]+)")


class ShippedTotals(NamedTuple):
    """A network that ships: learned parameters, MACs for one picture of its own size, and buffers where said."""

    name: str
    params: int
    macs: int
    buffers: int = 0


def shipped_totals() -> tuple[ShippedTotals, ...]:
    """Those of every network that ships and states them."""
    found = ((name, _stated(shipped(name).text)) for name in shipped_names())
    return tuple(ShippedTotals(name, **told) for name, told in found if {"params", "macs"} <= told.keys())


def _stated(text: str) -> dict[str, int]:
    lines = _TOTAL.findall(text)
    return {asked: int(value) for asked, value in _ANSWER.findall(lines[-1])} if lines else {}


def family(name: str) -> str:
    """The letters with which a network's name begins, before its size or version.

    >>> family("resnet50-keras"), family("ResNet-50 (v1.5)"), family("mobilenet-v2"), family("vgg16-bn")
    ('resnet', 'resnet', 'mobilenet', 'vgg')
    """
    match = re.match("[a-z]+", name.lower())
    return match[0] if match else ""
