"""An answer that cannot be read is one fault of its own: the net above and below it is shown and judged whole."""

from __future__ import annotations

from pathlib import Path

from .conftest import Command


def saved(folder: Path, text: str) -> str:
    path = folder / "hw.txt"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_an_answer_that_cannot_be_read_leaves_the_total_to_be_judged(command: Command, tmp_path: Path) -> None:
    """6 kernels of 5x5x3 weights and a bias are 456 parameters, whatever the line answered."""
    path = saved(tmp_path, "input 32x32x3\nconv 6 5x5 => 28x28x6 params 5*5*3*6+6\ntotal => params 456\n")
    checked, shown = command("check", path), command("summary", path)
    assert (checked.status, shown.status) == (2, 2)
    assert checked.out.splitlines()[2:] == ["✓  3  total  params  456", "", "1 right"]
    assert "error[bad-number]" in checked.err
    assert "✓  total" in shown.out
    assert "the table ends here" not in shown.out


def test_a_layer_that_does_not_fit_still_stops_table_and_total(command: Command, tmp_path: Path) -> None:
    path = saved(tmp_path, "input 32x32x3\nconv 6 99x99 => 28x28x6\ntotal => params 456\n")
    assert "the net stops at a fault before this can be known" in command("check", path).out
    assert "the table ends here" in command("summary", path).out
