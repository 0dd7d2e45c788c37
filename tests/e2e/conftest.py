import contextlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
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
                with contextlib.suppress(OSError):
                    if urllib.request.urlopen(f"{base}/_stcore/health", timeout=1).status == 200:
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
    api = pytest.importorskip("playwright.sync_api") if os.environ.get("CI") != "true" else None
    if api is None:
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

    def watch(page):
        page.on(
            "request", lambda r: left.append(r.url) if not LOOPBACK.match(r.url) else None
        )
        page.on("websocket", lambda w: left.append(w.url) if not LOOPBACK.match(w.url) else None)
        page.on("console", lambda m: mistakes.append(m.text) if m.type == "error" else None)
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
    page.wait_for_timeout(150)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(
        state="attached", timeout=WAIT
    )
    page.wait_for_timeout(150)


class Screen:
    """The pages as a user sees them: by heading, role and label."""

    def __init__(self, page):
        self.page = page

    def go(self, name):
        # The tick of a finished page is part of its link.
        self.page.get_by_test_id("stTopNavLink").filter(has_text=name).first.click()
        self.page.get_by_role("heading", name=name, exact=True, level=2).wait_for()
        settled(self.page)

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
        handle = self.page.get_by_role("slider", name=slider, exact=True)
        handle.focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        settled(self.page)

    def choose(self, label, option):
        box = self.page.get_by_role("combobox", name=label).first
        box.click()
        self.page.get_by_role("option", name=option, exact=True).click()
        settled(self.page)

    def download(self, name):
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=name, exact=True).click()
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def screen():
    return Screen


@pytest.fixture(scope="session")
def demo_csv():
    return ROOT / "demo_data" / "hospital.csv"


@pytest.fixture
def command_line(tmp_path):
    """Run the command line on files with given contents, and return its JSON."""

    def run(*arguments, **files):
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_bytes(content)
        done = subprocess.run(
            [sys.executable, str(ROOT / "cli.py"), *arguments, "--json", "out.json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode in {0, 1}, done.stderr
        return json.loads((tmp_path / "out.json").read_text("utf-8"))

    run.folder = tmp_path
    return run


@pytest.fixture
def unpack(tmp_path):
    import zipfile

    def unpacked(raw, name):
        folder = tmp_path / name
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            archive.extractall(folder)
        return folder

    return unpacked
