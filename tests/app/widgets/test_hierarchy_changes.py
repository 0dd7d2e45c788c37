import pytest

from microdata.hierarchy import Hierarchy
from transforms.recipe import Recipe
from transforms.steps.generalize import Generalize
from ui.widgets import hierarchy_changes


def page():
    from ui import state
    from ui.widgets.hierarchy_changes import changes
    from ui.widgets.hierarchy_levels import look

    session = state.current()
    column = next(iter(session.hierarchies), None)
    if column is not None:
        look(session, column)
        changes(session, column)


def box(at, label):
    return next(element for element in at.selectbox if element.label == label)


def field(at, label):
    return next(element for element in at.text_input if element.label == label)


def held(at):
    return next(iter(at.session_state["session"].hierarchies.values()))


def rows_of(values):
    groups = ["g1", "g1", "g2", "g2"]
    return [
        (value, groups[i % 4], "top1" if i % 4 < 2 else "top2", "*")
        for i, value in enumerate(values)
    ]


@pytest.fixture
def session(inpatients):
    hierarchy = Hierarchy.from_rows("zip", rows_of(inpatients.dataset.values("zip")))
    bare = inpatients.with_hierarchies({"zip": hierarchy})
    return bare.with_recipe(Recipe(steps=(Generalize(levels={"zip": 1}),)))


@pytest.fixture
def at(show, session):
    opened = show(page, session)
    opened.toggle[0].set_value(True).run()
    assert not opened.exception
    return opened


def test_values_are_shown_only_where_asked(show, session):
    closed = show(page, session)
    assert [element.label for element in closed.selectbox] == ["Labels of level"]
    first = session.dataset.values("zip")[0]
    assert not any(first in str(frame.value) for frame in closed.dataframe)


def test_a_label_is_renamed_the_recipe_stays_and_undo_brings_it_back(at, session):
    box(at, "Level").set_value(1).run()
    box(at, "Label").set_value("g1").run()
    field(at, "New name").set_value("first").run()
    at.button(key="rename-label").click().run()
    assert not at.error
    assert held(at).levels[1].labels == ("first", "g2")
    assert at.session_state["session"].recipe == session.recipe
    at.button(key="undo-hierarchy").click().run()
    assert held(at).digest == session.hierarchies["zip"].digest


def test_labels_are_merged_below_the_group_that_is_chosen(at):
    box(at, "What to change").set_value("Merge labels").run()
    box(at, "Level").set_value(1).run()
    at.multiselect[0].set_value(["g1", "g2"]).run()
    box(at, "Group of the level above").set_value("top2").run()
    field(at, "Name of the merged label").set_value("all").run()
    at.button(key="merge-labels").click().run()
    assert not at.error
    assert held(at).levels[1].labels == ("all",)
    assert held(at).levels[2].labels == ("top2",)


def test_one_label_is_not_merged(at):
    box(at, "What to change").set_value("Merge labels").run()
    at.button(key="merge-labels").click().run()
    assert any("at least two" in error.value for error in at.error)


def test_a_value_moves_to_another_and_to_a_new_group(at, session):
    first = session.dataset.values("zip")[0]
    box(at, "What to change").set_value("Move to another group").run()
    box(at, "Level").set_value(0).run()
    box(at, "Value").set_value(first).run()
    box(at, "Into the group").set_value("g2").run()
    at.button(key="move-label").click().run()
    assert held(at).rows()[0] == (first, "g2", "top2", "*")
    box(at, "Level").set_value(0).run()
    box(at, "Value").set_value(first).run()
    field(at, "Or into a new group of this name").set_value("own").run()
    at.button(key="move-label").click().run()
    assert held(at).rows()[0] == (first, "own", "top2", "*")


def test_the_order_is_changed(at, session):
    box(at, "What to change").set_value("Change the order").run()
    box(at, "Level").set_value(1).run()
    box(at, "Label").set_value("g2").run()
    box(at, "Moves").set_value("to the beginning").run()
    at.button(key="place-label").click().run()
    assert held(at).rows()[0][1] == "g2"
    box(at, "Or all values").set_value("by the alphabet").run()
    at.button(key="arrange-values").click().run()
    assert list(held(at).leaves) == sorted(session.dataset.values("zip"))
    box(at, "Or all values").set_value("as dates").run()
    at.button(key="arrange-values").click().run()
    assert any("is a date" in error.value for error in at.error)


def test_a_level_is_added_and_removed_and_the_recipe_begins_anew(at):
    box(at, "What to change").set_value("Add a level").run()
    box(at, "Level").set_value(1).run()
    at.button(key="add-level").click().run()
    assert held(at).height == 4
    assert at.session_state["session"].recipe == Recipe()
    assert any("begins anew" in element.value for element in at.success)
    box(at, "What to change").set_value("Remove a level").run()
    box(at, "Level").set_value(2).run()
    at.button(key="remove-level").click().run()
    assert held(at).height == 3


def test_a_mistake_is_told_and_changes_nothing(at, session):
    box(at, "Level").set_value(1).run()
    at.button(key="rename-label").click().run()
    assert any("needs a name" in error.value for error in at.error)
    assert held(at).digest == session.hierarchies["zip"].digest


def test_the_table_as_it_is_changes_nothing(at, session):
    at.button(key="take-table").click().run()
    assert not at.exception
    assert not at.error
    assert held(at).digest == session.hierarchies["zip"].digest


def test_the_table_shows_the_first_values_and_leaves_the_rest(show, session, monkeypatch):
    monkeypatch.setattr(hierarchy_changes, "MOST_IN_TABLE", 2)
    opened = show(page, session)
    opened.toggle[0].set_value(True).run()
    assert any("The first 2 of" in element.value for element in opened.caption)
    opened.button(key="take-table").click().run()
    assert held(opened).digest == session.hierarchies["zip"].digest


def test_a_large_hierarchy_is_changed_in_a_file(show, session, monkeypatch):
    monkeypatch.setattr(hierarchy_changes, "MOST_CHANGED", 2)
    closed = show(page, session)
    assert not closed.toggle
    assert any("upload it again" in element.value for element in closed.caption)


def test_levels_with_too_many_labels_are_not_offered(session, monkeypatch):
    hierarchy = session.hierarchies["zip"]
    assert hierarchy_changes.levels_for("Merge labels", hierarchy) == [1, 2, 3]
    assert hierarchy_changes.levels_for("Move to another group", hierarchy) == [0, 1, 2]
    monkeypatch.setattr(hierarchy_changes, "MOST_OFFERED", 2)
    assert hierarchy_changes.levels_for("Move to another group", hierarchy) == [1, 2]
    assert hierarchy_changes.levels_for("Add a level", hierarchy) == [0, 1, 2, 3]


def test_a_hierarchy_without_levels_says_that_one_is_needed(show, session):
    flat = Hierarchy.from_rows("zip", [(v,) for v in session.dataset.values("zip")])
    opened = show(page, session.with_hierarchies({"zip": flat}))
    opened.toggle[0].set_value(True).run()
    assert not opened.exception
    assert any("add a level" in error.value for error in opened.error)
    box(opened, "What to change").set_value("Add a level").run()
    opened.button(key="add-level").click().run()
    assert held(opened).height == 1


def test_hostile_labels_do_nothing_and_can_be_changed(show, hostile, hostile_parts):
    opened = show(page, hostile)
    opened.toggle[0].set_value(True).run()
    for action in ("Merge labels", "Move to another group", "Change the order", "Add a level"):
        box(opened, "What to change").set_value(action).run()
        assert not opened.exception
        assert not hostile_parts(opened)
