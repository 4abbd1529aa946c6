"""A session is planned once, runs any number of images, and gives what the readable kernels give."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import cnncalc
from cnncalc.runtime import checked_run
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import save, seeded

from ..runtime.tampering import forget_folded_layers

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
NET = "input 6x6x2\nconv 5 3x3 bn relu\nmaxpool 2x2\nflatten\ndense 4 softmax\n"
BY_HAND = "input 2x2x1; conv 1 2x2 bias=[1] weights=[1 2; 3 4]"
IMAGES = np.random.default_rng(1).random((7, 6, 6, 2), np.float32)


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many images each plan is for that is made ready while a test runs."""
    found: list[int] = []
    prepare = checked_run.prepare
    monkeypatch.setattr(checked_run, "prepare", lambda *all: (found.append(all[0].batch), prepare(*all))[1])
    return found


def test_a_session_is_made_ready_once(prepared: list[int]) -> None:
    session = cnncalc.load(NET).prepare(seed=3)
    assert prepared == [1]
    for image in IMAGES:
        session.run(image)
    assert prepared == [1]


def test_without_a_batch_each_number_of_images_is_planned_once_and_three_stay(prepared: list[int]) -> None:
    session = cnncalc.load(NET).prepare()
    for images in (2, 3, 1, 2, 3, 4, 3, 2, 1):
        session.run(IMAGES[:images])
    assert prepared == [1, 2, 3, 4, 1]


def test_with_a_batch_images_are_run_so_many_at_a_time(prepared: list[int]) -> None:
    net = cnncalc.load(NET)
    session = net.prepare(batch=3)
    together = session.run(IMAGES)
    assert prepared == [3, 1]
    assert np.shape(together) == (7, 4)
    np.testing.assert_allclose(together, net.run(IMAGES), rtol=1e-6)
    assert (session.batch, net.prepare().batch) == (3, None)


def test_a_model_keeps_what_is_ready_for_its_runs(prepared: list[int]) -> None:
    net = cnncalc.load(NET)
    for images in (1, 2, 1, 2):
        net.run(IMAGES[:images])
    assert prepared == [1, 2]
    net.run(IMAGES[0], seed=1)
    assert prepared == [1, 2, 1]


def test_sessions_have_their_own_weights(tmp_path: Path) -> None:
    net, path = cnncalc.load(NET), tmp_path / "weights.npz"
    save(path, seeded(net.analysis, 5).arrays)
    drawn, other, read = net.prepare(seed=5), net.prepare(seed=6), net.prepare(weights=path)
    expected = np.asarray(net.run(IMAGES[:2], seed=5))
    for session, same in ((drawn, True), (other, False), (read, True)):
        assert np.array_equal(session.run(IMAGES[:2]), expected) is same
    assert drawn.weights == "drawn at random (He normal, seed 5)"
    assert read.weights.startswith(f"from {path}")


def test_a_session_says_what_it_is_in_one_line() -> None:
    session = cnncalc.load("lenet5").prepare(batch=2, threads=1)
    said = "<cnncalc.Session 'LeNet-5, the usual modern reading': batch 2, weights drawn at random (He normal, seed 0)>"
    assert repr(session) == said
    assert session.threads == 1


def test_threads_share_a_session() -> None:
    session = cnncalc.load(NET).prepare()
    expected = [np.asarray(session.run(image)) for image in IMAGES]
    with ThreadPoolExecutor(4) as pool:
        for image, found in enumerate(pool.map(lambda n: session.run(IMAGES[n % 7]), range(70))):
            np.testing.assert_array_equal(found, expected[image % 7])


def test_an_engine_that_computes_something_else_is_found_before_the_first_run(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_folded_layers(monkeypatch)
    net = cnncalc.load("input 6x6x2\nconv 5 3x3 bn relu\nflatten\ndense 4\n")
    session = net.prepare()
    (exact,) = execute(
        plan(net.analysis), seeded(net.analysis), {"input1": np.moveaxis(IMAGES[:1], -1, 1)[:, :, None]}
    ).values()
    with pytest.warns(RuntimeWarning, match="results and times are those of the readable kernels") as found:
        np.testing.assert_array_equal(session.run(IMAGES[0]), exact[:, :, 0, 0, 0])
    assert {one.filename for one in found} == {__file__}


def test_every_result_has_the_name_of_its_line() -> None:
    session = cnncalc.load(
        "input 3x3x1; a: conv 1 2x2 bias=[0] weights=[1 0; 0 1] relu; maxpool 2x2 stride=1"
    ).prepare()
    found = session.layers([[1, 2, 3], [4, -5, 6], [7, 8, 9]])
    assert list(found) == ["input1", "a", "maxpool1"]
    assert found["a"][..., 0].tolist() == [[[0, 8], [12, 4]]]
    assert found["maxpool1"].tolist() == [[[[12]]]]
    assert found["input1"].shape == (1, 3, 3, 1)


def test_results_are_those_of_the_readable_kernels() -> None:
    net = cnncalc.load("order channels_first\ninput 2x6x6\nconv 5 3x3 bn relu\nx: conv 5 3x3 same\nadd x\ngap\n")
    image = np.moveaxis(IMAGES[0], -1, 0)
    found = net.prepare(seed=2).layers(image)
    exact: dict[str, object] = {}
    weights = seeded(net.analysis, 2)
    rows = {row.row.last: row.nodes[0].node.name for row in net.analysis.rows}
    execute(
        plan(net.analysis),
        weights,
        {"input1": image[None, :, None]},
        lambda event: exact.setdefault(rows.get(event.step.node, ""), event.result.copy()),
    )
    for name, shape in ((layer.name, layer.output) for layer in net.layers):
        assert found[name].shape == (1, *shape)
        np.testing.assert_allclose(found[name], np.reshape(exact[name], found[name].shape), rtol=1e-5, atol=1e-6)


def test_only_some_results_are_given_in_the_order_of_the_net(prepared: list[int]) -> None:
    session = cnncalc.load(NET).prepare(batch=2)
    found = session.layers(IMAGES, only=["dense1", "conv1"])
    assert {name: array.shape for name, array in found.items()} == {"conv1": (7, 4, 4, 5), "dense1": (7, 4)}
    assert list(session.layers(IMAGES, only="conv1.relu")) == ["conv1"]
    np.testing.assert_allclose(found["dense1"], np.asarray(session.run(IMAGES)), rtol=1e-6)
    with pytest.raises(cnncalc.InputError, match="has no line called `conv2`"):
        session.layers(IMAGES, only=["conv2"])
    with pytest.raises(cnncalc.InputError, match="only names no line"):
        session.layers(IMAGES, only=[])


def test_what_is_given_stays_as_it_is() -> None:
    session, image = cnncalc.load("input 2x2x1; relu").prepare(), np.full((2, 2, 1), -1, np.float32)
    session.layers(image)["input1"][...] = 9
    assert image.tolist() == [[[-1], [-1]], [[-1], [-1]]]


def test_outputs_have_names_and_several_are_a_tuple() -> None:
    session = cnncalc.load("x: input 2x2x1; a: conv 1 2x2 bias=[0] weights=[1 1; 1 1]; b: maxpool 2x2 from x").prepare()
    image = [[1, 2], [3, 4]]
    named = session.outputs(image)
    assert {name: array.item() for name, array in named.items()} == {"a": 10, "b": 4}
    several = session.run(image)
    assert isinstance(several, tuple)
    assert [array.item() for array in several] == [10, 4]


def test_several_inputs_are_given_by_name() -> None:
    session = cnncalc.load("left: input 1x2x1; right: input 1x2x1; add left").prepare(batch=1)
    given = {"left": [[[[1], [2]]], [[[3], [4]]]], "right": [[[[10], [20]]], [[[30], [40]]]]}
    assert np.ravel(session.run(given)).tolist() == [11, 22, 33, 44]
    with pytest.raises(cnncalc.InputError, match="different numbers of images are given: 2 for `left`, 1 for `right`"):
        session.run({**given, "right": [[[1], [2]]]})


def test_a_net_that_states_its_input_runs_on_nothing() -> None:
    session = cnncalc.load("input 2x2x1 data=[1 0; 0 1]; conv 1 2x2 bias=[1] weights=[1 2; 3 4]").prepare()
    assert np.ravel(session.run()).tolist() == [6]
    assert session.layers()["input1"][0, :, :, 0].tolist() == [[1, 0], [0, 1]]


def test_pictures_are_read_as_the_net_says() -> None:
    session = cnncalc.load("mnist-convnet").prepare()
    files = [DIGITS / "7.png", DIGITS / "photographed-4.jpg"]
    (seven,), (four,) = session.predict(files, top=1)
    assert (seven.number, seven.name) == (7, "digit 7")
    assert four.number == 4
    assert round(100 * four.score, 2) == 98.76
    assert session.predict(str(files[1]), top=1) == ((four,),)
    with pytest.raises(cnncalc.InputError, match=r"none\.png"):
        session.run("none.png")


def test_classes_are_listed_best_first() -> None:
    session = cnncalc.load("input 3; dense 3 bias=[0 5 5] weights=[1 0 0; 0 1 0; 0 0 1]").prepare()
    assert session.predict([[1, 0, 0], [9, 0, 1]], top=2) == (
        ((1, "", 5.0), (2, "", 5.0)),
        ((0, "", 9.0), (2, "", 6.0)),
    )
    with pytest.raises(cnncalc.InputError, match="gives 1x1x1, which is no vector with a number for each class"):
        cnncalc.load(BY_HAND).prepare().predict([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"batch": 0}, "a batch of 0 images has none"),
        ({"batch": 1.5}, "batch: 1.5 is no number of images"),
        ({"threads": 0}, "0 threads cannot be used"),
        ({"threads": "two"}, "threads is 'two', which is no whole number"),
        ({"seed": -1}, "the seed is -1"),
        ({"seed": 0.5}, "seed is 0.5, which is no whole number"),
        ({"weights": "none.npz"}, "none.npz"),
        ({"labels": "none.txt"}, "there is no file called `none.txt`"),
    ],
)
def test_what_cannot_be_prepared_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(cnncalc.InputError) as raised:
        cnncalc.load(NET).prepare(**asked)  # type: ignore[arg-type]
    assert said in str(raised.value)
    assert "--" not in str(raised.value)


@pytest.mark.parametrize("images", [np.zeros((0, 6, 6, 2)), np.zeros((5, 6, 2)), np.zeros((1, 1, 6, 6, 2))])
def test_what_is_no_image_is_refused(images: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    with pytest.raises(cnncalc.InputError):
        cnncalc.load(NET).prepare().run(images)
