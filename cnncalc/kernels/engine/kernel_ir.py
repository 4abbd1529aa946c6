"""Turns a kernel, a plain Python function of integers, into LLVM's instructions.

The language: whole numbers of 64 bits, float32 and float64; `for` over `range`, `while`, `if`, `break`, `continue`;
tuples to assign from; min, max, `math.exp` and `math.sqrt`; intrinsics, and helper functions of whole numbers.  What is
known (numbers that the kernel closes over, and what is computed from these alone) is computed here, and an `if` that
asks for it leaves one branch only.  A variable keeps the type of what was assigned first.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import math
from collections.abc import Mapping, Sequence
from functools import cache
from types import FunctionType
from typing import Any

from cnncalc.kernels.engine.kernel_numbers import I64, KNOWN, Numbers
from cnncalc.kernels.engine.llvm import Intrinsic, Kind, cgutils, ir


def write_function(module: Any, function: Any, name: str, known: Mapping[int, Any], *, returns: bool) -> Any:
    """The function in a module: of 64-bit integers, but for arguments that are known, by their place."""
    count = function.__code__.co_argcount
    free = [place for place in range(count) if place not in known]
    kind = ir.FunctionType(I64 if returns else ir.VoidType(), [I64] * len(free))
    made = ir.Function(module, kind, name)
    made.attributes.add("nounwind")
    writer = _Writer(made, function, returns=returns)
    parameters = function.__code__.co_varnames[:count]
    values = dict(zip(free, made.args, strict=True)) | dict(known)
    writer.write({parameters[place]: value for place, value in values.items()})
    return made


@cache
def _functions(filename: str, source: str) -> dict[int, ast.FunctionDef]:
    """The functions of a file by the line on which they begin."""
    nodes = (node for node in ast.walk(ast.parse(source, filename)) if isinstance(node, ast.FunctionDef))
    return {node.lineno: node for node in nodes}


def _definition(function: Any) -> ast.FunctionDef:
    code = function.__code__
    source = "".join(linecache.getlines(code.co_filename, function.__globals__))
    return _functions(code.co_filename, source)[code.co_firstlineno]


class _Writer(Numbers):
    """Writes one function, statement by statement."""

    def __init__(self, made: Any, function: Any, *, returns: bool) -> None:
        self.made, self.function, self.returns = made, function, returns
        entry, self.start = made.append_basic_block("entry"), made.append_basic_block("start")
        self.b = ir.IRBuilder(entry)
        self.b.branch(self.start)
        self.b.position_at_end(self.start)
        self.variables: dict[str, Any] = {}
        self.loops: list[tuple[Any, Any]] = []
        cells = function.__closure__ or ()
        closed = zip(function.__code__.co_freevars, (cell.cell_contents for cell in cells), strict=True)
        self.known: dict[str, Any] = {**vars(builtins), **function.__globals__, **dict(closed)}

    def write(self, arguments: Mapping[str, Any]) -> None:
        definition = _definition(self.function)
        for name, value in arguments.items():
            if isinstance(value, KNOWN):
                self.known[name] = value
            else:
                self.assign(name, value)
        self.body(definition.body)
        if not self.b.block.is_terminated:
            self.b.unreachable() if self.returns else self.b.ret_void()

    # ------------------------------------------------------------------ statements
    def body(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            if self.b.block.is_terminated:
                return
            getattr(self, f"_{type(statement).__name__.lower()}")(statement)

    def assign(self, name: str, value: Any) -> None:
        if isinstance(value, KNOWN):
            value = self.number(value)
        place = self.variables.get(name)
        if place is None:
            place = self.variables[name] = cgutils.alloca_once(self.b, value.type)
        self.b.store(self.convert(value, place.type.pointee), place)

    def _expr(self, node: ast.Expr) -> None:
        self.value(node.value)

    def _assign(self, node: ast.Assign) -> None:
        (target,), value = node.targets, self.value(node.value)
        if isinstance(target, ast.Tuple):
            for name, one in zip(target.elts, value, strict=True):
                self.assign(name.id, one)  # type: ignore[attr-defined]
        else:
            self.assign(target.id, value)  # type: ignore[attr-defined]

    def _augassign(self, node: ast.AugAssign) -> None:
        name: str = node.target.id  # type: ignore[union-attr]
        self.assign(name, self.arithmetic(type(node.op), self.name(name), self.value(node.value)))

    def _return(self, node: ast.Return) -> None:
        if node.value is None:
            self.b.ret_void()
        else:
            self.b.ret(self.convert(self.value(node.value), I64))

    def _break(self, _: ast.Break) -> None:
        self.b.branch(self.loops[-1][1])

    def _continue(self, _: ast.Continue) -> None:
        self.b.branch(self.loops[-1][0])

    def _if(self, node: ast.If) -> None:
        test = self.value(node.test)
        if isinstance(test, KNOWN):
            self.body(node.body if test else node.orelse)
            return
        ways = [self.b.append_basic_block("if"), self.b.append_basic_block("else")]
        self.b.cbranch(self.truth(test), *ways)
        after = None
        for block, statements in zip(ways, (node.body, node.orelse), strict=True):
            self.b.position_at_end(block)
            self.body(statements)
            if not self.b.block.is_terminated:
                after = after or self.made.append_basic_block("endif")
                self.b.branch(after)
        if after is not None:
            self.b.position_at_end(after)

    def _while(self, node: ast.While) -> None:
        test, body, end = (self.made.append_basic_block(f"while.{part}") for part in ("test", "body", "end"))
        self.b.branch(test)
        self.b.position_at_end(test)
        asked = self.value(node.test)
        if isinstance(asked, KNOWN):
            self.b.branch(body if asked else end)
        else:
            self.b.cbranch(self.truth(asked), body, end)
        self.turn(node.body, body, test, end)

    def turn(self, statements: Sequence[ast.stmt], body: Any, following: Any, end: Any) -> None:
        """The body of a loop; `continue` leads to what follows it."""
        self.loops.append((following, end))
        self.b.position_at_end(body)
        self.body(statements)
        if not self.b.block.is_terminated:
            self.b.branch(following)
        self.loops.pop()
        self.b.position_at_end(end)

    def _for(self, node: ast.For) -> None:
        """Over a `range` whose step is above zero."""
        given = [self.number(self.value(one)) for one in node.iter.args]  # type: ignore[attr-defined]
        first, last, step = [I64(0), *given, I64(1)] if len(given) == 1 else [*given, I64(1)][:3]
        place = cgutils.alloca_once_value(self.b, first)
        test, body, following, end = (
            self.made.append_basic_block(f"for.{part}") for part in ("test", "body", "next", "end")
        )
        self.b.branch(test)
        self.b.position_at_end(test)
        here = self.b.load(place)
        self.b.cbranch(self.b.icmp_signed("<", here, last), body, end)
        self.b.position_at_end(following)
        self.b.store(self.b.add(self.b.load(place), step, flags=["nsw"]), place)
        self.b.branch(test)
        self.b.position_at_end(body)
        self.assign(node.target.id, here)  # type: ignore[attr-defined]
        self.turn(node.body, body, following, end)

    # ------------------------------------------------------------------ values
    def value(self, node: ast.expr) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def name(self, name: str) -> Any:
        return self.b.load(self.variables[name]) if name in self.variables else self.known[name]

    def _name(self, node: ast.Name) -> Any:
        return self.name(node.id)

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _tuple(self, node: ast.Tuple) -> Any:
        return tuple(map(self.value, node.elts))

    def _attribute(self, node: ast.Attribute) -> Any:
        return getattr(self.value(node.value), node.attr)

    def _binop(self, node: ast.BinOp) -> Any:
        return self.arithmetic(type(node.op), self.value(node.left), self.value(node.right))

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.value(node.operand)
        if isinstance(node.op, ast.USub):
            return self.arithmetic(ast.Sub, 0, value)
        return not value if isinstance(value, KNOWN) else self.b.not_(self.truth(value))

    def _boolop(self, node: ast.BoolOp) -> Any:
        """All operands are computed, unless one that is known decides before."""
        made: Any = isinstance(node.op, ast.And)
        decides = not made
        for operand in node.values:
            value = self.value(operand)
            if isinstance(value, KNOWN):
                if bool(value) == decides:
                    return decides
                continue
            value = self.truth(value)
            join = self.b.and_ if isinstance(node.op, ast.And) else self.b.or_
            made = value if isinstance(made, bool) else join(made, value)
        return made

    def _compare(self, node: ast.Compare) -> Any:
        left, made = self.value(node.left), None
        for sign, operand in zip(node.ops, node.comparators, strict=True):
            right = self.value(operand)
            met = self.comparison(type(sign), left, right)
            made = met if made is None else self.b.and_(self.truth(made), self.truth(met))
            left = right
        return made

    def _ifexp(self, node: ast.IfExp) -> Any:
        test = self.value(node.test)
        if isinstance(test, KNOWN):
            return self.value(node.body if test else node.orelse)
        ways = [self.b.append_basic_block("if"), self.b.append_basic_block("else")]
        after = self.made.append_basic_block("endif")
        self.b.cbranch(self.truth(test), *ways)
        made = []
        for block, operand in zip(ways, (node.body, node.orelse), strict=True):
            self.b.position_at_end(block)
            made.append((self.number(self.value(operand)), self.b.block))
        kind = self.common(*(value for value, _ in made))
        incoming = []
        for value, block in made:
            self.b.position_at_end(block)
            incoming.append((self.convert(value, kind), block))
            self.b.branch(after)
        self.b.position_at_end(after)
        phi = self.b.phi(kind)
        for value, block in incoming:
            phi.add_incoming(value, block)
        return phi

    def _call(self, node: ast.Call) -> Any:
        called, arguments = self.value(node.func), [self.value(argument) for argument in node.args]
        if isinstance(called, Intrinsic):
            return called.written(self.b, arguments, self.convert)
        if isinstance(called, Kind):
            return self.convert(arguments[0], called.llvm)
        if called in (min, max):
            if all(isinstance(one, KNOWN) for one in arguments):
                return called(*arguments)
            one, other = map(self.number, arguments)
            return self.b.select(self.b.icmp_signed("<" if called is min else ">", other, one), other, one)
        if called in (math.exp, math.sqrt):
            return self.mathematics(called.__name__, self.number(arguments[0]))
        return self.helper(called, arguments)

    def helper(self, function: FunctionType, arguments: Sequence[Any]) -> Any:
        """A call of another plain function of whole numbers, written for the numbers that are known."""
        known = {place: one for place, one in enumerate(arguments) if isinstance(one, KNOWN)}
        name = "_".join([function.__name__, *(f"{place}is{one}" for place, one in known.items())])
        made = self.made.module.globals.get(name)
        if made is None:
            made = write_function(self.made.module, function, name, known, returns=True)
            made.linkage = "internal"
        return self.b.call(made, [one for place, one in enumerate(arguments) if place not in known])
