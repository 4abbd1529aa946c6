"""`cnncalc check`: what a student sees at each level, what stays hidden, status, --watch, hostile files."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cnncalc.cli import main
from cnncalc.cli.watching import watched
from cnncalc.diagnostics import InputError
from tests.time_limits import allowed

HOMEWORK = """homework "HW1: shapes and parameters"
student "Ana Gomez" 12345
input 32x32x3
conv1: conv 8 5x5 relu      => 28x28x8   params 608      worth 1 2
pool1: maxpool 2x2          => 14x14x8   params 0        worth 1 1
conv2: conv 16 5x5 relu     => 10x10x16  params 416      worth 1 2
flatten                     => 400                       worth 1
fc3: dense 120 relu         => 120       params 48120    worth 1 2
fc4: dense 84 relu          => 84        params 10081    worth 1 2
total                       => params ?                  worth 2
answer 2a "receptive field of conv2" conv2.rf = 12       worth 1
"""
RIGHT_VALUES = ("3216", "3,216", "1600", "1,600", "192120", "192,120", "10164", "10,164", "206108", "206,108")
"""What the lines above are wrong about, and the total; 14 for the field would hide in 14x14x8."""

LEVEL_2 = """HW1: shapes and parameters
hw.txt, Ana Gomez 12345

✓   4  conv1: conv 8 5x5 relu        shape   28x28x8
✓                                    params  608
✓   5  pool1: maxpool 2x2            shape   14x14x8
✓                                    params  0
✓   6  conv2: conv 16 5x5 relu       shape   10x10x16
✗                                    params  416
       looks as if each filter had only one channel
✗   7  flatten1: flatten             shape   400
       wrong: length
       looks as if there was a pooling layer that the net does not have (on the
         line conv2)
✓   8  fc3: dense 120 relu           shape   120
~                                    params  48120
       follows from your answer at flatten1: fix that one first
✓   9  fc4: dense 84 relu            shape   84
✗                                    params  10081
       looks as if the whole layer shared one bias
?  10  total                         params  -
✗  11  2a: receptive field of conv2  rf      12
       looks as if the sizes of the kernels were added up

7 right, 1 following from another, 4 wrong, 1 open
--hint 3 shows the formula.
`cnncalc explain NAME` explains a mistake: depth-forgotten, pool-not-there,
one-bias, kernels-added.
"""

Check = Callable[..., tuple[int, str, str]]


@pytest.fixture(name="check")
def _check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """`check("--hint", "2", text=..., table=...)`: status, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)

    def run(
        *options: str, text: str | bytes = HOMEWORK, table: str | bytes | None = None, columns: int | None = None
    ) -> tuple[int, str, str]:
        monkeypatch.delenv("COLUMNS", raising=False)
        if columns:
            monkeypatch.setenv("COLUMNS", str(columns))
        Path("hw.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
        if table is not None:
            Path("table.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
            options = (*options, "--answers", "table.csv")
        status = main(["check", "hw.txt", *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_level_2_names_the_slips(check: Check) -> None:
    assert check("--hint", "2", columns=80) == (1, LEVEL_2, "")


def test_level_0_says_right_or_wrong_and_nothing_else(check: Check) -> None:
    _, out, _ = check("--hint", "0")
    assert "looks as if" not in out
    assert "follows" not in out
    assert "length" not in out
    assert "7 right, 5 wrong, 1 open" in out
    assert out.count("✗") == 5


def test_level_1_is_the_usual_one_and_says_where(check: Check) -> None:
    assert check() == check("--hint", "1")
    _, out, _ = check(text="input 32x32x3\nconv 8 5x5 => 28x27x6\n")
    assert "wrong: width, channels" in out
    assert "looks as if" not in out


def test_level_3_shows_the_formula_without_its_result(check: Check) -> None:
    _, out, _ = check("--hint", "3")
    assert "params = (k_height * k_width * C + 1) * filters\n" in out
    assert "size = height * width * C\n" in out
    assert "rf = r + (extent - 1) * j\n" in out
    assert out.endswith(
        "In the formulas n is the size that arrives, k is the kernel, C is the number of channels that arrive, "
        "r is the receptive field of what arrives, j is the jump of what arrives, extent is d(k-1) + 1.\n"
    )


def test_a_wrong_shape_shows_the_formulas_of_its_wrong_axes(check: Check) -> None:
    _, out, _ = check("--hint", "3", text="input 32x32x3\nconv 8 5x5 padding=1 stride=2 => 15x16x8\n")
    assert "height = floor((n + p_before + p_after - k) / s) + 1\n" not in out
    assert "width = floor((n + p_before + p_after - k) / s) + 1\n" in out


def test_steps_show_everything(check: Check) -> None:
    _, out, _ = check("--steps")
    assert "params = (k_height * k_width * C + 1) * filters = (5 * 5 * 8 + 1) * 16 = 3,216" in out
    assert "rf = r + (extent - 1) * j = 6 + (5 - 1) * 2 = 14" in out
    assert "right: 206,108" in out


def test_solve_shows_the_right_values(check: Check) -> None:
    _, out, _ = check("--solve", "--hint", "0")
    assert "right: 3,216" in out
    assert "floor" not in out


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize("level", ["0", "1", "2", "3"])
def test_no_level_gives_a_right_value_away(check: Check, level: str, form: str) -> None:
    _, out, err = check("--hint", level, "--format", form)
    assert [value for value in RIGHT_VALUES if value in out + err] == []


WORDS = [
    "conv 7 3x3",
    "conv 7 3x3 same stride=2",
    "conv 7 3x3 padding=1 dilation=2",
    "conv 14 3x3 groups=2",
    "upconv 7 4x4 stride=2",
]
WORDS += [
    "dwconv 3x3",
    "sepconv 7 3x3",
    "local 3 5x5",
    "maxpool 3x3 stride=2 ceil",
    "avgpool 4",
    "gap",
    "gmp",
    "adaptavg 5x5",
]
WORDS += [
    "flatten",
    "reshape 4624",
    "bn",
    "ln",
    "gn 2",
    "instancenorm",
    "rmsnorm",
    "l2norm",
    "prelu",
    "scale",
    "pad 3",
    "crop 3",
    "upsample 3",
    "slice 0:2",
    "shuffle 2",
]
WORDS += ["subsample 2", "spacetodepth 2", "padchannels 3", "relu", "softmax", "identity"]


@pytest.mark.parametrize("word", WORDS)
def test_no_layer_gives_its_numbers_away_in_a_formula(check: Check, word: str) -> None:
    """Wrong answers to everything; the right ones are looked for in all that is printed beside the question."""
    text = f"input 34x34x4\n{word} => 777x771x773 params 987654 macs 987651 flops 987653 size 987659\n"
    _, solved, _ = check("--solve", "--json", text=text)
    _, out, _ = check("--hint", "3", "--json", text=text)
    said = json.dumps([[one["hints"], one["steps"]] for one in json.loads(out)["answers"]])
    right = [one["right"] for one in json.loads(solved)["answers"] if one.get("right")]
    assert right
    numbers = {number for value in right for number in re.findall(r"[0-9]+", value.replace(",", "")) if int(number) > 4}
    assert numbers.isdisjoint(re.findall(r"[0-9]+", said))


def test_all_right_is_status_0(check: Check) -> None:
    status, out, err = check(text="input 32x32x3\nconv 8 5x5 => 28x28x8\n")
    assert (status, err) == (0, "")
    assert out.endswith("\n1 right\n")


@pytest.mark.parametrize("answer", ["28x28x7", "?"])
def test_wrong_and_open_are_status_1(check: Check, answer: str) -> None:
    assert check(text=f"input 32x32x3\nconv 8 5x5 => {answer}\n")[0] == 1


def test_a_net_that_stops_is_checked_up_to_its_fault_with_status_2(check: Check) -> None:
    status, out, err = check(text="input 6x6x1\nconv 2 3x3 => 4x4x2\nconv 2 9x9 => 1x1x2\ntotal => params 5\n")
    assert status == 2
    assert "1 right, 1 not judged" in out
    assert "error[kernel-too-large]" in err


def test_an_answer_with_a_strange_word_does_not_silence_the_others(check: Check) -> None:
    status, out, err = check(text="input 6x6x1\nconv 2 3x3 => params 12 apples\nrelu => 4x4x2\n")
    assert status == 1
    assert "1 right, 1 wrong" in out
    assert "line 2: read as params 12" in err


def test_nothing_to_check_is_said(check: Check) -> None:
    status, out, err = check(text="input 6x6x1\nconv 2 3x3\n")
    assert (status, out) == (2, "")
    assert "error[nothing-to-check]: hw.txt has no answers" in err


def test_a_table_answers_the_open_questions(check: Check) -> None:
    status, out, _ = check(
        text="input 28x28x1\nconv 32 3x3 => ? params ?\nmaxpool 2 => ?\n",
        table="layer,shape,params\nconv1,26x26x32,330\n",
    )
    assert status == 1
    assert "1 right, 1 wrong, 1 open" in out


def test_a_table_is_enough_of_an_answer(check: Check) -> None:
    status, out, _ = check(text="input 28x28x1\nconv 32 3x3\n", table="conv2d (Conv2D)  (None, 26, 26, 32)  320\n")
    assert (status, out.splitlines()[-1]) == (0, "2 right")


def test_a_table_may_come_through_a_pipe(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"layer,params\nconv1,320\n")))
    assert check("--answers", "-", text="input 28x28x1\nconv 32 3x3\n")[0] == 0
    assert main(["check", "-", "--answers", "-"]) == 2


def test_rows_that_fit_nowhere_are_reported_and_are_no_success(check: Check) -> None:
    status, out, err = check(text="input 28x28x1\nconv 32 3x3\n", table="layer,params\nconv1,320\nconv7,1\n")
    assert (status, out.splitlines()[-1]) == (1, "1 right")
    assert "warning[no-such-line]: the key has no line `conv7`" in err


HOSTILE_TABLES = [
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 10, "binary-file"),
    (b"layer,params\nconv1," + b"9" * 6_000_000, "file-too-large"),
    (b"layer,params\n" + b"conv1,320\n" * 400_000, "answers-too-long"),
    (b"", "empty-file"),
    (b"hello\n", "answers-not-a-table"),
]


def test_a_table_in_another_encoding_is_read_and_that_is_said(check: Check) -> None:
    table = "Größe;Schicht;Parameter\n1;conv1;320\n".encode("cp1252")
    status, out, err = check(text="input 28x28x1\nconv 32 3x3 => ? params ?\n", table=table)
    assert (status, "1 right" in out) == (1, True)
    assert "warning[answers-noted]: is not written in UTF-8; it was read as Windows-1252" in err
    assert "the heading `Größe` is not understood, so its cell is not read" in err


@pytest.mark.parametrize(("table", "code"), HOSTILE_TABLES, ids=[code for _, code in HOSTILE_TABLES])
def test_a_hostile_table_is_one_error(check: Check, table: bytes, code: str) -> None:
    started = time.process_time()
    status, out, err = check(text="input 28x28x1\nconv 32 3x3 => ?\n", table=table)
    assert (status, out) == (2, "")
    assert err.startswith(f"error[{code}]: table.csv")
    assert err.count("error[") == 1
    assert time.process_time() - started < allowed(5)


def test_a_table_of_a_gigabyte_is_refused_without_reading_it(check: Check, tmp_path: Path) -> None:
    with open(tmp_path / "big.csv", "wb") as file:
        file.truncate(1_000_000_000)
    started = time.process_time()
    status, _, err = check("--answers", "big.csv", text="input 28x28x1\nconv 32 3x3 => ?\n")
    assert status == 2
    assert "error[file-too-large]" in err
    assert time.process_time() - started < allowed(5)


CLAIMS = [
    "9" * 10_000,
    "NaN",
    "=cmd|'/C calc'!A0",
    "3,21,6",
    "3217 bananas",
    "1e999999",
    "0x10",
    "١٢٣",
    "-5",
    "1/0",
    "\x1b[31m5",
]


@pytest.mark.parametrize("claim", CLAIMS, ids=range(len(CLAIMS)))
def test_absurd_claims_end_in_a_finding_or_one_error(check: Check, claim: str) -> None:
    started = time.process_time()
    own = check("--hint", "3", text=f"input 14x14x8\nconv 16 5x5 => params {claim}\n")
    table = check("--hint", "3", text="input 14x14x8\nconv 16 5x5\n", table=f'layer,params\nconv1,"{claim}"\n')
    assert own[0] in (1, 2)
    assert table[0] == 1
    assert "\x1b" not in own[1] + own[2] + table[1] + table[2]
    assert max(map(len, (table[1], table[2]))) < 2_000
    assert time.process_time() - started < allowed(5)


def test_five_hundred_wrong_answers_take_seconds(check: Check) -> None:
    text = "input 8x8x4\n" + "conv 4 3x3 same => 8x9x4 params 40\n" * 250
    started = time.process_time()
    status, out, _ = check("--hint", "2", text=text)
    assert status == 1
    assert "249 following from another, 251 wrong" in out
    assert time.process_time() - started < allowed(30)


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("level", ["1", "3"])
def test_no_line_is_wider_than_the_terminal(check: Check, columns: int, level: str) -> None:
    text = HOMEWORK + "v: conv 16 3x3 same bn relu => 5x5x5 params 1 macs 1\n".replace("v:", "a-long-label:")
    text = text.replace("answer", "relu => 17x19x23\nanswer")
    _, out, _ = check("--hint", level, columns=columns, text=text)
    assert max(map(len, out.splitlines())) <= columns


def test_a_wrong_matrix_says_which_cells(check: Check) -> None:
    text = (
        "data p = [0 1 1 0 0; 0 1 1 0 0; 1 0 0 1 1; 0 1 1 0 1; 1 1 1 1 1]\ninput from p\n"
        "conv filter=sharpen padding=1 stride=2 => values [-1 3 0; 5 -3 3; 5 2 3]\n"
    )
    _, out, _ = check("--hint", "2", text=text)
    assert "wrong: row 3, column 1\n" in out
    assert "looks as if one product of the window was left out\n" in out
    assert "right: [-1 3 0; 5 -3 3; 4 2 3]" in check("--solve", text=text)[1]


def test_many_wrong_cells_are_not_all_listed(check: Check) -> None:
    rows = "; ".join(" ".join("7" * 6) for _ in range(6))
    _, out, _ = check(text=f"data p = [{rows}]\ninput from p\nrelu => values [{rows.replace('7', '8')}]\n")
    assert "row 2, column 2 and 28 more\n" in out


def test_json_tells_as_much_as_the_level(check: Check) -> None:
    found = [json.loads(check("--hint", level, "--json")[1]) for level in "0123"]
    assert [one["hint"] for one in found] == [0, 1, 2, 3]
    params = [next(a for a in one["answers"] if a["given"] == "416") for one in found]
    assert [one["verdict"] for one in params] == ["wrong", "wrong", "slip", "slip"]
    assert [one["slips"] for one in params] == [[], [], ["depth-forgotten"], ["depth-forgotten"]]
    assert [bool(one["steps"]) for one in params] == [False, False, False, True]
    assert not any("right" in answer for one in found for answer in one["answers"])
    assert found[2]["counts"] == {
        "right": 7,
        "follows": 1,
        "slip": 4,
        "wrong": 0,
        "open": 1,
        "unreadable": 0,
        "unknown": 0,
    }
    assert [one["ok"] for one in found] == [False] * 4


def test_a_file_without_colour_and_ascii_only(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.cli.terminal._is_ascii", lambda stream: True)
    _, out, _ = check("--hint", "2")
    assert out.isascii()
    assert "x                                     params  416" in out


# ---------------------------------------------------------------------- --watch
def test_watching_checks_at_once_and_after_each_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "hw.txt"
    file.write_text("one")
    seen: list[str] = []
    edits = iter([None, "two", None, "three", None])

    def wait(_seconds: float) -> None:
        text = next(edits)
        if text is not None:
            file.write_text(text)
            os.utime(file, ns=(len(seen) + 1, len(seen) + 1))

    def action() -> int:
        seen.append(file.read_text())
        return len(seen)

    assert watched([str(file)], action, rounds=6, wait=wait) == 3
    assert seen == ["one", "two", "three"]
    capsys.readouterr()


def test_watching_outlives_a_broken_and_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from cnncalc.sources import find_file

    file = tmp_path / "hw.txt"
    file.write_bytes(b"\0")
    edits = iter([file.unlink, lambda: file.write_text("conv")])

    def action() -> int:
        find_file(str(file))
        return 0

    assert watched([str(file)], action, rounds=3, wait=lambda _: next(edits)()) == 0
    err = capsys.readouterr().err
    assert "error[binary-file]" in err
    assert "error[no-such-file]" in err


def test_standard_input_cannot_be_watched() -> None:
    with pytest.raises(InputError) as caught:
        watched(["-"], lambda: 0)
    assert caught.value.diagnostics[0].code == "cannot-watch"


def test_ctrl_c_ends_the_watching_quietly(tmp_path: Path) -> None:
    (tmp_path / "hw.txt").write_text("input 32x32x3\nconv 8 5x5 => 28x28x8\n")
    started = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [sys.executable, "-c", f"{started}from cnncalc.cli import main; sys.exit(main())"]
    process = subprocess.Popen(
        [*command, "check", "hw.txt", "--watch"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(5)]
    assert said[-1] == "1 right\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
