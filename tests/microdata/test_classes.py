import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microdata.classes import group_records
from microdata.encoding import encode
from microdata.grouping import base_classes, classes_of
from microdata.hierarchy import Hierarchy
from microdata.keys import key_layout
from microdata.population import Population
from microdata.release import Release, ReleasedColumn, TupleMask
from microdata.roles import Role, Roles

QI, S = Role.QUASI_IDENTIFIER, Role.SENSITIVE


def tables(source, release, roles):
    """Return the classes as {released tuple: (count, {value: n})}, whatever their order."""
    classes = classes_of(release, roles)
    result = {}
    for j in range(classes.n_classes):
        key = tuple(release.columns[c].texts[int(classes.codes(c)[j])] for c in classes.columns)
        values = {}
        for s, table in classes.sensitive.items():
            part = slice(table.offsets[j], table.offsets[j + 1])
            pairs = zip(table.value[part], table.n[part], strict=True)
            values[s] = {table.labels[v]: int(n) for v, n in pairs}
        result[key] = (int(classes.count[j]), values)
    return result


def test_columns_never_straddle_two_words():
    layout = key_layout({"a": 2**40, "b": 2**30, "c": 2})
    assert [(f.word, f.shift, f.bits) for f in layout] == [(0, 0, 40), (1, 0, 30), (1, 30, 1)]


def test_keys_above_64_bits_group_like_pandas(rng, make_dataset):
    columns = {f"q{i}": [str(v) for v in rng.integers(0, 300, 500)] for i in range(12)}
    columns |= {"dup": ["x"] * 500}
    data = {name: values + values for name, values in columns.items()}
    dataset = make_dataset(data)
    roles = Roles(by_column=dict.fromkeys(data, QI))
    classes = base_classes(encode(dataset), roles)
    assert classes.keys.shape[0] > 1
    expected = pd.DataFrame(data).groupby(list(data)).size()
    assert sorted(classes.count.tolist()) == sorted(expected.tolist())


def test_missing_is_a_value_of_its_own(make_dataset):
    dataset = make_dataset({"age": ["30", "30", "30", None], "zip": ["A", "A", "A", "A"]})
    classes = base_classes(encode(dataset), Roles(by_column={"age": QI, "zip": QI}))
    assert classes.k == 1
    assert classes.size_histogram == {1: 1, 3: 1}


def test_class_sizes_count_distinct_persons_and_rows_stand_beside(make_dataset):
    dataset = make_dataset(
        {
            "zip": ["A", "A", "A", "B", "B"],
            "pid": ["1", "1", "2", None, None],
            "ill": ["flu", "flu", "cold", "flu", "flu"],
        }
    )
    roles = Roles(by_column={"zip": QI, "pid": Role.PERSON, "ill": S})
    classes = base_classes(encode(dataset), roles)
    assert classes.count.tolist() == [2, 2], "rows without a person are persons of their own"
    assert classes.rows.tolist() == [3, 2]
    table = classes.sensitive["ill"]
    assert dict(zip(table.labels, table.overall, strict=True)) == {"cold": 0.25, "flu": 0.75}
    assert table.totals.tolist() == [2, 2]


def test_sampling_weights_are_summed_by_class(make_dataset):
    dataset = make_dataset({"zip": ["A", "A", "B"], "w": ["1.5", "2", "10"]})
    classes = base_classes(encode(dataset), Roles(by_column={"zip": QI, "w": Role.WEIGHT}))
    assert classes.weight.tolist() == [3.5, 10.0]


@given(st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_merging_classes_gives_the_same_as_grouping_the_recoded_records(make_dataset, data):
    n = data.draw(st.integers(1, 40))
    leaves = [str(i) for i in range(6)]
    column = st.lists(st.sampled_from([*leaves, None]), min_size=n, max_size=n)
    dataset = make_dataset({"a": data.draw(column), "b": data.draw(column), "s": data.draw(column)})
    rows = [(leaf, str(int(leaf) // 2), "*") for leaf in leaves]
    hierarchies = {c: Hierarchy.from_rows(c, rows) for c in "ab"}
    source = encode(dataset, hierarchies)
    roles = Roles(by_column={"a": QI, "b": QI, "s": S})
    level = {c: data.draw(st.integers(0, 2)) for c in "ab"}
    release = Release.original(source).with_columns(
        *(ReleasedColumn.generalized(source.domain(c), level[c]) for c in "ab")
    )
    base = base_classes(source, roles)
    keep = np.array(
        data.draw(st.lists(st.booleans(), min_size=base.n_classes, max_size=base.n_classes))
    )
    merged = release.keeping(TupleMask(base, keep))
    by_rows = release.keeping(merged.row_mask)
    assert tables(source, merged, roles) == tables(source, by_rows, roles)
    for c in "abs":
        one, two = merged.change(c), by_rows.change(c)
        assert sorted(zip(one.original, one.released, one.n, strict=True)) == sorted(
            zip(two.original, two.released, two.n, strict=True)
        )
        assert one.suppressed.tolist() == two.suppressed.tolist()
    frame = merged.frame()
    assert len(frame) == merged.released_records == int(merged.row_mask.sum())


@pytest.mark.parametrize("asked_between", [False, True])
def test_contingencies_of_classes_merged_twice_do_not_depend_on_when_they_are_asked(
    make_dataset, asked_between
):
    table = {"q": ["a", "b", "c", "d", "a"], "s": ["x", "y", "x", None, "y"]}
    source = encode(make_dataset(table))
    roles = Roles(by_column={"q": QI, "s": S})
    once = base_classes(source, roles).recode({"q": (np.array([1, 0, 1, 2, 3, 4]), 5)})
    if asked_between:
        assert once.sensitive["s"].n.tolist() == [2, 1, 1]
    twice = once.select(np.array([True, False, True]))
    found = twice.sensitive["s"]
    assert list(twice.sensitive) == ["s"]
    assert len(twice.sensitive) == 1
    assert found.offsets.tolist() == [0, 2, 2]
    assert [found.labels[v] for v in found.value] == ["x", "y"]
    assert found.n.tolist() == [2, 1]
    assert found.missing.tolist() == [0, 1]
    assert twice.class_of.tolist() == [0, -1, 0, 1, 0]


def test_the_overall_distribution_is_the_originals_whatever_is_suppressed(make_dataset):
    dataset = make_dataset({"q": ["a", "a", "b"], "s": ["x", "x", "y"]})
    source, roles = encode(dataset), Roles(by_column={"q": QI, "s": S})
    release = Release.original(source).keeping(np.array([True, True, False]))
    table = classes_of(release, roles).sensitive["s"]
    assert table.overall.tolist() == pytest.approx([2 / 3, 1 / 3])
    assert table.released.tolist() == [1.0, 0.0]


def test_missing_sensitive_values_are_left_out_and_counted(make_dataset):
    dataset = make_dataset({"q": ["a", "a", "b"], "s": ["x", None, None]})
    roles = Roles(by_column={"q": QI, "s": S})
    table = base_classes(encode(dataset), roles).sensitive["s"]
    assert table.missing.tolist() == [1, 1]
    assert table.totals.tolist() == [1, 0]
    assert table.overall.tolist() == [1.0]


def test_numbers_are_ordered_by_size_even_where_a_hierarchy_lists_them_otherwise(make_dataset):
    from microdata.dataset import ColumnKind

    dataset = make_dataset({"q": ["a"] * 3, "s": ["10", "9", "100"]}, {"s": ColumnKind.INTEGER})
    rows = [("100", "*"), ("9", "*"), ("10", "*")]
    source = encode(dataset, {"s": Hierarchy.from_rows("s", rows)})
    table = base_classes(source, Roles(by_column={"q": QI, "s": S})).sensitive["s"]
    assert table.labels == ("9", "10", "100")
    assert table.order_name == "order of the numbers"
    assert table.value.tolist() == [0, 1, 2]


def test_rounded_and_perturbed_numbers_are_ordered_by_what_they_stand_for(make_dataset, rng):
    from microdata.dataset import ColumnKind
    from transforms.recipe import Recipe, StepContext
    from transforms.steps import AddNoise, RoundValues, TopBottomCode

    pay = [str(10 * i) for i in range(2, 14)]
    dataset = make_dataset({"q": ["a"] * 12, "s": pay}, {"s": ColumnKind.INTEGER})
    roles = Roles(by_column={"q": QI, "s": S})
    for step in (
        RoundValues(columns=("s",), base=50),
        TopBottomCode(column="s", bottom=40, top=100),
        AddNoise(columns=("s",), percent=40),
    ):
        release = Recipe(steps=(step,)).apply(
            Release.original(encode(dataset)), StepContext(roles=roles)
        )
        table = classes_of(release, roles).sensitive["s"]
        assert table.order_name == "order of the numbers"
        numbers = [float(label.strip("≤≥ ")) for label in table.labels]
        assert numbers == sorted(numbers), step.name


def test_text_is_ordered_by_the_rows_of_its_hierarchy(make_dataset):
    dataset = make_dataset({"q": ["a"] * 3, "s": ["low", "high", "mid"]})
    rows = [("low", "*"), ("mid", "*"), ("high", "*")]
    source = encode(dataset, {"s": Hierarchy.from_rows("s", rows)})
    table = base_classes(source, Roles(by_column={"q": QI, "s": S})).sensitive["s"]
    assert table.labels == ("low", "mid", "high")
    assert table.order_name == "order of the hierarchy's rows"


def test_population_is_counted_through_the_rule_of_the_release(make_dataset):
    sample = make_dataset({"age": ["20", "21", "40"]})
    population = make_dataset({"age": ["20", "20", "22", "40", None]})
    ages = [str(a) for a in (20, 21, 22, 40)]
    hierarchy = Hierarchy.from_rows("age", [(a, a[0] + "0s", "*") for a in ages])
    source = encode(sample, {"age": hierarchy}, [population])
    roles = Roles(by_column={"age": QI})
    release = Release.original(source).with_columns(
        ReleasedColumn.generalized(source.domain("age"), 1)
    )
    classes = classes_of(release, roles, Population(table=population))
    labels = [release.columns["age"].texts[int(c)] for c in classes.codes("age")]
    counts = classes.population_sizes
    assert dict(zip(labels, counts.tolist(), strict=True)) == {"20s": 3, "40s": 1}


def test_a_population_smaller_than_the_table_is_refused():
    with pytest.raises(ValueError, match="cannot be smaller"):
        Population(size=10).check_size(11)


def test_projection_equals_grouping_by_fewer_columns(make_dataset, rng):
    columns = {c: [str(v) for v in rng.integers(0, 4, 60)] for c in "abc"}
    dataset = make_dataset(columns)
    classes = base_classes(encode(dataset), Roles(by_column=dict.fromkeys("abc", QI)))
    for size in (1, 2):
        for subset in itertools.combinations("abc", size):
            expected = pd.DataFrame(columns).groupby(list(subset)).size()
            assert sorted(classes.project(subset).count) == sorted(expected)


def test_no_quasi_identifier_columns_left_is_one_class():
    classes = group_records({}, {}, 3)
    assert classes.count.tolist() == [3]
