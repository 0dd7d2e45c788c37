import numpy as np
import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.profile import profile, suggested_roles
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from transforms.hierarchies import coverage
from ui.state import Session
from ui.widgets.hierarchy_builders import cuts_of, groups_of, lengths_of, number_of
from ui.widgets.hierarchy_editor import with_hierarchy, with_proposals
from ui.widgets.hierarchy_levels import levels_table
from ui.widgets.reading import with_population_table
from ui.widgets.roles_table import ROLE_WORDS, with_role


def session_of(at):
    return at.session_state["session"]


def key_of(at, place):
    return f"{place}-{at.session_state['generation']}"


def role_box(at, name):
    position = session_of(at).dataset.column_names.index(name)
    return at.selectbox(key=f"{key_of(at, 'role')}-{position}")


def uploader(at, place):
    return next(u for u in at.file_uploader if u.proto.id.endswith(key_of(at, place)))


def loaded(frame):
    dataset = dataset_from_frame(frame, "table.csv")
    known = profile(dataset)
    return Session().with_dataset(dataset, known, b"").with_roles(suggested_roles(known), {})


@pytest.fixture
def bare(inpatients):
    """The inpatients without hierarchies."""
    return inpatients.with_hierarchies({})


def test_without_a_table_the_page_leads_to_data(open_app):
    at = open_app("columns")
    assert not at.exception
    assert at.info
    assert not at.selectbox


def test_every_column_has_its_row(open_app, inpatients):
    at = open_app("columns", inpatients)
    assert not at.exception
    assert at.header[0].value == "Columns"
    for name in inpatients.dataset.column_names:
        assert role_box(at, name).value is inpatients.roles.role_of(name)


def test_a_role_that_differs_from_the_suggestion_asks_why(open_app, inpatients):
    at = open_app("columns", inpatients)
    role_box(at, "zip").set_value(Role.SENSITIVE).run()
    assert not at.exception
    assert session_of(at).roles.role_of("zip") is Role.SENSITIVE
    position = inpatients.dataset.column_names.index("zip")
    at.text_input(key=f"{key_of(at, 'why')}-{position}").set_value("it is a secret").run()
    assert session_of(at).overruled["zip"] == "it is a secret"
    role_box(at, "zip").set_value(inpatients.profile.column("zip").role).run()
    assert "zip" not in session_of(at).overruled


def test_all_suggestions_can_be_taken_back(open_app, inpatients):
    at = open_app("columns", with_role(inpatients, "zip", Role.INSENSITIVE))
    at.button(key="take-suggestions").click().run()
    assert session_of(at).roles == suggested_roles(inpatients.profile)
    assert role_box(at, "zip").value is inpatients.profile.column("zip").role


def test_a_second_person_column_is_told_in_place_and_not_taken(open_app, inpatients):
    at = open_app("columns", with_role(inpatients, "age", Role.PERSON))
    role_box(at, "zip").set_value(Role.PERSON).run()
    assert not at.exception
    assert any("Only one column" in box.value for box in at.error)
    assert session_of(at).roles.person == "age"
    role_box(at, "age").set_value(Role.QUASI_IDENTIFIER).run()
    assert session_of(at).roles.person == "zip"
    assert not at.error


def test_the_only_quasi_identifier_can_be_taken_away(open_app, inpatients):
    session = inpatients.with_roles(Roles(by_column={"age": Role.QUASI_IDENTIFIER}), {})
    at = open_app("columns", session)
    assert not at.button(key="to-risk").disabled
    role_box(at, "age").set_value(Role.INSENSITIVE).run()
    assert not at.exception
    assert at.button(key="to-risk").disabled


def test_what_singles_people_out_is_told(open_app, inpatients):
    at = open_app("columns", inpatients)
    table = next(f.value for f in at.dataframe if "Columns known" in f.value.columns)
    # Sweeney's twelve inpatients: age alone is enough for most of them.
    ages = inpatients.dataset.frame["age"].value_counts()
    assert table.loc[0, "The worst"] == "age"
    assert table.loc[0, "Alone"].startswith(f"{int((ages == 1).sum())} (")


def test_many_columns_come_in_pages(open_app):
    frame = pd.DataFrame({f"c{i}": list("aabbcc") for i in range(61)})
    session = loaded(frame)
    session = session.with_roles(Roles(by_column={}), {})
    at = open_app("columns", session)
    roles = [box for box in at.selectbox if box.label.startswith("Role of")]
    assert len(roles) == 50
    at.selectbox(key=key_of(at, "page")).set_value(50).run()
    roles = [box for box in at.selectbox if box.label.startswith("Role of")]
    assert len(roles) == 11
    role_box(at, "c60").set_value(Role.SENSITIVE).run()
    assert session_of(at).roles.sensitive == ("c60",)


def test_hierarchies_are_proposed_for_all_that_lack_one(open_app, bare):
    at = open_app("columns", bare)
    at.button(key="propose-all").click().run()
    assert not at.exception
    assert set(session_of(at).hierarchies) == set(bare.roles.quasi_identifiers)
    assert not [button for button in at.button if button.key == "propose-all"]


def test_a_proposal_leaves_other_hierarchies_alone(inpatients):
    kept = {"zip": inpatients.hierarchies["zip"]}
    session, said = with_proposals(inpatients.with_hierarchies(kept))
    assert session.hierarchies["zip"] is kept["zip"]
    assert len(said) == len(inpatients.roles.quasi_identifiers) - 1


def test_hierarchies_are_uploaded_by_the_name_of_the_column(open_app, bare):
    rows = b"".join(b"%s;all;*\n" % v.encode() for v in bare.dataset.values("zip"))
    files = [("zip.csv", rows, "text/csv"), ("shoe.csv", b"a;*\n", "text/csv")]
    at = open_app("columns", bare)
    uploader(at, "hierarchy-files").set_value(files)
    at.run()
    assert not at.exception
    assert session_of(at).hierarchies["zip"].height == 2
    assert any("fits no column" in box.value for box in at.error)
    assert uploader(at, "hierarchy-files").value == []


def test_uncovered_values_are_counted_and_replaced_only_when_asked(open_app, bare):
    values = bare.dataset.values("zip")
    lacking = Hierarchy.from_rows("zip", [(v, "x", "*") for v in values[1:]])
    session = with_hierarchy(bare, lacking)
    assert coverage(lacking, session.dataset).lacking == 1
    at = open_app("columns", session)
    shown = " ".join(m.value for m in at.markdown)
    assert f"does not cover 1 of {len(values)} values" in shown.replace("\\", "")
    assert values[0] not in shown
    position = bare.dataset.column_names.index("zip")
    at.button(key=f"{key_of(at, 'cover')}-{position}").click().run()
    assert not at.exception
    covering = session_of(at).hierarchies["zip"]
    assert covering.uncovered(values) == ()
    assert covering.rows()[-1] == (values[0], "*", "*")


@pytest.mark.parametrize(
    ("button", "column", "first"),
    [
        ("build-automatic", "zip", None),
        ("build-width", "age", None),
        ("build-mask", "zip", None),
        ("build-nothing", "condition", "*"),
        ("build-prefix", "zip", None),
    ],
)
def test_each_builder_gives_the_chosen_column_a_hierarchy(open_app, bare, button, column, first):
    at = open_app("columns", bare)
    at.selectbox(key=key_of(at, "hierarchy-of")).set_value(column).run()
    at.button(key=button).click().run()
    assert not at.exception
    assert not at.error
    built = session_of(at).hierarchies[column]
    assert built.uncovered(bare.dataset.values(column)) == ()
    assert first is None or built.levels[1].labels == (first,)


def test_a_hierarchy_of_amnesia_is_uploaded(open_app, bare):
    head = b"distinct\nname zip\ntype string\nheight 2\n\n"
    codes = " ".join(bare.dataset.values("zip")).encode()
    ages = b"range\nname age\ntype int\nheight 2\n\n0,120 has 0,40 40,120\n"
    at = open_app("columns", bare)
    files = [("zip.txt", head + b"All has " + codes, "text/plain"), ("age.txt", ages, "text/plain")]
    uploader(at, "hierarchy-files").set_value(files)
    at.run()
    assert not at.exception
    assert not at.error
    made = session_of(at).hierarchies
    assert made["zip"].levels[1].labels == ("All",)
    assert made["age"].levels[1].labels == ("0-39", "40-120")
    assert made["age"].uncovered(bare.dataset.values("age")) == ()


def test_a_level_that_is_no_function_is_refused_with_the_number_of_values(open_app, bare):
    values = bare.dataset.values("zip")
    rows = "".join(f"{v};x;{i % 2}\n" for i, v in enumerate(values)).encode()
    at = open_app("columns", bare)
    uploader(at, "hierarchy-files").set_value(("zip.csv", rows, "text/csv"))
    at.run()
    assert any(f"concerns {len(values)} values" in box.value for box in at.error)
    assert "zip" not in session_of(at).hierarchies


def test_a_hierarchy_is_changed_on_the_page_and_undone(open_app, inpatients):
    at = open_app("columns", inpatients)
    at.selectbox(key=key_of(at, "hierarchy-of")).set_value("zip").run()
    toggle = next(t for t in at.toggle if t.label == "Change it by hand")
    toggle.set_value(True).run()
    at.selectbox(key=key_of(at, "action")).set_value("Remove a level").run()
    at.button(key="remove-level").click().run()
    assert not at.exception
    before = inpatients.hierarchies["zip"]
    assert session_of(at).hierarchies["zip"].height == before.height - 1
    at.button(key="undo-hierarchy").click().run()
    assert session_of(at).hierarchies["zip"].digest == before.digest


def test_values_are_grouped_by_hand(open_app, bare):
    values = bare.dataset.values("condition")
    at = open_app("columns", bare)
    at.selectbox(key=key_of(at, "hierarchy-of")).set_value("condition").run()
    at.text_area(key=key_of(at, "by-hand")).set_value(f"Bad: {values[0]}").run()
    at.button(key="build-groups").click().run()
    assert not at.error
    assert set(session_of(at).hierarchies["condition"].levels[1].labels) == {"Bad", "Other"}


def test_cut_points_are_given_level_by_level(open_app, bare):
    at = open_app("columns", bare)
    at.selectbox(key=key_of(at, "hierarchy-of")).set_value("age").run()
    at.selectbox(key=key_of(at, "interval-way")).set_value("cut points").run()
    at.button(key="build-cuts").click().run()
    assert any("at least one number" in box.value for box in at.error)
    at.text_area(key=key_of(at, "cuts")).set_value("30, 40, 50\n\n40").run()
    at.button(key="build-cuts").click().run()
    assert not at.error
    levels = session_of(at).hierarchies["age"].levels
    assert [level.labels for level in levels[2:]] == [("<40", ">=40"), ("*",)]


def test_a_builder_that_does_not_fit_says_so(open_app, bare):
    at = open_app("columns", bare)
    at.selectbox(key=key_of(at, "hierarchy-of")).set_value("condition").run()
    at.button(key="build-dates").click().run()
    assert not at.exception
    assert any("is a date" in box.value for box in at.error)
    assert "condition" not in session_of(at).hierarchies


def test_a_hierarchy_can_be_removed(open_app, inpatients):
    at = open_app("columns", inpatients)
    at.selectbox(key=key_of(at, "hierarchy-of")).set_value("zip").run()
    at.button(key="remove-hierarchy").click().run()
    assert "zip" not in session_of(at).hierarchies


def test_a_label_shows_only_with_enough_leaves_and_rows():
    frame = pd.DataFrame({"town": [*"abcde", *("f" * 20)]})
    session = loaded(frame)
    rows = [(v, "Few" if v == "f" else "Many", "*") for v in "abcdef"]
    table = levels_table(Hierarchy.from_rows("town", rows), session.dataset, 5)
    # "f" and "Few" have one leaf; "Many" has five leaves and five rows.
    assert table["Looks like"].tolist() == ["a", "Many", "*"]
    assert table["Labels"].tolist() == [6, 2, 1]
    assert levels_table(Hierarchy.from_rows("town", rows), session.dataset, 6)["Looks like"][1] == (
        "Aaa"
    )


def test_a_label_of_many_leaves_that_few_rows_hold_is_masked():
    session = loaded(pd.DataFrame({"town": [*"abcd", *("x" * 20)]}))
    rows = [(v, "Rare", "*") for v in "abcdefgh"] + [("x", "Common", "*")]
    hierarchy = Hierarchy.from_rows("town", rows)
    assert levels_table(hierarchy, session.dataset, 5)["Looks like"][1] == "Aaaaaa"
    assert levels_table(hierarchy, session.dataset, 4)["Looks like"][1] == "Rare"


def test_a_population_size_is_taken(open_app, inpatients):
    at = open_app("columns", inpatients)
    at.radio(key=key_of(at, "population")).set_value("A number of people").run()
    at.number_input(key=key_of(at, "population-size")).set_value(5000).run()
    assert not at.exception
    assert session_of(at).population.size == 5000
    at.radio(key=key_of(at, "population")).set_value("Not known").run()
    assert session_of(at).population.size is None


def test_a_population_smaller_than_the_table_is_refused(open_app, inpatients):
    at = open_app("columns", inpatients)
    at.radio(key=key_of(at, "population")).set_value("A number of people").run()
    at.number_input(key=key_of(at, "population-size")).set_value(11).run()
    assert not at.exception
    assert any("smaller" in box.value for box in at.error)
    assert session_of(at).population.size is None


def test_a_population_table_is_taken(open_app, inpatients):
    at = open_app("columns", inpatients)
    at.radio(key=key_of(at, "population")).set_value("A table of all of them").run()
    raw = pd.concat([inpatients.dataset.frame] * 2).to_csv(index=False).encode()
    uploader(at, "population-table").set_value(("all.csv", raw, "text/csv"))
    at.run()
    assert not at.exception
    assert not at.error
    assert session_of(at).population.table.records == 24


def test_a_population_table_without_a_quasi_identifier_is_refused(inpatients):
    frame = pd.concat([inpatients.dataset.frame.drop(columns="zip")] * 2)
    raw = frame.to_csv(index=False).encode()
    with pytest.raises(PrivacyToolError, match="'zip'"):
        with_population_table(inpatients, raw, "all.csv")


def test_no_name_or_value_of_the_data_acts_on_the_page(open_app, hostile, hostile_parts):
    at = open_app("columns", hostile)
    assert not at.exception
    assert not hostile_parts(at)
    at.button(key="propose-all").click().run()
    assert not at.exception
    assert not hostile_parts(at)
    first, second = hostile.dataset.column_names[:2]
    role_box(at, first).set_value(Role.PERSON).run()
    role_box(at, second).set_value(Role.PERSON).run()
    assert any("Only one column" in box.value for box in at.error)
    assert not hostile_parts(at)


def test_every_role_has_words():
    assert set(ROLE_WORDS) == set(Role)
    assert len(set(ROLE_WORDS.values())) == len(Role)


@pytest.mark.parametrize("text", ["1e999999", "١٢", "nan", "1/3", "9" * 400, "--1"])
def test_only_plain_numbers_are_taken(text):
    with pytest.raises(PrivacyToolError, match="not a number"):
        number_of(text, what="The width")


def test_cut_points_are_split_at_blanks_and_marks():
    assert cuts_of(" 18, 30;\t65 ") == ("18", "30", "65")
    assert cuts_of("") == ()


@pytest.mark.parametrize("text", ["", "3 x", "-1", "3.5", "9" * 9])
def test_lengths_are_whole_numbers(text):
    assert lengths_of(" 4; 2,1 ") == (4, 2, 1)
    with pytest.raises(PrivacyToolError, match="whole numbers"):
        lengths_of(text)


def test_groups_by_hand_have_levels():
    assert groups_of("A: x, y\nB: z\n\n\nC: A, B") == [
        {"A": ["x", "y"], "B": ["z"]},
        {"C": ["A", "B"]},
    ]


@pytest.mark.parametrize("text", ["", "no colon", ": x", "A: x\nA: y"])
def test_groups_that_make_no_sense_are_refused(text):
    with pytest.raises(PrivacyToolError):
        groups_of(text)


def test_one_primary_button(open_app, inpatients):
    at = open_app("columns", inpatients)
    assert [b.key for b in at.button if b.proto.type == "primary"] == ["to-risk"]


def test_columns_of_numbers_only_do_not_stop_the_page(open_app):
    rng = np.random.default_rng(0)
    at = open_app("columns", loaded(pd.DataFrame({"age": rng.integers(18, 90, 60).astype(str)})))
    assert not at.exception
    assert not at.error
