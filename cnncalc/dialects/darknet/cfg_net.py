"""A .cfg read as a net: [net] is the input, and each section behind it a row `layer0`, `layer1` ..., as Darknet counts.

Where one section is several rows of ours (a dense layer on a map, a shortcut between maps of other sizes) the last of
them has the number.  Sections of the training alone (`cost`) are left out, and a warning names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cnncalc.diagnostics import Diagnostic, Part, Source, Span
from cnncalc.diagnostics.nearest import nearest
from cnncalc.dialects.darknet.cfg_detectors import DETECTORS
from cnncalc.dialects.darknet.cfg_faults import Faults, faults_alone
from cnncalc.dialects.darknet.cfg_joins import JOINS, Joins
from cnncalc.dialects.darknet.cfg_layers import KINDS, Kind
from cnncalc.dialects.darknet.cfg_text import Section, sections_of
from cnncalc.dialects.net_rows import NetRows, Placed, chosen
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph
from cnncalc.layers.registry import layer_class

_NET = ("net", "network")
_LEFT_OUT = ("cost",)
_KINDS: Mapping[str, Kind] = {**KINDS, **JOINS, **DETECTORS}
_NET_OPTIONS = ("height", "width", "channels", "inputs")
LARGEST_SIDE = 10**6
GREY = 127.5
"""Of 255, around a picture that has another form than the input (letterbox_image of image.c)."""


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a .cfg, up to its first fault, and all its faults; raises InputError for a wrong option."""
    chosen(settings, {})
    source = replace(source, parts=source.parts or (Part(1, source.name),))
    rows = NetRows(source, input_size)
    alone = Faults((), 0)
    try:
        sections = sections_of(source.text)
        _refuse_other_order(sections)
        alone = faults_alone(sections, _KINDS, _LEFT_OUT)
        detectors = _read(sections[: alone.first], rows)
    except Fault as fault:
        return rows.graph(), (fault.diagnostic, *alone.found)
    if alone.found:
        return rows.graph(), alone.found
    graph = _with_outputs(rows.graph(_warnings(sections)), detectors)
    rows.refuse_unused_size(graph)
    return graph, ()


def _with_outputs(graph: Graph, detectors: list[int]) -> Graph:
    """The net with the outputs that Darknet has: its boxes from wherever they come, and what the last layer gives."""
    outputs = tuple(sorted({*detectors, graph.rows[-1].last})) if detectors else graph.outputs
    return replace(graph, outputs=outputs, outputs_named=len(outputs) > 1 and bool(detectors), own_pads=True)


def _refuse_other_order(sections: list[Section]) -> None:
    """Raise Fault for a text that is not one [net] and layers behind it."""
    if not sections or sections[0].name not in _NET:
        place = sections[0].span if sections else Span(1, 1)
        message = "a .cfg begins with [net], which has the size of the input"
        raise Fault("broken-cfg", message, place, help="write [net] with width=, height= and channels= at the top")
    if len(sections) == 1:
        message = "there is no layer after [net]"
        raise Fault("empty-model", message, sections[0].span, help="write a section such as [convolutional] after it")
    second = next((section for section in sections[1:] if section.name in _NET), None)
    if second is not None:
        message = "there is a second [net] between the layers"
        raise Fault("broken-cfg", message, second.span, help="one .cfg is one net: write [net] once, at the top")


def _read(sections: list[Section], rows: NetRows) -> list[int]:
    """Make the rows; the nodes of all sections with boxes are the answer."""
    layers: list[int] = []
    detectors: list[int] = []
    node = _input(sections[0], rows)
    joins = Joins(rows, layers)
    for place, section in enumerate(sections[1:], 1):
        rows.current = node
        if section.name not in _LEFT_OUT:
            label = f"layer{len(layers)}"
            if section.name in joins.makers:
                joins.makers[section.name](section, label)
            else:
                _one(section, rows, label, is_row=all(one.name in _OF_ROWS for one in sections[place + 1 :]))
            node = rows.current
            if section.name in DETECTORS:
                detectors.append(node)
        layers.append(node)
    return detectors


def _input(net: Section, rows: NetRows) -> int:
    """The size of a picture, which Darknet fits in with grey around it, or `inputs` numbers."""
    height, width, channels = (net.whole(key, 0, least=0) for key in ("height", "width", "channels"))
    inputs = net.whole("inputs", 0, least=0)
    sizes = (height, width, channels) if height and width and channels else (inputs,)
    if max(height, width, channels) > LARGEST_SIDE:
        raise Fault("number-too-large", f"a side is at most {LARGEST_SIDE:,}", net.place(*_NET_OPTIONS))
    if not all(sizes):
        missing = [key for key in ("height", "width", "channels") if not net.whole(key, 0)]
        message = f"[net] does not say the size of the input: {', '.join(missing)} missing"
        raise Fault("missing-input", message, net.place(*missing), help="write width=416, height=416 and channels=3")
    return rows.input(sizes, net.place("height", "inputs"), border=GREY if len(sizes) > 1 else None)


def _one(section: Section, rows: NetRows, label: str, *, is_row: bool) -> None:
    """The rows of a section of one input: its first layers that cannot follow another on a line have their own.

    Darknet has no rows, only maps of one place: a mean of all places is a row where nothing after it reads a map.
    """
    make = _KINDS[section.name].make
    assert make is not None
    made = list(make(section, rows.shape()))
    if is_row:
        made = [(layer_class("gap")(), places) if layer.word == "gap" else (layer, places) for layer, places in made]
    words = [layer.word for layer, _ in made]
    heads = [
        place for place, word in enumerate(words) if not place or word in _OWN_ROWS or words[place - 1] == "flatten"
    ]
    for first, end in zip(heads, [*heads[1:], len(made)], strict=True):
        placed = [Placed(layer, section.span, places) for layer, places in made[first:end]]
        rows.row(placed, None, label if end == len(made) else None)


_OF_ROWS = frozenset(("connected", "dropout", "softmax", "activation", *_LEFT_OUT))
"""Sections that are the same for a row and for a map of one place."""

_OWN_ROWS = frozenset(("affine", "softmax", "rearrange"))
"""Layers that begin a row wherever they come among those of a section."""


def _warnings(sections: list[Section]) -> tuple[Diagnostic, ...]:
    left = [section for section in sections if section.name in _LEFT_OUT]
    found = [_misspelt(section) for section in sections if section.name in _KINDS]
    warnings = [one for several in found for one in several]
    if left:
        message = f"left out, since a net that is used has no losses: {', '.join(f'[{one.name}]' for one in left[:8])}"
        warnings.append(Diagnostic("left-out", message, left[0].span, severity="warning"))
    return tuple(warnings[:20])


def _misspelt(section: Section) -> list[Diagnostic]:
    """A warning for each option that Darknet does not know and that is near to one which it knows, or stands twice."""
    known, found = _KINDS[section.name].known, []
    for field in section.fields:
        meant = None if field.key in known else nearest(field.key, known)
        if meant is not None and meant not in section:
            message = f"Darknet knows no option `{field.key[:40]}` in [{section.name}], and takes no notice of it"
            advice = f"did you mean `{meant}`?"
            found.append(Diagnostic("unused-field", message, field.span, help=advice, severity="warning"))
        elif field is not section.find(field.key) and field.key in _KINDS[section.name].options:
            message = f"`{field.key}` is written twice in [{section.name}]; Darknet takes the first"
            advice = "leave one of them out"
            found.append(Diagnostic("unused-field", message, field.span, help=advice, severity="warning"))
    return found
