"""Errors of commands as Python says them: with the arguments of a call where the command has options.

Command lines that are advised whole, `cnncalc solve ...`, stay what they are: they can be pasted into a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from cnncalc.diagnostics import InputError

WORDS = {
    "--force": "force=True",
    "--labels FILE": "labels=FILE",
    "--maps DIR draws": "`maps` draws",
    "needs --to": "needs a notation",
    "--to onnx": 'notation="onnx"',
    "--to torch": 'notation="torch"',
    "--train --mixed": 'train="adam", mixed=True',
}
"""What is written for an option in an error -> the argument or the method that does the same."""

_OPTION = re.compile(
    r"(?P<whole>cnncalc [a-z]+ [^`]*)"  # a command line
    r"|--set (?P<name>\w+)=(?P<values>[^\s,;]+(?:,[^\s,;]+)*)"
    r"|--(?P<option>[a-z]+(?:-[a-z]+)*)(?: (?P<value>[?\d][^\s,;]*(?:,[^\s,;]+)*|float\d+|\w+,\w+))?"
)


@contextmanager
def python_words() -> Iterator[None]:
    """Inside, an InputError says and advises what can be written in Python."""
    try:
        yield
    except InputError as error:
        said = tuple(
            one._replace(message=in_python(one.message), help=in_python(one.help)) for one in error.diagnostics
        )
        raise InputError(said, error.source) from None


def in_python(text: str) -> str:
    """A text with the arguments of a call in place of the options of a command.

    >>> in_python("write the unit: --within 8GB, or 8GiB"), in_python("leave --dtype out, or --mixed")
    ('write the unit: within="8GB", or 8GiB', 'leave dtype out, or mixed')
    >>> in_python("name values: --input 96..320:32, --set alpha=0.5,1 or --batch 1,8,32")
    'name values: input="96..320:32", settings={"alpha": "0.5,1"} or batch="1,8,32"'
    """
    for option, argument in WORDS.items():
        text = text.replace(option, argument)
    return _OPTION.sub(_argument, text)


def _argument(found: re.Match[str]) -> str:
    if found["whole"]:
        return found["whole"]
    if found["name"]:
        return f'settings={{"{found["name"]}": "{found["values"]}"}}'
    option = {"set": "settings"}.get(found["option"], found["option"].replace("-", "_"))
    return f'{option}="{found["value"]}"' if found["value"] else option
