"""The check of a plan can fail: each thing that a plan relies on, taken from it, is named."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from cnncalc.runtime.engine.chain import Takes
from cnncalc.runtime.engine.engine_plan import EnginePlan
from cnncalc.runtime.engine.ir import Activation, Epilogue, Step
from cnncalc.runtime.engine.ops.convolution import Convolution
from cnncalc.runtime.engine.ops.layout_copy import LayoutCopy, Order
from cnncalc.runtime.engine.passes.verify import UnsoundPlanError, verify
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.storage import Halo, Placed, Places
from cnncalc.runtime.planning import Plan, plan

from .nets import analysed

NET = (
    "input 12x10x3\na: conv 32 3x3 same bn relu\nb: maxpool 3 same stride=1\nc: conv 32 1x1 from a\nadd a b c relu\n"
    "d: conv 32 1x1\nconcat a d\nconv 32 3x3 same\nadd d\ngap\ndense 10 softmax\n"
)


def planned(text: str = NET) -> tuple[EnginePlan, Plan]:
    prepared = plan(analysed(text), 2, "float32")
    return engine_plan(prepared, 16, 2), prepared


def refused(engine: EnginePlan, prepared: Plan) -> str:
    with pytest.raises(UnsoundPlanError) as caught:
        verify(engine, prepared.steps)
    return str(caught.value)


def with_step(engine: EnginePlan, place: int, step: Step) -> EnginePlan:
    return replace(engine, steps=(*engine.steps[:place], step, *engine.steps[place + 1 :]))


def with_places(engine: EnginePlan, place: int, places: Places) -> EnginePlan:
    return replace(engine, places=(*engine.places[:place], places, *engine.places[place + 1 :]))


def with_write(engine: EnginePlan, place: int, target: Placed) -> EnginePlan:
    return with_places(engine, place, engine.places[place]._replace(write=target))


def with_read(engine: EnginePlan, place: int, read: Placed) -> EnginePlan:
    places = engine.places[place]
    return with_places(engine, place, Places((read, *places.reads[1:]), places.write))


def first(engine: EnginePlan, kernel: str) -> int:
    return next(place for place, step in enumerate(engine.steps) if step.op.kernel == kernel)


def test_a_plan_as_it_is_made_is_sound() -> None:
    engine, prepared = planned()
    verify(engine, prepared.steps)
    kernels = [step.op.kernel for step in engine.steps]
    assert {"convolution", "winograd", "pool", "pointwise", "region_pool", "dense", "softmax"} <= set(kernels)
    assert engine.in_place


def test_a_batch_norm_that_nobody_folds_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, prepared = planned()
    monkeypatch.setattr(Convolution, "takes", Takes.RESIDUAL | Takes.ACTIVATION)
    assert "a.bn is folded" in refused(engine, prepared)


def test_a_layer_folded_into_a_kernel_that_takes_nothing_is_missed() -> None:
    engine, prepared = planned()
    place = first(engine, "dense")
    node = next(step.node for step in prepared.steps if step.kernel == "bn")
    dense = engine.steps[place]
    wrong = replace(dense, nodes=(*dense.nodes, node))
    assert "a.bn is folded into a step that does not do it" in refused(with_step(engine, place, wrong), prepared)


def test_an_activation_of_another_kind_is_missed() -> None:
    engine, prepared = planned()
    place = first(engine, "convolution")
    step = engine.steps[place]
    assert isinstance(step.op, Convolution)
    wrong = replace(step, op=replace(step.op, epilogue=Epilogue(Activation.CLAMP, 0.0, 6.0)))
    assert "a.relu is folded" in refused(with_step(engine, place, wrong), prepared)


def test_living_maps_may_not_lie_in_one_slot() -> None:
    engine, prepared = planned()
    a, pool = first(engine, "convolution"), first(engine, "pool")
    clash = with_write(engine, pool, engine.places[a].write)
    assert "writes over map" in refused(clash, prepared)


def test_a_map_must_lie_where_it_is_read() -> None:
    engine, prepared = planned()
    place = first(engine, "pool")
    other = next(slot for slot in range(len(engine.slots)) if slot != engine.places[place].reads[0].slot)
    slots = tuple(max(engine.slots) for _ in engine.slots)
    elsewhere = with_read(replace(engine, slots=slots), place, replace(engine.places[place].reads[0], slot=other))
    assert "where it is read" in refused(elsewhere, prepared) or "holds a halo" in refused(elsewhere, prepared)


def test_a_map_is_read_from_its_own_channels() -> None:
    engine, prepared = planned()
    place = next(i for i, each in enumerate(engine.places) if any(read.block for read in each.reads))
    reads = tuple(replace(read, block=0) for read in engine.places[place].reads)
    wrong = with_places(engine, place, Places(reads, engine.places[place].write))
    assert "is not where it is read" in refused(wrong, prepared)


def test_a_window_may_not_leave_the_halo() -> None:
    engine, prepared = planned()
    place = first(engine, "pool")
    step = engine.steps[place]
    wide = replace(step, reads=(replace(step.reads[0], start=(0, -2, -1)),))
    assert "leaves map" in refused(with_step(engine, place, wide), prepared)


def test_a_halo_must_be_as_wide_and_hold_what_its_reader_demands() -> None:
    engine, prepared = planned()
    place = first(engine, "pool")
    step = engine.steps[place]
    wider = replace(step, reads=(replace(step.reads[0], halo=Halo(9, 9, 9, 9)),))
    assert "smaller halo" in refused(with_step(engine, place, wider), prepared)
    other = replace(step, reads=(replace(step.reads[0], fill=-inf),))
    assert "halo of other numbers" in refused(with_step(engine, place, other), prepared)


def test_who_takes_a_map_for_a_vector_must_find_one() -> None:
    engine, prepared = planned()
    place = first(engine, "pool")
    step = engine.steps[place]
    flat = replace(step, op=LayoutCopy(Order.CHANNELS_FIRST))
    assert "no flat vector" in refused(with_step(engine, place, flat), prepared)


def test_steps_in_another_order_are_refused() -> None:
    engine, prepared = planned()
    place = first(engine, "pool")
    swapped = [place, place - 1]
    order = [*range(place - 1), *swapped, *range(place + 1, len(engine.steps))]
    wrong = replace(
        engine,
        steps=tuple(engine.steps[i] for i in order),
        places=tuple(engine.places[i] for i in order),
    )
    assert "map" in refused(wrong, prepared)


def test_a_copy_that_is_missed_is_missed() -> None:
    engine, prepared = planned()
    assert "is not where it is read" in refused(replace(engine, in_place=()), prepared)


def test_a_slot_must_be_large_enough_and_a_halo_is_nobody_elses() -> None:
    engine, prepared = planned()
    small = replace(engine, slots=tuple(size - 64 for size in engine.slots))
    assert "is too small" in refused(small, prepared)
    place = first(engine, "dense")
    haloed = next(each.write.slot for each in engine.places if any(each.write.storage.halo))
    slots = tuple(max(engine.slots) for _ in engine.slots)
    wrong = with_write(replace(engine, slots=slots), place, replace(engine.places[place].write, slot=haloed))
    assert "holds a halo" in refused(wrong, prepared)


def test_a_map_is_written_once() -> None:
    engine, prepared = planned()
    place = first(engine, "region_pool")
    twice = replace(
        engine,
        steps=(*engine.steps[:place], engine.steps[place], *engine.steps[place:]),
        places=(*engine.places[:place], engine.places[place], *engine.places[place:]),
    )
    assert "is written more than once" in refused(twice, prepared)


def test_rows_behind_a_crop_are_not_one_row() -> None:
    engine, prepared = planned("input 8x8x20\nconv 16 1x1\ncrop 1,0,0,0\nconv 17 1x1\n")
    place = len(engine.steps) - 1 - [step.op.kernel for step in reversed(engine.steps)].index("convolution")
    step = engine.steps[place]
    assert isinstance(step.op, Convolution)
    assert not step.op.one_row
    merged = replace(step, op=replace(step.op, one_row=True))
    assert "rows are taken for one" in refused(with_step(engine, place, merged), prepared)


def test_an_output_must_be_in_its_place_at_the_end() -> None:
    engine, prepared = planned()
    (node,) = engine.outputs
    wrong = replace(engine, outputs={node: engine.inputs[0]})
    assert f"output {node} is not in its place" in refused(wrong, prepared)
