"""Every example of a diagnostic that is a command line is run, and earns its code; one that is JSON is read."""

from __future__ import annotations

import shlex
from importlib import import_module
from pathlib import Path

import pytest

from cnncalc.diagnostics.catalogue import PARTS

from .conftest import Command
from .example_files import made_folder, ran

MODEL_PARTS = ("spec", "graph", "layers", "analysis", "python")
"""The parts whose examples are model texts or programs: tests/house/test_catalogue and tests/report/test_code_pages."""

EXAMPLES = [
    (code, entry.example)
    for part in PARTS
    if part not in MODEL_PARTS
    for code, entry in import_module(f"cnncalc.diagnostics.catalogue_{part}").ENTRIES.items()
]


ROW = "input 32x32x3\nconv1: conv 8 5x5 relu => "
PREPARED: dict[str, dict[str, str]] = {
    "answers-noted": {"table.csv": "layer,shape,Foo\nconv1,28x28x6,12\n"},
    "no-such-line": {"table.csv": "layer,shape\nconv1,28x28x6\nconv9,3x3x1\n"},
    "answered-twice": {"table.csv": "layer,shape\nconv1,28x28x6\nconv1,3x3x1\n"},
    "submission-not-graded": {"submissions/1.txt": "\x00\x01 a picture"},
    "submission-noted": {"submissions/1.txt": f'student "A" 1\n{ROW}1', "submissions/2.txt": f'student "B" 1\n{ROW}1'},
    "key-without-points": {"key.txt": f"{ROW}? params ? worth 1\n"},
    "key-not-known": {"key.txt": f"{ROW}? values ?\n"},
    "key-answers-wrong": {"key.txt": f"{ROW}? params 416\n"},
    "no-such-cell": {"picture.txt": "data p = [1 2; 3 4]\ninput from p\nedges: conv filter=sharpen padding=1\n"},
    "broken-cfg": {"broken.cfg": "[convolutional]\nfilters=4\n[net]\nwidth=8\nheight=8\nchannels=3\n"},
    "not-in-torch": {"turned.txt": "input 8x8x1\nconv 4 3x3 flip\n"},
    "not-the-same-part": {"net.txt": "input 8x8x8\na: conv 8 3x3 same\nconv 8 3x3 same dilation=2 shared=a\n"},
    "not-in-keras": {"turned.txt": "input 8x8x1\nconv 4 3x3 flip\n"},
    "not-in-onnx": {"places.txt": "input 8x8x1\nupsample size=9x9 start=-3 step=2\n"},
    "not-written": {"two_ends.txt": "input 8x8x3\na: conv 4 3x3\nconv 8 3x3\noutput a\n"},
    "not-in-darknet": {"pooled.txt": "input 8x8x1\navgpool 2x2\n"},
    "unused-field": {"misspelt.cfg": "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilter=16\n"},
    "broken-prototxt": {"broken.prototxt": "layer { name: }"},
    "left-out": {
        "trained.prototxt": 'input: "data" input_dim: [1, 3, 8, 8]\n'
        'layer { name: "loss" type: "EuclideanLoss" bottom: "data" }\n'
        'layer { name: "a" type: "ReLU" bottom: "datum" top: "a" }'
    },
    "include-of-itself": {"circle.txt": "include other_half.txt\n", "other_half.txt": "include circle.txt\n"},
    "include-too-much": {f"deep{n}.txt": f"input 8x8x1\ninclude deep{n + 1}.txt\n" for n in range(20)},
    "included-inputs": {"pair.txt": "a: input 8x8x1\nb: input 8x8x1\nadd a b\n"},
    "quiz-one-file": {"class.csv": "id,name\n1,Ana\n2,Bo\n"},
}
"""The files of an example that other examples have too, or whose comment says what is in them."""

OF_THE_MACHINE = {
    "answer-wrong": "the server says it to an editor; tests/editor/test_session.py",
    "out-of-memory": "how much memory starts Python and is too little for a network differs from machine to machine",
    "cache-not-used": "behind a folder that is closed to others, as those of tests are, every folder may be used",
    "library-not-loaded": "how much memory starts Python and is too little for numpy differs as well",
    "library-missing": "h5py and onnx are installed where these tests run; tests/diagnostics/test_extras.py",
    "no-permission": "the administrator, as whom these tests may run, may read every file",
}
"""What cannot be brought about everywhere, with the reason; the tests of these parts bring it about in the program."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that the examples name."""
    return made_folder(tmp_path_factory.mktemp("diagnostics"), damaged=True)


@pytest.mark.parametrize(("code", "example"), EXAMPLES, ids=[code for code, _ in EXAMPLES])
def test_the_example_of_a_code_earns_it(
    code: str, example: str, folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    if code in OF_THE_MACHINE:
        pytest.skip(OF_THE_MACHINE[code])
    monkeypatch.chdir(folder)
    for name, text in PREPARED.get(code, {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    if not example.startswith(("cnncalc ", "printf ", "echo ")) and (example.startswith("{") or "\n" in example):
        name = "example.json" if example.startswith("{") else "example_of_a_print.txt"
        (folder / name).write_text(example, encoding="utf-8")
        example = f"cnncalc summary {name}" + ("" if name.endswith(".json") else " --input 32x32x3")
    line = example.partition("  #")[0]
    needs_shell = not line.startswith("cnncalc ") or set(line) & set("|;$><")
    if needs_shell:
        said = ran(line, folder).stderr
    else:
        done = command(*shlex.split(line)[1:])
        said = done.err or done.out  # the warnings of a net that is read are under its table
    assert f"[{code}]" in said
