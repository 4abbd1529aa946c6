"""What Python users call is typed: no `Any`, and a program of theirs passes mypy --strict."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
import pytest

import cnncalc

OFFERED = [getattr(cnncalc, name) for name in cnncalc.__all__ if name not in ("__version__", "load_ipython_extension")]


def test_no_public_signature_has_any() -> None:
    untyped = [place for place, hint in hints() if has_any(hint)]
    assert untyped == []


def test_the_walk_sees_what_is_offered() -> None:
    """So that an empty walk does not pass for typed: methods, properties, fields and answers are among the hints."""
    places = {place for place, _ in hints()}
    assert len(places) > 150
    known = {"load.settings", "Model.run.array", "Model.params.return", "NetLayer.macs", "Session.layers.only"}
    assert known <= places
    assert {"MemoryAnswer.peak.return", "DrawnPicture.save.path", "NetSweep.draw.return", "NetField.jump"} <= places


@pytest.mark.parametrize("hint", [Any, list[Any], dict[str, Any] | None, Callable[..., int], np.ndarray[Any, Any]])
def test_an_any_is_found(hint: object) -> None:
    assert has_any(hint)


def has_any(hint: object) -> bool:
    """Whether a type is or holds Any; NDArray's shape is Any by its own definition, and so are parts of ArrayLike."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any or hint is ...:
        return True
    if origin is np.ndarray:
        return has_any(arguments[1])
    if getattr(origin, "__module__", "").startswith("numpy") and origin is not np.dtype:
        return False
    if origin is tuple and arguments[-1:] == (...,):
        arguments = arguments[:1]
    if isinstance(arguments, tuple) and hint is not inspect.Parameter.empty:
        return any(has_any(one) for one in (*flat(arguments),))
    return False


def flat(arguments: tuple[object, ...]) -> Iterator[object]:
    for one in arguments:
        if isinstance(one, list):
            yield from one
        elif not isinstance(one, str | int | bool):
            yield one


def hints() -> Iterator[tuple[str, object]]:
    """Where each type of a public signature stands, with the type; what calls give is walked too."""
    waiting, seen = list(OFFERED), set[object]()
    while waiting:
        thing = waiting.pop()
        if thing in seen:
            continue
        seen.add(thing)
        is_class = inspect.isclass(thing)
        for place, hint in of_class(thing) if is_class else of_call(thing, thing.__name__):
            yield place, hint
            if thing in OFFERED if is_class else place.endswith(".return"):
                waiting += answers(hint)


def answers(hint: object) -> list[type]:
    """The classes of ours that a type holds and that are made for Python users: not the nouns of an analysis."""
    found = [hint] if inspect.isclass(hint) and hint.__module__.startswith("cnncalc.") else []
    made = [one for one in found if re.search(r"library|answer|drawn_picture|run_maps|questioning", one.__module__)]
    return made + [inner for one in get_args(hint) for inner in answers(one)]


def of_class(cls: type) -> Iterator[tuple[str, object]]:
    for name, member in inspect.getmembers_static(cls):
        if name.startswith("_") or (inspect.isfunction(member) and not member.__module__.startswith("cnncalc")):
            continue
        call = {property: "fget", cached_property: "func", classmethod: "__func__"}.get(type(member))
        function = getattr(member, call) if call else member
        if inspect.isfunction(inspect.unwrap(function)) and function.__module__.startswith("cnncalc"):
            yield from of_call(inspect.unwrap(function), f"{cls.__name__}.{name}")
    if is_dataclass(cls) or hasattr(cls, "_fields"):
        for name, hint in get_type_hints(cls, localns=names_for_types(cls.__module__)).items():
            if not name.startswith("_"):
                yield f"{cls.__name__}.{name}", hint


def of_call(call: Callable[..., object], place: str) -> Iterator[tuple[str, object]]:
    function = inspect.unwrap(call)
    found = get_type_hints(function, localns=names_for_types(function.__module__))
    wanted = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]
    for name in (*wanted, "return"):
        yield f"{place}.{name}", found.get(name, Any)


def names_for_types(module: str) -> dict[str, object]:
    """What a module imports for type checkers alone."""
    tree = ast.parse(inspect.getsource(import_module(module)))
    blocks = [node.body for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    found = {"np": np}
    for node in (node for block in blocks for node in block if isinstance(node, ast.ImportFrom)):
        found |= {alias.name: getattr(import_module(node.module or ""), alias.name) for alias in node.names}
    return found


PROGRAM = """
from typing import assert_type

import numpy as np
from numpy.typing import NDArray

import cnncalc

Numbers = NDArray[np.float32 | np.float64]

net = cnncalc.load("input 28x28x1; conv 8 3x3 relu; flatten; dense 10")
assert_type(net, cnncalc.Model)
assert_type(net.params, int)
assert_type(net.macs + net.flops + net.peak_memory, int)
assert_type([layer.output.height for layer in net.layers][0], int)
assert_type(net.layers["conv1"], cnncalc.NetLayer)
assert_type(net.layers[1:3], tuple[cnncalc.NetLayer, ...])
assert_type(net.conventions["fvcore"], int | None)
if net.receptive_field is not None:
    assert_type(net.receptive_field.size, tuple[int, ...])
session = net.prepare(seed=1, batch=4)
assert_type(session, cnncalc.Session)
images = np.zeros((2, *net.input))
assert_type(session.outputs(images)["dense1"], Numbers)
assert_type(session.layers({"input1": images}, only=["conv1"]), dict[str, Numbers])
assert_type(session.run(images), Numbers | tuple[Numbers, ...])
assert_type(session.predict(images)[0][0].score, float)
assert_type(net.run([[0.0] * 28] * 28), Numbers | tuple[Numbers, ...])
assert_type(cnncalc.compare(net, "vgg16").totals.params, int)
assert_type([row.macs for row in cnncalc.sweep(net, input=[28, 56]).rows][0], int | None)
text: str = net.summary(columns=["output", "params"], depth=1, width=None)
try:
    cnncalc.load("net.txt", settings={"n": 16}, input_size=(28, 28, 1), until=3)
except cnncalc.InputError as error:
    assert_type(error.diagnostics[0].message, str)
"""


def checked(program: Path) -> str:
    words = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={program.parent}", str(program)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=Path(cnncalc.__file__).parents[1])
    return ran.stdout + ran.stderr


def test_a_program_of_a_user_passes_mypy(tmp_path: Path) -> None:
    """And one with a wrong type does not: mypy sees our types."""
    pytest.importorskip("mypy")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM + "wrong: str = net.params\n")
    said = checked(program)
    assert [line for line in said.splitlines() if line.startswith(str(program))] == [
        (
            f"{program}:{PROGRAM.count(chr(10)) + 1}: error: Incompatible types in assignment "
            '(expression has type "int", variable has type "str")  [assignment]'
        )
    ], said
