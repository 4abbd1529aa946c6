"""Answers as JSON values, and back: what was asked, what was given, and how it was spelled."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

from cnncalc.asked import NAMES, is_known
from cnncalc.dialects.json_text import Value
from cnncalc.dialects.json_values import Values
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer

_MEMBERS = ("asked", "shape", "number", "matrix", "text", "approximate", "scope", "batch_dropped")


def answer_read(values: Values, value: Value) -> Answer:
    """The answer of a JSON value."""
    members = values.members(value, _MEMBERS)
    if "asked" not in members or not is_known(values.string(members["asked"])):
        values.refuse(members.get("asked", value), f"`asked` as one of {', '.join(NAMES)}")
    scope = values.string(members["scope"]) if "scope" in members else None
    if scope not in (None, "each", "all"):
        values.refuse(members["scope"], "each or all")
    return Answer(
        asked=members["asked"].content,
        given=_given(values, members),
        span=values.text.span(value.offset),
        text=values.string(members["text"]) if "text" in members else "",
        approximate=values.flag(members["approximate"]) if "approximate" in members else False,
        scope=cast("Any", scope),
        batch_dropped=values.flag(members["batch_dropped"]) if "batch_dropped" in members else False,
    )


def _given(values: Values, members: dict[str, Value]) -> tuple[int, ...] | Fraction | Matrix | None:
    if "shape" in members:
        return tuple(values.whole(size, 0, 10**18) for size in values.items(members["shape"]))
    if "number" in members:
        return values.exact(members["number"])
    return values.matrix(members["matrix"]) if "matrix" in members else None
