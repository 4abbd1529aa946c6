"""The forms of each block: two calls have one form where the same layers read each other in the same way.

Their sizes may differ, and so may the number of copies of a part.  A form has a key, by which a volume finds its panel:
the block's name where all its calls have one form, else with a letter.  A call that is nothing but one call of another
block has that one's form: a panel that holds only a name says nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.net_rows import SECTION, Call, NetRows
from cnncalc.pictures.nets.row_walk import pieces, row_items
from cnncalc.quantities import grouped

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Form(NamedTuple):
    """What calls have in common: the parts of each call, in the order of the net, position by position alike."""

    word: str
    number: int
    of: int
    calls: tuple[Call, ...]
    bodies: tuple[tuple[Item, ...], ...]
    arrivals: tuple[str, ...] = ("in",)
    """How a panel names what arrives at the block."""

    @property
    def key(self) -> str:
        return form_key(self.word, self.number, self.of)


def form_key(word: str, number: int, of: int) -> str:
    """`c3` where all calls are alike, else `c3 A`, `c3 B`; after Z come numbers."""
    if of == 1:
        return word
    return f"{word} {LETTERS[number] if number < len(LETTERS) else grouped(number + 1)}"


def block_forms(rows: NetRows) -> tuple[dict[Call, str], tuple[Form, ...]]:
    """The key of each call, and the forms in the order in which they first occur."""
    calls = [call for found in rows.calls.values() for call in found]
    calls += _sections(rows)
    keys: dict[Call, str] = {}
    found: dict[str, dict[object, list[tuple[Call, tuple[Item, ...]]]]] = {}
    of_depth: dict[int, list[Call]] = {}
    for call in calls:
        of_depth.setdefault(call.depth, []).append(call)
    for depth in sorted(of_depth, reverse=True):
        words: dict[str, dict[object, list[tuple[Call, tuple[Item, ...]]]]] = {}
        for call in sorted(of_depth[depth]):
            body = row_items(rows, call.first, call.last, call.depth + 1, keys, inside=True)
            if (only := _only_block(body)) is not None:
                keys[call] = only
                continue
            words.setdefault(call.word, {}).setdefault(_shape_of(body), []).append((call, body))
        for word, forms in words.items():
            merged = found.setdefault(word, {})
            for sign, several in forms.items():
                merged.setdefault(sign, []).extend(several)
            for number, sign in enumerate(merged):
                keys |= {call: f"{word}\0{number}" for call, _ in merged[sign]}
    return _named(keys, found)


def _named(
    keys: dict[Call, str], found: dict[str, dict[object, list[tuple[Call, tuple[Item, ...]]]]]
) -> tuple[dict[Call, str], tuple[Form, ...]]:
    """The same with the keys that users read, numbered in the order of the net."""
    names: dict[str, str] = {}
    forms = []
    for word, by_sign in found.items():
        ordered = sorted(by_sign.values(), key=lambda several: min(call.first for call, _ in several))
        for number, several in enumerate(ordered):
            several.sort(key=lambda one: one[0].first)
            names[keys[several[0][0]]] = form_key(word, number, len(ordered))
            forms.append(Form(word, number, len(ordered), *_columns(several)))
    renamed = [
        form._replace(
            bodies=tuple(
                tuple(
                    item._replace(block=names[item.block], words=(names[item.block],)) if item.block else item
                    for item in body
                )
                for body in form.bodies
            )
        )
        for form in forms
    ]
    renamed.sort(key=lambda form: (form.calls[0].first, form.calls[0].depth))
    return {call: names[key] for call, key in keys.items()}, tuple(renamed)


def _only_block(body: tuple[Item, ...]) -> str | None:
    """The key of the one block that the body consists of, called once; None for any other body."""
    item = body[0]
    return item.block if len(body) == 1 and item.block and item.times == 1 and not item.after else None


def _columns(several: list[tuple[Call, tuple[Item, ...]]]) -> tuple[tuple[Call, ...], tuple[tuple[Item, ...], ...]]:
    return tuple(call for call, _ in several), tuple(body for _, body in several)


def _shape_of(body: tuple[Item, ...]) -> tuple[object, ...]:
    """What two calls of one form have in common."""
    return tuple((item.kind, item.words[:1], item.block, item.sources) for item in body)


def _sections(rows: NetRows) -> list[Call]:
    """The branches that lie in no block, or in one that is drawn out."""
    found = pieces(rows, 0, len(rows.reads) - 1, 0)
    return [piece for piece in found if isinstance(piece, Call) and piece.word == SECTION]
