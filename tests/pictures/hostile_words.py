"""Words that a diagram must show letter by letter although they mean something to Mermaid, to DOT or to HTML."""

from __future__ import annotations

from cnncalc.pictures.diagrams.diagram import BOX_KINDS, Arrow, Box, Diagram, Frame

HOSTILE = (
    *("end", "graph TB; subgraph", 'click n1 "x"', "o", "x", "default", "style a fill:red"),
    *("\"quotes\" and 'quotes'", "#35; #quot; &amp; &lt;", "<b>bold</b><script>alert(1)</script>", '</div>"]:::conv'),
    *(
        "`code` **bold** _it_ ~~struck~~",
        "1. list",
        "10) list",
        "- item",
        "* star",
        "+ plus",
        "> quote",
        "# head",
        "---",
    ),
    *('%%{init: {"theme":"dark"}}%%', "%% comment", "// comment", "/* comment */", "$$x^2$$", "@{ shape: x }"),
    *("a|b|c", "[x](http://e.com)", "https://e.com", "{a} (b) [[c]]", "A --> B", "a -> b", "fa:fa-car icon", "::: cls"),
    *("back\\nslash \\l \\G \\", "日本語 é ↔", "a; b", "x" * 80),
)


def hostile_diagram() -> Diagram:
    """Each of them in a box, on a frame and on an arrow; all kinds of boxes."""
    boxes = tuple(Box(f"n_{n}", BOX_KINDS[n % len(BOX_KINDS)], (text, "below")) for n, text in enumerate(HOSTILE))
    frames = tuple(Frame(f"f_{n}", text, (Box(f"m_{n}", "conv", (text,)),)) for n, text in enumerate(HOSTILE))
    arrows = tuple(Arrow(f"n_{n}", f"m_{n}", text, n % 2 == 0) for n, text in enumerate(HOSTILE))
    title = "ti\"tle: #1 <b> %%{x}%% end \\ 'q' --- `c`"
    return Diagram(title, (*boxes, *frames), arrows, (), ('note "x" %%{init}%%\nflow',))
