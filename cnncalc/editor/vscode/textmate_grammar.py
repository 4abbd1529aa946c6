"""The TextMate grammar by which VS Code, TextMate, Sublime Text and others colour a network.

It is made of the words of `grammar_words`, so it is as new as the language.  Patterns are such that Oniguruma and
Python's `re` read them in the same way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from cnncalc.editor.vscode.grammar_words import (
    ABOUT_THE_FILE,
    FLOW,
    IMPORTING,
    LOGIC,
    OF_A_LINE,
    OF_AN_ANSWER,
    asked_words,
    functions,
    layer_words,
    option_words,
    plain_words,
    post_words,
)

SCOPE = "source.cnncalc"

Rule = dict[str, Any]

_NAME = r"[^\W\d][\w-]*"
_LABEL = rf"{_NAME}(?:\.[\w-]+)*"
_BEFORE, _AFTER = r"(?<![\w.$-])", r"(?![\w-])"
_FIRST = rf"^\s*(?:({_LABEL})(:)\s+)?"
"""What stands before a line's first word: nothing, or a label, which are the first two groups."""
_WHOLE = r"[0-9](?:[0-9,_]*[0-9])?"
_NUMBER = rf"(?:{_WHOLE}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_UNIT = r"(?:[kKMGTPE]?(?:i?B)?|%)"
_SIZE = rf"[~≈]?{_NUMBER}(?:[xX×](?:{_WHOLE}|\?))*{_UNIT}"
_ARROW = r"=>|[-–—]>|[→⇒]"


def grammar() -> Rule:
    """The whole grammar."""
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "cnncalc",
        "scopeName": SCOPE,
        "fileTypes": ["cnn"],
        "patterns": _included("comment", "first", "answers", "argument"),
        "repository": {
            "comment": {"patterns": [_matched("comment.line.number-sign", r"(?:^|(?<=[\s\]\"”]))#.*$")]},
            "first": {"patterns": _first_words()},
            "answers": _between("meta.answers", _ARROW, "keyword.operator.answer", "$", _answer_parts()),
            "argument": {"patterns": _argument_parts()},
            "text": {"patterns": _texts()},
            "matrix": _between(
                "meta.matrix",
                r"\[",
                "punctuation.section.brackets",
                r"\]",
                [_matched("constant.numeric", rf"[-+−]?{_SIZE}"), *_included("comment", "matrix")],
            ),
            "number": {"patterns": [_matched("constant.numeric", rf"(?<![\w.$]){_SIZE}(?=x[$(]|(?![\w]))")]},
            "value": {"patterns": _values()},
        },
    }


def grammar_text() -> str:
    """The grammar as the text of a `.tmLanguage.json` file."""
    return json.dumps(grammar(), indent=2, ensure_ascii=False) + "\n"


def _first_words() -> list[Rule]:
    """What a line may begin with, its label included; a word that is none of ours calls a block."""
    begun = {1: "entity.name.label", 2: "punctuation.separator.label"}
    return [
        _between("meta.block", rf"^\s*(block)\s+({_NAME})", {1: "storage.type.block", 2: "entity.name.function.block"},
                 "$", _parameters()),
        _captured(rf"^\s*(let)\s+({_NAME})\s*(=)",
                  {1: "storage.type.let", 2: "variable.other.constant", 3: "keyword.operator.assignment"}),
        _captured(rf"^\s*(filter|data)\s+({_NAME})\s*(=)?",
                  {1: "storage.type.matrix", 2: "entity.name.matrix", 3: "keyword.operator.assignment"}),
        _captured(r"^\s*(title|homework)\s+(?!\")(.*?)(?=\s+#|\s*$)",
                  {1: "keyword.other.directive", 2: "string.unquoted"}),
        _captured(rf"^\s*(repeat)\s+(\S+)\s+({_NAME})(?=\s*(?:#|$))",
                  {1: "keyword.control", 2: "constant.numeric", 3: "variable.parameter.counter"}),
        _captured(rf"{_FIRST}(join)\s+({_any(layer_words())}){_AFTER}",
                  {**begun, 3: "keyword.control", 4: "support.function.layer"}),
        _captured(r"^\s*(else\s+if)(?![\w-])", {1: "keyword.control"}),
        _captured(rf"{_FIRST}({_any(FLOW)}){_AFTER}(?!:)", {**begun, 3: "keyword.control"}),
        _captured(rf"{_FIRST}({_any(IMPORTING)}){_AFTER}(?!:)", {**begun, 3: "keyword.control.import"}),
        _captured(rf"{_FIRST}({_any(ABOUT_THE_FILE)}){_AFTER}(?!:)", {**begun, 3: "keyword.other.directive"}),
        _captured(rf"{_FIRST}(?:[A-Za-z_.]+\.)?({_any(layer_words())}){_AFTER}(?!:)",
                  {**begun, 3: "support.function.layer"}),
        _captured(rf"{_FIRST}(\$\w+|{_NAME}){_AFTER}(?!:)", {**begun, 3: "entity.name.function.call"}),
        _captured(rf"^\s*({_LABEL})(:)(?=\s|$)", begun),
    ]  # fmt: skip


def _parameters() -> list[Rule]:
    """The parameters of a block, each with or without its default."""
    return [
        *_included("comment"),
        _captured(rf"{_BEFORE}({_NAME})\s*(=)(?![=>])", {1: "variable.parameter", 2: "keyword.operator.assignment"}),
        _matched("variable.parameter", rf"(?<=\s){_NAME}(?!\s*=)"),
        *_included("value"),
    ]


def _argument_parts() -> list[Rule]:
    """Whatever follows a line's first word, up to its answers."""
    return [
        _captured(rf"{_BEFORE}(from)\s+({_LABEL})", {1: "keyword.other.line", 2: "variable.other.label"}),
        _matched("keyword.other.line", rf"{_BEFORE}(?:{_any(OF_A_LINE)}){_AFTER}(?!\s*=)"),
        _matched("keyword.other.line", r"(?<=\s)[x×][0-9]{1,6}(?=\s*(?:=>|#|$))"),
        _captured(rf"{_BEFORE}({_any(option_words())})\s*(=)(?![=>])",
                  {1: "variable.parameter.option", 2: "keyword.operator.assignment"}),
        _captured(rf"{_BEFORE}({_NAME})\s*(=)(?![=>])", {1: "variable.parameter", 2: "keyword.operator.assignment"}),
        _matched("variable.parameter.option", rf"{_BEFORE}(?:{_any(option_words())})(?=\s+[0-9$])"),
        *_included("value"),
    ]  # fmt: skip


def _values() -> list[Rule]:
    """What an argument may be, and the value of one with a name."""
    return [
        *_included("text", "matrix", "number"),
        _matched("support.function.arithmetic", rf"{_BEFORE}(?:{_any(functions())})(?=\()"),
        _captured(r"(\$in)(?=\()", {1: "variable.language"}),
        _matched("variable.language", r"\$(?:in\b|\{in\})"),
        _matched("variable.other.value", r"\$(?:\w+|\{\w+\})"),
        _matched("keyword.operator.logical", rf"{_BEFORE}(?:{_any(LOGIC)}){_AFTER}"),
        _matched("keyword.operator.comparison", r"==|!=|<=|>=|<|>(?!=)"),
        _matched("keyword.operator.arithmetic", r"//|[-+*/%]|(?<=[0-9)}])[xX×](?=[$(])"),
        _matched("support.function.post", rf"{_BEFORE}(?:{_any(post_words())}){_AFTER}"),
        _matched("constant.language", rf"{_BEFORE}(?:{_any(plain_words())}){_AFTER}"),
        _matched("variable.other.label", rf"{_BEFORE}{_LABEL}"),
    ]


def _answer_parts() -> list[Rule]:
    """What follows `=>`."""
    return [
        *_included("comment"),
        _captured(rf"{_BEFORE}(same)(\[)({_LABEL})(\])",
                  {1: "support.type.property-name", 2: "punctuation.section.brackets", 3: "variable.other.label",
                   4: "punctuation.section.brackets"}),
        _matched("support.type.property-name", rf"{_BEFORE}(?:{_any(asked_words())}){_AFTER}"),
        _matched("keyword.other.answer", rf"{_BEFORE}(?:{_any(OF_AN_ANSWER)}){_AFTER}"),
        _matched("constant.language.open", r"\?"),
        *_included("value"),
    ]  # fmt: skip


def _texts() -> list[Rule]:
    return [
        {
            "name": "string.quoted.double.cnncalc",
            "match": r'"(?:[^"\\]|\\.)*"',
            "captures": {"0": {"patterns": [_matched("constant.character.escape", r"\\.")]}},
        },
        _matched("string.quoted.double", r"[“„][^“”„]*[“”]"),
        _matched("string.quoted.single", r"'[^']*'(?!\S)"),
        _matched("invalid.illegal.unclosed", r'"[^"]*$'),
    ]


# ---------------------------------------------------------------------- rules
def _any(words: Iterable[str]) -> str:
    """One of the words in any case, the longest first."""
    return f"(?i:{'|'.join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))})"


def _matched(scope: str, pattern: str) -> Rule:
    return {"name": f"{scope}.cnncalc", "match": pattern}


def _captured(pattern: str, scopes: dict[int, str]) -> Rule:
    return {"match": pattern, "captures": _named(scopes)}


def _named(scopes: dict[int, str]) -> Rule:
    return {str(group): {"name": f"{scope}.cnncalc"} for group, scope in scopes.items()}


def _between(scope: str, begin: str, begun: str | dict[int, str], end: str, patterns: list[Rule]) -> Rule:
    of_begin = _named({0: begun} if isinstance(begun, str) else begun)
    of_end = {} if end == "$" or not isinstance(begun, str) else {"endCaptures": _named({0: begun})}
    return {
        "name": f"{scope}.cnncalc",
        "begin": begin,
        "beginCaptures": of_begin,
        "end": end,
        **of_end,
        "patterns": patterns,
    }


def _included(*names: str) -> list[Rule]:
    return [{"include": f"#{name}"} for name in names]
