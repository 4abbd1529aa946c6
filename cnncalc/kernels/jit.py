"""Numba for all kernels: its options, and a cache of compiled kernels that cannot go stale.

Only `cnncalc.kernels.engine.code` names numba besides, for what writes instructions.

The options, each with its reason:

- nogil: the loops run in several threads at once (`cnncalc.kernels.threads`).
- no `parallel`: numba's OpenMP workers spin while they wait, and so do BLAS's; on two cores the two starve each other
  (an im2col followed by a matrix product took 916 ms instead of 19 ms).  It also triples the time to compile.
- no explicit signatures: those compile at import; so only what a net needs is compiled, when it first runs.
- error_model "numpy": a division by zero gives inf or NaN, as in numpy, and costs no branch.
- fastmath only `contract`: a multiply and an add may fuse into one instruction.  `nnan` and `ninf` stay off, because
  a NaN must come out wherever it goes in, and `reassoc` stays off, so that sums run in the order that is written.
- the disk cache, keyed here on more than numba looks at: see `compile_cache_dir`.

With `NUMBA_DISABLE_JIT=1` in the environment the kernels are the plain Python functions one reads.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from llvmlite.binding import get_host_cpu_name
from numba.core import caching, config

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}

_settings: Any = config  # its attributes are made while it runs
_Cache: Any = caching.FunctionCache

_listeners: list[Callable[[str], None]] = []


def jit(function: Function) -> Function:
    """The function, compiled by numba when it is first called with new types, and then kept on disk."""
    compiled: Any = numba.njit(**OPTIONS)(function)
    folder = compile_cache_dir()
    if folder is not None and not disabled():
        compiled._cache = _cache_in(folder, function)
    result: Function = compiled
    return result


def disabled() -> bool:
    """Whether compiling is switched off in this process."""
    return bool(_settings.DISABLE_JIT)


@contextlib.contextmanager
def on_compile(listener: Callable[[str], None]) -> Iterator[None]:
    """Inside this context `listener(name)` is called just before a function is compiled, not when the cache has it.

    It is what a line like "compiling kernels (once)" hangs on.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def announce(name: str) -> None:
    """Tell the listeners that a function is about to be compiled."""
    for listener in _listeners:
        listener(name)


@cache
def compile_cache_dir() -> Path | None:
    """The folder of the compiled kernels, or None when none can be written: then each process compiles anew.

    The first of these that is writable: `$NUMBA_CACHE_DIR`; the package's own `__pycache__`; the user's cache folder
    (`$XDG_CACHE_HOME`, `~/.cache`; `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows).  In it stands one folder
    for each state of the kernels' sources, numba's version and the CPU: numba itself looks only at the file of the
    function that it loads, so it would go on running an old version of an imported one.
    """
    key = _cache_key()
    for parent in _cache_parents():
        folder = parent / f"cnncalc-kernels-{key}"
        if _writable(folder):
            return folder
    return None


def _cache_key() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {get_host_cpu_name()}".encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_parents() -> Iterator[Path]:
    if _settings.CACHE_DIR:
        yield Path(_settings.CACHE_DIR)
        return
    yield Path(__file__).parent / "__pycache__"
    with contextlib.suppress(RuntimeError):  # no home folder
        if sys.platform == "win32":
            yield Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "cnncalc"
        elif sys.platform == "darwin":
            yield Path.home() / "Library" / "Caches" / "cnncalc"
        else:
            yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cnncalc"


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


class _SharedCache(_Cache):  # type: ignore[misc]
    """Numba's cache, made safe for processes that compile at the same time, for damage and a full disk.

    Numba writes each file whole, but picks the name of a new one from an index that another process may be about to
    replace: float32 code could end up under a float64 entry.  One process at a time may save.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        found = None
        with contextlib.suppress(Exception):  # a damaged cache must not stop a run
            found = super().load_overload(sig, target_context)
        if found is None:
            announce(self._py_func.__name__)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        with contextlib.suppress(Exception), _only_process(Path(self.cache_path).parent / "lock"):
            super().save_overload(sig, data)


def _cache_in(folder: Path, function: Callable[..., Any]) -> _SharedCache:
    """A cache in that folder; numba reads the setting when the cache is made, and other users keep theirs."""
    setting = _settings.CACHE_DIR
    _settings.CACHE_DIR = str(folder)
    try:
        return _SharedCache(function)
    finally:
        _settings.CACHE_DIR = setting


@contextlib.contextmanager
def _only_process(path: Path) -> Iterator[None]:
    """Hold a lock file; the system lets go of it even if the process dies."""
    with path.open("a+b") as file:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if sys.platform == "win32":
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_UN)
