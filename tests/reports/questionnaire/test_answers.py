import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from reports.questionnaire import (
    ASKED,
    ATTESTED,
    BY_KEY,
    answer_text,
    answers_from_bytes,
    answers_to_bytes,
    asked_names,
    asked_questions,
    label,
    missing_questions,
    progress,
    questions_of,
    read_answers,
    unanswered,
    unknown_answers,
)
from reports.questionnaire.answers import MAX_FILE_BYTES
from risk.policy import PRESETS


def plain(kind, options):
    if kind == "level":
        return st.sampled_from([None, 1, 2, 3, 4])
    if kind == "choice":
        return st.sampled_from(sorted(options))
    if kind == "date":
        return st.dates().map(str) | st.just("")
    return st.text(st.characters(exclude_categories=()), max_size=40)


def record(fields):
    parts = {part.key: plain(part.kind, part.options) for part in fields}
    return st.fixed_dictionaries({}, optional=parts)


def answer(question):
    kind = question.kind
    if kind == "record":
        return record(question.fields)
    if kind == "list":
        return st.lists(record(question.fields), max_size=3)
    if kind == "several":
        return st.lists(st.sampled_from(sorted(question.options)), unique=True)
    if kind == "by_name":
        said = plain("choice" if question.options else "text", question.options)
        return st.dictionaries(st.text(max_size=20), said, max_size=3)
    return plain(kind, question.options)


ANSWERS = st.fixed_dictionaries({}, optional={one.key: answer(one) for one in ASKED})


def as_read(value):
    """Two halves of a surrogate pair that stand side by side are one character in any JSON."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    if isinstance(value, dict):
        return {as_read(key): as_read(held) for key, held in value.items()}
    return [as_read(held) for held in value] if isinstance(value, list) else value


@given(ANSWERS)
def test_a_file_of_answers_reads_back_as_it_was(answers):
    raw = answers_to_bytes(read_answers(answers))
    raw.decode("utf-8")
    assert dict(answers_from_bytes(raw)) == as_read(answers)


def test_half_a_surrogate_pair_survives():
    answers = {"purpose": "a\ud800b", "needed": {"\udfff": "x"}}
    assert dict(answers_from_bytes(answers_to_bytes(answers))) == answers


def test_the_bare_object_of_the_command_line_is_read_too():
    assert dict(answers_from_bytes(b'{"purpose": "Teaching"}')) == {"purpose": "Teaching"}
    assert dict(answers_from_bytes(b'\xef\xbb\xbf{"severity": 2}')) == {"severity": 2}


@pytest.mark.parametrize("version", [2, 0, -1, True, "1", 1.0, None])
def test_a_file_of_another_version_is_refused_in_a_sentence(version):
    raw = json.dumps({"version": version, "answers": {}}).encode()
    with pytest.raises(PrivacyToolError, match=r"newer Privascope: install that one"):
        answers_from_bytes(raw)


@pytest.mark.parametrize(
    ("raw", "match"),
    [
        (b"", "not JSON"),
        (b"not json", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"9" * 100_000, "not JSON"),
        (b"[]", "one JSON object"),
        (b'"text"', "one JSON object"),
        (b"null", "one JSON object"),
        (b'{"version": 1, "answers": []}', "one JSON object"),
        (b'{"version": 1, "answers": {}, "path": "x"}', "unknown keys: 'path'"),
        (b'{"version": 1, "answers": {"x": 1}}', "unknown keys: 'x'"),
        (b'{"severity": NaN}', "must be 1"),
        (b" " * (MAX_FILE_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_file_of_answers_is_refused_in_a_sentence(raw, match):
    with pytest.raises(PrivacyToolError, match=match):
        answers_from_bytes(raw)


@pytest.mark.parametrize(
    "answers",
    [
        {"unknown question": "x"},
        {"title": 3},
        {"title": None},
        {"purpose": ["x"]},
        {"purpose": "x" * 10**6},
        {"audience": "everyone"},
        {"audience": ["public"]},
        {"audience": {"public": True}},
        {"severity": True},
        {"severity": 0},
        {"severity": "3"},
        {"review_date": "2026-02-30"},
        {"decision": {"date": "2026-02-30"}},
        {"decision": {"outcome": "maybe"}},
        {"decision": {"signature": "x"}},
        {"decision": [["outcome", "approved"]]},
        {"risks": [{"title": "x"}] * 101},
        {"risks": [{"severity": True}]},
        {"risks": {"title": "x"}},
        {"actions": [[[[{"action": "x"}]]]]},
        {"actions": [{"action": {"action": {"action": "x"}}}]},
        {"triggers": ["sensitive", "sensitive"]},
        {"controls": "none"},
        {"grounds": {"health": "z"}},
        {"needed": {"age": {"why": "x"}}},
        {"dpo": {"opinion": True}},
        {"change": {"likelihood": 2.0}},
        [],
        "x",
        None,
        [["severity", 3]],
    ],
)
def test_what_is_no_answer_is_refused(answers):
    with pytest.raises(PrivacyToolError) as told:
        read_answers(answers)
    assert len(str(told.value)) < 1_000


@pytest.mark.parametrize("severity", [True, 1.0, 5, "1", [1]])
def test_a_severity_is_one_of_four_whole_numbers(severity):
    with pytest.raises(PrivacyToolError, match="severity"):
        read_answers({"severity": severity})


@pytest.mark.parametrize("said", [{"a": "maybe"}, {"a": []}, ["yes"], "yes"])
def test_what_a_person_attests_is_yes_or_no(said):
    assert read_answers({ATTESTED: {"a": "yes", "b": "no"}})[ATTESTED]["b"] == "no"
    with pytest.raises(PrivacyToolError, match="attested"):
        read_answers({ATTESTED: said})


@pytest.mark.parametrize("key", ["tables", "versions"])
def test_what_else_is_published_is_answered_with_yes_or_no(key):
    assert read_answers({key: "no"})[key] == "no"
    for said in ("Yes", "", "perhaps", True):
        with pytest.raises(PrivacyToolError, match=key):
            read_answers({key: said})


def test_answers_cannot_be_changed_after_they_were_read():
    answers = read_answers({"purpose": "Teaching"})
    with pytest.raises(TypeError):
        answers["purpose"] = "other"


def test_an_answer_is_told_as_text():
    assert answer_text({"severity": 2}, "severity").startswith("2 Limited")
    assert answer_text({"severity": 9}, "severity") == ""
    assert [answer_text({"tables": said}, "tables") for said in ("yes", "no", None, "?")] == [
        "Yes", "No", "", ""
    ]  # fmt: skip
    people = {"people": {"asked": "no", "said": "They cannot be reached."}}
    assert answer_text(people, "people") == (
        "Asked: No; What they said, or why they were not asked: They cannot be reached."
    )


def with_answers(assessment, **answers):
    return replace(assessment, answers=answers)


def keys(questions):
    return {question.key for question in questions}


def test_the_short_form_asks_the_starred_and_of_the_document_only(released):
    short = keys(asked_questions(with_answers(released, depth="teaching")))
    expected = {one.key for one in ASKED if one.starred or not one.number}
    assert short == expected
    assert short < keys(asked_questions(with_answers(released)))


@pytest.mark.parametrize(
    ("key", "answers", "asked"),
    [
        ("controls", {"audience": "public"}, False),
        ("motive", {"audience": "public"}, False),
        ("controls", {"audience": "partner"}, True),
        ("motive", {}, True),
        ("transfers_how", {}, False),
        ("transfers_how", {"transfers": "no"}, False),
        ("transfers_how", {"transfers": "yes"}, True),
    ],
)
def test_some_questions_are_asked_only_after_an_answer(released, key, answers, asked):
    assert (key in keys(asked_questions(with_answers(released, **answers)))) is asked


def test_categories_and_columns_are_asked_one_by_one_where_they_are_kept(released, original_only):
    names = asked_names(released)
    assert names["needed"] == ("age", "town")
    assert names["grounds"] == ("health",)
    kept = tuple(row for row in released.attributes if row.name == "age")
    only_age = replace(released, attributes=kept)
    assert asked_names(only_age) == {"needed": ("age",), "grounds": ()}
    assert "grounds" not in keys(asked_questions(only_age))
    gone = replace(kept[0], action="left out")
    assert asked_names(replace(released, attributes=(gone,))) == {"needed": (), "grounds": ()}


def test_a_question_by_name_is_missing_until_every_name_has_an_answer(released):
    half = with_answers(released, needed={"age": "for the trend"})
    assert "needed" in keys(missing_questions(half))
    blank = with_answers(released, needed={"age": "for the trend", "town": ""})
    assert "needed" in keys(missing_questions(blank))
    whole = with_answers(released, needed={"age": "for the trend", "town": "for planning"})
    assert "needed" not in keys(missing_questions(whole))


def test_what_nobody_answered_is_listed_with_its_number(released):
    listed = unanswered(with_answers(released, purpose="Teaching"))
    assert "Severity (10)" in listed
    assert label(BY_KEY["recipients"]) in listed
    assert label(BY_KEY["purpose"]) not in listed
    assert label(BY_KEY["risks"]) not in listed
    assert label(BY_KEY["title"]) == "Title"


def test_what_only_a_person_can_say_is_listed_and_counted_where_the_policy_asks(released):
    policy = PRESETS["hipaa-safe-harbor"]
    ((key, text),) = questions_of(policy).items()
    asked = replace(released, policy=policy, answers={})
    assert text in unanswered(asked)
    said = replace(asked, answers={ATTESTED: {key: "no"}})
    assert text not in unanswered(said)
    assert progress(said) == (progress(asked)[0] + 1, progress(asked)[1])


def test_progress_counts_what_is_asked_and_what_has_an_answer(released):
    done, asked = progress(with_answers(released))
    assert done == 0
    assert asked == len(unanswered(with_answers(released))) > 27
    assert progress(with_answers(released, purpose="Teaching")) == (1, asked)
    assert progress(with_answers(released, severity_reason="Because.")) == (0, asked)
    short, of = progress(with_answers(released, depth="teaching", severity=2))
    assert short == 1
    assert of < asked


def test_i_do_not_know_is_an_answer_that_stays_open(released):
    answers = {"unit": "unknown", "grounds": {"health": "unknown"}, "purpose": "unknown"}
    made = with_answers(released, **answers)
    assert unknown_answers(made) == (label(BY_KEY["unit"]), label(BY_KEY["grounds"]))
    assert {"unit", "grounds"}.isdisjoint(keys(missing_questions(made)))
    assert unknown_answers(with_answers(released, unit="person")) == ()


def test_i_do_not_know_is_not_listed_where_it_is_not_asked(released):
    made = with_answers(released, depth="teaching", legal_basis="unknown")
    assert unknown_answers(made) == ()
