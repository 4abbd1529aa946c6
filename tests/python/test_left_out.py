"""A statement that cannot be read leaves nothing behind that looks whole."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Span
from cnncalc.python.objects import Instance
from cnncalc.python.values import Unknown

from .toy_library import Read, fault_of

LOST = [
    ("names on the left", "x = [1]\nx, y = 1 / 0, 2", "x"),
    ("names of a loop that is not entered", "import os\nfor x in os.listdir('.'):\n    y = 1", "y"),
    ("both branches", "import os\nif os.environ:\n    x = 1\nelse:\n    y = 1", "y"),
    ("a list that is added to", "import os\nx = []\nfor i in os.listdir('.'):\n    x.append(i)", "x"),
    ("a list that is half added to", "x = []\nfor i in range(3):\n    x.append(4 / (2 - i))", "x"),
    ("another name of that list", "import os\nx = y = []\nfor i in os.listdir('.'):\n    x.append(i)", "y"),
    ("what holds that list", "import os\nx = []\ny = {'all': [x]}\nfor i in os.listdir('.'):\n    x += [i]", "y"),
    ("a part that is set", "import lib, os\nm = lib.Part(1)\nif os.environ:\n    m.head = lib.Part(2)", "m"),
    ("a part by its key", "import os\nx = {}\nif os.environ:\n    x['a'] = 1", "x"),
    ("a part that is deleted", "import os\nx = [1]\nif os.environ:\n    del x[0]", "x"),
    ("setattr", "import lib, os\nm = lib.Part(1)\nfor n in os.listdir('.'):\n    setattr(m, n, lib.Part(2))", "m"),
    (
        "a function that fails after it changed what it was given",
        "def grow(l):\n    l.append(1)\n    return 1 / 0\nx = []\ngrow(x)",
        "x",
    ),
    (
        "a function that is not reached and would change what it is given",
        (
            "import os\ndef grow(l, n):\n    for one in (l, n):\n        one.append(1)\nx = []\n"
            "for i in os.listdir('.'):\n    grow(x, n=[])"
        ),
        "x",
    ),
    (
        "a function that calls such a function",
        (
            "import os\ndef add(l):\n    l.append(1)\ndef grow(a, b):\n    add(b)\nx, y = [], []\n"
            "if os.environ:\n    grow(y, x)"
        ),
        "x",
    ),
    (
        "an object whose method would change it",
        (
            "import os\nclass B:\n    def __init__(self): self.all = []\n    def put(self, v): self.all.append(v)\nx = B()\n"
            "for i in os.listdir('.'):\n    x.put(i)"
        ),
        "x",
    ),
    ("a class that cannot be read", "class A:\n    y = 1 / 0", "A"),
    ("an import of a file that is not there", "from missing import x", "x"),
    ("a statement of another Python", "match 3:\n    case x:\n        y = x", "x"),
    (
        "names of `with` and `except`",
        "import os\ntry:\n    os.x < [] and 3\n    {}[1]\nexcept os.Error as x:\n    y = 2",
        "y",
    ),
]


@pytest.mark.parametrize(("claim", "text", "name"), LOST, ids=[claim for claim, _, _ in LOST])
def test_what_may_have_changed_is_not_known(claim: str, text: str, name: str) -> None:
    read = Read(text)
    assert isinstance(read[name], Unknown), read[name]
    assert read.reason(name)


KEPT = [
    ("a name beside it", "x = 1\ny = 1 / 0", "x", 1),
    ("a list that is only looked at", "x = [1]\ny = x[7]", "x", [1]),
    (
        "a list that is given to a function that only counts",
        (
            "import os\ndef count(l):\n    total = {}\n    n = 0\n    for one in l:\n        n += one\n        total['n'] = n\n"
            "    return n\nx = [1]\nfor i in os.listdir('.'):\n    count(x)"
        ),
        "x",
        [1],
    ),
    ("the names of a comprehension", "x = 1\ny = [x for x in undefined]", "x", 1),
    ("the names inside a function", "import os\nx = 1\nif os.environ:\n    def f():\n        x = 2", "x", 1),
]


@pytest.mark.parametrize(("claim", "text", "name", "value"), KEPT, ids=[claim for claim, _, _, _ in KEPT])
def test_what_cannot_have_changed_is_kept(claim: str, text: str, name: str, value: object) -> None:
    read = Read(text)
    assert read[name] == value
    assert read.evaluator.faults or isinstance(read["y"], Unknown)


def test_a_model_stays_where_a_file_would_be_loaded() -> None:
    read = Read("import lib\nclass M(lib.Part): pass\nmodel = M()\nmodel = lib.load('best')")
    assert isinstance(read["model"], Instance)
    assert read.evaluator.skipped == [
        (Span(4, 9, 16), "`model` stays the model it was: `lib.load` is not read here"),
    ]


def test_a_model_that_python_would_refuse_takes_the_place_of_the_one_before() -> None:
    read = Read("import lib\ndef make(n):\n    return lib.Part(1 / n)\nmodel = make(2)\nmodel = make(0)")
    assert "division by zero" in read.reason("model")


def test_a_loop_of_the_file_is_left_out_once_for_each_reason() -> None:
    read = Read("for i in range(50):\n    for j in undefined:\n        pass")
    assert [message for _, message in read.evaluator.skipped] == [
        "what is looped over is not known: the name `undefined` is not defined",
    ]


def test_the_reason_is_the_first_one_however_far_it_went() -> None:
    read = Read("import os\na = len(os.listdir('.'))\nb = [0] * a\nfor i in range(a):\n    c = i\nd = c + 1")
    assert read.reason("d") == "`os.listdir` is not read here"


# ---------------------------------------------------------------------- unknown values
@pytest.mark.parametrize(
    "expression",
    ["u.a.b", "u[3]", "u(1)", "u + 1", "1 - u", "-u", "not u", "u < 3", "3 in u", "u is None", "u and 1", "u or 1",
     "1 if u else 2", "f'{u}'", "'%s' % u", "'{}'.format(u)", "max(1, u)", "len(u)", "int(u)", "isinstance(u, int)",
     "u == u", "[1, 2][u]", "{}.get(u)", "[1, 2][u:]", "u(undefined(1 / 0))", "str(u)", "getattr(u, 'a')", "[u] == [1]",
     "range(u)", "sum([1, u])", "round(u)", "next(u)"],
)  # fmt: skip
def test_what_is_not_known_spreads(expression: str) -> None:
    value = Read("import os\nu = os.environ").value(expression)
    assert isinstance(value, Unknown)
    assert value.reason == (
        "`os.environ.a.b` is not read here" if ".a.b" in expression else "`os.environ` is not read here"
    )


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("if u: pass", "this condition is not known: `os.environ` is not read here"),
        ("while u: pass", "this condition is not known: `os.environ` is not read here"),
        ("for x in u: pass", "what is looped over is not known: `os.environ` is not read here"),
        ("x = [*u]", "what is looped over is not known: `os.environ` is not read here"),
        ("x = dict(**u)", "what `**` unpacks is not known: `os.environ` is not read here"),
        ("x = {u: 1}", "a key is not known: `os.environ` is not read here"),
        ("x = [1]\n    x[u] = 2", "this part is not known: `os.environ` is not read here"),
        ("x = []\n    1 if u else x.append(2)", "this condition is not known: `os.environ` is not read here"),
        ("x = []\n    u and x.append(2)", "this condition is not known: `os.environ` is not read here"),
        ("x = sorted([u, 1])", "the order of these values is not known: `os.environ` is not read here"),
    ],
)
def test_it_stops_where_a_branch_a_loop_or_a_place_needs_it(statement: str, message: str) -> None:
    fault = fault_of(f"import os\ndef f():\n    u = os.environ\n    {statement}")
    assert (fault.code, fault.message) == ("unknown-value", message)
    assert fault.notes == ("line 3: `os.environ` is not read here",)


# ---------------------------------------------------------------------- calls whose result is dropped
def test_a_call_in_a_function_that_only_speaks_may_fail() -> None:
    read = Read(
        "def say(x):\n    words = {}\n    words['n'] = x / 0\ndef f():\n    say(1)\n    print(1 / 0)\n    return 5"
    )
    assert read.value("f()") == 5
    assert len(read.evaluator.skipped) == 2


@pytest.mark.parametrize(
    "call",
    ["grow(x)", "x.append(1 / 0)", "setattr(p, 'a', 1 / 0)", "p.put(1)", "lib.relu_(1 / 0)", "lib.relu(1 / 0, inplace=True)",
     "half(x)"],
)  # fmt: skip
def test_a_call_that_may_have_changed_something_may_not_fail(call: str) -> None:
    text = (
        "import lib\ndef grow(l):\n    if 1 / 0:\n        l.append(1)\ndef half(l):\n    l += [1]\n    1 / 0\n"
        "class P:\n    def put(self, v):\n        self.v = v / 0\n"
        f"def f():\n    x, p = [], P()\n    {call}\n    return x"
    )
    assert fault_of(text).code == "python-error"


def test_limits_and_own_errors_end_a_call_whose_result_is_dropped() -> None:
    assert fault_of("def g():\n    while True: pass\ndef f():\n    g()").code == "python-bound"
    assert fault_of("def g():\n    raise ValueError('no')\ndef f():\n    g()").code == "program-raises"
