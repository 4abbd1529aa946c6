"""An HDF5 file, as Keras keeps weights in: its groups and arrays by path, and the texts in attributes.

HDF5 is a C library that a damaged file can crash or keep busy for ever (1 of 500 mutants did), so it runs in a process
of its own: `hdf5_reading`, which also refuses what is dangerous.  That process is kept for the next file; one that
ends, or does not answer in time, is a damaged file.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, BinaryIO, NamedTuple, cast

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.extras import missing_extra

Request = dict[str, Any]
Answer = dict[str, Any]

PATIENCE = 120.0
"""Seconds for an answer; the other process ends itself after less processor time than that."""

BYTES_A_SECOND = 5_000_000
"""Of the file for each further second."""

READER = "cnncalc.runtime.weight_files.hdf5_reading"
"""The program of the other process."""


class Hdf5Array(NamedTuple):
    """What a file says about an array: its sizes, and the type of its numbers in numpy's letters."""

    shape: tuple[int, ...]
    kind: str


class Content(NamedTuple):
    """Where the bytes of an HDF5 file are: so many from `first` of the file at `path`, or `packed` where not empty."""

    path: str
    size: int
    first: int = 0
    packed: bytes = b""


class Hdf5File:
    """An open file, called `name` in messages."""

    def __init__(self, name: str, content: Content, reader: _Reader) -> None:
        self.name = name
        self._size, self._reader = content.size, reader
        found = reader.asked(self._request("open", content), content.packed)
        self.arrays: tuple[str, ...] = tuple(found["arrays"])
        """The paths of all arrays, in the order of letters in each group."""
        self.groups: frozenset[str] = frozenset(found["groups"])
        self._arrays, self._texts = found["arrays"], found["texts"]

    def _request(self, do: str, content: Content | None = None, array: str = "") -> Request:
        where = content or Content("", self._size)
        path = os.path.abspath(where.path) if where.path else ""  # the other process keeps the folder it began in
        return {"do": do, "name": self.name, "array": array, "path": path, "size": where.size,
                "first": where.first, "content": len(where.packed)}  # fmt: skip

    def array(self, path: str) -> Hdf5Array:
        """What the file says about an array; raises InputError where it is not there, or may not be read."""
        if path not in self._arrays:
            raise damaged(self.name, f"the array `{path[:60]}` is named, but is not there")
        found = self._arrays[path]
        _refuse(found)
        return Hdf5Array(tuple(found["shape"]), found["kind"])

    def read(self, path: str, into: memoryview) -> None:
        """Fills `into` with the numbers of an array in C order, as its type says; raises InputError where it cannot."""
        self.array(path)
        self._reader.asked(self._request("read", array=path), into=into)

    def text(self, path: str, attribute: str) -> str:
        """A text that is an attribute of a group; empty where there is none."""
        found = self.texts(path, attribute)
        if found is not None and len(found) != 1:
            raise damaged(self.name, f"the attribute `{attribute}` is no single text")
        return found[0] if found else ""

    def texts(self, path: str, attribute: str) -> tuple[str, ...] | None:
        """The texts of an attribute; None where there is none."""
        found = self._texts.get(path, {}).get(attribute)
        return None if found is None else tuple(found)


class _Reader:
    """The other process."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        path = os.pathsep.join(one for one in sys.path if one)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", READER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked; one that was started before a fork answers the other process."""
        return self._owner == os.getpid() and self._process.poll() is None

    def asked(self, request: Request, packed: bytes = b"", into: memoryview | None = None) -> Answer:
        """The answer to a request, the numbers that follow it in `into`; raises InputError for a refusal."""
        patience = threading.Timer(PATIENCE + request["size"] / BYTES_A_SECOND, self._process.kill)
        patience.start()
        try:
            return self._answer(request, packed, into)
        except InputError:
            raise
        except (OSError, ValueError, EOFError):
            self.end()
            raise damaged(request["name"], "HDF5 finds no end in it, or fails") from None
        except BaseException:  # a half-read answer is nobody's: Ctrl-C, no memory
            self.end()
            raise
        finally:
            patience.cancel()

    def _answer(self, request: Request, packed: bytes, into: memoryview | None) -> Answer:
        requests, answers = cast("BinaryIO", self._process.stdin), cast("io.BufferedReader", self._process.stdout)
        requests.write(json.dumps(request).encode() + b"\n" + packed)
        requests.flush()
        answer: Answer = json.loads(answers.readline())
        _refuse(answer)
        if into is not None:
            if answer["bytes"] != len(into):
                raise EOFError
            done = 0
            while done < len(into):
                got = answers.readinto(into[done:])
                if not got:
                    raise EOFError
                done += got
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


class _Readers:
    """Processes that wait for the next file; they end with this one."""

    def __init__(self) -> None:
        self._idle: list[_Reader] = []
        atexit.register(self.end)

    def taken(self) -> _Reader:
        """One that is alive, else a new one."""
        return next((one for one in iter(self._next, None) if one.is_alive), None) or _Reader()

    def give_back(self, reader: _Reader) -> None:
        """Keep it for the next file, if it is alive."""
        if reader.is_alive:
            self._idle.append(reader)

    def end(self) -> None:
        """End all that wait."""
        for reader in iter(self._next, None):
            if reader.is_alive:
                reader.end()

    def _next(self) -> _Reader | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None


_READERS = _Readers()


@contextlib.contextmanager
def opened(name: str, content: Content) -> Iterator[Hdf5File]:
    """The file called `name`, walked; raises InputError for what is damaged, or has a part that is never read."""
    if not _is_installed():
        raise missing_extra(name, "h5py")
    reader = _READERS.taken()
    try:
        yield Hdf5File(name, content, reader)
    finally:
        _READERS.give_back(reader)


def _is_installed() -> bool:
    try:
        return find_spec("h5py") is not None
    except ValueError:  # a module without a description of itself, as one that is blocked
        return False


def _refuse(answer: Answer) -> None:
    if "refused" in answer:
        code, message, advice = answer["refused"]
        raise input_error(code, message, help=advice)


def damaged(name: str, reason: str) -> InputError:
    """The error of a file that is broken off, or holds something else than it says."""
    return input_error("arrays-damaged", f"`{name}` is damaged: {reason}", help="copy or save the file again")
