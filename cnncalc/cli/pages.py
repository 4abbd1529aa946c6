"""What `--help` prints: usage, what the command does, examples, its options in groups, exit statuses, where to read on.

The words of a command stand in `help/COMMAND.txt`, in sections (`Examples:`, `Exit status:`, `Read more:`) whose
entries are a command line or a number with a sentence below or beside it; the options say which group they belong to.
The page knows no command of its own; it is laid out for the width of the terminal, 80 columns at most.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile
from textwrap import wrap
from types import MappingProxyType
from typing import Any, NamedTuple

from cnncalc.cli.parameters import EVERYWHERE
from cnncalc.cli.terminal import canvas, paint
from cnncalc.report.paint import Paint

WIDEST = 80
SIDE_BY_SIDE = 60
"""From so many columns on, an option and what it does share a line."""
LONGEST_NAME = 24
"""An option whose name is longer has its words in the lines below."""

SHORT = 7
"""A name that always has room beside it, as those of the commands and of the exit statuses."""

SECTION = re.compile(r"^([A-Z][a-z]+(?: [a-z]+)*):$")


class Entry(NamedTuple):
    """A command line, an option or an exit status, with what is said about it."""

    name: str
    text: str


class Words(NamedTuple):
    """What is said about a command, in its parts."""

    paragraphs: tuple[str, ...]
    sections: dict[str, tuple[Entry, ...]]


def page(ctx: Any, groups: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> str:
    """The help of the command of a context; `groups` are the commands below it, for one that has some."""
    width = min(canvas().width or WIDEST, WIDEST)
    colours = paint(sys.stdout)
    words = words_of(ctx.command.name)
    blocks = [_usage(ctx, width, colours)]
    blocks += ["\n".join(wrap(paragraph, width, break_on_hyphens=False)) for paragraph in words.paragraphs]
    blocks += _sections(words, ("Examples",), width, colours)
    for title, names in groups.items():
        blocks.append(_block(title, [Entry(*one) for one in names.items()], width, colours))
    blocks += [_block(title, entries, width, colours) for title, entries in _parameters(ctx).items()]
    blocks += _sections(words, ("Shell completion", "Exit status", "Read more"), width, colours)
    return "\n\n".join(blocks)


def words_of(command: str) -> Words:
    """What is said about a command: its paragraphs and its sections."""
    path = os.path.join(os.path.dirname(__file__), "help", f"{command}.txt")
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    first = next((at for at, line in enumerate(lines) if SECTION.match(line)), len(lines))
    paragraphs = tuple(" ".join(part.split()) for part in "\n".join(lines[:first]).split("\n\n") if part.strip())
    sections: dict[str, tuple[Entry, ...]] = {}
    for at, line in enumerate(lines):
        if found := SECTION.match(line):
            body = takewhile(lambda text: not SECTION.match(text), lines[at + 1 :])
            sections[found[1]] = tuple(_entries(body))
    return Words(paragraphs, sections)


def _entries(lines: Iterable[str]) -> Iterator[Entry]:
    """A line at the section's margin begins an entry; the lines further in say more about it."""
    name, text = "", ""
    for line in lines:
        if line.startswith("        "):
            text = f"{text} {line.strip()}".strip()
        elif line.strip():
            if name:
                yield Entry(name, text)
            name, _, text = line.strip().partition("  ")
            text = text.strip()
    if name:
        yield Entry(name, text)


def _usage(ctx: Any, width: int, colours: Paint) -> str:
    start = f"Usage: {ctx.command_path} "
    pieces = " ".join(("[OPTIONS]", *_arguments_of(ctx)))
    lines = wrap(pieces, width - len(start), break_long_words=False, break_on_hyphens=False)
    return colours("Usage:", "title") + start.removeprefix("Usage:") + f"\n{' ' * len(start)}".join(lines)


def _arguments_of(ctx: Any) -> Iterator[str]:
    for parameter in ctx.command.params:
        if parameter.param_type_name == "argument":
            yield parameter.metavar if parameter.required else f"[{parameter.metavar}]"
    if hasattr(ctx.command, "subcommand_metavar"):
        yield "COMMAND"


def _sections(words: Words, titles: Sequence[str], width: int, colours: Paint) -> Iterator[str]:
    for title in titles:
        if title in words.sections:
            entries = words.sections[title]
            below = any(entry.name.startswith(("cnncalc", "cat ")) for entry in entries)
            yield _block(title, entries, width, colours, below=below)


def _block(title: str, entries: Sequence[Entry], width: int, colours: Paint, *, below: bool = False) -> str:
    """A title over its entries: the words beside each name, or `below` it (always where there is little room)."""
    below = below or (width < SIDE_BY_SIDE and any(len(entry.name) > SHORT for entry in entries))
    column = 4 + max(len(entry.name) for entry in entries if below or len(entry.name) <= LONGEST_NAME)
    lines = [colours(f"{title}:", "title")]
    for entry in entries:
        names = _command_lines(entry.name, width - 2) if below else [entry.name]
        fits = not below and len(entry.name) <= LONGEST_NAME
        indent = column if not below else 6
        words = wrap(entry.text, width - indent, break_on_hyphens=False)
        shown = [f"  {colours(name, 'block')}" for name in names]
        if fits and words:
            shown[0] += " " * (column - 2 - len(entry.name)) + words.pop(0)
        lines += [*shown, *(" " * indent + line for line in words)]
    return "\n".join(lines)


_SHELL_WORD = r"""(?:'[^']*'|"[^"]*"|[^\s'"])+"""


def _command_lines(line: str, width: int) -> list[str]:
    r"""A command that is too long for a line goes on in the next one, as a shell reads it: behind a `\`."""
    if len(line) <= width or " " not in line:
        return [line]
    lines = [""]
    parts = re.split(r" (?=[->|])", line)  # an option stays beside its value
    words = (re.findall(_SHELL_WORD, part) if len(part) > width - 2 else [part] for part in parts)
    for part in chain.from_iterable(words):
        if lines[-1] and len(f"{lines[-1]} {part}") > width - 2:
            lines.append(f"      {part}")
        else:
            lines[-1] = f"{lines[-1]} {part}".strip() if len(lines) == 1 else f"{lines[-1]} {part}"
    return [*(f"{one} \\" for one in lines[:-1]), lines[-1]]


# ---------------------------------------------------------------------- arguments and options
def _parameters(ctx: Any) -> dict[str, list[Entry]]:
    """The arguments, then the options by the group that they name, those of every command last."""
    found: dict[str, list[Entry]] = {}
    for parameter in ctx.command.get_params(ctx):
        if not parameter.hidden:
            title = "Arguments" if parameter.param_type_name == "argument" else _group(parameter)
            found.setdefault(title, []).append(Entry(_names(parameter), _said(parameter)))
    first, last = ("Arguments", OTHERS), (EVERYWHERE,)
    ordered = [*first, *(title for title in found if title not in (*first, *last)), *last]
    return {title: found[title] for title in ordered if title in found}


OTHERS = "Options"


def _group(option: Any) -> str:
    return str(getattr(option, "rich_help_panel", None) or (OTHERS if option.name != "help" else EVERYWHERE))


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar)
    if parameter.secondary_opts:
        return ", ".join(parameter.secondary_opts if parameter.default else parameter.opts)
    names = ", ".join(sorted(parameter.opts, key=len))
    return names if parameter.is_flag else f"{names} {parameter.metavar or parameter.name.upper()}"


def _said(parameter: Any) -> str:
    """The sentence of a parameter, which ends with the words that it takes where they are a choice."""
    words = choices_of(parameter)
    if not words:
        return str(parameter.help or "")
    default = getattr(parameter.default, "value", parameter.default)
    listed = f"{', '.join(words[:-1])} or {words[-1]}"
    return f"{parameter.help}: {listed}{f'; {default} if not given' if default else ''}."


def choices_of(parameter: Any) -> tuple[str, ...]:
    """The words that an option takes, where it takes no others."""
    return tuple(str(getattr(one, "value", one)) for one in getattr(parameter.type, "choices", ()))
