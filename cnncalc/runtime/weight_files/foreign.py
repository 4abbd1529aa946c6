"""Files of weights that are not read: what they are, why they are not, and the lines of Python that convert them."""

from __future__ import annotations

from pathlib import Path

from cnncalc.diagnostics import InputError, input_error
from cnncalc.file_kinds import HDF5, KERAS, FileKind

_FROM_KERAS: tuple[str, ...] = (
    "import keras, numpy as np",
    "N = ['weight', 'bias', 'running_mean', 'running_var']",
    "t = lambda w: w.transpose(3, 2, 0, 1) if w.ndim == 4 else w.T",
    "m = keras.models.load_model({file!r})",
    "np.savez({new!r}, **{{f'{{l.name}}.{{n}}': t(w) for l in m.layers for n, w in zip(N, l.get_weights())}})",
)
"""For convolutions, dense layers and batch norms: PyTorch's order of axes, in which weights are stored here."""


def foreign_weights(path: Path, noun: str, kind: FileKind | None) -> InputError:
    """The error of a file that is read by no reader here; `kind` is None where nothing is known of it."""
    advice = "save the weights with numpy.savez or as .safetensors"
    if kind is None:
        return _refused(f"{noun} `{path}` is of no kind of file that is read", advice)
    message = f"`{path}` is {kind.what}; such files are not read yet"
    if kind in (HDF5, KERAS):
        return _convertible(path, message, _FROM_KERAS, ".npz")
    return _refused(message if kind.weights else f"`{path}` is {kind.what}, not a {noun}", advice)


def _convertible(path: Path, message: str, lines: tuple[str, ...], suffix: str) -> InputError:
    new = str(path.with_suffix(suffix))
    code = tuple(line.format(file=str(path), new=new) for line in lines)
    return input_error(
        "arrays-unknown-format", message, notes=code, help=f"run these lines of Python once, and give {new}"
    )


def _refused(message: str, advice: str) -> InputError:
    return input_error("arrays-unknown-format", message, help=advice)
