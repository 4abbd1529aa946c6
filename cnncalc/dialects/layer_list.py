"""Lists of layers as programs that make VGG nets have them: `[64, 64, 'M', 128, 128, 'M']`.

A number is a convolution of 3x3 with padding 1 and relu, 'M' a max pool of 2x2, 'A' an average pool; classifiers are
in no such list.  Several lists by name, `{'A': [...], 'D': [...]}`, are read with the name as the entry: `FILE:D`.
Source: Simonyan and Zisserman 2014, table 1; the lists of torchvision's vgg.py are written so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.net_rows import NetRows, Placed, chosen
from cnncalc.geometry import Padding
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import layer_class

CHOICES: dict[str, tuple[str, ...]] = {"norm": ("none", "bn"), "activation": ("relu", "leaky", "elu", "tanh", "none")}
"""What such a list does not say -> what may be meant, the usual first."""

MOST_ITEMS = 10_000
_INPUT = (224, 224, 3)
_PART = re.compile(
    r"\s+|#[^\n]*|(?P<name>\w+)\s*=(?!=)|(?P<text>'[^'\n]*'|\"[^\"\n]*\")|(?P<word>[\w.]+)|(?P<sign>[\[\](){},:])"
)
_POOLS = {"M": "maxpool", "MP": "maxpool", "A": "avgpool", "AP": "avgpool"}
_SHIPPED = {"A": "vgg11", "B": "vgg13", "D": "vgg16", "E": "vgg19"}


class _Item(NamedTuple):
    """A number, a text without its quotes, or a sign, with its place."""

    kind: str
    text: str
    span: Span


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a list, up to its first fault, and its faults; raises InputError for a wrong option."""
    choices = chosen(settings, CHOICES)
    rows = NetRows(source, input_size)
    faults: tuple[Diagnostic, ...] = ()
    items: list[_Item] = []
    try:
        items = _chosen_list(_items(source.text), source.entry)
        rows.input(_INPUT, items[0].span) if items else None
        for item in items:
            rows.row([Placed(layer, item.span) for layer in _layers(item, choices)])
    except Fault as fault:
        faults = (fault.diagnostic,)
    graph = rows.graph(_warnings(items, input_size))
    if not faults:
        rows.refuse_unused_size(graph)
    return graph, faults


def _warnings(items: list[_Item], input_size: str | None) -> tuple[Diagnostic, ...]:
    if not items:
        return ()
    size = "" if input_size else "a picture of 224x224x3 arrives (`--input 32x32` for another); "
    message = (
        f"not written, so assumed: {size}a number is a 3x3 convolution with padding 1 and relu (`--set norm=bn` for "
        "batch norm between); 'M' is a 2x2 max pool; the list has no classifier"
    )
    advice = (
        "`cnncalc convert MODEL --to spec` writes the net line by line; `flatten` and `dense 1000` can follow there"
    )
    return (Diagnostic("assumed-meaning", message, items[0].span, help=advice, severity="warning"),)


def _layers(item: _Item, choices: Mapping[str, str]) -> list[Layer]:
    """The layers that one item is."""
    if item.kind == "text" and item.text.upper() in _POOLS:
        return [layer_class(_POOLS[item.text.upper()])(kernel_size=(2, 2))]  # type: ignore[call-arg]
    if not item.text.isdecimal() or item.kind == "text":
        advice = did_you_mean(item.text, _POOLS, "a number of filters and 'M', a max pool, are read")
        raise Fault("unknown-unit", f"`{item.text[:40]}` means nothing in a list of layers", item.span, help=advice)
    filters = int(item.text[:10])
    if not 0 < filters <= 10**9:
        raise Fault("number-too-small", "a number here counts filters, at least 1", item.span, help="write 64")
    conv = layer_class("conv")(filters=filters, kernel_size=(3, 3), padding=Padding("explicit", ((1, 1),)))  # type: ignore[call-arg]
    words = (choices["norm"], choices["activation"])
    return [conv, *(layer_class(word)() for word in words if word != "none")]


def _items(text: str) -> list[_Item]:
    found: list[_Item] = []
    at, line, begun = 0, 1, 0
    while at < len(text):
        match = _PART.match(text, at)
        span = Span(line, at - begun + 1, max(1, match.end() - at if match else 1))
        if match is None:
            message = f"`{text[at]}` means nothing in a list of layers"
            raise Fault("unknown-unit", message, span, help="numbers and 'M' with commas between, in brackets")
        kind = match.lastgroup
        if kind:
            content = match[kind].strip("'\"") if kind == "text" else match[kind]
            found.append(_Item(kind, content, span))
        if len(found) > 3 * MOST_ITEMS:
            raise Fault("too-many-layers", f"at most {MOST_ITEMS:,} layers of a list are read", span)
        line += match[0].count("\n")
        begun = match.start() + match[0].rfind("\n") + 1 if "\n" in match[0] else begun
        at = match.end()
    return found


def _chosen_list(items: list[_Item], entry: str) -> list[_Item]:
    """The items of the one list, or of the one that the entry names."""
    signs = [item for item in items if item.kind != "name"]
    lists = _lists(signs)
    names = [name for name, _ in lists if name]
    wanted = entry.strip("'\" ")
    is_name = bool(signs) and signs[0].kind == "word" and not signs[0].text.isdecimal()
    if len(lists) == 1 and not names and not wanted and not is_name and lists[0][1]:
        return lists[0][1]
    found = next((inside for name, inside in lists if name and name == wanted), None)
    if found:
        return found
    place = items[0].span if items else Span(1, 1)
    if names:
        known = f"write one of them after the file and a colon: {', '.join(f'FILE:{name}' for name in names[:8])}"
        message = f"there is no list `{wanted[:40]}` here" if wanted else f"{len(names)} lists are written here"
        raise Fault("which-list", message, place, help=did_you_mean(wanted, names, known) if wanted else known)
    raise _named(items, place)


def _named(items: list[_Item], place: Span) -> Fault:
    """The fault of a list's name without the list: `cfg['D']`."""
    name = next((item.text for item in items if item.kind == "text" or item.text.upper() in _SHIPPED), "")
    ships = _SHIPPED.get(name.upper(), "")
    whole = (
        f"`cnncalc summary {ships}` shows the whole net that is called {name.upper()} in VGG's paper, or "
        if ships
        else ""
    )
    message = "this names a list of layers that is written elsewhere"
    return Fault("which-list", message, place, help=f"{whole}write the list itself: \"[64, 'M', 128, 'M']\"")


def _lists(items: list[_Item]) -> list[tuple[str, list[_Item]]]:
    """Every list in brackets, with the name before its colon."""
    found: list[tuple[str, list[_Item]]] = []
    name, is_open = "", False
    for place, item in enumerate(items):
        sign = item.text if item.kind == "sign" else ""
        if sign and sign in "[(":
            found.append((name, []))
            name, is_open = "", True
        elif sign and sign in "])":
            is_open = False
        elif not sign and is_open:
            found[-1][1].append(item)
        elif not sign and place + 1 < len(items) and items[place + 1].text == ":":
            name = item.text
    if is_open:
        raise Fault("unclosed-bracket", "this list is never closed", items[-1].span, help="write `]` at its end")
    return found
