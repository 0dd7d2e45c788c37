from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.hierarchy import Nodes
from microdata.measure import Context, Estimate, NotComputed
from microdata.numbers import released_numbers
from microdata.readers import dataset_from_frame
from microdata.release import Release, ReleasedColumn
from microdata.roles import Role, Roles
from utility import associations, coded_rows
from utility.associations import LEFT_OUT, NOTHING_LEFT, Associations

TOWNS = ["a", "a", "b", "b", "c", "c", "a", "b"]
AGES = ["20", "21", "30", "31", "40", "41", "22", "33"]
PAY = ["100", "110", "150", "155", "220", "210", "105", "160"]
SEX = ["f", "m", "f", "m", "f", "m", "f", "m"]
AGE_ROWS = [(str(a), f"{a // 10 * 10}s", "*") for a in range(20, 50)]
TOWN_ROWS = [("a", "ab", "*"), ("b", "ab", "*"), ("c", "c+", "*")]


@pytest.fixture
def table(build):
    columns = {"town": TOWNS, "age": AGES, "pay": PAY, "sex": SEX}
    return build(columns, {"age": AGE_ROWS, "town": TOWN_ROWS})


def measured(release, columns=("town", "age", "pay"), sensitive=("sex",)):
    roles = Roles(
        by_column=dict.fromkeys(columns, Role.QUASI_IDENTIFIER)
        | dict.fromkeys(sensitive, Role.SENSITIVE)
    )
    found = Associations().evaluate(Context(release=release, roles=roles)).figures
    return {path[2:]: figure for path, figure in found.items()}


def value(found, *path):
    return found["pairs", *path].value


def test_every_pair_has_its_coefficients(table):
    found = measured(Release.original(table))
    by_pair = {}
    for path in found:
        if path[0] == "pairs":
            by_pair.setdefault(path[1:3], set()).add(path[3])
    mixed = {"correlation_ratio", "mutual_information", "change"}
    assert by_pair == {
        ("town", "age"): mixed,
        ("town", "pay"): mixed,
        ("town", "sex"): {"cramers_v", "mutual_information", "change"},
        ("age", "pay"): {"pearson", "spearman", "mutual_information", "change"},
        ("age", "sex"): mixed,
        ("pay", "sex"): mixed,
    }


def test_the_original_differs_in_nothing_from_itself(table):
    found = measured(Release.original(table))
    for name in ("mean_change", "max_change", "max_change_mutual_information"):
        assert found[name,].value == 0
    ages, pay = pd.Series(AGES, dtype=float), pd.Series(PAY, dtype=float)
    assert value(found, "age", "pay", "pearson") == pytest.approx(ages.corr(pay))
    assert value(found, "age", "pay", "spearman") == pytest.approx(ages.corr(pay, "spearman"))


def test_a_range_counts_as_the_mean_of_its_values(table):
    release = Release.original(table).with_columns(
        ReleasedColumn.generalized(table.domain("age"), 1)
    )
    assert released_numbers(release, "age").tolist()[:3] == [24.5, 34.5, 44.5]
    found = measured(release)
    middles = pd.Series([int(a) // 10 * 10 + 4.5 for a in AGES])
    now = middles.corr(pd.Series(PAY, dtype=float))
    assert value(found, "age", "pay", "pearson") == pytest.approx(now)
    was = pd.Series(AGES, dtype=float).corr(pd.Series(PAY, dtype=float))
    assert value(found, "age", "pay", "change") == pytest.approx(now - was)
    assert found["max_change",].value >= abs(now - was)


def test_headlines_are_the_mean_and_the_largest_over_the_pairs(table):
    release = Release.original(table).with_columns(
        ReleasedColumn.generalized(table.domain("age"), 1),
        ReleasedColumn.generalized(table.domain("town"), 1),
    )
    found = measured(release)
    changes = [abs(f.value) for path, f in found.items() if path[-1] == "change"]
    assert len(changes) == 6
    assert found["mean_change",].value == pytest.approx(np.mean(changes))
    assert found["max_change",].value == max(changes) > 0


@pytest.mark.parametrize("how", ["dropped", "suppressed"])
def test_links_of_a_column_that_says_nothing_are_lost(table, how):
    release = Release.original(table)
    release = (
        release.without(("age",))
        if how == "dropped"
        else release.with_columns(ReleasedColumn.generalized(table.domain("age"), 2))
    )
    found, was = measured(release), measured(Release.original(table))
    assert found["pairs", "age", "pay", "pearson"].caveats == (NOTHING_LEFT,)
    for name, key in (("pearson", "pearson"), ("change", "pearson")):
        expected = 0 if name == "pearson" else -value(was, "age", "pay", key)
        assert value(found, "age", "pay", name) == pytest.approx(expected)
    assert value(found, "town", "pay", "change") == 0
    assert value(found, "age", "sex", "mutual_information") == 0


def test_pseudonyms_keep_what_values_tell_but_hold_no_number(table):
    domain = table.domain("age")
    labels = tuple(f"p{i}" for i in range(len(domain.leaves)))
    renamed = ReleasedColumn(
        name="age",
        nodes=Nodes.identity(labels),
        lookup=np.arange(domain.cardinality, dtype=np.int32),
        renamed=True,
    )
    found = measured(Release.original(table).with_columns(renamed))
    was = measured(Release.original(table))
    assert value(found, "age", "pay", "pearson") == 0
    assert value(found, "age", "pay", "mutual_information") == pytest.approx(
        value(was, "age", "pay", "mutual_information")
    )
    assert np.isnan(released_numbers(Release.original(table).with_columns(renamed), "age")).all()


def test_a_perturbed_value_is_the_number_that_is_written(table):
    labels = ("999", "100")
    nodes = Nodes(labels, np.array([0, 1, 2]), np.array([0, 1], np.int32))
    explicit = np.array([0, 1] * 4, np.int32)
    column = ReleasedColumn(name="pay", nodes=nodes, explicit=explicit, perturbed=True)
    release = Release.original(table).with_columns(column)
    assert released_numbers(release, "pay").tolist()[:2] == [999, 100]
    found = measured(release)
    noisy = pd.Series([999.0, 100.0] * 4)
    assert value(found, "age", "pay", "pearson") == pytest.approx(
        noisy.corr(pd.Series(AGES, dtype=float))
    )


def test_records_left_out_are_left_out_of_the_links_now(table):
    kept = np.array([True] * 6 + [False] * 2)
    found = measured(Release.original(table).keeping(kept))
    ages, pay = pd.Series(AGES[:6], dtype=float), pd.Series(PAY[:6], dtype=float)
    assert value(found, "age", "pay", "pearson") == pytest.approx(ages.corr(pay))
    assert LEFT_OUT in found["mean_change",].caveats
    assert LEFT_OUT not in measured(Release.original(table))["mean_change",].caveats
    found = measured(Release.original(table).keeping(np.zeros(8, bool)))
    assert all(isinstance(figure, NotComputed) for figure in found.values())


def test_missing_cells_are_values_beside_texts_and_left_out_beside_numbers(build):
    table = build({"x": ["1", "2", None, "4"] * 3, "y": ["4", None, "9", "1"] * 3,
                   "s": ["u", None, "v", "v"] * 3})  # fmt: skip
    found = measured(Release.original(table), ["x", "y"], ["s"])
    assert value(found, "x", "y", "pearson") == pytest.approx(-1)
    x = pd.Series([1, 2, 4] * 3)
    means = x.groupby(["u", "?", "v"] * 3).transform("mean")
    expected = np.sqrt(((means - x.mean()) ** 2).sum() / ((x - x.mean()) ** 2).sum())
    assert value(found, "x", "s", "correlation_ratio") == pytest.approx(expected)


@pytest.mark.parametrize("columns", [("x", "y"), ("y", "x")])
def test_a_number_missing_in_one_column_alone_leaves_the_pair_out(build, columns):
    table = build({"x": ["1", "2", "30", "5"], "y": ["2", "5", None, "7"]})
    found = measured(Release.original(table), columns, [])
    x, y = pd.Series([1.0, 2, 5]), pd.Series([2.0, 5, 7])
    assert value(found, *columns, "pearson") == pytest.approx(x.corr(y))
    assert value(found, *columns, "spearman") == pytest.approx(x.corr(y, "spearman"))


def test_dates_are_numbers(build):
    table = build({"d": ["2020-01-01", "2020-01-02", "2020-01-05"], "x": ["1", "2", "5"]})
    assert value(measured(Release.original(table), ["d", "x"], []), "d", "x", "pearson") == (
        pytest.approx(1)
    )


def test_a_release_made_elsewhere_is_compared_with_its_original(build):
    original = build({"x": ["1", "2", "3", "4"], "s": ["u", "u", "v", "v"]})
    protected = build({"x": ["1-2", "1-2", "9", "*"], "s": ["u", "u", "v", "v"]})
    nodes = Nodes(("1-2", "9"), np.array([0, 2, 2]), np.array([0, 1], np.int32))
    labels = protected.domain("x").leaves
    lookup = [{"1-2": 0, "9": 1, "*": 3}[label] for label in labels]
    x = ReleasedColumn(name="x", nodes=nodes, lookup=np.array([*lookup, 2, 3], np.int32))
    release = Release(
        protected, {"x": x, "s": ReleasedColumn.identity(protected.domain("s"))}, origin=original
    )
    assert released_numbers(release, "x").tolist()[:2] == [1.5, 9]
    found = measured(release, ["x"], ["s"])
    assert value(found, "x", "s", "correlation_ratio") == pytest.approx(1)


def test_more_columns_than_the_cap_are_left_out_and_told(build):
    table = build({f"c{i:02d}": ["a", "b", "a"] for i in range(14)})
    found = measured(Release.original(table), [f"c{i:02d}" for i in range(14)], [])
    assert not any("c12" in path for path in found)
    assert "2 more are left out" in found["mean_change",].caveats[-1]


def test_too_many_combinations_are_not_counted_and_numbers_still_compared(table, monkeypatch):
    whole = measured(Release.original(table))
    monkeypatch.setattr(associations, "MOST_COMBINATIONS", 3)
    monkeypatch.setattr(coded_rows.CodedRows.counts, "__defaults__", (3,))
    found = measured(Release.original(table))
    assert isinstance(found["pairs", "town", "sex", "cramers_v"], NotComputed)
    assert isinstance(found["pairs", "town", "sex", "change"], NotComputed)
    for pair, name in (
        (("age", "pay"), "pearson"),
        (("age", "pay"), "spearman"),
        (("town", "age"), "correlation_ratio"),
    ):
        assert value(found, *pair, name) == pytest.approx(value(whole, *pair, name))


def test_one_column_has_no_link(table):
    found = measured(Release.original(table), ["age"], [])
    assert set(found) == {
        (f"{how}_change{what}",) for how in ("mean", "max") for what in ("", "_mutual_information")
    }
    assert all(isinstance(figure, NotComputed) for figure in found.values())


def test_numbers_that_cannot_be_averaged_are_not_computed(build):
    table = build({"x": ["-1.7e308", "1.7e308", "1"], "y": ["1", "2", "3"]})
    found = measured(Release.original(table), ["x", "y"], [])
    assert isinstance(found["pairs", "x", "y", "pearson"], NotComputed)
    assert isinstance(found["mean_change",], NotComputed)
    assert isinstance(found["mean_change_mutual_information",], Estimate)


cell = st.sampled_from(["1", "2", "3", None])
text = st.sampled_from(["a", "b", None])


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(cell, cell, text, text), min_size=1, max_size=15), data=st.data())
def test_links_lie_in_range_and_do_not_depend_on_the_order_of_records(build, rows, data):
    def of(rows):
        table = build({name: [row[i] for row in rows] for i, name in enumerate("xyst")})
        kept = np.array([row[0] != "3" for row in rows])
        return measured(Release.original(table).keeping(kept), ["x", "y", "s"], ["t"])

    found = of(rows)
    again = of(data.draw(st.permutations(rows)))
    for path, figure in found.items():
        if isinstance(figure, NotComputed):
            assert again[path] == figure
            continue
        assert again[path].value == pytest.approx(figure.value, abs=1e-9)
        low = -2 if path[-1] == "change" else -1 if path[-1] in {"pearson", "spearman"} else 0
        assert low <= figure.value <= 2


def test_a_column_named_like_a_figure_is_no_trouble(build):
    names = ["mean_change", "pairs", "change"]
    table = build({name: ["a", "b", "b", "a"] for name in names})
    found = measured(Release.original(table), names, [])
    assert value(found, "mean_change", "pairs", "cramers_v") == pytest.approx(1)


def test_frames_of_any_text_type_give_the_same(table):
    columns = {"town": TOWNS, "age": AGES, "pay": PAY, "sex": SEX}
    frame = pd.DataFrame({name: pd.Categorical(values) for name, values in columns.items()})
    other = encode(dataset_from_frame(frame, "other"))
    was = measured(Release.original(table))
    found = measured(Release.original(other))
    assert {p: f.value for p, f in found.items()} == pytest.approx(
        {p: f.value for p, f in was.items()}
    )
