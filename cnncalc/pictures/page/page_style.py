"""The style sheet of a page: its rules, and its colours as properties.

Light or dark as the reader's system has it, or as the button says; paper is always light.
"""

from __future__ import annotations

from importlib.resources import files

from cnncalc.pictures.scene.themes import colours, css_name, css_properties

_LIGHT = (
    "--bg:#fff;--card:#f3f6f9;--fg:#1b2733;--faint:#53606c;--edge:#c5ccd4;--accent:#1d5fa8;--on:#e3effb;"
    "--right:#1a6e34;--wrong:#b3261e;--bar1:#cfe3f8;--bar2:#fbe0c2"
)
_DARK = (
    "--bg:#12161b;--card:#1b2128;--fg:#eef1f4;--faint:#a9b4bf;--edge:#3d4752;--accent:#7db8f0;--on:#22384d;"
    "--right:#7fd49a;--wrong:#ff9a90;--bar1:#1f4a78;--bar2:#6a4317"
)


def page_style() -> str:
    """All rules of a page."""
    light, dark = f"{css_properties('light')}{_LIGHT}", f"{css_properties('dark')}{_DARK}"
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}:root[data-theme=light]{{color-scheme:light}}"
        f"{_role_classes()}{_part('page.css')}"
        f"@media print{{:root,:root:not([data-theme=light]),:root[data-theme=dark]{{color-scheme:light;{light}}}}}"
    )


def page_script() -> str:
    """The script of every page."""
    return _part("page.js")


def _part(name: str) -> str:
    return files("cnncalc.pictures.page").joinpath(name).read_text("utf-8")


def _role_classes() -> str:
    """The classes with which a picture names its roles: f-ROLE fills, s-ROLE draws a line."""
    names = map(css_name, colours("light"))
    return "".join(f".f-{name}{{fill:var(--p-{name})}}.s-{name}{{stroke:var(--p-{name})}}" for name in names)
