"""`cnncalc convert`: a net in another notation, with its weights, and with the proof that it is the same net."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PRINTING, Force, InputSize, Json, Model, OutputFile, Settings, Until

if TYPE_CHECKING:
    from cnncalc.conversion.converting import Conversion
    from cnncalc.conversion.forms import Form
    from cnncalc.diagnostics import Source
    from cnncalc.runtime.proof_records import Proof

ONNX = "ONNX"


class Format(StrEnum):
    """What the proof is written as."""

    TABLE = "table"
    JSON = "json"


Notation = Annotated[
    str | None,
    typer.Option(
        "--to",
        "-t",
        metavar="NOTATION",
        rich_help_panel=PRINTING,
        help="The notation: spec (the language of cnncalc), json, torch, keras, onnx, darknet, mermaid, dot or "
        "markdown; where it is not given, the end of the file's name says it.",
    ),
]
WeightFile = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        rich_help_panel=PRINTING,
        help="Write the weights of this file too, as the notation has them: a second file next to the first, or "
        "in the .onnx file.",
    ),
]
Prove = Annotated[
    bool,
    typer.Option(
        "--prove",
        rich_help_panel=PRINTING,
        help="Read what was written again, compare both networks, and run both where the framework is installed.",
    ),
]
ProofFormat = Annotated[
    Format,
    typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the proof as FORMAT"),
]
Opset = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, max=99, rich_help_panel=ONNX, help="Write operators of this version."),
]
External = Annotated[
    bool,
    typer.Option("--external", rich_help_panel=ONNX, help="Keep the weights in a file of their own: FILE.data."),
]


@dataclass(frozen=True)
class ConvertOptions:
    """What `cnncalc convert` was asked for, as it was written."""

    model: Model
    to: Notation = None
    output: OutputFile = None
    weights: WeightFile = None
    prove: Prove = False
    force: Force = False
    format: ProofFormat = Format.TABLE
    json: Json = False
    opset: Opset = None
    external: External = False
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None


def convert(options: ConvertOptions) -> int:
    """Write a network in another notation, with its weights, and prove that it is the same one."""
    from cnncalc.analysis import analyse
    from cnncalc.cli.settings import settings_of
    from cnncalc.conversion.converting import Asked, refuse_options
    from cnncalc.conversion.converting import convert as converted
    from cnncalc.conversion.forms import chosen_form
    from cnncalc.net_files import checked
    from cnncalc.sources import find, parted

    path = None if options.output == "-" else options.output
    form = chosen_form(options.to, path)
    values, inputs = settings_of(options.settings), [parted(options.model)[0], *filter(None, [options.weights])]
    asked = Asked(
        form, path, options.weights, options.prove, options.opset, options.external, options.input_size, values
    )
    refuse_options(asked)
    _refuse_place(form, path, inputs)
    analysis = analyse(checked(find(options.model), options.input_size, values, options.until))
    done = converted(analysis, asked)
    _warn(done, analysis.graph.source)
    if done.proof is None or done.proof.holds:
        _write(done, path, inputs, force=options.force)
    if done.proof is None:
        return ExitStatus.FINE
    _print_proof(
        done.proof, options.model, form, as_json=options.json or options.format is Format.JSON, aside=path is None
    )
    return ExitStatus.FINE if done.proof.holds else ExitStatus.FINDINGS


def _warn(done: Conversion, source: Source) -> None:
    """On standard error, what of the net is not in what is written."""
    from cnncalc.cli.terminal import show_diagnostics

    if done.warnings:
        show_diagnostics(done.warnings, source)


def _refuse_place(form: Form, path: str | None, inputs: list[str]) -> None:
    """Raises InputError, before any work, where nothing can be written."""
    import sys

    from cnncalc.destinations import refuse_destination
    from cnncalc.diagnostics import input_error

    if path is not None:
        refuse_destination(path, inputs=inputs, force=True)
    elif form.is_binary and sys.stdout.isatty():
        advice = f"give it a name: -o net{form.endings[0]}"
        raise input_error("option-does-not-fit", f"{form.said} is no text that a terminal shows", help=advice)


def _write(done: Conversion, path: str | None, inputs: list[str], *, force: bool) -> None:
    """All files, or none of them; or the net alone to standard output."""
    from cnncalc.cli.terminal import write_binary, write_data, write_error

    if path is None:
        if isinstance(done.content, bytes):
            write_binary(done.content)
        else:
            write_data(done.content)
    else:
        from cnncalc.conversion.converting import save

        save(done, path, inputs=inputs, force=force)
    for sentence in done.said:
        write_error(f"{sentence}\n")


def _print_proof(proof: Proof, model: str, form: Form, *, as_json: bool, aside: bool) -> None:
    """To standard output, or `aside` where the net itself goes there."""
    import sys

    from cnncalc.cli.terminal import canvas, write, write_data, write_error
    from cnncalc.report.layout import drawn
    from cnncalc.report.proof_report import proof_json, proof_sheet

    if as_json:
        (write_error if aside else write_data)(proof_json(proof))
        return
    text = drawn(proof_sheet(proof, f"{model} as {form.said}"), canvas(sys.stderr if aside else None))
    (write_error if aside else write)(text)
