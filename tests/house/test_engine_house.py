"""The engine's house: nothing is chosen by comparing strings; tiles and codes are those of the kernels."""

from __future__ import annotations

import ast
from dataclasses import fields
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import iter_modules

import pytest

from cnncalc.kernels.engine import border, channel_shuffle, window_tile
from cnncalc.kernels.engine import fields as kernel_fields
from cnncalc.kernels.engine.join import JOINS
from cnncalc.kernels.engine.simd import ACTIVATIONS
from cnncalc.runtime.engine import ops
from cnncalc.runtime.engine.ir import Activation, Residual
from cnncalc.runtime.engine.ops.base import FusedOp, Op, Tile, TiledOp
from cnncalc.runtime.engine.ops.border import Repeated
from cnncalc.runtime.engine.ops.channel_shuffle import Dealing
from cnncalc.runtime.engine.ops.pair import Pair
from cnncalc.runtime.engine.ops.pool import Pooling
from cnncalc.runtime.engine.ops.spread import Joining
from cnncalc.runtime.engine.ops.viewed import Viewed
from cnncalc.runtime.engine.program import maker_of
from cnncalc.runtime.engine.storage import BLOCK

ENGINE = Path(__file__).parents[2] / "cnncalc" / "runtime" / "engine"


def compared_strings(text: str) -> list[int]:
    """The lines on which a string is compared, or looked for among strings that are listed there."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.MatchValue) and _is_string(node.value):
            found.append(node.lineno)
        if not isinstance(node, ast.Compare):
            continue
        for operator, right in zip(node.ops, node.comparators, strict=True):
            equal = isinstance(operator, (ast.Eq, ast.NotEq)) and (_is_string(node.left) or _is_string(right))
            listed = isinstance(right, (ast.Tuple, ast.List, ast.Set)) and any(map(_is_string, right.elts))
            if equal or listed:
                found.append(node.lineno)
    return found


def _is_string(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=lambda path: path.relative_to(ENGINE).as_posix())
def test_no_string_is_compared_in_the_engine(path: Path) -> None:
    assert compared_strings(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ['kernel == "pool"', 'a if "pool" != kernel else b', 'kernel in ("pool", "dense")'])
def test_a_compared_string_would_be_found(line: str) -> None:
    assert compared_strings(f"x = {line}\n") == [1]
    assert compared_strings('x = "fill" in numbers\n') == []


def all_ops(kind: type[Op] = Op) -> set[type[Op]]:
    """Every kind of op that steps have."""
    for module in iter_modules(ops.__path__, f"{ops.__name__}."):
        import_module(module.name)
    found = {each for below in kind.__subclasses__() for each in all_ops(below)} | {kind}
    named = {each for each in found if getattr(import_module(each.__module__), each.__name__) is each}
    return named - {Op, TiledOp, FusedOp, Pair, Viewed}  # with slots, a class is made twice


OWN_CALLS = ("winograd", "pooled_winograd", "readable")
"""Kernels of several makers, and none at all."""


@pytest.mark.parametrize("kind", sorted(all_ops(), key=lambda kind: kind.__name__))
def test_a_tile_has_the_parameters_of_its_maker(kind: type[Op]) -> None:
    if kind.kernel in OWN_CALLS:
        return
    tiles = [_tile(kind, field.type) for field in fields(kind) if field.name == "tile"]
    named = [field.name for tile in tiles for field in fields(tile)]
    assert named == list(signature(maker_of(kind.kernel)).parameters)


def _tile(kind: type[Op], name: object) -> type[Tile]:
    """The class of that name where an op, or the op that it is made of, is written."""
    found = (import_module(each.__module__).__dict__.get(str(name)) for each in kind.__mro__)
    return next(tile for tile in found if tile is not None)


def test_codes_are_the_kernels_own() -> None:
    assert [activation.name.lower() for activation in Activation] == list(ACTIVATIONS)
    assert [residual.value for residual in Residual] == [
        kernel_fields.RESIDUAL_NONE,
        kernel_fields.RESIDUAL_FIRST,
        kernel_fields.RESIDUAL_LAST,
        kernel_fields.RESIDUAL_TIMES,
    ]
    assert [pooling.value for pooling in Pooling] == [window_tile.LARGEST, window_tile.AVERAGE]
    assert [joining.name.lower() for joining in Joining] == list(JOINS)
    for codes, module in ((Dealing, channel_shuffle), (Repeated, border)):
        assert {code.name: code.value for code in codes} == {code.name: getattr(module, code.name) for code in codes}


def test_a_block_is_as_wide_as_the_kernels_take_it() -> None:
    assert import_module("cnncalc.kernels.engine.simd").BLOCK == BLOCK
