"""The parameters of a block by the numbers of its calls: few, called as the text or the framework calls them."""

from __future__ import annotations

import time

import pytest

from cnncalc.dialects.written_code.code_lines import value_code
from cnncalc.dialects.written_code.parameters import Drafted, Progress, drafted
from cnncalc.dialects.written_code.piece_numbers import Number
from cnncalc.dialects.written_code.pieces import Value
from tests.time_limits import allowed


def of_columns(
    defaults: dict[str, str] | None = None, /, *settings: dict[str, str], **columns: tuple[Value, ...]
) -> Drafted:
    """The draft of a block whose numbers are these, one column a name and one call a row."""
    count = len(next(iter(columns.values())))
    calls = [[Number(column[call], name) for name, column in columns.items()] for call in range(count)]
    given = [tuple(one.items()) for one in settings] or [()] * count
    return drafted(calls, given, defaults or {})


def said(found: Drafted) -> tuple[list[str], list[str]]:
    """The names of the parameters, and the numbers as the block has them."""
    return [one.name for one in found.parameters], [value_code(one.value) for one in found.numbers]


@pytest.mark.parametrize(
    ("columns", "names", "numbers"),
    [
        ({"filters": (64, 128), "units": (64, 128)}, ["filters"], ["filters", "filters"]),
        ({"filters": (64, 128), "in_channels": (3, 64)}, ["in_channels", "filters"], ["filters", "in_channels"]),
        ({"filters": (64, 128), "out": (256, 512)}, ["filters"], ["filters", "4 * filters"]),
        ({"filters": (64, 128), "squeeze": (16, 32)}, ["filters"], ["filters", "filters // 4"]),
        ({"stride": (1, 2), "padding": (1, 2)}, ["stride", "padding"], ["stride", "padding"]),
        ({"kernel_size": (3, 5), "padding": (1, 2)}, ["kernel_size"], ["kernel_size", "kernel_size // 2"]),
        ({"kernel": (5, 7), "pad": ((1, 2), (2, 3))}, ["kernel"], ["kernel", "(kernel // 2 - 1, kernel // 2)"]),
        ({"size": ((3, 4), (3, 5))}, ["size"], ["(3, size)"]),
        ({"size": (3, (3, 5))}, ["size"], ["size"]),
        ({"bias": (True, False), "rate": (0.5, 0.5)}, ["bias"], ["bias", "0.5"]),
        ({"alpha": (1, 1.0)}, ["alpha"], ["alpha"]),
        ({"class": (1, 2)}, ["class_"], ["class_"]),
    ],
)  # fmt: skip
def test_numbers_become_parameters(columns: dict[str, tuple[Value, ...]], names: list[str], numbers: list[str]) -> None:
    assert said(of_columns(None, **columns)) == (names, numbers)


def test_what_follows_from_a_parameter_of_the_text_is_none_of_its_own() -> None:
    calls = ({"width": "64", "blocks": "3"}, {"width": "128", "blocks": "4"})
    found = of_columns(None, *calls, filters=(64, 128), out=(256, 512), repeats=(2, 3))
    assert said(found) == (["width", "blocks"], ["width", "4 * width", "blocks - 1"])
    assert [[one.value for one in call] for call in found.arguments] == [[64, 3], [128, 4]]


def test_a_default_of_the_text_is_that_of_the_program() -> None:
    calls = ({"stride": "1"}, {"stride": "2"})
    found = of_columns({"stride": "1"}, *calls, stride=(1, 2))
    assert found.parameters[0].default == 1
    assert [[one.default for one in call] for call in found.arguments] == [[True], [False]]


def test_a_parameter_whose_default_the_text_computes_is_left_out_where_its_number_follows() -> None:
    calls = ({"squeeze": "4"}, {"squeeze": "8"})
    found = of_columns({"squeeze": "$in//4"}, *calls, in_channels=(16, 32), filters=(4, 8))
    assert said(found) == (["in_channels"], ["in_channels", "in_channels // 4"])


def test_numbers_that_grow_are_said_with_the_counter() -> None:
    found = of_columns(None, in_channels=(Progress(64, 32), Progress(128, 32)))
    assert said(found) == (["in_channels"], ["in_channels + 32 * i"])
    assert found.counted == {0}
    assert said(of_columns(None, in_channels=(Progress(64, -8),))) == ([], ["64 - 8 * i"])


def test_a_parameter_has_no_name_that_means_something_else() -> None:
    found = of_columns(None, {"layers": "2", "x": "a"}, {"layers": "3", "x": "b"}, repeats=(1, 2), mode=("a", "b"))
    assert said(found) == (["num_layers", "x_"], ["num_layers - 1", "x_"])


def test_a_number_with_a_point_is_written_with_it_and_called_as_in_the_text() -> None:
    found = of_columns(None, {"factor": "1"}, {"factor": "0.2"}, scale=(1.0, 0.2))
    assert said(found) == (["factor"], ["factor"])
    assert [repr(one.value) for call in found.arguments for one in call] == ["1.0", "0.2"]


def test_a_block_of_twenty_thousand_calls_has_its_parameters_in_a_moment() -> None:
    columns = {"filters": tuple(range(20_000)), "stride": (1, 2) * 10_000}
    started = time.process_time()
    assert said(of_columns(None, **columns))[0] == ["filters", "stride"]
    assert time.process_time() - started < allowed(0.5)
