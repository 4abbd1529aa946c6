"""Mutants one after the other: each is our own error or a right result, soon, in little memory, and without a word.

What is right is found another way: numpy's and safetensors' own readers say which numbers a file holds; a picture's
values lie between 0 and 1; a net that is read from JSON is read again from what is written of it.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import NamedTuple

from cnncalc.diagnostics import InputError
from cnncalc.diagnostics.rendering import rendered
from tests.time_limits import allowed

from . import (
    array_mutants,
    darknet_mutants,
    hdf5_mutants,
    json_mutants,
    onnx_mutants,
    picture_mutants,
    program_mutants,
    readers,
    torch_mutants,
)
from .chance import Chance

MB = 1_000_000


class Kind(NamedTuple):
    """A kind of file: how mutants are drawn, how they are read, the memory and processor time that one may take."""

    draw: Callable[[Chance], bytes]
    read: Callable[[Path, int], object]
    suffix: str
    memory: int = 64 * MB
    seconds: float = 2


KINDS: dict[str, Kind] = {
    "npy": Kind(array_mutants.npy, readers.array, ".npy"),
    "npz": Kind(array_mutants.npz, readers.weights, ".npz"),
    "safetensors": Kind(array_mutants.safetensors, readers.weights, ".safetensors"),
    "h5": Kind(hdf5_mutants.h5, readers.entries, ".h5"),
    "keras": Kind(hdf5_mutants.keras, readers.entries, ".keras"),
    "pth": Kind(torch_mutants.pth, readers.torch_arrays, ".pth"),
    "pth-legacy": Kind(torch_mutants.pth_legacy, readers.torch_arrays, ".pth"),
    "onnx": Kind(onnx_mutants.onnx, readers.onnx, ".onnx", 200 * MB, 4),
    "cfg": Kind(darknet_mutants.cfg, readers.cfg, ".cfg", 200 * MB, 4),
    "darknet-weights": Kind(darknet_mutants.weights, readers.darknet_weights, ".weights"),
    "json": Kind(json_mutants.statements, readers.net, ".json", 200 * MB, 5),
    "flat-json": Kind(json_mutants.flat, readers.net, ".json", 200 * MB, 5),
    "program": Kind(program_mutants.program, readers.program, ".py", 150 * MB, 4),
    **{
        name: Kind(getattr(picture_mutants, name), readers.picture, f".{name}", 1000 * MB, 4)
        for name in ("png", "jpeg", "gif", "bmp", "webp", "tiff", "ppm", "tga", "ico", "jpeg2000")
    },
}


@dataclass
class Tally:
    """What a campaign found."""

    kind: str
    mutants: int = 0
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    largest: tuple[int, int] = (0, -1)
    failures: dict[int, str] = field(default_factory=dict)

    def __str__(self) -> str:
        codes = ", ".join(f"{code} {count:,}" for code, count in self.refused.most_common(6))
        return (
            f"{self.kind}: {self.mutants:,} mutants, {self.read:,} read, {self.refused.total():,} refused ({codes}), "
            f"slowest {self.slowest[0]:.2f} s (number {self.slowest[1]}), most memory {self.largest[0] / MB:.0f} MB "
            f"(number {self.largest[1]}), {len(self.failures)} failures"
        )


def mutant(kind: str, number: int) -> bytes:
    """The file of that number; the same on every machine."""
    return KINDS[kind].draw(Chance(f"{kind} {number}"))


def run(kind: str, first: int, count: int, folder: Path, tally: Tally | None = None) -> Tally:
    """So many mutants of a kind; what broke the claim stands in `failures` by number."""
    tally = tally or Tally(kind)
    path = folder / f"mutant{KINDS[kind].suffix}"
    with quiet_stderr() as said:
        for number in range(first, first + count):
            path.write_bytes(mutant(kind, number))
            before = memory_now()
            start = process_time()
            failure = _failure(KINDS[kind], path, number, tally)
            seconds, taken = process_time() - start, memory_peak() - before
            tally.slowest = max(tally.slowest, (seconds, number))
            tally.largest = max(tally.largest, (taken, number))
            tally.mutants += 1
            if seconds > allowed(KINDS[kind].seconds):
                failure += f" took {seconds:.1f} s"
            if taken > KINDS[kind].memory:
                failure += f" took {taken / MB:.0f} MB"
            if words := said():
                failure += f" said {words!r}"
            if failure:
                tally.failures[number] = failure.strip()
    return tally


def _failure(kind: Kind, path: Path, number: int, tally: Tally) -> str:
    """What is wrong with how a file is read; empty where it is refused in our words, or read rightly."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            kind.read(path, number)
            tally.read += 1
            failure = ""
        except InputError as error:
            tally.refused[error.diagnostics[0].code] += 1
            failure = unfit_words(error)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - a panic of a library in Rust is no Exception
            failure = f"{type(error).__name__}: {str(error)[:300]}"
    return " ".join([failure, *(f"{one.category.__name__}: {one.message}" for one in warned)]).strip()


def unfit_words(error: InputError) -> str:
    """What no user should read in an error: control characters, endless lines, Python's own names for things."""
    for diagnostic in error.diagnostics:
        text = rendered(diagnostic, error.source)
        text.encode("utf-8")
        if error.source is None and (" object at 0x" in text or "<_io." in text or "<Zip" in text or len(text) > 3000):
            return f"unfit words: {text[:300]}"
    return ""


@contextlib.contextmanager
def quiet_stderr() -> Iterator[Callable[[], str]]:
    """Standard error of the whole process, libraries in C included, goes to a function that says what is new in it."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)

        def said() -> str:
            size = os.fstat(file.fileno()).st_size
            if not size:
                return ""
            words = os.pread(file.fileno(), 300, 0).decode(errors="replace")
            os.ftruncate(file.fileno(), 0)
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            return words

        try:
            yield said
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def memory_now() -> int:
    """Bytes of memory that the process holds; from here on its peak is counted anew, where the system can (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def memory_peak() -> int:
    """The most that it held since; 0 where the system does not say."""
    return _status("VmHWM")


def _status(name: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
