"""What moves, and the least time of each line on a machine: by hand for lines that are counted on fingers."""

from __future__ import annotations

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.analysis import analyse
from cnncalc.analysis.roofline import Machine, roofline, stated_machine
from cnncalc.analysis.traffic import intensity, moved_bytes
from cnncalc.diagnostics import InputError

TEN_TERA = Machine(Fraction(10**13), Fraction(900 * 10**9))


def moved(*lines: str, batch: int = 1) -> list[int]:
    graph = cnncalc.load("\n".join(lines) + "\n").graph
    return [row.figures.moved for row in analyse(graph, batch).rows]


def test_a_line_reads_its_input_and_its_weights_and_writes_its_output() -> None:
    assert moved("input 8x8x3", "conv 4 3x3 same") == [0, 8 * 8 * 3 + 4 * 3 * 9 + 4 + 8 * 8 * 4]


def test_words_behind_a_layer_work_on_it_in_one_go() -> None:
    """bn adds its four numbers a channel, relu nothing: the map between them is never written."""
    plain, with_words = (moved("input 8x8x3", line)[1] for line in ("conv 4 3x3 same", "conv 4 3x3 same bn relu"))
    assert with_words == plain + 4 * 4


def test_a_join_reads_each_of_its_inputs_once_and_a_view_moves_nothing() -> None:
    assert moved("input 4x4x2", "a: conv 2 1x1", "conv 2 1x1", "add a", "flatten", "dropout 0.5")[3:] == [3 * 32, 0, 0]


def test_a_batch_reads_the_weights_once() -> None:
    """So the intensity of a dense layer grows with the batch: 2 x 100 x 1000 FLOPs on 4 x 101 x 1000 bytes."""
    one, many = (moved("input 100", "dense 1000", batch=batch)[1] for batch in (1, 64))
    assert (one, many) == (101 * 1000 + 1100, 101 * 1000 + 64 * 1100)


def test_blocks_and_the_total_are_the_sum_of_their_lines() -> None:
    analysis = cnncalc.load("resnet18").analysis
    assert analysis.totals.figures.moved == sum(row.figures.moved for row in analysis.rows)
    for group in analysis.groups:
        inside = analysis.rows[group.group.first : group.group.last + 1]
        assert group.figures.moved == sum(row.figures.moved for row in inside)


def test_intensity_is_flops_by_bytes_and_halves_of_them_double_it() -> None:
    figures = cnncalc.load("input 4x4x1\nconv 1 3x3 same nobias\n").analysis.totals.figures
    assert moved_bytes(figures, "float32") == 4 * (16 + 9 + 16)
    assert intensity(figures, "float32") == Fraction(2 * 9 * 16, 4 * 41)
    assert intensity(figures, "float16") == 2 * Fraction(2 * 9 * 16, 4 * 41)


def test_a_line_takes_the_longer_of_its_two_times() -> None:
    found = roofline(cnncalc.load("vgg16").analysis, TEN_TERA)
    for line in found.lines:
        assert line.seconds == max(Fraction(line.flops, 10**13), Fraction(line.bytes, 900 * 10**9))
        if line.intensity:
            assert (line.bound == "compute") is (line.intensity >= TEN_TERA.ridge)
            assert line.rate == TEN_TERA.attainable(line.intensity)
    assert sum(line.seconds for line in found.lines) == found.total.seconds
    assert found.seconds_bound_by("compute") + found.seconds_bound_by("memory") == found.total.seconds


def test_vgg16_spends_its_time_in_convolutions_that_arithmetic_bounds_and_in_its_first_dense_layer() -> None:
    """Its 102,764,544 weights, 411 MB, take 457 microseconds to read at 900 GB/s."""
    analysis = cnncalc.load("vgg16").analysis
    found = roofline(analysis, TEN_TERA)
    dense = next(line for row, line in zip(analysis.rows, found.lines, strict=True) if row.row.word == "dense")
    assert dense.bound == "memory"
    assert dense.seconds == Fraction(4 * (102_764_544 + 25_088 + 4096), 900 * 10**9)
    assert (max(found.lines, key=lambda line: line.seconds), found.images_per_second) == (
        dense,
        1 / found.total.seconds,
    )


def test_many_images_at_once_share_the_weights() -> None:
    graph = cnncalc.load("vgg16").graph
    one, many = (roofline(analyse(graph, batch), TEN_TERA) for batch in (1, 64))
    assert one.images_per_second is not None
    assert many.images_per_second is not None
    assert many.images_per_second > one.images_per_second


def test_a_net_that_only_looks_takes_no_time() -> None:
    found = roofline(cnncalc.load("input 4x4x1\nflatten\n").analysis, TEN_TERA)
    assert (found.total.seconds, found.images_per_second, found.total.bound) == (0, None, "neither")


@pytest.mark.parametrize(
    ("peak", "bandwidth"), [("10T", "900G"), ("10TFLOPS", "900GB/s"), ("10,000G", "0.9T"), ("10 TFLOP/s", "900 GB")]
)
def test_a_machine_is_stated_as_data_sheets_do(peak: str, bandwidth: str) -> None:
    assert stated_machine(peak, bandwidth) == TEN_TERA


@pytest.mark.parametrize(
    ("peak", "bandwidth", "said"),
    [
        ("10", "900G", "--peak: `10` has no unit"),
        ("10T", "0G", "--bandwidth: with 0 bytes a second nothing is ever done"),
        ("-10T", "900G", "--peak: `-10T` is negative"),
        ("1e400T", "900G", "--peak: `1e400T` has more than 18 digits"),
        ("10GB", "900G", "--peak: `10GB` is no number of FLOPs a second"),
        ("10T", "900GMACs", "--bandwidth: `900GMACs` is no number of bytes a second"),
    ],
)
def test_what_is_no_machine_is_refused(peak: str, bandwidth: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        stated_machine(peak, bandwidth)
    assert caught.value.diagnostics[0].message == said


@pytest.mark.parametrize(
    ("peak", "bandwidth", "read"),
    [("1P", "900GBps", (10**15, 9 * 10**11)), ("2PFLOPS", "900000000000B/s", (2 * 10**15, 9 * 10**11))],
)
def test_data_sheets_write_petaflops_and_bytes_in_full(peak: str, bandwidth: str, read: tuple[int, int]) -> None:
    assert stated_machine(peak, bandwidth) == read


@pytest.mark.parametrize("bandwidth", ["900Gb/s", "900gb/s", "900Gbps"])
def test_bits_are_not_read_as_bytes(bandwidth: str) -> None:
    with pytest.raises(InputError) as caught:
        stated_machine("10T", bandwidth)
    said = caught.value.diagnostics[0]
    assert said.message == f"--bandwidth: a small b is a bit, and `{bandwidth}` is wanted in bytes"
    assert "write --bandwidth 112.5GB/s, or" in said.help


def test_a_number_without_a_unit_gets_the_unit_that_leaves_it_as_large() -> None:
    with pytest.raises(InputError) as caught:
        stated_machine("10000000000000", "900G")
    assert caught.value.diagnostics[0].help == "write the unit, for example --peak 10T"
