"""What a call is given to run on: arrays in the net's own order, or files of pictures, as volumes by input."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.pictures.maps.run_maps import own_preprocessing, picture_node
from cnncalc.runtime.array_order import NetInputs
from cnncalc.runtime.images import read_batch

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.library.array_types import Array, Given


def given_inputs(analysis: Analysis, given: Given | None, takes: NetInputs | None = None) -> dict[str, Array]:
    """The volumes `[n, c, z, y, x]` of each input by its name; `takes` is what the net takes.  Raises InputError.

    Pictures are prepared as the net's text says; arrays are taken as they are.
    """
    files = picture_files(given)
    if not files:
        return (takes or NetInputs.of(analysis)).volumes(given)  # type: ignore[arg-type]  # what names files is one of `files`
    array = next((file for file in files if file.lower().endswith((".npy", ".npz"))), None)
    if array is not None:
        message = f"`{printable(array)}` is a file of NumPy arrays, and a name is read as a picture"
        raise input_error("picture-unknown", message, help=f'read it first: numpy.load("{printable(array)}")')
    node = picture_node(analysis)
    return {node.node.name: read_batch([Path(file) for file in files], node.output, own_preprocessing(analysis))[0]}


def picture_files(given: object) -> list[str]:
    """The names of files, where it is one or a list of them; empty of arrays."""
    several = given if isinstance(given, (list, tuple)) else [given]
    files = [os.fspath(one) for one in several if isinstance(one, (str, os.PathLike))]
    return [file for file in files if isinstance(file, str)] if files and len(files) == len(several) else []
