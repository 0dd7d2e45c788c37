"""Every page, wide and narrow: nothing that a screen reader or a keyboard trips over."""

import pytest

pytestmark = pytest.mark.e2e

PAGES = ("Data", "Columns", "Risk", "Reduce", "Report")
# Of the web framework, not of our pages: nothing that a page can set.
FRAMEWORK = frozenset({"landmark-one-main", "region", "scrollable-region-focusable"})


def serious(page):
    axe = pytest.importorskip("axe_core_python.sync_playwright")
    found = axe.Axe().run(page)
    assert found["passes"], "the scan looked at nothing"
    return [
        (fault["id"], node["html"][:160])
        for fault in found["violations"]
        if fault["impact"] in {"serious", "critical"} and fault["id"] not in FRAMEWORK
        for node in fault["nodes"]
    ]


def test_no_page_has_a_serious_fault(tab):
    faults = {"empty": serious(tab.page)}
    tab.demo("Hospital admissions")
    for name in PAGES:
        faults[name] = serious(tab.go(name).page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_page_is_wider_than_a_telephone(open_tab):
    tab = open_tab(width=390, height=844).demo("Twelve inpatients")
    too_wide = {}
    for name in PAGES:
        tab.go(name)
        width = tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        if width > 392:
            too_wide[name] = width
    assert too_wide == {}


def test_the_role_of_a_column_can_be_chosen_by_keyboard(tab):
    tab.demo("Twelve inpatients").go("Columns")
    box = tab.page.get_by_role("combobox", name="Role of zip")
    box.focus()
    tab.page.keyboard.type("kept private")
    tab.page.keyboard.press("Enter")
    tab.settled()
    assert tab.page.get_by_text("Why? Suggested for zip was").count() == 1
