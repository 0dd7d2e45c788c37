from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.special_uniques import column_scores, search_subsets, size_weights, suda_scores

HERE = Path(__file__).resolve()
FACTS = json.loads((HERE.parents[2] / "golden/suda.json").read_text(encoding="utf-8"))
REFERENCE = HERE.parents[3] / "../shared/reference/sdcmicro"
SINGLE = 1e-7
"""sdcMicro holds the exponent Q of DIS-SUDA as a 32-bit number."""


def scored(context, fraction=0.01, scoring="elliot"):
    classes = context.classes
    scores = suda_scores(search_subsets(context), classes.count, fraction, scoring)
    return scores, classes.class_of


@pytest.mark.parametrize("name", FACTS)
def test_scores_of_the_published_tables(context_of, name):
    fact = FACTS[name]
    context = context_of(fact["columns"], quasi=list(fact["columns"]))
    scores, class_of = scored(context)
    assert scores.score[class_of].tolist() == fact["score"]
    assert scores.total == sum(fact["score"])
    if "score_ihsn" in fact:
        scores, _ = scored(context, scoring="ihsn")
        assert scores.score[class_of] == pytest.approx(fact["score_ihsn"], abs=1e-12)
    if "contribution_percent" in fact:
        percent = {column: 100 * share for column, share in scores.contribution.items()}
        assert percent == pytest.approx(fact["contribution_percent"], abs=1e-12)


def test_three_rows_by_hand(context_of):
    # The first is unique by a and by b, the third by c: of three columns (3 - 1)! = 2 each. The
    # second is so only by c together with a or with b: (3 - 2)! = 1 each.
    columns = {"a": list("122"), "b": list("122"), "c": list("112")}
    scores, class_of = scored(context_of(columns, quasi=list("abc")))
    assert scores.score[class_of].tolist() == [4, 2, 2]
    assert scores.by_size == (3, 2, 0)
    assert scores.contribution == {"a": 3 / 8, "b": 3 / 8, "c": 4 / 8}


def test_weights_by_the_size_of_a_minimal_unique():
    assert size_weights(4).tolist() == [0, 6, 2, 1, 1]
    # (2^(4 - s) - 1) s! (4 - s)! / 4!
    assert size_weights(4, "ihsn").tolist() == [0, 7 / 4, 3 / 6, 1 / 4, 0]
    # fewer than three columns count as three
    assert size_weights(1).tolist() == [0, 2]
    assert size_weights(2).tolist() == [0, 2, 1]
    assert np.isfinite(size_weights(63)).all()


def test_dis_by_hand(context_of):
    # One pair, two people alone; the first of them on one column, the other only on both.
    columns = {"a": list("11123"), "b": list("xxyzz")}
    context = context_of(columns, quasi=["a", "b"])
    scores, class_of = scored(context, fraction=0.1)
    score = scores.score[class_of]
    assert score.tolist() == [0, 0, 2, 2, 2]
    exponent = 1 + (8 - 3) / 20
    spread = 3 * 2**-exponent
    unique, in_pairs = 3, 2
    theta = unique * 0.1 / (unique * 0.1 + in_pairs * 0.9)
    published = 1 / (1 + (unique / theta - unique) / (2**exponent * spread))
    assert scores.dis[class_of] == pytest.approx([0, 0, *[published] * 3], abs=1e-15)


def test_without_pairs_everybody_who_is_unique_has_dis_one(context_of):
    columns = {"a": list("111234"), "b": list("xxxyyz")}
    scores, class_of = scored(context_of(columns, quasi=["a", "b"]))
    assert scores.dis[class_of].tolist() == [0, 0, 0, 1, 1, 1]


def test_where_nobody_is_unique_there_is_no_score(context_of):
    scores, _ = scored(context_of({"a": list("1122")}, quasi=["a"]))
    assert scores.score.tolist() == [0, 0]
    assert scores.dis.tolist() == [0, 0]
    assert scores.total == 0
    assert scores.contribution == {}


small = st.lists(st.tuples(*[st.sampled_from("123") for _ in range(3)]), min_size=1, max_size=12)


@settings(max_examples=60)
@given(small, st.sampled_from([1e-6, 0.01, 0.3, 1.0]), st.sampled_from(["elliot", "ihsn"]))
def test_laws_of_the_scores(context_of, rows, fraction, scoring):
    columns = dict(zip("abc", map(list, zip(*rows, strict=True)), strict=True))
    context = context_of(columns, quasi=list("abc"))
    scores, _ = scored(context, fraction, scoring)
    assert ((scores.dis >= 0) & (scores.dis <= 1)).all()
    assert ((scores.dis > 0) == (scores.score > 0)).all()
    order = np.argsort(scores.score)
    assert (np.diff(scores.dis[order]) >= -1e-15).all()
    assert scores.total == pytest.approx(scores.score.sum())
    assert all(0 <= share <= 1 for share in scores.contribution.values())
    if scores.contribution:
        assert sum(scores.contribution.values()) >= 1 - 1e-12
    if fraction == 1:
        assert set(scores.dis.tolist()) <= {0.0, 1.0}
    search = search_subsets(context)
    for name, share in scores.contribution.items():
        part = column_scores(search, context.classes.n_classes, name, scoring)
        assert (part <= scores.score + 1e-12).all()
        assert part.sum() == pytest.approx(share * scores.total)


def read(name):
    path = REFERENCE / name
    if not path.is_file():
        pytest.skip("the reference figures are not beside the project")
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_francdat_record_by_record(context_of):
    table, wanted = pd.DataFrame(read("francdat.csv")), read("francdat_records.csv")
    keys = ["Key1", "Key2", "Key3", "Key4"]
    context = context_of(table, quasi=keys)
    search = search_subsets(context)
    for fraction, scoring, score_column, dis_column in (
        (0.01, "elliot", "suda_score", "dis_suda"),
        (0.1, "elliot", "suda_score", "dis_suda_f0.1"),
        (0.01, "ihsn", "suda_score_ihsn", "dis_suda_ihsn"),
    ):
        scores, class_of = scored(context, fraction, scoring)
        score = [float(row[score_column]) for row in wanted]
        assert scores.score[class_of] == pytest.approx(score, abs=1e-12)
        dis = [float(row[dis_column]) for row in wanted]
        assert scores.dis[class_of] == pytest.approx(dis, rel=SINGLE)
    scores, class_of = scored(context)
    for key in keys:
        part = column_scores(search, context.classes.n_classes, key)[class_of]
        share = part / np.where(scores.score > 0, scores.score, 1)[class_of]
        assert share == pytest.approx([float(row[f"suda_contrib_{key}"]) for row in wanted])


@pytest.mark.parametrize("name", ["francdat", "adult4"])
@pytest.mark.parametrize(
    ("scoring", "fraction"), [("elliot", 0.01), ("elliot", 0.1), ("ihsn", 0.01)]
)
def test_summaries_of_sdcmicro(context_of, request, name, scoring, fraction):
    wanted = read(f"{name}.json")
    keys = [column.replace("_", "-") for column in wanted["config"]["suda"]]
    table = request.getfixturevalue("adult") if name == "adult4" else read("francdat.csv")
    scores, class_of = scored(context_of(pd.DataFrame(table), quasi=keys), fraction, scoring)
    fact = wanted[f"suda2_{scoring}_dis{fraction}"]
    assert int((scores.score[class_of] > 0).sum()) == fact["n_score_gt0"]
    assert int((scores.dis[class_of] > 0.1).sum()) == fact["n_dis_gt_0.1"]
    for values, key, digits in ((scores.score, "score", 1e-12), (scores.dis, "dis", SINGLE)):
        by_record = values[class_of]
        assert math.fsum(by_record) == pytest.approx(fact[key]["sum"], rel=digits)
        assert by_record.max() == pytest.approx(fact[key]["max"], rel=digits)
        assert by_record.mean() == pytest.approx(fact[key]["mean"], rel=digits)
    for row in fact["attribute_contributions"]:
        share = 100 * scores.contribution[row["variable"].replace("_", "-")]
        assert share == pytest.approx(row["contribution"], rel=1e-12)


@pytest.mark.parametrize("trap", ["suda_guide", "suda_book"])
def test_the_golden_facts_are_those_of_the_reference(trap):
    wanted = read("traps.json")[trap]
    fact = FACTS[{"suda_guide": "guideline", "suda_book": "book"}[trap]]
    assert fact["columns"] == wanted["data"]
    assert fact["score"] == wanted["score_elliot"]


def test_a_missing_value_is_a_value_where_sdcmicro_leaves_it_out(context_of):
    # sdcMicro: a missing cell forms no item, so nobody is unique by it. Here the second person
    # is unique by a, because nobody else has no value there; the verdicts read it so too.
    context = context_of({"a": ["1", None, "1"], "b": list("xxx")}, quasi=["a", "b"])
    scores, class_of = scored(context)
    assert scores.score[class_of].tolist() == [0, 2, 0]
