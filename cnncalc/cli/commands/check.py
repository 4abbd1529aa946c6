"""`cnncalc check`: a student's own answers, with as much of a hint as was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PRINTING, ROUNDING_HELP, InputSize, Json, Rounding, Settings, rounds

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.diagnostics import Diagnostic
    from cnncalc.homework.findings import Claim
    from cnncalc.homework.policy import Telling


HINTS = "Hints"

PatternText = Annotated[
    str | None,
    typer.Option(
        "--pattern",
        metavar="PATTERN",
        help="Hold the network against a pattern of layers, such as 'Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> FC'.",
    ),
]
WorkedAt = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="CELL",
        rich_help_panel=HINTS,
        help="With --steps, work out this number of each `values` answer: ROW,COLUMN or ROW,COLUMN,CHANNEL, counted "
        "from 1; the first wrong one if not given.",
    ),
]


class Format(StrEnum):
    """What the check is written as."""

    TABLE = "table"
    JSON = "json"


@dataclass(frozen=True)
class CheckOptions:
    """What `cnncalc check` was asked for, as it was written."""

    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A network with your `=>` answers, or any other with --answers; `-` reads standard input.",
        ),
    ]
    answers: Annotated[
        str | None,
        typer.Option(
            metavar="TABLE",
            help="Take the answers from a table, text, notebook, print or program: `cnncalc explain homework-files`.",
        ),
    ] = None
    pattern: PatternText = None
    hint: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            max=3,
            rich_help_panel=HINTS,
            help="How much to say about a wrong answer: 0 only that it is wrong, 1 which part, 2 what kind of mistake, "
            "3 the formula; 1 if not given.",
        ),
    ] = 1
    steps: Annotated[
        bool, typer.Option("--steps", rich_help_panel=HINTS, help="Show each formula with its numbers and its result.")
    ] = False
    solve: Annotated[bool, typer.Option("--solve", rich_help_panel=HINTS, help="Show the right values.")] = False
    at: WorkedAt = None
    rounding: Annotated[Rounding | None, typer.Option(metavar="HOW", help=ROUNDING_HELP)] = None
    input_size: InputSize = None
    settings: Settings = None
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file changes, until Ctrl-C is pressed.")
    ] = False
    format: Annotated[
        Format,
        typer.Option(
            "--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print what was found as FORMAT"
        ),
    ] = Format.TABLE
    json: Json = False


def check(options: CheckOptions) -> int:
    """Check your own answers, and get a hint where one is wrong."""
    from cnncalc.homework.policy import Telling

    if options.at is not None and not options.steps:
        raise _no_steps(options.at)
    telling, as_json = (
        Telling(options.hint, options.steps, options.solve, at=options.at),
        options.json or options.format is Format.JSON,
    )
    once = partial(
        checked,
        options.file,
        options.answers,
        telling,
        options.settings,
        options.input_size,
        as_json=as_json,
        rounded=rounds(options.rounding),
    )
    if options.pattern is not None:
        once = partial(
            held_against, options.file, options.pattern, options.settings, options.input_size, as_json=as_json
        )
    return _watched(once, options.file, options.answers) if options.watch else once()


def _watched(once: Callable[[], int], *names: str | None) -> int:
    """The check again whenever a file changes."""
    from cnncalc.cli.watching import watched
    from cnncalc.sources import parted

    return watched([parted(name)[0] for name in names if name is not None], once)


def held_against(
    file: str, text: str, settings: list[str] | None = None, input_size: str | None = None, *, as_json: bool = False
) -> int:
    """Whether the net fits a pattern: prints with which numbers, or the first layer that does not fit."""
    from cnncalc.analysis.net_pattern import parsed
    from cnncalc.analysis.pattern_match import Misfit, matched
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import canvas, show_diagnostics, write
    from cnncalc.net_files import checked as read_whole
    from cnncalc.report.pattern_report import fit_json, fit_text, misfit_diagnostic
    from cnncalc.sources import find

    pattern = parsed(text)
    graph = read_whole(find(file), input_size, settings_of(settings))
    found = matched(graph, pattern)
    if as_json:
        write(fit_json(found, pattern))
    if isinstance(found, Misfit):
        show_diagnostics((misfit_diagnostic(found, pattern),), graph.source)
        return ExitStatus.FINDINGS
    if not as_json:
        write(fit_text(found, pattern, canvas()))
    return ExitStatus.FINE


def checked(
    file: str,
    table: str | None,
    telling: Telling,
    settings: list[str] | None = None,
    input_size: str | None = None,
    *,
    as_json: bool = False,
    rounded: bool | None = None,
) -> int:
    """One check: prints what was found and gives the exit status; `rounded`: whether rounded numbers are right."""
    from cnncalc.analysis import analyse
    from cnncalc.cli.settings import settings_of
    from cnncalc.cli.terminal import canvas, show_diagnostics, write
    from cnncalc.homework.cell_steps import some_cell
    from cnncalc.homework.examining import Examiner
    from cnncalc.homework.masking import asks, masked
    from cnncalc.net_files import read
    from cnncalc.report.check_sheet import checked_json, checked_text, sheet_of
    from cnncalc.sources import find
    from cnncalc.spec.answers import leave_the_net_whole

    if file == table == "-":
        raise _both_from_standard_input()
    graph, faults = read(find(file), input_size, settings_of(settings))
    analysis = analyse(graph)
    claims, strays = _claims(analysis, table)
    is_whole = leave_the_net_whole(faults, graph.source)
    if faults and is_whole and table is None:
        claims, strays, faults = _with_free_answers(analysis, claims, faults)
    if not claims and not faults:
        raise _nothing_to_check(file, table, is_text=graph.document is not None)
    examiner = Examiner(analysis, complete=is_whole, rounds=rounded)
    found = examiner.findings(claims)
    if telling.at is not None:
        some_cell(found, examiner.truth, telling.at)
    if found:
        sheet = sheet_of(examiner.truth, found, telling)
        write(checked_json(sheet, telling.level) if as_json else checked_text(sheet, canvas()))
    if strays:
        show_diagnostics(strays, None)
    if faults:
        if table is not None or asks(graph):
            faults = faults if telling.steps or telling.solve else masked(faults, graph, found)
        show_diagnostics(faults, graph.source)
        return ExitStatus.BAD_INPUT
    right = all(finding.status == "right" for finding in found) and all(one.code == "answers-noted" for one in strays)
    return ExitStatus.FINE if right else ExitStatus.FINDINGS


def _claims(analysis: Analysis, table: str | None) -> tuple[list[Claim], tuple[Diagnostic, ...]]:
    """The file's own answers, with those of the table in their place."""
    from cnncalc.homework.findings import own_claims

    own = list(own_claims(analysis))
    if table is None:
        return own, ()
    from cnncalc.cli.answer_files import claims_of

    claims, faults = claims_of(table, analysis)
    answered = {(claim.kind, claim.index, claim.answer.asked) for claim in claims}
    rest = [claim for claim in own if (claim.kind, claim.index, claim.answer.asked) not in answered]
    merged = sorted((*claims, *rest), key=lambda claim: (claim.kind != "row", claim.kind, claim.index))
    return merged, faults


def _no_steps(at: str) -> Exception:
    from cnncalc.diagnostics import input_error

    return input_error(
        "at-without-steps", f"`--at {at[:40]}` works a number out, which is a step", help="give --steps with it"
    )


def _with_free_answers(
    analysis: Analysis, own: list[Claim], faults: tuple[Diagnostic, ...]
) -> tuple[list[Claim], tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The claims with those that are written in another way than the language has; what is said of them; the faults."""
    from cnncalc.homework.reading.handed_in import freely_written

    found, left = freely_written(analysis, faults)
    read = {(claim.kind, claim.index, claim.answer.asked) for claim in found}
    rest = [claim for claim in own if (claim.kind, claim.index, claim.answer.asked) not in read]
    merged = sorted((*found, *rest), key=lambda claim: (claim.kind != "row", claim.kind, claim.index))
    said = tuple(one for one in left if one.code == "answers-noted")
    return merged, said, tuple(one for one in left if one.code != "answers-noted")


def _both_from_standard_input() -> Exception:
    from cnncalc.diagnostics import input_error

    return input_error(
        "nothing-to-check",
        "standard input holds either the file or the table, not both",
        help="give one of them as a file: cnncalc check net.txt --answers -",
    )


def _nothing_to_check(file: str, table: str | None, *, is_text: bool) -> Exception:
    from cnncalc.diagnostics import input_error

    if table is not None:
        return input_error(
            "nothing-to-check", f"{table} answers nothing about {file}", help="give a shape or params for its layers"
        )
    if not is_text:
        advice = "give them as a table: --answers table.csv, with a first line such as `layer,shape,params`"
        return input_error("nothing-to-check", f"{file} has no answers", help=advice)
    return input_error(
        "nothing-to-check",
        f"{file} has no answers",
        help="write them after a line: conv 6 5x5 => 28x28x6 params 156, or give a table: --answers table.csv",
    )
