"""The values of a block call put to the block's parameters: in order, by name, or by default.

A value may be a number, a size, a matrix, a layer word, another block, post words in quotes, or a label.  Defaults are
read at the call: `$in` is what arrives there, and a default may use the parameters before it.
"""

from __future__ import annotations

from dataclasses import replace

from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.expressions import settled
from cnncalc.graph.faults import Fault
from cnncalc.graph.scopes import Names, Scope
from cnncalc.graph.weight_option import parted
from cnncalc.layers.base import counted
from cnncalc.spec.document import Argument, BlockDefinition, Call, Option, Parameter, Token, Value


def pass_values(call: Call, block: BlockDefinition, inner: Scope, names: Names) -> None:
    """Enter what the call gives into the inner scope, labels included; `names` are those of the call's line."""
    inner.caller = names.scope
    for name, value in assigned(call, block).items():
        inner.environment[name] = _passed(name, value, inner, names)


def fill_defaults(block: BlockDefinition, inner: Scope, names: Names) -> None:
    """Enter the defaults of what the call left out; a parameter is not seen by the defaults before it."""
    given, inner.environment = inner.environment, {}
    for parameter in block.parameters:
        name, default = parameter.name.text, parameter.default
        if name in given:
            inner.environment[name] = given[name]
        elif default is not None:
            inner.environment[name] = settled(default, replace(names, scope=inner))


def given_settings(inner: Scope) -> tuple[tuple[str, str], ...]:
    """Every parameter of the call with its value as words: `("width", "64")`."""
    found = ((name, value) for name, value in inner.environment.items())
    return tuple((name, value.text if isinstance(value, Token) else "[...]") for name, value in found)


def assigned(call: Call, block: BlockDefinition) -> dict[str, Value]:
    """The values as they are written, by parameter; raises Fault for one too many, unknown or missing."""
    names = [parameter.name.text for parameter in block.parameters]
    takes = f"it is called as `{' '.join((block.name.text, *map(_shown, block.parameters)))}`"
    values: dict[str, Value] = {}
    for argument in parted(call, names)[0]:
        name = _parameter(argument, names, values, block, takes)
        values[name] = argument.value if isinstance(argument, Option) else argument
    for parameter in block.parameters:
        if parameter.default is None and parameter.name.text not in values:
            message = f"block `{block.name.text}` needs `{parameter.name.text}`"
            raise Fault("missing-operand", message, call.word.span, help=takes)
    return values


def _shown(parameter: Parameter) -> str:
    """A parameter as it stands in a call: `WIDTH`, or `stride=1` where it has a default."""
    if parameter.default is None:
        return parameter.name.text.upper()
    default = parameter.default.text if isinstance(parameter.default, Token) else "[...]"
    return f"{parameter.name.text}={default}"


def _parameter(
    argument: Argument, names: list[str], values: dict[str, Value], block: BlockDefinition, takes: str
) -> str:
    """The name of the parameter that an argument is for."""
    if not isinstance(argument, Option):
        name = next((one for one in names if one not in values), None)
        if name is None:
            message = f"block `{block.name.text}` takes {counted(len(names), 'value')}"
            raise Fault("too-many-operands", message, argument.span, help=takes)
        return name
    name = argument.name.text
    if name not in names:
        message = f"block `{block.name.text}` has no parameter `{name}`"
        raise Fault("unknown-option", message, argument.name.span, help=did_you_mean(name, names, takes))
    if name in values:
        raise Fault("given-twice", f"`{name}` is given twice", argument.span, help="keep one of the two")
    return name


def _passed(name: str, value: Value, inner: Scope, names: Names) -> Value:
    if isinstance(value, Token) and not value.quoted:
        target = names.scope.find(value.text)
        if target is not None:
            inner.passed[name] = target
            return value._replace(text=value.text.strip("${}"))
    return settled(value, names)
