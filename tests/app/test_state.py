import json
from dataclasses import replace

import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.population import Population
from microdata.profile import profile
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.project import MOST_SAVED
from risk.policy import PRESETS
from risk.scenario import Scenario
from transforms.recipe import Recipe
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from ui import state
from ui.state import MOST_UNDONE, Session, Stage
from ui.widgets.groups import _groups_changed, _variety_changed
from ui.widgets.identifiers import _dropped_changed, _identifier_changed
from ui.widgets.question_form import _updating

FIELDS = tuple(Session.__dataclass_fields__)


def changed(before, after):
    def value(session, name):
        held = getattr(session, name)
        if name == "hierarchies":
            return {column: hierarchy.digest for column, hierarchy in held.items()}
        return held

    return {name for name in FIELDS if value(before, name) != value(after, name)}


def table(values=("1", "2", "2"), name="people.csv"):
    return dataset_from_frame(pd.DataFrame({"age": values, "town": list("abc")}), name)


def hierarchy(top="*"):
    return Hierarchy.from_rows("age", [("1", "1-2", top), ("2", "1-2", top)])


def full():
    dataset = table()
    session = Session(policy=PRESETS["k10"], answers={"title": "T"})
    session = session.with_dataset(dataset, profile(dataset), b"raw")
    session = session.with_roles(Roles(by_column={"age": Role.QUASI_IDENTIFIER}), {"age": "why"})
    session = session.with_hierarchies({"age": hierarchy()})
    session = session.with_recipe(Recipe(steps=(Generalize(levels={"age": 1}),)))
    return replace(
        session, seed=7, population=Population(size=100), elsewhere=table(("2", "2", "1"))
    )


def test_saved_versions_that_are_not_in_force_are_alternatives():
    session = replace(full(), elsewhere=None)
    saved = session.with_saved("now").with_recipe(Recipe()).with_saved("raw")
    assert [name for name, _ in saved.alternatives] == ["now"]
    assert saved.case().alternatives == saved.alternatives
    # A recipe is not in force where a release that was made elsewhere is looked at.
    foreign = replace(saved, elsewhere=full().elsewhere)
    assert [name for name, _ in foreign.case().alternatives] == ["now", "raw"]
    assert saved.measured_key() != saved.without_saved("now").measured_key()
    assert saved.measured_key() == saved.without_saved("raw").measured_key()


def test_stage_follows_the_table_and_its_roles():
    dataset = table()
    empty = Session()
    loaded = empty.with_dataset(dataset, profile(dataset), b"")
    ready = loaded.with_roles(Roles(by_column={"age": Role.QUASI_IDENTIFIER}), {})
    sensitive = loaded.with_roles(Roles(by_column={"age": Role.SENSITIVE}), {})
    assert [s.stage for s in (empty, loaded, ready, sensitive)] == [
        Stage.EMPTY,
        Stage.LOADED,
        Stage.READY,
        Stage.LOADED,
    ]


def test_another_table_keeps_only_policy_and_answers():
    session, other = full(), table(("8", "9", "9"), "others.csv")
    after = session.with_dataset(other, profile(other), b"more")
    assert (after.policy, dict(after.answers)) == (PRESETS["k10"], {"title": "T"})
    fresh = Session()
    kept = {"raw", "dataset", "profile", "policy", "answers"}
    assert changed(fresh, after) - {"key"} == kept
    assert after.saved == ()
    assert after.key != session.key


def test_other_roles_keep_the_recipe():
    session = full()
    after = session.with_roles(Roles(by_column={"town": Role.QUASI_IDENTIFIER}), {})
    assert changed(session, after) == {"roles", "overruled"}


def test_another_hierarchy_drops_recipes_that_use_it():
    session = full()
    after = session.with_hierarchies({"age": hierarchy("any")})
    assert changed(session, after) == {
        "hierarchies",
        "former_hierarchies",
        "history",
        "position",
    }
    assert (after.history, after.position) == ((Recipe(),), 0)


@pytest.mark.parametrize("undone", [False, True])
def test_no_recipe_of_the_history_names_levels_of_a_changed_hierarchy(undone):
    session = full()
    session = session.with_recipe(Recipe(steps=(DropColumn(columns=("town",)),)))
    session = session if undone else session.moved(-1)
    after = session.with_hierarchies({"age": hierarchy("any")})
    assert not any(recipe.generalized_columns for recipe in after.history)


def test_the_same_hierarchy_again_keeps_the_recipe():
    session = full()
    assert changed(session, session.with_hierarchies({"age": hierarchy()})) == set()


def test_a_hierarchy_that_no_recipe_uses_keeps_it():
    session = full()
    town = Hierarchy.from_rows("town", [("a", "*"), ("b", "*"), ("c", "*")])
    after = session.with_hierarchies({**session.hierarchies, "town": town})
    assert changed(session, after) == {"hierarchies"}


def leveled(*tops):
    return Hierarchy.from_rows("age", [(v, "1-2", *tops) for v in ("1", "2")])


def test_a_change_of_a_hierarchy_by_hand_keeps_the_recipe_while_its_levels_stay():
    session = full()
    renamed = session.with_edited(leveled("any"))
    assert changed(session, renamed) == {"hierarchies", "former_hierarchies"}
    assert session.with_edited(leveled("x", "*")).recipe == Recipe()
    other = Hierarchy.from_rows("age", [("1", "1-3", "*"), ("3", "1-3", "*")])
    assert session.with_edited(other).recipe == Recipe()


def test_changes_of_a_hierarchy_are_undone_one_by_one():
    session = full()
    once = session.with_edited(leveled("any"))
    twice = once.with_edited(leveled("all"))
    back = twice.with_former("age")
    assert back.hierarchies["age"].digest == once.hierarchies["age"].digest
    back = back.with_former("age")
    assert back.hierarchies["age"].digest == session.hierarchies["age"].digest
    assert back.recipe == session.recipe
    assert back.with_former("age") is back
    assert back.with_former("town") is back


def test_a_removed_hierarchy_comes_back():
    session = full()
    back = session.with_hierarchies({}).with_former("age")
    assert back.hierarchies["age"].digest == session.hierarchies["age"].digest


def test_only_so_many_changes_can_be_undone():
    session = full()
    for number in range(MOST_UNDONE + 5):
        session = session.with_edited(leveled(f"top {number}"))
    assert len(session.former_hierarchies["age"]) == MOST_UNDONE


def test_versions_are_saved_renamed_and_deleted():
    before = full()
    session = before.with_saved(" first ")
    assert changed(before, session) == {"saved"}
    assert session.saved[0][1].steps == session.recipe.steps
    assert set(session.saved[0][1].hierarchies) == {"age"}
    other = session.with_recipe(Recipe()).with_saved("second").with_renamed("first", "best")
    assert [name for name, _ in other.saved] == ["best", "second"]
    assert other.saved[1][1] == Recipe()
    assert [name for name, _ in other.without_saved("best").saved] == ["second"]


@pytest.mark.parametrize(
    "make",
    [
        lambda session: session.with_saved("a"),
        lambda session: session.with_saved(" a "),
        lambda session: session.with_saved("  "),
        lambda session: session.with_saved("x" * 81),
        lambda session: session.with_renamed("b", "a"),
    ],
)
def test_a_name_that_is_taken_blank_or_too_long_is_refused(make):
    session = full().with_saved("a").with_saved("b")
    with pytest.raises(PrivacyToolError, match="version"):
        make(session)


def test_no_more_versions_than_the_cap():
    session = full()
    for number in range(MOST_SAVED):
        session = session.with_saved(str(number))
    with pytest.raises(PrivacyToolError, match=f"At most {MOST_SAVED}"):
        session.with_saved("one more")


def test_undo_and_redo_walk_the_history_and_stop_at_its_ends():
    one = Recipe(steps=(DropColumn(columns=("town",)),))
    two = Recipe(steps=(DropColumn(columns=("age",)),))
    session = Session().with_recipe(one).with_recipe(two)
    assert session.recipe == two
    assert session.moved(-1).recipe == one
    assert session.moved(-1).moved(-1).moved(-1).recipe == Recipe()
    assert session.moved(-1).moved(1).moved(1).recipe == two


def test_a_new_recipe_after_undo_forgets_what_was_undone():
    one = Recipe(steps=(DropColumn(columns=("town",)),))
    two = Recipe(steps=(DropColumn(columns=("age",)),))
    session = Session().with_recipe(one).moved(-1).with_recipe(two)
    assert session.history == (Recipe(), two)
    assert session.moved(1) == session


def test_the_recipe_in_force_adds_nothing_to_the_history():
    session = full()
    assert session.with_recipe(session.recipe) is session


def test_project_round_trip_restores_every_decision():
    session = replace(full(), elsewhere=None).with_saved("![x](http://evil.example)")
    project = type(session.project()).from_bytes(json.dumps(session.project().to_json()).encode())
    loaded = Session().with_dataset(session.require_dataset(), session.profile, b"raw")
    restored = loaded.restored(project)
    assert changed(session, restored) == {"history", "position", "key"}
    assert restored.recipe == session.recipe


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"dataset": table(("1", "1", "2"))}, "sofa"),
        ({"hierarchies": {"age": hierarchy("any")}}, "sofa"),
        ({"roles": Roles(by_column={"town": Role.QUASI_IDENTIFIER})}, "ofa"),
        ({"history": (Recipe(),), "position": 0}, "fa"),
        ({"population": Population(size=101)}, "ofa"),
        ({"population": Population(table=table())}, "sofa"),
        ({"elsewhere": None}, "fa"),
        ({"policy": PRESETS["k5"]}, "ofa"),
        ({"scenarios": (Scenario(name="N", known=("town",)),)}, "a"),
        ({"seed": 8}, "ofa"),
        ({"saved": (("a", Recipe()),)}, "a"),
        ({"key": b"other"}, "fa"),
        ({"answers": {"title": "U"}}, "a"),
        ({"overruled": {}}, "a"),
        ({"dataset": table(name="again.csv")}, "a"),
        ({"elsewhere": table(("2", "2", "1"), name="again.csv")}, "a"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value,
)
def test_a_cache_key_changes_exactly_where_a_figure_can(change, keys):
    session = full()
    after = replace(session, **change)
    moved = {
        letter
        for letter, name in (
            ("s", "source_key"),
            ("o", "original_key"),
            ("f", "figures_key"),
            ("a", "assessment_key"),
        )
        if getattr(session, name)() != getattr(after, name)()
    }
    assert moved == set(keys)


def test_a_representation_holds_neither_the_raw_file_nor_the_key():
    session = replace(Session(), raw=b"Jane Doe", key=b"secret")
    assert "Jane" not in repr(session)
    assert "secret" not in repr(session)


def test_a_scenario_whose_column_can_no_longer_be_known_is_dropped():
    scenarios = (Scenario(name="A", known=("age",)), Scenario(name="B", known=("town",)))
    session = replace(full(), scenarios=scenarios)
    named = Roles(by_column={"age": Role.QUASI_IDENTIFIER, "town": Role.DIRECT_IDENTIFIER})
    assert session.with_roles(named, {}).scenarios == scenarios[:1]
    assert session.with_roles(session.roles, {}).scenarios == scenarios


def test_a_widget_that_tells_of_itself_after_the_data_was_forgotten_changes_nothing(monkeypatch):
    held = {}
    monkeypatch.setattr(state.st, "session_state", held)
    state.forget()
    empty = state.current()
    _variety_changed("condition", ("l condition", "t condition", "d condition"))
    _groups_changed()
    _identifier_changed("name", "as name")
    _dropped_changed(("name",))
    _updating("purpose")(lambda _: held["answer purpose"])
    assert state.current() == empty
    assert state.current().recipe.steps == ()
