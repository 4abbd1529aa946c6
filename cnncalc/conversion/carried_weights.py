"""The weights of a net under the names that another program has for them.

Nobody keeps a book of names: what was written is read again, and where both nets are the same it is known which array
of the one is which of the other.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cnncalc.analysis.model import Analysis
from cnncalc.conversion.forms import Form
from cnncalc.graph.ir import Graph

if TYPE_CHECKING:
    import numpy as np

    from cnncalc.questions.same_net import Same, Turned
    from cnncalc.runtime.weights import Weights

    Arrays = Mapping[str, np.ndarray[Any, Any]]


def weights_of(analysis: Analysis, file: str | None, *, changed: bool, needed: bool) -> Weights | None:
    """Those of the file that is given, else the net's own, of its file or as they ship, or those that it states.

    `changed`: the net has another size or other constants than its text, so that trained weights are not about it.
    Where there are none, and they are `needed`, they are drawn at random.  Raises InputError.
    """
    from cnncalc.runtime.weights import load, seeded, shipped_weights

    graph = analysis.graph
    if file is not None or graph.weights_in:
        return load(Path(file or graph.weights_in), analysis)
    if not changed and graph.cut is None and (trained := _trained(graph)):
        return shipped_weights(Path(trained), analysis)
    if needed or any(isinstance(one.initial, tuple) for node in analysis.nodes for one in node.weights):
        return seeded(analysis, everything=needed)
    return None


def _trained(graph: Graph) -> str | None:
    from cnncalc.sources import companion

    return companion(graph.source.name, ".safetensors")


def carried(back: Analysis, same: Same, arrays: Arrays) -> dict[str, Any]:
    """The arrays under the names of the net that was read back, and in its shapes."""
    from cnncalc.runtime.matching import declared

    found = {}
    shapes = {name: weight.shape for name, weight in declared(back).items()}
    for own, theirs in same.arrays.items():
        array = arrays[own] if own not in same.turned else _turned(arrays[own], same.turned[own])
        if own in same.raised:
            array = array + array.dtype.type(same.raised[own])
        found[theirs] = array.reshape(shapes[theirs])
    return {name: found[name] for name in shapes if name in found}


def _turned(array: Any, turned: Turned) -> Any:
    """A matrix with its columns in the other order of the places and channels of a map."""
    channels, spatial = turned.map.channels, turned.map.spatial
    if turned.order == "channels_last":
        return array.reshape(len(array), *spatial, channels).transpose(0, -1, *range(1, len(spatial) + 1))
    return array.reshape(len(array), channels, *spatial).transpose(0, *range(2, len(spatial) + 2), 1)


def write_weights(form: Form, back: Analysis, arrays: Arrays, stream: BinaryIO) -> None:
    """The arrays, by the names of the net that was read back, as a file that fits what was written."""
    if form.weights == ".weights":
        from cnncalc.runtime.weight_files.darknet_files import write_darknet

        write_darknet(back, arrays, stream)
    elif form.weights == ".weights.h5":
        _write_keras(back, arrays, stream)
    else:
        from safetensors.numpy import save

        names = _state_names(back.graph) if form.name == "torch" else {}
        stream.write(save({names.get(name, name): array for name, array in arrays.items()}))


_OWN_PARAMETERS = {"shift": "bias", "learned": "weight"}
"""Layers that are a parameter of a module's own in PyTorch, and have the parameter's name, with their one array.

A factor's parameter is called `weight` in what we write, and the layer as the module."""


def _state_names(graph: Graph) -> dict[str, str]:
    """The names of a state_dict where they are others than ours."""
    own = ((node.name, _OWN_PARAMETERS.get(node.layer.word)) for node in graph.nodes)
    return {f"{name}.{array}": name for name, array in own if array is not None}


def _write_keras(back: Analysis, arrays: Arrays, stream: BinaryIO) -> None:
    from importlib import import_module

    writing = import_module("cnncalc.runtime.weight_files.keras_writing")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "net.weights.h5")
        writing.write_keras_weights(back.graph, arrays, Path(path))
        with open(path, "rb") as file:
            shutil.copyfileobj(file, stream)
