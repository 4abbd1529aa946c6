"""What an HDF5 file may hold beside numbers is refused before it is followed, in bounded time and memory."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnncalc.diagnostics import InputError
from cnncalc.dialects.keras import hdf5
from cnncalc.runtime.weight_files.opening import opened
from tests.time_limits import allowed

from .keras_saved import numbers, write_h5, write_numbered

SLOWEST = 20
"""Seconds that a refusal may take on a loaded machine, with the start of the process that reads."""


def read_all(path: Path) -> None:
    with opened(path) as file:
        for entry in file.entries:
            file.read(entry.name)


def refusal(path: Path) -> str:
    """The code and the message with which a file is refused."""
    start = time.perf_counter()
    with pytest.raises(InputError) as caught:
        read_all(path)
    assert time.perf_counter() - start < allowed(SLOWEST)
    found = caught.value.diagnostics[0]
    return f"{found.code}: {found.message.replace(str(path), path.name)}"


def made(path: Path, fill: Callable[[Any, Any], None]) -> Path:
    """A file of one layer `a` whose group `fill` fills."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = ["a"]
        group = file.create_group("a")
        group.attrs["weight_names"] = ["kernel"]
        fill(file, group)
    return path


def external_link(file: Any, group: Any) -> None:
    group["kernel"] = h5py.ExternalLink("secret.h5", "/kernel")


def soft_link(file: Any, group: Any) -> None:
    group["kernel"] = h5py.SoftLink("/a/other")


def circle(file: Any, group: Any) -> None:
    group["kernel"] = numbers(2)
    group["again"] = file["/"]


def endless_circles(file: Any, group: Any) -> None:
    for number in range(20):
        group[f"again{number}"] = group


def deep(file: Any, group: Any) -> None:
    group["kernel"] = numbers(2)
    file.create_group("/".join("g" * 2000))


def many(file: Any, group: Any) -> None:
    group["kernel"] = numbers(2)
    for number in range(20_000):
        group.id.links.create_hard(b"n%d" % number, group.id, b"kernel")


def external_numbers(file: Any, group: Any) -> None:
    group.create_dataset("kernel", (4,), "<f4", external=[("/etc/passwd", 0, 16)])


def virtual_numbers(file: Any, group: Any) -> None:
    layout = h5py.VirtualLayout(shape=(4,), dtype="<f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "kernel", shape=(4,))
    group.create_virtual_dataset("kernel", layout)


def texts(file: Any, group: Any) -> None:
    group["kernel"] = np.array([b"one", b"two"])


def references(file: Any, group: Any) -> None:
    group.create_dataset("kernel", data=np.array([file.ref], dtype=h5py.ref_dtype))


def records(file: Any, group: Any) -> None:
    group["kernel"] = np.zeros(3, [("a", "<f4"), ("b", "<i4")])


def complex_numbers(file: Any, group: Any) -> None:
    group["kernel"] = np.zeros(3, np.complex64)


def plugin(file: Any, group: Any) -> None:
    group.create_dataset("kernel", data=np.zeros(100), compression="lzf")


def bomb(file: Any, group: Any) -> None:
    """2,000,000,000 zeros of 8 bytes that were never written: chunks that are missing are filled with 0."""
    group.create_dataset("kernel", (2_000_000_000,), "<f8", chunks=(1_000_000,), compression="gzip")
    group["kernel"][:10] = 1


def never_written(file: Any, group: Any) -> None:
    group.create_dataset("kernel", (10**11,), "<f4")


ATTACKS: dict[str, tuple[Callable[[Any, Any], None], str]] = {
    "an external link": (
        external_link,
        (
            "hdf5-not-read: `net.h5` is not read: `a/kernel` is a link to another file; "
            "only what is in the file itself is read"
        ),
    ),
    "a soft link": (
        soft_link,
        (
            "hdf5-not-read: `net.h5` is not read: `a/kernel` is a link to another place; "
            "only what is in the file itself is read"
        ),
    ),
    "a group inside itself": (circle, "hdf5-not-read: `net.h5` is not read: the group `a/again` is in it twice"),
    "20 circles": (endless_circles, "hdf5-not-read: `net.h5` is not read: the group `a/again0` is in it twice"),
    "2,000 groups inside each other": (
        deep,
        "hdf5-not-read: `net.h5` is not read: its groups are nested more than 12 deep",
    ),
    "20,001 arrays": (many, "hdf5-not-read: `net.h5` is not read: it holds more than 20,000 groups and arrays"),
    "numbers in another file": (
        external_numbers,
        "hdf5-not-read: `net.h5` is not read: the numbers of `a/kernel` are in another file",
    ),
    "a virtual array": (
        virtual_numbers,
        "hdf5-not-read: `net.h5` is not read: the numbers of `a/kernel` are in another file",
    ),
    "texts": (texts, "arrays-not-numbers: `a/kernel` in `net.h5` holds no plain numbers (|S3)"),
    "references": (references, "arrays-not-numbers: `a/kernel` in `net.h5` holds no plain numbers (object)"),
    "records": (
        records,
        "arrays-not-numbers: `a/kernel` in `net.h5` holds no plain numbers ([('a', '<f4'), ('b', '<i4')])",
    ),
    "complex numbers": (
        complex_numbers,
        "arrays-not-numbers: `a/kernel` in `net.h5` holds no plain numbers (complex64)",
    ),
    "a plugin's packing": (
        plugin,
        "hdf5-not-read: `net.h5` is not read: `a/kernel` is packed in a way that only a plugin can unpack",
    ),
    "numbers that were never written": (
        never_written,
        "hdf5-not-read: `net.h5` is not read: `a/kernel` says it holds 400,000,000,000 bytes, but only 0 are stored",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_no_array_of_numbers_in_the_file_itself_is_refused(attack: str, tmp_path: Path) -> None:
    fill, expected = ATTACKS[attack]
    assert refusal(made(tmp_path / "net.h5", fill)) == expected


def test_an_array_that_unpacks_to_far_more_than_is_stored_is_refused_unread(tmp_path: Path) -> None:
    said = refusal(made(tmp_path / "net.h5", bomb))
    assert said.startswith("hdf5-not-read: `net.h5` is not read: `a/kernel` says it holds 16,000,000,000 bytes")


@pytest.mark.parametrize("name", ["../a", "a/../../a", "/a", "b", "."])
def test_names_of_layers_are_looked_up_among_what_was_found_and_nowhere_else(name: str, tmp_path: Path) -> None:
    path = made(tmp_path / "net.h5", lambda file, group: group.__setitem__("kernel", numbers(2)))
    with h5py.File(path, "r+") as file:
        file.attrs["layer_names"] = np.array([name.encode()])
    with pytest.raises(InputError, match="is named, but is not there") as caught:
        read_all(path)
    assert caught.value.diagnostics[0].code == "arrays-damaged"


@pytest.mark.parametrize("name", ["../a/kernel", "/a/kernel", "other", "kernel/", ""])
def test_names_of_weights_are_looked_up_in_the_same_way(name: str, tmp_path: Path) -> None:
    path = made(tmp_path / "net.h5", lambda file, group: group.__setitem__("kernel", numbers(2)))
    with h5py.File(path, "r+") as file:
        file["a"].attrs["weight_names"] = np.array([name.encode()])
    assert refusal(path) == f"arrays-damaged: `net.h5` is damaged: the array `a/{name}` is named, but is not there"


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_a_file_that_is_cut_off_is_damaged(share: float, tmp_path: Path) -> None:
    path = write_h5(tmp_path / "net.h5", {"a": {"kernel": numbers(50, 50), "bias": numbers(50)}})
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert refusal(path) == "arrays-damaged: `net.h5` is damaged: it ends too early"


def test_a_reader_that_does_not_answer_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 3,000 mutants 5 kept HDF5 2.0 busy for ever and one made it crash (tests/hostile_files, h5)."""
    path = tmp_path / "net.weights.h5"
    write_numbered(path, {"layers/dense": ("a", [numbers(2, 2)])})
    monkeypatch.setattr(hdf5, "PATIENCE", 1.0)
    monkeypatch.setattr(hdf5, "READER", "tests.runtime.never_answers")
    monkeypatch.setattr(hdf5, "_READERS", hdf5._Readers())
    monkeypatch.syspath_prepend(os.fspath(Path(__file__).parents[2]))
    assert refusal(path) == "arrays-damaged: `net.weights.h5` is damaged: HDF5 finds no end in it, or fails"


def test_the_process_is_kept_for_the_next_file_and_replaced_when_it_has_ended(tmp_path: Path) -> None:
    path = write_h5(tmp_path / "net.h5", {"a": {"kernel": numbers(2)}})
    read_all(path)
    (kept,) = hdf5._READERS._idle[-1:]
    read_all(path)
    assert hdf5._READERS._idle[-1] is kept
    kept.end()
    read_all(path)
    assert hdf5._READERS._idle[-1] is not kept


def test_two_files_are_open_at_the_same_time(tmp_path: Path) -> None:
    one = write_h5(tmp_path / "one.h5", {"a": {"kernel": numbers(2)}})
    two = write_h5(tmp_path / "two.h5", {"a": {"kernel": numbers(2, first=7)}})
    with opened(one) as first, opened(two) as second:
        assert second.read("a/kernel").tolist() == [7, 8]
        assert first.read("a/kernel").tolist() == [0, 1]


def test_a_zip_that_unpacks_to_far_more_than_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", " " * 40_000_000)
        archive.writestr("model.weights.h5", b"")
    assert "arrays-damaged: `net.keras` is damaged: its `config.json` claims to be longer than" in refusal(path)


def test_a_long_table_of_contents_is_refused_unread(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("metadata.json", "{}")
        for number in range(5000):
            archive.writestr(f"{number}", b"")
    path = tmp_path / "net.keras"
    path.write_bytes(content.getvalue())
    assert "its table of contents is longer than that of any net" in refusal(path)
