from types import MappingProxyType

import pytest

from microdata.measure import Estimate, NotComputed
from reports.chart_composition import (
    ADVICE,
    NOT_ALL_KNOWN,
    SAFE,
    TOGETHER,
    composition_advice,
    composition_chart,
    composition_rows,
    composition_sentence,
)
from risk.attacks.composition import Composition

NAMES = ("for the press", "for research")


def given(**changes):
    values = {
        ("people", "both"): 20,
        ("people", "only_first"): 3,
        ("people", "only_second"): 0,
        **{("smallest", s): v for s, v in zip(("first", "second"), (5, 7), strict=True)},
        ("smallest", "together"): 1,
        ("average", "first"): 0.2,
        ("average", "second"): 1 / 7,
        ("average", "together"): 0.5,
        ("unique", "first"): 0,
        ("unique", "second"): 0,
        ("unique", "together"): 12,
        ("below", "first"): 0,
        ("below", "second"): 0,
        ("below", "together"): 14,
        ("shrank",): 0.75,
        ("sensitive", "illness", "first"): 0.0,
        ("sensitive", "illness", "second"): 0.1,
        ("sensitive", "illness", "disclosed"): 0.4,
        ("sensitive", "illness", "new"): 0.3,
        ("sensitive", "illness", "reduction"): 0.25,
    }
    values |= {tuple(key.split("__")): value for key, value in changes.items()}
    return Composition(
        threshold=5,
        figures={
            path: value if isinstance(value, NotComputed) else Estimate(value=value)
            for path, value in values.items()
        },
        sizes=MappingProxyType(
            {"first": {5: 20}, "second": {7: 14, 120: 6}, "together": {1: 12, 3: 2, 5: 6}}
        ),
        caveats=("Rows are paired.", "Three are left out."),
    )


def test_the_sentence_says_who_is_found():
    said = composition_sentence(given())
    assert said == (
        "Together, the two releases leave groups of 1: whoever holds both finds 12 people. "
        "Alone: 5 and 7."
    )
    assert "finds 1 person." in composition_sentence(given(unique__together=1))


def test_the_sentence_says_no_more_than_there_is():
    nobody = given(unique__together=0, smallest__together=3)
    assert composition_sentence(nobody) == (
        "Together, the two releases leave groups of 3, smaller than in either of them. "
        "Alone: 5 and 7."
    )
    same = given(unique__together=0, smallest__together=5)
    assert composition_sentence(same).startswith("Together, the two releases leave groups of 5. ")


REDUCTION = "sensitive__illness__reduction"
GAP = NotComputed(reason="It is not published.")


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({}, ADVICE),
        ({"shrank": 0.0}, ADVICE),
        ({REDUCTION: GAP}, ADVICE),
        ({"shrank": 0.0, REDUCTION: 0.0}, SAFE),
        ({"shrank": 0.0, REDUCTION: GAP}, NOT_ALL_KNOWN),
    ],
)
def test_what_to_do(changes, advice):
    assert composition_advice(given(**changes)) == advice


def test_people_by_band_alone_and_together():
    spec = composition_chart(given(), NAMES)
    assert [series.name for series in spec.series] == [*NAMES, TOGETHER]
    assert [series.values for series in spec.series] == [
        (0, 0, 20, 0, 0, 0),
        (0, 0, 14, 0, 0, 6),
        (12, 2, 6, 0, 0, 0),
    ]
    assert spec.title == composition_sentence(given())
    assert spec.note == "Rows are paired. Three are left out."
    assert "2–4: for the press 0, for research 0, both together 2" in spec.alt


def test_the_table_tells_every_figure():
    head, *rows = composition_rows(given(), NAMES)
    assert head == ("figure", *NAMES, TOGETHER)
    assert rows == [
        ("Smallest group (k)", "5", "7", "1"),
        ("Average risk of being found", "1 in 5 (20.0 %)", "1 in 7 (14.3 %)", "1 in 2 (50.0 %)"),
        ("People alone in their group (unique)", "0", "0", "12"),
        ("People in groups below 5", "0", "0", "14"),
        ("People whose group is smaller than in either", "", "", "75.0 %"),
        ("People whose illness is given away (disclosed)", "0 %", "10.0 %", "40.0 %"),
        ("People whose illness neither alone gives away", "", "", "30.0 %"),
        ("How much the possible values of illness shrink on average", "", "", "25.0 %"),
        ("People in both releases", "", "", "20"),
        ("People in for the press alone", "", "", "3"),
        ("People in for research alone", "", "", "0"),
    ]


def test_what_is_not_known_is_said_with_its_reason():
    result = given(**{f"sensitive__illness__{key}": GAP for key in ("disclosed", "first")})
    row = next(row for row in composition_rows(result, NAMES) if "(disclosed)" in row[0])
    assert row[3] == "not computed, because it is not published"


def test_long_names_are_cut():
    spec = composition_chart(given(), ("x" * 500, "y\n" * 300))
    assert all(len(series.name) <= 40 for series in spec.series)
    assert all(len(cell) <= 60 for cell in composition_rows(given(), ("x" * 500, "y"))[0])
