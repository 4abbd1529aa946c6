"""What a file of weights holds, and which of its arrays are a net's weights: as a sheet and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics.letters import printable
from cnncalc.graph.stored import Step, StepKind, Stored
from cnncalc.layers.base import counted
from cnncalc.quantities import grouped
from cnncalc.report.indented_json import indented_json
from cnncalc.report.notation import octets, sizes
from cnncalc.report.sheet import Cell, Column, Fact, Line, Share, Sheet
from cnncalc.runtime.taking import shape_after
from cnncalc.runtime.weight_files.contents import type_of

if TYPE_CHECKING:
    from cnncalc.runtime.matching.match_records import Match
    from cnncalc.runtime.weight_files.contents import Contents, Portion

MOST_LINES = 60
"""Arrays that are listed one by one; of a file with more, whole modules have a line."""

MOST_NAMED = 8
"""Parts that are named in the foot."""

_LONGEST_NAME = 100


class Matched(NamedTuple):
    """A net, the shapes of its weights, and where each of them is in the file."""

    model: str
    shapes: Mapping[str, tuple[int, ...]]
    match: Match


# ---------------------------------------------------------------------- the file
def contents_sheet(contents: Contents, portions: Sequence[Portion], *, every: bool) -> Sheet:
    """The arrays of a file; `every`: the portions are all of its arrays, each by itself."""
    columns = (
        Column("array", ("array",), "text"),
        Column("arrays", ("arrays",), right=True, keep=1),
        Column("shape", ("shape",)),
        Column("type", ("type",), keep=2),
        Column("numbers", ("numbers",), right=True),
        Column("share", ("",), "bar", share_of="numbers"),
    )
    kept = [n for n, column in enumerate(columns) if column.name != "arrays" or not every]
    lines = [_portion(one, contents.numbers) for one in portions]
    total: tuple[Cell, ...] = ("total", grouped(len(contents.entries)), "", "", grouped(contents.numbers), "")
    return Sheet(
        _shown(contents.name),
        "",
        tuple(columns[n] for n in kept),
        tuple(Line(tuple(line[n] for n in kept)) for line in lines),
        (Line(tuple(total[n] for n in kept), "total"),),
        (*file_facts(contents), *_left_out(contents, portions)),
    )


def _portion(portion: Portion, numbers: int) -> tuple[Cell, ...]:
    entries = portion.entries
    name = _shown(portion.name) if len(entries) == 1 else f"{_shown(portion.name)}*"
    shape = _shape(entries[0].shape) if len(entries) == 1 else ""
    many = grouped(len(entries))
    return (
        name,
        many,
        shape,
        ", ".join(map(_shown, portion.kinds)),
        grouped(portion.numbers),
        Share(portion.numbers, numbers),
    )


def file_facts(contents: Contents) -> Iterator[Fact]:
    """Its format, its size, what else a reader should know."""
    about = contents.about
    by = f" of {about.program}" if about.program and about.program not in about.form else ""
    many = f"{counted(len(contents.entries), 'array')} of {grouped(contents.numbers)} numbers"
    yield Fact("File", f"{printable(about.form)}{by}, {octets(contents.size)}: {many}, {octets(contents.data)}")
    if about.remark:
        yield Fact("Remark", printable(about.remark))
    if not about.ordered:
        yield Fact("Order", "that of letters, not that of the layers")


def _left_out(contents: Contents, portions: Sequence[Portion]) -> Iterator[Fact]:
    shown = sum(len(one.entries) for one in portions)
    if shown < len(contents.entries):
        left = contents.numbers - sum(one.numbers for one in portions)
        more = counted(len(contents.entries) - shown, "smaller array")
        yield Fact("Not shown", f"{more} of together {grouped(left)} numbers")
    elif len(portions) < shown:
        yield Fact("*", "all arrays whose names begin so; --all lists each")


# ---------------------------------------------------------------------- the match
def match_sheet(contents: Contents, matched: Matched, *, every: bool) -> Sheet:
    """Which array is which weight: one line for each layer, with `every` one for each weight."""
    shapes = {entry.name: entry.shape for entry in contents.entries}
    rows = [_row(name, one, matched, shapes) for name, one in matched.match.found.items()]
    lines = rows if every else [*_by_layer(rows)]
    return Sheet(
        _shown(contents.name),
        f"for {printable(matched.model)}",
        _OF_WEIGHTS if every else _OF_LAYERS,
        tuple(map(Line, lines)),
        (),
        (*file_facts(contents), *_match_facts(matched, len(rows))),
    )


_CHANGE = Column("change", ("change",), "text")
_OF_WEIGHTS = (
    Column("weight", ("weight",), "text"),
    Column("shape", ("shape",)),
    Column("array", ("array in the file",), "text"),
    Column("array_shape", ("its shape",), keep=1),
    _CHANGE,
)
_OF_LAYERS = (
    Column("layer", ("layer",), "text"),
    Column("module", ("module in the file",), "text"),
    Column("arrays", ("its arrays",), "text"),
    _CHANGE,
)


def _row(
    name: str, stored: Stored, matched: Matched, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[str, str, str, str, str]:
    found = shapes.get(stored.entry, ())
    change = steps_text(stored.steps, found)
    return printable(name), _shape(matched.shapes[name]), _shown(stored.entry), _shape(found), change


def _by_layer(rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, str, str, str]]:
    """The weights of a layer in one line, with the module of the file whose arrays they are."""
    rows_of: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        rows_of.setdefault(row[0].rpartition(".")[0], []).append(row)
    for layer, some in rows_of.items():
        yield layer, *_arrays([row[2] for row in some]), _changes(some)


def _arrays(names: Sequence[str]) -> tuple[str, str]:
    """`features.0.0` and `weight bias`; no module where their names have no beginning in common."""
    first = names[0]
    cut = max(first.rfind("."), first.rfind("/")) + 1
    if not all(name.startswith(first[:cut]) for name in names):
        return "", " ".join(names)
    return first[:cut].rstrip("./"), " ".join(name[cut:] for name in names)


def _changes(rows: Sequence[tuple[str, ...]]) -> str:
    """What is done to each array that is not taken as it is."""
    changed = [(row[0].rpartition(".")[2], row[4]) for row in rows if row[4]]
    if len(changed) == len(rows) and len({change for _, change in changed}) == 1:
        return changed[0][1]
    return "; ".join(change if len(rows) == 1 else f"{name} {change}" for name, change in changed)


def steps_text(steps: Sequence[Step], shape: tuple[int, ...]) -> str:
    """What is done to an array of that shape, in words; empty where it is taken as it is.

    >>> steps_text([Step("transpose", (1, 0))], (4, 9)), steps_text([Step("reshape", (4, 9))], (36,))
    ('transposed', 'reshaped to 4x9')
    >>> steps_text([Step("reshape", (2, 3, 4)), Step("transpose", (0, 2, 1)), Step("reshape", (2, 12))], (2, 12))
    'columns put in order'
    """
    words, rest = [], list(steps)
    while rest:
        whole = [step.kind for step in rest[:3]] == ["reshape", "transpose", "reshape"]
        taken = rest[: 3 if whole else 1]
        after = shape_after(shape, taken) or shape
        if whole and after == shape:
            words.append("columns put in order")
        elif len(taken) == 1 and (taken[0].kind != "reshape" or after != shape):
            words.append(_CHANGES[taken[0].kind](taken[0].numbers))
        elif whole:
            words += [_CHANGES[step.kind](step.numbers) for step in taken]
        shape, rest = after, rest[len(taken) :]
    return ", ".join(words)


def _transposed(axes: Sequence[int]) -> str:
    order = " ".join(str(axis + 1) for axis in axes)
    return "transposed" if tuple(axes) == (1, 0) else f"axes in the order {order}"


def _cut(numbers: Sequence[int]) -> str:
    axis, first, behind, stride = numbers
    every = f", every {stride}." if stride != 1 else ""
    return f"{first}:{behind} of axis {axis + 1}{every}"


_CHANGES: Mapping[StepKind, Callable[[Sequence[int]], str]] = {
    "transpose": _transposed,
    "reshape": lambda shape: f"reshaped to {sizes(shape)}",
    "spread": lambda shape: f"repeated to {sizes(shape)}",
    "slice": _cut,
    "negate": lambda _: "negated",
    "reciprocal": lambda _: "1 divided by it",
}


def _match_facts(matched: Matched, found: int) -> Iterator[Fact]:
    match = matched.match
    yield Fact("FITS", f"{counted(found, 'weight')}, {match.way}", "good")
    if match.stated:
        yield Fact("Stated", f"{_some(match.stated)}: not in the file, the network says the values itself")
    if match.unused:
        yield Fact("Not used", f"{_some(match.unused)}: in the file, not in the network")
    for remark in match.remarks:
        yield Fact("", printable(remark))


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(map(_shown, names[:MOST_NAMED])) + more


# ---------------------------------------------------------------------- JSON
def contents_json(contents: Contents, matched: Matched | None = None, refused: str = "") -> str:
    """All of it: `arrays` of the file, and `match`, which is null where no net was given."""
    found = {
        "cnncalc": 1,
        "file": contents.name,
        "bytes": contents.size,
        "program": contents.about.program or None,
        "format": contents.about.form,
        "remark": contents.about.remark or None,
        "in_order_of_layers": contents.about.ordered,
        "numbers": contents.numbers,
        "arrays": [
            {"name": entry.name, "shape": list(entry.shape), "type": type_of(entry)[0], "numbers": entry.count}
            for entry in contents.entries
        ],
        "match": None if matched is None else _match_object(matched),
        "refused": refused or None,
    }
    return indented_json(found)


def _match_object(matched: Matched) -> dict[str, Any]:
    match = matched.match
    return {
        "network": matched.model,
        "way": match.way,
        "weights": [
            {
                "weight": name,
                "shape": list(matched.shapes[name]),
                "array": stored.entry,
                "steps": [{"kind": step.kind, "numbers": list(step.numbers)} for step in stored.steps],
            }
            for name, stored in match.found.items()
        ],
        "stated": list(match.stated),
        "unused": list(match.unused),
        "remarks": list(match.remarks),
    }


def _shape(shape: Sequence[int]) -> str:
    """`64x3x7x7`; a single number has no sizes."""
    return sizes(shape[:8]) + ("x..." if len(shape) > 8 else "") if shape else "1 number"


def _shown(name: str) -> str:
    short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}..."
    return printable(short)
