"""The web server: private headers, uploads that stay in memory, and a warm start."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

import numpy as np
import pyarrow as pa
import starlette.formparsers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import skills

from microdata.errors import PrivacyToolError
from microdata.memory import return_memory
from microdata.readers import MAX_UPLOAD_BYTES, dataset_from_frame
from ui.widgets.guard import show

# Above 1 MB uploads would be spooled to a file; they stay in memory.
starlette.formparsers.MultiPartParser.spool_max_size = 2 * MAX_UPLOAD_BYTES
# Beside `main.py` a folder of the name `pages` is an app of its own to Streamlit: a session that
# opens `/risk` first would see that page without its frame.
PagesManager.uses_pages_directory = False
# Where a coding agent is installed, Streamlit's page offers, over "Forget my data", to write files
# for it. As if none were installed there is no offer, and a request to write is refused.
skills.agent_harness_present = lambda: False

_RULES = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(_RULES)
HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
JANITOR_SECONDS = 60


class SecurityHeaders:
    """Put on every response the headers by which the browser itself refuses to call out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def middleware() -> list[Middleware]:
    """Return the middleware of the app."""
    return [Middleware(SecurityHeaders)]


@contextlib.asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Warm the kernels up beside the first page, and return freed memory now and then."""
    pa.set_memory_pool(pa.system_memory_pool())
    # What the warm-up and the first page share is loaded before either: two threads that load the
    # same packages at once can see them half loaded.
    import_module("ui.compute")
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    janitor = asyncio.create_task(_tidy())
    try:
        yield
    finally:
        janitor.cancel()


async def _tidy() -> None:
    while True:
        await asyncio.sleep(JANITOR_SECONDS)
        if runtime.exists():
            manager = runtime.get_instance()._session_mgr  # noqa: SLF001 -- there is no other way
            close_expired(manager._session_storage)  # type: ignore[attr-defined]  # noqa: SLF001 -- as above
        await asyncio.to_thread(return_memory)


def close_expired(storage: Any) -> None:
    """
    Let go of sessions whose tab was closed longer ago than the server keeps them.

    Streamlit itself does so only when another session comes or goes, so the last table of the
    day would stay in memory.
    """
    storage._cache.expire()  # noqa: SLF001 -- there is no other way


def warm_up() -> None:
    """Compile every kernel on a made-up table, so that the first user does not wait for it."""
    import pandas as pd  # noqa: PLC0415 -- in the background thread, not before the first page

    from microdata.hierarchy import Hierarchy  # noqa: PLC0415 -- as above
    from microdata.population import Population  # noqa: PLC0415 -- as above
    from microdata.release import Release  # noqa: PLC0415 -- as above
    from microdata.roles import Role, Roles  # noqa: PLC0415 -- as above
    from reports.assessment import assess  # noqa: PLC0415 -- as above
    from reports.case import Case  # noqa: PLC0415 -- as above
    from risk.attacks import LinkageAttack  # noqa: PLC0415 -- as above
    from risk.models import KAnonymity  # noqa: PLC0415 -- as above
    from transforms.search import SearchProblem, search, search_local  # noqa: PLC0415 -- as above
    from transforms.search.profile import profile_lattice  # noqa: PLC0415 -- as above

    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "age": ["", *rng.integers(20, 40, 99).astype(str)],
            "ill": rng.choice(["a", "b", "c"], 100),
        }
    )
    roles = Roles(by_column={"age": Role.QUASI_IDENTIFIER, "ill": Role.SENSITIVE})
    hierarchy = Hierarchy.from_rows("ill", [("a", "x", "*"), ("b", "x", "*"), ("c", "y", "*")])
    dataset = dataset_from_frame(frame, "warm-up.csv")
    population = Population(size=1000)
    hierarchies = {"ill": hierarchy}
    case = Case(dataset=dataset, roles=roles, hierarchies=hierarchies, population=population)
    assess(case)
    problem = SearchProblem(
        roles=Roles(by_column={"ill": Role.QUASI_IDENTIFIER}), models=(KAnonymity(k=2),)
    )
    for look in (search, profile_lattice, search_local):
        look(problem, case.encoded())
    return_memory()
    attack = LinkageAttack(errors=0.5, missing=0.1, nearest=True, knows_rule=False)
    attack.run(case.context(Release.original(case.encoded())))


def on_script_error(error: Exception) -> bool:
    """Show a sentence instead of a traceback; a cell value never reaches the screen or a log."""
    show(error if isinstance(error, PrivacyToolError) else None)
    return True
