"""Assigning to names, attributes and parts, and deleting them.

A model that a name of the file is bound to stays when what would take its place is not known.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cnncalc.python import left_out
from cnncalc.python.objects import is_model
from cnncalc.python.program_error import Raised
from cnncalc.python.values import Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator


def bind(here: Evaluator, target: ast.expr, value: Any, scope: Scope) -> None:
    """Assign a value to what stands on the left."""
    if isinstance(target, ast.Name):
        set_name(here, target.id, value, scope)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(here, target, value, scope)
    elif isinstance(target, ast.Attribute):
        holder = here.value(target.value, scope)
        here.node = target
        here.set_attribute(holder, target.attr, value)
    elif isinstance(target, ast.Subscript):
        holder, key = here.value(target.value, scope), here.value(target.slice, scope)
        here.node = target
        set_item(here, holder, key, value)
    elif isinstance(target, ast.Starred):
        bind(here, target.value, value, scope)


def set_name(here: Evaluator, name: str, value: Any, scope: Scope) -> None:
    """Bind a name in the scope that it is of."""
    how = "" if scope.kind == "class" else scope.declared.get(name, "")
    place = scope
    if how == "global":
        while place.outer is not None and place.kind != "file":
            place = place.outer
    elif how == "nonlocal":
        while place.outer is not None and place.outer.kind != "file" and (place is scope or name not in place.names):
            place = place.outer
    old = place.names.get(name)
    if (
        isinstance(value, Unknown)
        and place.kind == "file"
        and is_model(old)
        and left_out.stays(here, here.at_file_level, name)
    ):
        left_out.keep(here, name, value)
        return
    place.names[name] = value


def set_item(here: Evaluator, holder: Any, key: Any, value: Any) -> None:
    """`holder[key] = value`."""
    here.changed.append(holder)
    if isinstance(holder, Value):
        holder.set_item(key, value, here)
        return
    if isinstance(holder, dict):
        key = here.bounds.key(key)
    if isinstance(key, Unknown):
        raise key.needed("this part", here.span)
    if isinstance(key, slice):
        value = here.entries(value)
    try:
        holder[key] = value
    except (TypeError, KeyError, IndexError, ValueError, OverflowError) as error:
        raise Raised(type(error).__name__, f"this part cannot be set: {error}", here.span) from None
    if isinstance(holder, (list, dict)):
        here.bounds.limited(holder)


def _unpack(here: Evaluator, target: ast.Tuple | ast.List, value: Any, scope: Scope) -> None:
    names = target.elts
    if isinstance(value, Unknown):
        for one in names:
            bind(here, one, value, scope)
        return
    values = here.entries(value)
    star = next((index for index, one in enumerate(names) if isinstance(one, ast.Starred)), None)
    if len(values) != len(names) if star is None else len(values) < len(names) - 1:
        raise Raised(
            "ValueError", f"{len(values)} values are unpacked into {len(names)} names", here.program.span(target)
        )
    if star is not None:
        after = len(values) - (len(names) - star - 1)
        values = [*values[:star], values[star:after], *values[after:]]
    for one, each in zip(names, values, strict=True):
        bind(here, one, each, scope)


def delete_item(here: Evaluator, holder: Any, key: Any) -> None:
    """`del holder[key]`."""
    here.changed.append(holder)
    if isinstance(holder, Value):
        holder.delete_item(key, here)
        return
    if isinstance(key, Unknown):
        raise key.needed("this part", here.span)
    try:
        del holder[key]
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise Raised(type(error).__name__, f"this part cannot be deleted: {error}", here.span) from None


def delete_attribute(here: Evaluator, holder: Any, name: str) -> None:
    """`del holder.name`."""
    here.changed.append(holder)
    if isinstance(holder, Value):
        holder.delete_attribute(name, here)
    else:
        raise Raised("AttributeError", f"`{name}` cannot be deleted", here.span)
