"""`convert --to darknet`: a .cfg that is read as the same net, and each line that Darknet cannot say."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked, written
from cnncalc.sources import find

from .cfg_nets import PUBLISHED, cfg


def of_cfg(text: str) -> Graph:
    return checked(Source("net.cfg", text))


def of_text(*lines: str) -> Graph:
    return checked(Source("net.txt", "\n".join(lines)))


def operations(graph: Graph) -> list[tuple[object, ...]]:
    return [(node.name, node.layer, node.inputs) for node in graph.nodes]


def sections(*lines: str) -> list[str]:
    """What is written of a text behind [net], without comments."""
    text = written(of_text(*lines), "darknet").partition("\n\n")[2]
    return [line for line in text.split("\n") if line and not line.startswith("#")]


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_files_are_read_again_as_the_same_net(name: str) -> None:
    graph = of_cfg(PUBLISHED[name])
    assert operations(of_cfg(written(graph, "darknet"))) == operations(graph)


@pytest.mark.parametrize(
    "words",
    [
        "c8.3 c4.1 s-2",
        "c8.3 c16.3/2 s-2",
        "c8.3 c8.3 s-2 r0,1,2 m3/2 m5/1 m2/1 u3 a",
        ["c8.3", "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n", "[route]\nlayers=-1\n"],
        ["c8.3", "[reorg]\nstride=2\n", "[reorg]\nstride=2\nreverse=1\n", "[reorg3d]\nstride=2\n"],
        ["c8.3", "a", "l8.1", "[scale_channels]\nfrom=0\nactivation=relu\n"],
        ["c8.3", "c8.1", "[sam]\nfrom=0\n", "[dropout]\nprobability=.3\n"],
        ["c8.3", "[crop]\ncrop_height=8\ncrop_width=9\n", "[upsample]\nstride=2\nscale=2\n"],
        ["c8.3", "[crop]\ncrop_height=8\ncrop_width=9\nnoadjust=1\n", "[activation]\nactivation=loggy\n"],
        ["c8.3", "[batchnorm]\n", "[l2norm]\n", "[logistic]\n", "[softmax]\nspatial=1\n"],
        ["[local]\nfilters=3\nsize=3\npad=1\nstride=2\nactivation=ramp\n", "[softmax]\ntemperature=2\n"],
        ["[conv]\nfilters=6\nsize=3\nstride_x=2\nstride_y=1\ngroups=3\nactivation=elu\n"],
        ["[conv]\nfilters=6\nsize=3\npad=1\ndilation=2\nactivation=mish\n", "[maxpool]\nsize=3\nstride=2\npadding=0\n"],
        ["[deconvolutional]\nfilters=6\nsize=4\nstride=2\npadding=1\nbatch_normalize=1\nactivation=swish\n"],
        ["[connected]\noutput=7\nbatch_normalize=1\nactivation=tanh\n", "[connected]\noutput=2\nactivation=linear\n"],
    ],
)
def test_every_section_is_read_again_as_the_same_layers(words: str | list[str]) -> None:
    graph = of_cfg(cfg(words, 16, 16))
    assert operations(of_cfg(written(graph, "darknet"))) == operations(graph)


@pytest.mark.parametrize("name", [*PUBLISHED, "resnet50", "vgg16", "squeezenet"])
def test_shipped_nets_keep_their_counts(name: str) -> None:
    graph = checked(find(name))
    totals = analyse(graph).totals, analyse(of_cfg(written(graph, "darknet"))).totals
    before, after = [(one.figures.params, one.figures.buffers, one.figures.cost) for one in totals]
    assert after == before
    assert [shape.elements for shape in totals[1].outputs] == [shape.elements for shape in totals[0].outputs]


def test_a_layer_that_works_on_another_than_the_last_gets_a_route() -> None:
    assert sections("input 8x8x3", "a: conv 4 1x1", "conv 5 1x1", "conv 6 1x1 relu from a") == [
        *("[convolutional]", "filters=4", "size=1", "stride=1", "activation=linear"),
        *("[convolutional]", "filters=5", "size=1", "stride=1", "activation=linear"),
        *("[route]", "layers=-2"),
        *("[convolutional]", "filters=6", "size=1", "stride=1", "activation=relu"),
    ]


def test_a_file_says_what_is_written_and_which_epsilon_differs() -> None:
    graph = of_text('title "Tiny"', "input 8x8x3", "stem: conv 4 3x3 same nobias bn leaky 0.1", "gap", "dense 2")
    assert written(graph, "darknet") == (
        "# Tiny\n# Darknet adds 1e-06 to a variance, this net 1e-05\n[net]\nbatch=1\nsubdivisions=1\n"
        "width=8\nheight=8\nchannels=3\n\n# stem\n[convolutional]\nbatch_normalize=1\nfilters=4\nsize=3\nstride=1\n"
        "pad=1\nactivation=leaky\n\n[avgpool]\n\n[connected]\noutput=2\nactivation=linear\n"
    )


def test_separate_activations_and_norms_have_sections_of_their_own() -> None:
    assert sections("input 8x8x3", "relu", "bn", "a: conv 4 1x1", "tanh", "add a") == [
        *("[activation]", "activation=relu", "[batchnorm]"),
        *("[convolutional]", "filters=4", "size=1", "stride=1", "activation=linear"),
        *("[activation]", "activation=tanh", "[shortcut]", "from=-2", "activation=linear"),
    ]


@pytest.mark.parametrize(
    ("line", "word", "reason"),
    [
        ("avgpool 2x2", "avgpool", "there is no section for it"),
        ("conv 4 3x1", "conv", "a kernel of Darknet has one size, not 3x1"),
        ("conv 4 3x3 padding=1,0,1,0", "conv", "a convolution of Darknet has the same padding on all sides"),
        ("conv 4 3x3 nobias", "conv", "such a layer has a bias, or a batch norm right after it"),
        ("conv 4 3x3 same fill=reflect", "conv", "its sections have no option for all of it"),
        ("conv 4 3x3 flip", "conv", "its sections have no option for all of it"),
        ("conv 4 3x3 dilation=2", "conv", "Darknet finds the size of a dilated convolution only where"),
        ("conv 4 3x3 nobias bn epsilon=0.001", "conv", "it adds 1e-06 to a variance, not 0.001"),
        ("conv 4 3x3 nobias bn noscale", "conv", "a batch norm has factors and shifts"),
        ("maxpool 3x3 stride=2 padding=1,0,0,0", "maxpool", "a [maxpool] has half of its padding before"),
        ("maxpool 3x3 stride=1 dilation=2", "maxpool", None),
        ("crop 1,0,0,0", "crop", "its sections have no option for all of it"),
        ("upsample 2 bilinear", "upsample", "its sections have no option for all of it"),
        ("upsample 2x3", "upsample", "an [upsample] has one whole factor"),
        ("upconv 4 3x3 stride=2 output_padding=1", "upconv", "its sections have no option for all of it"),
        ("slice 0:3", "slice", "a [route] takes one of equal groups of channels"),
        ("flatten", "flatten", None),
        ("hardswish", "hardswish", "there is no section for it"),
        ("spacetodepth 2", "spacetodepth", "its channels have another order; `spacetodepth 2 placefirst` has"),
        ('rearrange "h w c -> w h c"', "rearrange", "its axes are moved in [reorg] alone, in three steps"),
        ("prelu", "prelu", "there is no section for it"),
        ("split\nbranch\nbranch\njoin add", "add", "its layers cannot name the input, which has no number"),
        ("a: conv 4 3x3 same\nconv 4 3x3 same shared=a", "conv", None),
    ],
)
def test_what_darknet_cannot_say_is_refused_with_its_line(line: str, word: str, reason: str | None) -> None:
    text = f"input 8x8x4\n{line}\nsoftmax" if word == "flatten" else f"input 8x8x4\n{line}"
    graph = of_text(text)
    with pytest.raises(InputError) as caught:
        written(graph, "darknet")
    first = caught.value.diagnostics[0]
    assert first.code == "not-in-darknet"
    assert first.span is not None
    assert first.span.line >= 2
    assert first.message.startswith(f"Darknet cannot say this `{word}`: {reason or ''}")


def test_all_lines_that_cannot_be_said_are_named() -> None:
    with pytest.raises(InputError) as caught:
        written(of_text("input 8x8x4", "avgpool 2x2", "conv 4 1x1", "hardswish"), "darknet")
    assert [one.span.line for one in caught.value.diagnostics if one.span] == [2, 4]
