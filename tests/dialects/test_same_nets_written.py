"""Every shipped network in our other notations and back: the same net, and what Darknet says otherwise.

The counts are those of a run over all 60 files of cnncalc/zoo; the reasons are Darknet's own: a batch norm adds
0.000001 where the net adds 0.00001 (which the .cfg says in a comment), and a dense layer reads a map with its channels
first.
"""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked, written
from cnncalc.questions.same_net import Same, Unequal, same_net
from cnncalc.sources import find, shipped_names

SAME_IN_DARKNET = {
    *("vgg11", "vgg13", "vgg16", "vgg19"),
    *("darknet19", "squeezenet", "yolov1", "yolov2", "yolov2-tiny", "yolov3", "yolov3-tiny"),
}

OTHERWISE_IN_DARKNET = {
    **dict.fromkeys(("vgg11-bn", "vgg13-bn", "vgg16-bn", "vgg19-bn"), "epsilon 1e-05 became 1e-06"),
    **dict.fromkeys(("resnet18", "resnet34", "resnet50", "resnet101"), "epsilon 1e-05 became 1e-06"),
    **dict.fromkeys(("resnet152", "resnext50", "efficientnet-b0", "mobilenet-v2"), "epsilon 1e-05 became 1e-06"),
    **dict.fromkeys(("keras-cnn-100", "keras-cnn-small", "mnist-convnet"), "order channels_last became channels_first"),
}
"""What the first difference is, from the end of the net.

Darknet says 26 of the shipped networks, and 11 of them as they are.
"""


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_network_is_the_same_in_our_own_notations_and_what_it_is_in_darknet(name: str) -> None:
    graph = checked(find(name))
    for notation in ("json", "spec"):
        assert isinstance(same_net(graph, checked(Source("again.txt", written(graph, notation)))), Same)
    assert in_darknet(graph) == ("the same" if name in SAME_IN_DARKNET else OTHERWISE_IN_DARKNET.get(name, "refused"))


def in_darknet(graph: Graph) -> str:
    """What becomes of a net in a .cfg that is read again."""
    try:
        text = written(graph, "darknet")
    except InputError:
        return "refused"
    found = same_net(graph, checked(Source("net.cfg", text)))
    return found.said if isinstance(found, Unequal) else "the same"
