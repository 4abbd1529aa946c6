"""`--set NAME=VALUE` of a program: a global name of its file, or an option of its command line, with another value.

The value takes the place of the one in the file's tree, which is worked out afterwards.  A name that would change
nothing is refused: what a framework's name is, and a parameter of a function, which the model's own call gives.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from cnncalc.diagnostics import COMMAND_LINE, Diagnostic, InputError, Source, Span
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.python.program import File

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def state_names(file: File, settings: Mapping[str, str], source: Source, packages: Collection[str]) -> None:
    """Put the values into the file's tree where it gives these names one, else before everything.

    `packages` are the roots of the frameworks' names.  Raises InputError for a name that would change nothing.
    """
    for key, text in settings.items():
        value = _literal(key, text)
        found = _state_option(file, key, value)
        if not found:
            _refuse_without_effect(file, key, text, source, packages)
        for body in (cell.tree.body for cell in file.cells):
            for statement in reversed(tuple(body)):
                if holders := [holder for target, holder in _assigned(statement) if target == key]:
                    for holder in holders:
                        holder.value = ast.copy_location(value, holder.value)
                    found = True
                elif key in _bound(statement):
                    body.insert(body.index(statement) + 1, _assignment(key, value, statement))
                    found = True
        if not found:
            tree = file.cells[0].tree
            tree.body.insert(0, _assignment(key, value, tree.body[0]))


def constants(file: File) -> dict[str, str]:
    """The global names that the file gives a number, with what it gives them last."""
    pairs = (pair for statement in file.statements for pair in _assigned(statement))
    return {
        name: str(holder.value.value)
        for name, holder in pairs
        if isinstance(holder.value, ast.Constant) and type(holder.value.value) in (int, float)
    }


def _assignment(key: str, value: ast.expr, place: ast.stmt) -> ast.stmt:
    made = ast.Assign([ast.Name(key, ast.Store())], value)
    return ast.fix_missing_locations(ast.copy_location(made, place))


def _refuse_without_effect(file: File, key: str, text: str, source: Source, packages: Collection[str]) -> None:
    for statement in file.statements:
        for one in ast.walk(statement):
            if key in _package_names(one, packages):
                advice = "a setting is a global name that has a value: W = 32"
                raise _setting(key, text, f"`{key}` is no constant of {source.name}: it is imported", advice)
    is_bound = any(key in _bound(statement) for statement in file.statements)
    read = {name for statement in file.statements for name in _global_names(statement)}
    if is_bound or key in read:
        return
    if calls := _takers(file, key):
        message = f"{source.name} has no constant `{key}`: it is a parameter of {calls[0]}"
        raise _setting(key, text, message, _entry_advice(file, key, text, source, calls))
    advice = did_you_mean(key, read | set(constants(file)), "give a name that the file uses outside of functions")
    raise _setting(key, text, f"{source.name} has no name `{key}`", advice)


def _package_names(node: ast.AST, packages: Collection[str]) -> Iterator[str]:
    """The names that an import gives to modules, and to what is in a framework."""
    if isinstance(node, ast.Import):
        yield from (one.asname or one.name.partition(".")[0] for one in node.names)
    elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in packages:
        yield from (one.asname or one.name for one in node.names)


def _bound(statement: ast.stmt) -> set[str]:
    """The global names that a statement of the file gives a value in any way but a definition."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return set()
    found: set[str] = set()
    for one in ast.walk(statement):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.add(one.id)
        elif isinstance(one, ast.ImportFrom):
            found.update(name.asname or name.name for name in one.names)
    return found


def _global_names(statement: ast.stmt) -> Iterator[str]:
    """The names that are read and belong to no function around them."""
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(statement, frozenset())]
    while waiting:
        node, local = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in local:
            yield node.id
        if isinstance(node, _FUNCTIONS):
            body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
            inner = local | _local_names(node)
            waiting += [(one, inner if one in body else local) for one in ast.iter_child_nodes(node)]
        elif isinstance(node, _COMPREHENSIONS):
            inner = local | {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and _is_stored(one)}
            waiting += [(one, inner) for one in ast.iter_child_nodes(node)]
        else:
            waiting += [(one, local) for one in ast.iter_child_nodes(node)]


def _local_names(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """The parameters of a function and the names that it gives a value, but for those that it calls global."""
    names = set(_parameters(function))
    stated: set[str] = set()
    for one in ast.walk(function):
        if isinstance(one, ast.Name) and _is_stored(one):
            names.add(one.id)
        elif isinstance(one, ast.Global):
            stated.update(one.names)
    return names - stated


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[str]:
    args = function.args
    rest = [one for one in (args.vararg, args.kwarg) if one is not None]
    return [one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs, *rest)]


def _takers(file: File, key: str) -> list[str]:
    """The classes that are made with this parameter, and the functions of the file that take it."""
    found: list[str] = []
    for statement in file.statements:
        inner = statement.body if isinstance(statement, ast.ClassDef) else [statement]
        for one in inner:
            is_maker = not isinstance(statement, ast.ClassDef) or getattr(one, "name", "") == "__init__"
            if is_maker and isinstance(one, ast.FunctionDef) and key in _parameters(one):
                found.append(statement.name if isinstance(statement, ast.ClassDef) else one.name)
    return found


def _entry_advice(file: File, key: str, text: str, source: Source, calls: list[str]) -> str:
    """`net.py:Net(w=8)` for the model itself; a class that another one makes gets its value there."""
    called = {
        one.func.id
        for statement in file.statements
        if isinstance(statement, (ast.ClassDef, ast.FunctionDef))
        for one in ast.walk(statement)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
    }
    entry = source.entry
    taker = next((name for name in reversed(calls) if name not in called or name == entry.partition("(")[0]), "")
    if not taker:
        return f"give it a global name in the file, `{key.upper()} = {text.strip()[:40]}`, and set that"
    known = entry.partition("(")[2].removesuffix(")") if entry.startswith(f"{taker}(") else ""
    kept = [one.strip() for one in known.split(",") if one.strip() and one.partition("=")[0].strip() != key]
    values = ", ".join([*kept, f"{key}={text.strip()[:40]}"])
    return f"give it where the model is made: {source.name}:{taker}({values})"


def _state_option(file: File, key: str, value: ast.expr) -> bool:
    """Give `opt.size` the value as soon as the file has made `opt`; False where the file has no such name."""
    owner, _, name = key.partition(".")
    parts = (one for statement in file.statements for one in ast.walk(statement) if isinstance(one, ast.Attribute))
    if not any(one.attr == name and isinstance(one.value, ast.Name) and one.value.id == owner for one in parts):
        return False
    for body in (cell.tree.body for cell in file.cells):
        for place, statement in enumerate(body):
            if any(target == owner for target, _ in _assigned(statement)):
                target = ast.Attribute(ast.Name(owner, ast.Load()), name, ast.Store())
                stated = ast.copy_location(ast.Assign([target], value), statement)
                body.insert(place + 1, ast.fix_missing_locations(stated))
                return True
    return False


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, Any]]:
    """The single names that a statement of the file gives a value, and the statement that does it."""
    for one in ast.walk(statement) if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)) else ():
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
            yield one.targets[0].id, one
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None:
            yield one.target.id, one


def _literal(key: str, text: str) -> ast.expr:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        ast.literal_eval(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError, TypeError):
        raise _setting(key, text, f"`{text[:40]}` is no value", "write a number, a text in quotes or a list") from None
    return tree


def _setting(key: str, text: str, message: str, help: str) -> InputError:
    place = Span(1, len("--set ") + 1, max(1, len(key)))
    option = Source(COMMAND_LINE, f"--set {key}={text}")
    return InputError((Diagnostic("unknown-setting", printable(message), place, help=printable(help)),), option)
