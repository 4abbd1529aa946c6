"""Counts that follow from the shape claimed on their own line: outputs times the work of one, or as many filters.

A line whose number of filters was misread shows it in its shape and in its parameters: that is one mistake.
"""

from __future__ import annotations

from fractions import Fraction

from cnncalc.asked import SIZE, quantity_of
from cnncalc.asked.counting_answers import Count
from cnncalc.geometry import Shape
from cnncalc.homework.slips.edits import asked_otherwise
from cnncalc.homework.truth import PlaceKind, Subject, Truth
from cnncalc.homework.what_if import Alteration, Asked, Inputs, WhatIf
from cnncalc.layers.base import Layer
from cnncalc.spec.document import Answer

_EVEN_WORK = ("conv", "dwconv", "sepconv")

_OUTPUTS = ("filters", "units")
"""The arguments that say how many channels a layer hands on."""


def follows_outputs(truth: Truth, answer: Answer, subject: Subject, claimed: Shape) -> bool:
    """Whether a size, or the work of one output as often as there are outputs, is that of the claimed shape."""
    if answer.asked == SIZE.name:
        return truth.is_number(answer, claimed.elements)
    if not _grows_with_outputs(answer) or len(subject.copies) > 1 or not _works_evenly(truth, subject):
        return False
    outputs = subject.output.elements if subject.output else 0
    value = Fraction(subject.copies[0][answer.asked] * claimed.elements, max(1, outputs))
    return value.denominator == 1 and truth.is_number(answer, int(value))


def _grows_with_outputs(answer: Answer) -> bool:
    asked = quantity_of(answer)
    return isinstance(asked, Count) and asked.works_per_output


def _works_evenly(truth: Truth, subject: Subject) -> bool:
    place = None if subject.node is None else truth.place_at(subject.node)
    if place is None or place[0] != "row":
        return False
    return truth.graph.nodes[truth.graph.rows[place[1]].first].layer.word in _EVEN_WORK


def follows_channels(told: WhatIf, place: tuple[PlaceKind, int], answer: Answer) -> bool:
    """Whether a count is that of the line as it is told with other channels."""
    subject = told.subject(*place)
    return subject is not None and told.truth.verdict(answer, subject)[0].ok is True


def with_channels(truth: Truth, place: tuple[PlaceKind, int], claimed: Shape) -> dict[int, Alteration]:
    """The layer of a line with as many filters, or units, as its claimed shape has channels."""

    def altered(layer: Layer, inputs: Inputs) -> Asked | None:
        asked = (asked_otherwise(layer, inputs, **{name: claimed.channels}) for name in _OUTPUTS)
        return next((one for one in asked if one is not None), None)

    return dict.fromkeys(truth.nodes_of(*place)[:1], altered)
