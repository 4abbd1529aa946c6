"""Every shipped network in our other notations and back: the same net, and what Darknet says otherwise.

The counts are those of a run over all 60 files of cnncalc/zoo; the reasons are Darknet's own: a batch norm adds
0.000001 where the net adds 0.00001 (which the .cfg says in a comment), a row is a map of one place, and a dense layer
reads a map with its channels first.
"""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import checked, written
from cnncalc.questions.same_net import Same, Unequal, same_net
from cnncalc.sources import find, shipped_names

SAME_IN_DARKNET = {
    *("vgg11", "vgg13", "vgg16", "vgg19"),
    *("yolov1", "yolov2", "yolov2-tiny", "yolov3", "yolov3-tiny"),
}

OTHERWISE_IN_DARKNET = {
    **dict.fromkeys(("vgg11-bn", "vgg13-bn", "vgg16-bn", "vgg19-bn"), "epsilon 1e-05 became 1e-06"),
    **dict.fromkeys(("resnet18", "resnet34", "resnet50", "resnet101"), "epsilon 1e-05 became 1e-06"),
    **dict.fromkeys(("resnet152", "resnext50"), "epsilon 1e-05 became 1e-06"),
    **dict.fromkeys(("keras-cnn-100", "keras-cnn-small", "mnist-convnet"), "order channels_last became channels_first"),
    **dict.fromkeys(("darknet19", "squeezenet"), "flatten became global_avgpool"),
    **dict.fromkeys(("efficientnet-b0", "mobilenet-v2"), "dropout became flatten"),
}
"""What the first difference is, from the end of the net."""


@pytest.mark.parametrize("notation", ["json", "spec"])
@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_network_is_the_same_in_our_own_notations(name: str, notation: str) -> None:
    graph = checked(find(name))
    assert isinstance(same_net(graph, checked(Source("again.txt", written(graph, notation)))), Same)


def test_darknet_says_26_of_the_shipped_networks_and_9_of_them_as_they_are() -> None:
    same, otherwise = set(), {}
    for name in shipped_names():
        graph = checked(find(name))
        try:
            text = written(graph, "darknet")
        except InputError:
            continue
        found = same_net(graph, checked(Source("net.cfg", text)))
        if isinstance(found, Unequal):
            otherwise[name] = found.said
        else:
            same.add(name)
    assert same == SAME_IN_DARKNET
    assert otherwise == OTHERWISE_IN_DARKNET
