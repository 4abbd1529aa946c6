"""The engine's machine code: compiled once a machine, found by later processes, and compiled anew where damaged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import numpy as np
from cnncalc.kernels import on_compile
from cnncalc.kernels.engine import fields
from cnncalc.kernels.engine.machine_code import callable_at, kernel_address
from cnncalc.kernels.engine.pointwise import pointwise

compiled = []
with on_compile(compiled.append):
    place = kernel_address(pointwise, 4, 0, 0)
x, ones, zeros = np.arange(16, dtype=np.float32) - 8, np.ones(16, np.float32), np.zeros(16, np.float32)
out, row = np.empty_like(x), np.zeros(fields.COUNT, np.int64)
numbers = {"INPUT": x, "OUTPUT": out, "WEIGHTS": ones, "BIAS": zeros}
for name, value in {**{name: array.ctypes.data for name, array in numbers.items()}, "WIDTH": 1, "HEIGHT": 1}.items():
    row[fields.PLACES[name]] = value
row[fields.PLACES["BLOCKS"]] = row[fields.PLACES["SEGMENT"]] = 1
row.view(np.float64)[fields.PLACES["HIGH"]] = 6
callable_at(place, 4)(row.ctypes.data, 0, 1, 0)
print(out.astype(int).tolist(), ",".join(compiled), sep="|")
"""

RELU6 = "[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 6]"


def started(folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    return subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True)


def run(folder: Path) -> tuple[str, str]:
    """(what the kernel made of -8 .. 7, what was compiled)."""
    made, compiled = started(folder).communicate()[0].strip().split("|")
    return made, compiled


def test_a_second_process_finds_the_machine_code(tmp_path: Path) -> None:
    assert run(tmp_path) == (RELU6, "pointwise")
    assert [path.name for path in tmp_path.rglob("*.o")] == ["engine-pointwise-pointwise-4-0-0.o"]
    assert run(tmp_path) == (RELU6, "")


def test_damaged_machine_code_is_compiled_anew(tmp_path: Path) -> None:
    run(tmp_path)
    (kept,) = tmp_path.rglob("*.o")
    whole = kept.read_bytes()
    for damaged in (b"", b"damaged", whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1])):
        kept.write_bytes(damaged)
        assert run(tmp_path) == (RELU6, "pointwise")
    assert kept.read_bytes() != b"damaged"


def test_processes_may_compile_the_same_at_the_same_time(tmp_path: Path) -> None:
    processes = [started(tmp_path) for _ in range(3)]
    assert {process.communicate()[0].split("|")[0] for process in processes} == {RELU6}
    assert [path.suffix for path in tmp_path.rglob("engine-*")] == [".o"]
