"""`cnncalc memory`: its table at any width, its units, and how many images fit."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

import cnncalc

from .conftest import Command


def test_the_table_says_what_is_alive_where_and_what_training_adds(command: Command) -> None:
    done = command("memory", "vgg16", "--train", "--within", "8GB", "--width", "100")
    said = " ".join(done.out.split())
    assert done.status == 0
    for words in (
        "Activations 15,237,608 numbers, of all lines: 60.95 MB (58.13 MiB)",
        "Peak 6,422,528 numbers alive at once: 25.69 MB (24.50 MiB) while conv 64 3x3 same relu (line 7) is computed",
        "To use it weights and peak: 579.12 MB (552.29 MiB)",
        "To train it with adam in float32: 2,286.96 MB",
        "553.43 MB (527.79 MiB) gradients of 138,357,544 trained params",
        "to use it in 8.00 GB (7.45 GiB): 289 images at once take 7,977.87 MB",
        "to train it with adam in 8.00 GB (7.45 GiB): 79 images",
    ):
        assert words in said


def test_where_the_weights_alone_are_too_many_it_is_said_and_found(command: Command) -> None:
    done = command("memory", "vgg16", "--within", "500MB", "--width", "200")
    assert done.status == 1
    assert "to use it 500.00 MB (476.84 MiB) are too few: the weights alone take 553.43 MB" in done.out


def test_json_and_csv_have_exact_bytes_of_every_layer(command: Command) -> None:
    found = json.loads(command("memory", "vgg16", "--json", "--train", "sgd", "--batch", "2").out)
    rows = [*csv.DictReader(io.StringIO(command("memory", "vgg16", "--format", "csv", "--batch", "2").out))]
    assert found["activations_bytes"] == 2 * 60_950_432 == sum(int(row["activations"] or 0) for row in rows)
    assert [row["name"] for row in rows] == [layer["name"] for layer in found["layers"]]
    assert max(int(row["alive"]) for row in rows) == found["peak_bytes"]
    training = found["training"]
    parts = ("weights", "gradients", "float32_copy", "optimizer", "kept", "passing", "images")
    assert training["total_bytes"] == sum(training[f"{part}_bytes"] for part in parts)


def test_few_bytes_are_counted_in_kilobytes(command: Command) -> None:
    said = command("memory", "lenet5", "--width", "80").out
    assert "kB" in said
    assert " 18.82 " in said  # 28x28x6 numbers of 4 bytes


@pytest.mark.parametrize("given", ["8", "-8GB", "1e400GB", "0GB", "8GB/s"])
def test_memory_without_a_unit_is_no_memory(command: Command, given: str) -> None:
    done = command("memory", "lenet5", f"--within={given}")
    assert done.status == 2
    assert "error[unreadable-number]: --within" in done.err


def test_an_optimizer_that_is_not_known_is_named(command: Command) -> None:
    assert "`rmsprop` is no value for `--train`" in command("memory", "lenet5", "--train", "rmsprop").err


def test_python_gives_the_same_table_and_the_bytes_as_numbers(command: Command) -> None:
    found = cnncalc.load("lenet5").memory(train="adam", within="1MB", batch=2)
    printed = command("memory", "lenet5", "--train", "adam", "--within", "1MB", "--batch", "2", "--width", "80").out
    assert str(found) == printed.rstrip("\n")
    assert found.training is not None
    assert (found.weights, found.training.state, found.largest_batch) == (4 * 61_706, 2 * 4 * 61_706, 32)
    assert "<table>" in found._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"dtype": "int4"}, "there is no type 'int4' of numbers"),
        ({"train": "rmsprop"}, "there is no optimizer 'rmsprop'"),
        ({"batch": 0}, "a batch of 0 images has none"),
        ({"within": -5}, "within: -5 is no number above 0 and below 10^18"),
        ({"within": float("nan")}, "within: nan is no number above 0 and below 10^18"),
        ({"mixed": True}, "mixed precision is about training, which was not asked for"),
    ],
)
def test_what_python_cannot_be_asked_is_said(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(cnncalc.InputError) as caught:
        cnncalc.load("lenet5").memory(**arguments)
    assert caught.value.diagnostics[0].message == said


@pytest.mark.parametrize("net", ["input 4x4x1\nflatten\n", "input 3\n", "input 2x2x1\nscale 2\n"])
def test_nets_with_little_in_them_have_a_table_too(net: str) -> None:
    found = cnncalc.load(net).memory(train="sgd", within="8GB")
    assert found.training is not None
    assert found.inference >= found.peak >= 0
    assert "To train it" in str(found)


@pytest.mark.parametrize("batch", [2.0, "4", True, 10**400])
def test_a_batch_in_python_is_a_whole_number_of_images(batch: Any) -> None:
    with pytest.raises(cnncalc.InputError) as caught:
        cnncalc.load("lenet5").memory(batch=batch)
    assert caught.value.diagnostics[0].help == "give a whole number from 1 to 1,000,000,000"


def test_a_memory_that_is_a_byte_too_small_is_compared_in_bytes() -> None:
    assert "270,343 bytes are too few: one image takes 270,344 bytes" in " ".join(
        str(cnncalc.load("lenet5").memory(within=270_343)).split()
    )
    assert "1 image at once takes 270.34 kB" in " ".join(str(cnncalc.load("lenet5").memory(within=270_344)).split())
