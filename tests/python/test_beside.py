"""Which files a program may import: those of its folder and its package; no links, nothing outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cnncalc.python.evaluator import Evaluator
from cnncalc.python.program import Program

from .toy_library import PACKAGES, Read


def read(folder: Path, files: dict[str, str], main: str = "net.py") -> Read:
    """The program `main` among these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / main
    return Read(path.read_text(encoding="utf-8"), str(path), main)


@pytest.mark.parametrize(
    ("statement", "expression"),
    [
        ("import blocks", "blocks.width"),
        ("import blocks as b", "b.width"),
        ("from blocks import width as w", "w"),
        ("from blocks import *", "width"),
        ("from .blocks import width", "width"),
        ("from . import blocks", "blocks.width"),
        ("import parts.deep", "parts.deep.width"),
        ("from parts import deep", "deep.width"),
        ("from parts.deep import width", "width"),
        ("import parts", "parts.again"),
        ("from bare import inner", "inner.width"),
        ("from bare.inner import width", "width"),
        ("from parts.deep import up", "up"),
    ],
)
def test_files_of_the_folder_are_read(tmp_path: Path, statement: str, expression: str) -> None:
    files = {
        "net.py": statement,
        "blocks.py": "width = 64\n_hidden = 1",
        "parts/__init__.py": "from .deep import width as again",
        "parts/deep.py": "width = 64\nfrom ..blocks import width as up",
        "bare/inner.py": "width = 64",
    }
    assert read(tmp_path, files).value(expression) == 64


def test_names_with_an_underscore_and_names_outside_all_are_not_starred(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "net.py": "from a import *\nfrom b import *",
            "a.py": "_x = 1\ny = 2",
            "b.py": "__all__ = ['_v']\n_v = 3\nw = 4",
        },
    )
    assert sorted(found.scope.names) == ["_v", "y"]


def test_a_circle_of_imports_is_read_once(tmp_path: Path) -> None:
    found = read(
        tmp_path, {"net.py": "import b\nx = b.x", "b.py": "import net, c\nx = c.x + 1", "c.py": "import b\nx = 1"}
    )
    assert found["x"] == 2
    assert [file.name for file in found.program.files] == ["net.py", "b.py", "c.py"]


def test_a_file_of_a_package_reads_its_neighbours_above(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/sizes.py": "width = 64",
        "pkg/models/__init__.py": "",
        "pkg/models/net.py": "from ..sizes import width\nfrom pkg.sizes import width as w\nimport pkg.sizes",
    }
    found = read(tmp_path, files, "pkg/models/net.py")
    assert (found["width"], found["w"]) == (64, 64)


def test_a_file_that_fails_makes_its_names_unknown(tmp_path: Path) -> None:
    found = read(tmp_path, {"net.py": "from a import x\nfrom b import y\ny = y", "a.py": "x = (", "b.py": "y = 1 / 0"})
    assert "was never closed" in found.reason("x")
    assert "division by zero" in found.reason("y")


def test_the_place_of_a_fault_is_in_the_file_that_has_it(tmp_path: Path) -> None:
    found = read(tmp_path, {"net.py": "import b\n\nx = b.f(0)", "b.py": "def f(a):\n    return 1 / a"})
    fault = found.evaluator.faults[0]
    assert fault.span is not None
    assert found.source.place(fault.span.line).head == "b.py:2"
    assert [found.source.place(span.line).head for span in fault.trail] == ["net.py:3"]


@pytest.mark.parametrize("statement", ["from ..secret import x", "from secret import x", "import secret\nx = secret.x",
                                       "from ...etc.secret import x", "from link import x", "from linked.inner import x"])  # fmt: skip
def test_nothing_outside_and_no_link_is_read(tmp_path: Path, statement: str) -> None:
    (tmp_path / "secret.py").write_text("x = 1")
    (tmp_path / "away").mkdir()
    (tmp_path / "away/inner.py").write_text("x = 1")
    folder = tmp_path / "mine"
    folder.mkdir()
    os.symlink(tmp_path / "secret.py", folder / "link.py")
    os.symlink(tmp_path / "away", folder / "linked")
    found = read(folder, {"net.py": statement})
    assert found.reason("x")
    assert [file.name for file in found.program.files] == ["net.py"]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = '\xff'")
    found = read(tmp_path, {"net.py": "from a import x"})
    assert found.reason("x") == "a.py cannot be read as a text in UTF-8"
    assert found.evaluator.faults[0].code == "unread-file"


def test_a_library_that_is_known_wins_over_a_file_of_its_name(tmp_path: Path) -> None:
    found = read(tmp_path, {"net.py": "import lib\nx = lib.training", "lib.py": "training = 5"})
    assert found["x"] is False


def test_a_text_without_a_place_imports_no_file() -> None:
    program = Program("pasted")
    assert Evaluator(program, PACKAGES).run(program.file("pasted", "import blocks")).names["blocks"].reason == (
        "`blocks` is not read here"
    )


# ---------------------------------------------------------------------- libraries
def test_names_of_a_library_come_from_its_package() -> None:
    found = Read(
        "import lib.parts as p\nfrom lib import Part\nimport lib\na = Part is lib.Part\nb = lib.parts is p\nc = Part(3)"
    )
    assert (found["a"], found["b"], found["c"].names) == (True, True, {"sizes": (3,)})


def test_a_star_of_a_library_brings_what_the_library_has() -> None:
    found = Read("from lib import *\nx = Part(1)\ny = Other")
    assert found["x"].names == {"sizes": (1,)}
    assert found.reason("y") == "the name `Other` is not defined"


def test_usual_names_are_taken_for_granted_with_a_note() -> None:
    found = Read("x = parts")
    assert found["x"].name == "lib.parts"
    assert found.evaluator.assumed == {"parts": "lib.parts"}


@pytest.mark.parametrize(
    "call",
    ["lib.Part.__init__(self, 4)", "Base.__init__(self, 4)", "super(Net, self).__init__(4)", "super().__init__(4)"],
)
def test_every_way_of_calling_the_init_above_reaches_the_library(call: str) -> None:
    found = Read(
        f"import lib\nclass Base(lib.Part): pass\nclass Net(Base):\n    def __init__(self):\n        {call}\nnet = Net()"
    )
    assert found["net"].names == {"begun": (4,)}


def test_classes_below_a_library_begin_call_and_find_its_methods() -> None:
    found = Read(
        "import lib\nclass Net(lib.Part):\n    def __init__(self, n):\n        super().__init__(n, 2)\n        self.n = n\n"
        "    def forward(self, x): return x * self.n\nnet = Net(3)\na = net(5)\nb = net.describe()\n"
        "c = isinstance(net, lib.Part), issubclass(Net, lib.Part)\nclass Data(lib.Dataset): pass\nd = Data()"
    )
    assert found["net"].names == {"begun": (3, 2), "n": 3}
    assert (found["a"], found["b"], found["c"]) == (15, "the library's", (True, True))
    assert found.reason("d") == "Data is no part of a model"
