"""The relatives of a network that ships: with another width or depth of the family it has their published counts."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.net_files import checked
from cnncalc.sources import find

FAMILIES = [
    # torchvision 0.29, width_mult
    ("mobilenet-v2", {"alpha": "0.35"}, 1_677_128),
    ("mobilenet-v2", {"alpha": "1.4"}, 6_108_776),
    ("mobilenet-v2-keras", {"alpha": "1.4"}, 6_108_776),
    ("mobilenet-v3", {"alpha": "0.75"}, 3_377_576),
    # torchvision 0.29, efficientnet_b2
    ("efficientnet-b0", {"width": "1.1", "depth": "1.2"}, 9_109_994),
    # torchvision 0.29, ResNet(Bottleneck, [3, 4, 6, 3], groups, width_per_group): ResNet-50
    ("resnext50", {"groups": "1", "width": "64"}, 25_557_032),
    # Ultralytics' YOLOv5 release 6: what building m prints before layers are fused; s is also n at twice its width
    ("yolov5s", {"width": "0.75", "depth": "2/3"}, 21_190_557),
    ("yolov5n", {"width": "0.5"}, 7_235_389),
]


@pytest.mark.parametrize(("name", "settings", "params"), FAMILIES)
def test_a_relative_has_its_published_parameters(name: str, settings: dict[str, str], params: int) -> None:
    assert analyse(checked(find(name), None, settings)).totals.figures.params == params


@pytest.mark.parametrize(("alpha", "params", "macs"), [("0.75", "2.6", 325), ("0.5", "1.3", 149), ("0.25", "0.5", 41)])
def test_a_narrower_mobilenet_has_the_papers_counts(alpha: str, params: str, macs: int) -> None:
    """Howard et al. 2017, table 6: millions of parameters and of multiply-adds."""
    figures = analyse(checked(find("mobilenet"), None, {"alpha": alpha})).totals.figures
    assert (f"{figures.params / 1e6:.1f}", round(figures.cost.macs / 1e6)) == (params, macs)
