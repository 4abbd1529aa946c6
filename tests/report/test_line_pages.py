"""Lines without a layer are explained too: what they are, what they hold, and why they may not count."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.graph import load_graph
from cnncalc.net_files import checked
from cnncalc.report.canvas import Canvas
from cnncalc.report.explanation import explained

from .nets import NAMES, analysis_of, analysis_of_text

TEXT = """title "If"

let head = flat          # a comment behind
block unused w
  conv $w 3x3
end
input 28x28x1
if $in == 2
  conv 9 3x3

else
  conv 6 5x5 relu
end
# the second half
split
branch
  conv 4 3x3 same
branch
  conv 4 1x1
join add
filter f = [1 2; 3 4]
repeat 2
  conv 4 1x1
end
total => params 388
"""


def told(number: int, text: str = TEXT) -> list[str]:
    return explained(analysis_of_text(text), str(number), Canvas()).splitlines()


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, '`title "..."` names the network; tables print it above their first line.'),
        (2, "A blank line: nothing is computed here."),
        (2, "next        line 7 has a layer: `input 28x28x1`"),
        (3, "value       flat"),
        (4, "called      by no line"),
        (5, "not used    no line calls the block of line 4: `block unused w`"),
        (6, "ends        line 4: `block unused w`"),
        (8, "taken       never: its lines do not count in this network"),
        (9, "not taken   line 8 leaves these lines out: `if $in == 2`"),
        (10, "not taken   line 8 leaves these lines out: `if $in == 2`"),
        (11, "taken       once"),
        (13, "ends        line 8: `if $in == 2`"),
        (14, "A comment: nothing is computed here."),
        (14, "next        line 17 has a layer: `conv 4 3x3 same`"),
        (15, "branches    2, joined in line 20"),
        (18, "of          the split of line 15"),
        (21, "size        2x2"),
        (22, "times       2"),
        (25, "params      444"),  # 156 + 220 + 28 + 2 * 20
    ],
)
def test_a_line_without_a_layer_is_explained(number: int, expected: str) -> None:
    assert expected in told(number)


def test_a_part_that_is_taken_says_nothing_of_the_part_above_it() -> None:
    assert [line for line in told(11) if line.startswith("not taken")] == []


@pytest.mark.parametrize("name", ["lenet5", "resnet50", "mobilenet-v3", "blocks.txt", "by_hand.txt"])
def test_every_line_of_a_text_is_explained_and_fits(name: str) -> None:
    analysis = analysis_of(name)
    for number in range(1, len(analysis.graph.source.text.splitlines()) + 1):
        text = explained(analysis, str(number), Canvas(80))
        assert text.strip()
        assert [line for line in text.split("\n") if len(line) > 80] == []


@pytest.mark.parametrize("place", ["0", "26", "99999999999999999999", "²", "-1"])
def test_a_number_beyond_the_text_is_refused_with_the_lines_that_there_are(place: str) -> None:
    with pytest.raises(InputError, match="the number of a line from 1 to 25"):
        told(place)  # type: ignore[arg-type]


def test_a_block_call_tells_its_settings_and_its_sums() -> None:
    """Bottleneck of ResNet-50: 64 * 64 + 128, 9 * 64 * 64 + 128, 64 * 256 + 512 and the shortcut's 64 * 256 + 512."""
    text = explained(analysis_of("resnet50"), "28", Canvas(100))
    page = text.split("\n\n")
    assert "settings    width = 64, blocks = 3" in page[0]
    assert "in all" in page[1]
    assert "215,808" in page[1]


def test_alike_lines_of_a_call_are_one_row_with_their_number() -> None:
    text = explained(analysis_of("blocks.txt"), "16", Canvas(100))
    rows = [line.split() for line in text.split("\n\n")[1].splitlines()]
    assert rows[0] == ["layer", "line", "leaves", "times", "params", "each", "MACs", "each"]
    assert [row[-3] for row in rows[2:-1]] == ["2", "2", "2"]
    assert rows[-1][-2] == "9,344"  # 2 * 2 * (9 * 16 * 16 + 2 * 16)


def test_the_call_by_its_label_is_the_call_by_its_line() -> None:
    analysis = analysis_of_text("block two f\n  conv $f 3x3\n  conv $f 3x3\nend\ninput 28x28x1\nd1: two 8\n")
    assert explained(analysis, "d1", Canvas()) == explained(analysis, "6", Canvas())
    assert explained(analysis, "6", Canvas()).startswith("d1: two 8   line 6\nblock       two, which line 1 defines\n")


def test_a_call_that_ends_at_a_fault_says_so_and_counts_as_its_file_does() -> None:
    source = Source("net.txt", "count keras\nblock b f\n  conv $f 3x3 bn\n  conv 4 99x99\nend\ninput 28x28x1\nb 4\n")
    graph, faults = load_graph(source)
    assert faults
    page = explained(analyse(graph), "7", Canvas()).splitlines()
    assert page[3] == "ends        at a fault, before the end of the block: see the error"
    assert "conv 4 3x3 bn  3     26x26x4      56  24,336" in page  # 40 + 8 learned, 8 running values


def test_all_rows_are_still_explained_without_a_place() -> None:
    assert all(explained(analysis_of(name), None, Canvas()) for name in NAMES[:3])


def test_signs_that_other_programs_take_for_line_ends_are_none_here() -> None:
    text = "# one\x0ctwo\u2028three\ninput 4x4x1\n"
    assert told(2, text)[0] == "input1: input 4x4x1   line 2"
    with pytest.raises(InputError, match="from 1 to 2"):
        told(3, text)


def test_lines_of_an_included_text_are_none_of_the_text_that_includes_it():
    analysis = analyse(checked(Source("<text>", "# mine\n\ninclude lenet5\n")))
    assert explained(analysis, "1", Canvas()).splitlines()[-1] == "next        line 3 has a layer: `include lenet5`"
    with pytest.raises(InputError) as caught:
        explained(analysis, "4", Canvas())
    assert "the number of a line from 1 to 3" in str(caught.value)
    assert "line 1 of lenet5" in explained(analysis, "lenet5:1", Canvas())
