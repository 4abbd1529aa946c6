"""Compiles engine kernels on demand, and keeps what comes out: machine code, one file for each variant.

Only the variants that a net needs are compiled, each once a machine.  A kernel becomes a C function of integers, so
that one small loop can run any program of kernels by address.  Its machine code is kept beside the readable kernels' in
the folder that stands for this state of all sources.  LLVM alone makes it and loads it: numba's front end took three
quarters of the time of a first run, and 0.2 s to get its own library ready in later ones.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from cnncalc.kernels.code_cache import keep, kept
from cnncalc.kernels.compilation import announce, disabled
from cnncalc.kernels.engine.fields import F32, F64
from cnncalc.kernels.engine.kernel_ir import write_function
from cnncalc.kernels.engine.llvm import binding, ir

CLEAN = ("sroa", "instruction_combine", "simplify_cfg", "loop_rotate", "new_gvn")
UNROLL = ("loop_simplify", "lcssa", "loop_unroll")
TIDY = ("instruction_combine", "simplify_cfg")
"""What LLVM does with a kernel before it writes machine code.

What a kernel does most is written as vector instructions already: all of LLVM's own third level took six times as long,
wrote twice as much code, and made nothing faster.  Unrolling alone takes as long again as the rest; where it pays, a
kernel asks for it (`unrolled`).
"""

CONTRACTED = frozenset({"fadd", "fsub", "fmul", "fdiv", "frem", "fcmp"})
"""Instructions that may be joined with a neighbour, as numba's `contract` does."""

Maker = Callable[..., Callable[..., Any]]
Made = TypeVar("Made", bound=Maker)

_missing: ContextVar[list[tuple[Maker, tuple[int, ...]]] | None] = ContextVar("missing", default=None)


def unrolled(make: Made) -> Made:
    """For a maker: its kernel's loops are short, and many of them would be spent on counting."""
    make.is_unrolled = True  # type: ignore[attr-defined]
    return make


def available() -> bool:
    """Whether anything can be compiled in this process."""
    return not disabled()


def kernel_address(make: Maker, *numbers: int, arguments: int = 4, returns: bool = False) -> int:
    """The address of the function that `make(*numbers)` describes, of so many integers; it may return one."""
    missing = _missing.get()
    if missing is None:
        return _address(make, *numbers, arguments=arguments, returns=returns)
    if (make, numbers) not in missing and kept(_file_name(make, numbers)) is None:
        missing.append((make, numbers))
    return 0


@contextlib.contextmanager
def only_listed() -> Iterator[list[tuple[Maker, tuple[int, ...]]]]:
    """Inside, nothing is compiled: `address` gives 0, and the list gets the functions that are not kept yet."""
    missing: list[tuple[Maker, tuple[int, ...]]] = []
    before = _missing.set(missing)
    try:
        yield missing
    finally:
        _missing.reset(before)


def load_code(symbol: str, code: bytes) -> int:
    """The address of a function in machine code that stays loaded for the rest of the process."""
    return _loaded(symbol, code)


def _file_name(make: Maker, numbers: tuple[int, ...]) -> str:
    return "-".join(["engine", make.__module__.rpartition(".")[2], make.__name__, *map(str, numbers)]) + ".o"


@cache
def _address(make: Maker, *numbers: int, arguments: int, returns: bool) -> int:
    name = _file_name(make, numbers)
    content = kept(name)
    if content is None:
        announce(make.__name__)
        unroll = hasattr(make, "is_unrolled")
        content = _compiled(make(*numbers), _symbol(name), arguments, returns=returns, is_unrolled=unroll)
        keep(name, content)
    return _loaded(_symbol(name), content)


def callable_at(place: int, arguments: int) -> Callable[..., int]:
    """The function at an address for plain Python; other threads run meanwhile."""
    function: Callable[..., int] = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * arguments)(place)
    return function


def _compiled(
    function: Callable[..., Any], name: str, arguments: int, *, returns: bool, is_unrolled: bool = False
) -> bytes:
    """Machine code in which the function has that name."""
    machine = _machine()
    module = ir.Module(name)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    write_function(module, function, name, {}, returns=returns)
    _let_contract(module)
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    builder = binding.create_pass_builder(machine, binding.create_pipeline_tuning_options())
    passes = binding.create_new_module_pass_manager()
    for each in (*CLEAN, *(UNROLL if is_unrolled else ()), *TIDY):
        getattr(passes, f"add_{each}_pass")()
    passes.run(parsed, builder)
    code: bytes = machine.emit_object(parsed)
    return code


def _let_contract(module: Any) -> None:
    """A multiplication and an addition may become one instruction; a sum keeps its order, and NaN stays what it is."""
    for function in module.functions:
        for instruction in (one for block in function.blocks for one in block.instructions):
            if instruction.opname in CONTRACTED and not instruction.flags:
                instruction.flags.append("contract")
            elif instruction.opname == "call" and instruction.type in (F32, F64):
                instruction.fastmath.add("contract")


def _loaded(symbol: str, code: bytes) -> int:
    engine = _engine()
    engine.add_object_file(binding.object_file.ObjectFileRef.from_data(code))
    engine.finalize_object()
    place: int = engine.get_function_address(symbol)
    return place


@cache
def _engine() -> Any:
    """LLVM's loader of machine code; it stays for the rest of the process, with all that it loads."""
    _initialize()
    machine = binding.Target.from_default_triple().create_target_machine(jit=True)
    return binding.create_mcjit_compiler(binding.parse_assembly(""), machine)


@cache
def _initialize() -> None:
    if binding.llvm_version_info < (20,):  # later ones do it by themselves, and refuse the call
        binding.initialize()
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()


@cache
def _machine() -> Any:
    """Writes code for this CPU."""
    _initialize()
    target = binding.Target.from_triple(binding.get_process_triple())
    return target.create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static" if target.name.startswith("x86") else "default",
        codemodel="jitdefault",
        jit=True,
    )


def _symbol(name: str) -> str:
    return name.removesuffix(".o").replace("-", "_")
