"""`function NAME`: one layer for functions of each number that are met in programs and are no layer of their own.

A table says for each name what it is, its work for one number, and which numbers of its own it has.  A root, a power, a
logarithm and a trigonometric function count as one `exp`; a change of sign is free.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.backward import KEEPS_INPUT, KEEPS_NOTHING, KEEPS_OUTPUT, Kept
from cnncalc.layers.base import Cost, KernelCall, Layer, operand, option


class NumberFunction(NamedTuple):
    """What a name stands for: its formula, its work for one number, and the options that it takes."""

    formula: str
    each: Cost
    options: tuple[str, ...] = ()


_ONE = Cost(exp=1)

FUNCTIONS: dict[str, NumberFunction] = {
    "exp": NumberFunction("e^x", _ONE),
    "expm1": NumberFunction("e^x - 1", _ONE + Cost(add=1)),
    "log": NumberFunction("the natural logarithm", _ONE),
    "log1p": NumberFunction("log(1 + x)", _ONE + Cost(add=1)),
    "log2": NumberFunction("the logarithm to base 2", _ONE),
    "log10": NumberFunction("the logarithm to base 10", _ONE),
    "sqrt": NumberFunction("the square root", _ONE),
    "rsqrt": NumberFunction("1 / sqrt(x)", _ONE + Cost(divide=1)),
    "square": NumberFunction("x * x", Cost(multiply=1)),
    "pow": NumberFunction("x^exponent", _ONE, ("exponent",)),
    "abs": NumberFunction("x without its sign", Cost(compare=1)),
    "neg": NumberFunction("-x", Cost()),
    "sign": NumberFunction("1, 0 or -1", Cost(compare=2)),
    "reciprocal": NumberFunction("1 / x", Cost(divide=1)),
    "sin": NumberFunction("the sine", _ONE),
    "cos": NumberFunction("the cosine", _ONE),
    "tan": NumberFunction("the tangent", _ONE),
    "atan": NumberFunction("the inverse of the tangent", _ONE),
    "asin": NumberFunction("the inverse of the sine", _ONE),
    "acos": NumberFunction("the inverse of the cosine", _ONE),
    "sinh": NumberFunction("(e^x - e^-x) / 2", Cost(exp=2, add=1, divide=1)),
    "cosh": NumberFunction("(e^x + e^-x) / 2", Cost(exp=2, add=1, divide=1)),
    "asinh": NumberFunction("the inverse of sinh", _ONE),
    "acosh": NumberFunction("the inverse of cosh, from 0", _ONE),
    "atanh": NumberFunction("the inverse of tanh", _ONE),
    "floor": NumberFunction("the whole number below", Cost(compare=1)),
    "ceil": NumberFunction("the whole number above", Cost(compare=1)),
    "round": NumberFunction("the nearest whole number, the even one of two", Cost(compare=1)),
    "erf": NumberFunction("the error function", _ONE),
    "softsign": NumberFunction("x / (1 + |x|)", Cost(compare=1, add=1, divide=1)),
    "logsigmoid": NumberFunction("log(1 / (1 + e^-x))", Cost(exp=2, add=1)),
    "celu": NumberFunction(
        "x above 0, else slope * (e^(x / slope) - 1)", Cost(compare=1, divide=1, exp=1, add=1, multiply=1), ("slope",)
    ),
    "squareplus": NumberFunction("(x + sqrt(x * x + 4)) / 2", Cost(multiply=1, add=2, exp=1, divide=1)),
    "tanhshrink": NumberFunction("x - tanh(x)", Cost(multiply=1, exp=1, add=3, divide=1)),
    "softshrink": NumberFunction("x nearer to 0 by limit, 0 on the way", Cost(compare=2, add=1), ("limit",)),
    "hardshrink": NumberFunction("0 from -limit to limit, else x", Cost(compare=2), ("limit",)),
    "threshold": NumberFunction("x above limit, else value", Cost(compare=1), ("limit", "value")),
}
"""Name -> what it is."""

KEEP_OUTPUT = ("exp", "expm1", "sqrt", "rsqrt", "reciprocal", "tan")
"""Functions whose derivative is written with their result."""


@dataclass(frozen=True, kw_only=True)
class Function(Layer):
    """A function of each number by itself, by its name: `function sqrt`, `function pow exponent=3`.

    exp, expm1, log, log1p, log2, log10, sqrt, rsqrt, sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh,
    erf; square, pow (exponent), abs, neg, sign, reciprocal; floor, ceil, round (of two the even one); softsign
    x / (1 + |x|), logsigmoid, squareplus (x + sqrt(x^2 + 4)) / 2, tanhshrink x - tanh(x); celu (slope), softshrink and
    hardshrink (limit), threshold (limit, value).
    Output: as it arrives.  Weights: none.  Work: an exponential, a root, a power, a logarithm and a sine count as one
    exp; celu, for instance, is a compare, a divide, an exp, an add and a multiply a number.

    >>> Function(name="softsign").cost((Shape(10),)).flops
    30

    Source: PyTorch's functions of these names; Turian et al. 2009 (softsign), Barron 2017 (celu).
    """

    word: ClassVar[str] = "function"
    in_place: ClassVar[bool] = True
    name: str = operand("choice", "which function", choices=tuple(FUNCTIONS))
    exponent: float = option("number", 2.0, "of pow", also=("power",))
    slope: float = option("number", 1.0, "of celu: how far below 0 it goes")
    limit: float = option(
        "number", 0.5, "of softshrink and hardshrink, on both sides of 0; of threshold", also=("lambd",)
    )
    value: float = option("number", 0.0, "of threshold: what replaces numbers up to the limit")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        for one in fields(self):
            is_own = one.name == "name" or one.name in FUNCTIONS[self.name].options
            if not is_own and getattr(self, one.name) != one.default:
                takers = [name for name, known in FUNCTIONS.items() if one.name in known.options]
                raise Refusal(
                    "wrong-operand",
                    f"the function {self.name} has no {one.name}",
                    one.name,
                    help=f"leave it out: it is an option of {' and '.join(takers)}",
                )
        if self.name == "celu" and self.slope == 0:
            raise Refusal("wrong-operand", "celu divides by its slope, which is 0", "slope", help="write `relu`")
        return inputs[0]

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return FUNCTIONS[self.name].each * inputs[0].elements

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """Measured with PyTorch 2.13: its input, unless the result or an array on the way says more."""
        if self.name in ("tanhshrink", "softsign"):
            return Kept(inputs=self.name == "softsign", numbers=inputs[0].elements)
        if self.name in ("neg", "sign", "floor", "ceil", "round"):
            return KEEPS_NOTHING
        return KEEPS_OUTPUT if self.name in KEEP_OUTPUT else KEEPS_INPUT

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        own = {name: getattr(self, name) for name in FUNCTIONS[self.name].options}
        return KernelCall("function", {"name": self.name, **own})
