"""Questions about a net up to one of its lines, and about a `Model` with the size and the settings it was read with."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.net_files import checked
from cnncalc.questions.asked_net import asked_net
from cnncalc.questions.net_question import net_answer
from cnncalc.questions.net_sizes import net_sizes
from cnncalc.questions.net_widths import NetWidths
from cnncalc.questions.output_sizes import output_sizes
from cnncalc.questions.reconcile import reconciled, stated_counts
from cnncalc.questions.sweep import SweptNet, sweep_of
from cnncalc.report.net_answers import net_answer_sheet
from cnncalc.sources import find

WIDE = "let width = 8\ninput 12x12x1\nconv $width 3x3\nA: maxpool 2x2\nconv 4 3x3\nflatten\ndense 5\n"
"""Up to line A: 10 params and 9 * 10 * 10 MACs for each of its filters."""


def wide(**values: object) -> cnncalc.Model:
    return cnncalc.load(WIDE, until="A", **values)  # type: ignore[arg-type]


def test_vgg16_up_to_its_last_pool_can_be_asked_for_the_size_of_a_map_that_is_no_output_of_it() -> None:
    (vgg,) = output_sizes(asked_net(find("vgg16"), until="maxpool5"), "7x7x512")
    assert vgg.whole is not None
    assert vgg.whole.sizes == (224, 224)
    assert [(axis.found[0].size, axis.found[-1].size) for axis in vgg.axes] == [(224, 255)] * 2  # 7 * 32 = 224
    assert vgg.is_output


@pytest.mark.parametrize(
    ("until", "smallest"),
    [("A", 4), ("conv2", 8), ("dense1", 8)],  # 4 - 2 = 2, / 2 = 1; 8 - 2 = 6, / 2 = 3, - 2 = 1
)
def test_a_layer_that_refuses_the_written_size_is_asked_only_where_it_is_part_of_the_net(
    until: str, smallest: int
) -> None:
    answer = net_sizes(asked_net(Source("net.txt", WIDE.replace("12x12", "4x4")), until=until))
    assert answer.fits is (until == "A")
    assert answer.smallest is not None
    assert answer.smallest.sizes == (smallest, smallest)


def test_a_program_read_again_with_other_sizes_is_cut_every_time() -> None:
    text = cnncalc.load(WIDE).to("json")
    answer = net_sizes(asked_net(Source("net.json", text), until="A"), "10")
    assert answer.fits
    assert [shape.spatial for shape in answer.outputs or ()] == [(4, 4)]


def test_sizes_that_do_not_fit_further_on_are_no_faults_of_a_part() -> None:
    part = checked(find("vgg16"), "16", until="maxpool3")  # its last pool would get a 1x1 map
    assert [part.nodes[index].output.text() for index in part.outputs] == ["2x2x256"]
    assert part.cut is not None
    assert len(part.cut.whole.rows) == 25
    with pytest.raises(cnncalc.InputError, match="kernel-too-large"):
        checked(find("vgg16"), "16", until="maxpool5")
    with pytest.raises(cnncalc.InputError, match="kernel-too-large"):
        checked(find("vgg16"), "16", until="nowhere")


@pytest.mark.parametrize("until", ["3", "twice2"])
def test_a_line_that_comes_again_after_a_fault_is_not_cut_before_it(until: str) -> None:
    text = "block twice\nP: maxpool 2x2\nconv 4 3x3\nend\ninput 10x10x1\ntwice\ntwice\n"
    with pytest.raises(cnncalc.InputError, match="kernel-too-large"):
        checked(Source("net.txt", text), until=until)


def test_a_width_is_found_for_the_part_of_a_net_and_its_advice_makes_that_part() -> None:
    source = Source("net.txt", WIDE)
    answer = net_answer(source, None, {"width": "?"}, counts={"params": "250"}, until="A")
    assert isinstance(answer, NetWidths)
    assert answer.nearest is not None
    assert answer.nearest.value == 25  # 250 / 10
    said = {fact.name: fact.text for fact in net_answer_sheet(answer).foot}
    assert said["Use"] == "cnncalc summary net.txt --set width=25 --until A"
    assert said["--until"] == "the net ends with A: 3 of its 6 lines, those that are needed"


def test_a_sweep_counts_every_variant_up_to_the_line() -> None:
    found = sweep_of(settings={"width": "1,2"}).counted(SweptNet(Source("net.txt", WIDE), until="A"))
    assert [row.totals.figures.params for row in found.rows if row.totals] == [10, 20]


def test_the_near_nets_of_a_cut_net_are_cut_at_the_same_line() -> None:
    graph = checked(Source("net.txt", WIDE), until="A")
    found = reconciled(analyse(graph), stated_counts(["20 params"]))  # 10 * 2
    assert found.numbers[0].findings[0].candidate.claim == "parameters with width=2"


def test_a_model_keeps_its_size_its_settings_and_its_last_line_in_every_question() -> None:
    one, other = wide(), wide(settings={"width": 16}, input_size="4x4")
    swept = cnncalc.sweep(other, batch="1,2")
    assert [row.totals.figures.cost.macs for row in swept.rows if row.totals] == [576, 1152]  # 9 * 2 * 2 * 16
    assert "every network ends with A\n" in f"{swept}\n"
    assert cnncalc.compare(one, other).totals.params == 80
    assert str(cnncalc.compare(one, other)).endswith("--until      A ends with A and B ends with A")
    assert "asked" in str(cnncalc.solve_net(other))
    answer = cnncalc.solve_net(other, macs=9 * 2 * 2 * 21, settings={"width": "?"}).answer
    assert isinstance(answer, NetWidths)
    assert answer.nearest is not None
    assert answer.nearest.value == 21
    said = str(cnncalc.reconcile(other, 160))
    assert "Our counts at 4x4x1, up to A: 160 parameters, 576 MACs, " in said


def test_what_a_sweep_varies_takes_the_place_of_what_the_model_was_read_with() -> None:
    found = cnncalc.sweep(wide(settings={"width": 16}, input_size="4x4"), input="6", settings={"width": [1, 2]})
    assert [row.totals.figures.cost.macs for row in found.rows if row.totals] == [144, 288]  # 9 * 4 * 4


def test_a_cut_net_of_json_is_written_as_the_part_that_it_is() -> None:
    text = cnncalc.load(WIDE).to("json")
    part = checked(Source("net.json", text), until="A")
    assert cnncalc.load(cnncalc.Model(part).to("spec")).analysis.totals.figures.params == 80
