import pandas as pd
import pytest

from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from ui.state import NO_ROLES
from ui.widgets import hierarchy_levels
from ui.widgets.hierarchy_levels import labels_table


def page():
    from ui import state
    from ui.widgets.hierarchy_levels import look

    look(state.current(), "zip")


@pytest.fixture
def towns():
    rows = ["a"] * 9 + ["b"] * 3 + ["c"] * 2 + ["d"] + ["x"] * 4 + ["gone"] * 2
    return dataset_from_frame(pd.DataFrame({"town": rows}), "towns.csv")


HIERARCHY = Hierarchy.from_rows(
    "town", [*((v, "Many", "*") for v in "abcde"), ("x", "Few", "*"), ("y", "Nobody", "*")]
)


def test_labels_come_with_their_values_and_rows(towns):
    # The value "gone" is not covered, so its two rows are nowhere.
    table = labels_table(HIERARCHY, 1, towns, NO_ROLES, 5)
    assert table.to_numpy().tolist() == [
        ["Many", "5", "15"],
        ["Aaa", "1", "under 5"],
        ["Aaaaaa", "1", "0"],
    ]
    assert labels_table(HIERARCHY, 2, towns, NO_ROLES, 5).to_numpy().tolist() == [["*", "7", "19"]]


@pytest.mark.parametrize(
    ("role", "least", "expected"),
    [
        (Role.QUASI_IDENTIFIER, 4, ["Many", "Few", "Aaaaaa"]),
        (Role.QUASI_IDENTIFIER, 16, ["Aaaa", "Aaa", "Aaaaaa"]),
        (Role.DIRECT_IDENTIFIER, 4, ["Many", "Aaa", "Aaaaaa"]),
        (Role.DIRECT_IDENTIFIER, 6, ["Aaaa", "Aaa", "Aaaaaa"]),
    ],
)
def test_a_label_is_shown_as_it_is_only_where_enough_people_hold_it(towns, role, least, expected):
    roles = Roles(by_column={"town": role})
    assert labels_table(HIERARCHY, 1, towns, roles, least)["Label"].tolist() == expected


def test_people_are_counted_once_each():
    # Jo has six rows in one town, two rows have no person, two are of other people
    frame = pd.DataFrame(
        {
            "town": ["Rome"] * 6 + ["Oslo"] * 4 + ["gone", None],
            "who": ["Jo"] * 6 + [None, None, "Al", "Bo", "Jo", "Jo"],
        }
    )
    data = dataset_from_frame(frame, "visits.csv")
    roles = Roles(by_column={"town": Role.QUASI_IDENTIFIER, "who": Role.PERSON})
    hierarchy = Hierarchy.from_rows("town", [("Rome", "South", "*"), ("Oslo", "North", "*")])
    shown = [["South", "North"], ["Aaaaa", "North"], ["Aaaaa", "North"], ["Aaaaa", "Aaaaa"]]
    for least, labels in zip((1, 2, 4, 5), shown, strict=True):
        assert labels_table(hierarchy, 1, data, roles, least)["Label"].tolist() == labels
    assert labels_table(hierarchy, 2, data, roles, 5)["Label"].tolist() == ["*"]


def test_only_ten_labels_are_shown():
    values = [f"v{i}" for i in range(15)]
    data = dataset_from_frame(pd.DataFrame({"q": [v for v in values for _ in range(9)]}), "q.csv")
    hierarchy = Hierarchy.from_rows("q", [(v, "*") for v in values])
    assert len(labels_table(hierarchy, 0, data, NO_ROLES)) == 10


def test_the_labels_of_a_level_are_chosen(show, inpatients):
    at = show(page, inpatients)
    box = at.selectbox[0]
    assert box.label == "Labels of level"
    box.set_value(inpatients.hierarchies["zip"].height).run()
    assert not at.exception
    assert at.dataframe[1].value["Rows"].tolist() == ["12"]
    assert "undo-hierarchy" not in [button.key for button in at.button]


def test_a_removed_hierarchy_is_brought_back(show, inpatients):
    at = show(page, inpatients)
    at.button(key="remove-hierarchy").click().run()
    assert "zip" not in at.session_state["session"].hierarchies
    at.button(key="undo-hierarchy").click().run()
    assert not at.exception
    held = at.session_state["session"].hierarchies["zip"]
    assert held.digest == inpatients.hierarchies["zip"].digest


def test_a_file_for_amnesia_is_offered_where_amnesia_can_read_it(show, inpatients, monkeypatch):
    def offered(session):
        at = show(page, session)
        assert not at.exception
        return [button.proto.label for button in at.get("download_button")]

    assert offered(inpatients) == ["Download as CSV", "Download for Amnesia"]
    values = inpatients.dataset.values("zip")
    blanks = Hierarchy.from_rows("zip", [(value, "all of them", "*") for value in values])
    assert offered(inpatients.with_hierarchies({"zip": blanks})) == ["Download as CSV"]
    monkeypatch.setattr(hierarchy_levels, "MOST_FOR_AMNESIA", 1)
    assert offered(inpatients) == ["Download as CSV"]
