"""ONNX files that lie, or are meant to harm: each is refused in our words, soon, and reads no other file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from onnx import GraphProto, ModelProto, TensorProto, helper, load_model, save

from cnncalc.api import load
from cnncalc.diagnostics import Diagnostic, InputError
from tests.time_limits import allowed

from .onnx_nets import drawn, node, written

IMAGE = {"x": [1, 3, 8, 8]}


def fault(path: Path, *, run: bool = False) -> Diagnostic:
    """The first fault of a file that is read, or run."""
    start = process_time()
    with pytest.raises(InputError) as caught:
        load(str(path)).run(drawn(3, 8, 8)) if run else load(str(path))
    assert process_time() - start < allowed(4)
    return caught.value.diagnostics[0]


def changed(folder: Path, change: Callable[[ModelProto], object]) -> Path:
    """A sound file after a change."""
    path = written(folder / "net.onnx", [node("Conv", "x w", "a"), node("Relu", "a", "y")], {"w": W}, IMAGE)
    model = load_model(str(path))
    change(model)
    save(model, str(path))
    return path


W = drawn(2, 3, 3, 3)


def test_a_file_of_another_kind_that_is_called_onnx_is_called_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    np.savez(tmp_path / "arrays.npz", w=W)
    path.write_bytes((tmp_path / "arrays.npz").read_bytes())
    found = fault(path)
    assert (found.code, found.message) == ("binary-file", f"{path} is a file of NumPy arrays, not an ONNX model")
    assert f"cnncalc run MODEL --weights {path}" in found.help


# ---------------------------------------------------------------------- graphs
def test_a_graph_that_reads_its_own_result_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "net.onnx", [node("Add", "x y", "a"), node("Relu", "a", "y")], {}, IMAGE)
    found = fault(path)
    assert (found.code, found.message) == ("onnx-damaged", "node 1, Add, reads `y`, which a later node makes")


def test_a_value_that_nothing_makes_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "net.onnx", [node("Add", "x ghost", "y")], {}, IMAGE)
    assert fault(path).message == "node 1, Add, reads `ghost`, which nothing makes"


def test_an_output_that_nothing_makes_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "net.onnx", [node("Relu", "x", "a")], {}, IMAGE)
    assert fault(path).message == "nothing makes the output `y`"


def test_two_values_of_one_name_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "net.onnx", [node("Relu", "x", "y"), node("Tanh", "x", "y")], {}, IMAGE)
    assert "two of its values are called `y`" in fault(path).message


def test_graphs_in_graphs_without_end_are_refused(tmp_path: Path) -> None:
    def nest(model: ModelProto) -> None:
        graph = GraphProto()
        for _ in range(300):
            outer = GraphProto()
            outer.node.add(op_type="If").attribute.add(name="then_branch", type=5).g.CopyFrom(graph)
            graph = outer
        model.graph.node[0].attribute.add(name="then_branch", type=5).g.CopyFrom(graph)

    assert fault(changed(tmp_path, nest)).code == "onnx-damaged"


def test_all_operators_that_are_not_read_are_named_at_once(tmp_path: Path) -> None:
    nodes = [node("LSTM", "x", "a"), node("NonZero", "a", "b"), node("LSTM", "b", "c"), node("Unheard", "c", "y")]
    path = written(tmp_path / "net.onnx", nodes, {}, IMAGE)
    with pytest.raises(InputError) as caught:
        load(str(path))
    assert [one.message for one in caught.value.diagnostics] == [
        "node 1 and 1 more: the operator LSTM is not read here",
        "node 2: the operator NonZero is not read here",
        "node 4: the operator Unheard is not read here",
    ]
    assert caught.value.source is not None
    assert caught.value.source.lines[3] == "Unheard(c) -> y"


def test_a_quantised_network_is_told_to_be_exported_before_that(tmp_path: Path) -> None:
    path = written(tmp_path / "net.onnx", [node("QuantizeLinear", "x s", "y")], {"s": np.float32(1)}, IMAGE)
    assert any("quantised" in note for note in fault(path).notes)


# ---------------------------------------------------------------------- sizes
@pytest.mark.parametrize("sizes", [[10**9], [10**6, 10**6], [2**62], [-1]])
def test_a_constant_of_a_huge_size_is_never_made(tmp_path: Path, sizes: list[int]) -> None:
    nodes = [node("ConstantOfShape", "s", "c"), node("Add", "x c", "y")]
    assert fault(written(tmp_path / "net.onnx", nodes, {"s": sizes}, IMAGE)).code in {"onnx-not-read", "onnx-damaged"}


@pytest.mark.parametrize("op", ["Expand", "Tile"])
def test_what_is_repeated_is_bounded_first(tmp_path: Path, op: str) -> None:
    nodes = [node(op, "one sizes", "c"), node("Add", "x c", "y")]
    arrays = {"one": np.float32([[1]]), "sizes": [10**5, 10**5]}
    assert fault(written(tmp_path / "net.onnx", nodes, arrays, IMAGE)).code == "onnx-not-read"


def test_a_range_without_end_is_bounded_first(tmp_path: Path) -> None:
    nodes = [node("Range", "a b c", "r"), node("Reshape", "x r", "y")]
    arrays = {"a": np.int64(0), "b": np.int64(2**62), "c": np.int64(1)}
    assert fault(written(tmp_path / "net.onnx", nodes, arrays, IMAGE)).code == "onnx-not-read"


def test_numbers_that_grow_without_end_are_not_worked_out(tmp_path: Path) -> None:
    """A number of 19 digits that is multiplied by itself 60 times would have 10^19."""
    nodes = [node("Mul", f"n{at} n{at}", f"n{at + 1}") for at in range(60)]
    nodes.append(node("Reshape", "x n60", "y"))
    assert fault(written(tmp_path / "net.onnx", nodes, {"n0": [2**60]}, IMAGE)).code in CODES


CODES = {"onnx-not-read", "onnx-damaged", "reshape-does-not-fit", "python-bound"}


@pytest.mark.parametrize("size", [2**40 + 1, 2**62])
def test_an_input_of_a_huge_size_is_refused(tmp_path: Path, size: int) -> None:
    path = written(tmp_path / "net.onnx", [node("Relu", "x", "y")], {}, {"x": [1, 3, size, 8]})
    assert fault(path).code in {"onnx-damaged", "too-large"}


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.graph.initializer[0].dims.__setitem__(0, 4),
        lambda model: model.graph.initializer[0].dims.append(10**6),
        lambda model: setattr(model.graph.initializer[0], "raw_data", b"1234"),
        lambda model: model.graph.initializer[0].ClearField("raw_data"),
    ],
    ids=["more filters", "another axis", "4 bytes", "none"],
)
def test_an_array_with_other_numbers_than_its_sizes_say_is_refused(
    tmp_path: Path, change: Callable[[ModelProto], object]
) -> None:
    assert fault(changed(tmp_path, change), run=True).code in {"onnx-damaged", "onnx-not-read"}


@pytest.mark.parametrize("kind", [8, 14, 17, 99])
def test_numbers_of_kinds_that_no_layer_has_are_named(tmp_path: Path, kind: int) -> None:
    path = changed(tmp_path, lambda model: setattr(model.graph.initializer[0], "data_type", kind))
    assert "the array `w`" in fault(path).message


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.95])
def test_a_copy_that_was_broken_off_is_refused(tmp_path: Path, cut: float) -> None:
    path = changed(tmp_path, lambda model: None)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * cut)])
    assert fault(path, run=True).code == "onnx-damaged"


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda model: setattr(model.graph.node[0], "name", "conv_name"))
    path.write_bytes(path.read_bytes().replace(b"conv_name", b"conv\xff\xfe\xfd\xfc\xfb"))
    assert fault(path).code == "onnx-damaged"


# ---------------------------------------------------------------------- numbers in other files
def elsewhere(folder: Path, location: str, **said: str) -> Path:
    outside = TensorProto(name="w", dims=W.shape, data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    outside.external_data.add(key="location", value=location)
    for key, value in said.items():
        outside.external_data.add(key=key, value=value)
    return changed(folder, lambda model: model.graph.initializer[0].CopyFrom(outside))


@pytest.mark.parametrize(
    "location", ["../w.bin", "/etc/hostname", "sub/../../w.bin", "", "a\0b", "C:/w.bin", "..\\w.bin"]
)
def test_numbers_are_read_from_no_other_folder(tmp_path: Path, location: str) -> None:
    (tmp_path / "w.bin").write_bytes(W.tobytes())
    folder = tmp_path / "net"
    folder.mkdir()
    assert fault(elsewhere(folder, location), run=True).code == "onnx-external"


def test_numbers_are_read_through_no_link(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(W.tobytes())
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "w.bin").symlink_to(tmp_path / "secret")
    assert fault(elsewhere(folder, "w.bin"), run=True).code == "onnx-external"
    (folder / "sub").symlink_to(tmp_path)
    assert fault(elsewhere(folder, "sub/secret"), run=True).code == "onnx-external"


def test_a_data_file_that_is_missing_is_named(tmp_path: Path) -> None:
    found = fault(elsewhere(tmp_path, "w.bin"), run=True)
    assert found.message == "the numbers of `w` are in the file `w.bin`, which is not in the folder of the .onnx file"


@pytest.mark.parametrize("said", [{"offset": "-4"}, {"length": "9" * 30}, {"offset": "100"}, {"length": "4"}])
def test_numbers_that_reach_past_their_file_are_refused(tmp_path: Path, said: dict[str, str]) -> None:
    (tmp_path / "w.bin").write_bytes(W.tobytes())
    assert fault(elsewhere(tmp_path, "w.bin", **said), run=True).code == "onnx-damaged"


# ---------------------------------------------------------------------- versions
@pytest.mark.parametrize("opset", [1, 999, -3])
def test_other_opsets_are_refused_by_number(tmp_path: Path, opset: int) -> None:
    path = changed(tmp_path, lambda model: setattr(model.opset_import[0], "version", opset))
    assert f"is written in opset {opset}" in fault(path).message


def test_operators_of_other_companies_are_named_with_their_domain(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda model: setattr(model.graph.node[1], "domain", "com.microsoft"))
    assert fault(path).message == "node 2: the operator com.microsoft.Relu is not read here"


def test_wrong_types_of_attributes_are_named(tmp_path: Path) -> None:
    path = changed(
        tmp_path, lambda model: model.graph.node[0].attribute.append(helper.make_attribute("strides", "two"))
    )
    assert fault(path).message == "`strides` of Conv should be whole numbers"
