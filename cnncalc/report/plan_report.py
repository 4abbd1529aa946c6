"""What a run would do, step by step, as a sheet: the words of a plan, which knows nothing of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.diagnostics.letters import printable
from cnncalc.layers.base import counted
from cnncalc.report.sheet import Column, Fact, Line, Sheet

if TYPE_CHECKING:
    from cnncalc.runtime.engine.engine_plan import EnginePlan
    from cnncalc.runtime.planning import Plan


def plan_sheet(asked: Plan, planned: Plan | EnginePlan, refused: str = "") -> Sheet:
    """The plan of whoever runs what was asked: the readable kernels, or the engine; `refused` says why not it."""
    lanes = getattr(planned, "lanes", 0)
    vectors = f", vectors of {lanes}" if lanes else ""
    title = f"Plan for {counted(asked.batch, 'image')} in {asked.dtype}{vectors}"
    (_, name, *words), *steps = planned.table
    columns = (
        Column("number", ("#",), right=True),
        Column(name, (name,), "text"),
        *(Column(word, (word,), keep=1 if word in ("shape", "frees") else 0) for word in words),
    )
    lines = tuple(Line(tuple(map(printable, step))) for step in steps)
    foot = [Fact("Memory", planned.memory)]
    foot += [Fact("Engine", printable(refused.removeprefix("engine: ")), "bad")] if refused else []
    return Sheet(title, "", columns, lines, (), tuple(foot))
