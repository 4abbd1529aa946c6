"""What the nodes of an ONNX file are called here, and the modules that they are parts of.

PyTorch's exporters write the path of modules: the older one into the name (`/layer1/layer1.0/conv1/Conv`), the newer
one beside it, with classes.  TensorFlow's names have such paths too.  Where a name says nothing (`Conv_12`), that of
the weights does (`layer1.0.conv1.weight`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.dialects.onnx.onnx_records import PRODUCER, NodeRecord
from cnncalc.dialects.traced.trace import Call, Module, Trace

Path = tuple[str, ...]

DEEPEST = 20
"""Modules in each other; what is deeper belongs to the one at that depth."""

LONGEST_PART = 60
"""Letters of one part of a path."""

BLOCK = "block"
"""What a module is called whose class nobody says."""

_ODD = re.compile(r"[^A-Za-z0-9_]+")
_WEIGHT_ENDING = re.compile(
    r"[._/](weights?|kernel|bias|w|b|w_0|b_0|gamma|beta|scale|running_mean|running_var|weight_.*)$"
)
_SAYS_NOTHING = re.compile(r"^(onnx::.*|node_.*|_.*|val_?[0-9]+|[0-9]+|p2o\..*|Unnamed.*|n[0-9]+)$")


def _is_numbered_operator(name: str, op: str) -> bool:
    return re.fullmatch(rf"(.*[./])?{re.escape(op)}[._]*[0-9]*", name, re.IGNORECASE) is not None


def cleaned(part: str) -> str:
    """A part of a path as a name of ours.

    >>> cleaned("StatefulPartitionedCall:0")
    'StatefulPartitionedCall_0'
    """
    return _ODD.sub("_", part).strip("_")[:LONGEST_PART]


def scope_of(node: NodeRecord) -> Path:
    """The path of the innermost module around a node; empty where none is said.

    >>> scope_of(NodeRecord(1, "Conv", "", "/layer1/layer1.0/conv1/Conv", (), (), {}))
    ('layer1', '0', 'conv1')
    """
    names = [name for name, _ in node.scope][:-1]
    if names:
        return tuple(map(cleaned, names[-1].split(".")))[:DEEPEST] if names[-1] else ()
    found: list[str] = []
    before = ""
    for part in node.name.strip("/").split("/")[:-1]:
        rest = part.removeprefix(f"{before}.") if before and part.startswith(f"{before}.") else part
        found += [word for one in rest.split(".") if (word := cleaned(one))]
        before = part
    return tuple(found)[:DEEPEST]


class NodeModules:
    """The modules of a file, made as its nodes are read."""

    def __init__(self, nodes: Sequence[NodeRecord], package: Any) -> None:
        self.package = package
        self.root = self._made("")
        self._scopes = _without_first({node.place: scope_of(node) for node in nodes})
        self._names = {node.place: node.name for node in nodes}
        self._classes = self._said(nodes)
        self._deeper = {path[:depth] for path in self._scopes.values() for depth in range(len(path))}
        """Paths of modules that hold others."""
        self._modules: dict[Path, Module] = {(): self.root}
        self._open: list[Call] = []
        self._open_path: Path = ()
        self._called = 0
        self.root.library = self._classes.get((), "")

    def _made(self, kind: str) -> Module:
        return Module(None, library=kind, package=self.package)

    def _said(self, nodes: Iterable[NodeRecord]) -> dict[Path, str]:
        """The class of each module, where the file has them."""
        found: dict[Path, str] = {}
        for node in nodes:
            for name, kind in node.scope[:-1]:
                path = tuple(map(cleaned, name.split(".")))[:DEEPEST] if name else ()
                found.setdefault(path, cleaned(kind.rpartition(".")[2]))
        return found

    # ------------------------------------------------------------------ which module
    def enter(self, node: NodeRecord, trace: Trace, span: Span) -> None:
        """Let the trace be inside the modules that hold others around a node."""
        path = self._scopes[node.place]
        around = next(path[:depth] for depth in range(len(path), -1, -1) if path[:depth] in self._deeper or not depth)
        same = 0
        while same < min(len(around), len(self._open_path)) and around[same] == self._open_path[same]:
            same += 1
        del self._open[same:]
        for _ in around[same:]:
            self._called += 1
            self._open.append(Call(self._called, span, ()))
        self._open_path = around
        trace.entered = [self._module(around[: depth + 1]) for depth in range(len(around))]
        trace.calls = list(self._open)

    def module(self, node: NodeRecord, weights: Sequence[str]) -> Module:
        """The module of a node's own layer: one that holds no others; without a name where nothing gives it one.

        PyTorch's newer exporter merges a batch norm into the convolution before it and keeps the place of the norm:
        the weights' own name beside it is right.
        """
        path, own = self._scopes[node.place], _path_of_weights(weights)
        if path and (own == path or node.domain == PRODUCER):
            return self._module(path)
        if path and path not in self._deeper:
            return self._module(own if own[:-1] == path[:-1] and len(own) == len(path) else path)
        name = self._own_name(node, own, path)
        return self._module((*path, name)) if name else self._made("")

    def _own_name(self, node: NodeRecord, weights: Path, around: Path) -> str:
        """What a node's name, else that of its weights, calls the layer; the modules around it are left out."""
        name = node.name
        if name and "/" not in name and not _SAYS_NOTHING.match(name) and not _is_numbered_operator(name, node.op):
            return cleaned(name)
        return ".".join(weights[len(around) :] if weights[: len(around)] == around else weights)

    def _module(self, path: Path) -> Module:
        if path not in self._modules:
            made = self._modules[path] = self._made(self._classes.get(path, "") or BLOCK)
            self._module(path[:-1]).parts[path[-1]] = made
        return self._modules[path]


def _path_of_weights(names: Sequence[str]) -> Path:
    """The module that weights are named after; empty where no name says one."""
    for name in names:
        path = _WEIGHT_ENDING.sub("", name)
        if path != name and not _SAYS_NOTHING.match(name):
            return tuple(word for one in re.split(r"[./]", path) if (word := cleaned(one)))[:DEEPEST]
    return ()


def _without_first(scopes: dict[int, Path]) -> dict[int, Path]:
    """The paths without the modules that all nodes are in: `StatefulPartitionedCall`."""
    said = [path for path in scopes.values() if path]
    depth = 0
    while said and all(len(path) > depth + 1 for path in said) and len({path[depth] for path in said}) == 1:
        depth += 1
    return {place: path[depth:] for place, path in scopes.items()}
