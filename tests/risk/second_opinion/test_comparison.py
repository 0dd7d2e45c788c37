from __future__ import annotations

import json
import math

import pytest

from risk.second_opinion import Comparison
from risk.second_opinion.question import Question

K = Question(figure=("models", "k-anonymity"), asked="k", ours=3.0)
T = Question(
    figure=("models", "t-closeness", "s", "equal"),
    asked="t equal",
    ours=0.25,
    reported=0.375,
    notes=("Both are against the released records.",),
)


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (3.0, 3.0, "agrees"),
        (0.25, 0.25 * (1 + 9e-10), "agrees"),
        (0.25, 0.25 * (1 + 2e-9), "differs"),
        (0.0, 1e-17, "agrees"),
        (1.0, 2.0, "differs"),
        (0.0, 1e-6, "differs"),
    ],
)
def test_figures_agree_but_for_rounding(ours, theirs, verdict):
    question = Question(figure=("models", "k-anonymity"), asked="k", ours=ours)
    assert Comparison.of(question, theirs).verdict == verdict


@pytest.mark.parametrize("theirs", [math.nan, math.inf, -math.inf])
def test_an_answer_that_is_no_number_is_not_compared(theirs):
    compared = Comparison.of(K, theirs)
    assert compared.verdict == "not comparable"
    assert compared.theirs is None
    assert compared.ours == 3.0
    assert "gave no number" in compared.why


def test_the_figure_of_the_report_stands_beside_what_is_compared():
    compared = Comparison.of(T, 0.25)
    assert (compared.ours, compared.theirs, compared.reported) == (0.25, 0.25, 0.375)
    assert compared.why.endswith("Both are against the released records.")


def test_where_nothing_is_compared_ours_is_the_figure_of_the_report():
    compared = Comparison.impossible(T, "pycanon was stopped")
    assert (compared.ours, compared.theirs, compared.reported) == (0.375, None, None)
    assert compared.why == "Not comparable, because pycanon was stopped."


COMPARED = [
    Comparison.of(K, 3.0),
    Comparison.of(K, 4.0),
    Comparison.of(T, 0.25),
    Comparison.impossible(T, "so"),
]


@pytest.mark.parametrize("compared", COMPARED)
def test_a_saved_comparison_is_read_back_without_loss(compared):
    saved = json.loads(json.dumps(compared.to_json(), allow_nan=False))
    assert Comparison.from_json(saved) == compared


@pytest.mark.parametrize(
    "change",
    [
        {"figure": "models"},
        {"figure": ["models", 1]},
        {"figure": None},
        {"ours": "3"},
        {"ours": True},
        {"theirs": math.nan},
        {"reported": []},
        {"verdict": "right"},
        {"verdict": None},
        {"why": None},
        {"more": 1},
    ],
    ids=str,
)
def test_a_saved_comparison_that_was_changed_is_refused(change):
    with pytest.raises(TypeError):
        Comparison.from_json(COMPARED[0].to_json() | change)


@pytest.mark.parametrize("key", COMPARED[0].to_json())
def test_a_saved_comparison_that_lacks_a_part_is_refused(key):
    data = COMPARED[0].to_json()
    del data[key]
    with pytest.raises(TypeError):
        Comparison.from_json(data)
