"""What pycanon is given, and that it then agrees where on raw tables it is known to err."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.second_opinion import child
from risk.second_opinion.child import answer, clean_frame

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests/golden"
TRAPS = json.loads((GOLDEN / "pycanon_traps.json").read_text(encoding="utf-8"))
INPATIENTS = json.loads((GOLDEN / "inpatients.json").read_text(encoding="utf-8"))
DEMO = ROOT / "demo_data"


def raw(*rows):
    codes = np.array(rows, "<i4")
    return codes.tobytes(), {"columns": codes.shape[0], "records": codes.shape[1], "quasi": 1}


def test_the_frame_has_no_gap_and_no_category():
    codes, shape = raw([5, 5, 9, 9], [2, -1, 0, 2])
    frame = clean_frame(codes, shape, {"asked": "alpha", "attribute": 0})
    assert frame.to_dict("list") == {"q0": [5, 9, 9], "s": ["v2", "v0", "v2"]}
    assert frame.index.tolist() == [0, 1, 2]
    ordered = clean_frame(codes, shape, {"asked": "t ordered", "attribute": 0})
    assert ordered["s"].tolist() == [2, 0, 2]
    assert pd.api.types.is_integer_dtype(ordered["s"])
    alone = clean_frame(codes, shape, {"asked": "k", "attribute": None})
    assert alone.to_dict("list") == {"q0": [5, 5, 9, 9]}


def test_an_error_is_told_by_its_type_and_never_by_its_text(monkeypatch):
    def fails(*_arguments):
        raise ZeroDivisionError("the value of Ms Smith")

    monkeypatch.setattr(child, "_ask", fails)
    codes, shape = raw([0, 0])
    told = answer(codes, shape, {"asked": "k", "attribute": None})
    assert told == {"error": "ZeroDivisionError"}


def test_the_process_loads_nothing_of_the_screen_or_of_our_measures():
    script = (
        "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2]);"
        "print({m.partition('.')[0] for m in sys.modules} & {'streamlit', 'risk', 'numba'})"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", script, str(ROOT), child.__file__],
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == "set()"


def frame_of(trap):
    frame = pd.DataFrame(trap["columns"], index=trap.get("index"))
    for name, categories in trap.get("categories", {}).items():
        frame[name] = pd.Categorical(frame[name], categories=categories)
    return frame


@pytest.mark.parametrize("trap", TRAPS, ids=[f"{t['row']}: {t['what']}" for t in TRAPS])
def test_every_trap_is_taken_out_of_its_way(context_of, opinion_here, trap):
    sensitive = [trap["sensitive"]] if "sensitive" in trap else []
    context = context_of(
        frame_of(trap).rename(columns=str),
        quasi=[str(name) for name in trap["quasi_identifiers"]],
        sensitive=[str(name) for name in sensitive],
    )
    compared = opinion_here(context)
    assert compared["models.k-anonymity"].verdict == "agrees"
    for name, one in compared.items():
        assert one.verdict != "differs", name
        if one.verdict == "not comparable":
            assert "no figure of ours" in one.why or "one value only" in one.why


def test_the_inpatients_of_the_paper(context_of, opinion_here):
    frame = pd.DataFrame(INPATIENTS["anonymous"], columns=INPATIENTS["columns"])
    context = context_of(frame, quasi=INPATIENTS["quasi_identifiers"], sensitive=["condition"])
    compared = opinion_here(context)
    assert {one.verdict for one in compared.values()} == {"agrees"}
    theirs = {name.removeprefix("models."): one.theirs for name, one in compared.items()}
    assert theirs["k-anonymity"] == 4
    assert theirs["l-diversity.condition.distinct"] == 1
    assert theirs["t-closeness.condition.equal"] == pytest.approx(7 / 12)
    assert theirs["alpha.condition"] == 1
    assert theirs["beta-likeness.condition"] == pytest.approx(1.4)


def test_ranks_are_those_of_the_paper_on_t_closeness(context_of, opinion_here):
    salaries = {"q": list("aaabbbccc"), "s": [3, 4, 5, 6, 11, 8, 7, 10, 9]}
    compared = opinion_here(context_of(salaries, quasi=["q"], sensitive=["s"]))
    assert compared["models.t-closeness.s.ordered"].theirs == pytest.approx(0.375)
    assert compared["models.t-closeness.s.ordered"].verdict == "agrees"


@pytest.mark.parametrize(
    ("table", "roles"),
    [
        ("inpatients_anonymous", (["zip", "age", "nationality"], ["condition"])),
        ("school", (["sex", "class"], ["special_needs", "grade"])),
        ("hospital", (["sex", "marital_status"], ["diagnosis"])),
    ],
)
def test_the_demo_tables(context_of, opinion_here, table, roles):
    frame = pd.read_csv(DEMO / f"{table}.csv", dtype=str)
    compared = opinion_here(context_of(frame, quasi=roles[0], sensitive=roles[1]))
    assert len(compared) == 1 + 5 * len(roles[1])
    assert {one.verdict for one in compared.values()} == {"agrees"}


@pytest.mark.parametrize("order", [1, -1])
def test_adult_released_with_a_record_left_out(context_of, opinion_here, adult, order):
    frame = adult.iloc[::order]
    kept = np.arange(len(frame)) % 7 > 0
    context = context_of(
        frame, quasi=["sex", "race"], sensitive=["salary-class", "occupation"], kept=kept
    )
    compared = opinion_here(context)
    assert {one.verdict for one in compared.values()} == {"agrees"}
    assert compared["models.t-closeness.occupation.equal"].reported is not None


CELLS = st.sampled_from(["a", "b", "c", None])


@settings(max_examples=25)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["5", "10", "7", None])), min_size=1),
    names=st.lists(st.text(min_size=1, max_size=4), min_size=3, max_size=3, unique=True),
)
def test_any_table_agrees_or_has_a_reason(context_of, opinion_here, rows, names):
    frame = pd.DataFrame(rows, columns=[f"{i}{name}" for i, name in enumerate(names)], dtype=object)
    *quasi, sensitive = frame.columns
    for one in opinion_here(context_of(frame, quasi=quasi, sensitive=[sensitive])).values():
        assert one.verdict == "agrees" or (one.verdict == "not comparable" and one.theirs is None)
        assert one.theirs is None or math.isfinite(one.theirs)
