"""The nodes of an ONNX file as a text, so that messages can point at them: line 12 is node 12."""

from __future__ import annotations

from typing import Any

from cnncalc.dialects.onnx.onnx_records import ModelRecord, NodeRecord, TensorRecord

LONGEST_LINE = 300
MOST_SHOWN = 8
"""Numbers of an attribute that are shown."""


def text_of(model: ModelRecord) -> str:
    """One line a node, in the order of the file; the graph's inputs come behind the last one."""
    inputs = [f"input {one.name} {_sizes(one.dims)}" for one in model.inputs]
    return "\n".join(_plain(line) for line in (*map(_line, model.nodes), *inputs))


def _line(node: NodeRecord) -> str:
    """`Conv /conv1/Conv(input, conv1.weight) kernel_shape=7x7 strides=2x2 -> /conv1/Conv_output_0`."""
    op = f"{node.domain}.{node.op}" if node.domain else node.op
    name = f" {node.name}" if node.name else ""
    reads = ", ".join(one or "-" for one in node.inputs)
    said = " ".join(f"{key}={_value(value)}" for key, value in node.attributes.items())
    return f"{op}{name}({reads}){' ' if said else ''}{said} -> {', '.join(one or '-' for one in node.outputs)}"


def _sizes(dims: tuple[int | str, ...] | None) -> str:
    return "?" if dims is None else "x".join(str(one or "?") for one in dims)


def _value(value: Any) -> str:
    if isinstance(value, TensorRecord):
        return f"<{_sizes(value.dims) or 'number'}>"
    if isinstance(value, tuple):
        shown = [_value(one) for one in value[:MOST_SHOWN]]
        between = "x" if all(type(one) is int for one in value) else ","
        return between.join(shown) + ("..." if len(value) > MOST_SHOWN else "")
    if isinstance(value, float):
        return f"{value:.6g}"
    return "<graph>" if value is None else str(value)


def _plain(line: str) -> str:
    """The line on one line, without letters that are no text."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in line[: LONGEST_LINE + 1])
    return shown if len(shown) <= LONGEST_LINE else f"{shown[: LONGEST_LINE - 3]}..."
