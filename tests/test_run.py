"""`make run` starts without a question: a fresh machine has no Streamlit credentials."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_app_starts_on_a_fresh_machine_without_asking_anything(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
    # An empty home, and no browser that could open.
    environment |= {"HOME": str(tmp_path), "BROWSER": "true", "PYTHONPATH": ""}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        answer = b""
        for _ in range(300):
            if process.poll() is not None:
                break
            try:
                health = f"http://127.0.0.1:{port}/_stcore/health"
                with urllib.request.urlopen(health, timeout=1) as reply:
                    answer = reply.read()
                break
            except OSError:
                time.sleep(0.1)
        assert answer == b"ok", (tmp_path / "log").read_text("utf-8", "replace")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert "Email" not in (tmp_path / "log").read_text("utf-8", "replace")
