"""Which number of a result is meant: `--at row,column,channel`, from 1, as wrong cells of an answer are named."""

from __future__ import annotations

import re

from cnncalc.analysis.by_hand.volumes import Place
from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import Shape

Address = tuple[int, Place]
"""A channel and a place in it, counted from 0."""

_PARTS = {0: ("number",), 1: ("column",), 2: ("row", "column"), 3: ("slice", "row", "column")}
_NUMBER = re.compile(r"[0-9]+")
LONGEST_SHOWN = 40
LONGEST_NUMBER = 18
"""Digits of a number that is looked for: no map is so large."""


def address_of(text: str, output: Shape, line: str = "") -> Address:
    """The address that `2,1` or `2,1,3` is in a result of this shape; the channel is the first if none is said.

    Raises InputError where it is no address, has too many or too few parts, or lies outside; with a `line` the text is
    what follows its bracket (`parted_address`), and the error writes addresses as `conv1[2,1]`.
    """
    names = _PARTS[output.rank]
    parts = [part.strip() for part in (text.strip().removesuffix("]") if line else text).split(",")]
    written = f"`--at {printable(f'{line}[{_cut(text)}' if line else _cut(text))}`"
    if not all(_NUMBER.fullmatch(part) and part.isascii() for part in parts):
        raise _no_cell(f"{written} is no cell: it takes whole numbers with commas between", output, line)
    if not len(names) <= len(parts) <= len(names) + (output.rank > 0):
        raise _no_cell(f"{written} has {_counted(len(parts))}, a cell here has {_wanted(output)}", output, line)
    parts = [part.lstrip("0") or "0" for part in parts]
    numbers = [int(part[: LONGEST_NUMBER + 1]) for part in parts]
    numbers += [1] * (len(names) + (output.rank > 0) - len(parts))
    sizes = (*output.spatial, output.channels)
    for name, part, number, size in zip((*names, "channel"), parts, numbers, sizes, strict=False):
        if not 1 <= number <= size:
            has = f"{name}s 1 to {size}" if size > 1 else f"only {name} 1"
            raise _no_cell(f"there is no {name} {_cut(part)}: the result has {has}", output, line)
    if not output.rank:
        return numbers[0] - 1, (0, 0, 0)
    place = [0] * (3 - output.rank) + [number - 1 for number in numbers[:-1]]
    return numbers[-1] - 1, (place[0], place[1], place[2])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _behind(line: str, cell: str) -> str:
    """A cell as `--at` takes it: alone, or behind the line that it is of."""
    return f"{line}[{cell}]" if line else cell


def parted_address(text: str) -> tuple[str, str | None]:
    """The line of `conv1[2,1]` and what follows its bracket; None where there is no bracket.

    >>> parted_address("conv1[2,1]"), parted_address("7")
    (('conv1', '2,1]'), ('7', None))
    """
    place, opened, cell = text.strip().partition("[")
    return place.strip(), cell if opened else None


def nth(number: int, output: Shape) -> Address:
    """The address of the n-th number, channel by channel, the width fastest."""
    depth, height, width = (*(1,) * (3 - output.rank), *output.spatial)
    rest, x = divmod(number, width)
    rest, y = divmod(rest, height)
    channel, z = divmod(rest, depth)
    return channel, (z, y, x)


def cell_name(address: Address, output: Shape) -> str:
    """`channel 2, row 1, column 3`, as wrong cells of an answer are named; `number 4` of a flat vector."""
    channel, place = address
    if not output.rank:
        return f"number {channel + 1}"
    said = [f"channel {channel + 1}"] if output.channels > 1 else []
    said += [f"{name} {at + 1}" for name, at in zip(_PARTS[output.rank], place[3 - output.rank :], strict=True)]
    return ", ".join(said)


def _counted(parts: int) -> str:
    return "1 number" if parts == 1 else f"{parts} numbers"


def _wanted(output: Shape) -> str:
    return "1" if not output.rank else f"{output.rank} or, with its channel, {output.rank + 1}"


def _no_cell(message: str, output: Shape, line: str) -> InputError:
    names = _PARTS[output.rank]
    last = ",".join(map(str, output.spatial or (output.channels,)))
    several = output.rank > 0 and output.channels > 1
    pattern = ",".join((*names, *(["channel"] if several else [])))
    ends = ",".join("1" * len(names)), last + (f",{output.channels}" if several else "")
    said, first, end = (f"--at {_quoted(line, cell)}" for cell in (pattern, *ends))
    return input_error("no-such-cell", message, help=f"write {said}, counted from 1: here from {first} to {end}")


def _quoted(line: str, cell: str) -> str:
    """With a line in quotes: some shells read brackets themselves."""
    return f"'{printable(_behind(line, cell))}'" if line else cell
