import json
import re
from pathlib import Path
from typing import get_args

from reports import likelihood, words
from reports.questionnaire import ASKED, BY_KEY, PARTS
from reports.questionnaire.question import Kind
from reports.status import _OUTCOMES

FILE = Path(words.__file__).parent / "en.json"
USED = {
    "depth": {"teaching", "full"},
    "audience": {"public", "partner", "inside", "class"},
    "controls": {"none", "contract", "access_log", "secure_room", "training"},
    "motive": {*likelihood.MOTIVES, "unknown"},
    "coverage": {"everyone", "sample"},
    "vulnerable": {"children", "weak", "both"},
    "unit": {"person", "several"},
    "transfers": {"yes"},
    "acquaintance": {"yes"},
    "triggers": {"sensitive", "large", "matching", "vulnerable"},
    "severity": {"1", "2", "3", "4"},
    "legal_basis": {"unknown"},
    "grounds": {"unknown"},
}
"""Options that code asks for by their value."""
LEVELS = ("severity", "likelihood", "residual_severity", "residual_likelihood")


def test_every_question_has_its_words_and_there_are_no_others():
    said = json.loads(FILE.read_text("utf-8"))["questions"]
    assert set(said) == set(BY_KEY)
    assert len(ASKED) == len(BY_KEY)


def test_the_27_questions_are_all_there_in_their_order():
    numbers = [question.number for question in ASKED]
    assert set(numbers) == set(range(28))
    assert numbers == sorted(numbers)


def test_the_seven_starred_questions_are_those_for_teaching():
    starred = [question.number for question in ASKED if question.starred]
    assert sorted(set(starred)) == [1, 2, 3, 4, 5, 10, 11]


def test_the_parts_follow_each_other_and_each_has_a_title():
    order = list(dict.fromkeys(question.part for question in ASKED))
    assert order == [part for part in PARTS if part in order] == list(PARTS)
    seen = [question.part for question in ASKED]
    assert seen == sorted(seen, key=order.index)


def test_every_question_can_be_answered():
    for question in ASKED:
        assert question.kind in get_args(Kind), question.key
        assert question.name, question.key
        assert "?" in question.text, question.key
        needs_options = question.kind in {"choice", "level", "several"}
        assert bool(question.options) >= needs_options, question.key
        assert bool(question.fields) == (question.kind in {"record", "list"}), question.key
        for part in question.fields:
            assert part.name, (question.key, part.key)
            assert bool(part.options) == (part.kind in {"choice", "level"}), (
                question.key,
                part.key,
            )


def test_options_that_code_asks_for_exist():
    for key, wanted in USED.items():
        assert wanted <= set(BY_KEY[key].options), key
    decision = {part.key: part for part in BY_KEY["decision"].fields}
    assert set(decision["outcome"].options) == set(_OUTCOMES)
    assert {"name", "role", "date", "conditions", "reason"} <= set(decision)
    assert {"opinion", "advice", "followed"} <= {part.key for part in BY_KEY["dpo"].fields}


def test_events_and_own_risks_are_judged_before_and_with_measures():
    for key in ("change", "loss", "risks"):
        fields = {part.key: part for part in BY_KEY[key].fields}
        assert all(fields[level].kind == "level" for level in LEVELS), key
        assert {"impact", "source", "measures"} <= set(fields), key
    assert {part.key for part in BY_KEY["measures"].fields} >= {"title", "status"}
    status = next(part for part in BY_KEY["measures"].fields if part.key == "status")
    assert list(status.options) == ["planned", "partial", "implemented"]
    due = next(part for part in BY_KEY["actions"].fields if part.key == "due")
    assert due.kind == "date"


def test_security_detail_is_not_public():
    assert not any(BY_KEY[key].public for key in ("controls", "storage", "measures", "actions"))


def test_no_word_claims_what_no_tool_can():
    text = FILE.read_text("utf-8").lower()
    assert not re.search(r"compliant|certified|anonymous", text)
