from __future__ import annotations

from pathlib import Path

import pytest

import cli

DEMO = Path(__file__).resolve().parents[2] / "demo_data"


@pytest.fixture(scope="session")
def inpatients():
    """The arguments that name the inpatients, their roles and their hierarchies."""
    return (
        *(DEMO / "inpatients.csv", "--roles", DEMO / "inpatients_roles.json"),
        *("--hierarchies", DEMO / "inpatients_hierarchies"),
    )


@pytest.fixture
def answer(capsys):
    """Run a command; return its exit code and what it prints."""

    def _answer(*arguments):
        code = cli.main([str(a) for a in arguments])
        return code, capsys.readouterr().out

    return _answer
