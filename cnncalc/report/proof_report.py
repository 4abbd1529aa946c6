"""What was proved of a conversion, claim by claim, as a sheet and as JSON."""

from __future__ import annotations

from cnncalc.diagnostics.letters import printable
from cnncalc.report.indented_json import indented_json
from cnncalc.report.sheet import Column, Fact, Line, Sheet
from cnncalc.runtime.proof_records import Claim, Proof

_SIGNS = {True: "✓", False: "✗", None: ""}


def proof_sheet(proof: Proof, title: str) -> Sheet:
    """A line for each claim; the foot says what it comes to."""
    columns = (
        Column("mark", (), "mark"),
        Column("claim", ("claim",), "text"),
        Column("found", ("found",), "text"),
    )
    lines = tuple(Line((_SIGNS[one.holds], one.name, printable(one.found))) for one in proof.claims)
    return Sheet(printable(title), "", columns, lines, (), (_verdict(proof),))


def _verdict(proof: Proof) -> Fact:
    failed = [one for one in proof.claims if one.holds is False]
    if failed:
        return Fact("Not proved", ", ".join(one.name for one in failed), "bad")
    left = [one for one in proof.claims if one.holds is None]
    if left:
        return Fact("Proved", f"all but the {left[0].name}, which was {left[0].found}", "warning")
    return Fact("Proved", "what was written is the same network", "good")


def proof_json(proof: Proof) -> str:
    """The same for programs; a difference is null where nothing was run."""
    return indented_json(
        {
            "cnncalc_proof": 1,
            "notation": proof.notation,
            "holds": proof.holds,
            "operations": proof.operations,
            "arrays": proof.arrays,
            "run_by": proof.run_by or None,
            "difference": proof.difference,
            "claims": [_claim(one) for one in proof.claims],
        }
    )


def _claim(one: Claim) -> dict[str, object]:
    return {"claim": one.name, "found": one.found, "holds": one.holds}
