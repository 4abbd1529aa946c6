"""Colours and widths: a terminal gets both, a pipe neither; options, FORCE_COLOR, NO_COLOR and COLUMNS are obeyed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cnncalc.cli import appearance
from cnncalc.cli.command_list import COMMANDS

from .conftest import NETS, Command

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")

ANSI = re.compile("\x1b\\[[0-9;]*m")
CNNCALC = [sys.executable, "-m", "cnncalc"]


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What a command prints to a terminal of 200 columns."""
    return shown_on_a_terminal([*CNNCALC, *arguments], 200, **environment)


def shown_on_a_terminal(command: list[str], columns: int, **environment: str) -> str:
    """What any program prints to a terminal that is so wide."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        cwd=NETS,
        env={**_inherited(), "TERM": "xterm-256color", **environment},
    ):
        os.close(theirs)
        printed = b""
        while part := _read(ours):
            printed += part
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def piped(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {**_inherited(), **environment}
    return subprocess.run(
        [*CNNCALC, *arguments], capture_output=True, text=True, check=False, cwd=NETS, env=environment
    )


def _inherited() -> dict[str, str]:
    """The environment without what the tests set."""
    ours = ("NO_COLOR", "COLUMNS", "FORCE_COLOR", "CLICOLOR_FORCE")
    return {name: value for name, value in os.environ.items() if name not in ours}


def test_a_terminal_shows_colours() -> None:
    printed = on_a_terminal("summary", "small.txt")
    assert "\x1b[38;5;28m✓\x1b[0m" in printed
    assert "\x1b[1mA small network\x1b[0m" in printed


def test_errors_are_coloured_on_a_terminal() -> None:
    assert "\x1b[1;38;5;196merror[no-such-file]\x1b[0m" in on_a_terminal("summary", "nowhere.txt")


def test_a_terminal_of_16_colours_gets_its_own() -> None:
    assert "\x1b[32m✓\x1b[0m" in on_a_terminal("summary", "small.txt", TERM="linux", COLORTERM="")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(environment: dict[str, str]) -> None:
    assert "\x1b[" not in on_a_terminal("summary", "small.txt", **environment)


ALWAYS, NEVER = ("--color", "always"), ("--color", "never")


@pytest.mark.parametrize(
    ("options", "environment", "coloured"),
    [
        (ALWAYS, {"NO_COLOR": "1"}, True),
        (ALWAYS, {"TERM": "dumb"}, True),
        (NEVER, {"FORCE_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "3", "NO_COLOR": "1"}, True),
        ((), {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"FORCE_COLOR": ""}, False),
        (("--color", "auto"), {"FORCE_COLOR": "1"}, True),
        (("--color", "auto"), {}, False),
    ],
)
def test_the_option_beats_force_color_which_beats_no_color_which_beats_the_stream(
    options: tuple[str, ...], environment: dict[str, str], *, coloured: bool
) -> None:
    done = piped("summary", "small.txt", *options, **environment)
    assert ("\x1b[" in done.stdout) == coloured
    assert ("\x1b[" in piped("summary", "nowhere.txt", *options, **environment).stderr) == coloured


def through_a_pipe(line: str, columns: int) -> str:
    """What a pipeline that begins with our command shows on a terminal."""
    program = " ".join(map(shlex.quote, CNNCALC))
    return shown_on_a_terminal(["sh", "-c", line.replace("cnncalc", program)], columns)


def test_colours_through_a_pipe_are_for_a_reader_whose_terminal_sets_the_width() -> None:
    """As in `cnncalc summary resnet50 --color always | less -R`."""
    printed = through_a_pipe("cnncalc summary resnet50 --color always | cat", 60)
    lines = [ANSI.sub("", line) for line in printed.split("\n")]
    assert max(map(len, lines)) == 60
    assert printed.count("\x1b[0m") > 50


def test_without_colours_a_pipe_is_not_wrapped_whatever_the_terminal() -> None:
    assert max(map(len, through_a_pipe("cnncalc summary resnet50 | cat", 60).split("\n"))) > 100


def test_a_file_is_not_wrapped_though_its_colours_are_asked_for(tmp_path: Path) -> None:
    through_a_pipe(f"cnncalc summary resnet50 --color always > {tmp_path / 'a.txt'}", 60)
    assert max(len(ANSI.sub("", line)) for line in (tmp_path / "a.txt").read_text().split("\n")) > 100


@pytest.mark.parametrize("line", ["summary blocks.txt --width 60", "check wrong_answers.txt", "explain conv", "models"])
def test_every_line_ends_the_colours_that_it_began(line: str, command: Command) -> None:
    """A pager shows lines one by one, and a terminal must not stay coloured."""
    shown = command(*line.split(), *ALWAYS).out
    assert "\x1b[" in shown
    for text in shown.split("\n"):
        codes = ANSI.findall(text)
        assert codes[1::2] == ["\x1b[0m"] * (len(codes) // 2)
        assert "\x1b[0m" not in codes[::2]


@pytest.mark.skipif(not (shutil.which("tmux") and shutil.which("less")), reason="needs tmux and less")
def test_less_shows_the_table_as_the_terminal_does() -> None:
    """No line is wrapped by the pager: what it shows begins like what the terminal shows."""
    environment = {**_inherited(), "TERM": "xterm-256color"}
    session, program = f"cnncalc-{os.getpid()}", " ".join(map(shlex.quote, CNNCALC))
    tmux = ["tmux", "-L", session]
    line = f"{program} summary resnet50 --color always | less -R"
    try:
        subprocess.run(
            [*tmux, "new-session", "-d", "-x", "80", "-y", "24", line], check=True, env=environment, cwd=NETS
        )
        for _ in range(100):
            shown = subprocess.run(
                [*tmux, "capture-pane", "-p", "-e"], capture_output=True, text=True, check=True
            ).stdout
            if "MACs" in shown and ANSI.sub("", shown).rstrip().endswith(":"):  # its prompt: the screen is painted
                break
            time.sleep(0.1)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
    plain = piped("summary", "resnet50", "--width", "80").stdout.split("\n")
    assert [ANSI.sub("", text).rstrip() for text in shown.split("\n")[:23]] == plain[:23]
    assert "\x1b[38;5;" in shown


def test_colours_are_taken_away_on_a_terminal_by_the_option() -> None:
    assert "\x1b[" not in on_a_terminal("summary", "small.txt", *NEVER)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "draw"])
def test_every_command_takes_color_and_width_before_its_name_and_after_it(
    name: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    after = command(name, *ALWAYS, "--width", "40", "--help")
    before = command(*ALWAYS, "--width", "40", name, "--help")
    assert (before.status, after.status) == (0, 0)
    assert before.out == after.out
    assert all(f"  \x1b[38;5;30m{option}" in after.out for option in ("--color", "--width"))


def test_the_width_of_a_drawing_is_that_of_its_picture_and_the_one_before_its_name_that_of_the_text(
    command: Command,
) -> None:
    assert max(map(len, command("--width", "40", "draw", "--help").out.split("\n"))) <= 40
    assert "viewBox" in command("draw", "small.txt", "--width", "17cm").out
    assert "'40' is not a width" in command("draw", "small.txt", "--width", "40").err


def test_what_stands_behind_the_name_beats_what_stands_before_it(command: Command) -> None:
    wide, narrow = (
        command("summary", "small.txt", "--width", "120").out,
        command("summary", "small.txt", "--width", "60").out,
    )
    assert wide != narrow
    assert command("--width", "60", "summary", "small.txt", "--width", "120", columns=40).out == wide
    assert command("--width", "60", "summary", "small.txt", columns=120).out == narrow


def test_one_command_does_not_look_as_the_last_one_was_asked_to(command: Command) -> None:
    plain = command("summary", "small.txt").out
    assert command("summary", "small.txt", "--width", "60", *ALWAYS).out != plain
    assert command("summary", "small.txt").out == plain


@pytest.mark.parametrize("width", ["19", "0", "-1", "10001", "wide"])
def test_a_width_that_no_report_can_have_is_refused(width: str, command: Command) -> None:
    shown = command("summary", "small.txt", "--width", width)
    assert (shown.status, shown.out) == (2, "")
    assert f"`{width}` is no value for `--width`" in shown.err


def test_a_pipe_has_no_colour() -> None:
    done = piped("summary", "two_faults.txt")
    assert "\x1b[" not in done.stdout + done.stderr


def test_a_terminal_wraps_to_its_width_and_a_pipe_to_none() -> None:
    lines = on_a_terminal("summary", "small.txt", NO_COLOR="1", COLUMNS="60").split("\n")
    assert max(map(len, lines)) <= 60
    assert max(map(len, piped("summary", "small.txt").stdout.split("\n"))) > 100
    assert max(map(len, piped("summary", "small.txt", COLUMNS="80").stdout.split("\n"))) <= 80


@pytest.mark.parametrize("columns", ["", "0", "-3", "many"])
def test_columns_that_are_no_width_are_ignored(columns: str) -> None:
    assert piped("summary", "small.txt", COLUMNS=columns).stdout == piped("summary", "small.txt").stdout


def test_an_ascii_stream_gets_ascii() -> None:
    done = piped("summary", "small.txt", PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    assert "ok  maxpool 2x2" in done.stdout
    assert "----" in done.stdout
    assert done.returncode == 0


def _ascii(*arguments: str, text: str = "") -> bytes:
    """What a command writes into a pipe where the encoding is ASCII."""
    done = subprocess.run(
        [*CNNCALC, *arguments],
        input=text.encode("utf-8"),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    return done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "summary resnet50",
        "summary small.txt --columns +rf,jump,start --width 40",
        "run by_hand.txt --verify",
        "run by_hand.txt --plan",
        "check wrong_answers.txt --hint 3",
        "explain small.txt",
        "explain conv",
        "explain language",
        "models",
        "filters",
        "filters laplacian",
        "summary two_faults.txt",
        "quiz --seed 3 --no-verify",
        "run --help",
    ],
)
def test_every_report_is_ascii_on_an_ascii_stream_and_needs_no_escapes(line: str) -> None:
    done = piped(*line.split(), PYTHONIOENCODING="ascii", LANG="C", LC_ALL="C")
    assert (done.stdout + done.stderr).isascii()
    assert re.findall(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}", done.stdout + done.stderr) == []
    assert done.stdout


def test_letters_an_ascii_stream_cannot_show_become_plain_or_escapes() -> None:
    text = 'title "é × 3"\ninput 8x8x1\nconv 1 3×3\n'
    shown = _ascii("summary", "-", text=text).decode("ascii")
    assert shown.startswith("\\xe9 x 3\n")
    assert "conv 1 3x3   6x6x1" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("summary", "-", "--json"), '"title": "é"'),
        (("summary", "-", "--format", "markdown"), "**é**"),
        (("convert", "-", "--to", "spec"), 'title "é"'),
        (("fmt", "-"), 'title "é"'),
    ],
)
def test_what_programs_read_is_utf_8_whatever_the_locale_says(arguments: tuple[str, ...], said: str) -> None:
    assert said in _ascii(*arguments, text='title "é"\ninput 8x8x1\n').decode("utf-8")


def test_a_run_shows_its_progress_on_a_terminal_only() -> None:
    assert "running" in on_a_terminal("run", "by_hand.txt")
    assert "running" not in on_a_terminal("run", "by_hand.txt", "--no-progress")
    assert "running" not in piped("run", "by_hand.txt").stderr


def test_progress_has_no_colours_where_none_are_wanted() -> None:
    assert re.search(r"\x1b\[[0-9;]*3[0-9]", on_a_terminal("run", "by_hand.txt"))
    printed = on_a_terminal("run", "by_hand.txt", *NEVER)
    assert "running" in printed
    assert re.findall(r"\x1b\[(?:[0-9]*;)*(?:3[0-9]|9[0-7])[;m]", printed) == []


def test_what_is_said_on_standard_error_is_wrapped_to_its_width(command: Command) -> None:
    said = command("init", "--width", "40").err.split("\n")
    assert max(map(len, said)) <= 40
    assert max(map(len, command("init").err.split("\n"))) > 40


@pytest.mark.parametrize(("understands", "coloured"), [(1, True), (0, False)])
def test_a_console_of_windows_is_asked_to_read_colours(
    understands: int, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old consoles show the codes themselves unless ENABLE_VIRTUAL_TERMINAL_PROCESSING (4) is set, and some cannot."""
    asked: list[int] = []

    def get_mode(_handle: object, mode: Any) -> int:
        mode._obj.value = 3
        return 1

    def set_mode(_handle: object, mode: int) -> int:
        asked.append(mode)
        return understands

    kernel = SimpleNamespace(GetStdHandle=lambda _number: 7, GetConsoleMode=get_mode, SetConsoleMode=set_mode)
    monkeypatch.setattr("ctypes.cdll", SimpleNamespace(kernel32=kernel))
    monkeypatch.setattr("cnncalc.cli.appearance.os.name", "nt")
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    appearance.forget()
    appearance._reads_codes.cache_clear()
    assert appearance.is_coloured(cast("Any", _Console())) == coloured
    assert asked == [7]


class _Console:
    """Standard error on a console."""

    @staticmethod
    def isatty() -> bool:
        return True

    @staticmethod
    def fileno() -> int:
        return 2
