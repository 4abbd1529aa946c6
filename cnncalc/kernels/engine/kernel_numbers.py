"""Arithmetic of kernels: what `+` or `<` of two numbers is in LLVM's instructions.

Numbers are whole ones of 64 bits, float32 and float64, or known while instructions are written: then Python computes.
As in Python, `//` rounds down and `%` has the sign of its divisor; float32 with a float64 or a whole number is float64.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.llvm import cgutils, ir

I1, I64, F32, F64 = ir.IntType(1), ir.IntType(64), ir.FloatType(), ir.DoubleType()
FLOATS = (F32, F64)
KNOWN: Any = (bool, int, float, str, tuple)

PYTHON: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.RShift: operator.rshift,
    ast.LShift: operator.lshift,
    ast.BitAnd: operator.and_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
SIGNS: dict[type, str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
WHOLE: dict[type, str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.RShift: "ashr",
    ast.LShift: "shl",
    ast.BitAnd: "and_",
}
REAL: dict[type, str] = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}


class Numbers:
    """Writes arithmetic at the builder's place."""

    b: Any

    def number(self, value: Any) -> Any:
        """A value of the machine."""
        if not isinstance(value, KNOWN):
            return value
        return ir.Constant(F64, value) if isinstance(value, float) else I64(int(value))

    def truth(self, value: Any) -> Any:
        value = self.number(value)
        return value if value.type == I1 else self.b.icmp_signed("!=", value, I64(0))

    def common(self, one: Any, other: Any) -> Any:
        kinds = {one.type, other.type}
        if len(kinds) == 1:
            return one.type
        return F64 if kinds & set(FLOATS) else I64

    def convert(self, value: Any, kind: Any) -> Any:
        """The value as that kind of number."""
        value = self.number(value)
        if value.type == kind:
            return value
        if kind in FLOATS:
            if value.type in FLOATS:
                return self.b.fpext(value, kind) if kind == F64 else self.b.fptrunc(value, kind)
            return self.b.sitofp(self.convert(value, I64), kind)
        return self.b.zext(value, kind)

    def comparison(self, sign: type, one: Any, other: Any) -> Any:
        if isinstance(one, KNOWN) and isinstance(other, KNOWN):
            return PYTHON[sign](one, other)
        one, other = self.number(one), self.number(other)
        kind = self.common(one, other)
        one, other = self.convert(one, kind), self.convert(other, kind)
        if kind not in FLOATS:
            return self.b.icmp_signed(SIGNS[sign], one, other)
        compare = self.b.fcmp_unordered if sign is ast.NotEq else self.b.fcmp_ordered
        return compare(SIGNS[sign], one, other)

    def arithmetic(self, how: type, one: Any, other: Any) -> Any:
        if isinstance(one, KNOWN) and isinstance(other, KNOWN):
            return PYTHON[how](one, other)
        one, other = self.number(one), self.number(other)
        kind = F64 if how is ast.Div and self.common(one, other) not in FLOATS else self.common(one, other)
        kind = I64 if kind == I1 else kind
        one, other = self.convert(one, kind), self.convert(other, kind)
        if kind in FLOATS:
            return getattr(self.b, REAL[how])(one, other)
        if how in WHOLE:
            return getattr(self.b, WHOLE[how])(one, other)
        return self.division(how, one, other)

    def division(self, how: type, one: Any, other: Any) -> Any:
        """Rounded down, and what is left; by zero it is anything, but ends no process."""
        b = self.b
        if isinstance(other, ir.Constant) and other.constant > 0 and other.constant & (other.constant - 1) == 0:
            if how is ast.Mod:
                return b.and_(one, I64(other.constant - 1))
            return b.ashr(one, I64(other.constant.bit_length() - 1))
        divisor = (
            other if isinstance(other, ir.Constant) else b.select(b.icmp_signed("==", other, I64(0)), I64(1), other)
        )
        rest = b.srem(one, divisor)
        below = b.and_(b.icmp_signed("!=", rest, I64(0)), b.icmp_signed("<", b.xor(rest, divisor), I64(0)))
        if how is ast.Mod:
            return b.add(rest, b.select(below, divisor, I64(0)))
        return b.sub(b.sdiv(one, divisor), b.zext(below, I64))

    def mathematics(self, name: str, value: Any) -> Any:
        value = value if value.type in FLOATS else self.convert(value, F64)
        full = f"llvm.{name}.{'f32' if value.type == F32 else 'f64'}"
        kind = ir.FunctionType(value.type, [value.type])
        return self.b.call(cgutils.get_or_insert_function(self.b.module, kind, full), [value])
