"""Small inputs for the networks that ship: they change no layer but a first dense one."""

from __future__ import annotations

SIZES = {
    **dict.fromkeys(("alexnet", "zfnet"), "99x99x3"),
    "alexnet-2012": "99x99x3",
    **dict.fromkeys([f"vgg{depth}{bn}" for depth in (11, 13, 16, 19) for bn in ("", "-bn")], "64x64x3"),
    **dict.fromkeys(("googlenet", "googlenet-aux", "squeezenet", "darknet19"), "97x97x3"),
    **dict.fromkeys(("inception-v3", "inception-v3-keras", "inception-resnet-v2", "xception"), "107x107x3"),
    **dict.fromkeys([f"resnet{depth}{by}" for depth in (50, 101, 152) for by in ("", "-keras", "-v2")], "97x97x3"),
    **dict.fromkeys(("resnet18", "resnet34", "resnext50"), "97x97x3"),
    **dict.fromkeys([f"densenet{depth}" for depth in (121, 169, 201)], "97x97x3"),
    **dict.fromkeys(("mobilenet", "mobilenet-v2", "mobilenet-v2-keras", "nasnet-mobile", "nasnet-large"), "97x97x3"),
    "unet": "188x188x1",
    **dict.fromkeys(("yolov1", "yolov2", "yolov2-tiny", "yolov3", "yolov3-tiny", "yolov5n", "yolov5s"), "96x96x3"),
    "keras-cnn-100": "64x64x3",
}
"""The others run at their own size."""
