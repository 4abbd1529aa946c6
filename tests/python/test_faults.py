"""What stops a program is said in plain words, with its place and the calls around it."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Part, Span
from cnncalc.diagnostics.catalogue_python import ENTRIES
from cnncalc.python.evaluator import Evaluator
from cnncalc.python.program import Program
from cnncalc.python.program_error import PythonFault

from .toy_library import PACKAGES, Read, fault_of

MESSAGES = [
    ("return g(1, 2)", "python-error", "g() takes 1 argument, and 2 are given"),
    ("return g(b=1)", "python-error", "g() has no argument `b`"),
    ("return g(1, a=1)", "python-error", "g() is given `a` twice"),
    ("return g()", "python-error", "g() needs a value for `a`"),
    ("return {}['k']", "python-error", "a dictionary has no part `k`"),
    ("return [1][4]", "python-error", "a list has no part `4`"),
    ("return (1).foo", "python-error", "a number has no `foo`"),
    ("return C().foo", "python-error", "an object of C has no `foo`"),
    ("return 3()", "python-error", "a number cannot be called"),
    ("return 1 + 'a'", "python-error", "`+` of a number and a text: unsupported operand type(s) for +: 'int' and 'str'"),
    ("return [x for x in 3]", "python-error", "a number cannot be looped over"),
    ("a, b = 1, 2, 3", "python-error", "3 values are unpacked into 2 names"),
    ("return C(1)", "python-error", "C takes no arguments"),
    ("assert 1 == 2, 'one is not two'", "program-raises", "the program's own check fails: one is not two"),
    ("assert 1 == 2", "program-raises", "the program's own check fails: `1 == 2` does not hold"),
    ("raise ValueError('bad', 3)", "program-raises", "the program raises ValueError: bad, 3"),
    ("raise KeyError", "program-raises", "the program raises KeyError"),
    ("break", "python-syntax", "`break` is not in a loop"),
    ("match 3:\n        case 3: pass", "not-read-here", "a statement like this (`match`) is not read"),
    ("x = 10 ** 18 * 10", "python-bound", "a whole number has more than 18 digits"),
    ("f()", "python-bound", "calls are nested more than 100 deep"),
    ("return super().x", "python-error", "super() is called outside a class"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "code", "message"), MESSAGES, ids=[message for _, _, message in MESSAGES])
def test_the_message_says_what_is_wrong(statement: str, code: str, message: str) -> None:
    fault = fault_of(f"def g(a): return a\nclass C: pass\ndef f():\n    {statement}")
    assert (fault.code, fault.message) == (code, message)
    assert fault.span is not None


def test_a_fault_has_the_place_of_the_smallest_part_and_the_calls_around_it() -> None:
    fault = fault_of("def g(a):\n    return 2 * (a / 0)\ndef f():\n    x = g(1)\n    return x")
    assert fault.span == Span(2, 17, 5)
    assert fault.trail == (Span(4, 9, 4), Span(6, 1, 3))


def test_columns_count_letters() -> None:
    assert fault_of("def f():\n    return 'äöü', 1 / 0").span == Span(2, 19, 5)


def test_an_argument_keeps_its_place() -> None:
    fault = fault_of("def g(a): return a\ndef f():\n    return g(1,\n        bc=2)")
    assert fault.span == Span(4, 12, 1)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("x = 1\nprint x\n", "python-two", 2),
        ("try:\n    pass\nexcept E, e:\n    pass\n", "python-two", 3),
        ("x = (1,\ny = 2\n", "python-syntax", 1),
        ("def f():\nreturn 1\n", "python-syntax", 2),
        ("x = '\n", "python-syntax", 1),
        ("x = " + "(" * 300 + ")" * 300, "program-too-deep", 1),
        ("x = " + "-" * 50_000 + "1", "program-too-deep", 1),
        ("x = 1" + "+1" * 40_000, "program-too-deep", 1),
        ("x = a" + ".b" * 300, "python-bound", None),
        ("a = 1\n" * 40_000, "python-bound", None),
        ("x = 1\0", "python-syntax", 1),
    ],
)
def test_a_text_that_is_no_python_is_refused_with_its_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(PythonFault) as caught:
        Read(text)
    assert (caught.value.code, caught.value.span and caught.value.span.line) == (code, line)


def test_no_letter_of_a_program_misleads_its_reader() -> None:
    said = fault_of("def f():\n    raise ValueError('a\\x1b[31m\\u202e\\ud800b')").diagnostic().message
    assert said == "the program raises ValueError: a\ufffd[31m\ufffd\ufffdb"


@pytest.mark.parametrize(
    "code",
    ["python-syntax", "python-two", "program-too-deep", "python-bound", "python-error", "program-raises"],
)  # fmt: skip
def test_the_example_of_a_code_earns_it(code: str) -> None:
    try:
        read = Read(ENTRIES[code].example)
        codes = {fault.code for fault in read.evaluator.faults}
    except PythonFault as fault:
        codes = {fault.code}
    assert code in codes


# ---------------------------------------------------------------------- notebooks
CELLS = (
    (1, "%matplotlib inline\n!pip install lib\nimport lib\nwidth = 3"),
    (3, "%%bash\nls -l ("),
    (4, "if width:\n    !ls\n    depth = width * 2\nfiles = !ls\nlib?"),
    (5, "x = (7\n % 4)"),
    (6, "width = 9\n\ny = 1 / 0"),
)


def test_a_notebook_is_one_program_without_the_lines_for_the_shell() -> None:
    program = Program("net.ipynb")
    notebook = program.notebook("net.ipynb", CELLS)
    evaluator = Evaluator(program, PACKAGES)
    names = evaluator.run(notebook).names
    assert (names["depth"], names["x"], names["width"]) == (6, 3, 9)
    fault = evaluator.faults[-1]
    assert program.source().place(fault.span.line if fault.span else 0).head == "net.ipynb cell 6:3"


def test_a_notebook_is_read_as_far_as_a_cell() -> None:
    program = Program("net.ipynb")
    notebook = program.notebook("net.ipynb", CELLS)
    assert Evaluator(program, PACKAGES).run(notebook, last_cell=4).names["width"] == 3


def test_all_that_is_read_is_one_text_with_its_parts() -> None:
    read = Read("x = 1\ny = 2")
    read.value("x + y")
    assert read.source.text == "x = 1\ny = 2\nx + y"
    assert read.source.parts == (Part(1, "net.py", 0), Part(3, "the entry", 0))


def test_an_entry_that_is_no_expression_is_refused() -> None:
    for entry in ("x = 1", "import os", "1; 2", ""):
        with pytest.raises(PythonFault) as caught:
            Read("x = 1").value(entry)
        assert caught.value.code == "python-syntax"


def test_the_places_of_a_recursion_are_named_once() -> None:
    fault = fault_of("def g():\n    return g()\ndef f():\n    return g()")
    assert [place.line for place in fault.diagnostic().trail] == [2, 4, 5]
