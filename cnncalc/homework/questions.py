"""What a key asks, line by line of its text: how each line is found in a submission, and what each answer is worth.

The key is any analysed net with `=> ?`; what it says itself after `=>` is never taken for the truth.  A line that
stands in a block called twice is one line with two places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from cnncalc.graph.ir import Graph, Group, Row
from cnncalc.homework.findings import place_of
from cnncalc.homework.truth import PlaceKind
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import Answer

Place = tuple[PlaceKind, int]


@dataclass(frozen=True)
class Site:
    """One line of the key: its number, its label (or the name of its first operation), its word and text.

    `places` are what it stands for in the net; `asked` are the answers it wants, `points` what they are worth.
    """

    line: int
    name: str
    word: str
    text: str
    places: tuple[Place, ...]
    asked: tuple[Answer, ...]
    points: tuple[Fraction, ...]

    @property
    def is_question(self) -> bool:
        """A numbered question: its name is its number."""
        return self.places[0][0] == "question"

    @property
    def is_layer(self) -> bool:
        """A line of the net itself, or a block call."""
        return self.places[0][0] in ("row", "group")


class Question(NamedTuple):
    """One thing asked, as `conv1` and `params`, and what it is worth."""

    site: Site
    answer: Answer
    points: Fraction

    @property
    def name(self) -> str:
        return self.site.name

    @property
    def asked(self) -> str:
        return self.answer.asked


class KeySheet:
    """The lines of a key, by name and in the order of its text."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._take(sorted(_sites(graph), key=lambda site: site.line))
        self.says_points = any(site.points for site in self.sites)
        self.questions = tuple(self._questions())

    def _take(self, sites: Iterable[Site]) -> None:
        self.sites = tuple(sites)
        self._names = {spelled(site.name): n for n, site in reversed(tuple(enumerate(self.sites)))}

    def with_sites(self, sites: Iterable[Site]) -> KeySheet:
        """The same key with other lines to be answered."""
        sheet = copy(self)
        sheet._take(sites)  # noqa: SLF001 - a copy of this one
        return sheet

    def _questions(self) -> Iterator[Question]:
        """An answer is worth what the key says; 1 where the key never speaks of points, else 0."""
        for site in self.sites:
            for n, answer in enumerate(site.asked):
                points = site.points[n] if n < len(site.points) else Fraction(not self.says_points)
                yield Question(site, answer, points)

    def find(self, name: str) -> int | None:
        """Which line has this label or number; capitals, spaces and hyphens do not matter."""
        return self._names.get(spelled(name))


def spelled(name: str) -> str:
    """A label as it is compared: `Conv_1`, `conv-1` and `conv1` are one.

    >>> spelled("Conv_1"), spelled("2a)")
    ('conv1', '2a')
    """
    return "".join(c for c in name.casefold() if c not in " _-.:)")


def canonical_word(word: str) -> str:
    """The layer word that a spelling means, as `conv` for `Conv2D`; any other word in lower case."""
    lower = word.lower()
    return WORDS.get(lower, lower)


def _sites(graph: Graph) -> Iterator[Site]:
    """Every line that has a result, the total, and the numbered questions."""
    lines: dict[tuple[int, int, str], list[tuple[PlaceKind, Row | Group]]] = {}
    for row in graph.rows:
        if row.copy == row.copies:
            lines.setdefault(_start(row), []).append(("row", row))
    for group in graph.groups:
        lines.setdefault(_start(group), []).append(("group", group))
    for found in lines.values():
        kind, first = found[0]
        name = first.label or place_of(graph, kind, first.index).label
        places = tuple((kind, item.index) for kind, item in found)
        word = canonical_word(first.word)
        yield Site(first.origin.span.line, name, word, first.text, places, first.answers, first.worth)
    if graph.totals:
        line = place_of(graph, "total", 0).line
        yield Site(line, "total", "total", "total", (("total", 0),), graph.totals, graph.totals_worth)
    for n, question in enumerate(graph.questions):
        place = place_of(graph, "question", n)
        yield Site(
            place.line, place.label, "answer", place.text, (("question", n),), (question.answer,), question.worth
        )


def _start(item: Row | Group) -> tuple[int, int, str]:
    """Where a line begins, and its word: before a dense layer a flatten may stand that nobody wrote."""
    return item.origin.span.line, item.origin.span.column, item.word
