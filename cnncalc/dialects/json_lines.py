"""The statements of a JSON net as lines of our own text, each word with its place in the JSON.

The object's first telling member says what it is: `call`, `block`, `repeat`, `if`, `let`, `split`, `filter`, `data`,
`total`, `question`, a directive, `comment`, `blank_lines` or `as_written`.  What the words mean is for the reader of
texts and the binder to say; here only the form is checked, and that no word breaks out of its line.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.asked import SHAPE
from cnncalc.dialects.json_places import Places
from cnncalc.dialects.json_text import JsonText, Value
from cnncalc.dialects.json_words import Words
from cnncalc.graph.formatting import INDENT
from cnncalc.spec.lexing import lexed
from cnncalc.spec.statements import STRUCTURAL

_OPENING = frozenset(("block", "end", "repeat", "split", "branch", "join", "if", "else"))
_MOST_BLANK_LINES = 1000

CALL_MEMBERS = ("call", "label", "arguments", "from", "times", "answers", "worth", "comment")
MEMBERS: dict[str, tuple[str, ...]] = {
    "call": CALL_MEMBERS,
    "block": ("block", "parameters", "comment", "lines", "end_comment"),
    "repeat": ("repeat", "variable", "comment", "lines", "end_comment"),
    "if": ("if", "end_comment"),
    "let": ("let", "value", "comment"),
    "split": ("split", "comment", "join"),
    "filter": ("filter", "matrix", "comment"),
    "data": ("data", "matrix", "comment"),
    "total": ("total", "worth", "comment"),
    "question": ("question", "text", "label", "answer", "worth", "comment"),
    **{
        word: (word, "comment")
        for word in ("title", "homework", "order", "count", "epsilon", "labels", "rounding", "output", "student")
    },
    "blank_lines": ("blank_lines",),
    "as_written": ("as_written",),
    "comment": ("comment",),
}
"""The member that says what a statement is -> all that it may have."""


class Lines:
    """Writes the statements of one JSON text out."""

    def __init__(self, json: JsonText) -> None:
        self.words = Words(json)
        self.places = Places(json)
        self.level = 0
        self._kinds: dict[str, Callable[[Value, dict[str, Value]], None]] = {
            name: getattr(self, f"_{name}", self._directive) for name in MEMBERS
        }

    def statements(self, value: Value) -> None:
        """Each statement of a list."""
        for one in self.words.items(value):
            self._statement(one, MEMBERS)

    def _statement(self, value: Value, known: dict[str, tuple[str, ...]]) -> None:
        found = self.words.members(value)
        kind = next((name for name in known if name in found), None)
        if kind is None:
            if found:
                self.words.members(value, tuple(known))
            self.words.refuse(value, f"one of {', '.join(known)}")
        self._kinds[kind](value, self.words.members(value, MEMBERS[kind]))

    def _needed(self, members: dict[str, Value], name: str, value: Value) -> Value:
        if name not in members:
            self.words.text.refuse("missing-member", f"`{name}` is missing here", value.offset)
        return members[name]

    # ------------------------------------------------------------------ pieces of a line
    def _begin(self, value: Value) -> None:
        self.places.begin(value, INDENT * self.level)

    def _keyword(self, word: str, member: Value) -> None:
        """A word of the notation, which the member's name says."""
        self.places.add(word, _name_of(member), space="")

    def _word(self, value: Value, space: str = " ") -> None:
        self.places.add(self.words.word(value), value, space=space)

    def _remark(self, members: dict[str, Value], name: str = "comment") -> None:
        if name in members:
            self.places.add(comment_text(self.words.line(members[name])), members[name], space="  ")

    def _argument(self, value: Value) -> None:
        """A word, a matrix, or an object of options."""
        if self.words.is_literal(value):
            self._literal(value)
        elif isinstance(value.content, dict):
            for name, option in value.content.items():
                self.places.add(self.words.bare(_name_of(option)._replace(content=name)), _name_of(option))
                self.places.add("=", option, space="")
                if self.words.is_literal(option):
                    self._literal(option, space="")
                else:
                    self._word(option, space="")
        else:
            self._word(value)

    def _literal(self, value: Value, space: str = " ") -> None:
        first, *others = self.words.literal(value)
        self.places.add(first, value, space=space)
        for row in others:
            self.places.begin(value, row)

    def _worth(self, members: dict[str, Value]) -> None:
        if "worth" in members:
            self.places.add("worth", _name_of(members["worth"]))
            for points in self.words.items(members["worth"]):
                self._word(points)

    def _answers(self, value: Value, members: dict[str, Value], *, shape_first: bool = True) -> None:
        self.places.add("=>", _name_of(value))
        for place, one in enumerate(self.words.items(value)):
            asked, claim = self.words.answer(one)
            if asked != SHAPE.name or place or not shape_first:
                self.places.add(asked, one.content["asked"])
            self.places.add(claim, one.content.get("value", one))
        self._worth(members)

    # ------------------------------------------------------------------ calls
    def _call(self, value: Value, members: dict[str, Value], before: str = "") -> None:
        self._begin(value)
        if "label" in members:
            self.places.add(f"{self.words.label(members['label'])}:", members["label"], space="")
        space = " " if "label" in members else ""
        if before:
            self.places.add(before, value, space=space)
            space = " "
        word = self.words.bare(self._needed(members, "call", value))
        if word.lower() in STRUCTURAL or ":" in word.partition("(")[0]:
            self.words.refuse(members["call"], "a layer word or the name of a block")
        self.places.add(word, members["call"], space=space)
        for argument in self.words.items(members["arguments"]) if "arguments" in members else ():
            self._argument(argument)
        for name in ("from", "times"):
            if name in members:
                self.places.add(name, _name_of(members[name]))
                self.places.add(self.words.bare(members[name]), members[name])
        if "answers" in members:
            self._answers(members["answers"], members)
        elif "worth" in members:
            self.words.text.refuse("missing-member", "`worth` has no `answers` next to it", members["worth"].offset)
        self._remark(members)

    # ------------------------------------------------------------------ what holds other statements
    def _body(self, value: Value) -> None:
        self.level += 1
        self.statements(value)
        self.level -= 1

    def _end(self, value: Value, members: dict[str, Value]) -> None:
        self._begin(value)
        self.places.add("end", value, space="")
        self._remark(members, "end_comment")

    def _block(self, value: Value, members: dict[str, Value]) -> None:
        self._begin(value)
        self._keyword("block", members["block"])
        self.places.add(self.words.bare(members["block"]), members["block"])
        for parameter in self.words.items(members["parameters"]) if "parameters" in members else ():
            if self.words.is_literal(parameter):
                self.words.refuse(parameter, "a name, or an object of names and defaults")
            self._argument(parameter)
        self._remark(members)
        self._body(self._needed(members, "lines", value))
        self._end(value, members)

    def _repeat(self, value: Value, members: dict[str, Value]) -> None:
        self._begin(value)
        self._keyword("repeat", members["repeat"])
        self._word(members["repeat"])
        if "variable" in members:
            self._word(members["variable"])
        self._remark(members)
        self._body(self._needed(members, "lines", value))
        self._end(value, members)

    def _if(self, value: Value, members: dict[str, Value]) -> None:
        choices = self.words.items(members["if"])
        for place, choice in enumerate(choices):
            parts = self.words.members(choice, ("condition", "comment", "lines"))
            self._begin(choice)
            if "condition" in parts:
                self.places.add("else if" if place else "if", _name_of(parts["condition"]), space="")
                self.places.add(self.words.rest(parts["condition"]), parts["condition"])
            elif not place or place < len(choices) - 1:
                self.words.text.refuse("missing-member", "`condition` is missing here", choice.offset)
            else:
                self.places.add("else", choice, space="")
            self._remark(parts)
            self._body(self._needed(parts, "lines", choice))
        if not choices:
            self.words.refuse(members["if"], "at least one choice")
        self._end(value, members)

    def _split(self, value: Value, members: dict[str, Value]) -> None:
        self._begin(value)
        self._keyword("split", members["split"])
        self._remark(members)
        self.level += 1
        between = {name: MEMBERS[name] for name in ("blank_lines", "comment")}
        branches = 0
        for one in self.words.items(members["split"]):
            parts = self.words.members(one)
            if not branches and not between.keys().isdisjoint(parts) and "branch" not in parts:
                self._statement(one, between)
                continue
            parts = self.words.members(one, ("branch", "comment"))
            self._begin(one)
            branches += 1
            self._keyword("branch", self._needed(parts, "branch", one))
            self._remark(parts)
            self._body(parts["branch"])
        self.level -= 1
        join = self._needed(members, "join", value)
        self._call(join, self.words.members(join, CALL_MEMBERS), before="join")

    # ------------------------------------------------------------------ lines about the file
    def _let(self, value: Value, members: dict[str, Value]) -> None:
        self._begin(value)
        self._keyword("let", members["let"])
        self.places.add(self.words.bare(members["let"]), members["let"])
        given = self._needed(members, "value", value)
        self.places.add("=", given)
        self.places.add(self.words.rest(given), given)
        self._remark(members)

    def _directive(self, value: Value, members: dict[str, Value]) -> None:
        word = next(name for name in members if name != "comment")
        given = members[word]
        self._begin(value)
        self._keyword(word, given)
        if word in ("title", "homework"):
            self.places.add(self.words.quoted(given), given)
        else:
            for one in given.content if isinstance(given.content, list) else (given,):
                self._word(one)
        self._remark(members)

    def _filter(self, value: Value, members: dict[str, Value]) -> None:
        word = "filter" if "filter" in members else "data"
        self._begin(value)
        self._keyword(word, members[word])
        self.places.add(self.words.bare(members[word]), members[word])
        self.places.add("=", members[word])
        self._literal(self._needed(members, "matrix", value))
        self._remark(members)

    _data = _filter

    def _total(self, value: Value, members: dict[str, Value]) -> None:
        self._begin(value)
        self._keyword("total", members["total"])
        self._answers(members["total"], members, shape_first=False)
        self._remark(members)

    def _question(self, value: Value, members: dict[str, Value]) -> None:
        self._begin(value)
        self.places.add("answer", _name_of(members["question"]), space="")
        self._word(members["question"])
        if "text" in members:
            self.places.add(self.words.quoted(members["text"]), members["text"])
        label, answer = self._needed(members, "label", value), self._needed(members, "answer", value)
        asked, claim = self.words.answer(answer)
        self.places.add(f"{self.words.label(label)}.{asked}", label)
        self.places.add("=", answer)
        self.places.add(claim, answer.content.get("value", answer))
        self._worth(members)
        self._remark(members)

    # ------------------------------------------------------------------ lines that say nothing, or say it themselves
    def _comment(self, value: Value, members: dict[str, Value]) -> None:
        self._begin(value)
        self.places.add(comment_text(self.words.line(members["comment"])), members["comment"], space="")

    def _blank_lines(self, value: Value, members: dict[str, Value]) -> None:
        for _ in range(self.words.whole(members["blank_lines"], 1, _MOST_BLANK_LINES)):
            self.places.begin(value)

    def _as_written(self, value: Value, members: dict[str, Value]) -> None:
        """One line of the text that goes on over several, such as a matrix with comments between its rows."""
        items = self.words.items(members["as_written"])
        texts = tuple(map(self.words.line, items))
        read = list(lexed(texts, {}, []))
        words = [lexeme.text.lower() for lexeme in read[0].lexemes[:2]] if len(read) == 1 else []
        parts = {part for word in words for part in word.split(":")}
        if len(read) != 1 or read[0].broken or (read[0].number, read[0].last) != (1, len(texts)) or parts & _OPENING:
            self.words.refuse(value, "the text of one statement")
        for item, text in zip(items, texts, strict=True):
            self.places.begin(item, text)


def comment_text(text: str) -> str:
    """A comment as it stands in a line."""
    return f"#{'' if text.startswith('#') or not text else ' '}{text}"


def _name_of(member: Value) -> Value:
    """Where a member's name stands, for what only the name says."""
    return Value(None, member.name, member.offset) if member.name >= 0 else member
