"""Compiled kernels kept on disk: in which folder, and read and written so that nothing foreign is ever run.

A kernel is kept under a name in a folder that stands for one state of all sources, of numba, of Python and of the CPU:
so it cannot go stale.  Only what the user (or root) alone can have written is read (`cnncalc.kernels.own_folders`), and
only whole: a digest stands before it.  What is in a file is not known here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from llvmlite import __version__ as llvm_version
from llvmlite.binding import get_host_cpu_name

from cnncalc.kernels import own_folders


class Refusal(NamedTuple):
    """Something that was not used: a folder, or a single file of one that is."""

    place: Path
    reason: str
    is_file: bool = False


class Refusals:
    """What of the cache was not used, the first first, until somebody takes it."""

    def __init__(self) -> None:
        self._found: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        """Note one."""
        self._found.append(refusal)

    def taken(self) -> list[Refusal]:
        """Those that nobody has taken yet, each once."""
        found, self._found = self._found, []
        return list(dict.fromkeys(found))


REFUSALS = Refusals()
"""Those of this process, which has one cache."""


def kept(name: str) -> bytes | None:
    """What was kept under a name; None where nothing was, where it is damaged, or where others may have written it."""
    folder = compile_cache_dir()
    if folder is None:
        return None
    with contextlib.suppress(OSError, ValueError):
        found, reason = own_folders.content(folder / name)
        if reason:
            REFUSALS.add(Refusal(folder / name, reason, is_file=True))
        elif found is not None:
            digest, content = found.split(b"\n", 1)
            if digest == _digest(content):
                return content
    return None


def keep(name: str, content: bytes) -> None:
    """Written beside, then renamed: other processes find all of it or nothing.  A full disk stops nobody."""
    folder = compile_cache_dir()
    if folder is None:
        return
    beside = None
    try:
        file, beside = tempfile.mkstemp(".part", dir=folder)
        with os.fdopen(file, "wb") as stream:
            stream.write(_digest(content) + b"\n" + content)
        os.replace(beside, folder / name)
    except OSError:
        with contextlib.suppress(OSError):
            if beside is not None:
                os.unlink(beside)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


@cache
def compile_cache_dir() -> Path | None:
    """The folder of the compiled kernels, or None where none can be used: then each process compiles anew.

    `$NUMBA_CACHE_DIR`, where it is set.  Else the first of these that is the user's own and writable: the package's own
    `__pycache__`; the user's cache folder (`$XDG_CACHE_HOME`, `~/.cache`; `~/Library/Caches` on macOS, `%LOCALAPPDATA%`
    on Windows); a folder of the user's in the system's folder for temporary files.
    """
    name = f"cnncalc-kernels-{_cache_key()}"
    refused = []
    for parent in _cache_parents():
        folder, reason = _usable(parent / name)
        if not reason:
            return folder
        refused.append(Refusal(parent, reason))
    for refusal in refused[-2:][:1]:
        REFUSALS.add(refusal)  # that of the user's own cache, which is the one to put right
    return None


def _usable(folder: Path) -> tuple[Path, str]:
    """The folder, made where it is missing, and why it cannot be used."""
    try:
        found, reason = own_folders.made(folder)
        if not reason:
            tempfile.TemporaryFile(dir=found).close()
    except OSError as error:
        why = f" ({error.strerror.lower()})" if error.strerror else ""
        return folder, f"{folder.parent} cannot be written{why}"
    return found, reason


def _cache_key() -> str:
    versions = f"{llvm_version} {sys.implementation.cache_tag} {get_host_cpu_name()}"
    digest = hashlib.sha256(versions.encode() + _numba_version())
    folder = Path(__file__).parent
    for source in sorted(folder.rglob("*.py")):
        digest.update(source.relative_to(folder).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _numba_version() -> bytes:
    """What numba says of its version, without importing it: 0.2 s."""
    return Path(str(getattr(find_spec("numba"), "origin", ""))).with_name("_version.py").read_bytes()


def _cache_parents() -> Iterator[Path]:
    if named := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(named)
        return
    package = Path(__file__).parent / "__pycache__"
    if package.is_dir():
        yield package
    if (home := _user_cache()) is not None:
        yield home / "cnncalc"
    yield Path(tempfile.gettempdir()) / f"cnncalc-{os.geteuid() if hasattr(os, 'geteuid') else 'kernels'}"


def _user_cache() -> Path | None:
    """The folder where programs of the user keep what they can make again; None where nobody says.

    The same that platformdirs says, which takes 5 ms more to import; filelock takes 70, and nothing is locked here:
    files are renamed into their place.
    """
    if sys.platform == "win32":
        named, home = os.environ.get("LOCALAPPDATA", ""), ("AppData", "Local")
    elif sys.platform == "darwin":
        named, home = "", ("Library", "Caches")
    else:
        named, home = os.environ.get("XDG_CACHE_HOME", ""), (".cache",)
    with contextlib.suppress(RuntimeError):  # no home folder
        found = Path(named) if os.path.isabs(named) else Path.home().joinpath(*home)
        return found if found.is_absolute() else None
    return None
