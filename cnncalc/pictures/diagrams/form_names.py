"""The forms of the blocks that stay closed: which calls have one, and how it is named where a block has several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cnncalc.pictures.diagrams.part_signs import Signs
from cnncalc.pictures.diagrams.parts_of_net import Part
from cnncalc.pictures.nets.block_forms import form_key


class FormNames:
    """The closed calls of a net and those inside of them, by their form, in the order in which a reader meets them.

    `calls` has each call with the number of calls that it stands for.
    """

    def __init__(self, signs: Signs, parts: Iterable[Part]) -> None:
        self.signs = signs
        self.calls: dict[int, list[tuple[Part, int]]] = {}
        waiting = _closed(parts)
        for part, copies in waiting:
            self.calls.setdefault(signs.form(part), []).append((part, copies))
            waiting += _closed(signs.body(part), copies)
        self.names: Mapping[int, str] = self._named()

    def told(self, part: Part) -> str:
        """The name that a box must say, so that its panel is found; empty where the block's name does."""
        name = self.names.get(self.signs.form(part), "") if part.kind == "call" else ""
        return "" if name == part.text.split(" ")[0] else name

    def _named(self) -> dict[int, str]:
        words: dict[str, list[int]] = {}
        for form, parts in self.calls.items():
            words.setdefault(parts[0][0].word, []).append(form)
        return {form: form_key(word, n, len(forms)) for word, forms in words.items() for n, form in enumerate(forms)}


def _closed(parts: Iterable[Part], copies: int = 1) -> list[tuple[Part, int]]:
    """The calls that are boxes, and how many calls of the net each stands for where the parts have so many copies."""
    found: list[tuple[Part, int]] = []
    for part in parts:
        if part.shown:
            found += _closed(part.shown, copies * part.times)
        elif part.kind == "call":
            found.append((part, copies * part.times))
    return found
