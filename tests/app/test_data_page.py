import json

import pytest

from demo_data import DEMOS
from microdata.dataset import ReadOptions
from microdata.errors import PrivacyToolError
from microdata.roles import Role
from ui.state import Session, Stage
from ui.widgets.reading import continued, demo_opened, markers_of, opened, read_again
from ui.widgets.roles_table import with_reason, with_role

CSV = b"age,zip,illness\n34,01234,flu\n35,01235,cold\n36,01236,flu\n34,01234,cold\n"
PEOPLE = ("people.csv", CSV, "text/csv")


def session_of(at):
    return at.session_state["session"]


def uploader(at, place):
    return next(u for u in at.file_uploader if u.proto.id.endswith(key_of(at, place)))


def key_of(at, place):
    return f"{place}-{at.session_state['generation']}"


def upload(at, place, file):
    uploader(at, place).set_value(file)
    return at.run()


def test_an_empty_page_offers_both_ways_in(open_app):
    at = open_app("data")
    assert not at.exception
    assert at.header[0].value == "Data"
    assert [s.value for s in at.subheader] == ["Upload", "Try a demo"]
    assert {f"demo-{demo.id}" for demo in DEMOS} <= {button.key for button in at.button}


@pytest.mark.parametrize("demo", DEMOS, ids=lambda demo: demo.id)
def test_a_demo_comes_with_roles_and_hierarchies(open_app, demo):
    at = open_app("data")
    at.button(key=f"demo-{demo.id}").click().run()
    assert not at.exception
    assert not at.error
    session = session_of(at)
    assert session.stage is Stage.READY
    assert set(session.roles.quasi_identifiers) <= set(session.hierarchies)
    assert at.metric[0].value == f"{session.dataset.records:,}"


def test_an_upload_is_read_and_leaves_the_uploader(open_app):
    at = upload(open_app("data"), "upload", PEOPLE)
    assert not at.exception
    session = session_of(at)
    assert session.dataset.column_names == ("age", "zip", "illness")
    assert session.roles.role_of("illness") is Role.SENSITIVE
    assert session.raw == CSV
    assert [m.value for m in at.metric] == ["4", "3"]
    assert uploader(at, "upload").value is None


def test_a_file_that_cannot_be_read_is_told_and_the_former_table_stays(open_app, inpatients):
    at = upload(open_app("data", inpatients), "upload", ("empty.csv", b" ", "text/csv"))
    assert not at.exception
    assert "empty" in at.error[0].value
    assert session_of(at).dataset is inpatients.dataset
    assert uploader(at, "upload").value is None
    at.run()
    assert not at.error


def test_no_cell_value_is_shown_before_it_is_asked_for(open_app):
    marked = b"age,word\n" + b"".join(b"%d,Zanzibar\n" % (age + 20) for age in range(9))
    at = upload(open_app("data"), "upload", ("secret.csv", marked, "text/csv"))
    assert "Zanzibar" not in str([frame.value.to_dict() for frame in at.dataframe])
    assert "Aaaaaaaa" in str([frame.value.to_dict() for frame in at.dataframe])
    at.toggle(key=key_of(at, "first-rows")).set_value(True).run()
    assert "Zanzibar" in str([frame.value.to_dict() for frame in at.dataframe])


def test_another_file_masks_the_preview_again(open_app):
    at = upload(open_app("data"), "upload", PEOPLE)
    at.toggle(key=key_of(at, "first-rows")).set_value(True).run()
    at = upload(at, "upload", PEOPLE)
    assert not at.toggle(key=key_of(at, "first-rows")).value


def test_reading_again_changes_what_was_guessed(open_app):
    at = upload(open_app("data"), "upload", PEOPLE)
    assert session_of(at).dataset.column("zip").kind.value == "code"
    at.multiselect(key=key_of(at, "number-columns")).set_value(["zip"])
    at.button(key=key_of(at, "read-again")).click().run()
    assert not at.exception
    assert not at.error
    assert session_of(at).dataset.column("zip").kind.value == "whole number"
    assert session_of(at).dataset.read.number_columns == ("zip",)


def test_reading_again_with_nonsense_keeps_the_table(open_app):
    at = upload(open_app("data"), "upload", ("latin.csv", "név\nÁrpád\nŐri\n".encode(), "text/csv"))
    before = session_of(at).dataset
    at.selectbox(key=key_of(at, "encoding")).set_value("utf-16")
    at.button(key=key_of(at, "read-again")).click().run()
    assert not at.exception
    assert at.error
    assert session_of(at).dataset is before


def test_reading_again_keeps_decisions_for_columns_that_stay(inpatients):
    decided = with_role(inpatients, "zip", Role.INSENSITIVE)
    decided = with_reason(decided, "zip", "already public")
    again = read_again(decided, inpatients.dataset.read)
    assert again.roles.role_of("zip") is Role.INSENSITIVE
    assert again.overruled["zip"] == "already public"
    assert set(again.hierarchies) == set(inpatients.hierarchies)


def test_markers_that_mean_missing_are_applied():
    session = opened(Session(), b"age,town\n34,X\n-9,Y\n35,X\n", "a.csv")
    again = read_again(session, ReadOptions(missing=markers_of(" -9 , ")))
    assert again.profile.column("age").missing == 1


def test_issues_are_told_by_severity(open_app):
    raw = b"a,a\n" + b"1,2\n" * 30
    at = upload(open_app("data"), "upload", ("twice.csv", raw, "text/csv"))
    issues = session_of(at).dataset.issues
    assert issues
    told = " ".join(box.value for box in (*at.error, *at.warning, *at.info))
    assert told.count("\n- ") >= len(issues)


def test_free_text_is_told_as_not_assessed(open_app):
    line = "the patient {} came to see the doctor on a {} day in the old town"
    rows = [line.format(f"number{i}", "rainy") for i in range(30)]
    raw = "note\n" + "\n".join(rows)
    at = upload(open_app("data"), "upload", ("notes.csv", raw.encode(), "text/csv"))
    assert any("not assessed" in box.value and "note" in box.value for box in at.warning)


def test_a_project_file_brings_the_decisions_back(open_app, inpatients):
    decided = with_reason(with_role(inpatients, "zip", Role.INSENSITIVE), "zip", "public")
    raw = json.dumps(decided.project().to_json()).encode()
    at = upload(open_app("data", inpatients), "project", ("p.json", raw, "application/json"))
    assert not at.error
    assert session_of(at).roles.role_of("zip") is Role.INSENSITIVE
    assert session_of(at).overruled["zip"] == "public"


def test_a_project_for_another_content_is_told(inpatients):
    project = inpatients.project().to_json() | {"content_sha256": "0" * 64}
    _, said = continued(inpatients, json.dumps(project).encode())
    assert "another content" in said
    _, said = continued(inpatients, json.dumps(inpatients.project().to_json()).encode())
    assert "another content" not in said


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"roles": {"quasi_identifiers": ["shoe"]}}, "shoe"),
        ({"hierarchies": {"shoe": [["a", "*"]]}}, "shoe"),
        (
            {"recipe": {"version": 1, "steps": [{"step": "generalize", "levels": {"shoe": 1}}]}},
            "shoe",
        ),
        ({"policy": "/etc/hostname"}, "policy"),
        ({"population_size": 3}, "smaller"),
        ({"population_size": 10**20}, "from 1 to"),
    ],
    ids=["role", "hierarchy", "recipe", "policy", "too small", "too large"],
)
def test_a_project_that_does_not_fit_is_refused(open_app, inpatients, change, why):
    raw = json.dumps(inpatients.project().to_json() | change).encode()
    with pytest.raises(PrivacyToolError, match=why):
        continued(inpatients, raw)
    at = upload(open_app("data", inpatients), "project", ("p.json", raw, "application/json"))
    assert not at.exception
    assert at.error
    assert session_of(at).roles == inpatients.roles


def test_a_project_needs_its_table_first():
    with pytest.raises(PrivacyToolError, match="Load its table"):
        continued(Session(), b"{}")


def test_a_release_made_elsewhere_is_taken_and_removed(open_app, inpatients):
    frame = inpatients.dataset.frame.assign(zip="*")
    file = ("release.csv", frame.to_csv(index=False).encode(), "text/csv")
    at = upload(open_app("data", inpatients), "elsewhere", file)
    assert not at.exception
    assert session_of(at).elsewhere.name == "release.csv"
    assert session_of(at).dataset is inpatients.dataset
    at.button(key="remove-elsewhere").click().run()
    assert session_of(at).elsewhere is None


def test_a_release_without_a_common_column_is_refused(open_app, inpatients):
    file = ("other.csv", b"shoe\n40\n41\n", "text/csv")
    at = upload(open_app("data", inpatients), "elsewhere", file)
    assert any("in common" in box.value for box in at.error)
    assert session_of(at).elsewhere is None


def test_value_labels_are_shown_as_code_and_label(open_app, inpatients):
    from dataclasses import replace

    first, *rest = inpatients.dataset.columns
    labelled = replace(first, labels={"1": "one year old"})
    dataset = replace(inpatients.dataset, columns=(labelled, *rest))
    at = open_app("data", replace(inpatients, dataset=dataset))
    assert any(
        list(frame.value.columns) == ["Column", "Code", "Label"]
        and list(frame.value.iloc[0]) == [first.name, "1", "one year old"]
        for frame in at.dataframe
    )


def test_one_primary_button_leads_on(open_app, inpatients):
    at = open_app("data", inpatients)
    assert [b.key for b in at.button if b.proto.type == "primary"] == ["to-columns"]
    at.button(key="to-columns").click().run()
    assert at.header[0].value == "Columns"


def test_no_name_of_the_data_acts_on_the_page(open_app, hostile, hostile_parts):
    at = open_app("data", hostile)
    assert not at.exception
    assert not hostile_parts(at)
    at.toggle(key=key_of(at, "first-rows")).set_value(True).run()
    assert not hostile_parts(at)


def test_a_hostile_file_name_does_nothing(open_app, hostile_parts):
    name = "<img src=x onerror=alert(1)>[a](http://evil.example).csv"
    at = upload(open_app("data"), "upload", (name, CSV, "text/csv"))
    assert session_of(at).dataset is not None
    assert not hostile_parts(at)


def test_a_demo_tells_why_its_roles_differ_from_the_suggested_ones():
    for demo in DEMOS:
        session = demo_opened(Session(), demo)
        for column in session.profile.columns:
            differs = session.roles.role_of(column.name) is not column.role
            assert differs == (column.name in session.overruled)
