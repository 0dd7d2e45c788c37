"""A real server and a real browser; whatever would leave this computer is a failure."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:")
NO_BROWSER = (
    "No Chromium was found. Install one (`apt-get install chromium`) or name it in the "
    "environment variable CHROMIUM."
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000


def chromium():
    """Return where Chromium is; skip without one, fail in CI."""
    named = os.environ.get("CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as response:
            return response.read() == b"ok"
    except (OSError, urllib.error.URLError):
        return False


@dataclass(frozen=True)
class Server:
    url: str
    log: Path
    scratch: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Start the app as its users do, with a temporary folder of its own."""
    folder = tmp_path_factory.mktemp("server")
    scratch = folder / "scratch"
    scratch.mkdir()
    log, port = folder / "server.log", free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "streamlit", "run", "app.py",
                f"--server.port={port}", "--server.headless=true",
            ],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(scratch)},
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + 60
            while not answers(url):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, "the server did not start within a minute"
                time.sleep(0.1)
            yield Server(url=url, log=log, scratch=scratch)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield opened
        opened.close()


class Tab:
    """One browser tab, in words of the product."""

    def __init__(self, page):
        self.page = page

    def settled(self):
        """Wait until the page neither runs nor is about to."""
        running = self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
        for _ in range(2):
            running.wait_for(state="attached", timeout=PATIENCE)
            self.page.wait_for_timeout(250)
        running.wait_for(state="attached", timeout=PATIENCE)
        self.page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached")
        return self

    def go(self, name):
        link = self.page.locator("[data-testid=stTopNavLink]").filter(has_text=name)
        if not link.count():
            # On a narrow screen the navigation is behind a button.
            self.page.get_by_test_id("stExpandSidebarButton").click()
            link = self.page.get_by_test_id("stSidebarNavLink").filter(has_text=name)
        link.first.click()
        self.page.get_by_role("heading", name=name, exact=True).first.wait_for(timeout=PATIENCE)
        return self.settled()

    def upload(self, name, raw):
        """Upload a table on the Data page."""
        self.page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": raw}
        )
        self.page.get_by_text("What the columns look like").wait_for(timeout=PATIENCE)
        return self.settled()

    def demo(self, title):
        self.page.get_by_role("button", name=title).click()
        self.page.get_by_text("What the columns look like").wait_for(timeout=PATIENCE)
        return self.settled()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        return self.settled()

    def coarser(self, column, by=1):
        """Move the slider of a column, by keyboard."""
        slider = self.page.get_by_role("slider", name=column, exact=True)
        for _ in range(by):
            slider.focus()
            self.page.keyboard.press("ArrowRight")
            self.settled()
        return self

    def tile(self, name):
        """Return what a tile of the scoreboard says now."""
        tile = self.page.locator(".pv-tile").filter(has_text=name).first
        return tile.locator(".pv-now").inner_text()

    def download(self, name):
        with self.page.expect_download(timeout=PATIENCE) as waiting:
            self.page.get_by_role("button", name=name, exact=True).click()
        return Path(waiting.value.path()).read_bytes()

    def text(self):
        return self.page.locator("[data-testid=stMain]").inner_text()


@pytest.fixture
def open_tab(browser, server):
    """Open tabs, each a visitor of its own; afterwards nothing may have left or gone wrong."""
    with contextlib.ExitStack() as visitors:
        left, errors, pages = [], [], []

        def opened(width=1360, height=900):
            visitor = browser.new_context(
                viewport={"width": width, "height": height}, accept_downloads=True
            )
            visitors.callback(visitor.close)
            page = visitor.new_page()
            page.set_default_timeout(PATIENCE)

            def refuse(route):
                left.append(route.request.url)
                route.abort()

            page.route(lambda url: not LOOPBACK.match(url), refuse)
            page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on(
                "websocket", lambda s: None if LOOPBACK.match(s.url) else left.append(s.url)
            )
            page.goto(server.url)
            page.get_by_text("Try a demo").wait_for(timeout=PATIENCE)
            pages.append(page)
            return Tab(page).settled()

        yield opened
        assert not left, f"a page tried to leave this computer: {left}"
        assert not errors, errors
        for page in pages:
            assert page.get_by_test_id("stException").count() == 0


@pytest.fixture
def tab(open_tab):
    return open_tab()
