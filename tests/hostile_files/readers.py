"""How a mutant is read, as `run` and `summary` read files, and what must hold of what comes out."""

from __future__ import annotations

import functools
import io
import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError, Source
from cnncalc.diagnostics.rendering import rendered
from cnncalc.dialects import programs
from cnncalc.dialects.onnx import reading_graph
from cnncalc.geometry import Shape
from cnncalc.net_files import checked, read, written
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.summary import summary_sheet
from cnncalc.runtime import images
from cnncalc.runtime.numeric_inputs import read_numbers
from cnncalc.runtime.weight_files.opening import opened
from cnncalc.runtime.weights import load
from cnncalc.sources import find

NET = "input 4x4x1\nconv 2 3x3\n"
DARKNET = """[net]
width=6
height=6
channels=3
[convolutional]
batch_normalize=1
filters=4
size=2
stride=2
activation=leaky
[route]
layers=-1
[local]
filters=1
size=2
activation=linear
[batchnorm]
[connected]
output=15
batch_normalize=0
activation=linear
"""
MOST_NUMBERS = 1_000_000
"""In an array that is read; a net with more of them refuses it by its shape."""
SHAPE = Shape(1, (4, 4))
TENSOR_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
                "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1"}  # fmt: skip


def array(path: Path, number: int) -> None:
    """An .npy file as the input of a net: the numbers that numpy reads, as they stand."""
    found = read_numbers(path, SHAPE, dtype=("float32", "float64")[number % 2])  # type: ignore[arg-type]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        content = path.read_bytes()
        third = content[6:7] == b"\3"  # Python 2 wrote no version 3: numpy alone looks for its long numbers there
        expected = np.load(io.BytesIO(content[:6] + b"\2" + content[7:] if third else content), allow_pickle=False)
    _same(found, expected)


def weights(path: Path, number: int) -> None:
    """A file as the weights of a net, or as its input."""
    if number % 3 == 0 and path.suffix == ".npz":
        found, held = read_numbers(path, SHAPE, name="input1"), _arrays(path)
        _same(found, held.get("input1", next(iter(held.values()))))
        return
    found = load(path, _analysis()).arrays
    expected = _arrays(path)
    for place, (name, values) in enumerate(found.items()):
        _same(values, expected[name] if name in expected else expected[sorted(expected, reverse=True)[place]])


def entries(path: Path, number: int) -> None:
    """A file of weights without a net: every array that it lists, in the shape and of the kind that it says."""
    if number % 2:
        net_and_its_weights(path)
        return
    with opened(path) as file:
        for entry in file.entries:
            if entry.count <= MOST_NUMBERS:
                found = file.read(entry.name)
                assert (found.shape, found.dtype.str) == (entry.shape, entry.kind), "another array than was listed"


def torch_arrays(path: Path, number: int) -> None:
    """A file of PyTorch by itself, or as the weights of a net; every number that comes out is in the file."""
    if number % 2:
        load(path, _analysis())
        return
    content = path.read_bytes()
    if number % 2:
        net_and_its_weights(path)
        return
    with opened(path) as file:
        for entry in file.entries:
            if entry.count <= MOST_NUMBERS:
                found = file.read(entry.name)
                assert found.shape == entry.shape, "another shape than was listed"
                bits = (
                    (found.reshape(-1).view(np.uint32) >> 16).astype(np.uint16) if entry.kind == "bfloat16" else found
                )
                for one in np.unique(bits.reshape(-1).view(f"V{bits.itemsize}")):
                    assert one.tobytes() in content or one.tobytes()[::-1] in content, "a number that it does not hold"


def net_and_its_weights(path: Path) -> None:
    """A file that is a whole net, counted, and its own weights."""
    graph, faults = read(find(str(path)))
    assert not faults, "a fault that is not raised"
    analysis = analyse(graph)
    if analysis.totals.figures.total_params <= MOST_NUMBERS:
        load(path, analysis)


@functools.cache
def _analysis() -> Analysis:
    return analyse(checked(Source("net.txt", NET)))


def _same(found: Any, expected: Any) -> None:
    with np.errstate(all="ignore"):
        wanted = np.asarray(expected).astype(found.dtype).ravel()
    assert np.array_equal(found.ravel(), wanted, equal_nan=True), "other numbers than the file holds"


def program(path: Path, number: int) -> None:
    """A program as a net: by a name it may have, or without one; a net that is read is counted."""
    text = path.read_bytes().decode("utf-8", "replace")
    source = Source(str(path), text, ("", "Net()", "model", "net", "seq")[number % 5])
    graph, faults = programs.read(source, (None, "32x32x3", "28x28x1")[number % 3], None)
    if faults:
        raise InputError(faults, source)
    analyse(graph)


def cfg(path: Path, number: int) -> None:
    """A .cfg as a net, in every notation; written as .cfg it is the same net, layer by layer."""
    net(path, number)
    graph = checked(find(str(path)))
    again = checked(Source("again.cfg", written(graph, "darknet")))
    layers = [[(node.layer, node.output) for node in one.nodes] for one in (graph, again)]
    assert layers[0] == layers[1], "another net in darknet"


def darknet_weights(path: Path, number: int) -> None:
    """A .weights as those of a net, or by itself: its numbers, every one of them and in its layout."""
    content = path.read_bytes()
    if number % 5 == 0:
        with opened(path) as file:
            (entry,) = file.entries
            assert file.read(entry.name).tobytes() == content[len(content) - 4 * entry.count :], "other numbers"
        return
    analysis = _darknet()
    found = load(path, analysis).arrays
    held = np.concatenate([np.sort(array, axis=None) for array in found.values()])
    behind = np.frombuffer(content[len(content) - 4 * sum(one.size for one in found.values()) :], "<f4")
    lost = np.setdiff1d(held[np.isfinite(held)], behind)
    assert lost.size == 0 or (lost.tolist() == [0.0]), "numbers that the file has not"


@functools.cache
def _darknet() -> Analysis:
    return analyse(checked(Source("net.cfg", DARKNET)))


def onnx(path: Path, number: int) -> None:
    """An ONNX file as a net: faults are at its nodes, a net is counted, and every array of the file can be read."""
    source = Source(str(path), "", file=str(path), notation="onnx")
    try:
        graph, _ = reading_graph.read(source, "8x8x3" if number % 9 == 0 else None)
    except InputError as error:
        for fault in error.diagnostics:
            rendered(fault, error.source).encode()
        raise
    analysis = analyse(graph)
    drawn(summary_sheet(analysis), Canvas(80)).encode()
    if analysis.totals.figures.total_params < MOST_NUMBERS and analysis.totals.figures.cost.macs < MOST_NUMBERS:
        load(path, analysis)


def _arrays(path: Path) -> dict[str, Any]:
    """Every array of a file by name, as others read it."""
    if path.suffix == ".npz" and zipfile.is_zipfile(path):
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    data = content[8 + length :]
    return {
        name: np.frombuffer(data[slice(*one["data_offsets"])], TENSOR_TYPES[one["dtype"]]).reshape(one["shape"])
        for name, one in header.items()
    }


def picture(path: Path, number: int) -> None:
    """A file as a picture: values of 0 to 1 in the shape of the input, whichever it is."""
    shape = Shape(1 + number % 4, (7, 5))
    preprocessing = images.Preprocessing(
        ("fit", "stretch", "crop")[number % 3], ink=("", "light", "dark")[number % 5 % 3]
    )
    values, _ = images.read_batch([path], shape, preprocessing)
    assert values.shape == (1, shape.channels, 1, 7, 5)
    assert values.dtype == np.float32
    assert values.min() >= 0, "a value below 0"
    assert values.max() <= 1 + 1e-6, "a value above 1"


def net(path: Path, number: int) -> None:
    """JSON as a net: faults inside the file, or a net that is drawn, written, and the same when it is read again."""
    source = find(str(path))
    graph, faults = read(source)
    for found in faults:
        assert found.span is not None, "a fault without a place"
        line = source.lines[found.span.line - 1]
        assert 1 <= found.span.column <= found.span.column - 1 + found.span.length <= max(1, len(line)), (
            "a place outside"
        )
        rendered(found, source).encode()
    if faults:
        raise InputError(faults, source)
    analysis = analyse(graph)
    drawn(summary_sheet(analysis), Canvas(80)).encode()
    for notation in ("spec", "json"):
        text = written(graph, notation)
        again = checked(Source(f"again.{notation}", text))
        text.encode()
        assert analyse(again).totals.figures == analysis.totals.figures, f"another net in {notation}"
