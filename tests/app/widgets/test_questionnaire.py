from dataclasses import replace

import pytest

from reports.assessment import assess
from reports.questionnaire import ASKED, asked_questions, progress
from risk.policy import load_policy
from ui.widgets.questionnaire import parts_of


def section():
    from ui import compute, state
    from ui.widgets.questionnaire import questionnaire_section

    questionnaire_section(compute.assessment(state.current()))


@pytest.fixture
def form(show, inpatients):
    """Open the questionnaire of a session with these answers, at one part."""

    def opened(part="document", session=None, **answers):
        session = session or inpatients
        for key, value in answers.items():
            session = session.with_answer(key, value)
        return turn(show(section, session), part)

    return opened


def turn(at, part):
    at.pills[0].set_value(part).run()
    assert not at.exception
    return at


def answers(at):
    return dict(at.session_state["session"].answers)


def labels(at):
    elements = (*at.text_input, *at.text_area, *at.selectbox)
    headings = [text.value.strip("*") for text in at.markdown]
    return [element.label for element in elements] + headings


def shown(at):
    return " ".join(element.value for element in (*at.markdown, *at.caption, *at.warning))


def test_every_kind_is_kept_and_shown_again(form):
    at = form("document")
    at.text_input(key="answer title").set_value(" Wards ").run()
    at.selectbox(key="answer classification").set_value("internal").run()
    turn(at, "risk")
    at.selectbox(key="answer severity").set_value("4").run()
    at.checkbox(key="answer controls contract").check().run()
    at.checkbox(key="answer controls access_log").check().run()
    turn(at, "need")
    at.text_input(key="answer needed 0").set_value("The question is about it.").run()
    at.text_area(key="answer proportionate").set_value("Many gain.").run()
    turn(at, "advice")
    at.selectbox(key="answer dpo opinion").set_value("could").run()
    at.text_input(key="answer dpo name").set_value("B. Clark").run()
    at.text_input(key="answer dpo date").set_value("2026-11-30").run()
    name = at.session_state["session"].roles.quasi_identifiers[0]
    assert answers(at) == {
        "title": "Wards",
        "classification": "internal",
        "severity": 4,
        "controls": ["contract", "access_log"],
        "needed": {name: "The question is about it."},
        "proportionate": "Many gain.",
        "dpo": {"opinion": "could", "name": "B. Clark", "date": "2026-11-30"},
    }
    turn(at, "risk")
    assert at.selectbox(key="answer severity").value == "4"
    assert at.checkbox(key="answer controls contract").value
    assert not at.checkbox(key="answer controls training").value
    turn(at, "advice")
    assert at.text_input(key="answer dpo name").value == "B. Clark"
    assert at.text_input(key="answer dpo date").value == "2026-11-30"


def test_an_answer_that_is_emptied_is_none(form):
    at = form("advice", title="x", dpo={"name": "B. Clark"})
    at.text_input(key="answer dpo name").set_value("  ").run()
    assert answers(at) == {"title": "x"}
    turn(at, "document")
    at.text_input(key="answer title").set_value("").run()
    assert answers(at) == {}


def test_two_controls_that_change_before_the_page_is_drawn_are_both_kept(form):
    at = form("events")
    at.text_area(key="answer change impact").set_value("A wrong dose.")
    at.selectbox(key="answer change severity").set_value("3")
    at.run()
    assert answers(at) == {"change": {"impact": "A wrong dose.", "severity": 3}}


def test_nothing_and_something_exclude_each_other(form):
    at = form("risk", controls=["contract"])
    at.checkbox(key="answer controls none").check().run()
    assert answers(at)["controls"] == ["none"]
    assert not at.checkbox(key="answer controls contract").value
    at.checkbox(key="answer controls training").check().run()
    assert answers(at)["controls"] == ["training"]


def test_rows_are_added_changed_and_removed(form):
    at = form("events")
    assert not any(b.label.startswith("Remove") for b in at.button)
    at.button(key="add actions").click().run()
    assert answers(at) == {}
    at.text_input(key="answer actions 0 action").set_value("Sign the contract").run()
    assert answers(at) == {"actions": [{"action": "Sign the contract"}]}
    at.button(key="add actions").click().run()
    at.text_input(key="answer actions 1 action").set_value("Tell the patients").run()
    at.text_input(key="answer actions 0 owner").set_value("A. Baker").run()
    at.button(key="remove actions 0").click().run()
    assert answers(at) == {"actions": [{"action": "Tell the patients"}]}
    assert at.text_input(key="answer actions 0 action").value == "Tell the patients"
    at.text_input(key="answer actions 0 action").set_value("").run()
    assert answers(at) == {}
    assert at.text_input(key="answer actions 0 action").value == ""  # may be filled again
    at.button(key="remove actions 0").click().run()
    assert [b for b in at.button if b.label.startswith("Remove")] == []


def test_the_short_form_asks_only_what_is_starred(form):
    at = form("document")
    at.radio(key="answer depth").set_value("teaching").run()
    assert answers(at) == {"depth": "teaching"}
    asked = {q.number for q in ASKED if q.starred}
    at = turn(at, "risk")
    assert any("recognised" in label for label in labels(at))
    assert not any("other lists" in label for label in labels(at))
    assert asked == {1, 2, 3, 4, 5, 10, 11}
    at.radio(key="answer depth").set_value("").run()
    assert answers(at) == {}


def test_a_part_that_is_no_longer_asked_is_left(form):
    at = form("law")
    at.radio(key="answer depth").set_value("teaching").run()
    assert not at.exception
    assert at.pills[0].value == "document"


def test_some_questions_are_asked_only_after_an_answer(form):
    at = form("rights")
    assert not any("what protects it there" in label for label in labels(at))
    at.selectbox(key="answer transfers").set_value("yes").run()
    assert any("what protects it there" in label for label in labels(at))
    assert any("stops the receiver" in label for label in labels(turn(at, "risk")))
    turn(at, "purpose")
    at.selectbox(key="answer audience").set_value("public").run()
    assert not any("stops the receiver" in label for label in labels(turn(at, "risk")))


def test_what_the_data_proposes_is_taken_with_one_click(form):
    at = form("people")
    assert "so every figure takes a row as one" in shown(at)
    at.button(key="take unit").click().run()
    assert answers(at) == {"unit": "person"}
    assert at.selectbox(key="answer unit").value == "person"
    assert "take unit" not in [button.key for button in at.button]


def test_a_severity_below_the_floor_asks_for_a_reason(form, hospital):
    at = form("risk", session=hospital)
    assert at.session_state["session"].answers == {}
    at.selectbox(key="answer severity").set_value("1").run()
    (warning,) = at.warning
    assert "diagnosis seems to hold data on health" in warning.value
    assert "so the floor of 3 Significant is in force" in warning.value
    assert "Write below why" in warning.value
    at.text_area(key="answer severity_reason").set_value("All is known already.").run()
    assert not at.warning
    assert answers(at)["severity"] == 1


def test_the_rules_that_only_a_person_can_tell_are_asked_of_the_policy(form, inpatients):
    policy = load_policy("hipaa-safe-harbor")
    at = form("policy", session=replace(inpatients, policy=policy))
    boxes = [box for box in at.selectbox if box.key.startswith("answer attested")]
    assert boxes
    boxes[0].set_value("yes").run()
    name = boxes[0].key.removeprefix("answer attested ")
    assert answers(at) == {"attested": {name: "yes"}}
    boxes = [box for box in at.selectbox if box.key == f"answer attested {name}"]
    boxes[0].set_value("").run()
    assert answers(at) == {}


def test_progress_counts_what_the_report_counts(form, inpatients):
    at = form(title="x", severity=2)
    session = at.session_state["session"]
    assessment = assess(session.case())
    done, of = progress(assessment)
    assert f"{done} of {of} questions answered" in str(at.get("progress")[0].proto)
    parts = parts_of(assessment)
    assert sum(part.of for part in parts) == of
    assert sum(part.of - len(part.open_) for part in parts) == done
    asked = [q.key for q in asked_questions(assessment) if q.key != "depth"]
    assert [q.key for part in parts for q in part.questions] == asked


def test_what_is_missing_leads_to_its_part(form):
    at = form("document")
    at.button(key="missing decision").click().run()
    assert at.pills[0].value == "decision"
    assert any("What is decided?" in label for label in labels(at))
    at.button(key="part Back").click().run()
    assert at.pills[0].value == "advice"


def test_i_do_not_know_is_told_as_open(form):
    at = form("law", legal_basis="unknown")
    assert "Legal basis (8)" in next(c.value for c in at.caption if "still open" in c.value)


@pytest.mark.parametrize("part", ["people", "law", "risk", "need"])
def test_names_of_columns_do_nothing_on_the_page(form, hostile, hostile_parts, part):
    assert hostile_parts(form(part, session=hostile)) == set()


def test_texts_of_a_file_that_no_browser_takes_are_shown_as_far_as_they_go(form):
    at = form("document", title="half \ud800 of it")
    assert at.text_input(key="answer title").value == "half ? of it"


def test_what_is_no_date_is_told_and_not_kept(form):
    at = form("decision", review_date="2026-11-30")
    for wrong in ("2026-02-30", "tomorrow", "30.11.2026"):
        at.text_input(key="answer review_date").set_value(wrong).run()
        assert answers(at) == {"review_date": "2026-11-30"}
        assert at.text_input(key="answer review_date").value == wrong
        assert "Write it like" in at.error[0].value
    at.text_input(key="answer review_date").set_value("2027-01-31").run()
    assert answers(at) == {"review_date": "2027-01-31"}
    assert not at.error
    at.text_input(key="answer review_date").set_value("").run()
    assert answers(at) == {}
