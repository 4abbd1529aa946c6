"""Completion: what is proposed, that real shells take it, and that installing it loses nothing."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cnncalc.cli.completion import FILES, proposals, proposals_text, words_of_line
from cnncalc.cli.completion_scripts import SHELLS, script

from .conftest import Command
from .program_texts import write_programs

ROOT = Path(__file__).parents[2]


def proposed(line: str) -> list[str]:
    """The words that may come next; `<file>` for any file."""
    words, begun = words_of_line(line)
    return [one.word or "<file>" for one in proposals(words[1:], begun)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("cnncalc su", ["summary"]),
        ("cnncalc --color always --width 80 su", ["summary"]),
        ("cnncalc --color n", ["never"]),
        ("cnncalc help qu", ["quiz"]),
        ("cnncalc frobnicate ", []),
        ("cnncalc summary lenet", ["lenet5", "lenet5-1998", "<file>"]),
        ("cnncalc summary 'lenet", ["lenet5", "lenet5-1998", "<file>"]),
        ("cnncalc summary --format l", ["latex"]),
        ("cnncalc summary -f l", ["latex"]),
        ("cnncalc summary --columns line,ou", ["line,output"]),
        ("cnncalc summary --columns +ou", ["+output"]),
        ("cnncalc summary lenet5 --sort ma", ["macs"]),
        ("cnncalc summary lenet5 --exp", ["--expand"]),
        ("cnncalc summary --expand lenet5 --exp", []),
        ("cnncalc summary --format json lenet", ["lenet5", "lenet5-1998", "<file>"]),
        ("cnncalc summary lenet5 ", []),
        ("cnncalc run lenet5 --image a.png --imag", ["--image"]),
        ("cnncalc run lenet5 --image ", ["<file>"]),
        ("cnncalc run lenet5 a.png ", ["<file>"]),
        ("cnncalc run lenet5 --no", ["--no-progress"]),
        ("cnncalc run lenet5 --labels im", ["imagenet", "<file>"]),
        ("cnncalc run lenet5 --resize s", ["stretch"]),
        ("cnncalc run lenet5 --picture m", ["minus1to1"]),
        ("cnncalc draw resnet50 --open bo", ["bottleneck"]),
        ("cnncalc draw resnet50 --chart m", ["memory", "macs"]),
        ("cnncalc draw resnet50 --no-inside --open s", ["stage"]),
        ("cnncalc draw --open bo", []),
        ("cnncalc draw lenet5 --theme d", ["dark"]),
        ("cnncalc trace lenet5 --at conv", ["conv1", "conv2"]),
        ("cnncalc trace no-such-net --at ", []),
        ("cnncalc weights lenet5.npz --net lenet5-", ["lenet5-1998", "<file>"]),
        ("cnncalc models -- lenet", ["lenet5", "lenet5-1998"]),
        ("cnncalc explain sel", ["selu", "<file>"]),
        ("cnncalc explain receptive-f", ["receptive-field", "<file>"]),
        ("cnncalc explain one-b", ["one-bias", "<file>"]),
        ("cnncalc explain lenet5 conv", ["conv1", "conv2"]),
        ("cnncalc explain stride conv", []),
        ("cnncalc explain kernel-too-l", ["kernel-too-large", "<file>"]),
        ("cnncalc filters sharp", ["sharpen"]),
        ("cnncalc convert lenet5 --to ma", ["markdown"]),
        ("cnncalc init ", ["model", "homework", "filters"]),
        ("cnncalc quiz --kinds sizes,pad", ["sizes,padding"]),
        ("cnncalc grade key.txt ", ["<file>"]),
        ("cnncalc --install-completion f", ["fish"]),
        ("cnncalc --inst", ["--install-completion"]),
    ],
)
def test_what_may_come_next(line: str, expected: list[str]) -> None:
    assert proposed(line) == expected


def test_every_command_and_option_is_proposed_with_its_meaning() -> None:
    assert "word\tsummary\tThe table of a network" in proposals_text("zsh", "cnncalc s")
    assert "word\t--image\tRun on this picture" in proposals_text("zsh", "cnncalc run --im")


def test_a_value_behind_an_equals_sign_is_a_word_of_its_own_in_bash_only() -> None:
    assert proposals_text("bash", "cnncalc summary --format=l") == "word\tlatex\t\n"
    assert proposals_text("zsh", "cnncalc summary --format=l") == "word\t--format=latex\t\n"


def test_what_a_program_defines_is_proposed_behind_its_colon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_programs(tmp_path))
    assert proposed("cnncalc summary lenet.py:") == ["lenet.py:LeNet"]
    assert proposed("cnncalc summary lenet.py:Le") == ["lenet.py:LeNet"]
    assert proposed("cnncalc run mnist.ipynb:mo") == ["mnist.ipynb:model"]
    assert proposed("cnncalc summary lenet.py:x") == []
    assert proposed("cnncalc summary missing.py:") == ["<file>"]


def test_bash_takes_what_is_behind_a_colon_for_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_programs(tmp_path))
    assert proposals_text("bash", "cnncalc summary lenet.py:Le") == "word\tLeNet\ta class\n"
    assert proposals_text("zsh", "cnncalc summary lenet.py:Le") == "word\tlenet.py:LeNet\ta class\n"


@pytest.mark.parametrize(
    "line", ["", "cnncalc", '"', "\\", "cnncalc summary \x00", "cnncalc '\n", "cnncalc " + "x " * 999]
)
def test_no_line_is_too_odd(line: str) -> None:
    assert FILES.word == ""
    assert isinstance(proposals_text("bash", line), str)


def test_no_array_library_is_loaded_to_complete_a_line() -> None:
    code = "import sys; from cnncalc.cli import main; main([]); print('numpy' in sys.modules, file=sys.stderr)"
    environment = {**os.environ, "_CNNCALC_COMPLETE": "bash", "_CNNCALC_LINE": "cnncalc explain "}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == "False\n"
    assert "word\tconv\t" in done.stdout


# ---------------------------------------------------------------------- real shells
@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, with `cnncalc` on the path."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)
    program = tmp_path / "bin" / "cnncalc"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cnncalc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{os.environ.get('PYTHONPATH', '')}")
    return tmp_path


def typed(shell: str, keys: str, until: str, seconds: float = 60) -> str:
    """What a terminal shows after the keys were typed into a shell, up to `until`; escapes are taken out."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execvp(shell, [shell, "-i"])
    shown, sent, end = "", False, time.monotonic() + seconds
    try:
        while until not in shown and time.monotonic() < end:
            if select.select([terminal], [], [], 0.5)[0]:
                shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x08", "", os.read(terminal, 65536).decode("utf-8", "replace"))
            elif not sent:
                os.write(terminal, keys.encode())
                sent = True
    finally:
        os.kill(child, signal.SIGKILL)
        os.close(terminal)
        os.waitpid(child, 0)
    return shown


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_tab_key_of_a_real_shell_completes_after_the_installation(shell: str, home: Path, command: Command) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert command("--install-completion", shell).status == 0
    assert (home / f".{shell}rc").is_file()
    assert "cnncalc summary " in typed(shell, "cnncalc summ\t", "cnncalc summary ")


def test_fish_completes_after_the_installation(home: Path, command: Command) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    assert command("--install-completion", "fish").status == 0
    done = subprocess.run(
        ["fish", "-c", "complete -C 'cnncalc summ'; complete -C 'cnncalc summary --format=l'"],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ("summary\tThe table of a network: shapes, parameters, multiply-adds.\n--format=latex\n")


def in_bash(line: str, folder: Path) -> list[str]:
    """What bash's own function proposes for a line, called as bash calls it."""
    code = (
        f"source {ROOT}/cnncalc/cli/completions/cnncalc.bash; "
        'COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}; read -ra COMP_WORDS <<< "$1"; '
        '[[ "$1" == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); '
        '_cnncalc cnncalc; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", code, "bash", line], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_gets_words_and_files_side_by_side(home: Path) -> None:
    (home / "lena net.txt").write_text("input 5x5x1\n", encoding="utf-8")
    assert in_bash("cnncalc su", home) == ["summary"]
    assert in_bash("cnncalc summary --format=l", home) == ["latex"]
    assert in_bash("cnncalc summary len", home) == ["lenet5", "lenet5-1998", "lena net.txt"]
    assert in_bash("cnncalc run lenet5 --image ", home) == [""]  # bash completes files itself


# ---------------------------------------------------------------------- installing
def test_the_start_file_keeps_its_words_and_gets_one_line_once(home: Path, command: Command) -> None:
    start = home / ".bashrc"
    start.write_text("alias ll='ls -l'", encoding="utf-8")
    start.chmod(0o600)
    first = command("--install-completion", "bash").out
    path = home / ".local/share/cnncalc/cnncalc.bash"
    line = f"[ -r '{path}' ] && . '{path}'"
    assert start.read_text(encoding="utf-8") == f"alias ll='ls -l'\n{line}\n"
    assert start.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8") == script("bash")
    assert first == (
        f"The completion of bash is written to {path}.\n"
        f"This line was added to the end of {start}:\n    {line}\nNothing else in it was changed.\n"
        "It works in the next bash that you start.\n"
    )
    second = command("--install-completion", "bash").out
    assert start.read_text(encoding="utf-8") == f"alias ll='ls -l'\n{line}\n"
    assert f"{start} reads it already, and is left as it is.\n" in second


def test_a_start_file_that_is_no_text_is_left_alone(home: Path, command: Command) -> None:
    start = home / ".zshrc"
    start.write_bytes(b"# caf\xe9\n")
    refused = command("--install-completion", "zsh")
    assert refused.status == 2
    assert "cannot be read as UTF-8 text" in refused.err
    assert start.read_bytes() == b"# caf\xe9\n"


def test_fish_needs_no_start_file(home: Path, command: Command) -> None:
    assert command("--install-completion", "fish").status == 0
    assert (home / ".config/fish/completions/cnncalc.fish").read_text(encoding="utf-8") == script("fish")
    assert sorted(path.name for path in home.iterdir()) == [".config", "bin"]


@pytest.mark.parametrize("shell", SHELLS)
def test_packagers_get_the_script_as_it_ships(shell: str, command: Command) -> None:
    shown = command("--show-completion", shell)
    assert (shown.status, shown.out, shown.err) == (0, script(shell), "")


def test_an_unknown_shell(command: Command) -> None:
    shown = command("--show-completion", "fihs")
    assert shown.status == 2
    assert shown.err == (
        "error[unknown-shell]: there is no completion for a shell called `fihs`\n = help: did you mean `fish`?\n"
    )
