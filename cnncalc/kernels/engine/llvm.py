"""The engine's only edge to llvmlite: what writes instructions, with the types taken off.

Kernels are plain Python functions of integers (`cnncalc.kernels.engine.kernel_ir` turns them into instructions); what
they call is made by `intrinsic`: functions that write LLVM's instructions themselves.  Numba has no part in it: its
front end took three quarters of the time of a first run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from llvmlite import binding as _binding
from llvmlite import ir as _ir

binding: Any = _binding
ir: Any = _ir


class Loop(NamedTuple):
    """A loop that is being written; `index` counts its turns."""

    index: Any


class _Writing:
    """What is written in several places at once: loops, variables, declarations."""

    @staticmethod
    @contextlib.contextmanager
    def for_range(builder: Any, count: Any) -> Iterator[Loop]:
        """A loop of so many turns; inside the context its body is written."""
        test, body, end = (builder.append_basic_block(f"for.{part}") for part in ("cond", "body", "end"))
        before = builder.block
        builder.branch(test)
        builder.position_at_end(test)
        index = builder.phi(count.type, name="loop.index")
        builder.cbranch(builder.icmp_signed("<", index, count), body, end)
        builder.position_at_end(body)
        yield Loop(index)
        following = builder.add(index, count.type(1), flags=["nsw"])
        index.add_incoming(count.type(0), before)
        index.add_incoming(following, builder.block)
        builder.branch(test)
        builder.position_at_end(end)

    @staticmethod
    def alloca_once(builder: Any, kind: Any) -> Any:
        """A place in the function's own memory, zero at first, that LLVM will turn into a register."""
        with builder.goto_entry_block():
            place = builder.alloca(kind)
            builder.store(kind(None), place)
        return place

    @staticmethod
    def alloca_once_value(builder: Any, value: Any) -> Any:
        """The same with a value in it."""
        place = _Writing.alloca_once(builder, value.type)
        builder.store(value, place)
        return place

    @staticmethod
    def get_or_insert_function(module: Any, kind: Any, name: str) -> Any:
        """The function of that name, declared where it is not yet."""
        return module.globals.get(name) or ir.Function(module, kind, name)


cgutils: Any = _Writing


class Kind:
    """A type of numbers; called in compiled Python, it converts."""

    def __init__(self, name: str, llvm: Any) -> None:
        self.name, self.llvm = name, llvm

    def __call__(self, *arguments: Any) -> Any:
        """The signature of an intrinsic: what it gives, and what it gets."""
        return self, arguments


class Literal(NamedTuple):
    """An argument that is known while instructions are written."""

    literal_value: Any


class types:  # noqa: N801 - read as a module
    """The types of numbers that kernels work with."""

    intp = Kind("intp", ir.IntType(64))
    float32 = Kind("float32", ir.FloatType())
    float64 = Kind("float64", ir.DoubleType())
    boolean = Kind("boolean", ir.IntType(1))
    void = Kind("void", ir.VoidType())


@dataclass(frozen=True)
class Intrinsic:
    """A function of compiled Python whose instructions are written by what `make` gives."""

    make: Callable[..., Any]

    def written(self, builder: Any, arguments: Sequence[Any], convert: Callable[[Any, Any], Any]) -> Any:
        """Write it; `convert(value, kind)` makes what the signature asks for."""
        asked = [Literal(one) if isinstance(one, (int, float, str)) else one for one in arguments]
        signature, emit = self.make(None, *asked)
        kinds = signature[1]
        given = [
            None if isinstance(kind, Literal) else convert(one, kind.llvm)
            for one, kind in zip(arguments, kinds, strict=True)
        ]
        return emit(_NoContext, builder, signature, given)


class _NoContext:
    """What an intrinsic without a value asks for one."""

    @staticmethod
    def get_dummy_value() -> None:
        """Nothing."""


def intrinsic(make: Callable[..., Any]) -> Any:
    """For compiled Python: a function whose instructions are written by what `make` returns."""
    return Intrinsic(make)
