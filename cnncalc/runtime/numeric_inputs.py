"""Inputs that are plain numbers: .npy and .npz files for nets of any rank.

The numbers are taken as they stand, neither scaled nor normalised.  Their axes may be written in the net's order or,
where only that fits, in the other one; a batch axis in front and a missing axis for one channel are understood.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.diagnostics import InputError, input_error
from cnncalc.geometry import Order, Shape
from cnncalc.runtime.file_arrays import Entry
from cnncalc.runtime.files import shown_name, shown_shape
from cnncalc.runtime.free_memory import refuse_too_much
from cnncalc.runtime.number_types import in_type
from cnncalc.runtime.planning import Precision
from cnncalc.runtime.weight_files.numpy_files import opened

Array = np.ndarray[Any, Any]

SUFFIXES = {".npy", ".npz"}
"""Names that end so are read here; everything else should be a picture."""


def read_numbers(
    path: Path, shape: Shape, order: Order = "channels_last", name: str = "", dtype: Precision = "float64"
) -> Array:
    """The array of the file (of several: the one called `name`) as `[n, c, z, y, x]`.

    As float32, or as float64 where that is the type of the run and the file's numbers need it.
    """
    with opened(path, "array file") as file:
        entry = _chosen(path, file.entries, name)
        fitting = _fitting_order(path, entry, shape, order)
        refuse_too_much(8 * entry.count, f"the input `{path}`")
        values = file.read(entry.name)
    if np.result_type(values.dtype, np.float32) == np.float32:
        dtype = "float32"
    batched = in_type(values, dtype, f"`{path}`").reshape(-1, *shape.sizes(fitting))
    channels_first = batched if fitting == "channels_first" else np.moveaxis(batched, -1, 1)
    missing = (1,) * (3 - shape.rank)
    return np.ascontiguousarray(channels_first).reshape(len(batched), shape.channels, *missing, *shape.spatial)


def _chosen(path: Path, entries: tuple[Entry, ...], name: str) -> Entry:
    named = [entry for entry in entries if entry.name == name] or list(entries)
    if len(named) == 1:
        return named[0]
    listed = ", ".join(shown_name(entry.name) for entry in entries[:5]) or "none"
    raise input_error(
        "input-which-array",
        f"`{path}` holds {len(entries)} arrays, and none is called `{name}`: {listed}",
        help=f"save one array, or call the right one `{name}`",
    )


def _fitting_order(path: Path, entry: Entry, shape: Shape, order: Order) -> Order:
    other: Order = "channels_first" if order == "channels_last" else "channels_last"
    for candidate in (order, other):
        if _fits(entry.shape, shape, candidate):
            return candidate
    raise _does_not_fit(path, entry, shape, order)


def _fits(found: tuple[int, ...], shape: Shape, order: Order) -> bool:
    wanted = shape.sizes(order)
    bare = {wanted, shape.spatial} if shape.channels == 1 else {wanted}
    return found in bare or (len(found) > 1 and found[1:] in bare and found[0] > 0)


def _does_not_fit(path: Path, entry: Entry, shape: Shape, order: Order) -> InputError:
    return input_error(
        "input-shape",
        f"the array in `{path}` is {shown_shape(entry.shape)}, but the net reads {shape.text(order)}",
        help=f"reshape it to {shape.text(order)}, or to Nx{shape.text(order)} for a batch of N",
    )
