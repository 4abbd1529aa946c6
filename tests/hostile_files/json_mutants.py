"""Nets as JSON of both versions with members replaced, doubled or nested without end, and with characters damaged."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from cnncalc.diagnostics import Source
from cnncalc.dialects import json_model
from cnncalc.graph.formatting import formatted
from cnncalc.spec.parsing import parse

from ..dialects.test_flat_json import PIECES as OF_VERSION_1
from ..dialects.test_hostile_json import PIECES as OF_VERSION_2
from .chance import Chance

FLAT = Path(__file__).parents[1] / "dialects" / "flat_json"
TEXTS = (
    (
        "input 8x8x3\nc: conv 4 3x3 same bn relu => 8x8x4 params 112\nsplit\nbranch\nbranch\n  conv 4 1x1\njoin add\n"
        "repeat 2\n  conv 8 3x3 stride=1\nend\nmaxpool 2\ndense 10 softmax\noutput c\ntotal => params ?\n"
    ),
    (
        'title "a net"\nlet n = 4\nblock b w\n  conv $w 3x3\nend\ninput 9x9x1\nx: b $n times 2\nif $in > 3\n  gap\n'
        'else\n  flatten\nend\nanswer 1a "rf?" x.rf = 5\n'
    ),
    "data d = [1 2; 3 4]\nfilter f = 1/9 * [1 2; 3 4]\ninput from d\nconv filter=f full => values [1]\n# end\n\nrelu\n",
)
VALUES: tuple[Any, ...] = (
    *(
        0,
        1,
        -1,
        2,
        3,
        7,
        10**6,
        10**9,
        10**18,
        10**19,
        1.5,
        1e300,
        -0.0,
        True,
        False,
        None,
        "",
        " ",
        "0",
        "3x3",
        "$n",
        "$",
    ),
    *(
        "conv",
        "input",
        "relu",
        "end",
        "=> 3",
        "#",
        "a b",
        "x" * 5000,
        "\ud800",
        "\udfff\ud800",
        "\u202e",
        "\0",
        "\x1b[31m",
        "ä",
    ),
    *(
        [],
        {},
        [[]],
        [None],
        {"a": 1},
        {"call": "relu"},
        {"planes": [[[1]]]},
        ["3x3"],
        [1, 2, 3],
        "1/0",
        "1/3",
        "~4",
        "9" * 50,
    ),
    *("2**64", "10**10**10", "$in/0", "999999999", "1e309", "\n", "a\nb", "\u2028", "\ufeff", "\u0661", "½", "[1 2"),
)
PIECES = (*OF_VERSION_1, *OF_VERSION_2, "\\ud800", "NaN", "Infinity", "-", "1.", "\0")
"""Characters put between others."""


def statements(chance: Chance) -> bytes:
    """JSON of version 2."""
    return _mutant(chance, _statements()[chance.randrange(len(TEXTS))])


def flat(chance: Chance) -> bytes:
    """JSON of version 1."""
    return _mutant(chance, chance.choice(_flat()))


@functools.cache
def _statements() -> tuple[str, ...]:
    return tuple(json_model.written(Source("", formatted(parse(Source("", text))[0]))) for text in TEXTS)


@functools.cache
def _flat() -> tuple[str, ...]:
    whole = json.loads((FLAT / "words.json").read_text(encoding="utf-8"))
    some = {**whole, "lines": whole["lines"][:12], "calls": [], "outputs": []}
    names = {operation["name"] for line in some["lines"] for operation in line["operations"]}
    some["lines"] = [
        line
        for line in some["lines"]
        if {name for one in line["operations"] for name in one.get("inputs", [])} <= names
    ]
    return json.dumps(some), (FLAT / "homework.json").read_text(encoding="utf-8")


def _mutant(chance: Chance, text: str) -> bytes:
    if chance.some(0.7):
        tree = json.loads(text)
        for _ in range(chance.randint(1, 3)):
            _change(chance, tree)
        text = json.dumps(tree, ensure_ascii=chance.some(0.8))
    if chance.some(0.4):
        for _ in range(chance.randint(1, 3)):
            start = chance.randint(0, len(text))
            text = text[:start] + chance.choice(PIECES) + text[min(len(text), start + chance.one(0, 1, 1, 2, 8)) :]
    if chance.some(0.02):
        text = _endless(chance, text)
    return text.encode("utf-8", "surrogatepass")


def _change(chance: Chance, tree: Any) -> None:
    """One member or item somewhere in the tree replaced, left out, doubled, renamed or nested in itself."""
    places = [
        (holder, key)
        for holder in _holders(tree)
        for key in (holder if isinstance(holder, dict) else range(len(holder)))
    ]
    if not places:
        return
    holder, key = chance.choice(places)
    other_holder, other = chance.choice(places)
    kind = chance.randrange(7)
    if kind <= 1:
        holder[key] = chance.choice(VALUES)
    elif kind == 2:
        del holder[key]
    elif kind == 3:
        holder[key] = json.loads(json.dumps(other_holder[other]))
    elif kind == 4 and isinstance(holder, dict):
        holder[chance.one("call", "from", "lines", "if", "weights", "x", "", "\ud800", "size", "order")] = holder.pop(
            key
        )
    elif kind == 5 and isinstance(holder, list):
        holder.insert(key, json.loads(json.dumps(holder[chance.randrange(len(holder))])))
    else:
        holder[key] = [holder[key]] * chance.one(1, 2, 300)


def _holders(tree: Any) -> list[Any]:
    """Every object and list of a tree."""
    inside = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    found = [tree] if isinstance(tree, (dict, list)) else []
    for one in inside:
        found += _holders(one)
    return found


def _endless(chance: Chance, text: str) -> str:
    """Numbers of 100,000 digits, texts without end, lists within lists."""
    return chance.made(
        lambda: text.replace("3x3", "9" * 100_000, 1),
        lambda: text.replace(" 1", " " + "9" * 100_000, 1),
        lambda: text.replace("4", "0." + "3" * 100_000, 1),
        lambda: text.replace('"lines": [', '"lines": [' + "[" * 50_000, 1),
        lambda: text.replace('"lines": [', '"lines": [' + '{"repeat": 2, "lines": [' * 500, 1),
        lambda: text.replace('"lines": [', '"lines": [' + '{"blank_lines": 1000},' * 1000, 1),
        lambda: text.replace('"arguments": [', '"arguments": [' + "1," * 30_000, 1),
        lambda: text.replace("conv", "c" * 100_000, 1),
    )
