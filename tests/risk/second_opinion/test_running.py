"""The process itself: it answers, is ended in time, and leaves nothing behind."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from risk.models import kernels
from risk.second_opinion import running, second_opinion, start

ROOT = Path(__file__).resolve().parents[3]
HAS_PYCANON = importlib.util.find_spec("pycanon") is not None
needs_pycanon = pytest.mark.skipif(not HAS_PYCANON, reason="pycanon is not installed")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks the process up in /proc")

PATIENCE = 120  # seconds; a busy machine starts a process slowly
FIRST = "models.k-anonymity"


@pytest.fixture
def context(context_of):
    columns = {"q": list("aabb"), "s": list("xxyy")}
    return context_of(columns, quasi=["q"], sensitive=["s"])


@pytest.fixture
def child_that(monkeypatch):
    """Put a script in the place of the child; it has read its input."""
    monkeypatch.setattr(
        running.importlib.util, "find_spec", lambda name: name
    )  # also where pycanon is not installed

    def replace(script):
        read = "import os, signal, sys, time; sys.stdin.buffer.read(2 * 4 * 4); "
        monkeypatch.setattr(running, "_CHILD", read + script)

    return replace


def ask(context, **how):
    compared = second_opinion(context.release, context.roles, **{"seconds": PATIENCE} | how)
    return {".".join(one.figure): one for one in compared}


def until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    return condition()


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@needs_pycanon
def test_pycanon_agrees(context):
    compared = ask(context)
    assert len(compared) == 6
    assert {one.verdict for one in compared.values()} == {"agrees"}
    assert compared["models.t-closeness.s.equal"].theirs == 0.5


@needs_pycanon
def test_the_rule_for_missing_cells_is_handed_on(context):
    compared = ask(context, missing="wildcard")
    assert compared.pop(FIRST).verdict == "not comparable"
    assert {one.verdict for one in compared.values()} == {"agrees"}


@needs_pycanon
def test_hostile_names_and_values_neither_travel_nor_hurt(context_of):
    names = ["q0", "s", "a,b(c)=1\n'\"{}", "=HYPERLINK(1)", "\u202e.--_*"]
    draw = np.random.default_rng(3)
    frame = pd.DataFrame({n: draw.choice(["x", "=1+1", "'; --", None], 60) for n in names})
    compared = ask(context_of(frame, quasi=names[:3], sensitive=names[3:]))
    assert len(compared) == 11
    assert "differs" not in {one.verdict for one in compared.values()}
    assert compared[FIRST].verdict == "agrees"


@needs_pycanon
def test_a_falsified_figure_is_found_out(context, monkeypatch):
    right = kernels.total_variation
    monkeypatch.setattr(kernels, "total_variation", lambda *a: right(*a) + 1e-6)
    compared = ask(context)
    assert [n for n, one in compared.items() if one.verdict == "differs"] == [
        "models.t-closeness.s.equal"
    ]
    wrong = compared["models.t-closeness.s.equal"]
    assert (wrong.ours, wrong.theirs) == (pytest.approx(0.500001), 0.5)
    assert "Rely on neither" in wrong.why


@needs_pycanon
@on_linux
def test_what_takes_too_long_is_ended(context_of):
    n = 20_000
    frame = pd.DataFrame({"q": np.arange(n).astype(str), "s": (np.arange(n) % 5000).astype(str)})
    context = context_of(frame, quasi=["q"], sensitive=["s"])
    begun = time.monotonic()
    job = start(context.release, context.roles, seconds=3)
    pid = job._process.pid
    assert job.poll() is None
    compared = job.wait()
    assert time.monotonic() - begun < 60  # hours, if it were left to itself
    assert compared[-1].verdict == "not comparable"
    assert compared[-1].why == "Not comparable, because pycanon did not finish within 3 seconds."
    assert compared[-1].ours == pytest.approx(4999)  # beta: 1 against 1/5000
    assert job.poll() == compared
    assert not alive(pid)


def test_what_was_answered_before_the_end_counts(context, child_that):
    child_that(
        """print('{"number": 0, "value": 2.0}\\n{"num', end='', flush=True); time.sleep(600)"""
    )
    compared = ask(context, seconds=2)
    assert compared[FIRST].verdict == "agrees"
    rest = [one for name, one in compared.items() if name != FIRST]
    assert all("did not finish within 2 seconds" in one.why for one in rest)


@on_linux
def test_it_is_stopped_at_once_and_more_than_once(context, child_that):
    child_that("time.sleep(600)")
    job = start(context.release, context.roles, seconds=PATIENCE)
    assert alive(job._process.pid)
    assert job.poll() is None
    job.stop()
    job.stop()
    compared = until(job.poll, 30)
    assert all("was stopped before it had finished" in one.why for one in compared)
    assert not alive(job._process.pid)
    job.stop()
    assert job.poll() == compared


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("sys.exit(3)", "pycanon stopped with an error."),
        ("raise ValueError('Ms Smith')", "pycanon stopped with an error."),
        ("os.abort()", "needed more memory than it may have"),
        ("os.kill(os.getpid(), 9)", "was ended by the system"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "did not finish within 120 seconds"),
        ("""print('{"number": 0, "error": "KeyError"}')""", "stopped with an error (KeyError)."),
        ("""print('{"number": 0, "error": "MemoryError"}')""", "needed more memory"),
        ("""print('{"number": 0, "value": NaN}')""", "gave no number"),
        ("""print('what a library prints')""", "stopped with an error."),
    ],
)
@on_linux
def test_how_it_ended_is_told_and_never_what_it_said(context, child_that, script, told):
    child_that(script)
    first = ask(context)[FIRST]
    assert (first.verdict, first.theirs, first.ours) == ("not comparable", None, 2)
    assert told in first.why
    assert "Smith" not in first.why
    assert first.why.startswith("Not comparable, because ")


@needs_pycanon
def test_too_little_memory_is_no_figure(context, monkeypatch):
    monkeypatch.setattr(running, "MEMORY_BYTES", 40 * 1024**2)
    assert {one.verdict for one in ask(context).values()} == {"not comparable"}


def test_without_pycanon_nothing_is_started(context, monkeypatch):
    monkeypatch.setattr(running.importlib.util, "find_spec", lambda _name: None)
    job = start(context.release, context.roles)
    compared = job.poll()
    assert job._process is None
    assert {one.verdict for one in compared} == {"not comparable"}
    assert all(one.why.endswith("pycanon does not run on this Python.") for one in compared)
    job.stop()
    assert job.wait() == compared


def test_nothing_to_ask_starts_nothing(context_of):
    context = context_of({"q": ["a"], "s": ["x"]}, quasi=["q"], sensitive=["s"], kept=[0])
    job = start(context.release, context.roles)
    assert job._process is None
    assert {one.verdict for one in job.poll()} == {"not comparable"}


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_time_limit_is_a_number_above_zero(context, seconds):
    with pytest.raises(PrivacyToolError, match="above zero"):
        start(context.release, context.roles, seconds=seconds)


ORPHANED = """
import os, signal, sys
import pandas as pd
from microdata.encoding import encode
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Roles
from risk.second_opinion import start

numbers = [str(i) for i in range(20_000)]
source = encode(dataset_from_frame(pd.DataFrame({"q": numbers, "s": numbers}), "t"))
roles = Roles.from_json({"quasi_identifiers": ["q"], "sensitive": ["s"]})
job = start(Release.original(source), roles, seconds=300)
print(job._process.pid, flush=True)
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""


@needs_pycanon
@on_linux
def test_it_does_not_outlive_the_program_that_started_it():
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHANED],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        pid = int(parent.stdout.readline())
        time.sleep(1)
        assert alive(pid)
        parent.stdin.write("\n")
        parent.stdin.flush()
        assert parent.wait(PATIENCE) < 0
    assert until(lambda: not alive(pid), 30)
