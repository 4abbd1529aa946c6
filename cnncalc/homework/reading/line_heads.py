"""The beginning of a line: which place of the key it names, and where its answers start.

`conv1: conv 8 3x3 => 26x26x8`, `conv1 = 26x26x8`, `conv1 26x26x8`, `conv1.params = 80`, `params of conv1: 80`,
`2a) 12`, `(2a) 12`, `Question 2a: 12`, `Aufgabe 2a: 12`, `answer 2a "..." conv1.rf = 12`, `total: 82474`.  Only what
the key knows as a label, a number or a line's text ends it, so that no option (`stride=2`) is taken for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.homework.questions import KeySheet, canonical_word
from cnncalc.homework.reading.named_sides import NAMED_SIDE
from cnncalc.homework.reading.quantity_words import NAME, begins_with_name, is_name
from cnncalc.homework.reading.spelled_answers import ARROW
from cnncalc.homework.reading.subquestions import ASKING
from cnncalc.layers.registry import WORDS

_LISTED = re.compile(r"\s*(?:[-*+•‣▪>]+\s+)*(?:\d{1,3}[.)]\s+(?=[^\W\d]))?")
_LAYER = re.compile(
    r"(?:(?:the|in|for|at|on|of|after|layer|line|schicht|lage|capa|couche|strato|camada|laag|zeile|nach|für)\s+)+"
    r"(?=\w)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[(\[]?([^\s:=()\[\]=>→⇒,;]+)")
_SECOND = re.compile(r"\s+([^\W\d_]{1,2}|[0-9]{1,3})(?![\w.,x×*])")
_SIGN = re.compile(
    r"\s*[)\].]*\s*(?:={1,3}>|[-–—]{1,3}>|[→⇒:=]|[-–—|](?=\s)|[;,]|(?:is|are|ist|has|gives)\b)?\s*", re.IGNORECASE
)
_NAMED_VALUE = re.compile(rf"{NAME}(?::| |\s=\s)\s*(?:is\s|of\s)?[~≈]?[(\[]?[0-9]", re.IGNORECASE)
LONGEST_JOINED = 60
"""Characters of a label that is joined to a quantity's name."""

_JOINING = re.compile("[._-]")
_ASIDE = re.compile(r"\s*(?:\([^()]{0,80}\)|\[[^\[\]]{0,80}\])\s*(?=[:=→|]|[-–]{1,3}>)")
"""What a layer is, in brackets between its label and the sign."""

_OF = re.compile(r"\s*(?:of|for|at|after|in|von|für|nach|de|der|des|di|du|del|van|\()?\s*", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:the\s+)?(?:grand\s+)?(?:total|totals|gesamt|insgesamt|summe|total net|whole net)\b", re.IGNORECASE
)
_BEFORE = "the|its|is|has|are|output|result|answer|ca|about|approx|we|i|it|get|got|have|obtain|a|an|of"
_ANSWER = re.compile(
    rf"(?:(?:(?:{_BEFORE})\b\.?|[=:|;,])\s*)*"
    rf"(?:[~≈]?\s*[-+−]?[(\[{{$]*\s*[-+−]?\d|\?|[(\[]\s*(?:none|batch|[nb])\b|torch\.size|{NAMED_SIDE}|{NAME})",
    re.IGNORECASE,
)


class Head(NamedTuple):
    """What one line names and says.

    `label` is a label, the number of a question or `total`, `text` the model part; `answers` is None where the line has
    none.  `continues`: it names nothing and goes on with the line before.
    """

    label: str = ""
    text: str = ""
    answers: str | None = None
    continues: bool = False
    is_question: bool = False

    @property
    def word(self) -> str:
        """The layer word of the model part."""
        first = self.text.partition(" ")[0].partition("(")[0].rstrip(":,;")
        return canonical_word(first) if first else ""


class Heads:
    """Reads the beginnings of lines by what one key knows."""

    def __init__(self, sheet: KeySheet) -> None:
        self.sheet = sheet
        self.texts = {plain_text(site.text) for site in sheet.sites if site.is_layer}

    def head(self, line: str) -> Head:
        """What this line, which has no comment any more, names and says."""
        bare = line[_LISTED.match(line).end() :].rstrip()  # type: ignore[union-attr]
        return (
            self._question(bare)
            or self._labelled(bare)
            or self._about(bare)
            or self._total(bare)
            or self._unlabelled(bare)
        )

    # ------------------------------------------------------------------ numbered questions
    def _question(self, line: str) -> Head | None:
        """[word] number sign answer."""
        asking = ASKING.match(line)
        rest = line[asking.end() :] if asking else line
        for token, end in _tokens(rest):
            index = self.sheet.find(token)
            sign = _SIGN.match(rest, end)
            assert sign is not None
            if index is not None and self.sheet.sites[index].is_question:
                is_number = token.isdigit() and not asking and not sign[0].strip()
                if not is_number:
                    return Head(token, "", _after_question(rest[sign.end() :]), is_question=True)
        if any(self._finds(label) is not None for label, _ in _tokens(line)):
            return None
        token, end = next(_tokens(rest), ("", 0))
        is_ours = asking is not None and asking[0].lower().strip() == "answer"
        if token and (is_ours or (asking and re.fullmatch(r"[0-9]{1,3}\W?[a-z]?", token))):
            sign = _SIGN.match(rest, end)
            assert sign is not None
            if sign[0].strip() or is_ours:
                return Head(token, "", rest[sign.end() :], is_question=True)
        unknown = re.match(r"\(?([0-9]{1,2}[a-z])[):.]+\s+", line)
        return Head(unknown[1], "", line[unknown.end() :], is_question=True) if unknown else None

    # ------------------------------------------------------------------ labelled lines
    def _labelled(self, line: str) -> Head | None:
        """label sign [model] [sign] answers."""
        layer = _LAYER.match(line)
        start = layer.end() if layer else 0
        for written, end in _tokens(line[start:]):
            token, named = self._label_and_name(written)
            if self._finds(token) is None:
                continue
            aside = _ASIDE.match(line, start + end)
            sign = _SIGN.match(line, aside.end() if aside else start + end)
            assert sign is not None
            rest = line[sign.end() :]
            if named:
                return Head(token, "", f"{named} {sign[0]} {rest}")
            is_sign = any(mark in sign[0] for mark in ":=>→⇒)|–—-") or not rest
            word = written.rstrip("0123456789") if written not in line else written
            if not is_sign and (word.lower() in WORDS or not _ANSWER.match(rest)):
                continue
            return self._split(token, rest, is_arrow=ARROW.search(sign[0]) is not None)
        return self._unknown_label(line)

    def _label_and_name(self, written: str) -> tuple[str, str]:
        """`conv1.params`, `conv1_params` and `params_conv1` in two; the name is empty where there is none."""
        if self._finds(written) is None:
            for sign in _JOINING.finditer(written[:LONGEST_JOINED]):
                before, after = written[: sign.start()], written[sign.end() :]
                for label, name in ((before, after), (after, before)):
                    if self._finds(label) is not None and is_name(name):
                        return label, name
        return written, ""

    def knows(self, word: str) -> bool:
        """Whether the key has such a label or number."""
        return self.sheet.find(word) is not None

    def _finds(self, token: str) -> int | None:
        index = self.sheet.find(token)
        return index if index is not None and self.sheet.sites[index].is_layer else None

    def _unknown_label(self, line: str) -> Head | None:
        """A label that the key does not have; a layer word with a colon is a line without a label."""
        match = re.match(r"([^\W\d][\w.-]{0,39})\s?(?::(?!\S)|:(?=\s)|\s*(?=[=–-]{1,3}>|→))\s*", line)
        if match is None or begins_with_name(match[1]) or _TOTAL.match(line):
            return None
        word = match[1].lower()
        if word in WORDS:
            found = self._split("", line[match.end() :], is_arrow=False)
            return found._replace(text=f"{word} {found.text}".strip())
        arrow = ARROW.match(line, match.end())
        return self._split(match[1], line[arrow.end() if arrow else match.end() :], is_arrow=arrow is not None)

    def _split(self, label: str, rest: str, *, is_arrow: bool) -> Head:
        """The model part and the answers of what follows a label."""
        if is_arrow:
            return Head(label, "", rest)
        arrow = ARROW.search(rest)
        is_model = _is_model(rest)
        if arrow is not None and (is_model or not _ANSWER.match(rest)):
            return Head(label, rest[: arrow.start()].strip(), rest[arrow.end() :])
        if _ANSWER.match(rest) and not is_model:
            return Head(label, "", rest)
        known = self._known_text(rest)
        if known:
            return Head(label, rest[: known[0]].strip(), rest[known[1] :])
        if label and not is_model and _NAMED_VALUE.search(rest):
            return Head(label, "", rest)
        return Head(label, rest)

    def _known_text(self, line: str) -> tuple[int, int] | None:
        """Where a text of the key ends that an answer follows behind `=` or `:`."""
        for match in re.finditer(r"\s*[:=]\s*", line[:400]):
            if plain_text(line[: match.start()]) in self.texts and _ANSWER.match(line, match.end()):
                return match.start(), match.end()
        return None

    # ------------------------------------------------------------------ the others
    def _about(self, line: str) -> Head | None:
        """`params of conv1 = 80`, `output shape (conv1): 26x26x8`, `params: 80`."""
        name = re.match(rf"(?:the\s+)?({NAME})", line, re.IGNORECASE)
        if name is None:
            return None
        of = _OF.match(line, name.end())
        assert of is not None
        layer = _LAYER.match(line, of.end())
        start = layer.end() if layer else of.end()
        for token, end in _tokens(line[start:]):
            index = self.sheet.find(token)
            sign = _SIGN.match(line, start + end)
            if index is not None and sign is not None and (sign[0].strip() or of[0].strip()):
                return Head(token, "", f"{name[1]} {line[sign.end() :]}")
        if name[1].lower().startswith("total"):
            return Head("total", "total", line[name.start(1) + len("total") :])
        total = _TOTAL.match(line, start) or re.match(r"in total\b", line[of.start() :].strip(), re.IGNORECASE)
        if total and re.search(r"[0-9?]", line):
            return Head("total", "total", line.replace("total", "", 1))
        sign = _SIGN.match(line, name.end())
        is_layer_word = name[1].lower() in WORDS
        if is_layer_word and (ARROW.search(line) or not (sign and sign[0].strip())):
            return None
        has_value = re.search(r"[0-9?\[]", line) or (sign is not None and sign[0].strip())
        return Head("", "", line, continues=True) if has_value else None

    def _total(self, line: str) -> Head | None:
        total = _TOTAL.match(line)
        if total is None:
            return None
        sign = _SIGN.match(line, total.end())
        assert sign is not None
        rest = line[sign.end() :]
        arrow = ARROW.match(rest)
        rest = rest[arrow.end() :] if arrow else rest
        return Head("total", "total", rest if rest and (sign[0].strip() or _ANSWER.match(rest)) else None)

    def _unlabelled(self, line: str) -> Head:
        """A model line, with answers behind an arrow or behind a text of the key; a value alone goes on."""
        arrow = ARROW.search(line)
        if arrow is not None and not line[: arrow.start()].strip(" :="):
            return Head("", "", line[arrow.end() :], continues=True)
        if arrow is not None and not (_ANSWER.match(line) and not _is_model(line)):
            return Head("", line[: arrow.start()].strip(), line[arrow.end() :])
        known = self._known_text(line)
        if known:
            return Head("", line[: known[0]].strip(), line[known[1] :])
        if re.match(r"[~≈=]?\s*[(\[]*[-+−]?\s*[0-9?;,\])]", line) and not _is_model(line):
            return Head("", "", line, continues=True)
        return Head("", line)


def plain_text(text: str) -> str:
    """The model part of a line as it is compared: in small letters, with one space and none around `=`."""
    return re.sub(r" ?= ?", "=", " ".join(text.lower().replace("×", "x").split()))


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """The first word, and the first two as one (`2 a`, `conv 1`), with where each ends; the longer one first."""
    first = _TOKEN.match(text)
    token = first[1].rstrip(".)") if first else ""
    if first is None or not token:
        return
    second = _SECOND.match(text, first.end())
    if second and token[-1].isalnum() and token[-1].isdigit() != second[1].isdigit():
        yield token + second[1], second.end()
    yield token, first.start(1) + len(token)


def _after_question(rest: str) -> str:
    """The answer to a numbered question, without the question's own words in quotes."""
    quoted = re.match(r'\s*(?:"[^"]*"|[“”„][^“”„]*[“”]|«[^«»]*»|»[^«»]*«)\s*', rest)
    return rest[quoted.end() :] if quoted else rest


def _is_model(text: str) -> bool:
    """Whether a text describes a layer (`conv 8 3x3`, `3x3 conv, 8 filters`): it begins with a layer word."""
    words = re.findall(r"[^\W\d][\w]*", text[:60])
    first = words[0].lower() if words else ""
    if first in WORDS and text.lower().startswith(first):
        return not (begins_with_name(first) and re.match(r"\w+\s*[:=]", text))
    described = re.match(r"[\dx×*\s]+\s+([^\W\d]\w*)", text)
    return described is not None and described[1].lower() in WORDS and not begins_with_name(described[1])
