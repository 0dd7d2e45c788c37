"""The Reduce page as it is used: a click on the frontier, the scrubber, two versions compared."""

import pytest

pytestmark = pytest.mark.e2e

VIEWS = ("The trade", "Columns", "Slide", "Lattice", "For analysts", "Compare")
PAIRS = "Generalise 'age' to level 1, 'nationality' to level 2 of the hierarchy."
HOLD = "(it) => {it.value = 1; it.dispatchEvent(new Event('input', {bubbles: true}))}"
# Counts what the page sends to its server from now on.
LISTEN = """() => {
  window.sent = 0;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...all) { window.sent += 1; return send.apply(this, all); };
}"""


@pytest.fixture
def reduce(visit, screen):
    """Return the Reduce page with the twelve inpatients."""
    app = screen(visit())
    app.click("Twelve inpatients")
    app.page.get_by_text("What the columns look like").wait_for()
    app.go("Reduce")
    return app


def test_a_point_of_the_frontier_is_put_in_force_saved_and_compared(reduce):
    page = reduce.page
    point = page.locator(".live .reach").nth(1)
    point.wait_for()
    assert reduce.tile("Smallest group") == "1"
    point.click()
    page.get_by_text("Everyone in the table has at least 1 look-alike").wait_for()
    assert reduce.tile("Smallest group") == "2"
    assert reduce.tile("Highest risk") == "1 in 2 (50.0 %)"
    assert PAIRS in reduce.body()

    page.get_by_role("textbox", name="Save what is in force as").fill("in *pairs*")
    reduce.click("Save this version")
    page.get_by_text("is saved as “in *pairs*”").wait_for()
    reduce.click("Undo", exact=True)
    page.get_by_text("Everyone in the table has at least 1 look-alike").wait_for(state="detached")
    assert reduce.tile("Smallest group") == "1"
    reduce.section("Compare")
    reduce.choose("Second", "in *pairs*")
    page.get_by_text(f"Only in in *pairs*: {PAIRS}").wait_for()
    reduce.click("Put in force")
    page.get_by_text("Undo brings back the former").wait_for()
    assert reduce.tile("Smallest group") == "2"


def test_a_keyboard_moves_a_level_and_goes_where_a_click_on_the_frontier_leads(reduce):
    page = reduce.page

    def tab_to(name):
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.locator(f":focus:is({name})").count():
                return
        raise AssertionError(f"no Tab leads to {name}")

    page.locator(".live .reach").first.wait_for()
    page.get_by_role("button", name="Start again").focus()
    tab_to('[aria-label="age"]')
    page.keyboard.press("ArrowRight")
    page.get_by_text("Generalise 'age' to level 1").wait_for()
    reduce.settle()
    tab_to("summary:has-text('another way to go there')")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Put it in force").wait_for()
    reduce.settle()
    tab_to('[aria-label*="Release"]')
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="groups of 2").first.wait_for()
    page.keyboard.type("groups of 2")
    page.keyboard.press("Enter")
    reduce.settle()
    tab_to("button:has-text('Put it in force')")
    page.keyboard.press("Enter")
    page.get_by_text("Everyone in the table has at least 1 look-alike").wait_for()
    assert PAIRS in reduce.body()


def test_the_scrubber_redraws_in_the_browser_and_is_in_force_when_let_go(reduce):
    page = reduce.page
    reduce.section("Slide")
    slider, where = page.locator(".scrub input"), page.locator(".scrub .where")
    slider.wait_for()
    assert where.inner_text() == "all groups"
    page.evaluate(LISTEN)
    # A browser says "input" while the handle is held, and "change" when it is let go.
    slider.evaluate(HOLD)
    assert where.inner_text() == "groups of at least 2"
    assert "12 (100 %)" in page.locator(".scrub .tiles").inner_text(), "all are left out"
    page.wait_for_timeout(300)
    assert page.evaluate("window.sent") == 0
    assert reduce.tile("Smallest group") == "1"
    slider.dispatch_event("change")
    page.get_by_text("Leave out the records whose group of look-alikes").wait_for()
    assert page.evaluate("window.sent") > 0
    assert reduce.tile("Smallest group") == "nobody left"

    reduce.click("Start again")
    reduce.choose("Slide along", "nationality")
    page.get_by_text("0: American").last.wait_for()
    slider.press("End")
    page.get_by_text("Generalise 'nationality' to level 2").wait_for()
    assert where.inner_text() == "2: *"
    assert slider.get_attribute("aria-valuetext") == "2: *"


def test_every_view_fits_and_stays_when_it_is_clicked_again(reduce):
    page = reduce.page
    reduce.press("age", "ArrowRight")
    page.set_viewport_size({"width": 390, "height": 844})
    for view in VIEWS:
        reduce.section(view)
        reduce.section(view)
        assert page.get_by_role("radio", name=view, exact=True).is_checked(), view
        reach = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert reach <= 390, view
        assert page.get_by_test_id("stBaseButton-primary").count() == 1
