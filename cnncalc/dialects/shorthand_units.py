"""What one unit of a shorthand means: `32C5` filters and kernel, `MP2` a pool, `512FC` a dense layer.

A unit is known by its letters and numbers alone; what stands around it, and what none of them says, is for
`cnncalc.dialects.shorthand`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.diagnostics.nearest import nearest
from cnncalc.layers.registry import POST_WORDS, WORDS

LONGEST_UNIT = 60
"""Characters; a longer one is no unit."""


class Meaning(NamedTuple):
    """What a unit says: its kind, how many filters or units of output, sizes of a kernel, window, map or input.

    `word` is a layer's word where the letters say it: maxpool, avgpool, relu; `same` and its like are in `padding`.
    """

    kind: str
    filters: int = 0
    sizes: tuple[int, ...] = ()
    stride: int = 0
    padding: str = ""
    word: str = ""
    rate: float = 0.0
    copies: int = 1


_SIZE = r"\d{1,9}(?: ?x ?\d{1,9}){0,3}"
_TAIL = r"(?P<tail>(?: ?(?:s|/|stride ?=? ?)\d{1,9}| ?pad(?:ding)? ?=? ?\d{1,9}| ?same| ?valid)*)"
_CONV = r"(?:n?c|conv|convolution|conv ?2d)"
_MAX = r"(?:mp|p|m|max|max ?pool(?:ing)?|pool(?:ing)?|max-pool(?:ing)?)"
_AVG = r"(?:ap|sp|s|avg ?p|avg ?pool(?:ing)?|average ?pool(?:ing)?|mean ?pool(?:ing)?|avg|subs?(?:ampl(?:e|ing))?)"
_DENSE = r"(?:fc|f|n|fully ?connected|dense|linear|neurons|units|hidden|hidden units)"
_LAST = r"(?:output|out|softmax|sm|svm|classes|way)"

_FORMS = tuple(
    (kind, re.compile(form))
    for kind, form in (
        ("input", rf"(?:inp|input|in|image) ?(?P<sizes>{_SIZE})?"),
        ("sizes", rf"(?P<sizes>{_SIZE})"),
        ("conv", rf"(?P<count>\d{{1,9}}) ?@? ?{_CONV} ?(?P<sizes>{_SIZE}){_TAIL}"),
        (
            "conv",
            rf"{_CONV} ?(?P<count>\d{{1,9}}) ?(?:[,@]| ) ?(?P<sizes>{_SIZE})(?:,? ?(?:s|stride) ?=?(?P<step>\d+))?",
        ),
        ("conv", rf"{_CONV} ?(?P<sizes>\d{{1,9}} ?x ?\d{{1,9}}) ?(?:[,@]| ) ?(?P<count>\d{{1,9}}){_TAIL}"),
        ("map", r"(?:[cs]\d{0,3} ?:? ?)?(?P<count>\d{1,9}) ?@ ?(?P<sizes>\d{1,9} ?x ?\d{1,9})"),
        ("bare conv", rf"{_CONV} ?(?P<sizes>{_SIZE})?{_TAIL}"),
        ("global", r"(?P<word>gap|gmp|global ?(?:avg|average|max) ?pool(?:ing)?)"),
        ("max", rf"{_MAX} ?(?P<sizes>{_SIZE})?{_TAIL}"),
        ("avg", rf"{_AVG} ?(?P<sizes>{_SIZE})?{_TAIL}"),
        ("max", rf"(?P<sizes>{_SIZE}) ?(?:mp|p|max ?pool){_TAIL}"),
        ("avg", rf"(?P<sizes>{_SIZE}) ?(?:ap|s|avg ?pool){_TAIL}"),
        ("dense", rf"(?P<count>\d{{1,9}}) ?{_DENSE}"),
        ("dense", r"(?:fc|dense|linear|full|hidden) ?(?P<count>\d{1,9})"),
        ("last", rf"(?P<count>\d{{1,9}}) ?-?(?:way )?(?P<word>{_LAST})|(?P<word2>{_LAST}) ?(?P<count2>\d{{1,9}})"),
        ("dropout", r"(?:d|do|drop(?:out)?) ?(?P<rate>0?\.\d{1,6}|\d{1,2} ?%)"),
        ("bare dropout", r"drop(?:out)?"),
        ("bare dense", r"fc|dense|f|linear|fully ?connected"),
        ("output", r"out(?:put)?"),
    )
)

_LETTERS = ("C", "P", "MP", "AP", "FC", "N", "S", "conv", "pool", "maxpool", "avgpool", "dense", "dropout", "softmax")
EXAMPLES = "`32C5` is a convolution, `MP2` or `P2` a pool, `512FC` or `512N` a dense layer, `10` the last one"


def meaning(text: str) -> Meaning | None:
    """What the unit says, or None where it says nothing that is known.

    >>> meaning("32C5"), meaning("MP3S2").stride, meaning("2x64C3").copies
    (Meaning(kind='conv', filters=32, sizes=(5,), stride=0, padding='', word='', rate=0.0, copies=1), 2, 2)
    """
    plain = _plain(text)
    if len(plain) > LONGEST_UNIT:
        return None
    repeated = re.fullmatch(r"(\d{1,4}) ?[x*] ?(\d+ ?(?:@|[a-z]).*)", plain)
    if repeated and not re.fullmatch(_SIZE, plain):
        once = meaning(repeated[2])
        return once._replace(copies=int(repeated[1])) if once and once.copies == 1 else None
    word = WORDS.get(plain.replace(" ", ""))
    if word in POST_WORDS or word in ("flatten", "lrn", "gap", "gmp"):
        return Meaning("word", word=word)
    found = next(((kind, match) for kind, form in _FORMS if (match := form.fullmatch(plain))), None)
    return _said(*found) if found else None


def _plain(text: str) -> str:
    """The unit in small letters, `×` as x, brackets of a call as spaces, single spaces."""
    plain = text.lower().replace("×", "x").replace("\N{MULTIPLICATION X}", "x")
    plain = re.sub(r"[()]", " ", plain).replace("kernel_size=", "").replace("filters=", "")
    return re.sub(r" ?, ?", ",", " ".join(plain.split()))


def _said(kind: str, match: re.Match[str]) -> Meaning:
    given = {name: text for name, text in match.groupdict().items() if text}
    sizes = tuple(int(one) for one in given.get("sizes", "").replace(" ", "").split("x") if one)
    tail = given.get("tail", "")
    step = re.search(r"(?:s|/|stride ?=? ?)(\d+)", tail)
    pad = re.search(r"pad(?:ding)? ?=? ?(\d+)|same|valid", tail)
    stride = int(step[1]) if step else int(given.get("step", 0))
    word = given.get("word", given.get("word2", ""))
    if kind == "global":
        word = "gmp" if "max" in word or word == "gmp" else "gap"
    return Meaning(
        kind,
        int(given.get("count", given.get("count2", 0))),
        sizes,
        stride,
        (pad[1] or pad[0]) if pad else "",
        word,
        _rate(given.get("rate", "")),
    )


def _rate(text: str) -> float:
    return float(text.rstrip(" %")) / 100 if text.endswith("%") else float(text or 0)


def nearest_unit(text: str) -> str | None:
    """The unit that was most likely meant: the same numbers with letters that mean something.

    >>> nearest_unit("32CC5"), nearest_unit("MPP2"), nearest_unit("512FCC"), nearest_unit("64-")
    ('32C5', 'MP2', '512FC', None)
    """
    if len(text) > LONGEST_UNIT or not re.search("[A-Za-z]", text):
        return None
    others = (re.sub("[A-Za-z ]*[A-Za-z]", letters, text, count=1) for letters in _LETTERS)
    known = [one for one in dict.fromkeys(others) if meaning(one) is not None]
    return nearest(text, known)
