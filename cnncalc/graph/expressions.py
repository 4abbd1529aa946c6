"""`$name` in words and numbers: `4*$width`, `$in/2`, `${k}x${k}`.

Values are put in as text, in parentheses where they are sums themselves; what then stands in the place of a number is
worked out exactly (`cnncalc.graph.arithmetic`).  What a name stands for is asked of the scope.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnncalc.diagnostics import Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.arithmetic import (
    LONGEST_EXPRESSION,
    exact_number,
    too_long,
    whole_number,
)
from cnncalc.graph.faults import Fault
from cnncalc.quantities import exact
from cnncalc.spec.document import MatrixLiteral, Token, Value

Environment = Mapping[str, Value]
"""What `$name` stands for: parameters, constants, counters, and `in`, the channels that arrive; `in(x)`, those of x."""

UNKNOWN = Token("", Span(1, 1))
"""What a name stands for whose value has a fault of its own."""

_NAME = re.compile(r"\$\{(\w+)\}|\$(in\([^()]*\))|\$(\w+)")
_ARITHMETIC = re.compile(r"[-+*/%]")
_SIZE_TAIL = r"(?:x[0-9]*)+"
_FRACTION = re.compile(r"[0-9]+/[0-9]+")


def substituted(value: Value, environment: Environment) -> Value:
    """The value with every `$name` replaced by what it stands for here; the place stays that of the use."""
    if isinstance(value, MatrixLiteral) or "$" not in value.text or value.quoted:
        return value
    whole = _NAME.fullmatch(value.text)
    if whole:
        name, rest = _parted(_name(whole), environment)
        if not rest:
            found = looked_up(name, value, environment)
            return found if isinstance(found, MatrixLiteral) else value._replace(text=found.text, quoted=found.quoted)
    text = _NAME.sub(lambda match: _as_part(match, value, environment), value.text)
    if len(text) > LONGEST_EXPRESSION:
        raise too_long(value)
    return value._replace(text=text)


def settled(value: Value, environment: Environment) -> Value:
    """A value that is given a name: `$names` put in, and arithmetic worked out, so that it is a plain word or number.

    A division of whole numbers with a remainder stays as it is written (`1/255`): only its use can tell whether a whole
    number was wanted.
    """
    found = substituted(value, environment)
    if isinstance(found, MatrixLiteral) or found.quoted or _FRACTION.fullmatch(found.text):
        return found
    try:
        number = exact_number(found.text, found._replace(text=value.text) if isinstance(value, Token) else found)
    except Fault as fault:
        if fault.diagnostic.code == "inexact-division":
            return found
        raise
    return found if number is None else found._replace(text=exact(number))


def check_names(value: Value, environment: Environment) -> None:
    """Raise Fault for a `$name` that stands for nothing here; nothing is worked out."""
    if isinstance(value, Token) and not value.quoted:
        for match in _NAME.finditer(value.text):
            looked_up(_parted(_name(match), environment)[0], value, environment, checked_only=True)


def names_in(text: str) -> tuple[str, ...]:
    """Every name that stands behind a `$`."""
    return tuple(dict.fromkeys(map(_name, _NAME.finditer(text))))


def _name(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3]


def _parted(name: str, environment: Environment) -> tuple[str, str]:
    """`kx3` as the name `k` and the rest of a size, `x3`, where `k` is known and `kx3` is not."""
    if name in environment or "x" not in name:
        return name, ""
    for known in environment:
        if name.startswith(f"{known}x") and re.fullmatch(_SIZE_TAIL, name[len(known) :]):
            return known, name[len(known) :]
    return name, ""


def looked_up(name: str, token: Token, environment: Environment, *, checked_only: bool = False) -> Value:
    """What a name stands for; raises Fault for none.  `checked_only`: one whose value is not known will do."""
    if name in environment:
        found = environment[name]
        if found is UNKNOWN and not checked_only:
            raise _not_known(f"${name}", token, "its own line has a fault")
        return found
    if checked_only and (name == "in" or name.startswith("in(")):
        return UNKNOWN
    if name == "in":
        raise _not_known("$in", token, "what arrives here has a fault of its own")
    if name.startswith("in("):
        raise Fault(
            "unknown-label",
            f"no line above is labelled `{name[3:-1]}`",
            token.span,
            help=f"`$in({name[3:-1]})` is the channels of the line `{name[3:-1]}:`; name that line above this one",
        )
    known = ", ".join(f"${one}" for one in sorted(environment))
    otherwise = f"what can be used here: {known}" if known else f"write `let {name} = 1` above to give it a value"
    raise Fault(
        "unknown-parameter",
        f"`${name}` is not a parameter here",
        token.span,
        help=did_you_mean(name, environment, otherwise),
    )


def _not_known(written: str, token: Token, why: str) -> Fault:
    """The fault of a name whose value has a fault elsewhere: the binder leaves it out when that one is reported."""
    return Fault("unknown-parameter", f"`{written}` is not known here", token.span, help=why, follows=True)


def _as_part(match: re.Match[str], token: Token, environment: Environment) -> str:
    name, rest = _parted(_name(match), environment)
    found = looked_up(name, token, environment)
    if isinstance(found, MatrixLiteral):
        raise Fault("wrong-operand", f"`{match[0]}` is a matrix and cannot be part of `{token.text}`", token.span)
    return (f"({found.text})" if _ARITHMETIC.search(found.text) else found.text) + rest


__all__ = ["UNKNOWN", "Environment", "check_names", "looked_up", "settled", "substituted", "whole_number"]
