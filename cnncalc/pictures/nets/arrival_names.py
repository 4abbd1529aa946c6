"""How what arrives at a block is named on its panel: as the block's parameter that hands it in, else "in"."""

from __future__ import annotations

from cnncalc.pictures.nets.net_rows import Call, NetRows


def arrival_names(rows: NetRows, call: Call) -> tuple[str, ...]:
    """The names of the rows from outside that the call reads, in the order in which it first reads them."""
    inside = range(call.first, call.last + 1)
    read = dict.fromkeys(row for reader in inside for row in rows.reads[reader] if row < call.first)
    settings = _settings(rows, call)
    found = [next((name for name, value in settings if value in _labels(rows, row)), "") for row in read]
    plain = found.count("")
    numbers = iter(range(1, plain + 1))
    return tuple(name or ("in" if plain == 1 else f"in {next(numbers)}") for name in found)


def _settings(rows: NetRows, call: Call) -> tuple[tuple[str, str], ...]:
    """The block's parameters with their values as words."""
    for one in rows.analysis.groups:
        group = one.group
        around = group.first <= call.first and call.last <= group.last
        if around and (group.word, group.depth) == (call.word, call.depth):
            return group.settings
    return ()


def _labels(rows: NetRows, row: int) -> set[str | None]:
    """The labels of a row, and of the calls that end with it."""
    ending = {one.group.label for one in rows.analysis.groups if one.group.last == row}
    return (ending | {rows.analysis.graph.rows[row].label}) - {None}
