"""Nets as Darknet's .cfg files, written down in short: `c64.3` is a [convolutional] of 64 filters of size 3.

c F.S[/T]  [convolutional] with batch norm and leaky, pad=1      l F.S[/T]  the same without both, linear
m S[/T]    [maxpool]         a  [avgpool]         r A,B  [route]         s A  [shortcut]         u T  [upsample]
Longer sections are written out.
"""

from __future__ import annotations

HEAD = "[net]\nbatch=1\nwidth={w}\nheight={h}\nchannels={c}\nlearning_rate=0.001\n"
YOLO = "anchors = {}\nclasses={}\nnum={}\njitter=.3\nignore_thresh = .7\n"


def conv(text: str, *, normed: bool) -> str:
    size, _, stride = text.partition("/")
    filters, _, side = size.partition(".")
    norm = "batch_normalize=1\n" if normed else ""
    word = "leaky" if normed else "linear"
    return f"\n[convolutional]\n{norm}filters={filters}\nsize={side}\nstride={stride or 1}\npad=1\nactivation={word}\n"


def section(word: str) -> str:
    if word.startswith("["):
        return f"\n{word}"
    kind, rest = word[0], word[1:]
    if kind in "cl":
        return conv(rest, normed=kind == "c")
    if kind == "m":
        size, _, stride = rest.partition("/")
        return f"\n[maxpool]\nsize={size}\nstride={stride or size}\n"
    return {
        "a": "\n[avgpool]\n",
        "r": f"\n[route]\nlayers = {rest}\n",
        "s": f"\n[shortcut]\nfrom={rest}\nactivation=linear\n",
        "u": f"\n[upsample]\nstride={rest}\n",
    }[kind]


def cfg(words: str | list[str], w: int = 416, h: int = 416, c: int = 3) -> str:
    texts = [words] if isinstance(words, str) else words
    parts = [part for text in texts for part in ([text] if text.startswith("[") else text.split())]
    return HEAD.format(w=w, h=h, c=c) + "".join(map(section, parts))


_BACK = "c32.3 m2 c64.3 m2 c128.3 c64.1 c128.3 m2 c256.3 c128.1 c256.3 m2 c512.3 c256.1 c512.3 c256.1 c512.3 m2"
_DEEP = "c1024.3 c512.1 c1024.3 c512.1 c1024.3"
DARKNET19 = cfg([f"{_BACK} {_DEEP} l1000.1 a", "[softmax]\ngroups=1\n"], 256, 256)
_TINY = "10,14,  23,27,  37,58,  81,82,  135,169,  344,319"
YOLOV3_TINY = cfg(
    [
        "c16.3 m2 c32.3 m2 c64.3 m2 c128.3 m2 c256.3 m2 c512.3 m2/1 c1024.3 c256.1 c512.3 l255.1",
        "[yolo]\nmask = 3,4,5\n" + YOLO.format(_TINY, 80, 6),
        "r-4 c128.1 u2 r-1,8 c256.3 l255.1",
        "[yolo]\nmask = 0,1,2\n" + YOLO.format(_TINY, 80, 6),
    ]
)
_ANCHORS2 = "0.57273, 0.677385, 1.87446, 2.06253, 3.33843, 5.47434, 7.88282, 3.52778, 9.77052, 9.16828"
YOLOV2 = cfg(
    [
        f"{_BACK} {_DEEP} c1024.3 c1024.3 r-9 c64.1",
        "[reorg]\nstride=2\n",
        "r-1,-4 c1024.3 l425.1",
        f"[region]\nanchors = {_ANCHORS2}\nbias_match=1\nclasses=80\ncoords=4\nnum=5\nsoftmax=1\n",
    ],
    608,
    608,
)
YOLOV2_TINY = cfg(
    [
        "c16.3 m2 c32.3 m2 c64.3 m2 c128.3 m2 c256.3 m2 c512.3 m2/1 c1024.3 c512.3 l425.1",
        f"[region]\nanchors = {_ANCHORS2}\nclasses=80\ncoords=4\nnum=5\nsoftmax=1\n",
    ]
)
_V1 = "c64.7/2 m2 c192.3 m2 c128.1 c256.3 c256.1 c512.3 m2" + 4 * " c256.1 c512.3" + " c512.1 c1024.3 m2"
YOLOV1 = cfg(
    [
        f"{_V1} c512.1 c1024.3 c512.1 c1024.3 c1024.3 c1024.3/2 c1024.3 c1024.3",
        "[local]\nsize=3\nstride=1\npad=1\nfilters=256\nactivation=leaky\n",
        "[dropout]\nprobability=.5\n",
        "[connected]\noutput= 1715\nactivation=linear\n",
        "[detection]\nclasses=20\ncoords=4\nrescore=1\nside=7\nnum=3\nsoftmax=0\nsqrt=1\n",
    ],
    448,
    448,
)


def _residuals(filters: int, many: int) -> str:
    return f"c{filters}.3/2" + many * f" c{filters // 2}.1 c{filters}.3 s-3"


def _five(filters: int, boxes: str) -> list[str]:
    words = f"c{filters}.1 c{2 * filters}.3 " * 3 + "l255.1"
    return [words, f"[yolo]\nmask = {boxes}\n" + YOLO.format(_NINE, 80, 9)]


_NINE = "10,13,  16,30,  33,23,  30,61,  62,45,  59,119,  116,90,  156,198,  373,326"
YOLOV3 = cfg(
    [
        ("c32.3 " + " ".join(map(_residuals, (64, 128, 256, 512, 1024), (1, 2, 8, 8, 4)))),
        *_five(512, "6,7,8"),
        "r-4 c256.1 u2 r-1,61",
        *_five(256, "3,4,5"),
        "r-4 c128.1 u2 r-1,36",
        *_five(128, "0,1,2"),
    ],
    608,
    608,
)

PUBLISHED = {
    "darknet19": DARKNET19,
    "yolov1": YOLOV1,
    "yolov2": YOLOV2,
    "yolov2-tiny": YOLOV2_TINY,
    "yolov3": YOLOV3,
    "yolov3-tiny": YOLOV3_TINY,
}
"""What the files of these names in pjreddie/darknet say about the net that is used."""
