import json
from dataclasses import replace
from pathlib import Path

import pytest

from reports.document.outline import NUMBERS
from reports.exchange.edpb import EDPB, edpb_rows
from reports.questionnaire import BY_KEY, read_answers

MAP = Path(__file__).resolve().parents[3] / "../shared/reference/edpb_2026_template_map.json"
FILLS = {"auto": "automatic", "draft": "drafted", "ask": "asked"}
COVER = "0"


def states(assessment):
    return {row.field: row.state for row in edpb_rows(assessment)}


def with_answers(assessment, **answers):
    return replace(assessment, answers=read_answers(answers))


def test_the_edition_says_that_it_was_not_re_read():
    assert EDPB.status == "consultation version"
    assert EDPB.verified_on is None
    assert "European Data Protection Board" in EDPB.acknowledgement


def test_every_question_and_every_section_exists():
    for field in EDPB.fields:
        assert set(field.questions) <= set(BY_KEY), field.id
        assert set(field.sections) <= {COVER, *NUMBERS}, field.id
        assert field.filled_by in FILLS.values()


def test_no_field_without_a_section_is_called_answered(answered):
    rows = [row for row in edpb_rows(answered) if not row.sections]
    assert [row.field for row in rows] == ["1.1.c", "1.4"]
    assert {row.state for row in rows} == {"not answered"}


def test_the_fields_are_those_of_the_template():
    if not MAP.exists():
        pytest.skip("the reference map is not beside this checkout")
    theirs = json.loads(MAP.read_text("utf-8"))["fields"]
    assert [(field.id, field.filled_by) for field in EDPB.fields] == [
        (field["id"], FILLS[field["fill"]]) for field in theirs
    ]
    ours = {field.title for field in EDPB.fields}
    assert not ours & {field["title"] for field in theirs}  # our own words
    assert len(ours) == len(theirs)


def test_without_answers_only_what_the_table_tells_is_answered(unanswered_original):
    said = states(unanswered_original)
    for row in edpb_rows(unanswered_original):
        if row.filled_by == "automatic":
            assert row.state == "answered"
        elif row.filled_by == "drafted":
            assert row.state == "in part", row.field
        elif row.field != "2.1.b":
            assert row.state == "not answered", row.field
    # The table holds data on illness, so an exception has to be named.
    assert said["2.1.b"] == "not answered"


def test_states_follow_the_answers(unanswered_original):
    assert states(with_answers(unanswered_original, rights="By mail"))["2.3.b"] == "answered"
    one = {"legal_basis": "consent"}
    assert states(with_answers(unanswered_original, **one))["2.1.a"] == "in part"
    both = one | {"legal_reason": "They signed"}
    assert states(with_answers(unanswered_original, **both))["2.1.a"] == "answered"
    unknown = both | {"legal_basis": "unknown"}
    assert states(with_answers(unanswered_original, **unknown))["2.1.a"] == "in part"


def test_a_question_that_does_not_arise_is_not_missing(unanswered_original):
    home = {"legal_basis": "consent", "processors": "none", "transfers": "no"}
    assert states(with_answers(unanswered_original, **home))["2.3.c"] == "answered"
    abroad = home | {"transfers": "yes"}
    assert states(with_answers(unanswered_original, **abroad))["2.3.c"] == "in part"


def test_a_reason_for_one_column_of_two_is_a_part(unanswered_original):
    some = {"purpose": "Teaching", "needed": {"age": "The outcome depends on it"}}
    assert states(with_answers(unanswered_original, **some))["1.1.b"] == "in part"
    all_ = some | {"needed": {"age": "a", "town": "b"}}
    assert states(with_answers(unanswered_original, **all_))["1.1.b"] == "answered"


def test_the_short_form_does_not_make_a_part_answered(unanswered_original):
    short = with_answers(unanswered_original, depth="teaching")
    assert states(short)["2.1.a"] == "not answered"
