from dataclasses import replace

import pytest

from microdata.measure import Estimate
from reports.headline import headline_rows
from reports.stage import Stage
from transforms.recipe import Recipe
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from transforms.steps.suppress_records import SuppressRecords
from ui import compute
from ui.widgets.versions import (
    _difference,
    differing_steps,
    steps_differ_in_order,
    versions_of,
)

LEVELS = Generalize(levels={"age": 2, "zip": 2})
GROUPS = SuppressRecords(require=("k-anonymity=2",))
FIRST, SECOND = Recipe(steps=(LEVELS,)), Recipe(steps=(LEVELS, GROUPS))


def section():
    from ui import state
    from ui.widgets.versions import versions_section

    versions_section(state.current())


def comparing():
    from ui import compute, state
    from ui.widgets.versions import compare_two

    session = state.current()
    compare_two(session, compute.source(session))


def session_of(at):
    return at.session_state["session"]


def save(at, name):
    at.text_input[0].set_value(name)
    next(b for b in at.button if b.label == "Save this version").click().run()


def table_of(at):
    return at.dataframe[0].value.set_index("Figure")


@pytest.fixture
def saved(inpatients):
    session = inpatients.with_recipe(FIRST).with_saved("first")
    return session.with_recipe(SECOND).with_saved("second")


def test_what_is_in_force_is_saved_under_a_name(show, inpatients):
    at = show(section, inpatients.with_recipe(FIRST))
    assert [element.label for element in at.selectbox] == []
    save(at, "for the press")
    assert not at.exception
    assert [name for name, _ in session_of(at).saved] == ["for the press"]
    assert any("for the press" in element.value for element in at.success)
    save(at, "for the press")
    assert any("same name" in element.value for element in at.error)
    assert len(session_of(at).saved) == 1


def test_a_saved_version_is_put_in_force_and_undone(show, saved):
    at = show(section, saved)
    assert at.button(key="use-version").disabled  # the second is in force
    at.selectbox[0].set_value(0).run()
    at.button(key="use-version").click().run()
    assert not at.exception
    assert session_of(at).recipe == FIRST
    assert session_of(at).moved(-1).recipe == SECOND


def test_a_version_is_renamed_and_deleted(show, saved):
    at = show(section, saved)
    at.selectbox[0].set_value(0).run()
    at.text_input[1].set_value("other").run()
    at.button(key="rename-version").click().run()
    assert [name for name, _ in session_of(at).saved] == ["other", "second"]
    at.selectbox[0].set_value(1).run()
    at.button(key="delete-version").click().run()
    assert [name for name, _ in session_of(at).saved] == ["other"]


def test_a_version_that_no_longer_applies_is_told_and_not_put_in_force(show, inpatients):
    broken = inpatients.with_recipe(Recipe(steps=(Generalize(levels={"age": 9}),))).with_saved("x")
    at = show(section, replace(broken, history=(Recipe(),), position=0))
    at.button(key="use-version").click().run()
    assert not at.exception
    assert any("level 9" in element.value for element in at.error)
    assert session_of(at).recipe == Recipe()


def test_a_version_made_with_another_hierarchy_says_so(show, saved):
    changed = saved.with_edited(saved.hierarchies["age"])
    assert not show(section, changed).caption
    hierarchy = saved.hierarchies["age"]
    rows = [(*row[:-1], "any age") for row in hierarchy.rows()]
    changed = saved.with_edited(hierarchy.from_rows("age", rows))
    assert any("not the one" in element.value for element in show(section, changed).caption)


def test_two_versions_stand_side_by_side(show, saved):
    at = show(comparing, saved)
    at.selectbox[0].set_value(2).run()
    at.selectbox[1].set_value(3).run()
    assert not at.exception
    table = table_of(at)
    assert list(table.columns) == ["first", "second", "Difference"]
    stages = [compute_stage(at, saved.with_recipe(recipe)) for recipe in (FIRST, SECOND)]
    for row in headline_rows(*stages, size=5):
        shown = table.loc[f"{row.name} ({row.term})"]
        now = "not computed" if row.now.startswith("not computed") else row.now
        assert (shown["first"], shown["second"]) == (row.before, now)
        assert row.change not in {"better", "worse"} or row.change in shown["Difference"]
    assert any("Only in" in m.value and "second" in m.value for m in at.markdown)


def compute_stage(at, session):
    from reports.measuring import INTERACTIVE, evaluate

    case = session.case()
    return evaluate(case.context(case.release(case.encoded())), measures=INTERACTIVE, threshold=5)


def test_versions_with_the_same_steps_say_so(show, saved):
    again = saved.with_saved("third").with_recipe(Recipe(steps=(GROUPS, LEVELS))).with_saved("o")
    at = show(comparing, again)
    at.selectbox[0].set_value(3).run()
    at.selectbox[1].set_value(4).run()
    assert any(m.value == "Both have the same steps." for m in at.markdown)
    assert set(table_of(at)["Difference"]) <= {"the same", "not comparable"}
    at.selectbox[1].set_value(5).run()
    assert any("in another order" in m.value for m in at.markdown)


def test_the_original_is_compared_with_what_is_in_force(show, inpatients):
    at = show(comparing, inpatients.with_recipe(SECOND))
    table = table_of(at)
    assert list(table.columns) == ["The original", "The recipe in force", "Difference"]
    left = table.filter(like="left out", axis="index").iloc[0]
    assert left["The original"].startswith("0 (")
    assert table.iloc[-1]["The original"] in {"met", "not met", "not computed"}
    at.selectbox[1].set_value(0).run()
    assert not at.dataframe
    assert any("two different" in element.value for element in at.caption)


def test_a_version_that_cannot_be_measured_is_told(show, inpatients):
    broken = inpatients.with_recipe(Recipe(steps=(Generalize(levels={"age": 9}),)))
    at = show(comparing, broken)
    assert not at.exception
    assert any("level 9" in element.value for element in at.error)


def test_steps_that_differ_are_told_once_each():
    drop = DropColumn(columns=("age",))
    a, b = Recipe(steps=(LEVELS, drop, drop)), Recipe(steps=(drop, GROUPS))
    assert differing_steps(a, b) == ((LEVELS.describe(), drop.describe()), (GROUPS.describe(),))
    assert not steps_differ_in_order(a, b)
    assert steps_differ_in_order(SECOND, Recipe(steps=(GROUPS, LEVELS)))
    assert not steps_differ_in_order(SECOND, SECOND)


def test_saved_versions_are_compared_as_they_are_put_in_force(saved):
    assert [version.recipe for version in versions_of(saved)[2:]] == [FIRST, SECOND]


def test_hostile_names_do_nothing(show, inpatients, hostile_parts):
    session = inpatients.with_recipe(FIRST)
    for name in ("![x](http://evil.example/x.png)", "The original", "\u202eThe original"):
        session = session.with_saved(name)
    at = show(section, session)
    assert not hostile_parts(at)
    at.button(key="delete-version").click().run()
    assert not hostile_parts(at)
    at = show(comparing, session)
    for chosen in range(2, 5):
        at.selectbox[0].set_value(chosen).run()
        assert not at.exception
        assert not hostile_parts(at)


def test_versions_are_measured_once(show, saved, monkeypatch):
    at = show(comparing, saved)
    monkeypatch.setattr(compute, "evaluate", None)  # calling it again would fail
    at.run()
    assert not at.exception


@pytest.mark.parametrize(("kept", "said"), [(0.8996, "under 0.1 points"), (0.75, "15.0 points")])
def test_a_small_difference_of_shares_is_not_said_to_be_none(kept, said):
    one, two = (
        Stage(figures={("utility", "granularity"): Estimate(value=value)}, sizes={})
        for value in (0.9, kept)
    )
    row = next(row for row in headline_rows(one, two) if row.id == "detail")
    assert _difference(row, one, two, 5).startswith(f"−{said} ")
