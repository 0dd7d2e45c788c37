import contextlib
import http.client
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = {
    "headless": True,
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
START_SECONDS = 60
WAIT = 30_000  # milliseconds


def absent(why):
    """Skip where something is missing; in CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def healthy(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    with contextlib.closing(line), contextlib.suppress(OSError):
        line.request("GET", "/_stcore/health")
        return line.getresponse().status == 200
    return False


@contextlib.contextmanager
def running(log):
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    options = [f"--server.port={port}", "--server.headless=true"]
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + START_SECONDS
            while True:
                if server.poll() is not None or time.monotonic() > until:
                    pytest.fail(f"The server did not start:\n{log.read_text()}")
                if healthy(port):
                    break
                time.sleep(0.1)
            yield base
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        absent(
            "There is no Chromium for the tests in a browser. Install one from the packages of "
            f"your system; it is searched for as {', '.join(BROWSERS)}."
        )
    if importlib.util.find_spec("playwright") is None:
        absent("Playwright is not installed: `pip install playwright` brings it.")
    from playwright import sync_api as api

    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, **CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory, chromium):
    log = tmp_path_factory.mktemp("server") / "server.log"
    with running(log) as base:
        yield base
    assert "Traceback" not in log.read_text()


@pytest.fixture
def visit(chromium, server):
    """Open tabs of their own that fail the test where they call out or report a mistake."""
    opened = []
    left, mistakes = [], []

    def heard(message):
        # From a page's own address the front end looks for its server there first.
        searching = "404" in message.text and "/_stcore/" in message.location["url"]
        if message.type == "error" and not searching:
            mistakes.append(message.text)

    def watch(page):
        page.on("request", lambda r: left.append(r.url) if not LOOPBACK.match(r.url) else None)
        page.on("websocket", lambda w: left.append(w.url) if not LOOPBACK.match(w.url) else None)
        page.on("console", heard)
        page.on("pageerror", lambda e: mistakes.append(str(e)))

    def visit(path="", **options):
        size = {"viewport": {"width": 1360, "height": 900}}
        context = chromium.new_context(accept_downloads=True, **size | options)
        context.set_default_timeout(WAIT)
        opened.append(context)
        page = context.new_page()
        watch(page)
        page.goto(f"{server}/{path}")
        settled(page)
        return page

    yield visit
    for context in opened:
        for page in context.pages:
            assert page.get_by_test_id("stException").count() == 0
        context.close()
    assert not left, "a page tried to leave this machine"
    assert not mistakes


def settled(page):
    """Wait until nothing is computed and nothing stale is shown."""
    idle = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    for _ in range(2):  # a click needs a moment to reach the server
        page.wait_for_timeout(200)
        idle.wait_for(state="attached", timeout=WAIT)


class Screen:
    """The pages as a user sees them: by heading, role and label."""

    def __init__(self, page):
        self.page = page

    def go(self, name):
        # The tick of a finished page is part of its link.
        self.page.get_by_test_id("stTopNavLink").filter(has_text=name).first.click()
        self.page.get_by_role("heading", name=name, exact=True, level=2).wait_for()
        settled(self.page)

    def settle(self):
        """Wait until nothing is drawn any more: what is drawn anew loses the keyboard."""
        settled(self.page)

    def section(self, name):
        """Open a section of the Risk page."""
        page = self.page
        button = page.get_by_role("button", name=name, exact=True)
        button.or_(page.get_by_role("radio", name=name, exact=True)).first.click()
        settled(page)

    def upload(self, *files, label=None):
        uploader = self.page.get_by_test_id("stFileUploader")
        if label is not None:
            uploader = uploader.filter(has_text=label)
        uploader.first.locator("input[type=file]").set_input_files(list(files))
        self.page.wait_for_timeout(300)
        settled(self.page)

    def tile(self, name):
        board = self.page.locator(".pv-tile").filter(has_text=name).first
        return board.locator(".pv-now").inner_text()

    def tiles(self):
        return [tile.inner_text() for tile in self.page.locator(".pv-tile").all()]

    def body(self):
        return self.page.locator("[data-testid=stMain]").inner_text()

    def click(self, name, **options):
        self.page.get_by_role("button", name=name, **options).first.click()
        settled(self.page)

    def press(self, slider, key, times=1):
        # Streamlit says the name of a handle twice: its own and its group's.
        handle = f'input[aria-label="{slider}"]'
        self.page.locator(f".levels {handle}, [data-testid=stSlider] {handle}").focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        settled(self.page)

    def choose(self, label, option):
        self.page.get_by_role("combobox", name=label, exact=True).focus()
        self.page.keyboard.type(option)
        self.page.get_by_role("option", name=option).wait_for()
        self.page.keyboard.press("Enter")
        settled(self.page)

    def download(self, name):
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=name, exact=True).click()
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def screen():
    return Screen
