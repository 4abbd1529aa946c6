"""`weights` shows what a file holds and how it fits a network, and writes it under the network's names."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

import cnncalc
from cnncalc.graph.stored import Step
from cnncalc.report.weights_report import steps_text
from cnncalc.runtime.file_arrays import Entry
from cnncalc.runtime.weight_files.contents import largest, portions, type_of
from cnncalc.runtime.weights import save, seeded

from .conftest import Command

NET = "input 12x12x3\nconv 4 3x3 bn relu\nmaxpool 2x2\nflatten\ndense 5 softmax\n"


@pytest.fixture
def net(tmp_path: Path) -> str:
    (tmp_path / "net.txt").write_text(NET)
    return str(tmp_path / "net.txt")


@pytest.fixture
def drawn(tmp_path: Path) -> str:
    save(tmp_path / "drawn.npz", seeded(cnncalc.load(NET).analysis, 3).arrays)
    return str(tmp_path / "drawn.npz")


def test_a_file_is_listed_with_shapes_types_and_sums(command: Command, drawn: str) -> None:
    """3 * 3 * 3 * 4 + 4, 4 * 4 of the norm, 5 * 100 + 5 make 633."""
    outcome = command("weights", drawn)
    rows = [line.split() for line in outcome.out.split("\n")]
    assert outcome.status == 0
    assert ["conv1.weight", "4x3x3x3", "float32", "108"] in [row[:4] for row in rows]
    assert ["total", "633"] in rows
    assert "NumPy arrays" in outcome.out
    assert "8 arrays of 633 numbers" in " ".join(outcome.out.split())


def test_the_same_is_given_as_json_and_csv(command: Command, drawn: str) -> None:
    found = json.loads(command("weights", drawn, "--json").out)
    assert {"name": "dense1.weight", "shape": [5, 100], "type": "float32", "numbers": 500} in found["arrays"]
    assert found["bytes"] == Path(drawn).stat().st_size
    assert (found["match"], found["refused"]) == (None, None)
    rows = list(csv.reader(io.StringIO(command("weights", drawn, "--format", "csv").out)))
    assert rows[0][:3] == ["array", "shape", "type"]
    assert rows[1][:4] == ["conv1.weight", "4x3x3x3", "float32", "108"]
    assert len(rows) == 9


def test_top_shows_the_largest_and_says_what_it_leaves_out(command: Command, drawn: str) -> None:
    shown = command("weights", drawn, "--top", "1").out
    assert "dense1.weight" in shown
    assert "conv1.weight" not in shown
    assert "7 smaller arrays of together 133 numbers" in " ".join(shown.split())


def test_of_many_arrays_whole_modules_have_a_line(command: Command, tmp_path: Path) -> None:
    arrays = {f"block{n // 2}.{'ab'[n % 2]}.{role}": np.zeros(2) for n in range(40) for role in ("w", "b")}
    np.savez(tmp_path / "many.npz", **arrays)
    shown = command("weights", str(tmp_path / "many.npz")).out
    assert ["block7.b.*", "2", "float64", "4"] in [line.split()[:4] for line in shown.split("\n")]
    assert "block7.b.w" not in shown
    assert "block7.b.w " in command("weights", str(tmp_path / "many.npz"), "--all").out


def test_the_longest_beginnings_that_leave_few_lines_are_taken() -> None:
    names = [f"a.{n}.{role}" for n in range(4) for role in ("w", "b")] + ["z/w"]
    entries = [Entry(name, (2,), "F32") for name in names]
    assert [one.name for one in portions(entries, 9)] == names
    assert [(one.name, len(one.entries)) for one in portions(entries, 5)] == [
        ("a.0.", 2), ("a.1.", 2), ("a.2.", 2), ("a.3.", 2), ("z/w", 1),
    ]  # fmt: skip
    assert [(one.name, one.numbers) for one in portions(entries, 4)] == [("a.", 16), ("z/w", 2)]
    assert [one.name for one in portions([Entry(f"w{n}", (), "F32") for n in range(9)], 4)] == [
        f"w{n}" for n in range(9)
    ]


def test_the_largest_keep_the_order_of_the_file_where_they_are_alike() -> None:
    entries = [Entry("a", (2,), "F32"), Entry("b", (3,), "F32"), Entry("c", (3,), "F32")]
    assert [one.name for one in largest(entries, 2)] == ["b", "c"]


@pytest.mark.parametrize(
    ("kind", "word", "size"),
    [("<f4", "float32", 4), (">f8", "float64", 8), ("F16", "float16", 2), ("BF16", "bfloat16", 2),
     ("bfloat16", "bfloat16", 2), ("I64", "int64", 8), ("U8", "uint8", 1), ("BOOL", "bool", 1),
     ("float16", "float16", 2), ("F8_E4M3", "F8_E4M3", 0)],
)  # fmt: skip
def test_the_letters_of_each_format_are_one_word(kind: str, word: str, size: int) -> None:
    assert type_of(Entry("a", (), kind)) == (word, size)


@pytest.mark.parametrize(
    ("steps", "shape", "words"),
    [
        ([], (4, 3), ""),
        ([Step("reshape", (4, 3))], (4, 3), ""),
        ([Step("transpose", (3, 2, 0, 1))], (3, 3, 8, 16), "axes in the order 4 3 1 2"),
        ([Step("transpose", (1, 0)), Step("reshape", (3, 4))], (4, 3), "transposed"),
        ([Step("reshape", (16, 4, 1, 1)), Step("negate")], (16, 4), "reshaped to 16x4x1x1, negated"),
        (
            [Step("reshape", (2, 3, 4)), Step("transpose", (0, 2, 1)), Step("reshape", (2, 12))],
            (2, 12),
            "columns put in order",
        ),
        ([Step("slice", (0, 0, 8, 1)), Step("spread", (8, 5))], (16, 1), "0:8 of axis 1, repeated to 8x5"),
        ([Step("reciprocal")], (4,), "1 divided by it"),
    ],
)  # fmt: skip
def test_what_is_done_to_an_array_is_said_in_words(steps: list[Step], shape: tuple[int, ...], words: str) -> None:
    assert steps_text(steps, shape) == words


def test_a_file_with_the_nets_names_fits_as_it_is(command: Command, drawn: str, net: str) -> None:
    outcome = command("weights", drawn, "--net", net)
    assert outcome.status == 0
    assert ["dense1", "dense1", "weight bias"] in [
        [cell.strip() for cell in line.split("  ") if cell] for line in outcome.out.split("\n")
    ]
    assert "FITS" in outcome.out
    assert "reshaped" not in outcome.out
    found = json.loads(command("weights", drawn, "--net", net, "--json").out)["match"]
    assert [one["weight"] for one in found["weights"]][:2] == ["conv1.weight", "conv1.bias"]


def test_another_nets_file_is_listed_refused_and_ends_with_1(command: Command, drawn: str, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(NET.replace("dense 5", "dense 7"))
    outcome = command("weights", drawn, "--net", str(tmp_path / "other.txt"))
    assert outcome.status == 1
    assert "dense1.weight" in outcome.out
    assert "error[weights-mismatch]" in outcome.err
    assert "7x100" in outcome.err
    assert json.loads(command("weights", drawn, "--net", str(tmp_path / "other.txt"), "--json").out)["refused"]


@pytest.mark.parametrize("ending", ["safetensors", "npz"])
def test_weights_are_written_under_the_nets_names_and_read_back_equal(
    command: Command, tmp_path: Path, net: str, ending: str
) -> None:
    """Other names and another type: the numbers are those of float32."""
    ours = seeded(cnncalc.load(NET).analysis, 3).arrays
    given, target = str(tmp_path / "in.npz"), tmp_path / f"out.{ending}"
    np.savez(given, **{f"net.{name}": array.astype(np.float64) for name, array in ours.items()})
    outcome = command("weights", given, "--net", net, "--save-weights", str(target))
    assert outcome.status == 0, outcome.err
    written = dict(np.load(target)) if ending == "npz" else load_file(target)
    assert written.keys() == ours.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(written[name], array)
    again = command("weights", given, "--net", net, "--save-weights", str(target))
    assert again.status == 2
    assert "exists" in again.err


def test_run_writes_the_weights_with_which_it_ran(command: Command, tmp_path: Path, net: str) -> None:
    np.save(tmp_path / "x.npy", np.zeros((12, 12, 3), np.float32))
    target = str(tmp_path / "w.safetensors")
    arguments = ("run", net, "--input-array", str(tmp_path / "x.npy"), "--seed", "5", "--save-weights", target)
    assert command(*arguments).status == 0
    for name, array in seeded(cnncalc.load(NET).analysis, 5).arrays.items():
        np.testing.assert_array_equal(load_file(target)[name], array)
    assert command(*arguments).status == 2
    assert command(*arguments, "--force").status == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--save-weights", "new.safetensors"), "network-needed"),
        (("--net", "NET", "--save-weights", "new.pth"), "unknown-ending"),
        (("--net", "NET", "--save-weights", "nowhere/new.npz"), "cannot-write"),
        (("--net", "NET", "--save-weights", "FILE"), "output-is-input"),
        (("--net", "nonet"), "no-such-file"),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_work(
    command: Command, drawn: str, net: str, options: tuple[str, ...], code: str
) -> None:
    given = [{"NET": net, "FILE": drawn}.get(word, word) for word in options]
    outcome = command("weights", drawn, *given)
    assert outcome.status == 2
    assert outcome.out == ""
    assert f"error[{code}]" in outcome.err


def test_a_damaged_file_is_refused(command: Command, drawn: str, tmp_path: Path) -> None:
    (tmp_path / "half.npz").write_bytes(Path(drawn).read_bytes()[:500])
    outcome = command("weights", str(tmp_path / "half.npz"))
    assert outcome.status == 2
    assert "error[arrays-damaged]" in outcome.err


def test_a_thousand_arrays_with_names_of_dots_are_listed_at_once(command: Command, tmp_path: Path) -> None:
    np.savez(tmp_path / "dots.npz", **{f"{'.' * 400}{n}": np.zeros(1) for n in range(1000)})
    outcome = command("weights", str(tmp_path / "dots.npz"))
    assert outcome.status == 0
    assert "1,000 arrays of 1,000 numbers" in " ".join(outcome.out.split())
    assert len(outcome.out) < 200_000


def test_darknets_weights_have_no_names_until_a_network_is_named(command: Command, tmp_path: Path, net: str) -> None:
    """They are written as Darknet has them, and read back equal; the batch norm's shift takes the bias's place."""
    text = NET.replace("conv 4 3x3 bn", "conv 4 3x3 same nobias bn epsilon=0.00001")
    (tmp_path / "net.txt").write_text(text)
    ours = seeded(cnncalc.load(text).analysis, 3).arrays
    save(tmp_path / "ours.npz", ours)
    target = str(tmp_path / "out.weights")
    outcome = command("weights", str(tmp_path / "ours.npz"), "--net", net, "--save-weights", target)
    assert outcome.status == 0, outcome.err
    assert "all numbers" in command("weights", target).out
    back = str(tmp_path / "back.safetensors")
    assert command("weights", target, "--net", net, "--save-weights", back).status == 0
    read = load_file(back)
    assert read.keys() == ours.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(read[name], array)
