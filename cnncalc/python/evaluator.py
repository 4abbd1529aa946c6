"""The bounded evaluator: works out a program's statements and expressions by walking its tree.

It asks Values what operations mean, and packages what names of libraries mean; every step is counted.  Only
PythonFault leaves it.
"""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.python import calls, expressions, operators, statements
from cnncalc.python.beside import Beside
from cnncalc.python.builtins import BUILTINS
from cnncalc.python.containers import entries_of, item_of, method_of
from cnncalc.python.effects import Effects, Written
from cnncalc.python.functions import Function
from cnncalc.python.left_out import leave_out
from cnncalc.python.own_packages import OWN_PACKAGES
from cnncalc.python.program import TOO_DEEP, File, Program
from cnncalc.python.program_error import PythonFault, Raised
from cnncalc.python.program_limits import DEEPEST_CALL, STEPS_OF_A_STATEMENT, Bounds, exceeded
from cnncalc.python.values import Arguments, Given, Package, Scope, Unknown, Value

STEPS_OF_A_CALL = 40
"""What binding arguments and entering a function of the program cost, as steps."""

FRAMES = 8_000
"""Python's own frames: a call of the program takes about twenty."""


class Evaluator:
    """Reads one program; `packages` speak for libraries by the first part of their names.

    `skipped` are places with the reason why what stands there was left out; `faults` are the faults of such places;
    `assumed` are names that were taken for what they usually mean.
    """

    def __init__(self, program: Program, packages: Mapping[str, Package]) -> None:
        self.program = program
        self.packages = packages
        self.bounds: Bounds = Bounds()
        self.node: ast.AST = ast.Pass()
        self.at_file_level: ast.stmt = ast.Pass()
        """The statement of the file in which everything is worked out at the moment."""
        self.calls: list[ast.AST] = []
        self.skipped: list[tuple[Span, str]] = []
        self.faults: list[PythonFault] = []
        self.assumed: dict[str, str] = {}
        self.kept: dict[str, Unknown] = {}
        """Names of the file that keep their model -> what would have taken its place."""
        self.changed: list[Any] = []
        self.unclear_training: list[Span] = []
        """Places that say what training changes, in a way that is not read."""
        self._noted: set[tuple[Span, str]] = set()
        self.tries = 0
        """How many `try` of the file are around the statement."""
        self.handled: list[Raised] = []
        self.generators: dict[ast.AST, bool] = {}
        self.effects: dict[ast.AST, Effects] = {}
        self.written: dict[ast.AST, Written] = {}
        self.modules: dict[str, Scope] = {}
        self.beside = Beside(program, program.files[0].path if program.files else "")

    # ------------------------------------------------------------------ files
    def run(self, file: File, *, last_cell: int | None = None) -> Scope:
        """Work out a file, or the cells of a notebook as far as number `last_cell`; gives its names.

        A statement that cannot be read is left out: what it would have changed is Unknown.
        """
        scope = self.modules.setdefault(file.path or file.name, Scope("file", path=file.path))
        tries, self.tries = self.tries, 0
        for cell in file.cells:
            if last_cell is None or cell.number <= last_cell:
                with self._bounded():
                    self.block(cell.tree.body, scope)
        self.tries = tries
        return scope

    def evaluate(self, text: str, scope: Scope) -> Any:
        """The value of an expression with the names of a file: `ResNet(BasicBlock, [2, 2, 2, 2])`."""
        file = self.program.file("the entry", text)
        with self._bounded():
            body = file.cells[0].tree.body
            if len(body) != 1 or not isinstance(body[0], ast.Expr):
                raise PythonFault(
                    "python-syntax", f"`{text[:60]}` is no expression", self.program.span(file.cells[0].tree)
                )
            return self.value(body[0].value, Scope("function", {}, scope))

    def applied(self, function: Any, *values: Any) -> Any:
        """The function called from outside the program, with every fault as PythonFault."""
        with self._bounded():
            return self.call(function, *values)

    @contextlib.contextmanager
    def _bounded(self) -> Iterator[None]:
        """Faults of depth and of memory become ours, and every fault has a place."""
        before, node, depth = sys.getrecursionlimit(), self.node, len(self.calls)
        sys.setrecursionlimit(max(before, FRAMES))
        try:
            yield
        except PythonFault as fault:
            raise self.placed(fault) from None
        except calls.Leave as leave:
            raise calls.misplaced(leave, self.span) from None
        except (RecursionError, MemoryError):
            raise PythonFault("program-too-deep", TOO_DEEP, self.span) from None
        finally:
            sys.setrecursionlimit(before)
            self.node = node
            del self.calls[depth:]

    def placed(self, fault: PythonFault) -> PythonFault:
        """The fault with the place that is being worked out, unless it has one."""
        fault.span = fault.span or self.span
        fault.trail = fault.trail or self.trail
        unknown = fault.unknown
        if unknown is not None and unknown.span not in (None, fault.span) and not fault.notes:
            fault.notes = (f"{self.line_words(unknown.span.line)}: {unknown.reason}",)
        return fault

    def note(self, fault: PythonFault) -> None:
        """Remember why something was left out, each reason once."""
        span = fault.span or self.span
        if (span, fault.message) not in self._noted:
            self._noted.add((span, fault.message))
            self.skipped.append((span, fault.message))
            self.faults.append(fault)

    def note_training(self, span: Span | None = None) -> None:
        """Remember this place, or another one: what training changes is not known because of it."""
        self.unclear_training.append(span or self.span)

    # ------------------------------------------------------------------ statements and expressions
    def block(self, body: list[ast.stmt], scope: Scope) -> None:
        """Statements, one after another."""
        execute = self._at_file_level if scope.kind == "file" else self.statement
        for statement in body:
            execute(statement, scope)

    def statement(self, node: ast.stmt, scope: Scope) -> None:
        """One statement."""
        self.bounds.charge(1)
        self.node = node
        execute = statements.KINDS.get(type(node))
        if execute is None:
            what = type(node).__name__.replace("FunctionDef", "Def").replace("Async", "async ").lower()
            raise PythonFault("not-read-here", f"a statement like this (`{what}`) is not read", self.program.span(node))
        execute(self, node, scope)

    def _at_file_level(self, node: ast.stmt, scope: Scope) -> None:
        outer, changes, depth = self.bounds.limit, len(self.changed), len(self.calls)
        self.at_file_level = node
        self.bounds.limit = min(outer, self.bounds.steps + STEPS_OF_A_STATEMENT)
        try:
            self.statement(node, scope)
            return
        except (RecursionError, MemoryError):
            fault = PythonFault("program-too-deep", TOO_DEEP, self.program.span(node))
        except PythonFault as error:
            fault = self.placed(error)
            fault.with_traceback(None)  # it holds this frame, which holds it: thousands would stay in memory
        finally:
            self.bounds.limit = outer
            del self.calls[depth:]
        if self.bounds.steps > outer or (self.tries and isinstance(fault, Raised)):
            raise fault
        leave_out(self, node, scope, fault, changes)

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """The value of an expression."""
        bounds = self.bounds
        bounds.steps += 1
        if bounds.steps > bounds.limit:
            bounds.charge(0)
        work_out = expressions.KINDS.get(type(node))
        if work_out is None:
            what = type(node).__name__
            raise PythonFault(
                "not-read-here", f"an expression like this (`{what}`) is not read", self.program.span(node)
            )
        return work_out(self, node, scope)

    # ------------------------------------------------------------------ Reading
    @property
    def span(self) -> Span:
        return self.program.span(self.node)

    @property
    def trail(self) -> tuple[Span, ...]:
        return tuple(self.program.span(node) for node in reversed(self.calls))

    def line_words(self, line: int) -> str:
        return self.program.line_words(line)

    def charge(self, steps: int) -> None:
        self.bounds.charge(steps)

    def call(self, function: Any, *values: Any, **keywords: Any) -> Any:
        span = self.span
        given = {name: Given(value, span) for name, value in keywords.items()}
        return self.call_with(function, Arguments(tuple(Given(value, span) for value in values), given, span))

    def call_with(self, function: Any, arguments: Arguments) -> Any:
        self.bounds.charge(2)
        if isinstance(function, Value):
            return function.call(arguments, self)
        raise Raised("TypeError", f"{operators.noun(function)} cannot be called", self.span)

    def enter(self, function: Function, arguments: Arguments, this: Any = None) -> Any:
        if len(self.calls) >= DEEPEST_CALL:
            raise exceeded(f"calls are nested more than {DEEPEST_CALL} deep")
        self.bounds.charge(STEPS_OF_A_CALL)
        node = self.node
        self.calls.append(node)
        try:
            return calls.result(self, function, arguments, this)
        except PythonFault as fault:
            raise self.placed(fault) from None
        finally:
            self.node = node
            self.calls.pop()

    def attribute(self, holder: Any, name: str) -> Any:
        return holder.attribute(name, self) if isinstance(holder, Value) else method_of(holder, name, self)

    def set_attribute(self, holder: Any, name: str, value: Any) -> None:
        self.changed.append(holder)
        if not isinstance(holder, Value):
            raise Raised("AttributeError", f"`{name}` of {operators.noun(holder)} cannot be set", self.span)
        holder.set_attribute(name, value, self)

    def item(self, holder: Any, key: Any) -> Any:
        if isinstance(holder, Value):
            return holder.item(key, self)
        return key if isinstance(key, Unknown) else item_of(holder, key, self)

    def arithmetic(self, sign: str, left: Any, right: Any) -> Any:
        for one in (left, right):
            if isinstance(one, Unknown):
                return one
        if isinstance(left, Value):
            return left.arithmetic(sign, right, self)
        if isinstance(right, Value):
            return right.arithmetic(sign, left, self, reflected=True)
        return operators.plain(sign, left, right, self.bounds)

    def truth(self, value: Any) -> bool:
        return value.truth(self) if isinstance(value, Value) else bool(value)

    def entries(self, value: Any) -> list[Any]:
        found = value.entries(self) if isinstance(value, Value) else entries_of(value, self)
        self.bounds.charge(len(found) // 8)
        return found

    def copied(self, value: Any, copies: dict[int, Any]) -> Any:
        return operators.copied(value, copies, self)

    # ------------------------------------------------------------------ names
    def name(self, name: str, scope: Scope) -> Any:
        """What a name is here; Unknown where nothing has defined it."""
        place: Scope | None = scope
        while place is not None:
            if name in place.names:
                return place.names[name]
            for star in place.stars:
                if star.package.has(f"{star.name}.{name}"):
                    return star.attribute(name, self)
            place = place.outer
        if name in BUILTINS:
            return BUILTINS[name]
        return self._usual(name)

    def _usual(self, name: str) -> Any:
        for package in self.packages.values():
            if name in package.usual:
                self.assumed[name] = package.usual[name]
                return package.member(package.usual[name], self)
        if name == "__file__" or name.startswith("__"):
            return Unknown(f"`{name}` is not read here", self.span)
        return Unknown(f"the name `{name}` is not defined", self.span, is_undefined=True)

    def package(self, root: str) -> Package | None:
        """Who speaks for a library; None: nobody."""
        return self.packages.get(root) or OWN_PACKAGES.get(root)
