"""No program, whatever its author meant by it, takes long, takes much memory, reaches out, or leaves as another error.

Steps are what is bounded: all 700,000 of them take less than a second of one core, and twice that on a busy machine.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cnncalc.python.program_error import PythonFault
from cnncalc.python.program_limits import MOST_STEPS
from tests.time_limits import allowed

from ..hostile_files.campaign import memory_now, memory_peak
from .toy_library import Read

MB = 1_000_000
MOST_SECONDS = 3
"""Of the processor; half of it is for what else runs on the machine."""
DEEP = "\nfor i in range(60): a = "
PROGRAMS = {
    "an endless loop": "while True:\n    pass\n",
    "six endless loops": "while True: pass\n" * 6,
    "an endless function": "def f():\n    while True:\n        x = 1\nf()\n",
    "an endless generator": "def g():\n    while True:\n        yield 1\nfor x in g(): pass\n",
    "a walrus that is always true": "while (x := 1): pass\n",
    "powers": "x = 9**9**9\ny = 9.0**9**9\nz = 2**-9**9\nw = pow(9, 9**9)\nv = (-8) ** 0.5\n",
    "shifts": "x = 1 << 9**9\ny = 1 >> -1\n",
    "growing numbers": "x = 10**17\nfor i in range(1000): x = x * x\n",
    "long lists": "x = [0] * 10**9\ny = 10**9 * 'a'\nz = (0,) * 10**17\n",
    "doubled lists": "x = [1]\nfor i in range(100): x = x + x\ny = 'ab'\nfor i in range(100): y += y\n",
    "a list added to itself": "x = [1]\nfor i in range(100): x += x\nfor i in range(100): x.extend(x)\n",
    "lists compared for ever": f"a = []{DEEP}[a, a]\nb = []\nfor i in range(60): b = [b, b]\nc = a == b\nd = a < b\n",
    "a tuple as a key for ever": f"a = (){DEEP}(a, a)\nd = {{a: 1}}\ne = {{a}}\n",
    "a list printed for ever": f"a = []{DEEP}[a, a]\ns = str(a)\nt = f'{{a}}'\nu = '%s' % a\nv = repr(a)\nw = '{{}}'.format(a)\n",
    "a list copied for ever": f"import copy\na = []{DEEP}[a, a]\nb = copy.deepcopy(a)\n",
    "a tuple 30,000 deep": "a = ()\nfor i in range(30000): a = (a,)\nd = {a: 1}\nb = a == (a,)\n",
    "a list in itself": "import copy\na = []\na.append(a)\nb = a == a\nc = str(a)\nd = [a] == [[a]]\ne = copy.deepcopy(a)\nf = sorted(a)\n",
    "2^60 ways to a base": "class A0: pass\n"
    + "".join(f"class B{i}(A{i - 1}): pass\nclass C{i}(A{i - 1}): pass\nclass A{i}(B{i}, C{i}): pass\n" for i in range(1, 61))
    + "x = A60().foo\n",
    "3,000 classes above": "class A0: pass\n" + "".join(f"class A{i}(A{i - 1}): pass\n" for i in range(1, 3000)) + "A2999()\n",
    "bases without an order": "class A: pass\nclass B(A): pass\nclass C(A, B): pass\nC()\n",
    "a class of itself": "class A(A): pass\nclass B(B.c): pass\nA()\n",
    "wide formats": "x = '{:999999999}'.format(1)\ny = f'{1:999999999}'\nz = '%999999999d' % 1\nw = '%*d' % (999999999, 1)\n"
    "v = '{:{}}'.format(1, 99999999)\nu = '%.999999999f' % 1.0\nt = format(1, '99999999')\ns = f'{1:{\"9\" * 9}}'\n",
    "many formats": "x = '{:999}' * 100\nfor i in range(90000): y = x.format(*range(100))\n",
    "long formats": "x = '{0}' * 30000\ny = 'a' * 90000\nz = x.format(y)\nw = '%s' * 20000 % ((y,) * 20000)\n",
    "replacing": "x = 'a' * 90000\ny = x.replace('a', 'b' * 90000)\nz = x.replace('', 'b' * 90000)\nfor i in range(9000): x.replace('a', 'b')\n",
    "joining": "x = ['a' * 90000] * 90000\ny = ''.join(x)\nz = ('b' * 90000).join(['a'] * 90000)\n",
    "zipping": "x = range(100000)\ny = list(zip(*[x] * 1000))\nfor i in range(100): list(zip(x, x, x))\n",
    "ranges": "x = list(range(10**15))\ny = sum(range(10**9))\nz = len(range(10**17))\nfor i in range(10**17): pass\n[*range(10**9)]\n",
    "unpacking": "a, *b = range(10**9)\nf(*range(10**9))\n*a, = range(100000)\ndef f(*a): return f(*a, *a)\nf(1)\n",
    "arguments by name": "def f(**k): return f(**k, **{'a' + str(len(k)): 1})\nf()\n",
    "sorting with itself": "def k(x): return sorted([1, 2], key=k)\ny = sorted([3, 1], key=k)\n",
    "sorting long lists": "x = [[0] * 1000] * 1000\nfor i in range(100): y = sorted(x)\n",
    "searching": "x = list(range(9999))\nwhile x: x.remove(x[-1])\nfor i in range(90000): 0.5 in x\n",
    "calling for ever": "def f(n): return f(n + 1)\nf(0)\ng = lambda g: g(g)\ng(g)\n",
    "calling as Fibonacci": "def f(n): return 1 if n < 2 else f(n - 1) + f(n - 2)\nx = f(60)\n" * 5,
    "properties of themselves": "class A:\n    @property\n    def x(self): return self.x\n    def __len__(self): return len(self)\n"
    "    def __iter__(self): return self\n    def __getitem__(self, k): return self[k]\n    def __str__(self): return str(self)\n"
    "    def __call__(self): return self()\n    def __bool__(self): return bool(self)\n    def __eq__(self, o): return self == o\n"
    "A().x\nlen(A())\nlist(A())\nA()[0]\nstr(A())\nA()()\nbool(A())\nA() == A()\nA() in [A()]\nsorted([A(), A()])\nf'{A()}'\n",
    "deep statements": "def f(n):\n    if n:\n        for i in [1]:\n            while True:\n                with n:\n                    try:\n"
    "                        return [f(n - 1) for x in [(1, (2, (3, f(n - 1))))]]\n                    finally:\n                        pass\nf(99)\n",
    "deep objects": "import copy\nclass A:\n    def __init__(s, x): s.x = x\n    def __len__(s): return len(s.x)\na = []\n"
    "for i in range(5000): a = A(a)\nlen(a)\ncopy.deepcopy(a)\n",
    "deep partials": "from functools import partial\nh = len\nfor i in range(20000): h = partial(h, 1)\nh()\nh.foo\n",
    "dictionaries": "d = {}\nfor i in range(90000): d[i] = {i: {i: i}}\ne = [d.copy() for i in range(99)]\nf = [{**d} for i in range(99)]\n",
    "sets": "".join(f"x{n} = [{{i}} for i in range(90000)]\n" for n in range(6)),
    "objects": "class A:\n    def __init__(self): self.x = []\n" + "".join(f"x{n} = [A() for i in range(90000)]\n" for n in range(6)),
    "functions": "".join(f"x{n} = [lambda: i for i in range(90000)]\n" for n in range(6)),
    "numbers": "".join(f"x{n} = list(range(90000))\ny{n} = list(enumerate(x{n}))\n" for n in range(6)),
    "products": "import itertools as t\nt.product(range(1000), repeat=5)\nt.combinations(range(60), 30)\nt.product([], repeat=10**9)\n"
    "for q in t.count(): pass\nt.repeat(1)\nt.repeat(1, 10**12)\nt.permutations(range(20))\nt.accumulate([[1]] * 9999)\n",
    "comprehensions": "x = [a for a in range(1000) for b in range(1000) for c in range(1000)]\n",
    "mathematics": "import math\nmath.factorial(10**9)\nmath.comb(10**9, 10**8)\nmath.pow(10, 400)\nmath.exp(1e9)\nround(1.5, 10**9)\n"
    "round(15, -10**17)\npow(3, 10**17, 7)\n",
    "arrays": "import numpy as np\nnp.linspace(0, 1, 10**9)\nnp.arange(10**9)\nnp.prod([10**17] * 1000)\nnp.zeros((10**9, 10**9))\nnp.ones(3) * 10**17\n",
    "numbers as texts": "int('9' * 5000)\nint('9' * 90000)\nfloat('1' * 90000)\n'a'.ljust(10**9)\n'a'.zfill(10**12)\n",
    "endless errors": "def f(n):\n    try:\n        raise ValueError('a' * 1000)\n    except ValueError as e:\n        raise KeyError(str(e) * 50)\n"
    "while 1:\n    try:\n        f(1)\n    except KeyError:\n        pass\n",
    "errors in errors": "def f():\n    try:\n        f()\n    finally:\n        f()\nf()\n",
    "statements left out": "for i in range(90000):\n    x = [undefined for a in b]\n    y.append(q)\n    z[3] = 4 / 0\n",
    "left out with many names": "a = []\nb = [[[] for j in range(99)] for i in range(900)]\nfor i in range(90000):\n    a.append(1 / 0)\n",
    "nonsense": "break\n", "more nonsense": "class A:\n    return 3\nraise 3\nraise\ndel x, x.y\nyield 3\n",
    "exits": "raise SystemExit\nraise KeyboardInterrupt\nraise GeneratorExit\nexit()\nquit()\nimport sys\nsys.exit(1)\nraise MemoryError\n",
    "ends of iterators": "next(iter([]))\nfor x in [1]: raise StopIteration\n[next(iter([])) for x in [1]]\n",
    "metaclasses": "class M(type):\n    def __call__(c): return c()\nclass A(metaclass=M): pass\nA()\nB = type('B', (), {})\nB()\n",
    "letters": "x = '\\ud800'\nprint(x)\nraise ValueError(x)\n", "long names": "x = os\nfor i in range(90000): x = x.foo\nimport torch as y\n",
    "a parser of options": "import argparse\np = argparse.ArgumentParser()\np.add_argument('--x', default='9' * 90000, type=int)\n"
    "a = p.parse_args()\na.y\np.add_argument(*range(9999))\n",
}  # fmt: skip


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_a_hostile_program_ends_soon_and_small(text: str) -> None:
    before, start = memory_now(), time.process_time()
    try:
        steps = Read(text).evaluator.bounds.steps
    except PythonFault as fault:
        assert fault.code in ("python-bound", "program-too-deep", "python-syntax")
        assert fault.span is not None
        steps = 0
    assert steps <= MOST_STEPS + 1
    assert time.process_time() - start < allowed(MOST_SECONDS)
    assert memory_peak() - before < 150 * MB


LONG_TEXTS = {
    "brackets": "x = " + "[" * 2_499_000 + "]" * 2_499_000,
    "lists": "x = [" + "[]," * 1_600_000 + "]",
    "signs": "x = " + "-" * 4_900_000 + "1",
    "sums": "x = 1" + "+1" * 2_400_000,
    "dots": "import a" + ".a" * 2_400_000,
    "calls": "x = f" + "()" * 40_000,
    "conditions": "if 0: pass\n" + "elif 0: pass\n" * 20_000,
    "statements": "a=1\n" * 1_200_000,
    "one line": "f('ä',b=2);" * 9_000,
    "quotes": '\\"' * 2_400_000,
    "open quotes": "'''" + "\\'" * 2_400_000,
    "one long text": "a = '" + "x" * 4_900_000 + "'",
    "one long remark": "#" + "x" * 4_900_000 + "\na = 1",
    "one long number": "a = " + "9" * 4_900_000,
    "spaces": "a = (" + " " * 4_900_000 + ")",
    "more than 5 MB": "#" * 5_000_001,
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS)
def test_a_text_of_5_mb_is_read_or_refused_soon_and_small(text: str) -> None:
    before, start = memory_now(), time.process_time()
    try:
        Read(text)
    except PythonFault as fault:
        assert fault.code in ("python-bound", "program-too-deep", "python-syntax")
    assert time.process_time() - start < allowed(MOST_SECONDS)
    assert memory_peak() - before < 150 * MB


REACHING_OUT = """
import os, sys, subprocess, shutil, pickle, socket, importlib, builtins
os.system('touch {0}')
subprocess.run(['touch', '{0}'])
open('{0}', 'w').write('x')
exec("open('{0}', 'w')")
eval("open('{0}', 'w')")
compile("open('{0}', 'w')", 'x', 'exec')
__import__('os').system('touch {0}')
importlib.import_module('os').system('touch {0}')
builtins.open('{0}', 'w')
getattr(os, 'sys' + 'tem')('touch {0}')
getattr(print, '__self__').open('{0}', 'w')
(lambda: 0).__globals__['__builtins__']['open']('{0}', 'w')
().__class__.__bases__[0].__subclasses__()
''.__class__.__mro__
'{{0.__class__.__init__.__globals__}}'.format(3)
f = type('x', (), {{}})
class A:
    def __reduce__(self): return os.system, ('touch {0}',)
    def __del__(self): open('{0}', 'w')
A()
@os.system
def g(): pass
print(open('{0}', 'w'))
"""


def test_nothing_is_run(tmp_path: Path) -> None:
    target = tmp_path / "written"
    read = Read(REACHING_OUT.format(target))
    assert not target.exists()
    assert read.evaluator.bounds.steps > 100


@pytest.mark.parametrize("expression", ["().__class__", "''.__class__.__mro__", "print.__self__", "(lambda: 0).__globals__",
                                        "A().f.__func__.__code__", "A.__subclasses__", "len.__call__", "[].__init__", "os.__dict__"])  # fmt: skip
def test_names_with_two_underscores_lead_nowhere(expression: str) -> None:
    value = Read("import os\nclass A:\n    def f(self): pass").value(expression)
    assert "not read here" in value.reason


def test_an_entry_is_bounded_too() -> None:
    read = Read("def f():\n    while True: pass")
    for _ in range(3):
        with pytest.raises(PythonFault) as caught:
            read.value("f()")
        assert caught.value.code == "python-bound"
