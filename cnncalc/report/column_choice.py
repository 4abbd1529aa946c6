"""Which columns of a summary are asked for: names, several by one name, and what others call them.

What a column shows is `cnncalc.report.columns`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.report.columns import COLUMNS, USUAL

ALSO_CALLED = {
    **dict.fromkeys(("receptive", "receptivefield", "field", "fields"), "rf"),
    **dict.fromkeys(("parameter", "parameters", "weights"), "params"),
    **dict.fromkeys(("trainableparams", "trainableparameters", "learnable", "requiresgrad"), "trainable"),
    **dict.fromkeys(("frozenparams", "nontrainable", "nontrainableparams"), "frozen"),
    **dict.fromkeys(("shape", "shapes", "outputshape", "outputs", "outputsize"), "output"),
    **dict.fromkeys(("mac", "madds", "multadds", "multiplyadds", "multiplyaccumulates"), "macs"),
    **dict.fromkeys(("flop", "operations", "ops"), "flops"),
    **dict.fromkeys(("input", "inputshape"), "inputs"),
    **dict.fromkeys(("type", "kind"), "word"),
    **dict.fromkeys(("traffic", "memorytraffic", "bytesmoved", "movedbytes", "memaccess", "memory"), "bytes"),
    **dict.fromkeys(("arithmeticintensity", "operationalintensity", "flopsperbyte", "roofline"), "intensity"),
}
"""What others call a column, without `-` and `_`: a user is shown our name of it."""


def column_meant(name: str, known: Collection[str], which: str = "the columns") -> str:
    """A help line for a name that is none of the known columns: the one that is meant, else all of them."""
    meant = ALSO_CALLED.get(re.sub("[-_ ]", "", name))
    if meant in known:
        return f"did you mean `{meant}`?"
    return did_you_mean(name, known, f"{which} are: {', '.join(known)}")


SHARING = ("as_local", "as_dense", "times_dense", "dense_connections")
"""The columns that say what weight sharing and sparse connections save."""

COLUMN_SETS = {"sharing": ("layer", "output", "params", "connections", *SHARING)}
"""Several columns by one name, which belong together; where there is little room the least wanted are left out."""


class ChosenColumns(NamedTuple):
    """The columns to show; those in `pinned` were asked for by name and are never left out."""

    names: tuple[str, ...] = USUAL
    pinned: frozenset[str] = frozenset()


def chosen(asked: str) -> ChosenColumns:
    """The columns that `--columns` names: `rf,jump` those and the layer; `+rf,jump` or `+rf,+jump` those too.

    Columns that are added to the usual ones come after the layer, in the order of `COLUMNS`.  Raises InputError for a
    name that is no column.
    """
    words = [word for word in asked.lower().replace(" ", ",").split(",") if word.strip("+")]
    names = [word.removeprefix("+") for word in words]
    if not names:
        advice = "write names with commas between, --columns rf,params: `cnncalc explain columns` lists them"
        raise input_error("unknown-column", "--columns names no column", help=advice)
    for name in names:
        if name not in COLUMNS and name not in COLUMN_SETS:
            known = (*COLUMNS, *COLUMN_SETS)
            raise input_error("unknown-column", f"there is no column `{name}`", help=column_meant(name, known))
    pinned = frozenset(name for name in names if name not in COLUMN_SETS)
    names = [one for name in names for one in COLUMN_SETS.get(name, (name,))]
    if any(word.startswith("+") for word in words):
        wanted = ["layer", *(name for name in COLUMNS if name in USUAL or name in names)]
        return ChosenColumns(tuple(dict.fromkeys(wanted)), pinned)
    first = () if "layer" in names else ("layer",)
    return ChosenColumns(tuple(dict.fromkeys((*first, *names))), pinned)
