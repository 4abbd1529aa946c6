"""Errors of commands as Python says them: with the arguments of a call where the command has options.

Command lines that are advised whole, `cnncalc solve ...`, stay what they are: they can be pasted into a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from cnncalc.diagnostics import COMMAND_LINE, Diagnostic, InputError

WORDS = {
    "an array (a .npy file)": "an array",
    "--force": "force=True",
    "--labels FILE": "labels=FILE",
    "--maps DIR draws": "`maps` draws",
    "`cnncalc convert` needs --to": "`.convert` needs a notation",
    "needs --to": "needs a notation",
    "--to onnx": 'notation="onnx"',
    "--to torch": 'notation="torch"',
    "--train --mixed": 'train="adam", mixed=True',
}
"""What is written for an option in an error -> the argument or the method that does the same."""

_OPTION = re.compile(
    r"(?P<whole>cnncalc [a-z]+ [^`]*)"  # a command line
    r"|--set (?P<name>\w+)=(?P<values>[^\s,;`]+(?:,[^\s,;`]+)*)"
    r"|--(?P<option>[a-z]+(?:-[a-z]+)*)(?: (?P<value>[?\d][^\s,;`]*(?:,[^\s,;`]+)*|float\d+|\w+,\w+))?"
)


NUMBERS = {"width", "depth", "top", "opset", "seed", "threads"}
"""Options whose values are whole numbers in Python."""


@contextmanager
def python_words(**arguments: str) -> Iterator[None]:
    """Inside, an InputError says and advises what can be written in Python; as a decorator, of what a function raises.

    `arguments` are those that are called otherwise than their options: `input="input_size"`.
    """
    try:
        yield
    except InputError as error:
        is_option = error.source is not None and error.source.name == COMMAND_LINE
        said = tuple(_said(one, arguments, is_option=is_option) for one in error.diagnostics)
        raise InputError(said, None if is_option else error.source) from None


def _said(one: Diagnostic, arguments: Mapping[str, str], *, is_option: bool) -> Diagnostic:
    """A diagnostic in Python's words; a place within an option of a command is none in a program."""
    texts = (one.message, one.label, one.help, *one.notes)
    message, label, advice, *notes = (in_python(text, arguments) for text in texts)
    said = one._replace(message=message, label=label, notes=tuple(notes), help=advice)
    return said._replace(span=None, label="", trail=(), fixes=()) if is_option else said


def in_python(text: str, arguments: Mapping[str, str] = MappingProxyType({})) -> str:
    """A text with the arguments of a call in place of the options of a command.

    >>> in_python("write the unit: --within 8GB, or 8GiB"), in_python("leave --dtype out, or --mixed")
    ('write the unit: within="8GB", or 8GiB', 'leave dtype out, or mixed')
    >>> in_python("name values: --input 96..320:32, --set alpha=0.5,1 or --batch 1,8,32")
    'name values: input="96..320:32", settings={"alpha": "0.5,1"} or batch="1,8,32"'
    >>> in_python("--input 200: the channels stay (--width 130)", {"input": "input_size"})
    'input_size="200": the channels stay (width=130)'
    """
    for option, argument in WORDS.items():
        text = text.replace(option, argument)
    return _OPTION.sub(lambda found: _argument(found, arguments), text) if "--" in text else text


def _argument(found: re.Match[str], arguments: Mapping[str, str]) -> str:
    if found["whole"]:
        return found["whole"]
    if found["name"]:
        values = found["values"].rstrip(":)")
        return f'settings={{"{found["name"]}": "{values}"}}{found["values"][len(values) :]}'
    option = {"set": "settings", **arguments}.get(found["option"], found["option"].replace("-", "_"))
    if not found["value"]:
        return option
    value = found["value"].rstrip(":)")
    written = value if found["option"] in NUMBERS else f'"{value}"'
    return f"{option}={written}{found['value'][len(value) :]}"
