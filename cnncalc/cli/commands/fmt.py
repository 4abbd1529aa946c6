"""`cnncalc fmt`: the canonical spelling of a model's text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus

if TYPE_CHECKING:
    from cnncalc.diagnostics import Source


def fmt(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="The files to rewrite; `-` reads standard input.")
    ],
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; leave with status 1 if a file would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
    settings: Annotated[list[str] | None, typer.Option("--set", hidden=True)] = None,
) -> int:
    """Rewrite files in the canonical spelling; the network stays the same."""
    from cnncalc.cli.terminal import show_error
    from cnncalc.diagnostics import InputError, input_error

    if settings:
        raise input_error(
            "wrong-setting",
            "fmt takes no --set: it keeps every value as the text has it",
            help=f"write the text with another value: cnncalc convert {files[0]} --to spec --set {settings[0]}",
        )
    changed, failed = False, False
    for name in files:
        try:
            changed |= _formatted(name, check=check, diff=diff)
        except InputError as error:
            show_error(error)
            failed = True
    if failed:
        return ExitStatus.BAD_INPUT
    return ExitStatus.FINDINGS if changed and check else ExitStatus.FINE


def _formatted(name: str, *, check: bool, diff: bool) -> bool:
    """Whether the file would change; writes it unless only asked."""
    from cnncalc.cli.terminal import write, write_data, write_error
    from cnncalc.destinations import refuse_destination, write_file
    from cnncalc.sources import find, find_file

    if not (check or diff or name == "-") and os.path.exists(name) and not os.path.isfile(name):
        refuse_destination(name, force=True)
    source = find(name) if name == "-" else find_file(name)
    text = _canonical(source)
    changed = text != source.text
    if diff:
        write(_difference(source, text))
    elif check:
        write_error(f"would reformat {name}\n" if changed else "")
    elif name == "-":
        write_data(text)
    elif changed:
        write_file(name, text, force=True)
        write_error(f"reformatted {name}\n")
    return changed


def _canonical(source: Source) -> str:
    from cnncalc.diagnostics import InputError, input_error
    from cnncalc.graph.formatting import formatted
    from cnncalc.net_files import unspelled
    from cnncalc.spec.parsing import parse

    if source.file:
        raise input_error(
            "binary-file",
            f"{source.name} is a network, but no text that could be formatted",
            help=f"`cnncalc convert {source.name} --to spec` writes it as a text",
        )
    document, faults = parse(source)
    if faults:
        named = (fault._replace(help=fault.help.replace("convert FILE", f"convert {source.name}")) for fault in faults)
        raise InputError(tuple(named), source)
    if lost := unspelled(document):
        raise InputError(lost, source)
    return formatted(document)


def _difference(source: Source, text: str) -> str:
    from difflib import unified_diff

    before, after = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    return "".join(
        line if line.endswith("\n") else f"{line}\n"
        for line in unified_diff(before, after, source.name, f"{source.name} (formatted)")
    )
