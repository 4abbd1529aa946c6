"""The JSON of a summary keeps to its schema, and its numbers add up."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from cnncalc.analysis.stored_bytes import DTYPES
from cnncalc.report.asked_counts import asked_counts
from cnncalc.report.column_choice import chosen
from cnncalc.report.ranking import SORTABLE, ranking
from cnncalc.report.summary import Choices
from cnncalc.report.summary_json import summary_json

from .nets import NAMES, analysis_of, analysis_of_text

SCHEMA = json.loads(files("cnncalc.report").joinpath("summary.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def summary_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(summary_json(analysis_of(name)))
    return found


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", NAMES)
def test_every_net_keeps_to_the_schema(name: str) -> None:
    VALIDATOR.validate(summary_of(name))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.pop("layers"),
        lambda found: found["layers"][0].pop("ops"),
        lambda found: found["layers"][0].update(params=-1),
        lambda found: found["layers"][0].update(output=[28.5]),
        lambda found: found.update(extra=1),
        lambda found: found["totals"].update(macs="1"),
    ],
)
def test_the_schema_refuses_a_spoilt_summary(spoil: Any) -> None:
    found = deepcopy(summary_of("lenet5"))
    spoil(found)
    assert not VALIDATOR.is_valid(found)


@pytest.mark.parametrize("name", NAMES)
def test_layers_add_up_to_totals(name: str) -> None:
    found = summary_of(name)
    for key in ("params", "buffers", "total_params", "trainable_params", "frozen_params", "macs", "flops"):
        assert sum(layer[key] for layer in found["layers"]) == found["totals"][key]
    assert found["conventions"]["mac"] == found["totals"]["macs"]


def test_a_layer_reads_as_documented() -> None:
    layer = summary_of("small.txt")["layers"][1]
    assert layer == {
        "index": 1,
        "kind": "row",
        "line": 3,
        "label": "c1",
        "name": "c1",
        "word": "conv",
        "text": "conv 8 5x5 stride=2 same bn relu",
        "inputs": [[28, 28, 1]],
        "output": [14, 14, 8],
        "params": 224,
        "learned_params": 224,
        "buffers": 16,
        "total_params": 240,
        "trainable_params": 224,
        "frozen_params": 0,
        "macs": 39200,
        "flops": 84672,
        "ops": {"add": 3136, "compare": 1568, "exp": 0, "divide": 0, "multiply": 1568},
        "receptive_field": {"size": [5, 5], "jump": [2, 2], "start": [1.5, 1.5], "whole": False},
        "activation_size": 1568,
        "answers": [],
    }


def test_columns_that_are_asked_for_are_keys_and_null_where_nothing_is_to_compare() -> None:
    asked = asked_counts(analysis_of("lenet5"), Choices(chosen("sharing"), ranking=ranking(None, 3, "macs")))
    found = json.loads(summary_json(*asked))
    VALIDATOR.validate(found)
    keys = ("connections", "as_local", "as_dense", "dense_connections")
    conv = next(layer for layer in found["layers"] if layer["name"] == "conv2")
    assert [conv[key] for key in keys] == [241600, 241600, 1883200, 1883200]  # 10*10*16 * (25*6 + 1); * (14*14*6 + 1)
    assert [found["others"][key] for key in keys] == [11014, 11014, 11014, 11014]  # 84 * 121 + 10 * 85
    assert not {*keys} & {*summary_of("lenet5")["totals"]}


def test_a_layer_without_weights_has_nothing_to_compare() -> None:
    found = json.loads(summary_json(*asked_counts(analysis_of("lenet5"), Choices(chosen("+as_dense")))))
    VALIDATOR.validate(found)
    assert [layer["as_dense"] for layer in found["layers"]][:3] == [None, 4821600, None]
    assert "connections" not in found["layers"][0]


def test_the_order_of_shapes_is_the_one_that_was_asked_for() -> None:
    found = json.loads(summary_json(analysis_of("small.txt"), Choices(order="channels_first")))
    assert (found["order"], found["layers"][1]["output"]) == ("channels_first", [8, 14, 14])


def test_texts_of_the_user_survive() -> None:
    found = json.loads(summary_json(analysis_of_text('title "é \\" 畳"\ninput 8x8x1\n')))
    assert "é" in found["title"]
    assert "畳" in found["title"]


def test_every_copy_is_there() -> None:
    found = json.loads(summary_json(analysis_of("resnet50")))
    assert len(found["layers"]) == 73
    assert sum(layer["params"] for layer in found["layers"]) == 25_557_032


@pytest.mark.parametrize(
    ("dtype", "weights"), [("float32", 102_440_608), ("float16", 51_220_304), ("int8", 25_610_152)]
)
def test_memory_is_in_bytes_of_the_type_that_was_asked_for(dtype: Any, weights: int) -> None:
    """25,557,032 learned numbers and 53,120 running statistics (counting.md)."""
    found = json.loads(summary_json(analysis_of("resnet50"), Choices(dtype=dtype)))
    VALIDATOR.validate(found)
    assert found["memory"] == {
        "dtype": dtype,
        "weights_bytes": weights,
        "activations_bytes": 16_987_624 * weights // 25_610_152,
        "peak_activations_bytes": 2_408_448 * weights // 25_610_152,
    }
    assert found["totals"] == summary_of("resnet50")["totals"]


def test_the_types_of_numbers_and_the_columns_that_sort_are_the_same_everywhere() -> None:
    from cnncalc.cli.commands.summary import NumberType

    asked = [kind.value for kind in NumberType]
    assert asked == list(DTYPES) == SCHEMA["properties"]["memory"]["properties"]["dtype"]["enum"]
    assert SCHEMA["properties"]["sorted_by"]["enum"] == list(SORTABLE)
