"""Boxes of a run for a reader: how they were found, one line for each, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics.letters import printable
from cnncalc.report.sheet import Fact

if TYPE_CHECKING:
    from cnncalc.runtime.boxes import Box, Limits

MOST_SHOWN = 20
"""Boxes of one picture that are listed; JSON has all."""


class FoundBoxes(NamedTuple):
    """The boxes of every image, what the outputs were read as, the limits, and the picture that was drawn, if any."""

    said: str
    limits: Limits
    by_image: tuple[tuple[Box, ...], ...]
    drawn: str = ""


def how_found(boxes: FoundBoxes) -> Iterator[Fact]:
    """What the numbers were taken for, the limits, and where the drawn picture is."""
    confidence, overlap = (f"{100 * share:g} %" for share in boxes.limits)
    least = f"{boxes.said}; confidence at least {confidence}"
    yield Fact("Boxes", least if boxes.limits.overlap == 1 else f"{least}, overlap within a class at most {overlap}")
    if boxes.drawn:
        yield Fact("Drawn", printable(boxes.drawn))


def box_lines(boxes: FoundBoxes, names: Sequence[str], labels: Sequence[str], finite: Sequence[bool]) -> Iterator[Fact]:
    """The boxes of each image, the most confident first, in pixels of the picture.

    `names` are those of the images; `finite` says of each whether all numbers that came out were.
    """
    for name, found, whole in zip(names, boxes.by_image, finite, strict=True):
        if not whole:
            yield Fact(name, "no result: its values are not finite (NaN or infinity)", "bad")
            continue
        shown = found[:MOST_SHOWN]
        lines = list(_lines(shown, labels)) or ["no box"]
        if len(found) > MOST_SHOWN:
            lines.append(f"... and {len(found) - MOST_SHOWN} more (all of them: --format json)")
        yield from (Fact(name if n == 0 else "", line) for n, line in enumerate(lines))


def _lines(boxes: Sequence[Box], labels: Sequence[str]) -> Iterator[str]:
    names = [printable(class_name(box, labels)) for box in boxes]
    room = max(map(len, names), default=0)
    places = [(f"x {box.x:.0f}", f"y {box.y:.0f}", f"{box.width:.0f} x {box.height:.0f}") for box in boxes]
    wide = [max(map(len, column)) for column in zip(*places, strict=True)]
    for box, name, place in zip(boxes, names, places, strict=True):
        at = "  ".join(text.ljust(width) for text, width in zip(place, wide, strict=True))
        yield f"{100 * box.confidence:6.2f} %  {name.ljust(room)}  {at}".rstrip()


def class_name(box: Box, labels: Sequence[str]) -> str:
    """The name of the box's class, or its number."""
    return labels[box.number] if box.number < len(labels) else f"class {box.number}"


def boxes_object(boxes: FoundBoxes, names: Sequence[str], labels: Sequence[str]) -> list[dict[str, Any]]:
    """For JSON: the boxes of each image; x and y are the left upper corner, all lengths in pixels of the picture."""
    return [
        {
            "image": names[image] if image < len(names) else "",
            "boxes": [
                {
                    "class": box.number,
                    "label": labels[box.number] if box.number < len(labels) else "",
                    "confidence": round(box.confidence, 6),
                    **{key: round(getattr(box, key), 3) for key in ("x", "y", "width", "height")},
                }
                for box in found
            ],
        }
        for image, found in enumerate(boxes.by_image)
    ]
