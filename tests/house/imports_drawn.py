"""The house drawn: its packages on their floors, an arrow for each that imports another, as Graphviz' DOT.

    python -m tests.house.imports_drawn cnncalc > house.dot; dot -Tsvg house.dot -o house.svg

The floors are those of the layers contract in `pyproject.toml`.  An arrow has the number of imports, dashed where all
of them wait in a function; one that leads upward or in a circle is red.  Arrows to a room that many others know are
left out: the room says how many these are.  What only a type checker follows is left out too.  `--inside PACKAGE` draws
the modules of one package, without floors.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.house.imports_seen import Import, When, among_siblings, circles, imports_in, modules_in

UPWARD, PLAIN = "#d0021b", "#5a6b7c"

MOST_ARROWS = 9
"""More rooms that import one are counted in it, not drawn."""


def floors(project: Path) -> list[list[str]]:
    """The rows of the layers contract, the highest first; kernels, which no row has, beside the lowest."""
    contracts = tomllib.loads(project.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one for one in contracts if one["type"] == "layers")
    rows = [re.split(r"\s*[|:]\s*", row.strip("() ")) for row in layers["layers"]]
    rows[-1] += layers["exhaustive_ignores"]
    return rows


def arrows(imports: Iterable[Import], under: str) -> dict[tuple[str, str], Counter[When]]:
    """Between the members of the package `under`: how many imports of each kind lead from one to another."""
    found: dict[tuple[str, str], Counter[When]] = {}
    start = f"{under}."
    depth = under.count(".") + 2
    for each in imports:
        if each.when is When.FOR_TYPES or not (each.source.startswith(start) and each.target.startswith(start)):
            continue
        ends = tuple(".".join(name.split(".")[:depth]).removeprefix(start) for name in (each.source, each.target))
        if ends[0] != ends[1]:
            found.setdefault((ends[0], ends[1]), Counter())[each.when] += 1
    return found


def upward(found: Iterable[tuple[str, str]], rows: list[list[str]]) -> set[tuple[str, str]]:
    """The arrows that lead to a higher row."""
    row_of = {name: number for number, row in enumerate(rows) for name in row}
    return {(a, b) for a, b in found if row_of.get(a, 0) > row_of.get(b, len(rows)) and b in row_of and a in row_of}


def drawing(package: Path, rows: list[list[str]], under: str) -> str:
    """The drawing of the members of `under`, on these rows."""
    imports = imports_in(package)
    found = arrows(imports, under)
    siblings = among_siblings(one for one in imports if one.when is not When.FOR_TYPES)
    in_circles = {name.removeprefix(f"{under}.") for circle in circles(siblings) for name in circle}
    wrong = upward(found, rows) | {(a, b) for a, b in found if {a, b} <= in_circles}
    return "\n".join(_lines(package, rows, under, found, wrong)) + "\n"


def _lines(
    package: Path,
    rows: list[list[str]],
    under: str,
    found: dict[tuple[str, str], Counter[When]],
    wrong: set[tuple[str, str]],
) -> Iterator[str]:
    sizes = Counter[str]()
    depth = under.count(".") + 2
    for name, path in modules_in(package).items():
        if name.startswith(f"{under}."):
            member = ".".join(name.split(".")[:depth]).removeprefix(f"{under}.")
            sizes[member] += path.read_text(encoding="utf-8").count("\n")
    total = sum(sum(kinds.values()) for kinds in found.values())
    known = Counter(target for _, target in found)
    yield "digraph house {"
    told = f"{under}: {len(sizes)} rooms, {len(found)} arrows, {total:,} imports; {len(wrong)} red"
    yield f'  label="{told}"; labelloc=t;'
    yield '  rankdir=TB; ranksep=0.7; nodesep=0.25; node [shape=box, fontname="Helvetica", fontsize=12];'
    yield '  edge [fontname="Helvetica", fontsize=9];'
    for name, lines in sorted(sizes.items()):
        said = f"\\nknown to {known[name]} rooms" if known[name] > MOST_ARROWS else ""
        yield f'  "{name}" [label="{name}\\n{lines:,} lines{said}"];'
    for row in rows:
        same = " ".join(f'"{name}";' for name in row if name in sizes)
        yield f"  {{ rank=same; {same} }}"
    firsts = [next(name for name in row if name in sizes) for row in rows if any(name in sizes for name in row)]
    for above, below in itertools.pairwise(firsts):
        yield f'  "{above}" -> "{below}" [style=invis, weight=50];'
    for (source, target), kinds in sorted(found.items()):
        if known[target] > MOST_ARROWS and (source, target) not in wrong:
            continue
        count = sum(kinds.values())
        colour = UPWARD if (source, target) in wrong else PLAIN
        style = "solid" if kinds[When.AT_ONCE] else "dashed"
        width = 0.5 + min(4.0, count / 60)
        yield (
            f'  "{source}" -> "{target}" [label="{count}", color="{colour}", fontcolor="{colour}", '
            f"style={style}, penwidth={width:.1f}{', constraint=false' if colour == UPWARD else ''}];"
        )
    yield "}"


def main() -> None:
    """Write the drawing to standard output."""
    parser = argparse.ArgumentParser(description="The house drawn: who imports whom, as DOT.")
    parser.add_argument("package", type=Path, nargs="?", default=Path("cnncalc"))
    parser.add_argument("--inside", default="", metavar="PACKAGE", help="the modules of one package: graph, runtime")
    asked = parser.parse_args()
    under = f"{asked.package.name}.{asked.inside}" if asked.inside else asked.package.name
    rows = [] if asked.inside else floors(asked.package.resolve().parent / "pyproject.toml")
    sys.stdout.write(drawing(asked.package.resolve(), rows, under))


if __name__ == "__main__":
    main()
