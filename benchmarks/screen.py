"""Key press to pixels in a real Chromium: a slider move with its charts, and the scrubber."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.table import ADULT

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
SLIDER_LIMIT_MS, SCRUBBER_LIMIT_MS = 300.0, 50.0
MOVES = 14
QUIET_MS = 700
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_COLUMN = "education"

# The time of the last change of the page before it is quiet again is when the last chart is drawn;
# the frame after it shows it. What only tells that the server is at work does not count.
_WATCH = """
() => {
  const told = window.__told = {pressed: 0, tiles: 0, last: 0};
  const main = document.querySelector("[data-testid=stMain]");
  const board = () => document.querySelector(".pv-board")?.textContent;
  let before = board();
  addEventListener("keydown", () => {
    told.pressed = performance.now(); told.tiles = told.last = 0; before = board();
  }, true);
  const observer = new MutationObserver((changes) => {
    const seen = changes.some((change) => change.type !== "attributes"
      || change.attributeName !== "data-stale");
    if (!seen) return;
    const at = performance.now();
    requestAnimationFrame(() => {
      told.last = Math.max(told.last, performance.now());
      if (!told.tiles && board() !== before) told.tiles = performance.now();
    });
  });
  const roots = [...main.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  for (const root of [main, ...roots]) {  // the charts are drawn in shadow trees of their own
    observer.observe(root, {subtree: true, childList: true, characterData: true});
  }
}
"""
_WATCH_SCRUBBER = """
(slider) => {
  const told = window.__scrubbed = {pressed: 0, drawn: 0};
  const label = slider.getRootNode().querySelector(".where");
  slider.addEventListener("keydown", () => {
    told.pressed = performance.now(); told.drawn = 0;
  }, true);
  new MutationObserver(() => requestAnimationFrame(() => {
    told.drawn = told.drawn || performance.now();
  })).observe(label, {childList: true, characterData: true, subtree: true});
}
"""


def main() -> None:
    """Print the medians, and their share of the limits."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None or not ADULT.exists():
        print("\nOn screen: not measured, since Chromium or the Adult table is not here")
        return
    with _server() as base, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=browser, args=_FLAGS).new_page(
            viewport={"width": 1360, "height": 900}
        )
        page.set_default_timeout(60_000)
        page.goto(base)
        _load_adult(page)
        _open(page, "Reduce")
        tiles, pixels = _slider(page)
        scrubber = _scrubber(page)
    print("\nOn screen, Adult, 8 quasi-identifiers, 1360 x 900: key press to pixels, medians")
    print(f"  slider, scoreboard                {tiles:8.0f} ms")
    _against("slider, every chart of the page", pixels, SLIDER_LIMIT_MS)
    _against("scrubber", scrubber, SCRUBBER_LIMIT_MS)


def _against(what: str, milliseconds: float, limit: float) -> None:
    share = milliseconds / limit
    print(f"  {what:32s}  {milliseconds:8.0f} ms, {share:.0%} of the limit of {limit:.0f} ms")


@contextlib.contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [*command, f"--server.port={port}", "--server.headless=true"],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + 60
            while not _healthy(port):
                if time.monotonic() > until:
                    raise TimeoutError("The server did not start.")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def _healthy(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    with contextlib.closing(line), contextlib.suppress(OSError):
        line.request("GET", "/_stcore/health")
        return line.getresponse().status == http.HTTPStatus.OK
    return False


def _settled(page: Page) -> None:
    page.wait_for_timeout(QUIET_MS)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(
        state="attached"
    )
    page.wait_for_timeout(QUIET_MS)


def _load_adult(page: Page) -> None:
    page.locator("input[type=file]").first.set_input_files(ADULT / "adult.csv")
    page.get_by_text("In memory: adult").wait_for()
    _open(page, "Columns")
    uploader = page.get_by_test_id("stFileUploader").filter(has_text="Upload hierarchies")
    files = sorted(ADULT.glob("*hierarchy*.csv"))
    uploader.locator("input[type=file]").set_input_files(files)
    _settled(page)


def _open(page: Page, name: str) -> None:
    page.get_by_test_id("stTopNavLink").filter(has_text=name).first.click()
    page.get_by_role("heading", name=name, exact=True, level=2).wait_for()
    _settled(page)


def _slider(page: Page) -> tuple[float, float]:
    handle = page.locator(f'.levels input[aria-label="{_COLUMN}"]')
    page.get_by_role("button", name="Suggest the least loss").click()
    _settled(page)
    page.evaluate(_WATCH)
    tiles: list[float] = []
    pixels: list[float] = []
    for move in range(MOVES):
        handle.focus()
        page.keyboard.press("ArrowLeft" if move % 2 else "ArrowRight")
        _settled(page)
        told = page.evaluate("() => window.__told")
        if move > 1:  # the first ones compile and fill caches of the browser
            tiles.append(told["tiles"] - told["pressed"])
            pixels.append(told["last"] - told["pressed"])
    return statistics.median(tiles), statistics.median(pixels)


def _scrubber(page: Page) -> float:
    button = page.get_by_role("button", name="Slide", exact=True)
    button.or_(page.get_by_role("radio", name="Slide", exact=True)).first.click()
    _settled(page)
    handle = page.locator(".scrub input")
    handle.wait_for()
    times: list[float] = []
    for move in range(MOVES):
        handle = page.locator(".scrub input")
        handle.evaluate(_WATCH_SCRUBBER)
        handle.focus()
        page.keyboard.press("ArrowLeft" if move % 2 else "ArrowRight")
        page.wait_for_function("() => window.__scrubbed.drawn > 0")
        told = page.evaluate("() => window.__scrubbed")
        times.append(told["drawn"] - told["pressed"])
        _settled(page)
    return statistics.median(times[2:])


if __name__ == "__main__":
    main()
