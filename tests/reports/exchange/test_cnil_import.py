import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from reports.exchange.cnil_export import cnil_bytes, cnil_json
from reports.exchange.cnil_file import LARGEST
from reports.exchange.cnil_import import answers_from_cnil
from reports.questionnaire import BY_KEY, read_answers

SAMPLE = Path(__file__).resolve().parents[3] / "../shared/reference/cnil_minimal_example.json"
NOT_TAKEN = {"needed", "decision"}
"""What is exported for a reader, and has no place from which it can be read back."""


def imported(data):
    return answers_from_cnil(json.dumps(data).encode())


def answer(reference, **data):
    return {"reference_to": reference, "data": {"text": None, "gauge": None, "list": []} | data}


def file(**parts):
    return {"pia": {"name": "A"}} | {
        name: parts.get(name, []) for name in ("answers", "measures", "evaluations", "comments")
    }


def round_trip(assessment, answers):
    return answers_from_cnil(cnil_bytes(replace(assessment, answers=read_answers(answers))))


def cleaned(value):
    """An answer as it is read: trimmed, without parts that say nothing."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, dict):
        parts = {key: cleaned(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in ("", None)}
    if isinstance(value, list):
        return [part for part in map(cleaned, value) if part]
    return value


def test_every_answer_that_has_a_place_comes_back(answered):
    back = answers_from_cnil(cnil_bytes(answered))
    assert dict(back.answers) == {
        key: cleaned(value) for key, value in answered.answers.items() if key not in NOT_TAKEN
    }
    assert any("Why each column is kept" in sentence for sentence in back.left)


TEXT = st.text(
    st.sampled_from("<>&;\"'=/ \nap\N{ARABIC LETTER BEH}\N{CJK UNIFIED IDEOGRAPH-4E2D}")
    | st.characters(),
    max_size=40,
)
LEVEL = st.none() | st.integers(1, 4)
DAY = st.just("") | st.dates().map(str)


def field_answers(part):
    if part.kind == "level":
        return LEVEL
    if part.kind == "date":
        return DAY
    return st.sampled_from(list(part.options)) if part.kind == "choice" else TEXT


def record(key):
    fields = {part.key: field_answers(part) for part in BY_KEY[key].fields}
    return st.fixed_dictionaries({}, optional=fields)


def choice(key):
    return st.sampled_from(list(BY_KEY[key].options))


PLAIN = ("author", "evaluator", "validator", "purpose", "recipients", "organisation", "processors",
         "legal_reason", "severity_reason", "alternatives", "proportionate", "origin", "period",
         "rights", "storage", "transfers_how")  # fmt: skip
CHOICES = ("audience", "unit", "coverage", "vulnerable", "legal_basis", "transfers")
ANSWERED = st.fixed_dictionaries(
    {
        "title": TEXT.filter(lambda text: text.strip() and not text.strip().startswith("(IMPORT)")),
        "severity": st.integers(3, 4),  # the column on illness suggests 3 at least
    },
    optional=dict.fromkeys(PLAIN, TEXT)
    | {key: choice(key) for key in CHOICES}
    | {key: record(key) for key in ("change", "loss", "dpo", "people")}
    | {key: st.lists(record(key), max_size=3) for key in ("measures", "actions")},
)


@pytest.fixture(scope="session")
def back_of(unanswered_original):
    return lambda answers: round_trip(unanswered_original, answers).answers


@settings(max_examples=80, deadline=None)
@given(answers=ANSWERED)
def test_the_round_trip_is_lossless(back_of, answers):
    back = back_of(answers)
    kept = cleaned({key: value for key, value in answers.items() if value})
    assert cleaned(dict(back)) == {key: value for key, value in kept.items() if value}
    assert back_of(back) == back


@pytest.mark.parametrize("name", ["answered", "unanswered_original", "hostile"])
def test_what_is_exported_after_an_import_is_the_same(request, name):
    assessment = request.getfixturevalue(name)
    mapped = answers_from_cnil(cnil_bytes(assessment)).answers
    once = cnil_json(replace(assessment, answers=mapped))
    twice = answers_from_cnil(json.dumps(once).encode()).answers
    assert cnil_json(replace(assessment, answers=twice)) == once


def test_a_level_below_its_floor_comes_back_as_the_level_in_force(back_of):
    assert back_of({"title": "A", "severity": 1})["severity"] == 3


def test_the_sample_of_the_reference():
    if not SAMPLE.exists():
        pytest.skip("the reference sample is not beside this checkout")
    back = answers_from_cnil(SAMPLE.read_bytes())
    assert back.answers["title"] == "Demo release"
    assert back.answers["severity"] == 3
    assert back.answers["severity_reason"] == "Severity rationale"
    assert [m["title"] for m in back.answers["measures"]] == [
        "k-anonymisation of quasi-identifiers (k>=11)",
        "Controlled release",
    ]
    [action] = back.answers["actions"]
    assert action == {"action": "Re-run on refresh", "owner": "Data steward", "due": "2026-11-21"}
    assert any("attribute table" in sentence for sentence in back.left)


def test_a_file_of_theirs():
    back = imported(
        {
            "pia": {
                "name": "(IMPORT) (IMPORT) Register",
                "status": "2",
                "author_name": "A",
                "dpos_names": "D",
                "dpo_status": 0,
                "dpo_opinion": "Not yet",
                "concerned_people_searched_opinion": True,
                "concerned_people_status": "1",
                "concerned_people_opinion": "Fine",
            },
            "answers": [
                answer("211", text="<p>To <b>study</b></p>\n<p>and teach</p><script>x()</script>"),
                answer(212, text="Article 6"),
                answer(221, text="By post"),
                answer(222, text="By post"),
                answer(223, text="On site"),
                answer(325, gauge="4", text="<div>harm</div>"),
                answer(326, gauge=2, text="likely"),
                answer(333, list=["a clerk"]),
                answer(334, list=["Backup", "3.1.[object Object]"]),
                answer(335, gauge=0),
                answer(336, gauge=2),
                answer(999, text="further", gauge=3),
            ],
            "measures": [
                {"id": 7, "title": "Backup", "content": "<p>nightly</p>"},
                {"id": 8, "title": "Contract", "content": "<p>signed</p>"},
            ],
            "evaluations": [
                {"reference_to": 3.3, "status": 2, "gauges": {"x": 1, "y": 0}},
                {
                    "reference_to": "3.1.8",
                    "action_plan_comment": "<p>renew</p>",
                    "person_in_charge": "Legal",
                    "estimated_implementation_date": "2027-01-31T12:00:00.000Z",
                    "evaluation_comment": "weak",
                },
                {"reference_to": "2.1.213", "action_plan_comment": "drop a column"},
            ],
            "comments": [{"reference_to": "211", "description": "too short"}],
        }
    )
    assert dict(back.answers) == {
        "title": "Register",
        "author": "A",
        "dpo": {"name": "D", "opinion": "should_not", "advice": "Not yet"},
        "people": {"asked": "yes", "opinion": "could", "said": "Fine"},
        "purpose": "To study\nand teach",
        "legal_reason": "Article 6",
        "rights": "By post\nOn site",
        "severity": 4,
        "severity_reason": "harm",
        "change": {
            "likelihood": 2,
            "source": "a clerk",
            "measures": "Backup: nightly",
            "residual_severity": 1,
        },
        "measures": [{"title": "Contract", "text": "signed"}],
        "actions": [
            {"action": "renew", "owner": "Legal", "due": "2027-01-31", "against": "Contract"},
            {"action": "drop a column", "against": "Proportionality"},
        ],
    }
    told = " ".join(back.left)
    for word in ("999", "further", "level 3", "326", "weak", "too short", "no measure any more"):
        assert word in told
    assert "x()" not in told


def test_parts_that_are_missing_but_the_first_do_not_matter():
    assert imported({"pia": {"name": "A"}}).answers == {"title": "A"}
    assert imported({"pia": {"name": None, "status": []}, "answers": None}).answers == {}


def test_a_text_that_is_too_long_is_cut_and_told():
    back = imported(file(answers=[answer(211, text=f"<p>{'a' * 4000}END</p>")]))
    assert back.answers["purpose"] == "a" * 4000
    assert any("END" in sentence for sentence in back.left)


def test_more_measures_than_an_answer_holds_are_told():
    many = [{"id": i, "title": f"Measure {i}"} for i in range(150)]
    back = imported(file(measures=many))
    assert len(back.answers["measures"]) == 100
    assert sum("Measure 1" in sentence for sentence in back.left) == 50


def test_damaged_entries_are_counted_and_the_rest_is_read():
    back = imported(
        file(
            answers=[3, None, answer(211, text="ok"), {"reference_to": 212, "data": 5},
                     {"reference_to": [1], "data": {"text": {}, "gauge": True, "list": [1, {}]}}],
            measures=["x", {"id": {}, "title": {}}],
            evaluations=[{"reference_to": None, "gauges": [1]}],
        )
    )  # fmt: skip
    assert back.answers == {"title": "A", "purpose": "ok"}
    assert any("4 of the entries" in sentence for sentence in back.left)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b'{"pia":' * 200_000, "not JSON"),
        (b'{"pia": {}, "answers": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"null", "no part 'pia'"),
        (b"[]", "no part 'pia'"),
        (b'{"answers": []}', "no part 'pia'"),
        (b'{"pia": []}', "no part 'pia'"),
        (b'{"pia": {}, "answers": {}}', "'answers' is not a list"),
        (b'{"pia": {}, "measures": "x"}', "'measures' is not a list"),
        (b'{"pia": {}, "version": "5.0.0"}', "newer"),
        (b'{"pia": {}, "app_version": "next"}', "newer"),
        (b'{"pia": {"version": {}}}', "newer"),
        (b" " * (LARGEST + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(data, word):
    with pytest.raises(PrivacyToolError, match=re.escape(word)):
        answers_from_cnil(data)


@pytest.mark.parametrize("version", [None, 4, "4.1.0", "v3.0", 4.1])
def test_versions_up_to_the_known_one_are_read(version):
    assert imported(file() | {"version": version}).answers == {"title": "A"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["211", "3.2", "<p>x", "2026-02-30T", "[object Object]"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["reference_to", "data", "text", "gauge", "list", "title", "content", "id", "gauges",
             "x", "y", "action_plan_comment", "description", "name", "dpo_status"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(pia=JSON, entries=st.tuples(JSON, JSON, JSON, JSON), place=JSON)
def test_nothing_makes_it_stumble(pia, entries, place):
    answers, measures, evaluations, comments = entries
    data = {
        "pia": pia if isinstance(pia, dict) else {"name": pia},
        "answers": [answers, {"reference_to": place, "data": answers}],
        "measures": [measures],
        "evaluations": [evaluations],
        "comments": [comments],
    }
    back = answers_from_cnil(json.dumps(data).encode())
    assert read_answers(back.answers) == back.answers
    assert all(len(sentence) < 400 for sentence in back.left)
