"""A page opened in a real browser, offline: no request, nothing in its console, keys work, axe-core finds nothing.

One browser is started for all of it.  Where none is installed the tests are skipped, with what is missing as reason.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cnncalc.cli import main

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NET = """title "Two <blocks> & a shortcut"
block unit n
  split
  branch
    conv $n 3x3 same bn relu
  branch
  join add
end
input 16x16x1
conv 4 3x3 same relu => params 40
unit 4
maxpool 2x2
flatten
dense 10 softmax => params 1
"""


def missing() -> str:
    """Why no page can be opened here; empty where one can."""
    if find_spec("playwright") is None:
        return "no browser test: playwright is not installed (pip install playwright)"
    if find_spec("axe_playwright_python") is None:
        return "no browser test: axe-playwright-python is not installed"
    return "" if browser_path() else "no browser test: neither chromium nor google-chrome is installed"


def browser_path() -> str:
    """Where a browser is: one of the system, or playwright's own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is not None:
        return found
    own = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return next(
        (
            str(path)
            for path in sorted(own.glob("chromium*/chrome-linux*/*"))
            if path.name in ("chrome", "headless_shell")
        ),
        "",
    )


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


class Opened:
    """A page and all that it said and asked for."""

    def __init__(self, browser: Any, file: Path, width: int = 1280) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(name="file", scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    net, page = folder / "net.txt", folder / "net.html"
    net.write_text(NET)
    assert main(["report", str(net), "-o", str(page)]) == 0
    return page


@pytest.mark.parametrize("width", [1280, 400])
def test_a_page_asks_for_nothing_says_nothing_and_axe_finds_nothing(browser: Any, file: Path, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = Opened(browser, file, width)
    axe = Axe()
    found = axe.run(opened.page).response["violations"]
    opened.page.emulate_media(color_scheme="dark")
    found += axe.run(opened.page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width  # no scrolling sideways
    assert opened.said == []
    assert [address for address in opened.asked if not address.startswith("data:")] == [file.as_uri()]
    opened.context.close()


def test_lines_and_places_are_chosen_with_keys_alone(browser: Any, file: Path) -> None:
    opened = Opened(browser, file)
    page = opened.page
    assert page.inner_text("#name") == "conv 4 3x3 same relu"
    assert page.inner_text("#seen").startswith("Value (7, 7) of 16×16 depends on 3×3 pixels: rows 6–8, columns 6–8")
    page.focus("#frame")
    for _ in range(7):
        page.keyboard.press("ArrowUp")
    assert page.inner_text("#seen").endswith("rows 0–1, columns 6–8; the rest is padding.")
    page.focus(".on-wide .v >> nth=-1")
    assert page.inner_text("#name") == "dense 10 softmax"
    page.focus(".on-wide .v >> nth=0")
    assert page.inner_text("#name").startswith("input 16x16x1")
    page.focus("#choice")
    page.keyboard.press("End")
    assert page.inner_text("#name") == "dense 10 softmax"
    page.focus('button[data-key="params"]')
    page.keyboard.press("Enter")
    assert page.inner_text("#sorted") == "Sorted by Params, largest first."
    assert page.inner_text("#layers tbody tr:not([hidden]) .name") == "dense 10 softmax"
    assert opened.said == []
    opened.context.close()


def test_on_paper_every_line_is_there_in_the_order_of_the_net(browser: Any, file: Path) -> None:
    opened = Opened(browser, file)
    opened.page.click('button[data-key="params"]')
    opened.page.emulate_media(media="print", color_scheme="dark")
    assert opened.page.pdf(format="A4").startswith(b"%PDF")
    assert opened.page.inner_text("#layers tbody .layer .name >> nth=0").startswith("input 16x16x1")
    assert opened.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert not opened.page.is_visible("aside")
    opened.context.close()


def test_without_a_script_the_whole_table_is_there(browser: Any, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.inner_text("#layers tfoot .name") == "total"
    assert page.is_visible("#layers tbody tr:last-child")
    assert not page.is_visible("aside")
    context.close()
