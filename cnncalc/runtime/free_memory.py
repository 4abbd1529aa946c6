"""How much memory this process may still take, and the refusal to take more.

The least of what the machine has free, what its control group leaves and what the process limit leaves.  Asked before
anything large is allocated, so that a net that does not fit ends in a sentence and not in a killed process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cnncalc.diagnostics import input_error
from cnncalc.runtime.planning import Plan

MEMINFO = Path("/proc/meminfo")
STATM = Path("/proc/self/statm")
GROUP_LIMITS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes")),
)
"""(limit, usage) of control groups, version 2 and version 1."""


def available_bytes() -> int | None:
    """What may still be allocated; None where no source is known (then nothing is refused)."""
    bounds = [bound for bound in (_machine(), *_groups(), _process()) if bound is not None]
    return min(bounds) if bounds else None


def refuse_too_much(needed: int, what: str, notes: tuple[str, ...] = (), hint: str = "") -> None:
    """Raise an InputError if `needed` bytes are more than are available.  `what` is the subject: "this run"."""
    available = available_bytes()
    if available is None or needed <= available:
        return
    raise input_error(
        "not-enough-memory",
        f"{what} needs {bytes_text(needed)}, and this machine has {bytes_text(available)} left",
        notes=notes,
        help=hint or "close other programs, or use a machine with more memory",
    )


def refuse_plan(plan: Plan, weights_allocated: bool = False) -> None:
    """Raise an InputError unless the plan's peak fits the memory that is left."""
    results = plan.peak_bytes - plan.weight_bytes
    refuse_too_much(
        results if weights_allocated else plan.peak_bytes,
        "this run",
        notes=(
            f"weights {bytes_text(plan.weight_bytes)}, results and workspace at the worst step {bytes_text(results)}",
        ),
        hint="give fewer pictures at a time, make the input smaller (--input), or use a machine with more memory",
    )


def bytes_text(count: int) -> str:
    """Decimal units: kB, MB, GB.

    >>> bytes_text(60_950_432), bytes_text(999)
    ('61.0 MB', '999 bytes')
    """
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 999.5:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def _machine() -> int | None:
    for line in _text(MEMINFO).splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return _physical()


def _physical() -> int | None:
    if sys.platform == "win32":
        return _windows()
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


def _windows() -> int | None:
    """What Windows still lets a process have: `ullAvailPageFile`, the fifth number of its MEMORYSTATUSEX."""
    import ctypes  # noqa: PLC0415 (Windows alone has nothing that can be read)

    status = (ctypes.c_uint64 * 8)(64)  # the low half of the first number is the length
    library = getattr(ctypes, "windll", None)
    if library is None or not library.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status[4])


def _groups() -> list[int]:
    found = [(_text(limit).strip(), _text(usage).strip()) for limit, usage in GROUP_LIMITS]
    return [max(0, int(limit) - int(usage)) for limit, usage in found if limit.isdigit() and usage.isdigit()]


def _process() -> int | None:
    if sys.platform == "win32":  # it has no such limit
        return None
    import resource  # noqa: PLC0415 (not on Windows)

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    pages = _text(STATM).split()
    if limit == resource.RLIM_INFINITY or not pages:
        return None
    return max(0, limit - int(pages[0]) * resource.getpagesize())


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        return ""
