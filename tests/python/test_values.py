"""What a program's names are when it has been worked out: the same as Python gives, which worked the literals out."""

from __future__ import annotations

from typing import Any

import pytest

from .toy_library import Read

CASES: list[tuple[str, str, Any]] = [
    # statements
    ("a, (b, *c), d = 1, (2, 3, 4), 5\nx = a, b, c, d", "x", (1, 2, [3, 4], 5)),
    ("*a, b = range(4)\nx = a, b", "x", ([0, 1, 2], 3)),
    ("x = y = []\nx.append(1)", "y", [1]),
    ("x = [1]\ny = x\nx += (2,)", "y", [1, 2]),
    ("x = [1]\ny = x\nx = x + [2]", "y", [1]),
    ("x = {'a': [1, 2]}\nx['a'][1] += 5", "x", {"a": [1, 7]}),
    ("x = list(range(6))\nx[1:3] = [9]\ndel x[0], x[-1]", "x", [9, 3, 4]),
    ("x = 0\nfor i in range(9):\n    if i == 2: continue\n    if i == 5: break\n    x += i\nelse:\n    x = -1", "x", 8),
    ("x = 0\nwhile x < 3:\n    x += 1\nelse:\n    x += 10", "x", 13),
    ("x = [j for i in range(3) if i for j in range(i)]", "x", [0, 0, 1]),
    ("x = {k: v for k, v in zip('ab', (1, 2))}", "x", {"a": 1, "b": 2}),
    ("y = 3\nx = [y for y in range(2)], y", "x", ([0, 1], 3)),
    ("x = [last := i for i in range(3)], last", "x", ([0, 1, 2], 2)),
    ("def f():\n    global x\n    x = 4\nf()", "x", 4),
    ("def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 2\n        return n\n    g()\n    return g()\nx = f()",
     "x", 4),
    ("def f():\n    try:\n        return 1\n    finally:\n        log.append(2)\nlog = []\nx = f(), log", "x", (1, [2])),
    ("try:\n    {}['a']\nexcept (ValueError, KeyError):\n    x = 'key'\nelse:\n    x = 'none'", "x", "key"),
    ("try:\n    [][3]\nexcept LookupError:\n    x = 1", "x", 1),
    ("class E(ValueError): pass\ntry:\n    raise E('no')\nexcept ValueError as e:\n    x = str(e.args[0])", "x", "no"),
    ("try:\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        raise\nexcept ArithmeticError:\n    x = 2", "x", 2),
    ("with lib_scope() as s:\n    x = 5", "x", 5),
    (("class W:\n    def __enter__(self): return 7\n    def __exit__(self, *a): log.append(1)\nlog = []\n"
     "with W() as w:\n    x = w\nx = x, log"), "x", (7, [1])),
    ("if __name__ == '__main__':\n    x = 1\nelse:\n    x = 2\nx = 3", "x", 3),
    ("x = 1\nif __name__ == '__main__':\n    x = 2", "x", 1),
    # functions
    ("def f(a, b=2, *c, d, e=5, **g): return a, b, c, d, e, g\nx = f(1, d=4, h=8)", "x", (1, 2, (), 4, 5, {"h": 8})),
    ("def f(a, b, *c): return a, b, c\nx = f(*[1, 2], *(3, 4))", "x", (1, 2, (3, 4))),
    ("def f(a, /, b, *, c): return a, b, c\nx = f(1, **{'b': 2, 'c': 3})", "x", (1, 2, 3)),
    ("def f(x, seen=[]):\n    seen.append(x)\n    return seen\nf(1)\nx = f(2)", "x", [1, 2]),
    ("x = [(lambda a, b=i: a + b)(10) for i in range(3)]", "x", [10, 11, 12]),
    ("def g(n):\n    for i in range(n):\n        yield i\n    yield from 'ab'\nx = list(g(2))", "x", [0, 1, "a", "b"]),
    ("def g():\n    yield 1\n    yield 2\ni = g()\nx = next(i), list(i), next(i, 'end')", "x", (1, [2], "end")),
    ("i = iter([1, 2, 3, 4])\nx = [(a, next(i)) for a in [next(i)]]", "x", [(1, 2)]),
    ("i = iter([1, 2, 3, 4])\nx = []\nfor a in i:\n    x.append((a, next(i)))", "x", [(1, 2), (3, 4)]),
    # expressions
    ("x = 7 // 2, -7 // 2, -7 % 3, 2 ** 10, 2 ** -1, 7 / 2, 1 << 4, 6 & 3, 6 | 1, 6 ^ 3, ~5", "x",
     (3, -4, 2, 1024, 0.5, 3.5, 16, 2, 7, 5, -6)),
    ("x = 1 < 2 < 3, 1 < 3 < 2, 2 in [1, 2], 'b' not in 'abc', None is None, [1] == [1], [1] is [1]", "x",
     (True, False, True, False, True, True, False)),
    ("x = 0 or [] or 'a', 1 and 0 and 2, not [], 'y' if () else 'n'", "x", ("a", 0, True, "n")),
    ("x = [1, 2, 3, 4][::-2], 'abc'[1], (1, 2)[-1], {'a': 1}['a'], range(10)[2:5][1]", "x", ([4, 2], "b", 2, 1, 3)),
    ("x = {**{'a': 1}, 'b': 2}, [*range(2), 5], (1, *'ab')", "x", ({"a": 1, "b": 2}, [0, 1, 5], (1, "a", "b"))),
    ("x = [1, 2] * 2, 'ab' * 2, (0,) + (1,), [3] + [4]", "x", ([1, 2, 1, 2], "abab", (0, 1), [3, 4])),
    # texts
    ("n = 3\nx = f'conv{n}', f'{n:03d}', f'{n!r:>3}', f'{2.5:.2f}', f'{n + 1}{\"a\"}'", "x",
     ("conv3", "003", "  3", "2.50", "4a")),
    ("x = 'a{}b{}'.format(1, 2), '{0}{0}'.format('q'), '{n:>{w}}'.format(n=1, w=3), '%s-%02d' % ('a', 5), '%(k)s' % {'k': 2}",
     "x", ("a1b2", "qq", "  1", "a-05", "2")),
    ("x = '-'.join(str(i) for i in range(3)), 'a,b'.split(','), ' A '.strip().lower(), 'abc'.replace('b', 'x')", "x",
     ("0-1-2", ["a", "b"], "a", "axc")),
    # built-in functions
    ("x = len('abc'), sum([1, 2]), min(3, 1), max([1, 5], key=lambda i: -i), abs(-2), round(2.567, 1), divmod(7, 3)", "x",
     (3, 3, 1, 1, 2, 2.6, (2, 1))),
    ("x = sorted([3, 1, 2], reverse=True), sorted('ba'), list(reversed([1, 2])), list(enumerate('a', 1))", "x",
     ([3, 2, 1], ["a", "b"], [2, 1], [(1, "a")])),
    ("x = list(map(lambda a, b: a * b, [1, 2], [3, 4])), list(filter(None, [0, 1])), any([0, 1]), all([])", "x",
     ([3, 8], [1], True, True)),
    ("x = int('12'), int(3.9), float('1.5'), str(1.5), bool([]), list('ab'), tuple([1]), dict(a=1), {1, 1}", "x",
     (12, 3, 1.5, "1.5", False, ["a", "b"], (1,), {"a": 1}, {1})),
    ("x = isinstance(1, int), isinstance(True, int), isinstance('a', (int, str)), isinstance([], dict), isinstance(1, int | str)",
     "x", (True, True, True, False, True)),
    ("class A: pass\nclass B(A): pass\nx = isinstance(B(), A), issubclass(B, A), type(B()) is B, type(1) == int, callable(A)",
     "x", (True, True, True, True, True)),
    ("class A: y = 1\nx = hasattr(A(), 'y'), hasattr(A(), 'z'), getattr(A, 'y'), getattr(A(), 'z', 5)", "x",
     (True, False, 1, 5)),
    ("class A: pass\na = A()\nfor i in range(2): setattr(a, f'p{i}', i)\nx = a.p1, a.__dict__", "x", (1, {"p0": 0, "p1": 1})),
    ("x = dict.fromkeys('ab', 0), str.upper('a'), list(zip(range(3), 'ab'))", "x",
     ({"a": 0, "b": 0}, "A", [(0, "a"), (1, "b")])),
    # lists, dictionaries, sets
    ("x = [3, 1]\nx.extend([2]); x.insert(0, 9); x.remove(1); x.sort(); x.reverse()\nx = x, x.index(3), x.count(2), x.pop()",
     "x", ([9, 3], 1, 1, 2)),
    ("d = {'a': 1}\nd.update(b=2); d.setdefault('c', 3)\nx = d.get('z', 0), d.pop('a'), list(d.items()), list(d)", "x",
     (0, 1, [("b", 2), ("c", 3)], ["b", "c"])),
    ("s = {1}\ns.add(2)\nx = s | {3}, s & {2}, s.union([5])", "x", ({1, 2, 3}, {2}, {1, 2, 5})),
    # Python's own modules
    ("import math\nx = math.ceil(2.1), math.floor(2.9), math.log2(8), math.prod([2, 3]), math.sqrt(9)", "x", (3, 2, 3.0, 6, 3.0)),
    ("from functools import partial, reduce\nx = partial(max, 3)(1), reduce(lambda a, b: a * b, [2, 3, 4])", "x", (3, 24)),
    (("from collections import OrderedDict, namedtuple, defaultdict, Counter\nP = namedtuple('P', 'a b')\np = P(1, b=2)\n"
     "d = defaultdict(list)\nd['k'].append(1)\n"
     "x = OrderedDict([('a', 1)]), p.a, p[1], list(p), d, Counter('aab')['a'], p._replace(a=5).a"), "x",
     ({"a": 1}, 1, 2, [1, 2], {"k": [1]}, 2, 5)),
    (("import itertools as it\nx = list(it.chain([1], [2])), list(it.product('ab', [1])), list(it.accumulate([1, 2, 3])), "
     "list(it.islice(range(9), 1, 3)), list(it.repeat(0, 2))"), "x", ([1, 2], [("a", 1), ("b", 1)], [1, 3, 6], [1, 2], [0, 0])),
    ("import copy\na = [[1], {'b': [2]}]\nb = copy.deepcopy(a)\nc = copy.copy(a)\na[0].append(5)\nx = b, c[0]", "x",
     ([[1], {"b": [2]}], [1, 5])),
    ("import numpy as np\nx = int(np.prod((1, 28, 28))), [float(v) for v in np.linspace(0, 1, 3) * 2], np.arange(4)[1:].tolist()",
     "x", (784, [0.0, 1.0, 2.0], [1, 2, 3])),
    (("import argparse\np = argparse.ArgumentParser()\np.add_argument('--img-size', '-i', type=int, default='28')\n"
     "p.add_argument('--cuda', action='store_true')\np.add_argument('--b1', default=0.5)\no = p.parse_args()\n"
     "x = o.img_size, o.cuda, o.b1"), "x", (28, False, 0.5)),
    ("from enum import Enum\nclass K(Enum):\n    A = 1\n    B = 2\nx = K.A.value, K(2).name, K.A == K.A, K.A is K.B, len(list(K))",
     "x", (1, "B", True, False, 2)),
    (("from dataclasses import dataclass, field\n@dataclass\nclass C:\n    a: int\n    b: int = 2\n"
     "    c: list = field(default_factory=list)\n    def __post_init__(self): self.s = self.a + self.b\nu = C(1)\n"
     "u.c.append(3)\nx = u.s, C(1, 5).b, C(a=4).c, u == C(1, c=[3])"), "x", (3, 5, [], True)),
    (("from typing import NamedTuple, List, Optional\nclass P(NamedTuple):\n    a: int\n    b: Optional[List[int]] = None\n"
     "p = P(3)\na, b = p\nx = a, b, p.a"), "x", (3, None, 3)),
    # classes
    (("class A:\n    n = 1\n    def __init__(self, k): self.k = k + self.n\nclass B(A):\n    n = 10\n    def __init__(self):\n"
     "        super().__init__(k=2)\nx = B().k"), "x", 12),
    (("class A:\n    def f(self): return 'A'\nclass B(A):\n    def f(self): return 'B' + super().f()\nclass C(A):\n"
     "    def f(self): return 'C' + super(C, self).f()\nclass D(B, C):\n    def f(self): return 'D' + super().f()\nx = D().f()"),
     "x", "DBCA"),
    (("class A:\n    @staticmethod\n    def s(a): return a\n    @classmethod\n    def make(cls): return cls()\n    @property\n"
     "    def p(self): return self._p\n    @p.setter\n    def p(self, v): self._p = v * 2\nclass B(A): pass\nb = B.make()\n"
     "b.p = 4\nx = A.s(1), b.s(2), type(b) is B, b.p"), "x", (1, 2, True, 8)),
    (("class V:\n    def __init__(s, v): s.v = v\n    def __add__(s, o): return V(s.v + o)\n    def __radd__(s, o): return V(o - s.v)\n"
     "    def __getitem__(s, i): return [s.v, s.v + 1][i]\n    def __len__(s): return 2\n    def __call__(s, k): return k * s.v\n"
     "    def __contains__(s, k): return k == s.v\n    def __lt__(s, o): return s.v < o.v\n    def __neg__(s): return -s.v\n"
     "    def __str__(s): return 'V'\n    def __bool__(s): return False\n"
     "v = V(2)\nx = (v + 1).v, (9 + v).v, v[1], len(v), v(4), 2 in v, v < V(3), V(3) > v, -v, str(v), bool(v), list(v)"), "x",
     (3, 7, 3, 2, 8, True, True, True, -2, "V", False, [2, 3])),
    ("class A:\n    def __iter__(self): return iter([1, 2])\nx = [*A()], sum(A()), 2 in A()", "x", ([1, 2], 3, True)),
    ("class A:\n    xs = [i * 2 for i in range(3)]\n    class Inner:\n        y = 5\nx = A.xs, A.Inner.y, A.__name__", "x",
     ([0, 2, 4], 5, "A")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "expected"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_a_name_has_the_value_that_python_gives(text: str, name: str, expected: Any) -> None:
    read = Read(text)
    assert [fault.message for fault in read.evaluator.faults] == []
    assert read[name] == expected


@pytest.mark.parametrize(("text", "name", "expected"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_python_gives_that_value_too(text: str, name: str, expected: Any) -> None:
    """So that no literal above is only what we believe of Python."""
    pytest.importorskip("numpy")
    import contextlib
    import sys
    from unittest import mock

    names: dict[str, Any] = {"__name__": "builtins", "lib_scope": contextlib.nullcontext}
    with mock.patch.object(sys, "argv", ["net.py"]):
        exec(text, names)
    assert names[name] == expected
