from dataclasses import replace

import pytest

from reports.chart_composition import ADVICE, SAFE
from risk.attacks.composition import compose
from transforms.recipe import Recipe
from transforms.steps.generalize import Generalize
from transforms.steps.suppress_records import SuppressRecords
from ui import compute
from ui.widgets.composition import FROM_FILE, HERE

BY_AGE = Recipe(steps=(Generalize(levels={"age": 1, "zip": 2, "nationality": 2}),))
BY_ORIGIN = Recipe(steps=(Generalize(levels={"age": 3, "zip": 2, "nationality": 1}),))
COARSER = Recipe(steps=(Generalize(levels={"age": 2, "zip": 2, "nationality": 2}),))


def section():
    from ui import state
    from ui.widgets.composition import composition_section

    composition_section(state.current())


def comparing():
    from ui import compute, state
    from ui.widgets.versions import compare_two

    session = state.current()
    compare_two(session, compute.source(session))


@pytest.fixture
def saved(inpatients):
    session = inpatients.with_recipe(BY_ORIGIN).with_saved("by origin")
    session = session.with_recipe(COARSER).with_saved("coarser")
    return session.with_recipe(BY_AGE)


def expected(session, other):
    sides = [s.case() for s in (session, other)]
    source = sides[0].encoded()
    return compose(*(case.context(case.release(source)) for case in sides))


def table_of(at):
    return at.dataframe[-1].value.set_index("figure")


def told(at):
    return " ".join(element.value for element in at.markdown)


def test_a_saved_version_is_looked_up_beside_the_table_here(show, saved):
    at = show(section, saved)
    assert not at.exception
    assert at.selectbox[0].options == ["by origin", "coarser", FROM_FILE]
    found = expected(saved, saved.with_recipe(BY_ORIGIN))
    table = table_of(at)
    assert list(table.columns) == [HERE, "by origin", "both together"]
    shown = [int(cell) for cell in table.loc["Smallest group (k)"]]
    assert shown == [found.value("smallest", side) for side in found.sizes]
    assert shown == [4, 2, 1]
    assert f"leave groups of {shown[2]}" in told(at)
    assert ADVICE in told(at)


def test_a_version_derived_from_the_first_is_safe(show, saved):
    at = show(section, saved)
    at.selectbox[0].set_value(1).run()
    assert not at.exception
    table = table_of(at)
    smallest = table.loc["Smallest group (k)"]
    assert smallest["both together"] == smallest[HERE]
    assert SAFE in told(at)


def frame_of(session, recipe):
    case = session.with_recipe(recipe).case()
    return case.release(case.encoded()).frame()


def put(at, frame, name="other.csv"):
    raw = frame.to_csv(index=False, na_rep="NA").encode()
    at.file_uploader[0].upload(name, raw, "text/csv").run()


def test_a_release_from_a_file_is_looked_up_by_its_labels(show, saved):
    at = show(section, saved)
    at.selectbox[0].set_value(2).run()
    assert not at.dataframe
    put(at, frame_of(saved, BY_ORIGIN).iloc[::-1])
    assert not at.exception
    assert any("other.csv was read" in element.value for element in at.success)
    found = expected(saved, saved.with_recipe(BY_ORIGIN))
    table = table_of(at)
    assert list(table.columns) == [HERE, "other.csv", "both together"]
    shown = [int(cell) for cell in table.loc["Smallest group (k)"]]
    assert shown == [found.value("smallest", side) for side in found.sizes]
    at.checkbox[0].check().run()
    assert any("are paired wrongly" in element.value for element in at.caption)
    at.button(key="remove-second-release").click().run()
    assert not at.exception
    assert not at.dataframe
    assert compute.SECOND_RELEASE not in at.session_state


def test_a_file_that_cannot_be_paired_or_does_not_fit_says_why(show, saved):
    at = show(section, replace(saved, saved=()))
    assert at.selectbox[0].options == [FROM_FILE]
    put(at, frame_of(saved, BY_ORIGIN)[["zip"]].rename(columns={"zip": "other"}))
    assert any("no column name in common" in element.value for element in at.error)
    put(at, frame_of(saved, BY_ORIGIN).iloc[1:])
    assert not at.exception
    assert not at.checkbox, "fewer rows cannot stand in the same order"
    assert any("cannot be told" in element.value for element in at.info)


def test_a_file_of_another_table_is_let_go(show, saved, hospital):
    at = show(section, saved)
    at.selectbox[0].set_value(2).run()
    put(at, frame_of(saved, BY_ORIGIN))
    assert compute.SECOND_RELEASE in at.session_state
    at.session_state["session"] = hospital
    at.run()
    assert not at.exception
    assert compute.SECOND_RELEASE not in at.session_state
    assert at.file_uploader


def test_the_second_release_goes_with_the_data(show, saved):
    def forgetting():
        import streamlit as st

        from ui import compute, state
        from ui.widgets.composition import composition_section

        if st.button("forget"):
            compute.forget()
        elif state.current().dataset is not None:
            composition_section(state.current())

    at = show(forgetting, saved)
    at.selectbox[0].set_value(2).run()
    put(at, frame_of(saved, BY_ORIGIN))
    at.button[0].click().run()
    assert not at.exception
    assert compute.SECOND_RELEASE not in at.session_state


def test_a_version_that_no_longer_applies_is_told(show, inpatients):
    broken = inpatients.with_recipe(Recipe(steps=(Generalize(levels={"age": 9}),))).with_saved("x")
    at = show(section, broken.with_recipe(BY_ORIGIN))
    assert not at.exception
    assert any("level 9" in element.value for element in at.error)


def test_nobody_left_is_told(show, inpatients):
    nobody = Recipe(steps=(SuppressRecords(require=("k-anonymity=13",)),))
    at = show(section, inpatients.with_recipe(nobody).with_saved("nobody"))
    assert not at.exception
    assert any("Nobody is in both" in element.value for element in at.info)


def test_compare_shows_what_two_versions_give_away_together(show, saved):
    at = show(comparing, saved)
    assert "If both are published" not in told(at), "the original is not published"
    at.selectbox[0].set_value(1).run()
    at.selectbox[1].set_value(2).run()
    assert not at.exception
    assert "If both are published" in told(at)
    assert list(table_of(at).columns) == ["The recipe in force", "by origin", "both together"]
    assert ADVICE in told(at)


def test_hostile_names_do_nothing(show, saved, hostile_parts):
    session = replace(saved, saved=())
    for name in (
        "![x](http://evil.example/x.png)",
        "both together",
        "figure",
        "\u202eThe original",
    ):
        session = session.with_recipe(BY_ORIGIN).with_saved(name)
    at = show(section, session.with_recipe(BY_AGE))
    for chosen in range(4):
        at.selectbox[0].set_value(chosen).run()
        assert not at.exception
        assert not hostile_parts(at)
    at.selectbox[0].set_value(4).run()
    put(at, frame_of(saved, BY_ORIGIN), "![x](http://evil.example/x.png).csv")
    assert not at.exception
    assert not hostile_parts(at)
    at = show(comparing, session)
    at.selectbox[0].set_value(1).run()
    at.selectbox[1].set_value(2).run()
    assert not at.exception
    assert not hostile_parts(at)


def test_hostile_columns_do_nothing(show, hostile, hostile_parts):
    at = show(section, hostile.with_saved("as it is"))
    assert not at.exception
    assert at.dataframe
    assert not hostile_parts(at)
