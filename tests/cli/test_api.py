"""cnncalc from Python."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import cnncalc

from .conftest import NETS


def test_a_net_is_loaded_by_path_by_name_and_from_text() -> None:
    assert cnncalc.load(NETS / "small.txt").analysis.totals.figures.params == 4154
    assert cnncalc.load(str(NETS / "small.txt")).analysis.totals.figures.params == 4154
    assert cnncalc.load("lenet5").analysis.totals.figures.params == 61706
    assert cnncalc.load("input 32x32x1\r\nconv 6 5x5\r\n").analysis.totals.figures.params == 156


def test_the_summary_is_the_table_of_the_command_line_without_marks() -> None:
    text = cnncalc.load("input 32x32x1\nconv 6 5x5\n").summary()
    assert text.startswith("<text>\n\n")
    assert "conv 6 5x5     28x28x6  5x5             156" in text


def test_the_faults_of_a_text_are_raised_together() -> None:
    with pytest.raises(cnncalc.InputError) as caught:
        cnncalc.load("input 8x8x1\nconv 6 9x9\n\ncnov 3\n")
    assert [fault.code for fault in caught.value.diagnostics] == ["kernel-too-large", "unknown-word"]
    assert "<text>:2:8" in str(caught.value)


def test_a_net_written_as_json_is_read_again() -> None:
    model = cnncalc.load("lenet5")
    again = cnncalc.load(model.to("json"))
    assert again.analysis.totals.figures == model.analysis.totals.figures
    assert cnncalc.load(model.to("spec")).analysis.totals == model.analysis.totals


def test_an_unknown_notation_is_refused() -> None:
    with pytest.raises(cnncalc.InputError, match="there is no notation `kears`"):
        cnncalc.load("lenet5").to("kears")
    with pytest.raises(cnncalc.InputError, match="there is no notation `None`"):
        cnncalc.load("lenet5").to(None)  # type: ignore[arg-type]  # what a program may give by mistake


def test_a_run_takes_and_gives_arrays_in_the_order_of_the_net() -> None:
    last = cnncalc.load("input 4x6x2\nconv 5 3x3\n")
    first = cnncalc.load("order channels_first\ninput 2x4x6\nconv 5 3x3\n")
    image = np.arange(48, dtype=np.float32).reshape(4, 6, 2)
    assert last.run(image).shape == (1, 2, 4, 5)
    assert first.run(np.moveaxis(image, -1, 0)).shape == (1, 5, 2, 4)
    np.testing.assert_array_equal(last.run(image), np.moveaxis(first.run(np.moveaxis(image, -1, 0)), 1, -1))
    np.testing.assert_array_equal(last.run(np.stack([image, image]))[1], last.run(image)[0])


def test_the_axis_of_a_single_channel_may_be_missing() -> None:
    model = cnncalc.load("input 4x4x1\nmaxpool 2x2\n")
    image = np.arange(16.0).reshape(4, 4)
    assert model.run(image).tolist() == [[[[5.0], [7.0]], [[13.0], [15.0]]]]


def test_an_array_of_another_shape_is_refused() -> None:
    with pytest.raises(cnncalc.InputError, match="the array is 3x4x1, but the net takes 4x4x1"):
        cnncalc.load("input 4x4x1\nrelu\n").run(np.zeros((3, 4, 1)))


def test_a_net_whose_input_is_stated_needs_no_array() -> None:
    first, _ = cnncalc.load(NETS / "by_hand.txt").run()
    assert first[0, :, :, 0].tolist() == [[3, 3, -2], [-3, -3, 4], [3, 3, -4]]


def test_a_notebook_gets_a_table() -> None:
    html = cnncalc.load("lenet5")._repr_html_()
    assert html.count("<tr>") == 11
    assert "61,706" in html


def test_the_package_says_what_it_offers() -> None:
    own = {"InputError", "Model", "NetLayer", "Session", "__version__", "load", "load_ipython_extension"}
    assert set(dir(cnncalc)) == own | {"compare", "reconcile", "solve", "solve_net", "sweep"}
    assert files("cnncalc").joinpath("py.typed").is_file()
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = cnncalc.lod  # type: ignore[attr-defined]


def test_a_path_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(cnncalc.InputError, match="there is no file"):
        cnncalc.load(tmp_path / "none.txt")


def test_a_size_is_given_as_its_numbers_too() -> None:
    text = "input 32x32x1\nconv 6 5x5\n"
    for size in ((28, 28, 1), [1, 28, 28], (28, 28), "28", 28):
        assert cnncalc.load(text, input_size=size).analysis.rows[0].output.text() == "28x28x1"
    for wrong in ((), (28.0, 28), 28.0, True, (True, 28)):
        with pytest.raises(cnncalc.InputError, match=r"no size\n.*write height, width and channels: input_size=\(28"):
            cnncalc.load(text, input_size=wrong)  # type: ignore[arg-type]


TWO_INPUTS = "left: input 1x2x1\nright: input 1x2x1\nadd left\n"


def test_several_inputs_are_given_by_their_names() -> None:
    model, left = cnncalc.load(TWO_INPUTS), np.array([[[1.0], [2.0]]])
    assert model.run({"right": 10 * left, "left": left}).tolist() == [[[[11.0], [22.0]]]]
    several = model.run({"left": np.stack([left, left]), "right": np.stack([left, 2 * left])})
    assert several.tolist() == [[[[2.0], [4.0]]], [[[3.0], [6.0]]]]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.ones((1, 2, 1)), "no array is given for `right`"),
        ({"left": np.ones((1, 2, 1))}, "no array is given for `right`"),
        ({"left": np.ones((1, 2, 1)), "rihgt": np.ones((1, 2, 1))}, "the net has no input called `rihgt`"),
    ],
)
def test_an_input_that_is_given_nothing_says_how_several_are_given(given: object, message: str) -> None:
    with pytest.raises(cnncalc.InputError) as caught:
        cnncalc.load(TWO_INPUTS).run(given)
    assert message in str(caught.value)
    assert '.run({"left": ARRAY, "right": ARRAY})' in str(caught.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"input1": "7.png"}, "the array is `7.png`: a file is read where it is given alone"),
        ([["7.png"]], "the array holds texts (<U5), not plain numbers"),
        ([[1, 2], [3]], "the array has rows of different lengths"),
        (object(), "the array is object, which holds no numbers"),
        (1j, "the array holds complex numbers (complex128), not plain numbers"),
    ],
)
def test_what_holds_no_numbers_is_no_array(given: object, message: str) -> None:
    with pytest.raises(cnncalc.InputError) as caught:
        cnncalc.load("input 2x2x1\nconv 1 1x1\n").run(given)  # type: ignore[arg-type]
    assert caught.value.diagnostics[0].code == "arrays-not-numbers"
    assert message in str(caught.value)
