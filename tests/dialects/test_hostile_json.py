"""JSON from elsewhere: our own faults at places of the JSON, whatever it holds, in bounded time."""

from __future__ import annotations

import random
import time

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.diagnostics.rendering import rendered
from cnncalc.net_files import checked, read
from tests.time_limits import allowed

from .nets import HOMEWORK, NETS, WORDS
from .reading import fault, graph_of, json_of

HEAD = '{"cnncalc_model": 2, "lines": [\n {"call": "input", "arguments": ["8x8x3"]},\n '


@pytest.mark.parametrize(
    ("statement", "code", "marked"),
    [
        ('{"call": "conv", "arguments": [4, "9x9"]}', "kernel-too-large", "9x9"),
        ('{"call": "dense", "arguments": [0]}', "number-too-small", "0"),
        ('{"call": "convv", "arguments": [4]}', "unknown-word", "convv"),
        ('{"call": "conv", "arguments": [4, "3x3", {"strid": 2}]}', "unknown-option", "strid"),
        ('{"call": "conv", "arguments": [4, {"kernel": "9x9"}]}', "kernel-too-large", 'kernel": "9x9"'),
        ('{"call": "conv", "arguments": [4, "3x3", {"stride": "2*$w"}]}', "unknown-parameter", "2*$w"),
        ('{"call": "relu", "from": "elsewhere"}', "unknown-label", "elsewhere"),
        ('{"call": "relu", "times": 0.5}', "wrong-operand", "0.5"),
        ('{"let": "n", "value": 3}, {"let": "n", "value": 4}', "used-twice", 'n", "value": 4'),
        ('{"if": [{"condition": "$n > 1", "lines": []}]}', "unknown-parameter", "$n > 1"),
        ('{"if": [{"condition": "$in > 1", "lines": [{"call": "conv", "arguments": [4, "9x9"]}]}]}',
         "kernel-too-large", "9x9"),
        ('{"repeat": 2, "lines": [{"call": "maxpool", "arguments": ["5x5"]}]}', "kernel-too-large", "5x5"),
        ('{"split": [{"branch": []}], "join": {"call": "add"}}', "too-few-branches", "split"),
        ('{"split": [{"branch": []}, {"branch": []}], "join": {"call": "addd"}}', "unknown-join", "addd"),
        ('{"data": "d", "matrix": {"planes": [[[1, 2], [3]]]}}', "ragged-matrix", '{"planes"'),
        ('{"total": [{"asked": "rf", "value": "1 000"}]}', "unfit-value", '"1 000"'),
        ('{"order": "sideways"}', "bad-directive", "sideways"),
        ('{"output": ["elsewhere"]}', "unknown-label", "elsewhere"),
    ],
)  # fmt: skip
def test_a_fault_has_its_place_in_the_json(statement: str, code: str, marked: str) -> None:
    found, line, column = fault(f"{HEAD}{statement}]}}")
    assert found == code
    assert line == 3
    assert f" {statement}]}}"[column - 1 :].startswith(marked)


def test_a_fault_inside_a_block_tells_which_call_led_to_it() -> None:
    block = '{"block": "b", "parameters": ["n"], "lines": [\n  {"call": "conv", "arguments": ["$n", "9x9"]}]}'
    with pytest.raises(InputError) as caught:
        graph_of(f'{HEAD}{block},\n {{"call": "b", "arguments": [4]}}]}}')
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == ("kernel-too-large", 4, 41)
    assert [span.line for span in found.trail] == [5]


@pytest.mark.parametrize("half", ["\\ud800", "\\udc00x", "\\udfff\\ud800"])
@pytest.mark.parametrize("statement", ['{"title": "%s"}', '{"comment": "%s"}', '{"call": "%s"}', '{"%s": 1}'])
def test_half_of_a_character_is_no_text(statement: str, half: str) -> None:
    """JSON can write it, and nothing that is printed or saved can."""
    assert fault(f"{HEAD}{statement % half}]}}")[:2] == ("broken-json", 3)


def test_both_halves_are_a_character() -> None:
    assert graph_of(f'{HEAD}{{"title": "\\ud83d\\ude00"}}]}}').title == "\N{GRINNING FACE}"


def test_all_faults_are_told_at_once() -> None:
    statements = '{"call": "convv"},\n {"call": "reluu"}'
    with pytest.raises(InputError) as caught:
        graph_of(f"{HEAD}{statements}]}}")
    assert [(one.code, one.span.line if one.span else 0) for one in caught.value.diagnostics] == [
        ("unknown-word", 3),
        ("unknown-word", 4),
    ]


def test_another_size_and_a_setting_have_their_places_in_the_json() -> None:
    source = Source(
        "net.json", f'{HEAD}{{"let": "n", "value": 4}},\n {{"call": "conv", "arguments": ["$n", "3x3"]}}]}}'
    )
    graph = checked(source, "9x9", {"n": "5"})
    assert graph.nodes[-1].output.text() == "7x7x5"
    assert (graph.resized[0].line, graph.source) == (2, source)
    with pytest.raises(InputError) as caught:
        checked(source, "2x2")
    assert caught.value.diagnostics[0].span == graph.rows[1].origin.arguments["kernel_size"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("3", "unfit-value"),
        ("{}", "unfit-value"),
        ("[]", "unfit-value"),
        ('{"relu": 3}', "unknown-member"),
        ('{"call": "relu", "call": "relu"}', "broken-json"),
        ('{"call": "relu", "block": "b"}', "unknown-member"),
        ('{"call": "end"}', "unfit-value"),
        ('{"call": "a:relu"}', "unfit-value"),
        ('{"call": "relu relu"}', "unfit-value"),
        ('{"call": "relu", "label": "a b"}', "unfit-value"),
        ('{"call": "conv", "arguments": [true]}', "unfit-value"),
        ('{"call": "conv", "arguments": [null]}', "unfit-value"),
        ('{"call": "conv", "arguments": ["stride=2"]}', "unfit-value"),
        ('{"call": "conv", "arguments": ["=>"]}', "unfit-value"),
        ('{"call": "conv", "arguments": ["4\\n3x3"]}', "unfit-value"),
        ('{"call": "conv", "arguments": [4, {"weights": {"planes": [[["1; 2"]]]}}]}', "unfit-value"),
        ('{"call": "relu", "worth": [1]}', "missing-member"),
        ('{"call": "relu", "answers": [{"asked": "weather"}]}', "unfit-value"),
        ('{"call": "relu", "answers": [{"asked": "rf", "value": "3 params 4"}]}', "unfit-value"),
        ('{"let": "n", "value": "3 # three"}', "unfit-value"),
        ('{"let": "n", "value": "[1 2"}', "unfit-value"),
        ('{"let": "n", "value": ""}', "unfit-value"),
        ('{"if": []}', "unfit-value"),
        ('{"if": [{"lines": []}]}', "missing-member"),
        ('{"if": [{"condition": "1", "lines": []}, {"lines": []}, {"lines": []}]}', "missing-member"),
        ('{"split": [{"call": "relu"}], "join": {"call": "add"}}', "unknown-member"),
        ('{"split": []}', "missing-member"),
        ('{"comment": "a\\nb"}', "unfit-value"),
        ('{"blank_lines": 0}', "unfit-value"),
        ('{"as_written": ["end"]}', "unfit-value"),
        ('{"as_written": ["a: join add"]}', "unfit-value"),
        ('{"as_written": ["relu", "relu"]}', "unfit-value"),
    ],
)
def test_no_value_reaches_beyond_its_place(statement: str, code: str) -> None:
    assert fault(f"{HEAD}{statement}]}}")[:2] == (code, 3)


@pytest.mark.parametrize(
    "text",
    [
        '{"cnncalc_model": 2, "lines": ' + "[" * 1_000_000,
        '{"cnncalc_model": 2, "lines": [' + '{"repeat": 9, "lines": [' * 60 + "]}" * 60 + "]}",
        HEAD + '{"repeat": 999999999, "lines": [{"call": "relu"}]}]}',
        HEAD + '{"repeat": 1e300, "lines": []}]}',
        HEAD + '{"call": "' + "a" * 4_000_000 + '"}]}',
        HEAD + '{"call": "conv", "arguments": [' + "1," * 200_000 + "1]}]}",
        HEAD + '{"blank_lines": 1000},' * 100_000 + '{"call": "relu"}]}',
        HEAD + '{"comment": ""},' * 120_000 + '{"call": "relu"}]}',
        HEAD + '{"data": "d", "matrix": {"planes": [[[' + "1," * 200_000 + "1]]]}}]}",
        HEAD + '{"call": "conv", "arguments": [' + '{"a": 1},' * 100_000 + "1]}]}",
    ],
    ids=range(10),
)
def test_hostile_json_is_refused_in_bounded_time(text: str) -> None:
    start = time.process_time()
    fault(text)
    assert time.process_time() - start < allowed(10)


PIECES = (
    *("", '"', "[", "]", "{", "}", ",", ":", "0", "-1", "1e9", "true", "null", "9" * 11, '"conv"', "\\u", "\\n"),
    *('"from"', '"lines"', '"call"', '"if"', "#", "=>", "$n", "end", " ", "\\\\", "{}"),
)
WRITTEN = [json_of(text) for text in (HOMEWORK, WORDS, NETS["zoo-resnet50"])]


@pytest.mark.parametrize("seed", range(6))
def test_mutated_json_gives_a_net_or_faults_inside_the_file(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        text = chance.choice(WRITTEN)
        for _ in range(chance.randint(1, 3)):
            start = chance.randint(0, len(text))
            end = min(len(text), start + chance.choice((0, 1, 1, 2, 8)))
            text = text[:start] + chance.choice(PIECES) + text[end:]
        source = Source("net.json", text)
        try:
            faults = read(source)[1]
        except InputError as error:
            faults = error.diagnostics
        for found in faults:
            assert found.span is not None
            line = source.lines[found.span.line - 1]
            assert 1 <= found.span.column <= found.span.column - 1 + found.span.length <= max(1, len(line))
            assert rendered(found, source)
