"""fmt and convert write what they print."""

from __future__ import annotations

import re
from pathlib import Path

from cnncalc.layers.registry import LAYERS
from cnncalc.sources import shipped_names

from .conftest import NETS, Command

UNTIDY = "Input 28x28x1\nConv2D 8 5X5 strides=2 # first\nlinear 10\n"
TIDY = "input 28x28x1\nconv 8 5x5 stride=2  # first\ndense 10\n"


def test_fmt_rewrites_a_file_and_says_so(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text(UNTIDY)
    outcome = command("fmt", str(path))
    assert (outcome.status, outcome.out, outcome.err) == (0, "", f"reformatted {path}\n")
    assert path.read_text() == TIDY
    assert command("fmt", str(path)).err == ""


def test_fmt_refuses_to_take_out_what_a_pasted_line_says_wrongly(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "net.txt"
    for line, code in (("nn.Linear(400, 120)", "arriving-differs"), ("nn.Linear(784, 120)", "")):
        path.write_text(text := f"input 28x28x1\nflatten\n{line}\n")
        outcome = command("fmt", str(path))
        assert (f"[{code}]" in outcome.err, path.read_text() == text) == (bool(code), bool(code))
    assert path.read_text() == "input 28x28x1\nflatten\ndense 120\n"


def test_fmt_check_writes_nothing_and_finds_what_would_change(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text(UNTIDY)
    outcome = command("fmt", "--check", str(path))
    assert (outcome.status, outcome.err) == (1, f"would reformat {path}\n")
    assert path.read_text() == UNTIDY
    path.write_text(TIDY)
    assert command("fmt", "--check", str(path)).status == 0


def test_fmt_diff_shows_the_lines(command: Command) -> None:
    outcome = command("fmt", "--diff", "-", stdin=UNTIDY.encode())
    assert [line for line in outcome.out.split("\n") if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-Input 28x28x1",
        "-Conv2D 8 5X5 strides=2 # first",
        "-linear 10",
        "+input 28x28x1",
        "+conv 8 5x5 stride=2  # first",
        "+dense 10",
        "",
    ]
    assert outcome.status == 0


def test_fmt_reads_standard_input(command: Command) -> None:
    assert command("fmt", "-", stdin=UNTIDY.encode()).out == TIDY


def test_fmt_goes_on_after_a_file_it_cannot_read(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text(UNTIDY)
    outcome = command("fmt", "nowhere.txt", str(path))
    assert outcome.status == 2
    assert "error[no-such-file]" in outcome.err
    assert path.read_text() == TIDY


def test_fmt_never_writes_over_a_shipped_network(command: Command) -> None:
    outcome = command("fmt", "lenet5")
    assert outcome.status == 2
    assert "error[no-such-file]" in outcome.err


def test_convert_there_and_back_is_the_same_text(command: Command, tmp_path: Path) -> None:
    there, back = tmp_path / "resnet50.json", tmp_path / "back.txt"
    assert command("convert", "resnet50", "--to", "json", "-o", str(there)).status == 0
    assert command("convert", str(there), "--to", "spec", "-o", str(back)).status == 0
    assert back.read_text() == command("models", "resnet50").out == command("convert", "resnet50", "--to", "spec").out


def test_convert_prints_without_an_output_file(command: Command) -> None:
    assert command("convert", "small.txt", "-t", "json").out.startswith("{")


def test_models_prints_a_network_that_can_be_read_again(command: Command) -> None:
    text = command("models", "lenet5").out
    assert command("summary", "-", "--format", "json", stdin=text.encode()).status == 0
    head, _, first, *_ = command("models").out.splitlines()
    assert head.split() == ["network", "params", "MACs", "input", "source", "title"]
    assert first.split()[:6] == ["alexnet", "61,100,840", "714,188,480", "224x224x3", "Krizhevsky", "2014"]


def test_every_network_in_the_list_has_its_counts_and_its_source(command: Command) -> None:
    listed = command("models").out.split("\n\n")[0].splitlines()[2:]
    assert [line.split()[0] for line in listed] == list(shipped_names())
    assert [line for line in listed if not re.search(r" {2,}[A-Z][a-z]*[A-Za-z]+ (19|20)[0-9]{2}  ", line)] == []


def test_explain_words_lists_every_layer_word(command: Command) -> None:
    words = {line.split()[0] for line in command("explain", "words").out.splitlines() if not line.startswith(" ")}
    assert words == set(LAYERS)


def test_the_small_nets_are_tidy(command: Command) -> None:
    outcome = command(
        "fmt", "--check", *(str(path) for path in sorted(NETS.glob("*.txt")) if "faults" not in path.name)
    )
    assert outcome.err == ""
