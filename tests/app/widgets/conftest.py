import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture
def show():
    """Run a function that shows one widget, with a session that is loaded already."""

    def shown(function, session):
        at = AppTest.from_function(function, default_timeout=120)
        at.session_state["session"] = session
        return at.run()

    return shown
