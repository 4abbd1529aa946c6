"""The properties of convolution that decks 000 and 004 list, on random signals, through the kernels.

A true convolution is `conv filter=... full flip`; what libraries compute, without the flip, is a correlation, which is
neither commutative nor associative.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import seeded

Signal = list[int]
SIGNALS = st.lists(st.integers(-9, 9), min_size=2, max_size=6)
PICTURES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(-9, 9), min_size=width, max_size=width), min_size=2, max_size=5)
)


def written(rows: list[Signal]) -> str:
    return f"[{'; '.join(' '.join(map(str, row)) for row in rows)}]"


def result(text: str) -> np.ndarray:
    """What the last line of a model computes, in float64, without axes of length 1 in front."""
    graph, faults = load_graph(Source("property.txt", text))
    assert not faults, faults
    analysis = analyse(graph)
    (output,) = execute(plan(analysis, dtype="float64"), seeded(analysis, 0), {}).values()
    return np.asarray(output).reshape(output.shape[3:])


def convolved(x: Signal, *filters: Signal, flip: bool = True) -> list[float]:
    """x * h1 * h2 ... of a model with a line for each filter."""
    definitions = "".join(f"filter h{i} = {written([h])}\n" for i, h in enumerate(filters))
    lines = "".join(f"conv filter=h{i} full{' flip' if flip else ''}\n" for i in range(len(filters)))
    return list(result(f"data x = {written([x])}\n{definitions}input from x\n{lines}")[0])


@given(SIGNALS, SIGNALS)
def test_the_result_has_m_plus_n_minus_1_values(f: Signal, g: Signal) -> None:
    assert len(convolved(f, g)) == len(f) + len(g) - 1


@given(SIGNALS, SIGNALS)
def test_convolution_is_commutative(f: Signal, g: Signal) -> None:
    assert convolved(f, g) == convolved(g, f)


@given(SIGNALS, SIGNALS)
def test_correlation_is_commutative_only_up_to_the_order(f: Signal, g: Signal) -> None:
    assert convolved(f, g, flip=False) == convolved(g, f, flip=False)[::-1]


def test_correlation_is_not_commutative() -> None:
    assert convolved([5, 4, 2], [1, -1, 3], flip=False) != convolved([1, -1, 3], [5, 4, 2], flip=False)


@given(SIGNALS, SIGNALS, SIGNALS)
def test_convolution_is_associative(f: Signal, g: Signal, h: Signal) -> None:
    product = [int(value) for value in convolved(g, h)]
    assert convolved(f, g, h) == convolved(f, product)


def test_correlation_is_not_associative() -> None:
    product = [int(value) for value in convolved([1, -1], [2, 1], flip=False)]
    assert convolved([5, 4], [1, -1], [2, 1], flip=False) != convolved([5, 4], product, flip=False)


@given(SIGNALS, st.data())
def test_convolution_is_distributive(f: Signal, data: st.DataObject) -> None:
    pair = data.draw(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=6))
    g, h = [a for a, _ in pair], [b for _, b in pair]
    together = np.add(convolved(f, g), convolved(f, h))
    assert convolved(f, [a + b for a, b in pair]) == list(together)


@given(SIGNALS, SIGNALS, st.integers(-5, 5))
def test_a_factor_may_stand_anywhere(f: Signal, g: Signal, a: int) -> None:
    outside = [a * value for value in convolved(f, g)]
    assert convolved([a * value for value in f], g) == outside
    assert convolved(f, [a * value for value in g]) == outside


@given(SIGNALS)
def test_the_impulse_changes_nothing(f: Signal) -> None:
    assert convolved(f, [0, 1, 0])[1:-1] == f


@given(SIGNALS, SIGNALS, st.integers(1, 4))
def test_a_shifted_signal_gives_the_shifted_answer(f: Signal, g: Signal, shift: int) -> None:
    """Equivariance; the slides' word is invariance."""
    assert convolved([0] * shift + f, g) == [0] * shift + convolved(f, g)


@given(PICTURES, PICTURES)
def test_the_product_of_the_transforms_is_the_transform_of_the_convolution(f: list[Signal], g: list[Signal]) -> None:
    """The convolution theorem, with both padded by zeros to M + N - 1 (without that it is the circular one)."""
    text = f"data f = {written(f)}\nfilter g = {written(g)}\ninput from f\nconv filter=g full flip\n"
    size = (len(f) + len(g) - 1, len(f[0]) + len(g[0]) - 1)
    product = np.fft.fft2(f, size) * np.fft.fft2(g, size)
    assert result(text) == pytest.approx(np.fft.ifft2(product).real, abs=1e-9)


@given(PICTURES, st.lists(st.integers(-9, 9), min_size=9, max_size=9))
def test_a_flip_makes_no_difference_to_a_symmetric_filter_only(f: list[Signal], values: list[int]) -> None:
    kernel = [values[:3], values[3:6], values[6:]]
    turned = [row[::-1] for row in kernel[::-1]]
    text = f"data f = {written(f)}\nfilter k = {written(kernel)}\ninput from f\nconv filter=k full"
    same = np.array_equal(result(text + "\n"), result(text + " flip\n"))
    assume(np.any(f))
    assert same == (kernel == turned)
