import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from markdown_it import MarkdownIt
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from demo_data import DEMOS
from microdata.hierarchy import Hierarchy
from microdata.profile import profile
from microdata.readers import dataset_from_frame, read_dataset
from microdata.roles import Role, Roles
from transforms.hierarchies import read_hierarchies
from ui.state import Session

MAIN = Path(__file__).resolve().parents[2] / "ui" / "main.py"
PAGES = next(MAIN.parent.glob("*/risk.py")).parent.name
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "[a](http://evil.example/x.png)",
    "![x](http://evil.example/x.png)",
    ":material/home:",
    r"$\frac{1}{2}$",
    "\u202egnp.x",
    "w" * 5000,
    "http://evil.example/x.png",
    "www.evil.example",
    ":streamlit: a@evil.example",
)
# Everything in an element's message that Streamlit's front end reads as markdown.
_MARKDOWN = {"body", "label", "help", "caption", "captions", "options"}
_PLAIN = {"multiselect", "selectbox", "slider"}  # their options are text, not markdown


def _session_of(demo):
    raw = demo.data.read_bytes()
    dataset = read_dataset(raw, demo.data.name)
    roles = Roles.from_json(json.loads(demo.roles.read_bytes()))
    fresh = Session().with_dataset(dataset, profile(dataset), raw).with_roles(roles, {})
    return fresh.with_hierarchies(read_hierarchies(demo.hierarchies, dataset.column_names))


@pytest.fixture(scope="session")
def hospital():
    return _session_of(DEMOS[0])


@pytest.fixture(scope="session")
def inpatients():
    return _session_of(DEMOS[1])


@pytest.fixture(scope="session")
def hostile():
    """A table whose column names and values are attacks on the page."""
    rows = 24
    frame = pd.DataFrame(
        {
            name: [HOSTILE[(i // 6 + position) % len(HOSTILE)] for i in range(rows)]
            for position, name in enumerate(HOSTILE)
        }
    )
    dataset = dataset_from_frame(frame, "![x](http://evil.example/x.png).csv")
    names = dataset.column_names
    kinds = [
        Role.QUASI_IDENTIFIER,
        Role.QUASI_IDENTIFIER,
        Role.QUASI_IDENTIFIER,
        Role.SENSITIVE,
        Role.SENSITIVE,
        Role.DIRECT_IDENTIFIER,
        Role.QUASI_IDENTIFIER,
        Role.DIRECT_IDENTIFIER,
    ]
    roles = Roles(by_column=dict(zip(names, kinds, strict=False)))
    hierarchies = {
        name: Hierarchy.from_rows(
            name, [(v, HOSTILE[1], "*") for v in dataset.frame[name].cat.categories]
        )
        for name in (*roles.quasi_identifiers[:3], roles.sensitive[0])
    }
    session = Session().with_dataset(dataset, profile(dataset), b"")
    return session.with_roles(roles, {}).with_hierarchies(hierarchies)


@pytest.fixture(autouse=True)
def _pages_have_a_frame(monkeypatch):
    """Run `main.py` on every page, as `ui.server` makes the real server do."""
    real = PagesManager.__init__

    def start(self, *arguments, **options):
        real(self, *arguments, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", start)


@pytest.fixture
def open_app():
    """Open one page of the app with a session that is loaded already."""

    def opened(page, session=None):
        at = AppTest.from_file(MAIN, default_timeout=120)
        if session is not None:
            at.session_state["session"] = session
        at.run()
        return at if page == "data" else turn(at, page)

    return opened


def turn(at, page):
    return at.switch_page(f"{PAGES}/{page}.py").run()


@pytest.fixture
def turn_to():
    """Leave a page for another one, as a click on the navigation does."""
    return turn


class Sliders:
    """The sliders of the Reduce page, as the browser shows and moves them."""

    def __init__(self, at):
        self.at = at
        shown = at.get("bidi_component")
        self.proto = next((e.proto for e in shown if e.proto.component_name == "levels"), None)
        data = {"columns": []} if self.proto is None else json.loads(self.proto.json)
        self.version = data.get("version")
        self.columns = {row["column"]: row for row in data["columns"]}

    @property
    def levels(self):
        return {column: row["level"] for column, row in self.columns.items()}

    def told(self, levels, version=None):
        """Tell the server what the browser tells it after a move."""
        states = self.at._tree.get_widget_states()
        state = states.widgets.add()
        state.id = self.proto.id
        moved = {"sent": 1, "version": version or self.version, "levels": levels}
        state.json_value = json.dumps({"moved": moved})
        self.at._run(states)


@pytest.fixture
def sliders():
    """Return a function that gives the sliders of the Reduce page."""
    return Sliders


@pytest.fixture
def slide():
    """Return a function that moves one slider of the Reduce page."""

    def moved(at, column, level):
        shown = Sliders(at)
        shown.told([[name, level if name == column else v] for name, v in shown.levels.items()])

    return moved


@pytest.fixture
def html():
    """Return a function that gives all that a page writes as HTML."""

    def written(at):
        return "\n".join(element.proto.body for element in at.get("html"))

    return written


def _messages(node):
    if getattr(node, "proto", None) is not None:
        yield node.type, node.proto
    for child in getattr(node, "children", {}).values():
        yield from _messages(child)


def _texts(kind, message):
    for field, value in message.ListFields():
        if field.message_type is not None:
            repeated = [value] if not hasattr(value, "__iter__") else list(value)
            for inner in repeated:
                if hasattr(inner, "ListFields"):
                    yield from _texts(kind, inner)
        elif field.name in _MARKDOWN and not (field.name == "options" and kind in _PLAIN):
            yield from [value] if isinstance(value, str) else list(value)


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.found |= {name for name, _ in attrs if name.startswith("on")}


def active_parts(text):
    """Return what a markdown text would do beyond showing itself."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found = set()
    for block in parser.parse(text):
        for token in (block, *(block.children or ())):
            if token.type in {"image", "link_open", "html_block", "html_inline", "code_block"}:
                found.add(token.type)
            if token.type == "text" and any(
                trigger in token.content.lower()
                for trigger in (
                    "http://",
                    "https://",
                    "www.",
                    ":material/",
                    ":streamlit:",
                    "a@evil",
                )
            ):
                found.add("replaced by the front end")
    return found


@pytest.fixture(name="active_parts")
def _active_parts():
    return active_parts


@pytest.fixture
def hostile_parts():
    """Return a function that gives what a page would let its data do."""

    def found(at):
        parts = set()
        for kind, message in _messages(at._tree):
            if kind == "html":
                tags = _Tags()
                tags.feed(message.body)
                parts |= tags.found & {"img", "a", "script", "iframe", "onerror"}
                continue
            for text in _texts(kind, message):
                parts |= {(kind, part, text[:80]) for part in active_parts(text)}
        return parts

    return found


@pytest.fixture
def downloads(monkeypatch):
    """What each download button of the last run would give, by its label."""
    given = {}
    real = st.download_button

    def record(label, data, **options):
        # The server asks for it later, in a thread that belongs to no session.
        given[label] = pool.submit(data).result() if callable(data) else data
        return real(label, data, **options)

    monkeypatch.setattr(st, "download_button", record)
    with ThreadPoolExecutor(1) as pool:
        yield given


@pytest.fixture
def fresh(inpatients):
    """A session of its own: the tests of this process share one cache."""
    return replace(inpatients, key=secrets.token_bytes(32))
