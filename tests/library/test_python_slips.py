"""Slips of Python users: each is answered at once, with what was given and what to give instead."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest

import cnncalc
from cnncalc.runtime import free_memory
from cnncalc.runtime.engine.session import Session

NET = cnncalc.load("input 8x6x3; conv 4 3x3 relu; flatten; dense 5 softmax")
TWO = cnncalc.load("a: input 8; b: input 8; add a")


def message(asked: Callable[[], object]) -> str:
    with pytest.raises(cnncalc.InputError) as raised:
        asked()
    return str(raised.value)


def test_a_batch_that_does_not_fit_is_refused_before_anything_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """10^9 images of 8x6x3 and their 5 outputs, in float32: 4 * (144 + 5) * 10^9 bytes."""
    monkeypatch.setattr(free_memory, "available_bytes", lambda: 8 * 10**9)
    monkeypatch.setattr(Session, "run", lambda *_: pytest.fail("it was run"))
    said = message(lambda: NET.prepare(batch=10**9))
    assert "a batch of 1,000,000,000 images needs 596.0 GB, and this machine has 8.0 GB left" in said
    assert "give a smaller batch, for example batch=32" in said


def test_of_a_large_batch_one_portion_is_run_to_prepare_it(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    run = Session.run
    monkeypatch.setattr(Session, "run", lambda self, *given: (runs.append(self.plan.batch), run(self, *given))[1])
    session = NET.prepare(batch=100_000)
    assert len(runs) == 1
    assert runs[0] < 100_000
    assert np.shape(session.run(np.zeros((2, 8, 6, 3)))) == (2, 5)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_a_table_for_a_very_narrow_terminal_is_no_fault(width: int) -> None:
    assert "conv" in "".join(NET.summary(width=width).split())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.zeros((8, 6, 3), object), "the array holds Python objects (object), not plain numbers"),
        (np.zeros((8, 6, 3), complex), "the array holds complex numbers (complex128), not plain numbers"),
        (np.zeros((8, 6, 3), "M8[s]"), "the array holds dates (datetime64[s]), not plain numbers"),
        ([[1, 2], [3]], "the array has rows of different lengths"),
        ([np.zeros((8, 6, 3)), np.zeros((6, 8, 3))], "the array has parts of different sizes: 8x6x3, 6x8x3"),
        (["7.png", np.zeros((8, 6, 3))], "the array is a list of files and of other things"),
        ("x.npy", "`x.npy` is a file of NumPy arrays, and a name is read as a picture"),
        ("x.npy", 'read it first: numpy.load("x.npy")'),
        (np.zeros((3, 8, 6)), "its channels come first: give numpy.moveaxis(x, -3, -1)"),
        (np.zeros((9, 3, 8, 6)), "its channels come first: give numpy.moveaxis(x, -3, -1)"),
        (np.zeros((8, 6)), "give one image in this order"),
        (object(), "the array is object, which holds no numbers"),
    ],
)
def test_what_is_no_array_for_the_net_is_named(given: object, said: str) -> None:
    assert said in message(lambda: NET.run(given))  # type: ignore[arg-type]


def test_the_advised_change_of_axes_fits_both_orders() -> None:
    image = np.random.default_rng(0).random((8, 6, 3))
    assert np.array_equal(NET.run(np.moveaxis(np.moveaxis(image, -1, 0), -3, -1)), NET.run(image))
    first = cnncalc.load("order channels_first; input 3x8x6; relu")
    assert "its channels come last: give numpy.moveaxis(x, -1, -3)" in message(lambda: first.run(image))
    assert first.run(np.moveaxis(image, -1, -3)).shape == (1, 3, 8, 6)


class Elsewhere:
    """A tensor that NumPy cannot read, as torch's with a gradient."""

    def __array__(self, *_: object, **__: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


def test_a_tensor_that_numpy_cannot_read_is_an_input_error() -> None:
    said = message(lambda: NET.run(Elsewhere()))
    assert "the array cannot be read: Can't call numpy() on Tensor that requires grad." in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("7.png", "the array for `b` is `7.png`: a file is read where it is given alone"),
        (np.zeros(9), "the array for `b` is 9, but the net takes 8"),
        (None, "the array for `b` is None"),
    ],
)
def test_of_several_inputs_the_wrong_one_is_named(given: object, said: str) -> None:
    assert said in message(lambda: TWO.run({"a": np.zeros(8), "b": given}))  # type: ignore[dict-item]


@pytest.mark.parametrize("asked", [{"depth": "1"}, {"width": "100"}])
def test_a_text_in_place_of_a_number_keeps_its_quotes(asked: dict[str, str]) -> None:
    ((name, value),) = asked.items()
    assert f"{name} is '{value}', which is no whole number" in message(lambda: NET.summary(**asked))  # type: ignore[arg-type]


def test_a_comment_may_not_hide_layers() -> None:
    said = message(lambda: cnncalc.load("input 8x8x1; conv 3 3x3 # a comment; relu; dense 3"))
    assert "a comment goes to the end of the line, so `# a comment; relu; dense 3` is no layers" in said
    assert cnncalc.load("input 8x8x1; conv 3 3x3 # a comment").params == 30


def test_weights_and_a_seed_are_one_too_many() -> None:
    for asked in (lambda: NET.prepare("w.pth", seed=3), lambda: NET.run(np.zeros((8, 6, 3)), "w.pth", 3)):
        assert "weights are read from a file, and drawn from the seed 3 as well" in message(asked)


class Module:
    def state_dict(self) -> dict[str, object]:
        return {}


def test_an_object_of_another_library_is_told_how_it_is_given() -> None:
    said = message(lambda: cnncalc.load(Module()))  # type: ignore[arg-type]
    assert 'give the program that makes it: cnncalc.load("program.py:Module()")' in said
    assert 'torch.save(weights, "weights.pth"), then weights="weights.pth"' in message(lambda: NET.prepare(weights={}))  # type: ignore[arg-type]


def test_an_error_may_be_made_by_hand() -> None:
    error = cnncalc.InputError("x")
    assert repr(error) == "<InputError wrong-value: x>"
    assert "x" in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_net_is_its_own_copy_and_says_why_it_is_not_pickled() -> None:
    assert copy.deepcopy(NET) is NET
    for thing in (NET, NET.prepare()):
        with pytest.raises(TypeError, match="is not pickled: give the other process the net's file, name or text"):
            pickle.dumps(thing)


def test_a_net_has_the_name_that_its_repr_shows() -> None:
    assert cnncalc.load("lenet5").name == "LeNet-5, the usual modern reading"
    assert cnncalc.load("resnet18").name in repr(cnncalc.load("resnet18"))
