"""Plain numbers as inputs: any rank, either order, with and without a batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import cnncalc
from cnncalc.cli import main
from cnncalc.diagnostics import InputError
from cnncalc.geometry import Shape
from cnncalc.runtime.numeric_inputs import read_numbers

IMAGE = Shape(3, (4, 5))


def stored(tmp_path: Path, array: np.ndarray) -> Path:
    np.save(tmp_path / "x.npy", array)
    return tmp_path / "x.npy"


def test_channels_last_numbers_are_taken_as_they_stand(tmp_path: Path) -> None:
    array = np.arange(60, dtype=np.float64).reshape(4, 5, 3) * 100
    values = read_numbers(stored(tmp_path, array), IMAGE)
    assert values.shape == (1, 3, 1, 4, 5)
    assert values.dtype == np.float64
    assert values[0, 2, 0, 1, 4] == array[1, 4, 2]
    assert values.flags.c_contiguous


def test_the_order_of_the_net_wins_and_the_other_is_understood(tmp_path: Path) -> None:
    cube = np.arange(27, dtype=np.float32).reshape(3, 3, 3)
    shape = Shape(3, (3, 3))
    assert read_numbers(stored(tmp_path, cube), shape)[0, 0, 0, 0].tolist() == [0, 3, 6]
    assert read_numbers(stored(tmp_path, cube), shape, "channels_first")[0, 0, 0, 0].tolist() == [0, 1, 2]
    first = np.arange(60, dtype=np.float32).reshape(3, 4, 5)
    assert read_numbers(stored(tmp_path, first), IMAGE)[0, 2, 0, 1, 4] == first[2, 1, 4]


def test_a_batch_may_stand_in_front(tmp_path: Path) -> None:
    values = read_numbers(stored(tmp_path, np.arange(120, dtype=np.uint8).reshape(2, 4, 5, 3)), IMAGE)
    assert values.shape == (2, 3, 1, 4, 5)
    assert values.dtype == np.float32
    assert values[1, 0, 0, 0, 0] == 60


@pytest.mark.parametrize(
    ("shape", "array", "expected"),
    [
        (Shape(1, (4, 5)), (4, 5), (1, 1, 1, 4, 5)),
        (Shape(1, (4, 5)), (7, 4, 5), (7, 1, 1, 4, 5)),
        (Shape(1, (9,)), (9,), (1, 1, 1, 1, 9)),
        (Shape(8, (9,)), (9, 8), (1, 8, 1, 1, 9)),
        (Shape(2, (3, 4, 5)), (3, 4, 5, 2), (1, 2, 3, 4, 5)),
        (Shape(10), (10,), (1, 10, 1, 1, 1)),
        (Shape(10), (6, 10), (6, 10, 1, 1, 1)),
    ],
)
def test_every_rank_and_a_missing_channel_are_understood(
    tmp_path: Path, shape: Shape, array: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert read_numbers(stored(tmp_path, np.zeros(array, np.float32)), shape).shape == expected


def test_of_several_arrays_the_one_named_like_the_input_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "several.npz"
    np.savez(path, left=np.ones((4, 5, 3)), right=np.zeros((4, 5, 3)))
    assert read_numbers(path, IMAGE, name="left").min() == 1
    with pytest.raises(InputError, match="holds 2 arrays, and none is called `input1`: left, right"):
        read_numbers(path, IMAGE, name="input1")
    np.savez(path, whatever=np.ones((4, 5, 3)))
    assert read_numbers(path, IMAGE, name="input1").min() == 1


@pytest.mark.parametrize("array", [(5, 4, 3), (4, 5), (2, 2, 4, 5, 3), (60,), (), (0, 4, 5, 3)])
def test_another_shape_is_refused_with_the_right_one(tmp_path: Path, array: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="but the net reads 4x5x3") as error:
        read_numbers(stored(tmp_path, np.zeros(array)), IMAGE)
    assert error.value.diagnostics[0].code == "input-shape"


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="holds Python objects, not numbers"):
        read_numbers(path, Shape(1))


def test_a_number_that_does_not_fit_the_type_of_the_run_is_named_with_its_place(tmp_path: Path) -> None:
    array = np.ones((4, 5, 3))
    array[2, 4, 1] = -1e300
    path = stored(tmp_path, array)
    assert read_numbers(path, IMAGE, dtype="float64").min() == -1e300
    with pytest.raises(InputError, match=r"holds -1e\+300 at \[2, 4, 1\], which does not fit float32") as error:
        read_numbers(path, IMAGE, dtype="float32")
    assert error.value.diagnostics[0].code == "number-does-not-fit"
    assert error.value.diagnostics[0].notes == ("the largest number of float32 is 3.4e+38",)


@pytest.mark.skipif(np.longdouble is np.float64, reason="this machine has no longer numbers than float64")
def test_numbers_longer_than_float64_fit_or_are_refused(tmp_path: Path) -> None:
    assert read_numbers(stored(tmp_path, np.full((4, 5, 3), 2, np.longdouble)), IMAGE).max() == 2
    with pytest.raises(InputError, match="which does not fit float64"):
        read_numbers(stored(tmp_path, np.full((4, 5, 3), np.longdouble("1e4000"))), IMAGE)


def test_whole_numbers_keep_all_their_digits_in_a_run_in_float64(tmp_path: Path) -> None:
    path = stored(tmp_path, np.full((4, 5, 3), 2**24 + 1))
    assert read_numbers(path, IMAGE, dtype="float64").max() == 16_777_217
    assert read_numbers(path, IMAGE, dtype="float32").max() == 16_777_216  # the nearest that float32 has


def test_what_is_not_finite_in_the_file_itself_is_read(tmp_path: Path) -> None:
    found = read_numbers(stored(tmp_path, np.full((4, 5, 3), np.inf)), IMAGE, dtype="float32")
    assert np.isposinf(found).all()


@pytest.mark.parametrize("options", [[], ["--verify"], ["--json"], ["--save", "out.npz"]])
def test_a_run_on_numbers_too_large_for_it_ends_in_one_error(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Once a RuntimeWarning of numpy with a path of the source."""
    monkeypatch.chdir(tmp_path)
    Path("net.txt").write_text("input 4x4x1\nconv 2 3x3\n")
    np.save("large.npy", np.full((4, 4, 1), 1e308))
    assert main(["run", "net.txt", "--input-array", "large.npy", *options]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err == (
        "error[number-does-not-fit]: `large.npy` holds 1e+308 at [0, 0, 0], which does not fit float32\n"
        " = note: the largest number of float32 is 3.4e+38\n"
        " = help: divide the numbers before you save them\n"
    )
    assert not Path("out.npz").exists()


def test_a_run_from_python_refuses_numbers_too_large_for_it() -> None:
    with pytest.raises(InputError, match=r"the array holds 1e\+308 at \[0, 0, 0\], which does not fit float32"):
        cnncalc.load("input 2x2x1\nscale 0.5\n").run(np.full((2, 2, 1), 1e308))
