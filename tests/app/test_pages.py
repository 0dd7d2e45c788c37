import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from demo_data import DEMOS
from microdata.errors import PrivacyToolError
from microdata.readers import read_dataset
from reports.assessment import assess
from reports.headline import headline_rows, policy_size
from reports.narrative import risk_sentence
from ui.state import Session
from ui.widgets.guard import UNEXPECTED

PAGES = ("data", "columns", "risk", "attack", "reduce", "report")
GATED = ("columns", "risk", "attack", "reduce", "report")


def captions(at):
    return " ".join(element.value for element in at.caption)


@pytest.mark.parametrize("page", GATED)
def test_without_a_table_every_page_shows_the_way_to_one(open_app, page):
    at = open_app(page)
    assert not at.exception
    assert any("table" in element.value for element in at.info)
    (link,) = at.get("page_link")
    assert (link.proto.label, link.proto.page) == ("Go to Data", "")  # the default page


@pytest.mark.parametrize("page", ["risk", "attack", "reduce", "report"])
def test_without_a_quasi_identifier_figures_wait_for_the_columns(open_app, inpatients, page):
    at = open_app(page, inpatients.with_roles(type(inpatients.roles)(by_column={}), {}))
    assert not at.exception
    assert any("quasi-identifier" in element.value for element in at.info)
    assert at.get("page_link")[0].proto.page == "columns"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_is_held_and_where_it_runs(open_app, inpatients, page):
    at = open_app(page, inpatients)
    assert not at.exception
    assert "Runs on this computer. No outbound calls" in captions(at)
    assert "12 rows" in captions(at)


def test_forgetting_empties_the_tab(open_app, inpatients):
    at = open_app("risk", inpatients)
    at.button(key="forget").click().run()
    session = at.session_state["session"]
    assert not at.exception
    assert (session.dataset, session.raw, session.roles) == (None, b"", Session().roles)
    assert session.key != inpatients.key
    assert "Nothing is in memory" in captions(at)


@pytest.mark.parametrize("page", ["risk", "reduce", "report"])
def test_a_page_shows_the_figures_of_the_assessment(open_app, html, hospital, page):
    at = open_app(page, hospital)
    assessment = assess(hospital.case())
    written = html(at)
    size = policy_size(hospital.case().policy)
    for row in headline_rows(assessment.before, assessment.after, size=size):
        assert re.search(rf'pv-now">{re.escape(row.now.replace("<", "&lt;"))}<', written)
    sentence = risk_sentence(assessment.shared, hospital.roles.quasi_identifiers)
    assert sentence.split(":")[0] in written
    for verdict in assessment.verdicts:
        assert verdict.why.replace("<", "&lt;") in written


@pytest.mark.parametrize("page", ["risk", "reduce", "report"])
def test_an_unexpected_mistake_shows_no_cell_value(open_app, inpatients, monkeypatch, page):
    def broken(*_):
        raise RuntimeError("Jane Doe, 1981-04-10")

    for name in ("assessment", "before"):
        monkeypatch.setattr(f"ui.compute.{name}", broken)
    at = open_app(page, inpatients)
    # Here no server turns it into a sentence (see below); what is left must be as silent.
    assert at.exception
    assert "Jane" not in str(at.exception)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (RuntimeError("Jane Doe, 1981-04-10"), UNEXPECTED),
        (KeyError("Jane Doe"), UNEXPECTED),
        (MemoryError(), UNEXPECTED),
        (PrivacyToolError("Column [a] has no levels"), "Column \\[a\\] has no levels"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_mistake_is_shown_as_a_sentence(error, shown):
    def script(error):
        from ui.server import on_script_error

        assert on_script_error(error)

    at = AppTest.from_function(script, kwargs={"error": error}).run()
    assert not at.exception
    assert [element.value for element in at.error] == [shown]


def test_a_policy_is_kept_and_judged(open_app, turn_to, html, hospital):
    at = open_app("risk", hospital)
    at.selectbox(key="policy-choice").set_value("k20").run()
    assert at.session_state["session"].policy.id == "k20"
    assert "below 20" in html(at)
    turn_to(at, "reduce")
    assert at.button(key="as-policy").label == "Leave out groups below 20, as the policy asks"
    turn_to(at, "risk")
    assert at.selectbox(key="policy-choice").value == "k20"


def test_a_release_made_elsewhere_is_measured_in_place_of_the_recipe(
    open_app, turn_to, html, inpatients
):
    path = DEMOS[1].data.with_name("inpatients_anonymous.csv")
    elsewhere = read_dataset(path.read_bytes(), path.name)
    session = replace(inpatients, elsewhere=elsewhere)
    assert assess(session.case()).after.value("classes", "smallest") == 4
    at = open_app("risk", session)
    assert not at.exception
    assert 'pv-now">4<' in html(at)
    turn_to(at, "reduce")
    assert any("elsewhere" in element.value for element in at.info)
    assert not at.select_slider
    turn_to(at, "report")
    assert not at.exception
    assert "Download table (CSV)" not in str(at.get("download_button"))


@pytest.mark.parametrize("page", PAGES)
def test_names_and_values_of_the_table_do_nothing_on_a_page(open_app, hostile, hostile_parts, page):
    at = open_app(page, hostile)
    assert not at.exception
    assert not at.error
    assert hostile_parts(at) == set()


def test_names_and_values_do_nothing_in_a_recipe_either(
    open_app, turn_to, hostile, hostile_parts, slide
):
    at = open_app("reduce", hostile)
    name = hostile.roles.quasi_identifiers[1]
    slide(at, name, 1)
    at.button(key="as-policy").click().run()
    for page in ("reduce", "risk", "report"):
        turn_to(at, page)
        assert not at.exception
        assert hostile_parts(at) == set()
    assert at.session_state["session"].recipe.steps


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("![x](http://evil.example/x.png)", "image"),
        ("[x](y)", "link_open"),
        ("<img src=x>", "html_block"),
        ("\\:material/home\\:", "replaced by the front end"),
        ("http\\://evil\\.example", "replaced by the front end"),
    ],
)
def test_the_search_for_active_parts_finds_them(active_parts, text, part):
    assert part in active_parts(text)
