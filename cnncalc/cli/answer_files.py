"""What `check` is given with `--answers`: a file of answers in any form, or a program whose layers are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.diagnostics import Diagnostic, InputError
    from cnncalc.homework.findings import Claim
    from cnncalc.homework.reading.containers.container_limits import Unreadable

_HOW = (
    "write lines such as `conv1 => 26x26x8 params 80`, or CSV or Markdown with a first line such as "
    "`layer,shape,params`, or paste what Keras' summary(), torchsummary or torchinfo prints"
)


def claims_of(name: str, key: Analysis) -> tuple[tuple[Claim, ...], tuple[Diagnostic, ...]]:
    """The answers of the file about a key, and what could not be placed; raises InputError for a file without any."""
    from cnncalc.homework.reading.containers.container_limits import Unreadable
    from cnncalc.homework.reading.handed_in import claims_of_parts
    from cnncalc.homework.reading.submission_parts import parts_of
    from cnncalc.homework.reading.tables import MOST_ROWS
    from cnncalc.sources import bytes_of, parted

    if name != "-" and (parted(name)[1] or name.lower().endswith(".py")):
        return _claims_of_program(name, key)
    content = bytes_of(name)
    try:
        parts = parts_of(content, name)
    except Unreadable as refused:
        raise _refused(refused, content, name) from None
    if any(len(table.rows) >= MOST_ROWS for table in parts.tables):
        raise _no_answers(name, is_long=True)
    claims, faults = claims_of_parts(parts, key)
    if not claims and all(fault.code == "answers-noted" for fault in faults):
        if _is_program(content, name):
            return _claims_of_program(name, key)
        raise _no_answers(name, is_long=parts.is_long)
    return claims, faults


def _is_program(content: bytes, name: str) -> bool:
    from cnncalc.diagnostics import InputError
    from cnncalc.dialects.recognising import is_program
    from cnncalc.sources import text_of

    try:
        return name != "-" and is_program(text_of(content, name))
    except InputError:
        return False


def _claims_of_program(name: str, key: Analysis) -> tuple[tuple[Claim, ...], tuple[Diagnostic, ...]]:
    """The table of a program's layers, for images of the size that the key has."""
    from cnncalc.analysis import analyse
    from cnncalc.homework.reading.match_rows import Places
    from cnncalc.homework.reading.row_claims import table_claims
    from cnncalc.homework.reading.submission_parts import parts_of_text
    from cnncalc.net_files import checked as read_whole
    from cnncalc.report.keras_print import keras_print
    from cnncalc.report.summary import Choices
    from cnncalc.sources import find, find_file, parted

    source = find(name) if parted(name)[1] else find_file(name)
    inputs = key.totals.inputs
    size = inputs[0].text("channels_last") if len(inputs) == 1 else None
    made = analyse(read_whole(source, size))
    without_batch = keras_print(made, Choices(order=key.graph.order)).replace("(None, ", "(")
    (table,) = parts_of_text(without_batch).prints
    placed = table_claims(table._replace(batch_first=False), Places(key), is_of_a_net=True)
    return placed.claims, placed.faults


def _refused(refused: Unreadable, content: bytes, name: str) -> InputError:
    from cnncalc.diagnostics import input_error
    from cnncalc.homework.reading.office_files import LibraryMissing

    if isinstance(refused, LibraryMissing):
        return refused.error
    if not content.strip():
        return input_error("empty-file", f"{name} is empty", help=_HOW)
    return input_error("binary-file", f"{name} {refused}", help="hand in text, CSV or Markdown")


def _no_answers(name: str, *, is_long: bool) -> InputError:
    from cnncalc.diagnostics import input_error

    if is_long:
        return input_error(
            "answers-too-long",
            f"{name} has far more rows, or a far longer line, than a network has layers",
            help="give the table of one network: a row for each layer",
        )
    return input_error(
        "answers-not-a-table",
        f"{name} holds no answers that are read",
        help=_HOW,
    )
