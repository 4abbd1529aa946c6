"""`cnncalc init`: a commented text to start from."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import Force, OutputFile


class Starter(StrEnum):
    """What the text is a start of; its file is `cli/starters/<name>.txt`."""

    MODEL = "model"
    HOMEWORK = "homework"
    FILTERS = "filters"


NEXT = {
    Starter.MODEL: (("summary {}", "shows its table"), ("explain {}", "shows where its numbers come from")),
    Starter.HOMEWORK: (("check {}", "says which answers are right"), ("grade {} submissions/", "grades a class by it")),
    Starter.FILTERS: (("run {}", "computes every value"), ("filters", "lists the filters that are built in")),
}
"""The commands to type next, `{}` is the file, with what each does."""


def init(
    kind: Annotated[Starter, typer.Argument(metavar="KIND", help="What the text is a start of")] = Starter.MODEL,
    *,
    output: OutputFile = None,
    force: Force = False,
) -> int:
    """Write a commented text to start from: a network, a homework or image filters."""
    from shlex import quote

    from cnncalc.cli.terminal import write_data, write_error
    from cnncalc.destinations import write_file

    to_file = output is not None and output != "-"
    shown = quote(str(output)) if to_file else f"{kind.value}.txt"
    text = with_name(starter(kind), f"{kind.value}.txt", shown if shown.isprintable() else f"{kind.value}.txt")
    if to_file:
        write_file(str(output), text, force=force)
        write_error(f"{output} is written. What to type next:\n")
    else:
        write_data(text)
        write_error(f"To keep it: cnncalc init {kind.value} -o {shown}\nWhat to type then:\n")
    commands = [(f"cnncalc {command.format(shown)}", does) for command, does in NEXT[kind]]
    width = max(len(command) for command, _ in commands)
    write_error("".join(f"  {command:<{width}}  {does}\n" for command, does in commands))
    return ExitStatus.FINE


BESIDE = re.compile(r"(?P<command>#   cnncalc \S.*?)  +(?P<does>\S.*)")
"""A line of a text's opening comment: a command, and in a second column what it does."""


def with_name(text: str, name: str, shown: str) -> str:
    """The text about a file of another name, which moves the second column only where a command has no room."""
    lines = text.split("\n")
    found = {at: line for at, one in enumerate(lines) if (line := BESIDE.fullmatch(one))}
    commands = {at: line["command"].replace(name, shown) for at, line in found.items()}
    column = max(0, *(line.start("does") for line in found.values()), *(len(one) + 2 for one in commands.values()))
    beside = {at: f"{commands[at]:<{column}}{line['does']}" for at, line in found.items()}
    return "\n".join(beside.get(at, line.replace(name, shown)) for at, line in enumerate(lines))


def starter(kind: Starter) -> str:
    """The text as it ships."""
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "starters", f"{kind.value}.txt")
    with open(path, encoding="utf-8") as file:
        return file.read()
