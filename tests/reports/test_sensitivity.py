import json

import pytest

from reports import sensitivity as made
from risk.columns import ColumnChange, Knowledge, Sensitivity

NOW = Knowledge(average=0.5, unique=10, below=0.4, smallest=11)


def change(column, average, *, added=False, below=0.4, smallest=11):
    after = Knowledge(average=average, unique=3, below=below, smallest=smallest)
    return ColumnChange(column=column, added=added, before=NOW, after=after)


def found(*changes, left_out=""):
    return Sensitivity(size=5, changes=changes, left_out=left_out)


def test_the_column_whose_absence_lowers_the_risk_most_is_named_with_both_risks():
    result = found(change("age", 0.2), change("sex", 0.5))
    assert made.driver_sentence(result) == (
        "age drives the risk the most: if it were not known, the average risk by a prosecutor "
        "would fall from 1 in 2 (50.0 %) to 1 in 5 (20.0 %)."
    )
    spec = made.columns_driving_risk(result)
    assert spec.title == "age drives the risk the most"
    assert spec.categories == ("age", "sex")
    assert spec.series[0].values == pytest.approx((0.3, 0))


def test_where_no_column_matters_none_is_blamed():
    result = found(change("sex", 0.5))
    assert made.driver_sentence(result) == ""
    assert "No column alone" in made.columns_driving_risk(result).title
    assert made.columns_driving_risk(found()).title == "No column to compare"


def test_a_column_that_would_hurt_if_it_were_known_makes_the_figures_fragile():
    result = found(change("age", 0.2), change("job", 0.9, added=True, below=0.8))
    assert made.fragile_sentence(result) == (
        "Fragile: the figures depend on job not being known to an attacker. If it were, 80.0 % "
        "of people would be in groups below 5 instead of 40.0 %."
    )
    spec = made.columns_adding_risk(result)
    assert spec.series[0].values == pytest.approx((0.4,))
    assert made.fragile_sentence(found(change("job", 0.5, added=True))) == ""
    assert made.columns_adding_risk(found(change("age", 0.2))) is None


def test_a_column_that_would_move_the_likelihood_makes_the_figures_fragile():
    moved = found(
        change("a", 0.5, added=True, smallest=11), change("job", 0.5, added=True, smallest=10)
    )
    assert made.fragile_sentence(moved) == (
        "Fragile: the figures depend on job not being known to an attacker. If it were, the "
        "smallest group would hold 10 instead of 11, and the likelihood would be 3 instead of 2 "
        "of 4."
    )
    assert made.fragile_sentence(found(change("job", 0.5, smallest=1))) == ""


def test_what_was_left_out_is_told_below_the_chart():
    result = found(change("job", 0.9, added=True), left_out="Only 1 of the 3 others was added.")
    assert "Only 1 of the 3 others was added." in made.columns_adding_risk(result).note


def test_it_survives_json():
    result = found(change("age", 0.2), change("job", 0.9, added=True), left_out="Some.")
    data = json.loads(json.dumps(made.to_json(result)))
    assert made.from_json(data) == result
    data["changes"][0]["after"]["average"] = "0.2"
    with pytest.raises(TypeError):
        made.from_json(data)
    data["changes"][0]["after"] |= {"average": 0.2, "smallest": 0}
    with pytest.raises(ValueError, match="empty"):
        made.from_json(data)
