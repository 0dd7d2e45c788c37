"""Every page, wide and narrow: nothing that a screen reader or a keyboard trips over."""

import pytest

pytestmark = pytest.mark.e2e

PAGES = {
    "data": "Data",
    "columns": "Columns",
    "risk": "Risk",
    "attack": "Attack",
    "reduce": "Reduce",
    "report": "Report",
    "learn": "Learn",
}
SECTIONS = (
    "What a group gives away",
    "Few known columns",
    "In the population",
    "Criteria (WP216)",
    "Other attackers",
    "Who fails",
    "Second opinion",
    "All figures",
)
VIEWS = ("The trade", "Columns", "Slide", "Lattice", "For analysts", "Compare")
# Of the web framework: nothing that a page can set.
FRAMEWORK = frozenset({"scrollable-region-focusable"})
GRID_CELL = 'id="glide-cell-'  # its data grid numbers the cells of every table alike


def serious(page):
    axe = pytest.importorskip(
        "axe_core_python.sync_playwright", reason="the accessibility scanner is not installed"
    )
    found = axe.Axe().run(page)
    assert found["passes"], "the scan looked at nothing"
    return [
        (fault["id"], node["html"][:160])
        for fault in found["violations"]
        if fault["impact"] in {"serious", "critical"} and fault["id"] not in FRAMEWORK
        for node in fault["nodes"]
        if GRID_CELL not in node["html"]
    ]


def test_no_page_has_a_serious_fault(visit, screen):
    page = visit()
    app = screen(page)
    faults = {"empty": serious(page)}
    app.click("Hospital admissions")
    page.get_by_text("What the columns look like").wait_for()
    for name in PAGES.values():
        app.go(name)
        faults[name] = serious(page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_section_of_the_risk_page_has_a_serious_fault_or_is_too_wide(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Twelve inpatients")
    page.get_by_text("What the columns look like").wait_for()
    app.go("Risk")
    faults, too_wide = {}, {}
    for name in SECTIONS:
        app.section(name)
        faults[name] = serious(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(500)
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        if width > 390:
            too_wide[name] = width
        page.set_viewport_size({"width": 1360, "height": 900})
    assert {name: found for name, found in faults.items() if found} == {}
    assert too_wide == {}


def test_no_view_of_the_reduce_page_has_a_serious_fault(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Twelve inpatients")
    page.get_by_text("What the columns look like").wait_for()
    app.go("Reduce")
    app.press("age", "ArrowRight")
    faults = {}
    for view in VIEWS:
        app.section(view)
        faults[view] = serious(page)
    assert {view: found for view, found in faults.items() if found} == {}


def test_an_attack_and_its_result_have_no_serious_fault_and_are_not_too_wide(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Hospital admissions")
    page.get_by_text("What the columns look like").wait_for()
    app.go("Attack")
    app.click("Attack", exact=True)
    page.get_by_text("What this attacker learns about one person").wait_for()
    page.get_by_text("The attacker has a file").click()
    app.click("Take the demo's voter register")
    app.click("Attack with this file")
    page.get_by_text("Holder of register.csv finds").wait_for()
    faults = serious(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert faults == []
    assert width <= 390
    figures = page.get_by_role("region", name="Figures of the attack")
    assert figures.evaluate("(it) => it.scrollWidth <= it.clientWidth"), "nothing is scrolled for"


def test_no_part_of_the_report_page_has_a_serious_fault_or_is_too_wide(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Hospital admissions")
    page.get_by_text("What the columns look like").wait_for()
    app.go("Report")
    faults, too_wide = {}, {}
    while True:
        part = page.get_by_role("heading", level=4).first.inner_text()
        while page.get_by_role("button", name="Add a").count():
            app.click("Add a")
        faults[part] = serious(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(500)
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        if width > 390:
            too_wide[part] = width
        page.set_viewport_size({"width": 1360, "height": 900})
        onward = page.get_by_role("button", name="Next:")
        if not onward.count():
            break
        onward.click()
        page.get_by_role("heading", name=part, exact=True, level=4).wait_for(state="detached")
    assert len(faults) >= 9
    assert {name: found for name, found in faults.items() if found} == {}
    assert too_wide == {}


def test_no_page_is_wider_than_a_telephone(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Twelve inpatients")
    page.get_by_text("What the columns look like").wait_for()
    too_wide = {}
    for name in PAGES.values():
        app.go(name)
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(500)
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        if width > 390:
            too_wide[name] = width
        page.set_viewport_size({"width": 1360, "height": 900})
    assert too_wide == {}


def test_the_role_of_a_column_can_be_chosen_by_keyboard(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Twelve inpatients")
    app.go("Columns")
    page.get_by_role("combobox", name="Role of zip").focus()
    page.keyboard.type("kept private")
    page.keyboard.press("Enter")
    page.get_by_text("Why? Suggested for zip was").wait_for()


def test_charts_have_words_and_a_table_of_their_values(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Twelve inpatients")
    page.get_by_text("What the columns look like").wait_for()
    app.go("Risk")
    charts = page.get_by_test_id("stPlotlyChart")
    charts.nth(3).wait_for()
    words = [chart.get_attribute("aria-label") for chart in charts.all()]
    assert len(words) >= 4
    assert all(said and len(said) > 20 for said in words)
    assert page.get_by_text("Values as a table").count() == len(words)


def test_the_scoreboard_stays_in_view(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Hospital admissions")
    app.go("Reduce")
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 500)")
    page.wait_for_timeout(300)
    box = page.locator(".pv-board").bounding_box()
    assert 0 <= box["y"] <= 120
