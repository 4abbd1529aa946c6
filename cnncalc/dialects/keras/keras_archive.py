"""A file that Keras has saved: its HDF5 part and its configuration, from a .keras (a zip), a .h5 or a .weights.h5.

The zip is held against its own listing before a byte is unpacked, and the part with the weights, which Keras does not
pack, is read where it lies.  What the configuration says is known by `config`, not here.
"""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cnncalc.diagnostics import InputError, Source, input_error
from cnncalc.diagnostics.reasons import plain_reason
from cnncalc.dialects.json_text import LONGEST, JsonText
from cnncalc.dialects.keras import hdf5
from cnncalc.dialects.keras.hdf5 import Content, Hdf5File, damaged
from cnncalc.dialects.keras.weight_names import LayerPlace, layer_places
from cnncalc.zip_listing import listing_size

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
"""The parts of a .keras."""

DENSEST = 1100
"""Bytes unpacked for each byte of a zip; deflate reaches 1032."""

LONGEST_LISTING = 100_000
"""Bytes of a zip's table of contents; a .keras has three parts, and assets for words."""

_ZIP = b"PK\x03\x04"
_LOCAL_HEADER = 30
"""Bytes before a part's name in a zip (PKWARE's APPNOTE 4.3.7)."""


class Saved(NamedTuple):
    """An open file of Keras'.  `config` is the model's JSON, empty in a file of weights alone; `form` says what it is.

    `ordered` says whether its layers stand in the model's order, `places` where each layer's variables are.
    """

    file: Hdf5File
    config: str
    form: str
    ordered: bool
    places: dict[str, LayerPlace]


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does: a .keras, whatever its name is."""
    with path.open("rb") as start:
        return start.read(4) == _ZIP


def configuration(path: Path, name: str) -> str:
    """The model's JSON, empty in a file of weights alone; of a .keras nothing else is read.

    Raises InputError for what is damaged or dangerous.
    """
    if is_zip(path):
        with _zip(path, name) as archive:
            return _config(archive, name)
    with saved(path, name) as found:
        return found.config


@contextlib.contextmanager
def saved(path: Path, name: str) -> Iterator[Saved]:
    """The file at `path`, called `name` in messages; raises InputError for what is damaged or dangerous."""
    with _unzipped(path, name) if is_zip(path) else _plain(path, name) as found:
        yield found


@contextlib.contextmanager
def _plain(path: Path, name: str) -> Iterator[Saved]:
    with hdf5.opened(name, Content(str(path), path.stat().st_size)) as file:
        config = file.text("", "model_config")
        listed = "model_weights" in file.groups or file.texts("", "layer_names") is not None
        form = "a Keras model" if config else "Keras weights"
        yield Saved(file, config, form, listed, _places(name, config))


@contextlib.contextmanager
def _unzipped(path: Path, name: str) -> Iterator[Saved]:
    with _zip(path, name) as archive:
        config = _config(archive, name)
        content = _weights(archive, path, name)
    with hdf5.opened(name, content) as file:
        yield Saved(file, config, "a Keras model", True, _places(name, config))


@contextlib.contextmanager
def _zip(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """A zip whose listing is no longer than that of a model; whatever is wrong with it is an InputError."""
    try:
        if listing_size(path) > LONGEST_LISTING:
            raise damaged(name, "its table of contents is longer than that of any net")
        with zipfile.ZipFile(path) as archive:
            yield archive
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged zip makes zipfile and zlib raise too many kinds to list
        raise damaged(name, f"it is no whole zip ({plain_reason(error)})") from None


def _config(archive: zipfile.ZipFile, name: str) -> str:
    return _unpacked(archive, name, CONFIG, LONGEST).decode()


def _places(name: str, config: str) -> dict[str, LayerPlace]:
    return layer_places(JsonText(Source(name, config)).root) if config else {}


def _part(archive: zipfile.ZipFile, name: str, part: str) -> zipfile.ZipInfo:
    try:
        found = archive.getinfo(part)
    except KeyError:
        raise input_error(
            "keras-part-missing",
            f"`{name}` is a zip without `{part}`, so it is no model of Keras'",
            help="save the model again: model.save('net.keras')",
        ) from None
    if found.file_size > max(1, found.compress_size) * DENSEST or found.compress_size > archive.start_dir:
        raise damaged(name, f"its `{part}` claims to be longer than it can be")
    return found


def _unpacked(archive: zipfile.ZipFile, name: str, part: str, most: int) -> bytes:
    """The bytes of a part; never more than `most`, whatever it says."""
    info = _part(archive, name, part)
    if info.file_size > most:
        raise damaged(name, f"its `{part}` has {info.file_size:,} bytes, more than that of any net")
    with archive.open(info) as member:
        return member.read(most)


def _weights(archive: zipfile.ZipFile, path: Path, name: str) -> Content:
    """Where the part with the weights is: in the zip itself where it is not packed, else in memory."""
    info = _part(archive, name, WEIGHTS)
    if info.compress_type != zipfile.ZIP_STORED:
        packed = _unpacked(archive, name, WEIGHTS, info.file_size)
        return Content(str(path), len(packed), packed=packed)
    archive.open(info).close()  # which holds the part's own header against the listing
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER)
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return Content(str(path), info.file_size, info.header_offset + _LOCAL_HEADER + names)
