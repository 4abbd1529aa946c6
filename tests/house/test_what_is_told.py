"""What a report may say of an answer comes from the policy's `told`: no report looks at what is right, or at why."""

from __future__ import annotations

import ast
from pathlib import Path

REPORT = Path(__file__).parents[2] / "cnncalc" / "report"
HIDDEN = {"right", "why", "share"}
"""What a finding holds for those who decide what may be said."""


def knows_findings(tree: ast.Module) -> bool:
    """Whether a module can come by a finding: it imports something of homework."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return any((node.module or "").startswith("cnncalc.homework") for node in found)


def looked_at(tree: ast.Module) -> list[str]:
    """The hidden parts that a module reads, with the line; `share` of a grade is no part of a finding."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in HIDDEN]
    return [f"{node.lineno}: {ast.unparse(node)}" for node in nodes if ast.unparse(node) != "grade.share"]


def test_no_report_reads_what_is_right_or_why() -> None:
    trees = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in REPORT.glob("*.py")}
    known = {name: tree for name, tree in trees.items() if knows_findings(tree)}
    assert {"check_sheet.py", "grade_sheets.py", "grade_exports.py", "foot.py"} <= set(known)
    assert {name: found for name, tree in known.items() if (found := looked_at(tree))} == {}


def test_the_look_at_a_report_can_fail() -> None:
    tree = ast.parse("from cnncalc.homework.findings import Finding\ndef f(one: Finding):\n    return one.right\n")
    assert knows_findings(tree)
    assert looked_at(tree) == ["3: one.right"]
