from dataclasses import replace
from types import MappingProxyType

import pytest

from microdata.errors import PrivacyToolError
from reports.questionnaire.question import LONGEST, MOST_NAMES, MOST_RECORDS, Field, Question

OPTIONS = MappingProxyType({"a": "The first", "b": "The second"})
LEVELS = MappingProxyType({str(i): f"{i} word" for i in range(1, 5)})
FIELDS = (
    Field(key="what", name="What"),
    Field(key="how", name="How bad", kind="level", options=LEVELS),
    Field(key="when", name="When", kind="date"),
)


def question(kind, **changes):
    return Question(**{"key": "q", "number": 1, "part": "p", "name": "Q", "text": "?"} | changes,
                    kind=kind)  # fmt: skip


def lines(asked, value):
    return asked.lines({asked.key: value})


@pytest.mark.parametrize("kind", ["line", "text"])
def test_text_is_taken_up_to_its_length_and_the_message_names_that_length(kind):
    asked = question(kind)
    asked.check("x" * LONGEST[kind])
    with pytest.raises(PrivacyToolError, match=f"{LONGEST[kind]:,} characters"):
        asked.check("x" * (LONGEST[kind] + 1))
    with pytest.raises(PrivacyToolError, match="too long") as told:
        asked.check("secret" * 10**6)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("value", [3, True, None, ["x"], {"x": 1}, b"x"])
@pytest.mark.parametrize("kind", ["line", "text", "date"])
def test_what_is_no_text_is_refused(kind, value):
    with pytest.raises(PrivacyToolError, match="must be text"):
        question(kind).check(value)


def test_a_choice_is_one_of_its_options():
    asked = question("choice", options=OPTIONS)
    asked.check("a")
    assert lines(asked, "b") == ("The second",)
    assert lines(asked, "gone") == ()
    for value in ("c", "A", "", "The first"):
        with pytest.raises(PrivacyToolError, match='"a" or "b"'):
            asked.check(value)


@pytest.mark.parametrize("value", [True, False, 1.0, "1", 0, 5, -1, [1], 10**400])
def test_a_level_is_one_of_four_whole_numbers(value):
    asked = question("level", options=LEVELS)
    with pytest.raises(PrivacyToolError, match="must be 1"):
        asked.check(value)


def test_a_level_may_be_left_open():
    asked = question("level", options=LEVELS)
    for value in (None, 1, 4):
        asked.check(value)
    assert lines(asked, 2) == ("2 word",)
    assert not asked.answered({"q": None})
    assert not asked.answered({"q": 9})


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "2026-2-3", "26-02-03", "2026-13-01", "2026-01-01T00:00", "0000-01-01",
     "20260101",     " 2026-01-01", "2026-01-01\n", "tomorrow",
     "\N{ARABIC-INDIC DIGIT TWO}026-01-01"],
)  # fmt: skip
def test_a_date_is_a_day_of_the_calendar(value):
    with pytest.raises(PrivacyToolError, match="2026-11-30"):
        question("date").check(value)


def test_a_leap_day_and_no_date_are_taken():
    question("date").check("2028-02-29")
    question("date").check("")
    assert not question("date").answered({"q": ""})


@pytest.mark.parametrize("value", ["a", ["a", "c"], ["a", "a"], [["a"]], [1], {"a": 1}, None, 3])
def test_several_are_options_each_once(value):
    asked = question("several", options=OPTIONS)
    with pytest.raises(PrivacyToolError, match="each once: a, b"):
        asked.check(value)


def test_several_are_told_as_words():
    asked = question("several", options=OPTIONS)
    asked.check(["b", "a"])
    asked.check(("a",))
    asked.check([])
    assert lines(asked, ["b", "a"]) == ("The second", "The first")
    assert not asked.answered({"q": []})


def test_an_answer_by_name_is_text_or_an_option_for_each():
    asked, choice = question("by_name"), question("by_name", options=OPTIONS)
    asked.check({"age": "we need it"})
    choice.check({"health": "a"})
    assert lines(asked, {"age": " we need it ", "sex": " "}) == ("age: we need it",)
    assert lines(choice, {"health": "a"}) == ("health: The first",)
    for one, value in ((asked, {"age": 3}), (choice, {"age": "c"}), (asked, ["age"]), (asked, "x")):
        with pytest.raises(PrivacyToolError, match="'q'"):
            one.check(value)
    with pytest.raises(PrivacyToolError, match="an answer for each"):
        asked.check({str(i): "" for i in range(MOST_NAMES + 1)})


def test_a_record_has_known_parts_each_of_its_kind():
    asked = question("record", fields=FIELDS)
    asked.check({})
    asked.check({"what": "A", "how": 2, "when": "2026-01-02"})
    assert lines(asked, {"what": "A", "how": 2}) == ("What: A", "How bad: 2 word")
    for value in ({"what": 1}, {"how": True}, {"when": "2026-02-30"}, {"who": "B"}, [], "x", None,
                  {1: "x", "who": "y"}):  # fmt: skip
        with pytest.raises(PrivacyToolError, match="'q'"):
            asked.check(value)


def test_a_record_without_words_is_no_answer():
    asked = question("record", fields=FIELDS)
    assert not asked.answered({"q": {}})
    assert not asked.answered({"q": {"what": "  ", "how": None, "when": ""}})
    assert asked.answered({"q": {"how": 1}})


def test_a_list_is_of_at_most_so_many_records():
    asked = question("list", fields=FIELDS)
    asked.check([{"what": "A"}] * MOST_RECORDS)
    with pytest.raises(PrivacyToolError, match=f"at most {MOST_RECORDS}"):
        asked.check([{"what": "A"}] * (MOST_RECORDS + 1))
    for value in ({}, "x", [[]], [None], [{"who": "B"}], [{"what": {"what": "A"}}]):
        with pytest.raises(PrivacyToolError, match="'q'"):
            asked.check(value)
    assert lines(asked, [{"what": "A", "how": 1}, {}, {"what": "B"}]) == ("A; 1 word", "B")
    assert not asked.answered({"q": [{}]})


@pytest.mark.parametrize(
    ("depth", "number", "starred", "asked"),
    [
        ("full", 6, False, True),
        ("teaching", 6, False, False),
        ("teaching", 1, True, True),
        ("teaching", 0, False, True),
        (None, 6, False, True),
    ],
)
def test_the_short_form_asks_the_starred_and_of_the_document(depth, number, starred, asked):
    one = question("line", number=number, starred=starred)
    assert one.asked({} if depth is None else {"depth": depth}) is asked


def test_a_condition_decides_whether_it_is_asked():
    one = question("line", when=lambda answers: answers.get("x") == "yes")
    assert not one.asked({})
    assert one.asked({"x": "yes"})


def test_a_record_without_a_part_that_it_needs_answers_nothing():
    needed = (replace(FIELDS[0], needed=True), *FIELDS[1:])
    asked = question("record", fields=needed)
    for said, gaps in (({"how": 2}, ("what",)), ({"what": " "}, ("what",)), ({"what": "x"}, ())):
        assert asked.gaps({"q": said}) == gaps
        assert asked.answered({"q": said}) == (not gaps)
    assert asked.gaps({}) == ("what",)
    assert question("text").gaps({}) == ()
