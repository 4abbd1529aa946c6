"""What a classifying net says of a picture: its likeliest classes, with their names from a labels file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.diagnostics import input_error
from cnncalc.runtime.confirmation import Output
from cnncalc.runtime.files import refuse_unreadable

Array = np.ndarray[Any, Any]

LARGEST_LABELS = 10_000_000
"""Bytes: the 21,843 names of all of ImageNet take one."""


@dataclass(frozen=True, slots=True)
class RankedClass:
    """One class of a picture: its place in the output, its name (or empty) and its share of certainty, 0 to 1."""

    index: int
    label: str
    share: float


def top_classes(
    output: Output, image: int = 0, count: int = 5, labels: tuple[str, ...] = ()
) -> tuple[RankedClass, ...]:
    """The likeliest classes of one image of the batch, best first; ties in the order of the classes.

    Softmax is applied unless the net ends in one.  Only a flat output (or a map of one place) has classes: none else.
    """
    scores = output.values[image]
    if scores[0].size != 1:
        return ()
    shares = scores.ravel() if output.probabilities else _softmax(scores.ravel())
    best = np.argsort(-shares, kind="stable")[:count].tolist()
    return tuple(RankedClass(index, labels[index] if labels else "", float(shares[index])) for index in best)


def read_labels(path: Path, classes: int) -> tuple[str, ...]:
    """One name a line, in the order of the classes; refuses a file with another number of lines."""
    hint = "write one name a line, in the order of the net's outputs"
    refuse_unreadable(path, "labels file", hint)
    if path.stat().st_size > LARGEST_LABELS:
        raise input_error("labels-unreadable", f"`{path}` is too large for a list of {classes} names", help=hint)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise input_error("labels-unreadable", f"`{path}` is no text in UTF-8", help=hint) from None
    labels = tuple(line.strip() for line in text.rstrip().splitlines())
    if len(labels) != classes:
        raise input_error(
            "labels-do-not-fit", f"`{path}` names {len(labels):,} classes, but the net has {classes:,}", help=hint
        )
    return labels


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores.astype(np.float64) - scores.max())
    shares: Array = powers / powers.sum()
    return shares
