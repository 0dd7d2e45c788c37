"""Laws that hold for every figure of risk at once, whatever it measures."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.encoding import encode
from microdata.measure import Context, Estimate
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from risk import RISK_MEASURES

ROLES = Roles(
    by_column={
        "age": Role.QUASI_IDENTIFIER,
        "town": Role.QUASI_IDENTIFIER,
        "job": Role.QUASI_IDENTIFIER,
        "ill": Role.SENSITIVE,
        "pay": Role.SENSITIVE,
        "weight": Role.WEIGHT,
        "home": Role.HOUSEHOLD,
    }
)


def table(seed, n=120):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": rng.integers(20, 26, n).astype(str),
            "town": rng.choice(["a", "b", "c", None], n, p=[0.5, 0.3, 0.15, 0.05]),
            "job": rng.choice(["x", "y", "z"], n),
            "ill": rng.choice(["flu", "cold", "none", None], n, p=[0.2, 0.2, 0.55, 0.05]),
            "pay": rng.integers(1, 6, n).astype(str),
            "weight": rng.integers(1, 9, n).astype(str),
            "home": rng.integers(0, n // 3, n).astype(str),
        }
    )


def figures(frame, roles=ROLES, size=5000, missing="own"):
    source = encode(dataset_from_frame(frame, "t.csv"), {})
    context = Context(
        release=Release.original(source),
        roles=roles,
        population=Population(size=size),
        missing=missing,
    )
    found, labels = {}, {}
    for measure in RISK_MEASURES:
        result = measure.evaluate(context)
        found |= result.figures
        labels |= result.labels
    return found, labels


def values(found):
    return {path: figure.value for path, figure in found.items() if isinstance(figure, Estimate)}


def same(one, other):
    assert one.keys() == other.keys()
    wrong = {
        path: (value, other[path])
        for path, value in one.items()
        if not (value == other[path] or math.isclose(value, other[path], rel_tol=1e-9))
    }
    assert wrong == {}


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_never_changes_a_figure(seed, random):
    frame = table(seed)
    rows = list(range(len(frame)))
    random.shuffle(rows)
    columns = list(frame.columns)
    random.shuffle(columns)
    by_column = list(ROLES.by_column.items())
    random.shuffle(by_column)
    one, labels = figures(frame)
    other, other_labels = figures(
        frame.iloc[rows].reset_index(drop=True)[columns], Roles(by_column=dict(by_column))
    )
    same(values(one), values(other))
    assert {path: sorted(label.split(", ")) for path, label in labels.items()} == {
        path: sorted(label.split(", ")) for path, label in other_labels.items()
    }


@pytest.mark.parametrize("change", ["index", "numbers", "categories"])
def test_index_dtype_and_unused_categories_never_change_a_figure(change):
    frame = table(3)
    other = frame.copy()
    if change == "index":
        other.index = np.arange(len(frame))[::-1] * 7 + 3
    elif change == "numbers":
        other = other.astype({"age": int, "pay": int, "weight": int, "home": int})
    else:
        other["job"] = pd.Categorical(frame["job"], ["z", "unused", "y", "x"])
        other["ill"] = pd.Categorical(frame["ill"], ["none", "flu", "gone", "cold"])
    same(values(figures(frame)[0]), values(figures(other)[0]))


@pytest.mark.parametrize("times", [10, 100])
def test_a_table_repeated_keeps_shares_and_multiplies_groups(times):
    frame = table(5)
    roles = Roles(by_column={k: r for k, r in ROLES.by_column.items() if k != "home"})
    one = values(figures(frame, roles, size=120 * 400)[0])
    many = values(
        figures(pd.concat([frame] * times, ignore_index=True), roles, size=120 * 400 * times)[0]
    )
    kept = {
        "l-diversity", "t-closeness", "t-closeness-released", "alpha", "beta-likeness",
        "enhanced-beta-likeness", "delta-disclosure",
    }  # fmt: skip
    same(
        {path: value for path, value in one.items() if path[0] == "models" and path[1] in kept},
        {path: value for path, value in many.items() if path[0] == "models" and path[1] in kept},
    )
    assert many["classes", "count"] == one["classes", "count"]
    for size in ("smallest", "largest", "average"):
        assert many["classes", size] == pytest.approx(times * one["classes", size])
    assert many["models", "k-anonymity"] == times * one["models", "k-anonymity"]
    prosecutor = ("reidentification", "prosecutor")
    for end in ("highest", "average", "lowest"):
        assert many[*prosecutor, end] == pytest.approx(one[*prosecutor, end] / times)
    found = "expected_reidentifications"
    assert many[*prosecutor, found] == pytest.approx(one[*prosecutor, found])
    assert many["uniqueness", "sample"] == 0
    assert one["uniqueness", "sample"] > 0
    for column in ("age", "town", "job"):
        assert many["columns", column, "distinction"] == pytest.approx(
            one["columns", column, "distinction"] / times
        )


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_shares_and_risks_stay_between_0_and_1_and_highest_is_above_average(seed):
    found = values(figures(table(seed, n=40))[0])
    for path, value in found.items():
        if path[0] == "reidentification" and path[-1] != "expected_reidentifications":
            assert 0 <= value <= 1, path
        if path[:2] in {("models", "t-closeness"), ("models", "alpha"), ("models", "homogeneity")}:
            assert 0 <= value <= 1, path
    for attacker in ("prosecutor", "journalist", "journalist_estimated"):
        at = ("reidentification", attacker)
        assert found[*at, "highest"] >= found[*at, "average"] - 1e-12


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_a_coarser_column_never_raises_the_risk(seed):
    frame = table(seed)
    coarse = frame.assign(age=frame["age"].str[0], town="t")
    fine, rough = values(figures(frame)[0]), values(figures(coarse)[0])
    assert rough["models", "k-anonymity"] >= fine["models", "k-anonymity"]
    for path in (
        ("reidentification", "prosecutor", "highest"),
        ("reidentification", "prosecutor", "average"),
        ("uniqueness", "sample"),
        ("models", "alpha", "ill"),
        ("models", "t-closeness", "ill", "equal"),
        ("models", "t-closeness", "pay", "ordered"),
        ("models", "beta-likeness", "ill"),
    ):
        if path in fine and path in rough:
            assert rough[path] <= fine[path] + 1e-12, path


def test_the_average_prosecutor_risk_is_classes_over_people():
    found = values(figures(table(9))[0])
    assert found["reidentification", "prosecutor", "average"] == pytest.approx(
        found["classes", "count"] / 120
    )


def test_counts_past_2_31_and_squares_past_2_53_are_right():
    times = 3 * 10**9
    counted_by = {Role.WEIGHT, Role.HOUSEHOLD}
    roles = Roles(by_column={k: r for k, r in ROLES.by_column.items() if r not in counted_by})
    source = encode(dataset_from_frame(table(11), "t.csv"), {})
    small = Context(release=Release.original(source), roles=roles)
    large = Context(release=Release.original(source), roles=roles)
    classes = small.classes
    large.__dict__["classes"] = replace(
        classes,
        count=classes.count * times,
        rows=classes.rows * times,
        sensitive={
            name: replace(t, n=t.n * times, missing=t.missing * times)
            for name, t in classes.sensitive.items()
        },
    )

    def measured(context):
        found = {}
        for measure in RISK_MEASURES:
            found |= measure.evaluate(context).figures
        return values(found)

    one, many = measured(small), measured(large)
    sizes = {"k-anonymity", "inference", "homogeneity"}  # they count people, not shares alone

    def shares(found):
        return {
            path: value
            for path, value in found.items()
            if path[0] == "models"
            and path[1] not in sizes
            and not path[-1].endswith("without_singletons")
        }

    same(shares(one), shares(many))
    for attribute in ("ill", "pay"):
        for path in (
            ("models", "inference", attribute, "accuracy"),
            ("models", "inference", attribute, "prior"),
            ("models", "homogeneity", attribute, "share"),
        ):
            assert many[path] == pytest.approx(one[path])
    assert many["models", "k-anonymity"] == times * one["models", "k-anonymity"]
    assert many["classes", "largest"] == times * one["classes", "largest"]
    assert many["reidentification", "prosecutor", "average"] == pytest.approx(
        one["reidentification", "prosecutor", "average"] / times
    )
    for column in ("age", "town", "job"):
        sizes = [int(size) * times for size in small.classes.project((column,)).count]
        people = sum(sizes)
        pairs = sum(size * (size - 1) for size in sizes) / (people * (people - 1))
        assert many["columns", column, "separation"] == pytest.approx(1 - pairs, rel=1e-12)
