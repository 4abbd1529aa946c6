"""ONNX files that the examples of diagnostics name: each is refused for another reason."""

from __future__ import annotations

from pathlib import Path


def write_onnx_files(here: Path) -> None:
    """Writes damaged.onnx, recurrent.onnx and elsewhere.onnx."""
    from onnx import TensorProto, helper, save

    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 8])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    opset = [helper.make_opsetid("", 17)]

    def written(name: str, op: str, *arrays: TensorProto) -> None:
        node = helper.make_node(op, ["x", *(one.name for one in arrays)], ["y"])
        graph = helper.make_graph([node], "net", [x], [y], list(arrays))
        save(helper.make_model(graph, opset_imports=opset), str(here / name))

    written("recurrent.onnx", "LSTM")
    outside = TensorProto(name="w", dims=[4, 3, 3, 3], data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    outside.external_data.add(key="location", value="../weights.bin")
    written("elsewhere.onnx", "Conv", outside)
    (here / "damaged.onnx").write_bytes((here / "recurrent.onnx").read_bytes()[:40])
