"""Functions of each number by itself, as vector instructions, by the names that they have in the language.

Some take numbers of their own as well, as vectors.  Sine, cosine and tangent are not here:
for large numbers their reduction would take more code than all the others.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi, sqrt
from typing import Any

from cnncalc.kernels.engine.llvm import cgutils, ir

LOG2 = log(2)
SMALLEST_NORMAL, UP_TO_NORMAL, ITS_BITS = 1.1754943508222875e-38, 8388608.0, 23
ROOT_OF_HALF_BITS = 0x3F3504F3
LOG_TERMS = (
    *(7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1),
    *(-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1),
)
"""The logarithm of 1 + x between the root of a half and the root of two, from its third power on (Cephes' logf)."""

LOG2_HIGH, LOG2_LOW = 0.693359375, -2.12194440e-4
ATAN_TERMS = (8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1)
TAN_OF_EIGHTH, TAN_OF_THREE_EIGHTHS = 0.4142135623730950, 2.414213562373095
"""The arc tangent below tan(pi / 8), by the third power on (Cephes' atanf)."""

TANH_TERMS, TANH_NEAR = (1382 / 155925, -62 / 2835, 17 / 315, -2 / 15, 1 / 3), 0.3
"""x - tanh(x) near zero, from the third power on."""

FAR = 1e9
"""Beyond it x * x + 1 is x * x."""

Vector = Any


def exp(e: Any, x: Vector) -> Vector:
    """exp(x) in the whole range of float32: the square of exp(x / 2), which stays within the range of the series."""
    half = e.exp(e.multiply(x, e.constant(0.5)))
    return e.multiply(half, half)


def logarithm(e: Any, x: Vector) -> Vector:
    """log(x): the logarithm of what is left between two powers of two; -inf for 0, NaN below it."""
    b, whole = e.builder, ir.VectorType(ir.IntType(32), e.lanes)
    tiny = b.fcmp_ordered("<", x, e.constant(SMALLEST_NORMAL))
    scaled = b.select(tiny, e.multiply(x, e.constant(UP_TO_NORMAL)), x)
    bits = b.bitcast(scaled, whole)
    shift = ir.Constant(whole, [ITS_BITS] * e.lanes)
    exponent = b.ashr(b.sub(bits, ir.Constant(whole, [ROOT_OF_HALF_BITS] * e.lanes)), shift)
    rest = e.subtract(b.bitcast(b.sub(bits, b.shl(exponent, shift)), e.type), e.constant(1.0))
    turns = e.subtract(b.sitofp(exponent, e.type), b.select(tiny, e.constant(float(ITS_BITS)), e.constant(0.0)))
    square = e.multiply(rest, rest)
    series = e.multiply(e.multiply(polynomial(e, rest, LOG_TERMS), rest), square)
    series = e.fma(turns, e.constant(LOG2_LOW), series)
    series = e.fma(square, e.constant(-0.5), series)
    value = e.fma(turns, e.constant(LOG2_HIGH), e.add(rest, series))
    value = b.select(b.fcmp_ordered("==", x, e.constant(0.0)), e.constant(float("-inf")), value)
    value = b.select(b.fcmp_ordered("==", x, e.constant(float("inf"))), x, value)
    return b.select(b.fcmp_ordered(">=", x, e.constant(0.0)), value, e.constant(float("nan")))


def polynomial(e: Any, x: Vector, terms: tuple[float, ...]) -> Vector:
    """The polynomial with these factors, that of the highest power first."""
    value = e.constant(terms[0])
    for term in terms[1:]:
        value = e.fma(value, x, e.constant(term))
    return value


def log1p(e: Any, x: Vector) -> Vector:
    """log(1 + x), right for small x too: the error of 1 + x is made good by a factor (Kahan)."""
    b, more = e.builder, e.add(x, e.constant(1.0))
    ratio = b.fdiv(x, e.subtract(more, e.constant(1.0)))
    value = e.multiply(logarithm(e, more), ratio)
    value = b.select(b.fcmp_ordered("==", more, e.constant(1.0)), x, value)
    ends = b.or_(b.fcmp_ordered("==", x, e.constant(float("inf"))), b.fcmp_ordered("==", x, e.constant(-1.0)))
    return b.select(ends, logarithm(e, more), value)


def expm1(e: Any, x: Vector) -> Vector:
    """exp(x) - 1, right for small x too (Kahan)."""
    b, power = e.builder, exp(e, x)
    less = e.subtract(power, e.constant(1.0))
    value = e.multiply(less, b.fdiv(x, logarithm(e, power)))
    far = b.fcmp_ordered(">", absolute(e, x), e.constant(1.0))
    value = b.select(far, less, value)
    return b.select(b.fcmp_ordered("==", less, e.constant(0.0)), x, value)


def softplus(e: Any, x: Vector) -> Vector:
    """log(1 + exp(x)), without overflow."""
    below = e.subtract(e.constant(0.0), absolute(e, x))
    return e.add(e.larger(e.constant(0.0), x), log1p(e, exp(e, below)))


def arc_tangent(e: Any, x: Vector) -> Vector:
    """The angle: 1 / x beyond three eighths of a half turn, (x - 1) / (x + 1) beyond one eighth."""
    b, size = e.builder, absolute(e, x)
    far = b.fcmp_ordered(">", size, e.constant(TAN_OF_THREE_EIGHTHS))
    middle = b.fcmp_ordered(">", size, e.constant(TAN_OF_EIGHTH))
    between = b.fdiv(e.subtract(size, e.constant(1.0)), e.add(size, e.constant(1.0)))
    rest = b.select(far, b.fdiv(e.constant(-1.0), size), b.select(middle, between, size))
    start = b.select(far, e.constant(pi / 2), b.select(middle, e.constant(pi / 4), e.constant(0.0)))
    square = e.multiply(rest, rest)
    series = e.fma(e.multiply(polynomial(e, square, ATAN_TERMS), square), rest, rest)
    return signed(e, e.add(start, series), x)


def absolute(e: Any, x: Vector) -> Vector:
    """|x|."""
    return e.math("fabs", x)


def signed(e: Any, size: Vector, x: Vector) -> Vector:
    """That size with the sign of x."""
    return e.math("copysign", size, x)


def sign(e: Any, x: Vector) -> Vector:
    """-1, 0 or 1."""
    b = e.builder
    value = b.select(b.fcmp_ordered("<", x, e.constant(0.0)), e.constant(-1.0), x)
    return b.select(b.fcmp_ordered(">", x, e.constant(0.0)), e.constant(1.0), value)


def reciprocal(e: Any, x: Vector) -> Vector:
    """1 / x."""
    return e.builder.fdiv(e.constant(1.0), x)


def root(e: Any, x: Vector) -> Vector:
    """The square root; NaN below zero."""
    return e.math("sqrt", x)


def error_function(e: Any, x: Vector) -> Vector:
    """erf(x), by the series of GELU; near zero by its own series, as 1 - 1 has no digits left."""
    b, size = e.builder, absolute(e, x)
    far = signed(e, e.subtract(e.erf_and_one(e.multiply(size, e.constant(sqrt(2)))), e.constant(1.0)), x)
    square = e.multiply(x, x)
    near = e.multiply(
        polynomial(e, square, (1 / 216, -1 / 42, 1 / 10, -1 / 3, 1.0)), e.multiply(x, e.constant(2 / sqrt(pi)))
    )
    return b.select(b.fcmp_ordered("<", size, e.constant(0.5)), near, far)


def inverse_hyperbolic_sine(e: Any, x: Vector) -> Vector:
    """log(x + the root of (x * x + 1)), by the size of x."""
    b, size = e.builder, absolute(e, x)
    square = e.multiply(size, size)
    more = b.fdiv(square, e.add(e.constant(1.0), root(e, e.add(square, e.constant(1.0)))))
    near = log1p(e, e.add(size, more))
    far = e.add(logarithm(e, size), e.constant(LOG2))
    return signed(e, b.select(b.fcmp_ordered(">", size, e.constant(FAR)), far, near), x)


def inverse_hyperbolic_cosine(e: Any, x: Vector) -> Vector:
    """log(x + the root of (x * x - 1)); NaN below 1."""
    b, more = e.builder, e.subtract(x, e.constant(1.0))
    near = log1p(e, e.add(more, root(e, e.multiply(more, e.add(more, e.constant(2.0))))))
    far = e.add(logarithm(e, x), e.constant(LOG2))
    value = b.select(b.fcmp_ordered(">", x, e.constant(FAR)), far, near)
    return b.select(b.fcmp_ordered(">=", x, e.constant(1.0)), value, e.constant(float("nan")))


def inverse_hyperbolic_tangent(e: Any, x: Vector) -> Vector:
    """Half the logarithm of (1 + x) / (1 - x)."""
    size = absolute(e, x)
    ratio = e.builder.fdiv(e.add(size, size), e.subtract(e.constant(1.0), size))
    return signed(e, e.multiply(e.constant(0.5), log1p(e, ratio)), x)


def hyperbolic_cosine(e: Any, x: Vector) -> Vector:
    """(exp(x) + exp(-x)) / 2, of half of exp, which overflows where the result does."""
    half = exp(e, e.subtract(absolute(e, x), e.constant(LOG2)))
    return e.add(half, e.builder.fdiv(e.constant(0.25), half))


def hyperbolic_sine(e: Any, x: Vector) -> Vector:
    """(exp(x) - exp(-x)) / 2; below 1 of exp(x) - 1, which is right for small x."""
    b, size = e.builder, absolute(e, x)
    half = exp(e, e.subtract(size, e.constant(LOG2)))
    far = e.subtract(half, b.fdiv(e.constant(0.25), half))
    less = expm1(e, size)
    near = e.multiply(e.constant(0.5), e.add(less, b.fdiv(less, e.add(less, e.constant(1.0)))))
    return signed(e, b.select(b.fcmp_ordered(">", size, e.constant(1.0)), far, near), x)


def arc_sine(e: Any, x: Vector) -> Vector:
    """Twice the arc tangent of x / (1 + the root of (1 - x * x))."""
    beside = root(e, e.multiply(e.subtract(e.constant(1.0), x), e.add(e.constant(1.0), x)))
    return e.multiply(e.constant(2.0), arc_tangent(e, e.builder.fdiv(x, e.add(beside, e.constant(1.0)))))


def arc_cosine(e: Any, x: Vector) -> Vector:
    """Twice the arc tangent of the root of (1 - x) / (1 + x)."""
    ratio = e.builder.fdiv(e.subtract(e.constant(1.0), x), e.add(e.constant(1.0), x))
    return e.multiply(e.constant(2.0), arc_tangent(e, root(e, ratio)))


def square_plus(e: Any, x: Vector) -> Vector:
    """(x + the root of (x * x + 4)) / 2; below zero 2 / (the root - x), which loses no digits."""
    b, size = e.builder, absolute(e, x)
    long = b.select(b.fcmp_ordered(">", size, e.constant(FAR)), size, root(e, e.fma(x, x, e.constant(4.0))))
    above = e.add(e.multiply(e.constant(0.5), x), e.multiply(e.constant(0.5), long))
    return b.select(b.fcmp_ordered("<", x, e.constant(0.0)), b.fdiv(e.constant(2.0), e.subtract(long, x)), above)


def tanh_shrink(e: Any, x: Vector) -> Vector:
    """x - tanh(x); near zero by its series, as x - x has no digits left."""
    square = e.multiply(x, x)
    near = e.multiply(e.multiply(polynomial(e, square, TANH_TERMS), square), x)
    small = e.builder.fcmp_ordered("<", absolute(e, x), e.constant(TANH_NEAR))
    return e.builder.select(small, near, e.subtract(x, e.tanh(x)))


def whole_power(e: Any, x: Vector, exponent: Vector) -> Vector:
    """x by itself so many times; the reciprocal of that where the exponent is negative."""
    b, value = e.builder, e.variable(e.constant(1.0))
    scalar = b.extract_element(exponent, ir.IntType(32)(0))
    count = b.fptosi(scalar, ir.IntType(64))
    below = b.icmp_signed("<", count, ir.IntType(64)(0))
    with cgutils.for_range(b, b.select(below, b.neg(count), count)):
        b.store(e.multiply(b.load(value), x), value)
    made = b.load(value)
    return b.select(below, reciprocal(e, made), made)


def soft_shrink(e: Any, x: Vector, limit: Vector) -> Vector:
    """What is further from zero than the limit, nearer by the limit; 0 times what is not, so that NaN stays."""
    b, size = e.builder, absolute(e, x)
    beyond = signed(e, e.subtract(size, limit), x)
    return b.select(b.fcmp_ordered(">", size, limit), beyond, e.multiply(x, e.constant(0.0)))


def hard_shrink(e: Any, x: Vector, limit: Vector) -> Vector:
    """0 for what is not further from zero than the limit."""
    return e.builder.select(e.builder.fcmp_ordered("<=", absolute(e, x), limit), e.constant(0.0), x)


def celu(e: Any, x: Vector, slope: Vector) -> Vector:
    """max(x, 0) + min(slope * (exp(x / slope) - 1), 0)."""
    zero = e.constant(0.0)
    below = e.multiply(slope, expm1(e, e.builder.fdiv(x, slope)))
    return e.add(e.larger(zero, x), e.smaller(zero, below))


def gelu_approximate(e: Any, x: Vector) -> Vector:
    """x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))."""
    cube = e.multiply(e.multiply(x, x), x)
    inner = e.multiply(e.constant(sqrt(2 / pi)), e.fma(cube, e.constant(0.044715), x))
    return e.gated(x, e.sigmoid(e.add(inner, inner)))


def hard_sigmoid_sloped(e: Any, x: Vector, slope: Vector) -> Vector:
    """min(max(slope * x + 0.5, 0), 1)."""
    return e.smaller(e.constant(1.0), e.larger(e.constant(0.0), e.fma(slope, x, e.constant(0.5))))


def threshold(e: Any, x: Vector, limit: Vector, value: Vector) -> Vector:
    """The value for what is not larger than the limit."""
    return e.builder.select(e.builder.fcmp_ordered("<=", x, limit), value, x)


OF_ONE: dict[str, Callable[[Any, Vector], Vector]] = {
    "exp": exp,
    "expm1": expm1,
    "log": logarithm,
    "log1p": log1p,
    "log2": lambda e, x: e.multiply(logarithm(e, x), e.constant(1 / LOG2)),
    "log10": lambda e, x: e.multiply(logarithm(e, x), e.constant(1 / log(10))),
    "sqrt": root,
    "rsqrt": lambda e, x: reciprocal(e, root(e, x)),
    "square": lambda e, x: e.multiply(x, x),
    "abs": absolute,
    "neg": lambda e, x: e.builder.fneg(x),
    "sign": sign,
    "reciprocal": reciprocal,
    "atan": arc_tangent,
    "asin": arc_sine,
    "acos": arc_cosine,
    "sinh": hyperbolic_sine,
    "cosh": hyperbolic_cosine,
    "asinh": inverse_hyperbolic_sine,
    "acosh": inverse_hyperbolic_cosine,
    "atanh": inverse_hyperbolic_tangent,
    "floor": lambda e, x: e.math("floor", x),
    "ceil": lambda e, x: e.math("ceil", x),
    "round": lambda e, x: e.math("rint", x),
    "erf": error_function,
    "softsign": lambda e, x: e.builder.fdiv(x, e.add(e.constant(1.0), absolute(e, x))),
    "logsigmoid": lambda e, x: e.builder.fneg(softplus(e, e.builder.fneg(x))),
    "squareplus": square_plus,
    "tanhshrink": tanh_shrink,
    "softplus": softplus,
    "gelu_approximate": gelu_approximate,
}
"""Name -> what writes it for a vector."""

WITH_LIMIT: dict[str, Callable[[Any, Vector, Vector], Vector]] = {
    "pow": whole_power,
    "root": lambda e, x, low: exp(e, e.multiply(low, logarithm(e, x))),
    "softplus_beta": lambda e, x, low: e.builder.fdiv(softplus(e, e.multiply(low, x)), low),
    "celu": celu,
    "softshrink": soft_shrink,
    "hardshrink": hard_shrink,
    "hardsigmoid_sloped": hard_sigmoid_sloped,
}
"""The same for functions with a number of their own."""

FUNCTIONS = (*OF_ONE, *WITH_LIMIT, "threshold")
"""Their names, in the order in which kernels number them."""


def applied(e: Any, name: str, x: Vector, low: Vector, high: Vector) -> Vector:
    """The function of that name, of a vector; `low` and `high` are the numbers of its own."""
    if name in OF_ONE:
        return OF_ONE[name](e, x)
    return WITH_LIMIT[name](e, x, low) if name in WITH_LIMIT else threshold(e, x, low, high)
