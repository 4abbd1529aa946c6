"""What a pattern says about a net: the numbers with which it fits, or the first layer that does not."""

from __future__ import annotations

import json
from typing import Any

from cnncalc.analysis.net_pattern import Pattern
from cnncalc.analysis.pattern_match import Fit, Misfit
from cnncalc.diagnostics import Diagnostic
from cnncalc.diagnostics.letters import escaped_json, printable
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import foot_lines
from cnncalc.report.sheet import Fact

MOST_SHOWN = 6
"""Ways to count that are written out."""


def fit_text(fit: Fit, pattern: Pattern, canvas: Canvas) -> str:
    """The numbers with which a net fits, as text."""
    facts = [Fact("Pattern", printable(pattern.text)), Fact("Fits", _numbers(fit), "good")]
    if fit.skipped:
        facts.append(Fact("Not looked at", f"{', '.join(fit.skipped)}: the pattern does not name them"))
    return "".join(f"{line.rstrip()}\n" for line in foot_lines(tuple(facts), canvas) if line.strip())


def _numbers(fit: Fit) -> str:
    if not fit.letters:
        return "yes"
    shown = [_way(fit, way) for way in fit.ways[:MOST_SHOWN]]
    hidden = len(fit.ways) - len(shown)
    if shown and (hidden or not fit.complete):
        shown.append(f"{hidden} more" if fit.complete else "more")
    if any(len(set(rounds)) > 1 for rounds in fit.rounds):
        own = (f"{name} = {', '.join(map(str, rounds))}" for name, rounds in zip(fit.letters, fit.rounds, strict=True))
        shown.append(f"{' and '.join(own)} (another number in each round)")
    return "; or ".join(shown) or "yes, in too many ways to count"


def _way(fit: Fit, way: tuple[int, ...]) -> str:
    return ", ".join(f"{letter} = {number}" for letter, number in zip(fit.letters, way, strict=True))


def fit_json(found: Fit | Misfit, pattern: Pattern) -> str:
    """The same as JSON; of a net that does not fit, the line and what is expected there."""
    members: dict[str, Any] = {"pattern": pattern.text, "fits": isinstance(found, Fit)}
    if isinstance(found, Fit):
        members["ways"] = [dict(zip(found.letters, way, strict=True)) for way in found.ways]
        if found.rounds:
            members["rounds"] = dict(zip(found.letters, map(list, found.rounds), strict=True))
        members |= {"complete": found.complete, "not_looked_at": list(found.skipped)}
    else:
        place = found.row.origin.span.line if found.row else None
        word = found.node.layer.word if found.node else None
        members |= {"line": place, "word": word, "expected": list(found.expected)}
    return escaped_json(json.dumps(members, ensure_ascii=False, indent=1)) + "\n"


def misfit_diagnostic(misfit: Misfit, pattern: Pattern) -> Diagnostic:
    """The first layer that does not fit, at its place in the net's text."""
    wanted = _named(misfit.expected)
    ended = "the pattern ends before this layer"
    expected = f"{wanted} is expected here" + (", or the end" if misfit.ends_here else "") if wanted else ended
    notes = (f"the pattern is {pattern.text}",)
    if misfit.node is None:
        place = misfit.before.origin if misfit.before else None
        return Diagnostic(
            "pattern-does-not-fit",
            f"the net ends where the pattern goes on with {wanted}",
            place.span if place else None,
            label="the last layer",
            notes=notes,
            help="a part that may be left out is written with `?`, one that may come several times with `*n`",
        )
    word = misfit.node.layer.word
    after = f" after {misfit.before.layer.word}" if misfit.before else ""
    return Diagnostic(
        "pattern-does-not-fit",
        f"`{word}` does not fit the pattern{after}",
        misfit.node.origin.span,
        label=expected,
        notes=notes,
        help=f"where {word} may be there, the pattern has `-> {word}?`",
        trail=misfit.node.origin.trail,
    )


def _named(words: tuple[str, ...]) -> str:
    """`ReLU, Pool or FC`."""
    *first, last = words or ("",)
    return f"{', '.join(first)} or {last}" if first else last
