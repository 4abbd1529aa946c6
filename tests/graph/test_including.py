"""`include`: a net's layers become lines of another net, and what is said about that net as a whole stays behind."""

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.net_files import checked, in_another_folder, read, written
from cnncalc.sources import find
from cnncalc.spec.parsing import parse

OTHER = """title "other"
labels imagenet
let w = 8
block two n
conv $n 3x3 same relu
conv $n 3x3 same
end
input 32x32x3
a: two $w => 1x1x1 params 3
maxpool 2x2
b: conv 16 3x3 relu
gap
dense 7 softmax
answer 1 b.params = 4
total => params 1
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("nets").mkdir()
    Path("nets/other.txt").write_text(OTHER)


def net(text, **more):
    return checked(Source("<text>", text), **more)


def names(graph):
    return [node.name for node in graph.nodes]


def fault(text):
    faults = read(Source("<text>", text))[1]
    assert faults
    return faults[0]


# ---------------------------------------------------------------------- what becomes of the lines
def test_as_the_first_line_it_brings_its_input_and_leaves_what_it_says_of_itself():
    found = net("include nets/other.txt\n")
    assert found.nodes[0].output.text() == "32x32x3"
    assert (found.title, found.classes, found.totals, found.questions) == ("", "", (), ())
    assert not any(row.answers for row in found.rows)
    assert not any(group.answers for group in found.groups)


def test_the_input_that_it_brings_is_above_its_lines_as_in_any_net():
    found = net("include nets/other.txt until=b\n")
    assert [row.depth for row in found.rows] == [0, 2, 2, 1, 1]
    assert (found.groups[0].first, found.groups[0].last, found.groups[0].word) == (1, 4, "other")
    assert analyse(found).groups[0].inputs[0].text() == "32x32x3"


def test_behind_another_line_it_works_on_what_arrives_whatever_its_size():
    found = net("input 20x10x1\nconv 3 1x1\ninclude nets/other.txt until=a\n")
    assert [row.word for row in found.rows] == ["input", "conv", "conv", "conv"]
    assert found.nodes[-1].output.text() == "20x10x8"


def test_with_a_label_its_lines_have_names_of_their_own():
    found = net("conv1: input 32x32x3\nx: include nets/other.txt\nconv 2 1x1 from x.b\n")
    assert "x.b" in names(found)
    assert "x.a.conv1" in names(found)
    assert set(found.labels) == {"conv1", "x", "x.a", "x.b"}


def test_without_a_label_its_lines_and_labels_are_those_of_the_net():
    found = net("include nets/other.txt until=b\nconv 4 1x1 from a\ngap\n")
    assert names(found)[:3] == ["input1", "a.conv1", "a.conv1.relu"]
    assert names(found)[-2:] == ["conv1", "gap1"]


def test_where_a_name_is_taken_the_next_number_is_used():
    found = net(
        "input 32x32x3\nconv 3 1x1\nmaxpool 2x2\nx: identity\ninclude nets/other.txt until=maxpool1\nmaxpool 2x2\n"
    )
    assert [name for name in names(found) if "maxpool" in name] == ["maxpool1", "maxpool2", "maxpool3"]


def test_constants_get_other_values_and_stay_apart_from_those_of_the_net():
    found = net("let w = 5\ninclude nets/other.txt w=2*$w until=a\nconv $w 1x1\n")
    assert [node.output.channels for node in found.nodes if node.layer.word == "conv"] == [10, 10, 5]


def test_the_width_of_a_shipped_network_is_given_on_the_line():
    """MobileNetV2 with alpha=0.5, as Keras' MobileNetV2(alpha=0.5, include_top=False): 706,224 with its statistics."""
    if "let alpha" not in find("mobilenet-v2").text:
        pytest.skip("its text has no `let alpha`")
    found = analyse(net("include mobilenet-v2 alpha=0.5 until=gap1\n")).totals.figures
    assert found.total_params == 706_224


def test_a_copy_of_the_net_for_every_copy_of_the_line_and_its_own_for_every_branch():
    copied = (
        net("input 8x8x8\ninclude nets/same.txt times 3\n")
        if Path("nets/same.txt").write_text("input 4x4x8\nconv 8 3x3 same\n")
        else None
    )
    assert names(copied) == ["input1", "conv1", "conv2", "conv3"]
    branched = net(
        "input 8x8x8\nsplit\nbranch\nbranch\ninclude nets/same.txt\nbranch\nx: include nets/same.txt\njoin add\n"
    )
    assert [row.branches for row in branched.rows] == [(), (1,), (1,), ()]
    assert branched.nodes[-1].inputs == (0, 1, 2)


def test_texts_that_are_included_include_others_found_from_their_own_folder():
    Path("nets/head.txt").write_text('input 8x8x16\nfrom "tail.txt"\n')
    Path("nets/tail.txt").write_text("input 8x8x16\ngap\ndense 2\n")
    assert names(net("include nets/other.txt until=b\ninclude nets/head.txt\n"))[-2:] == ["gap1", "dense1"]


def test_only_the_branches_that_lead_to_until_stay():
    Path("nets/two.txt").write_text("input 8x8x3\nsplit\nbranch\na: conv 4 1x1\nbranch\nb: conv 4 3x3 same\njoin add\n")
    assert names(net("include nets/two.txt until=b\n")) == ["input1", "b"]
    assert names(net("include nets/two.txt until=6\n")) == ["input1", "b"]


def test_the_answers_of_the_line_are_about_all_of_it():
    from cnncalc.report.answer_marks import own_findings

    found = net("include resnet18 until=stage4 frozen => 7x7x512 params 11176512 trainable 0\ngap\ndense 10\n")
    assert [one.verdict.ok for one in own_findings(analyse(found))] == [True, True, True]


def test_a_frozen_backbone_and_a_new_head_have_the_numbers_of_torchvision():
    """resnet18() with requires_grad_(False) and fc = Linear(512, 10), torchvision 0.24: 11,176,512 and 5,130."""
    found = analyse(net("backbone: include resnet18 until=stage4 frozen\ngap\ndense 10 softmax\n")).totals.figures
    assert (found.frozen, found.trainable_params, found.params) == (11_176_512, 5_130, 11_181_642)


def test_another_input_size_reaches_an_included_input():
    found = net("include resnet18 until=stage4\n", input_size="96x96")
    assert found.nodes[-1].output.text() == "3x3x512"


# ---------------------------------------------------------------------- notations
def test_fmt_keeps_the_line_and_writes_include():
    once = formatted(parse(Source("<text>", 'x:  FROM "nets/other.txt"  until=b w=4\n'))[0])
    assert once == 'x: include "nets/other.txt" until=b w=4\n'
    assert formatted(parse(Source("<text>", once))[0]) == once


def test_spec_keeps_the_line_and_json_is_written_out():
    found = net("x: include nets/other.txt until=b frozen\ngap\ndense 3\n")
    assert written(found, "spec") == "x: include nets/other.txt until=b frozen\ngap\ndense 3\n"
    again = checked(Source("again.json", written(found, "json")))
    assert [(one.layer, one.inputs, one.frozen) for one in again.nodes] == [
        (one.layer, one.inputs, one.frozen) for one in found.nodes
    ]


def test_a_net_as_our_json_can_be_included():
    Path("nets/as.json").write_text(written(checked(find("nets/other.txt")), "json"))
    assert names(net("include nets/as.json until=b\n")) == names(net("include nets/other.txt until=b\n"))


def test_a_block_called_include_is_a_block():
    assert names(net("block include n\nconv $n 1x1\nend\ninput 8x8x1\ninclude 3\n")) == ["input1", "include1.conv1"]


def test_a_backbone_is_frozen_up_to_one_of_its_lines():
    """The trainable params of torchvision's resnet18 without fc are 11,176,512, those of layer4 alone 8,393,728."""
    found = analyse(net("let f = stage3\ninclude resnet18 until=stage4 frozen=$f\ngap\ndense 10\n"))
    figures = found.totals.figures
    assert (figures.params, figures.trainable_params) == (11_176_512 + 5_130, 8_393_728 + 5_130)


def test_until_reads_a_constant_of_the_text():
    assert names(net("let u = a\ninclude nets/other.txt until=$u\n")) == names(net("include nets/other.txt until=a\n"))


def test_a_text_written_into_another_folder_names_its_files_from_there():
    Path("c.txt").write_text("include nets/other.txt\ninclude lenet5\n")
    text = in_another_folder(Path("c.txt").read_text(), "c.txt", "more/c.txt")
    assert text == 'include "../nets/other.txt"\ninclude lenet5\n'
    assert in_another_folder("include nets/other.txt\n", "c.txt", "d.txt") == "include nets/other.txt\n"


# ---------------------------------------------------------------------- what is wrong
@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("include nets/othr.txt", "no-such-file", "no shipped network called `nets/othr.txt`"),
        ("include resnet81", "no-such-file", "no shipped network called `resnet81`"),
        ("include", "missing-operand", "`include` needs the name"),
        ("include nets", "not-included", "`nets` is not a file"),
        ("include /dev/zero", "not-included", "`/dev/zero` is not a file"),
        ("include nets/net.py", "not-included", "is not a text in the language of cnncalc"),
        ("include nets/secret", "not-included", "nets/secret holds no line of a network"),
        ("include nets/self.txt", "include-of-itself", "nets/self.txt includes itself"),
        ("include nets/other.txt until=c", "unknown-place", "no line, label or layer called `c`"),
        ("include nets/other.txt width=3", "unknown-setting", "no line `let width = ...`"),
        ("include nets/other.txt 3", "unexpected-word", "`include` takes one name"),
        ("include nets/other.txt until=a until=b", "given-twice", "`until` is given twice"),
        ("input 28x28x1\ninclude nets/other.txt", "included-channels", "takes 32x32x3, and 28x28x1 arrives here"),
        ("input 100\ninclude nets/other.txt", "included-channels", "takes 32x32x3, and 100 arrives here"),
        ("input 8x8x1\ninclude nets/pair.txt", "included-inputs", "has several inputs"),
        ("include nets/heads.txt", "included-outputs", "has 2 outputs, and an include gives one: conv1, conv2"),
        ("include nets/other.txt until=a\na: gap", "used-twice", "the label `a` is used above already"),
        ("a: input 8x8x3\ninclude nets/other.txt", "used-twice", "labels a line `a`"),
        ("input 8x8x4\ninclude nets/same.txt times 100000", "too-many-layers", ""),
    ],
)
def test_what_cannot_be_included_is_said_at_the_line(text, code, message):
    Path("nets/net.py").write_text("import torch.nn as nn\nnet = nn.Sequential(nn.Conv2d(3, 6, 5))\n")
    Path("nets/secret").write_text("root:x:0:0:SECRET:/root\n")
    Path("nets/self.txt").write_text("input 8x8x1\ninclude self.txt\n")
    Path("nets/pair.txt").write_text("a: input 8x8x1\nb: input 8x8x1\nadd a b\n")
    Path("nets/same.txt").write_text("input 8x8x4\nconv 4 1x1 bn relu\n")
    Path("nets/heads.txt").write_text("x: input 8x8x1\nconv 3 1x1\nconv 3 1x1 from x\n")
    found = fault(text + "\n")
    assert (found.code, message in found.message) == (code, True)
    assert "SECRET" not in str(InputError((found,)))


def test_a_fault_inside_names_the_file_and_the_line_there():
    Path("nets/bad.txt").write_text("input 8x8x1\nconv 3 9x9\n")
    with pytest.raises(InputError) as caught:
        net('title "mine"\nx: include nets/bad.txt\n')
    assert "--> nets/bad.txt:2:8" in str(caught.value)
    assert "reached from line 2" in str(caught.value)


def test_a_line_of_an_included_text_is_named_with_its_file():
    found = fault("include nets/other.txt\nconv 2 1x1\n")
    assert "move this line before line 12 of nets/other.txt" in found.help


def test_a_text_without_a_reader_of_files_includes_nothing():
    """So that what students hand in, which is read by `cnncalc.graph` at most, opens no file of the teacher's."""
    (found,) = load_graph(Source("<text>", "include /etc/hostname\n"))[1]
    assert found.code == "not-included"
    homework = Path(__file__).parents[2] / "cnncalc" / "homework"
    texts = [path.read_text() for path in homework.rglob("*.py")]
    assert texts
    assert not any("net_files" in text or "included_files" in text for text in texts)


def test_the_line_that_led_to_a_fault_in_another_file_is_named_with_its_own_file():
    Path("nets/bad.txt").write_text("input 8x8x1\nconv 3 9x9\n")
    Path("mine.txt").write_text("include nets/bad.txt\n")
    with pytest.raises(InputError) as caught:
        checked(find("mine.txt"))
    assert "reached from line 1 of mine.txt" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("secret.txt", "input 8x8x1\nSECRET_TOKEN abc\nconv 2 SECRET\n"),
        ("secret.json", '{"cnncalc_model": 2, "lines": [{"SECRET": "x"}]}'),
        ("later.txt", "input 8x8x1\nconv 2 9x9 # SECRET\n"),
    ],
)
def test_no_line_of_a_faulty_file_outside_the_folder_of_the_text_is_shown(name, text):
    Path(name).write_text(text)
    Path("nets/handed_in.txt").write_text(f"include ../{name}\ndense 2\n")
    Path("nets/between.txt").write_text("include handed_in.txt\n")
    for first in ("nets/handed_in.txt", "nets/between.txt"):
        (found,) = read(find(first))[1]
        assert (found.code, found.help) == ("not-included", f"look at it alone: cnncalc summary nets/../{name}")
        with pytest.raises(InputError) as caught:
            checked(find(first))
        assert "--> nets/handed_in.txt:1:9" in str(caught.value)
        assert "SECRET" not in str(caught.value)


def test_lines_of_a_faulty_file_in_the_folder_of_the_text_are_shown():
    Path("nets/bad.txt").write_text("input 8x8x1\nconv 2 GIVEN\n")
    with pytest.raises(InputError, match="conv 2 GIVEN"):
        net("include nets/bad.txt\n")


def test_bytes_that_are_no_text_are_not_pointed_at_in_another_file():
    Path("nets/latin.txt").write_bytes(b"input 8x8x1\n# \xe9t\xe9\nconv 3 1x1\n")
    found = fault("include nets/latin.txt\n")
    assert (found.code, found.span.column, found.label) == ("not-utf8", 9, "")


def test_the_label_that_is_proposed_for_an_include_is_free_and_its_own_lines_are_known():
    Path("part.txt").write_text("input 8x8x1\na: conv 1 1x1\nb: conv 1 1x1\n")
    text = "input 8x8x1\na: identity\npart: identity\ninclude part.txt\nadd b\n"
    (found,) = read(Source("<text>", text))[1]
    assert found.help == "give this line a label of its own: `part2: include part.txt`"
    assert "a" in net(text.replace("include", "part2: include").replace("add b", "add part2.b")).labels


@pytest.mark.parametrize(("word", "line"), [("until", 2), ("until", 3), ("frozen", 2)])
def test_a_line_that_makes_no_layer_is_there_but_ends_no_net(word, line):
    found = fault(f"include nets/other.txt {word}={line}\n")
    assert found.message == f"line {line} of nets/other.txt makes no layer, so it cannot be named here"


def test_texts_that_include_each_other_many_times_end_soon():
    for n in range(15):
        Path(f"d{n}.txt").write_text("input 8x8x1\n" + f"include d{n + 1}.txt\n" * 9)
    Path("d15.txt").write_text("input 8x8x1\nidentity\n")
    assert fault("include d0.txt\n").code == "too-many-layers"


def test_a_depth_of_sixteen_is_read_and_seventeen_is_not():
    for n in range(17):
        Path(f"e{n}.txt").write_text(f"input 8x8x1\ninclude e{n + 1}.txt\n")
    Path("e17.txt").write_text("input 8x8x1\nidentity\n")
    assert len(net("include e2.txt\n").nodes) == 2
    assert fault("include e1.txt\n").code == "include-too-much"


def test_names_of_files_are_harmless_in_every_message():
    name = "\x1b[31m\u202e" + "x" * 3000
    found = fault(f'include "{name}"\n')
    assert "\x1b" not in found.message
    assert len(found.message) < 300
