"""The bytes of an ONNX model, and of the file with its weights where they are written beside it.

Weights are asked for one by one, in our own layout, which is that of ONNX.  The model is checked by the `onnx` package
before any weight is asked for, its sizes by ONNX' own rules against ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, InputError, input_error
from cnncalc.diagnostics.extras import missing_extra
from cnncalc.dialects.onnx.onnx_records import PRODUCER
from cnncalc.dialects.onnx.writing.layer_site import LayerSite, NotInOnnxError, Numbers, Operator, Sheet
from cnncalc.dialects.onnx.writing.layer_texts import layer_text
from cnncalc.dialects.onnx.writing.rule_table import READ_AS_THEY_ARE, RULES
from cnncalc.dialects.onnx.writing.stored_weights import (
    FLOAT,
    Arrays,
    ExternalWeights,
    hold,
    placed,
    refer,
    refuse_too_large,
    tensor,
)
from cnncalc.geometry import Shape
from cnncalc.graph.ir import Graph

USUAL_OPSET = 17
"""The first with LayerNormalization; what reads ONNX today reads it, and PyTorch's exporter has long written it."""

OLDEST = 11
"""The first in which Pad, Clip and Resize are told by inputs as they are now."""

IMAGES = "N"
"""The open size of a model: how many images there are."""


class WrittenModel(NamedTuple):
    """The model's file, and the one beside it; None where the model holds its weights itself."""

    model: bytes
    data: ExternalWeights | None


def write(
    graph: Graph, arrays: Arrays, *, opset: int | None = None, facts: tuple[str, ...] = (), external: str | None = None
) -> WrittenModel:
    """The net as a model; raises InputError with every line that ONNX, or this opset, cannot say.

    `arrays` gives the float32 numbers of a weight by its name, little-endian; `external` is the name of the file beside
    the model that has them; `facts` are lines about the net for those who open the model.
    """
    external = external or None
    onnx = _package()
    chosen = _opset(onnx, USUAL_OPSET if opset is None else opset)
    sheet, values = _written(graph, chosen)
    if external is None:
        refuse_too_large(sheet.weights)
    model = _model(onnx, graph, sheet, values, facts)
    _check(onnx, graph, model, sheet, values)
    if external is None:
        hold(onnx, model, sheet.weights, arrays)
        return WrittenModel(model.SerializeToString(), None)
    places = placed(sheet.weights)
    refer(onnx, model, sheet.weights, places, external)
    return WrittenModel(model.SerializeToString(), ExternalWeights(places, arrays))


def _package() -> Any:
    try:
        import onnx  # noqa: PLC0415 (an extra, and slow to import)
        import onnx.checker  # noqa: PLC0415
        import onnx.shape_inference  # noqa: PLC0415
    except ImportError:
        raise missing_extra("an ONNX model", "onnx", doing="writing") from None
    return onnx


def _opset(onnx: Any, opset: int) -> int:
    newest = int(onnx.defs.onnx_opset_version())
    if not OLDEST <= opset <= newest:
        message = f"opset {opset} is not written; the library onnx that is installed knows {OLDEST} to {newest}"
        raise input_error("wrong-operand", message, help=f"leave it out for opset {USUAL_OPSET}, or choose one of them")
    return opset


# ---------------------------------------------------------------------- operators
def _written(graph: Graph, opset: int) -> tuple[Sheet, Mapping[int, str]]:
    """All operators, and the value that each node of the net is."""
    values = {node.index: node.name for node in graph.nodes}
    sheet = Sheet(opset, tuple(node.name for node in graph.nodes if node.is_input))
    faults: list[Diagnostic] = []
    for node in graph.nodes:
        try:
            if node.is_input:
                if getattr(node.layer, "data", None) is not None:
                    raise NotInOnnxError("its numbers are stated in the text, and a model is given its pictures")
                continue
            site = LayerSite(graph, node, [values[one] for one in node.inputs], sheet)
            site.result(RULES[site.kernel](site))
            if node.layer.word != "identity" and not site.is_told_by(READ_AS_THEY_ARE.get(site.kernel, 0)):
                site.say(layer_text(graph, node))
        except NotInOnnxError as fault:
            message = f"ONNX cannot say this `{node.layer.word}`: {fault}"
            advice = "`cnncalc explain onnx` lists what can be written"
            if fault.opset is not None:
                advice = f"write the model in opset {fault.opset}, or a newer one: `--opset {fault.opset}`"
            faults.append(Diagnostic("not-in-onnx", message, node.origin.span, help=advice))
    if not sheet.operators and not faults:
        message = "there is no layer after the input, and ONNX has no model of nothing"
        span = graph.nodes[0].origin.span if graph.nodes else None
        faults.append(Diagnostic("not-in-onnx", message, span, help="write a layer after it"))
    if faults:
        raise InputError(tuple(faults[:20]), graph.source)
    return sheet, values


# ---------------------------------------------------------------------- the model
def _model(onnx: Any, graph: Graph, sheet: Sheet, values: Mapping[int, str], facts: tuple[str, ...]) -> Any:
    """The model without its weights."""
    helper = onnx.helper
    inputs = [_value(onnx, values[node.index], node.output) for node in graph.nodes if node.is_input]
    outputs = [_value(onnx, values[index], graph.nodes[index].output) for index in dict.fromkeys(graph.outputs)]
    nodes = [_node(onnx, one) for one in sheet.operators]
    title = graph.heading or graph.source.entry or "net"
    made = helper.make_graph(nodes, title, inputs, outputs, doc_string="\n".join(facts))
    imports = [helper.make_opsetid("", sheet.opset)]
    version = helper.find_min_ir_version_for(imports)
    model = helper.make_model(made, opset_imports=imports, ir_version=max(version, 6), producer_name=PRODUCER)
    model.doc_string = "\n".join(facts)
    return model


def _value(onnx: Any, name: str, shape: Shape) -> Any:
    return onnx.helper.make_tensor_value_info(name, FLOAT, [IMAGES, shape.channels, *shape.spatial])


def _node(onnx: Any, one: Operator) -> Any:
    attributes = {
        key: tensor(onnx, "", value.dims, value.raw, is_whole=value.is_whole) if isinstance(value, Numbers) else value
        for key, value in one.attributes.items()
    }
    node = onnx.helper.make_node(one.op, list(one.inputs), list(one.outputs), name=one.name, **attributes)
    node.doc_string = one.said
    return node


def _check(onnx: Any, graph: Graph, model: Any, sheet: Sheet, values: Mapping[int, str]) -> None:
    """Let the package check the model, its weights being inputs, and compare all sizes that it finds with ours."""
    seen = onnx.ModelProto()
    seen.CopyFrom(model)
    for name, dims in sheet.weights.items():
        seen.graph.input.append(onnx.helper.make_tensor_value_info(name, FLOAT, list(dims)))
    onnx.checker.check_model(seen, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(seen, check_type=True, strict_mode=True, data_prop=True)
    found = {one.name: one for one in (*inferred.graph.value_info, *inferred.graph.output)}
    for node in graph.nodes:
        one = found.get(values[node.index])
        if one is None:
            continue
        sizes = [int(dim.dim_value) for dim in one.type.tensor_type.shape.dim]
        ours = [node.output.channels, *node.output.spatial]
        if sizes and any(theirs not in (0, own) for theirs, own in zip(sizes[1:], ours, strict=True)):
            raise AssertionError(f"{node.name} is {sizes} by ONNX' own rules, and {ours} here")
