"""The population beside the classes of a release: F_j against counting by hand."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microdata import grouping
from microdata.classes import PopulationClasses, group_records
from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.grouping import base_classes, classes_of, recoding
from microdata.hierarchy import Hierarchy
from microdata.population import Population
from microdata.release import Release, ReleasedColumn, TupleMask
from microdata.roles import Role, Roles

ROLES = Roles(by_column=dict.fromkeys("ab", Role.QUASI_IDENTIFIER))
LEAVES = [str(i) for i in range(6)]
ROWS = [(leaf, f"h{int(leaf) // 2}", "*") for leaf in LEAVES]
UNDECLARED = "9"  # a value that only the population holds and that the hierarchy lacks


def cells(extra=()):
    return st.lists(
        st.tuples(*[st.sampled_from([*LEAVES, *extra, None])] * 2), min_size=1, max_size=30
    )


def columns(rows):
    return {"a": [row[0] for row in rows], "b": [row[1] for row in rows]}


def by_hand(rows, levels):
    """Count tuples after recoding each row; a row that no rule covers is left out."""
    counted = Counter()
    for row in rows:
        labels = []
        for value, level in zip(row, levels, strict=True):
            if level == 2:
                labels.append("*")  # a column of * only says nothing, whatever the value
            elif value is None:
                labels.append(None)
            elif level == 0:
                labels.append(value)
            elif value in LEAVES:
                labels.append(ROWS[int(value)][level])
        if len(labels) == len(row):
            counted[tuple(labels)] += 1
    return counted


def sizes_by_label(classes, release):
    labels = [
        tuple(release.columns[c].texts[int(classes.codes(c)[j])] for c in classes.columns)
        for j in range(classes.n_classes)
    ]
    return dict(zip(labels, classes.population_sizes.tolist(), strict=True))


def case(make_dataset, sample, people, levels=(0, 0)):
    table = make_dataset(columns(people))
    hierarchies = {c: Hierarchy.from_rows(c, ROWS) for c in "ab"}
    source = encode(make_dataset(columns(sample)), hierarchies, [table])
    release = Release.original(source).with_columns(
        *(
            ReleasedColumn.generalized(source.domain(c), level)
            for c, level in zip("ab", levels, strict=True)
        )
    )
    return source, release, Population(table=table)


@given(cells(), cells(extra=[UNDECLARED]), st.tuples(*[st.integers(0, 2)] * 2), st.data())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_population_sizes_equal_counting_recoded_people(make_dataset, sample, people, levels, data):
    source, release, population = case(make_dataset, sample, people, levels)
    everybody = by_hand(people, levels)
    wanted = {label: everybody[label] for label in by_hand(sample, levels)}
    classes = classes_of(release, ROLES, population)
    assert classes.population.size == len(people)
    assert sizes_by_label(classes, release) == wanted
    table = classes.population.classes
    assert sorted(table.count.tolist()) == sorted(everybody.values())

    base = base_classes(source, ROLES, population)
    again = base.recode(recoding(release, ("a", "b")))
    assert sizes_by_label(again, release) == wanted, "recoding classes equals recoding people"

    keep = np.array(
        data.draw(st.lists(st.booleans(), min_size=base.n_classes, max_size=base.n_classes))
    )
    tuples = release.keeping(TupleMask(base, keep))
    for left in (
        classes_of(tuples, ROLES, population),
        classes_of(release.keeping(tuples.row_mask), ROLES, population),
        base.recode(recoding(release, ("a", "b")), keep),
        classes.select(np.arange(classes.n_classes) % 2 == 0),
    ):
        for label, size in sizes_by_label(left, release).items():
            assert size == wanted[label], "leaving records out changes nobody's F_j"


@given(cells(), cells(), st.tuples(*[st.integers(0, 2)] * 2))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_fewer_known_columns_count_the_population_over_them(make_dataset, sample, people, levels):
    _, release, population = case(make_dataset, sample, people, levels)
    classes = classes_of(release, ROLES, population).project("b")
    one = Counter({})
    for (_, label), size in by_hand(people, levels).items():
        one[(label,)] += size
    assert sizes_by_label(classes, release) == {
        label: one[label] for label in sizes_by_label(classes, release)
    }


def test_people_absent_from_the_sample_join_the_class_that_recoding_makes(make_dataset):
    sample, people = [("0", "0")], [("0", "0"), ("1", "0"), ("1", "0"), ("4", "0")]
    _, fine, population = case(make_dataset, sample, people)
    assert classes_of(fine, ROLES, population).population_sizes.tolist() == [1]
    _, coarse, population = case(make_dataset, sample, people, (1, 0))
    assert classes_of(coarse, ROLES, population).population_sizes.tolist() == [3]


def test_a_size_alone_and_nothing_known_have_no_class_sizes(make_dataset):
    source, release, _ = case(make_dataset, [("0", "0")], [("0", "0")])
    assert classes_of(release, ROLES).population is None
    assert classes_of(release, ROLES).population_sizes is None
    sized = classes_of(release, ROLES, Population(size=70))
    assert (sized.population.size, sized.population.classes) == (70, None)
    assert sized.population_sizes is None
    coarse = ReleasedColumn.generalized(source.domain("a"), 1)
    merged = sized.recode({"a": (coarse.lookup, coarse.cardinality)})
    for derived in (merged, sized.project("a"), sized.select(np.array([True]))):
        assert (derived.population.size, derived.population.classes) == (70, None)
    assert base_classes(source, ROLES).population is None


def test_each_population_has_classes_of_its_own_and_is_grouped_once(make_dataset, monkeypatch):
    source, release, population = case(make_dataset, [("0", "0")], [("0", "0"), ("1", "1")])
    first = classes_of(release, ROLES, population)
    assert classes_of(release, ROLES, Population(size=9)).population.size == 9
    assert classes_of(release, ROLES, population) is first
    monkeypatch.setattr(grouping, "codes_in", None)  # reading the people again would now fail
    coarse = release.with_columns(ReleasedColumn.generalized(source.domain("a"), 1))
    assert classes_of(coarse, ROLES, population).population_sizes.tolist() == [1]


def test_a_column_changed_record_by_record_leaves_only_the_size(make_dataset):
    _, release, population = case(make_dataset, [("0", "0"), ("1", "1")], [("0", "0")] * 5)
    column = release.columns["a"]
    noisy = ReleasedColumn("a", column.nodes, None, np.array([1, 0], np.int32))
    classes = classes_of(release.with_columns(noisy), ROLES, population)
    assert (classes.population.size, classes.population.classes) == (5, None)


def test_a_column_that_is_not_published_is_not_asked_of_the_population(make_dataset):
    _, release, population = case(make_dataset, [("0", "0"), ("1", "0")], [("0", "0")] * 5)
    assert classes_of(release.without(("a",)), ROLES, population).population_sizes.tolist() == [5]


def test_a_population_without_a_quasi_identifier_is_refused_by_name(make_dataset):
    source, release, _ = case(make_dataset, [("0", "0")], [("0", "0")])
    half = Population(table=make_dataset({"a": ["0"]}))
    with pytest.raises(PrivacyToolError, match="no column 'b'"):
        classes_of(release, ROLES, half)
    assert source.records == 1


def test_no_columns_at_all_are_one_class_of_everybody():
    everybody = PopulationClasses(9, group_records({}, {}, 9))
    classes = replace(group_records({}, {}, 3), population=everybody)
    assert classes.population_sizes.tolist() == [9]


def test_the_order_of_the_people_changes_nothing(make_dataset, rng):
    sample = [(str(a), str(b)) for a, b in rng.integers(0, 6, (30, 2))]
    people = sample + [(str(a), str(b)) for a, b in rng.integers(0, 6, (200, 2))]
    found = []
    for order in (people, people[::-1]):
        _, release, population = case(make_dataset, sample, order, (1, 2))
        found.append(sizes_by_label(classes_of(release, ROLES, population), release))
    assert found[0] == found[1]
    assert sum(found[0].values()) == len(people)
