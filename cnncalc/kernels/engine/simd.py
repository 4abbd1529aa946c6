"""Vectors of float32 in generated code: loads, stores, broadcasts, arithmetic and the activation functions.

numba's own loops reach a third of the machine's peak (102 of 225 GFLOP/s on a 3x3 convolution with 128 channels, two
cores): LLVM does not find the register tile by itself.  So the innermost tiles are written as vector instructions
by intrinsics; everything around them stays compiled Python.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt
from typing import Any

from cnncalc.kernels.engine.fields import F32, I64
from cnncalc.kernels.engine.functions import FUNCTIONS, applied
from cnncalc.kernels.engine.llvm import binding, cgutils, ir

BLOCK = 16
"""Channels that lie together in a blocked map, whatever the width of the CPU's vectors."""

I32 = ir.IntType(32)
ACTIVATIONS = (
    *("clamp", "leaky", "silu", "sigmoid", "tanh", "hardswish", "hardsigmoid"),
    *("elu", "gelu", "mish", "prelu"),
    *("box", *FUNCTIONS),
)
"""What a kernel can apply before it stores.  `clamp` to [LOW, HIGH] is also ReLU, ReLU6 and none; the slope is LOW.

ELU is LOW * (exp(x) - 1) below zero and HIGH * x above, as SELU is; PReLU has a vector of slopes.
"""

ALONE = frozenset(("box", *FUNCTIONS)) - {"softplus", "softplus_beta", "gelu_approximate", "hardsigmoid_sloped"}
"""Those that no sum goes into, and that nothing is folded into."""

SUMMED = 256
"""Terms that a long sum takes in sequence in float32: a million in sequence were 1e-2 off."""

LOG2 = log(2)
EXP_TERMS = (1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1.0, 1.0)
ERF_TERMS = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
ERF_SCALE = 0.3275911
"""Abramowitz and Stegun 7.1.26: the error function within 1.5e-7."""

EXP_LIMIT = 87.0
"""Beyond it exp leaves float32."""

NO_LESS = -EXP_LIMIT
"""What is further below zero is taken for it by x * sigmoid(x) and the like, which then has all but vanished."""

MISH_LIMIT = 20.0
"""Beyond it mish(x) is x."""


def host_lanes() -> int:
    """Floats in a vector register of this CPU: 16 with AVX-512, 8 with AVX2 and fused multiply-add, else 4.

    16-wide code on an AVX2 machine runs at a fifth of its speed: the registers do not suffice.
    """
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 16
    return 8 if features.get("avx2") and features.get("fma") else 4


class Simd:
    """Writes vector instructions of one width at the builder's place."""

    def __init__(self, builder: Any, lanes: int) -> None:
        self.builder, self.lanes = builder, lanes
        self.type = ir.VectorType(F32, lanes)

    def pointer(self, address: Any) -> Any:
        """The float at an address."""
        return self.builder.inttoptr(address, F32.as_pointer())

    def at(self, pointer: Any, distance: Any) -> Any:
        """The float so many floats further; a distance known now costs nothing."""
        if isinstance(distance, int):
            return self.builder.gep(pointer, [I64(distance)]) if distance else pointer
        return self.builder.gep(pointer, [distance])

    def times(self, value: Any, count: int) -> Any:
        """count * a 64-bit value."""
        return self.builder.mul(value, I64(count)) if count else I64(0)

    def load(self, pointer: Any) -> Any:
        return self.builder.load(pointer, align=4, typ=self.type)

    def store(self, value: Any, pointer: Any) -> None:
        self.builder.store(value, self.builder.bitcast(pointer, self.type.as_pointer()), align=4)

    def lanes_between(self, first: Any, last: Any, lane: int) -> Any:
        """Which lanes of a vector that begins at that lane of a block lie in first .. last (64-bit), `last` not."""
        kind = ir.VectorType(I64, self.lanes)
        places = ir.Constant(kind, [lane + i for i in range(self.lanes)])
        low, high = self.splat(first, I64), self.splat(last, I64)
        from_first = self.builder.icmp_signed(">=", places, low)
        return self.builder.and_(from_first, self.builder.icmp_signed("<", places, high))

    def load_some(self, pointer: Any, lanes: Any, others: Any) -> Any:
        """These lanes from memory; the rest of memory is not touched, and has the values of `others`."""
        place = self.builder.bitcast(pointer, self.type.as_pointer())
        return self._masked("load", self.type, place, I32(4), lanes, others)

    def store_some(self, value: Any, pointer: Any, lanes: Any) -> None:
        """These lanes into memory."""
        self._masked(
            "store", ir.VoidType(), value, self.builder.bitcast(pointer, self.type.as_pointer()), I32(4), lanes
        )

    def _masked(self, name: str, result: Any, *arguments: Any) -> Any:
        kind = ir.FunctionType(result, [argument.type for argument in arguments])
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.masked.{name}.v{self.lanes}f32.p0")
        return self.builder.call(function, arguments)

    def prefetch(self, pointer: Any, near: int, *, to_write: bool = False) -> None:
        """Ask for the memory there in advance, for the first cache (3) or the second (2)."""
        bytes_ = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [bytes_, I32, I32, I32])
        function = cgutils.get_or_insert_function(self.builder.module, kind, "llvm.prefetch.p0")
        self.builder.call(function, [self.builder.bitcast(pointer, bytes_), I32(int(to_write)), I32(near), I32(1)])

    def sum_of(self, count: Any, term: Callable[[Any], Any]) -> Any:
        """The sum of `term(i)`, a vector, for i below a 64-bit count: float32 within SUMMED terms, float64 beyond."""
        b, double = self.builder, ir.VectorType(ir.DoubleType(), self.lanes)
        total, part = self.variable(ir.Constant(double, [0.0] * self.lanes)), self.variable(self.constant(0.0))
        b.store(ir.Constant(double, [0.0] * self.lanes), total)
        parts = b.sdiv(b.add(count, I64(SUMMED - 1)), I64(SUMMED))
        with cgutils.for_range(b, parts) as turn:
            first = self.times(turn.index, SUMMED)
            rest = b.sub(count, first)
            few = b.icmp_signed("<", rest, I64(SUMMED))
            b.store(self.constant(0.0), part)
            with cgutils.for_range(b, b.select(few, rest, I64(SUMMED))) as place:
                value = term(b.add(first, place.index))
                b.store(self.add(b.load(part), value), part)
            b.store(b.fadd(b.load(total), b.fpext(b.load(part), double)), total)
        return b.fptrunc(b.load(total), self.type)

    def constant(self, value: float) -> Any:
        return ir.Constant(self.type, [value] * self.lanes)

    def splat(self, scalar: Any, kind: Any = F32) -> Any:
        """The scalar in every lane."""
        nowhere = ir.Constant(ir.VectorType(kind, self.lanes), ir.Undefined)
        first = self.builder.insert_element(nowhere, scalar, I32(0))
        return self.builder.shuffle_vector(first, nowhere, ir.Constant(ir.VectorType(I32, self.lanes), None))

    def variable(self, value: Any) -> Any:
        """A place that LLVM will turn into a register."""
        return cgutils.alloca_once_value(self.builder, value)

    def fma(self, a: Any, b: Any, c: Any) -> Any:
        """a * b + c, rounded once."""
        return self.math("fma", a, b, c)

    def fma_of_one(self, a: Any, b: Any, c: Any) -> Any:
        """The same of single numbers."""
        function = cgutils.get_or_insert_function(self.builder.module, ir.FunctionType(F32, [F32] * 3), "llvm.fma.f32")
        return self.builder.call(function, [a, b, c])

    def add(self, a: Any, b: Any) -> Any:
        return self.builder.fadd(a, b)

    def subtract(self, a: Any, b: Any) -> Any:
        return self.builder.fsub(a, b)

    def multiply(self, a: Any, b: Any) -> Any:
        return self.builder.fmul(a, b)

    def larger(self, bound: Any, value: Any) -> Any:
        """The larger; a NaN in `value` stays."""
        return self.builder.select(self.builder.fcmp_ordered("<", value, bound), bound, value)

    def smaller(self, bound: Any, value: Any) -> Any:
        """The smaller; a NaN in `value` stays."""
        return self.builder.select(self.builder.fcmp_ordered(">", value, bound), bound, value)

    def largest_or_nan(self, a: Any, b: Any) -> Any:
        """The larger; a NaN on either side stays."""
        keep = self.builder.or_(self.builder.fcmp_ordered(">=", a, b), self.builder.fcmp_unordered("uno", a, a))
        return self.builder.select(keep, a, b)

    def activated(self, name: str, value: Any, low: Any, high: Any) -> Any:
        """The activation of a vector; `low` and `high` are vectors too."""
        ways = {
            "clamp": lambda: self.smaller(high, self.larger(low, value)),
            "leaky": lambda: self._sloped(value, low),
            "prelu": lambda: self._sloped(value, low),
            "elu": lambda: self._elu(value, low, high),
            "gelu": lambda: self.multiply(self.multiply(value, self.constant(0.5)), self.erf_and_one(value)),
            "mish": lambda: self._mish(value),
            "hardsigmoid": lambda: self._hard_gate(value),
            "hardswish": lambda: self.multiply(value, self._hard_gate(value)),
            "sigmoid": lambda: self.sigmoid(value),
            "silu": lambda: self.gated(value, self.sigmoid(value)),
            "tanh": lambda: self.tanh(value),
            "box": lambda: value,
        }
        return ways[name]() if name in ways else applied(self, name, value, low, high)

    def _sloped(self, value: Any, slope: Any) -> Any:
        return self.builder.select(self._negative(value), self.multiply(value, slope), value)

    def _elu(self, value: Any, low: Any, high: Any) -> Any:
        below = self.subtract(self.exp(self.smaller(self.constant(0.0), value)), self.constant(1.0))
        return self.builder.select(self._negative(value), self.multiply(below, low), self.multiply(value, high))

    def _mish(self, value: Any) -> Any:
        """x * tanh(log(1 + exp(x))), which is x * product / (product + 2) with product = exp(x) * (exp(x) + 2)."""
        power = self.exp(self.smaller(self.constant(MISH_LIMIT), value))
        product = self.multiply(power, self.add(power, self.constant(2.0)))
        return self.gated(value, self.builder.fdiv(product, self.add(product, self.constant(2.0))))

    def gated(self, value: Any, gate: Any) -> Any:
        """value * gate, where the gate closes as exp(value) does: it is never quite 0, so -1e38 would come through."""
        return self.multiply(self.larger(self.constant(NO_LESS), value), gate)

    def _hard_gate(self, value: Any) -> Any:
        lifted = self.larger(self.constant(0.0), self.add(value, self.constant(3.0)))
        return self.builder.fdiv(self.smaller(self.constant(6.0), lifted), self.constant(6.0))

    def tanh(self, value: Any) -> Any:
        gate = self.sigmoid(self.add(value, value))
        return self.subtract(self.multiply(self.constant(2.0), gate), self.constant(1.0))

    def root(self, value: Any) -> Any:
        """The square root."""
        return self.math("sqrt", value)

    def reduced(self, name: str, vector: Any, *before: Any) -> Any:
        """All lanes as one number, pairwise: `fmax`, or `fadd` with a number before them."""
        kind = ir.FunctionType(F32, [*(each.type for each in before), self.type])
        symbol = f"llvm.vector.reduce.{name}.v{self.lanes}f32"
        function = cgutils.get_or_insert_function(self.builder.module, kind, symbol)
        return self.builder.call(function, [*before, vector], fastmath=("reassoc",))

    def root_of_double(self, value: Any) -> Any:
        """The square root of a vector of float64."""
        kind = ir.FunctionType(value.type, [value.type])
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.sqrt.v{self.lanes}f64")
        return self.builder.call(function, [value])

    def _negative(self, value: Any) -> Any:
        return self.builder.fcmp_ordered("<", value, self.constant(0.0))

    def erf_and_one(self, x: Any) -> Any:
        """1 + erf(x / sqrt(2)), by a series of 1 / (1 + |x| ...) times exp(-x * x / 2)."""
        size = self.math("fabs", x)
        t = self.fma(size, self.constant(ERF_SCALE / sqrt(2)), self.constant(1.0))
        t = self.builder.fdiv(self.constant(1.0), t)
        series = self.constant(ERF_TERMS[0])
        for term in ERF_TERMS[1:]:
            series = self.fma(series, t, self.constant(term))
        rest = self.multiply(
            self.multiply(series, t), self.exp(self.multiply(self.multiply(x, x), self.constant(-0.5)))
        )
        return self.builder.select(self._negative(x), rest, self.subtract(self.constant(2.0), rest))

    def sigmoid(self, x: Any) -> Any:
        return self.builder.fdiv(
            self.constant(1.0), self.add(self.constant(1.0), self.exp(self.subtract(self.constant(0.0), x)))
        )

    def exp(self, x: Any) -> Any:
        """2**n * exp(rest) with |rest| <= log(2) / 2, by its series; NaN stays NaN, as the series multiplies it."""
        x = self.smaller(self.constant(EXP_LIMIT), self.larger(self.constant(-EXP_LIMIT), x))
        n = self.math("rint", self.multiply(x, self.constant(1 / LOG2)))
        rest = self.fma(n, self.constant(-0.693359375), x)
        rest = self.fma(n, self.constant(2.12194440e-4), rest)
        series = self.constant(EXP_TERMS[0])
        for term in EXP_TERMS[1:]:
            series = self.fma(series, rest, self.constant(term))
        whole = ir.VectorType(I32, self.lanes)
        exponent = self.builder.add(self.builder.fptosi(n, whole), ir.Constant(whole, [127] * self.lanes))
        power = self.builder.shl(exponent, ir.Constant(whole, [23] * self.lanes))
        return self.multiply(series, self.builder.bitcast(power, self.type))

    def math(self, name: str, *values: Any) -> Any:
        kind = ir.FunctionType(self.type, [self.type] * len(values))
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.{name}.v{self.lanes}f32")
        return self.builder.call(function, values)


def outlined(name: str, emit: Callable[..., None], builder: Any, arguments: Any) -> Any:
    """A call of a function of its own: in the middle of a large one LLVM would keep fewer values in registers."""
    function = builder.module.globals.get(name)
    if function is None:
        kind = ir.FunctionType(ir.VoidType(), [argument.type for argument in arguments])
        function = ir.Function(builder.module, kind, name)
        function.linkage = "linkonce_odr"
        function.attributes.add("noinline")
        function.attributes.add("nounwind")
        inside = ir.IRBuilder(function.append_basic_block("entry"))
        emit(inside, *function.args)
        inside.ret_void()
    builder.call(function, arguments)
    return None
