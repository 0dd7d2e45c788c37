import asyncio
import gc
import time
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.backend_operation_handler import InstallSkillsHandler
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.testing.v1.util import patch_config_options
from streamlit.web import skills

from ui.server import (
    HEADERS,
    SecurityHeaders,
    close_expired,
    on_script_error,
    return_memory,
    warm_up,
)

LOOPBACK = "streamlit.runtime.backend_operation_handler.connection_locality"
EXPECTED = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "x-frame-options",
    "permissions-policy",
}


async def answer(scope_type="http"):
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def send(message):
        sent.append(message)

    await SecurityHeaders(app)({"type": scope_type}, None, send)
    return sent


def test_every_answer_carries_the_private_headers():
    start, body = asyncio.run(answer())
    names = {name.decode() for name, _ in start["headers"]}
    assert names == EXPECTED | {"a"}
    assert body["body"] == b"ok"


def test_a_web_socket_passes_untouched():
    start, _ = asyncio.run(answer("websocket"))
    assert start["headers"] == [(b"a", b"b")]


def test_the_policy_of_the_page_names_no_other_host():
    policy = dict(HEADERS)[b"content-security-policy"].decode()
    rules = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    allowed = {"'self'", "'none'", "'unsafe-inline'", "'wasm-unsafe-eval'", "blob:", "data:"}
    assert all(set(sources) <= allowed for sources in rules.values())
    assert rules["default-src"] == rules["connect-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["object-src"] == ["'none'"]


def test_the_warm_up_measures_a_made_up_table():
    warm_up()
    return_memory()


@pytest.mark.parametrize("error", [RuntimeError("x"), ValueError("y")])
def test_every_error_is_taken_over_from_the_framework(error, monkeypatch):
    shown = []
    monkeypatch.setattr("ui.server.show", shown.append)
    assert on_script_error(error)
    assert shown == [None]


class Table:
    pass


def test_a_closed_tab_is_forgotten_without_another_visitor():
    storage = MemorySessionStorage(ttl_seconds=0.05)
    table = Table()
    held = weakref.ref(table)
    storage.save(SimpleNamespace(session=SimpleNamespace(id="a", table=table)))
    del table
    close_expired(storage)
    assert held() is not None, "a tab that was closed just now may come back"
    time.sleep(0.1)
    gc.collect()
    assert held() is not None, "Streamlit keeps it, or this test checks nothing"
    close_expired(storage)
    gc.collect()
    assert held() is None


def test_nobody_is_offered_to_have_files_written_for_a_coding_agent(monkeypatch, tmp_path):
    """As on a computer that has such an agent, for a browser on the same computer."""
    (tmp_path / ".claude").mkdir()
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(LOOPBACK, lambda _: "loopback")
    written = []
    monkeypatch.setattr(skills, "install_skills", lambda **options: written.append(options))
    with patch_config_options({"server.headless": False, "logger.hideWelcomeMessage": False}):
        assert skills.detect_installed_agents() or skills._is_claude_code_present()
        assert skills.nudge_suppression_reason(str(tmp_path)) == "no_agent"
        request = SimpleNamespace(request_id="1")
        handler = InstallSkillsHandler(lambda: str(tmp_path))
        answered = asyncio.run(handler.handle(request, "session"))
    assert answered.error_reason == "refused:no_agent"
    assert written == []
