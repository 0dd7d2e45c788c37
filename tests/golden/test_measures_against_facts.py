"""The measures give Adult's golden figures on tables that are built from the facts alone."""

from __future__ import annotations

import heapq
import json
import math
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.measure import Context, Estimate
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Roles
from reports.assessment import assess
from reports.case import Case
from reports.measuring import evaluate
from risk.special_uniques import smallest_singling_out
from transforms.recipe import Recipe

ADULT = json.loads((Path(__file__).parent / "adult.json").read_text(encoding="utf-8"))
RELEASE = ADULT["release"]["A-Q8-k5-s0.05-loss"]
TABLES = ADULT["inputs"] | {name: ADULT[name] for name in ("five", "nine")}
PROSECUTOR = ("reidentification", "prosecutor")
BLOCK = 150  # two columns of codes, so that keys are packed and not read off one column


def sizes_of(fact):
    """Return the size of each class, one number a class."""
    pairs = fact["class_sizes"].items()
    return np.concatenate([np.full(number, int(size)) for size, number in pairs])


def two_columns(sizes, first=0):
    """Return rows of classes of these sizes, told apart by two columns together."""
    number = np.repeat(np.arange(first, first + len(sizes)), sizes)
    return pd.DataFrame({"high": number // BLOCK, "low": number % BLOCK}).astype(str)


def roles(quasi):
    return Roles.from_json({"quasi_identifiers": list(quasi)})


def context_of(frame, quasi):
    source = encode(dataset_from_frame(frame, "built"))
    return Context(release=Release.original(source), roles=roles(quasi))


def case_of(frame, quasi, **options):
    return Case(dataset=dataset_from_frame(frame, "built"), roles=roles(quasi), **options)


def value(stage, *path):
    figure = stage.figures[path]
    assert isinstance(figure, Estimate), (path, figure)
    return figure.value


def exactly(number):
    return pytest.approx(number, rel=1e-13, abs=1e-15)


# --- Class sizes and the attackers, table as it is ----------------------------------------------


@cache
def measured(name):
    frame = two_columns(sizes_of(TABLES[name]))
    mixed = frame.sample(frac=1, random_state=np.random.default_rng(7))
    context = context_of(mixed, ["high", "low"])
    return evaluate(context, threshold=5, with_distributions=False)


@pytest.mark.parametrize("name", TABLES)
def test_class_sizes_of_the_table(name):
    fact, stage, sizes = TABLES[name], measured(name), sizes_of(TABLES[name])
    assert dict(stage.sizes) == {int(s): c for s, c in fact["class_sizes"].items()}
    assert value(stage, "classes", "count") == fact["classes"]
    assert value(stage, "classes", "smallest") == fact.get("smallest", 1)
    assert value(stage, "classes", "largest") == fact.get("largest", sizes.max())
    mean = fact.get("average_class_size", fact["records"] / fact["classes"])
    assert value(stage, "classes", "average") == exactly(mean)
    assert value(stage, "utility", "raw", "average_class_size") == exactly(mean)
    assert value(stage, "models", "k-anonymity") == fact.get("smallest", 1)
    squares = fact.get("sum_of_squared_class_sizes", (sizes**2).sum())
    assert value(stage, "utility", "raw", "discernibility") == squares
    assert value(stage, "classes", "suppressed_records") == 0


@pytest.mark.parametrize("name", TABLES)
def test_risks_of_the_table(name):
    fact, stage = TABLES[name], measured(name)
    average = fact["average_risk"]
    assert value(stage, *PROSECUTOR, "average") == exactly(average)
    assert value(stage, *PROSECUTOR, "expected_reidentifications") == exactly(fact["classes"])
    assert value(stage, *PROSECUTOR, "highest") == 1
    assert value(stage, *PROSECUTOR, "lowest") == exactly(
        fact.get("lowest_risk", 1 / sizes_of(fact).max())
    )
    unique = value(stage, "uniqueness", "sample")
    assert unique == pytest.approx(fact["sample_uniqueness"], abs=5e-8)
    if "singletons" in fact:
        assert unique == exactly(fact["singletons"] / fact["records"])
    # the sample is the population, so the other attackers have the prosecutor's figures
    assert value(stage, "reidentification", "marketer", "average") == exactly(average)
    assert value(stage, "reidentification", "journalist", "average") == exactly(average)


@pytest.mark.parametrize("name", TABLES)
def test_people_above_each_risk_and_below_each_size(name):
    fact, stage, sizes = TABLES[name], measured(name), sizes_of(TABLES[name])
    for threshold, share in fact.get("records_at_risk", {}).items():
        for attacker in ("prosecutor", "journalist"):
            path = ("reidentification", attacker, "at_risk", threshold)
            assert value(stage, *path) == exactly(share)
    for size in (3, 5, 10, 11, 20):
        inside = sizes[sizes < size].sum() / fact["records"]
        assert value(stage, *PROSECUTOR, "below", str(size)) == exactly(inside)
    for size, records in fact.get("records_in_classes_below", {}).items():
        assert value(stage, *PROSECUTOR, "below", size) == exactly(records / fact["records"])


def test_every_threshold_of_the_facts_is_a_figure():
    for fact in (*ADULT["inputs"].values(), RELEASE):
        assert set(fact["records_at_risk"]) == {
            path[-1] for path in measured("nine").figures if path[:-1] == (*PROSECUTOR, "at_risk")
        }


# --- What one column tells people apart by -------------------------------------------------------


def test_distinction_and_separation_of_age_and_sex():
    fact = ADULT["inputs"]["input-Q1"]
    n, columns = fact["records"], ADULT["inputs"]["input-Q8"]["columns"]
    # two values: their sizes a + b = n follow from the pairs told apart, a b
    pairs = round(columns["sex"]["separation"] * n * (n - 1) / 2)
    fewer = (n - math.isqrt(n * n - 4 * pairs)) // 2
    assert fewer * (n - fewer) == pairs
    ages, n_classes = sizes_of(fact), fact["classes"]
    frame = pd.DataFrame({"age": np.repeat(np.arange(n_classes), ages), "sex": np.arange(n)})
    frame["sex"] = np.where(frame["sex"] < fewer, "f", "m")
    stage = evaluate(context_of(frame.astype(str), ["age", "sex"]), threshold=5)
    for name in ("age", "sex"):
        for key in ("distinction", "separation"):
            got = value(stage, "columns", name, key)
            assert got == exactly(columns[name][key])
            assert got == exactly(ADULT["inputs"]["input-Q5"]["columns"][name][key])
            assert got == pytest.approx(ADULT["five"]["columns"][name][key], abs=5e-9)


def test_unicity_of_the_one_column_and_of_all_columns():
    by_known = ADULT["five"]["largest_unicity_by_columns_known"]
    alone = context_of(two_columns(sizes_of(ADULT["inputs"]["input-Q1"]))[["low"]], ["low"])
    assert smallest_singling_out(alone).worst[0].share == pytest.approx(
        by_known[0]["value"], abs=5e-7
    )
    both = context_of(two_columns(sizes_of(ADULT["five"])), ["high", "low"])
    assert smallest_singling_out(both).worst[-1].share == pytest.approx(
        by_known[-1]["value"], abs=5e-7
    )


# --- A release: generalised, then records left out ------------------------------------------------


def assignment():
    """
    Put the classes of the input into the classes of the release.

    Which went where is not a fact; any assignment has the same figures. Classes of one person
    are what is left out, each alone, and what fills the groups up.
    """
    before, after = np.sort(sizes_of(TABLES["input-Q8"]))[::-1], sizes_of(RELEASE)
    room = [(-int(size), group) for group, size in enumerate(after)]
    heapq.heapify(room)
    groups = []
    for size in before[before > 1].tolist():
        free, group = heapq.heappop(room)
        assert free + size <= 0
        groups.append(group)
        heapq.heappush(room, (free + size, group))
    fill = np.repeat([group for _, group in room], [-free for free, _ in room])
    alone = len(after) + np.arange(RELEASE["suppressed"])
    return before, np.concatenate([groups, fill, alone]).astype(int)


@cache
def released():
    before, groups = assignment()
    assert len(before) == len(groups)
    rows = [(str(i), f"g{group}", "*") for i, group in enumerate(groups.tolist())]
    trees = {"class": Hierarchy.from_rows("class", rows)}
    frame = pd.DataFrame({"class": np.repeat(np.arange(len(before)), before)}).astype(str)
    levels = {"class": 1}
    # constant columns add no class, but have the facts' number of leaves and level
    for name in ("sex", "race", "marital-status", "occupation"):
        leaves = range(RELEASE["leaves"][name])
        trees[name] = Hierarchy.from_rows(name, [(f"v{i}", f"w{i}", "*") for i in leaves])
        frame[name] = "v0"
        levels[name] = RELEASE["levels"][name]
    steps = [
        {"step": "generalize", "levels": levels},
        {"step": "suppress_records", "require": ["k-anonymity=5"]},
    ]
    recipe = Recipe.from_json({"version": 1, "steps": steps})
    return assess(case_of(frame, frame.columns, recipe=recipe, hierarchies=trees))


def test_the_release_has_the_classes_of_the_facts():
    before, after = released().before, released().after
    assert value(before, "classes", "count") == TABLES["input-Q8"]["classes"]
    assert dict(after.sizes) == {int(s): c for s, c in RELEASE["class_sizes"].items()}
    assert value(after, "classes", "count") == RELEASE["classes"]
    assert value(after, "classes", "smallest") == RELEASE["smallest"]
    assert value(after, "classes", "largest") == RELEASE["largest"]
    assert value(after, "classes", "suppressed_records") == RELEASE["suppressed"]
    share = RELEASE["suppressed"] / RELEASE["records"]
    assert value(after, "utility", "suppression", "records") == exactly(share)


def test_risks_of_the_release():
    after = released().after
    average = RELEASE["average_risk"]
    assert value(after, *PROSECUTOR, "average") == exactly(average)
    assert value(after, *PROSECUTOR, "highest") == 1 / RELEASE["smallest"]
    assert value(after, *PROSECUTOR, "lowest") == 1 / RELEASE["largest"]
    assert value(after, "reidentification", "marketer", "average") == exactly(average)
    for threshold, records in RELEASE["records_at_risk"].items():
        assert value(after, *PROSECUTOR, "at_risk", threshold) == exactly(records)
    assert value(after, *PROSECUTOR, "below", "5") == 0
    assert value(after, "uniqueness", "sample") == 0


def test_quality_of_the_release():
    after, quality = released().after, RELEASE["quality"]
    n = RELEASE["records"]
    raw = (sizes_of(RELEASE) ** 2).sum() + RELEASE["suppressed"] * n
    assert value(after, "utility", "raw", "discernibility") == raw
    assert value(after, "utility", "discernibility") == exactly(quality["discernibility"])
    assert value(after, "utility", "average_class_size") == exactly(quality["average_class_size"])
    for name in ("sex", "race", "marital-status", "occupation"):
        # the other tool cuts its shares at 10 decimals
        assert value(after, "utility", "by_column", name, "granularity") == pytest.approx(
            quality["granularity_by_column"][name], abs=1e-9
        )


# --- A sample and its population -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["five", "nine"])
def test_a_sample_against_its_population(name):
    fact = ADULT["subset_against_adult"][name]
    joint = np.array(fact["sample_population_classes"])
    f, big = np.repeat(joint[:, 0], joint[:, 2]), np.repeat(joint[:, 1], joint[:, 2])
    others = fact["population_records"] - big.sum()
    everybody = two_columns([*big, others])  # who is not in a class of the sample is in the last
    table = dataset_from_frame(everybody, "everybody")
    case = case_of(two_columns(f), ["high", "low"], population=Population(table=table))
    context = case.context(Release.original(case.encoded()))
    pairs = zip(
        context.classes.count.tolist(), context.classes.population_sizes.tolist(), strict=True
    )
    wanted = Counter({(f, big): number for f, big, number in joint.tolist()})
    assert Counter(pairs) == wanted
    reverse = context.classes.n_classes / context.classes.population_sizes.sum()
    assert reverse == pytest.approx(fact["classes_over_population_records"], abs=1e-10)
    stage = assess(case).before
    journalist = ("reidentification", "journalist")
    linked = fact["mean_sample_over_population"]
    for path, stated in {
        (*PROSECUTOR, "average"): fact["prosecutor_average"],
        (*PROSECUTOR, "at_risk", "0.2"): fact["prosecutor_above_0.2"],
        (*PROSECUTOR, "below", "5"): fact["prosecutor_above_0.2"],
        ("reidentification", "marketer", "average"): linked,
        (*journalist, "average"): max(linked, fact["classes_over_population_records"]),
        (*journalist, "at_risk", "0.2"): fact["journalist_above_0.2"],
        (*journalist, "below", "5"): fact["journalist_above_0.2"],
        (*journalist, "highest"): 1 / big.min(),
        (*journalist, "lowest"): 1 / big.max(),
    }.items():
        assert value(stage, *path) == pytest.approx(stated, abs=1e-10), path
    codes = {finding.code for finding in stage.findings}
    assert not codes & {"population-lacks-people", "population-smaller-than-release"}
