"""The engine's compiler means what Python means: every function here gives the same compiled as it gives by itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cnncalc.kernels.engine.fields import load_float, store_float
from cnncalc.kernels.engine.kernel_ir import write_function
from cnncalc.kernels.engine.llvm import ir, types
from cnncalc.kernels.engine.machine_code import _compiled, _loaded, callable_at

NUMBERS = (-33, -16, -7, -1, 0, 1, 2, 5, 16, 40)
DIVISORS = (-16, -3, -1, 1, 2, 3, 16)


def compiled(function: Callable[..., int], arguments: int) -> Callable[..., int]:
    name = f"test_{function.__name__}"
    return callable_at(_loaded(name, _compiled(function, name, arguments, returns=True)), arguments)


def divisions(a: int, b: int) -> int:
    quotient, rest = a // b, a % b
    return quotient * 1000 + rest


def known_divisions(a: int, b: int) -> int:
    return a // 16 + 1000 * (a % 16) + 100_000 * (b // 7) + 10_000_000 * (b % -7)


def comparisons(a: int, b: int) -> int:
    found = 0
    if 0 <= a < b:
        found += 1
    if a == b == 1:
        found += 2
    if not a > b:
        found += 4
    if (a < 3 and b > 3) or a == 5:
        found += 8
    return found + (16 if a != b else 32)


def loops(a: int, b: int) -> int:
    total = 0
    for i in range(a):
        if i == 3:
            continue
        for j in range(i, b, 2):
            if j > 11:
                break
            total += i * j
    x = 0
    while True:
        x += 1
        if x * x > b:
            break
    while x > 2:
        x -= 2
    return total * 10 + x


def left_early(a: int, b: int) -> int:
    for i in range(20):
        if i * a > b:
            return i
    return -1


def smaller_and_larger(a: int, b: int) -> int:
    a, b = max(a, b), min(a, b)
    return a * 1000 + b


def shifted(a: int, b: int) -> int:
    return ((a << 3) >> 1) + (b & 0xFF)


def by_the_way(i: int, n: int, way: int) -> int:
    if way == 0:
        return min(max(i, 0), n - 1)
    back = i % max(1, 2 * n - 2)
    return back if back < n else 2 * n - 2 - back


def helped(a: int, b: int) -> int:
    return by_the_way(a, 7, 0) + 100 * by_the_way(a, 7, 1) + 10_000 * by_the_way(b, 5, 1)


FUNCTIONS = (divisions, known_divisions, comparisons, loops, left_early, smaller_and_larger, shifted, helped)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_whole_numbers_are_as_in_python(function: Callable[..., int]) -> None:
    made = compiled(function, 2)
    for a, b in itertools.product(NUMBERS, DIVISORS):
        assert made(a, b) == function(a, b), (a, b)


def test_a_division_by_zero_ends_no_process() -> None:
    assert isinstance(compiled(divisions, 2)(5, 0), int)


def test_an_if_that_asks_for_what_is_known_leaves_one_branch(tmp_path: Path) -> None:
    module = ir.Module("test")
    write_function(module, by_the_way, "first", {2: 0}, returns=True)
    write_function(module, by_the_way, "second", {2: 1}, returns=True)
    first, second = (str(module.globals[name]) for name in ("first", "second"))
    assert "srem" not in first
    assert "srem" in second


def test_floats_have_the_types_that_numpy_gives_them() -> None:
    """A float32 with a whole number or a float64 is float64; what is stored is rounded to float32."""

    def thirds(place: int) -> int:
        value = load_float(place)
        store_float(place + 4, value / types.float32(3))
        store_float(place + 8, value * value + 1 / 3)
        total = 0.0
        for i in range(3):
            total += load_float(place + 4 * i) / (i + 1)
        store_float(place + 12, total if total > value else value)  # noqa: FURB136 - what is tried is the choice
        return 1 if value > 0.1 else 0

    numbers = np.array([0.1, 0, 0, 0], np.float32)
    assert compiled(thirds, 1)(numbers.ctypes.data) == 1  # float32 of 0.1 is 0.10000000149
    tenth = np.float32(0.1)
    expected = [tenth, tenth / np.float32(3), np.float32(np.float64(tenth * tenth) + 1 / 3)]
    expected.append(np.float32(sum(np.float64(value) / (i + 1) for i, value in enumerate(expected))))
    assert numbers.tolist() == [float(value) for value in expected]


def test_nan_is_neither_smaller_nor_equal_nor_larger() -> None:
    def compared(place: int) -> int:
        value, same = load_float(place), load_float(place)
        one = 1 if value <= 0.0 or value >= 0.0 else 0
        other = 2 if value == same else 0
        return one + other + (4 if value != same else 0)

    made = compiled(compared, 1)
    assert [made(np.array([x], np.float32).ctypes.data) for x in (np.nan, 1.0)] == [4, 3]


def test_only_the_branch_that_is_taken_touches_memory() -> None:
    def guarded(place: int) -> int:
        value = load_float(place) if place > 0 else types.float32(7)
        return 1 if value == 7.0 else 0

    assert compiled(guarded, 1)(0) == 1
