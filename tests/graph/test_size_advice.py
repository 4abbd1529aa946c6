"""A size that does not fit: the lines that made it, the nearest inputs that fit the whole net, the words that help."""

from __future__ import annotations

import time

import pytest

from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.graph import load_graph
from tests.time_limits import allowed


def unet(levels: int, size: str) -> str:
    """A U-Net of padded convolutions: every level halves the map, every way back doubles it and meets the way down."""
    down = [f"d{level}: conv {8 << level} 3x3 same relu\nmaxpool 2x2" for level in range(levels)]
    up = [f"upconv {8 << level} 2x2 stride=2\nconcat d{level}" for level in reversed(range(levels))]
    return "\n".join([f"input {size}", *down, "conv 128 3x3 same relu", *up, "conv 2 1x1"])


def fault(text: str, size: str | None = None) -> Diagnostic:
    return load_graph(Source("model.txt", text), size)[1][0]


def fits(text: str, size: str) -> bool:
    return not load_graph(Source("model.txt", text), size)[1]


# ---------------------------------------------------------------------- the U-Net of the report
def test_a_unet_that_meets_88_and_89_names_the_pool_that_drops_the_row() -> None:
    """356 = 4 * 89: the third pool drops a row, the first step back makes 2 * 44 = 88."""
    found = fault(unet(3, "356x356x1"))
    assert found.message == "concat cannot join 88x88x32 and 89x89x32"
    assert found.notes == (
        "line 7, `maxpool 2x2` drops the last row and column: 89x89 -> 44x44",
        "line 9, `upconv 32 2x2 stride=2`: 44x44 -> 88x88",
    )


def test_it_names_the_nearest_inputs_on_either_side_and_the_words_that_help() -> None:
    """Three halvings need a multiple of 8: 352 = 44 * 8 and 360 = 45 * 8."""
    assert fault(unet(3, "356x356x1")).help == (
        "use an input of 352x352 or 360x360, write `output_padding=1` on line 9, "
        "or write `crop` on line 10 to cut the larger map to the smaller"
    )


def test_height_and_width_are_told_each_where_they_differ() -> None:
    found = fault(unet(3, "352x358x1"))
    assert found.notes[0] == "line 7, `maxpool 2x2` drops the last column: 88x89 -> 44x44"
    assert found.help.startswith("use an input of 352x352 or 352x360, write `output_padding=0x1` on line 9")


@pytest.mark.parametrize("levels", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [33, 50, 100, 107, 230])
def test_the_sizes_that_are_named_fit_and_none_between_them_does(levels: int, size: int) -> None:
    """Held against the net bound anew at every size around."""
    text = unet(levels, f"{size}x{size}x1")
    if fits(text, f"{size}"):
        pytest.skip("the size fits already")
    step = 2**levels
    below = [n for n in range(max(1, size - step), size) if fits(text, str(n))]
    above = [n for n in range(size + 1, size + step + 1) if fits(text, str(n))]
    named = f"an input of {' or '.join(f'{n}x{n}' for n in (*below[-1:], *above[:1]))},"
    assert named in fault(text).help


def test_the_shipped_unet_with_same_convolutions_asks_for_a_multiple_of_16() -> None:
    from cnncalc.sources import shipped

    text = shipped("unet").text.replace("3x3 relu", "3x3 same relu").replace(" crop", "")
    text = "\n".join(line.partition("=>")[0] for line in text.split("\n") if not line.startswith("total"))
    assert "use an input of 352x352 or 368x368" in fault(text, "358").help


# ---------------------------------------------------------------------- other nets
def test_a_residual_block_with_a_pool_in_its_shortcut_asks_for_ceil() -> None:
    """57: the strided `same` convolution gives 29, the pool 28; an even size gives half of it on both ways."""
    text = (
        "input 57x60x8\nsplit\nbranch\nconv 16 3x3 stride=2 same bn\n"
        "branch\navgpool 2x2\nconv 16 1x1\njoin add relu"
    )  # fmt: skip
    found = fault(text)
    assert found.notes == (
        "line 4, `conv 16 3x3 stride=2 same bn`: 57x60 -> 29x30",
        "line 6, `avgpool 2x2` drops the last row: 57x60 -> 28x30",
    )
    assert found.help.startswith("use an input of 56x60 or 58x60, write `ceil` or `same` on line 6,")


def test_a_branch_that_would_shrink_to_one_pixel_is_not_advised() -> None:
    """At 5x5 the branch has one pixel, which `add` would spread over the other: nobody wants that."""
    assert "input of" not in fault("input 56x56x16\na: conv 16 1x1\nconv 16 3x3\nconv 16 3x3\nadd a").help


def test_two_convolutions_without_padding_are_named_together() -> None:
    found = fault("input 56x56x16\na: conv 16 1x1\nconv 16 3x3 bn relu\nconv 16 3x3 bn\nadd a")
    assert found.notes == (
        "line 3, `conv 16 3x3 bn relu`: 56x56 -> 54x54",
        "line 4, `conv 16 3x3 bn`: 54x54 -> 52x52",
    )
    assert found.help.startswith("write `same` on lines 3 and 4,")


def test_a_signal_has_values_in_the_place_of_rows() -> None:
    found = fault("input 1001 channels 8\na: conv 16 9 same\nmaxpool 4\nconv 16 3 same\nupsample 4\nconcat a")
    assert found.notes[0] == "line 3, `maxpool 4` drops the last value: 1001 -> 250"
    assert found.help.startswith("use an input of 1000 or 1004,")


def test_a_volume_has_planes() -> None:
    text = "input 17x113x112 channels 1\na: conv 8 3 same\nmaxpool 2\nconv 8 3 same\nupconv 8 2 stride=2\nadd a"
    found = fault(text)
    assert found.notes[0] == "line 3, `maxpool 2` drops the last plane and row: 17x113x112 -> 8x56x56"
    assert found.help.startswith("use an input of 16x112x112 or 18x114x112, write `output_padding=1x1x0` on line 5,")


def test_each_of_several_inputs_is_named() -> None:
    text = (
        "left: input 64x64x3\nmaxpool 2x2\nl: relu\n"
        "right: input 62x62x1\nmaxpool 2x2\nconcat l"
    )  # fmt: skip
    assert fault(text).help.startswith("use an input of 63x63 for `left` or 64x64 for `right`,")


def test_an_upsampling_is_given_the_size_that_fits() -> None:
    found = fault("input 89x89x8\na: relu\nmaxpool 2x2\nupsample 2 bilinear\nconcat a")
    assert "write `upsample size=89x89` on line 4" in found.help
    assert fits("input 89x89x8\na: relu\nmaxpool 2x2\nupsample size=89x89 bilinear\nconcat a", "89")


def test_shapes_that_differ_by_channels_are_no_matter_of_sizes() -> None:
    found = fault("input 8x8x4\na: conv 4 3x3 same\nconv 8 3x3 same\nadd a")
    assert found.help == (
        "make the channels equal, for instance by a 1x1 convolution on one of the branches, "
        "or write `concat`, which puts the channels one after the other"
    )


# ---------------------------------------------------------------------- kernels that are too large
def test_the_smallest_input_is_told_for_each_axis() -> None:
    """Only the height is too small: 46 -> 44 -> 22 -> 20 -> 10 -> 8 -> 4 -> 2 -> 1."""
    text = "block down w\nconv $w 3x3\nmaxpool 2x2\nend\ninput 40x100x3\ndown 8 times 2\ndown 16\ndown 32\ngap"
    assert fault(text).help.endswith("or an input of at least 46x100")
    assert fits(text, "46x100")
    assert not fits(text, "45x100")


def test_the_smallest_input_is_that_of_the_whole_net_not_of_the_line() -> None:
    """Two more lines below the first that does not fit: 4 * (2 + 4) + 1 = 25."""
    text = "input 20x20x3\nrepeat 4 i\nconv 8*($i+1) 3x3\nconv 8 5x5\nend"
    assert fault(text).help.endswith("or an input of at least 25x25")
    assert fits(text, "25")
    assert not fits(text, "24")


def test_a_net_with_both_a_pool_and_a_join_is_not_told_a_smallest_size() -> None:
    """From the size that fits on, only every second one does: so it is that size, not `at least`."""
    found = fault("input 4x4x3\nconv 8 3x3\ncrop 4\nspacetodepth 2")
    assert found.help == "cut off less, or use an input of 12x12"


def test_where_no_input_fits_none_is_named() -> None:
    assert "input of" not in fault("input 8x8x1\nconv 4 3x3 same\nadaptavg 2x2\nconv 4 5x5").help


# ---------------------------------------------------------------------- bounds
def test_a_long_net_with_a_fault_is_answered_soon() -> None:
    text = "input 9x9x1\na: relu\n" + "conv 1 1x1\n" * 4_000 + "maxpool 2x2\nupsample 2\nadd a"
    started = time.perf_counter()
    found = fault(text)
    assert time.perf_counter() - started < allowed(30)
    assert found.code == "shapes-differ"


def test_many_faults_of_sizes_are_bounded() -> None:
    text = "input 9x9x1\na: relu\n" + "relu from a\nmaxpool 2x2\nupsample 2\nadd a\n" * 200
    started = time.perf_counter()
    load_graph(Source("model.txt", text))
    assert time.perf_counter() - started < allowed(20)


def test_a_size_from_outside_is_refused_as_before() -> None:
    with pytest.raises(InputError):
        load_graph(Source("model.txt", unet(2, "30x30x1")), "0")


def test_a_second_input_is_named_where_it_alone_is_too_small() -> None:
    found = fault("input 64x64x3\nother: input 5x5x1\nconv 4 7x7")
    assert found.help.endswith("or an input of at least 7x7 for `other`")
    assert fits("input 64x64x3\nother: input 5x5x1\nconv 4 7x7", "other=7x7")


def test_a_line_that_shares_weights_and_gets_too_little_is_one_fault() -> None:
    """Sizes that fit are looked for in a net that is put together to its end, shared weights included."""
    text = "input 9x9x2\na: local 3 5x5\nmaxpool 3x3\nlocal 3 5x5 shared=a"
    assert [one.code for one in load_graph(Source("model.txt", text))[1]] == ["kernel-too-large"]


def test_a_layer_that_is_refused_for_its_weights_too_is_no_part_of_the_advice() -> None:
    """Its size is supposed, then its bias found too short: the advice looked for a node that is not there."""
    layer = "dwconv 1x4 multiplier=2 bias=b\n"
    found = fault(f"data b = [1 2]\ninput 4x4 channels 1\n{layer}{layer}")
    assert found.message == "a 1x4 kernel does not fit a 4x1 input"
    assert found.help == "use `same` padding, a kernel of at most 4x1"


def test_a_vector_that_arrives_before_a_map_has_no_size_to_be_advised_on() -> None:
    text = "q: input 48\nk: input 3 channels 48\nv: input 8 channels 48\nattention q k v\n"
    assert fault(text).message == "attention cannot weigh 8x48 by keys of 3x48"
