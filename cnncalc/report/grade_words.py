"""The words for what became of an answer, as tables and sheets about a class have them."""

from __future__ import annotations

STATUSES = ("right", "follows", "slip", "wrong", "unreadable", "none")
"""All that can become of what is graded: these add up to what was asked."""

WORDS = {
    "right": "right",
    "follows": "follows",
    "slip": "known slip",
    "wrong": "wrong",
    "unreadable": "not readable",
    "none": "no answer",
    "unknown": "not known",
}
