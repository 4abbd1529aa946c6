"""A line as the table shows it: every `$name` put in and worked out, `conv 4*$width 1x1` as `conv 256 1x1`."""

from __future__ import annotations

import re

from cnncalc.graph.arithmetic import exact_number
from cnncalc.graph.expressions import Environment, substituted
from cnncalc.graph.values import sides
from cnncalc.graph.word_parameters import put_in
from cnncalc.quantities import exact
from cnncalc.spec.document import Argument, Call, MatrixLiteral, Option, Value

_OPERATOR = re.compile(r"[-+*/%(]")


def written_out(call: Call, environment: Environment) -> str:
    """The line's text with every `$name` put in and worked out: `conv 4*$width 1x1` becomes `conv 256 1x1`.

    `from $skip` names the label that was passed; `times N` is left out: a row is one of the N.
    """
    if "$" not in call.text and call.times is None:
        return call.text
    words = [call.word.text]
    for argument in call.arguments:
        words += _written_argument(argument, environment)
    if call.sources:
        words += ["from", *(_worked_out(token, environment) for token in call.sources)]
    return " ".join(words)


def _written_argument(argument: Argument, environment: Environment) -> list[str]:
    if isinstance(argument, Option):
        return [f"{argument.name.text}={_worked_out(argument.value, environment)}"]
    return [_worked_out(one, environment) for one in put_in(argument, environment)]


def _worked_out(value: Value, environment: Environment) -> str:
    found = substituted(value, environment)
    if isinstance(found, MatrixLiteral):
        return "[...]"
    if "$" in found.text or found.quoted or not _OPERATOR.search(found.text):
        return found.text
    sizes = [exact_number(part, found) for part in sides(found.text)]
    known = [size for size in sizes if size is not None]
    return "x".join(map(exact, known)) if len(known) == len(sizes) else found.text
