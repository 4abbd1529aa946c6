"""Which filter `--filter` means: a built-in one by its name, the numbers of a file, or numbers on the command line."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from cnncalc.cli.bare_numbers import in_brackets
from cnncalc.diagnostics import InputError, Source, input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.layers.filters import FILTERS
from cnncalc.matrices import Matrix

GRADIENT = "sobel"
"""How steep the picture is, from both Sobel filters: the only name that is no single kernel."""

OTHER_NAMES = {
    "sobel_x": "sobel_left",
    "sobel_y": "sobel_top",
    "sobel_magnitude": GRADIENT,
    "gradient": GRADIENT,
    "edge_detection": "outline",
    "edges": "outline",
    "blur": "box3",
    "box_blur": "box3",
    "mean": "box3",
    "gaussian": "gauss3",
    "gaussian_blur": "gauss3",
}
"""What the filters are called elsewhere; the decks call Sobel's by x and y."""

_DEFINITION = re.compile(r"^[ \t]*filter[ \t]+\S+[ \t]*=", re.MULTILINE | re.IGNORECASE)
_NUMBERS = re.compile(r"[-+\d\s.,;/eE]*\d[-+\d\s.,;/eE]*")


class Chosen(NamedTuple):
    """A filter with the name to show; the gradient has no kernel of its own."""

    name: str
    kernel: Matrix | None


def chosen_filter(written: str) -> Chosen:
    """What was written behind `--filter`; a file wins over a name.  Raises InputError."""
    from cnncalc.sources import find_file, parted

    path, entry = parted(written)
    if os.path.isfile(path):
        return _of_file(path, find_file(path).text, entry)
    if "[" in written or _NUMBERS.fullmatch(written):
        return Chosen("kernel", _matrix(Source("--filter", in_brackets(written, "--filter", is_file=False))))
    name = re.sub(r"[\s-]+", "_", written.strip().lower())
    name = OTHER_NAMES.get(name, name)
    if name == GRADIENT:
        return Chosen(GRADIENT, None)
    if name not in FILTERS:
        raise _unknown(written)
    return Chosen(name, FILTERS[name].matrix)


def _unknown(written: str) -> InputError:
    shown = written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}..."
    otherwise = "`cnncalc filters` lists the names; or give a file, or numbers: --filter '[0 1 0; 1 -4 1; 0 1 0]'"
    return input_error(
        "no-such-filter",
        f"there is no built-in filter and no file `{shown}`",
        help=did_you_mean(written, (*FILTERS, GRADIENT, *OTHER_NAMES), otherwise),
    )


LONGEST_SHOWN = 60
"""Characters of a user's words that an error repeats."""


def _of_file(path: str, text: str, entry: str) -> Chosen:
    """The filter of a file: `filter NAME = [...]` lines, a matrix, or rows of numbers."""
    if _DEFINITION.search(text):
        return _defined(path, text, entry)
    name = os.path.splitext(os.path.basename(path))[0]
    return Chosen(name, _matrix(Source(path, in_brackets(text, path, is_file=True))))


def _matrix(source: Source) -> Matrix:
    """The only matrix of a text; raises InputError."""
    named = f"filter kernel = {source.text.strip()}\n"
    found = _definitions(Source(source.name, named))
    if len(found) != 1:
        raise input_error("bad-matrix", f"{source.name} holds no single matrix", help="write [0 1 0; 1 -4 1; 0 1 0]")
    return found[0][1]


def _defined(path: str, text: str, entry: str) -> Chosen:
    found = dict(_definitions(Source(path, text)))
    if entry and entry not in found:
        raise input_error(
            "no-such-filter",
            f"{path} has no filter called `{entry[:LONGEST_SHOWN]}`",
            help=did_you_mean(entry, found, f"its filters are: {', '.join(found)}"[:300]),
        )
    if not entry and len(found) > 1:
        first = next(iter(found))
        raise input_error(
            "no-such-filter",
            f"{path} has {len(found)} filters: {', '.join(found)}"[:300],
            help=f"name one of them: --filter {path}:{first}",
        )
    name = entry or next(iter(found))
    return Chosen(name, found[name])


def _definitions(source: Source) -> list[tuple[str, Matrix]]:
    """The `filter NAME = matrix` lines of a text with their names; raises InputError for its first faults."""
    from cnncalc.spec.document import Definition
    from cnncalc.spec.parsing import parse

    document, faults = parse(source)
    if faults:
        raise InputError(tuple(faults), source)
    definitions = (one for one in document.statements if isinstance(one, Definition))
    return [(one.name.text, one.value.matrix) for one in definitions if one.kind == "filter"]
