from dataclasses import replace

import numpy as np
import pytest

from microdata.dataset import ColumnKind, ReadOptions
from microdata.elsewhere import meaning, release_elsewhere
from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.hierarchy import Hierarchy
from microdata.kinds import numeric_values
from microdata.population import Population
from microdata.roles import Role, Roles

ROLES = Roles(by_column={"age": Role.QUASI_IDENTIFIER, "ill": Role.SENSITIVE})


def original(make_dataset):
    return encode(
        make_dataset(
            {"age": ["20", "25", "31", "64"], "ill": ["a", "b", "a", "b"]},
            {"age": ColumnKind.INTEGER},
        )
    )


@pytest.mark.parametrize(
    ("label", "leaves"),
    [
        ("25", [1]),
        ("20-29", [0, 1]),
        ("20 to 31", [0, 1, 2]),
        ("[20, 31)", [0, 1]),
        ("(20, 31]", [1, 2]),
        ("30+", [2, 3]),
        (">31", [3]),
        ("<=25", [0, 1]),
        ("<25", [0]),
        ("2*", [0, 1]),
        ("elderly", []),
    ],
)
def test_labels_are_read_as_values_intervals_and_masks(make_dataset, label, leaves):
    domain = original(make_dataset).domain("age")
    numbers = numeric_values(domain.leaves, None)
    assert meaning(domain, label, numbers).tolist() == leaves


def test_labels_of_the_hierarchy_mean_its_nodes(make_dataset):
    rows = [("Lyon", "France", "*"), ("Rome", "Italy", "*"), ("Nice", "France", "*")]
    source = encode(
        make_dataset({"city": ["Lyon", "Rome"]}), {"city": Hierarchy.from_rows("city", rows)}
    )
    assert meaning(source.domain("city"), "France", None).tolist() == [0, 2]


def test_a_release_made_elsewhere_is_measured_against_its_original(make_dataset):
    source = original(make_dataset)
    table = make_dataset({"age": ["20-31", "20-31", "*"], "ill": ["a", "a", "b"]})
    release = release_elsewhere(source, table)
    assert (release.original_records, release.released_records) == (4, 3)
    assert release.suppressed_records == 1
    classes = classes_of(release, ROLES)
    assert sorted(classes.count.tolist()) == [1, 2]
    ill = classes.sensitive["ill"]
    assert ill.overall.tolist() == [0.5, 0.5], "the original's, not the release's"
    assert release.columns["age"].nodes.sizes.tolist() == [3]


def test_a_population_is_counted_by_what_the_labels_mean(make_dataset):
    population = make_dataset({"age": ["20", "25", "25", "64"]})
    source = encode(
        make_dataset({"age": ["20", "25", "64"]}, {"age": ColumnKind.INTEGER}), {}, [population]
    )
    release = release_elsewhere(source, make_dataset({"age": ["20-29", "64"]}))
    roles = Roles(by_column={"age": Role.QUASI_IDENTIFIER})
    counts = classes_of(release, roles, Population(table=population)).population_sizes
    assert counts.tolist() == [3, 1]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"age": ["1"] * 5}, "cannot have more"),
        ({"other": ["1"]}, "no column name in common"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(make_dataset, columns, sentence):
    with pytest.raises(PrivacyToolError, match=sentence):
        release_elsewhere(original(make_dataset), make_dataset(columns))


def test_no_interval_is_read_from_a_column_of_text(make_dataset):
    source = encode(make_dataset({"code": ["20", "25"]}, {"code": ColumnKind.CODE}))
    assert meaning(source.domain("code"), "20-29", None).size == 0
    assert np.array_equal(meaning(source.domain("code"), "2*", None), [0, 1])


def test_intervals_hold_values_with_a_decimal_comma(make_dataset):
    table = make_dataset({"w": ["1", "1,5", "3,5"]})
    column = replace(table.columns[0], kind=ColumnKind.DECIMAL)
    source = encode(replace(table, columns=(column,), read=ReadOptions(decimal=",")))
    made = release_elsewhere(source, make_dataset({"w": ["[1, 2)", "[1, 2)", "3+"]}))
    sizes = dict(zip(made.columns["w"].nodes.labels, made.columns["w"].nodes.sizes, strict=True))
    assert sizes == {"[1, 2)": 2, "3+": 1}
