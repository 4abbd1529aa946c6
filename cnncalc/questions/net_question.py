"""One question about a whole net: which sizes fit, which make an output, which width counts so much.

What is asked together is decided here; each kind of answer has a module of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from cnncalc.diagnostics import InputError, Source, input_error
from cnncalc.net_files import checked
from cnncalc.questions.asked_net import asked_net
from cnncalc.questions.net_sizes import NetSizes, net_sizes
from cnncalc.questions.net_widths import NetWidths, all_widths, constant_value, constant_widths, wish
from cnncalc.questions.output_sizes import OutputSizes, output_sizes

MARK = "?"
"""What stands for a value that is asked for."""

NetAnswer: TypeAlias = NetSizes | tuple[OutputSizes, ...] | NetWidths


def net_answer(
    source: Source,
    input_size: str | None = None,
    settings: Mapping[str, str] | None = None,
    *,
    output: str | None = None,
    counts: Mapping[str, str | None] | None = None,
    until: str | None = None,
) -> NetAnswer:
    """The answer about the net of a text; a size of `?` is none, and a setting of `?` is the constant that is asked.

    `counts` is what the net is to have, params or macs, each as it is written; `until` is the line with which it ends.
    Raises InputError for a question that is not clear, and for what its answer refuses.
    """
    given = None if input_size == MARK else input_size
    unknown = [name for name, value in (settings or {}).items() if value.strip() == MARK]
    known = {name: value for name, value in (settings or {}).items() if name not in unknown}
    wishes = [(counted, text) for counted, text in (counts or {}).items() if text is not None]
    if len(unknown) > 1 or len(wishes) > 1 or (wishes and output is not None):
        raise _two_questions(unknown, [counted for counted, _ in wishes])
    if wishes:
        wished = wish(*wishes[0])
        if unknown:
            return constant_widths(source, unknown[0], wished, known, given, until=until)
        return all_widths(checked(source, given, known, until), wished)
    if unknown:
        constant_value(source, unknown[0], known, given, until)
        raise _no_count(source.name, unknown[0])
    net = asked_net(source, known, given, until)
    return net_sizes(net, given) if output is None else output_sizes(net, output)


def is_found(answer: NetAnswer) -> bool:
    """Whether what was asked for exists: a width, an input for the output, the size that was asked or any."""
    if isinstance(answer, NetSizes):
        return answer.fits or (not answer.is_asked and answer.smallest is not None)
    if isinstance(answer, NetWidths):
        return answer.nearest is not None
    return any(one.whole is not None for one in answer)


def _two_questions(unknown: list[str], counts: list[str]) -> InputError:
    named = unknown if len(unknown) > 1 else [f"--{counted}" for counted in counts] or unknown
    first = f" --set {unknown[0]}=?" if unknown else ""
    asked = " and ".join(named if len(named) > 1 else [*named, "--output"])
    return input_error(
        "unclear-question",
        f"{asked} are asked for at once",
        help=f"ask for one of them alone:{first} --params 10M",
    )


def _no_count(model: str, name: str) -> InputError:
    return input_error(
        "unclear-question",
        f"which value of `{name}`? It is not said what the network is to have with it",
        help=f"add a count: cnncalc solve {model} --set {name}=? --params 10M",
    )
