import json
from dataclasses import replace

import pytest

from microdata.errors import PrivacyToolError
from reports.assessment import Assessment
from reports.document.metric_tables import second_opinion_section
from reports.second_opinion import NOT_ASKED, comparison_rows, summary
from risk.second_opinion import Comparison

K = ("models", "k-anonymity")
T = ("models", "t-closeness", "ill", "equal")


def made(verdict, figure=K, ours=3.0, theirs=3.0):
    return Comparison(figure=figure, ours=ours, theirs=theirs, verdict=verdict, why="Because.")


def test_the_summary_counts_what_was_compared():
    assert summary(()) == NOT_ASKED
    assert summary([made("agrees"), made("agrees", T)]) == "pycanon agrees with 2 of 2 figures."
    mixed = [made("agrees"), made("differs", T), made("not comparable", T, theirs=None)]
    assert summary(mixed) == (
        "pycanon agrees with 1 of 2 figures; differs in 1; 1 more could not be compared."
    )
    assert "could not recompute any" in summary([made("not comparable", theirs=None)])


def test_what_differs_comes_first_and_values_are_in_their_unit():
    rows = comparison_rows([made("agrees"), made("differs", T, ours=0.25, theirs=0.5)])
    assert [(row.verdict, row.ours, row.theirs) for row in rows] == [
        ("differs", "0.250", "0.500"),
        ("agrees", "3 people", "3 people"),
    ]


def test_a_second_opinion_survives_the_saved_assessment(released):
    asked = Assessment.from_json(
        json.loads(
            json.dumps(
                released.to_json()
                | {"second_opinion": [made("agrees").to_json(), made("differs", T).to_json()]}
            )
        )
    )
    assert [comparison.verdict for comparison in asked.second_opinion] == ["agrees", "differs"]
    broken = asked.to_json() | {"second_opinion": [{"figure": "x"}]}
    with pytest.raises(PrivacyToolError, match="not a saved assessment"):
        Assessment.from_json(broken)


def test_the_document_prints_it_or_says_that_nobody_asked(released):
    silent = second_opinion_section(released)
    assert silent.blocks[0].text == NOT_ASKED
    asked = replace(released, second_opinion=(made("agrees"), made("differs", T)))
    told = second_opinion_section(asked)
    assert "agrees with 1 of 2" in told.blocks[0].text
    assert [row[3].text for row in told.blocks[1].rows] == ["differs", "agrees"]
    assert "Because." in told.blocks[2].items
