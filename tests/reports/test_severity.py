from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from microdata.vocabulary import TOPICS
from reports.attributes import AttributeRow, attribute_rows
from reports.case import Case
from reports.document.risk_sections import matrix_table
from reports.severity import cell, severity, severity_floor
from risk.matrix import COLORS, MATRIX, read_matrix
from risk.policy import load_policy

CATEGORIES = sorted({topic.special_category for topic in TOPICS if topic.special_category})
LEVELS = st.integers(1, 4)


def row(delicate="", action="as in the original", name="x"):
    return AttributeRow(
        name=name, kind="text", role="sensitive", suggested_role="sensitive", reason="",
        overruled_because="", special_category=delicate, hipaa_class="", delicate=delicate,
        distinct=2, missing=0, action=action,
    )  # fmt: skip


@pytest.mark.parametrize("delicate", [*CATEGORIES, "finance", "location", "children"])
def test_delicate_columns_make_the_floor_significant(delicate):
    floor, reasons = severity_floor([row(), row(delicate, name="y")], {})
    assert floor == 3
    assert "y " in reasons[0]
    assert delicate in reasons[0]


def test_the_special_categories_are_known():
    assert len(CATEGORIES) > 5


@pytest.mark.parametrize("action", ["left out", "replaced by *"])
def test_a_column_that_tells_nothing_any_more_sets_no_floor(action):
    assert severity_floor([row("health", action)], {}) == (1, ())


@pytest.mark.parametrize(
    ("said", "floor"), [("children", 3), ("both", 3), ("weak", 1), ("no", 1), ("unknown", 1)]
)
def test_children_make_the_floor_significant(said, floor):
    found, reasons = severity_floor([row()], {"vulnerable": said})
    assert found == floor
    assert len(reasons) == (floor == 3)
    assert len(severity_floor([row("children")], {"vulnerable": said})[1]) == 1


@pytest.mark.parametrize("level", [3, 4])
def test_a_level_at_or_above_the_floor_is_in_force_without_a_reason(level):
    found = severity([row("health")], {"severity": level})
    assert (found.level, found.asked, found.floor) == (level, level, 3)


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("reason", ["", "  \n ", None])
def test_it_is_not_lowered_without_a_written_reason(level, reason):
    found = severity([row("health")], {"severity": level, "severity_reason": reason})
    assert (found.level, found.asked) == (3, level)
    assert "without a written reason" in found.reasons[-1]


@pytest.mark.parametrize("level", [1, 2])
def test_it_is_lowered_with_a_written_reason_and_says_so(level):
    answers = {"severity": level, "severity_reason": "Only colds are recorded."}
    found = severity([row("health")], answers)
    assert (found.level, found.asked, found.floor) == (level, level, 3)
    assert found.reasons[-1].startswith("Lowered from 3")


@pytest.mark.parametrize("said", [None, True, 0, 5, "3", 3.0])
def test_without_an_answer_there_is_no_severity(said):
    assert severity([row("health")], {"severity": said}).level is None


def test_severity_is_never_computed():
    assert severity([row("health")], {}).level is None
    assert severity([row("health")], {}).floor == 3


@given(LEVELS, LEVELS, LEVELS, LEVELS)
def test_a_higher_severity_or_likelihood_is_never_greener(level, more, chance, likelier):
    low = cell(min(level, more), min(chance, likelier))
    high = cell(max(level, more), max(chance, likelier))
    assert COLORS.index(low) <= COLORS.index(high)


@pytest.mark.parametrize("chance", [1, 2, 3, 4])
def test_lasting_harm_is_never_green(chance):
    assert cell(4, chance) == ("amber" if chance == 1 else "red")


def test_a_cell_needs_both_sides_and_follows_the_matrix():
    assert cell(None, 1) is None
    assert cell(1, None) is None
    assert [[cell(s, c) for c in range(1, 5)] for s in range(1, 5)] == [list(r) for r in MATRIX]
    strict = (("red",) * 4,) * 4
    assert cell(1, 1, strict) == "red"


def test_the_assessment_reads_its_cells_from_the_matrix_of_its_policy(released):
    made = replace(released, answers={"severity": 3, "confirmed_by": "A. Person"})
    assert made.pia["cell"] == "red"
    assert made.pia["inherent"]["cell"] == "red"
    mild = (("green",) * 4, ("green",) * 4, ("green", "amber", "amber", "red"), ("amber",) * 4)
    own = replace(load_policy("k5"), id="own", matrix=mild)
    assert replace(made, policy=own).matrix == mild
    assert replace(made, policy=own).pia["cell"] == mild[2][made.pia["likelihood"] - 1]
    assert replace(made, policy=None).matrix == MATRIX


def delicate(**columns):
    frame = pd.DataFrame(columns)
    case = Case(
        dataset=dataset_from_frame(frame, "t.csv"),
        roles=Roles(by_column=dict.fromkeys(columns, Role.QUASI_IDENTIFIER)),
    )
    return {found.name: found.delicate for found in attribute_rows(case, None)}


def test_what_is_delicate_follows_from_names_and_ages():
    children = [str(age) for age in (*range(6, 11), *range(30, 45))]
    grown = [str(age) for age in range(20, 40)]
    found = delicate(
        age=children, religion=["a", "b"] * 10, income=["1", "2"] * 10, street=["c", "d"] * 10,
        colour=["e", "f"] * 10,
    )  # fmt: skip
    assert found["age"] == "children"
    assert found["religion"] in CATEGORIES
    assert (found["income"], found["street"], found["colour"]) == ("finance", "location", "")
    assert delicate(age=grown)["age"] == ""


def test_fewer_children_than_may_be_told_of_are_not_told_of():
    few = [str(age) for age in (*range(6, 10), *range(30, 46))]
    assert delicate(age=few)["age"] == ""


# Unlike the default, not the same with its sides exchanged: only likelihood 4 is red.
LOPSIDED = read_matrix([["green", "green", "amber", "red"]] * 3 + [["amber"] * 3 + ["red"]])


def test_severity_is_the_row_and_likelihood_the_column_of_a_matrix():
    assert cell(1, 4, LOPSIDED) == "red"
    assert cell(4, 1, LOPSIDED) == "amber"
    assert cell(3, 1, LOPSIDED) == "green"
    assert cell(1, 3, LOPSIDED) == "amber"


def test_the_printed_matrix_has_severity_in_rows_the_highest_first(released):
    policy = replace(load_policy("k5"), id="own", matrix=LOPSIDED)
    rows = matrix_table(replace(released, policy=policy), ()).rows
    colors = [[shown.text for shown in row[1:]] for row in rows]
    assert [row[0][0] for row in rows] == ["4", "3", "2", "1"]
    assert colors == [list(row) for row in reversed(LOPSIDED)]
