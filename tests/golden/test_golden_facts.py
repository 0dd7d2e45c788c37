"""The small golden tables agree with their stated figures, recomputed without the product."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import accumulate, combinations
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def load(name: str):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


INPATIENTS = load("inpatients.json")
WILDCARD = load("wildcard.json")
SUDA = load("suda.json")
TRAPS = load("pycanon_traps.json")

# --- Attribute disclosure by hand ----------------------------------------------------------------


def shares(values) -> dict[object, Fraction]:
    counts = Counter(values)
    return {value: Fraction(count, len(values)) for value, count in counts.items()}


def equal_distance(inside: list, everyone: list) -> Fraction:
    p, q = shares(inside), shares(everyone)
    return sum(abs(p.get(v, Fraction(0)) - q[v]) for v in q) / 2


def ordered_distance(inside: list, everyone: list) -> Fraction:
    values = sorted(set(everyone))
    if len(values) == 1:
        return Fraction(0)
    p, q = shares(inside), shares(everyone)
    steps = accumulate(p.get(v, Fraction(0)) - q[v] for v in values)
    return sum(abs(step) for step in steps) / (len(values) - 1)


def entropy_l(inside: list) -> float:
    return math.exp(-sum(p * math.log(p) for p in shares(inside).values()))


def recursive_c_above(inside: list, length: int) -> Fraction | None:
    counts = sorted(Counter(inside).values(), reverse=True)
    tail = sum(counts[length - 1 :])
    return Fraction(counts[0], tail) if tail else None


def gains(inside: list, everyone: list) -> dict[object, Fraction]:
    p, q = shares(inside), shares(everyone)
    return {v: (p[v] - q[v]) / q[v] for v in p if p[v] > q[v]}


def enhanced_beta(inside: list, everyone: list) -> Fraction | None:
    q = shares(everyone)
    found = gains(inside, everyone)
    if any(gain > -math.log(q[v]) for v, gain in found.items()):
        return None
    return max(found.values(), default=Fraction(0))


def delta_present(inside: list, everyone: list) -> float:
    p, q = shares(inside), shares(everyone)
    return max(abs(math.log(p[v] / q[v])) for v in p)


def fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


CONDITIONS = [row[3] for row in INPATIENTS["original"]]


def test_inpatient_classes_are_those_of_the_anonymous_table():
    rows_of = defaultdict(list)
    for place, row in enumerate(INPATIENTS["anonymous"]):
        rows_of[tuple(row[:3])].append(place)
    assert list(rows_of.values()) == [fact["rows"] for fact in INPATIENTS["classes"]]
    assert [row[3] for row in INPATIENTS["anonymous"]] == CONDITIONS
    assert min(map(len, rows_of.values())) == INPATIENTS["table"]["k"]
    assert len(rows_of) == INPATIENTS["table"]["classes"]
    assert INPATIENTS["table"]["average_risk"] == len(rows_of) / len(CONDITIONS)


@pytest.mark.parametrize("place", range(3))
def test_inpatient_class_figures(place):
    fact = INPATIENTS["classes"][place]
    inside = [CONDITIONS[row] for row in fact["rows"]]
    assert len(inside) == fact["size"]
    assert len(set(inside)) == fact["distinct"]
    assert entropy_l(inside) == pytest.approx(fact["entropy"], abs=5e-5)
    for length, stated in fact["recursive_c_above"].items():
        assert recursive_c_above(inside, int(length)) == fraction(stated)
    assert max(shares(inside).values()) == fraction(fact["alpha"])
    assert equal_distance(inside, CONDITIONS) == fraction(fact["t_equal"])
    assert max(gains(inside, CONDITIONS).values()) == fraction(fact["beta"])
    assert enhanced_beta(inside, CONDITIONS) == fraction(fact["enhanced_beta"])
    present = delta_present(inside, CONDITIONS)
    assert present == pytest.approx(fact["delta_ln_present"], abs=5e-5)
    assert present / math.log(2) == pytest.approx(fact["delta_log2_present"], abs=5e-5)
    lacking = set(CONDITIONS) - set(inside)
    assert (fact["delta_strict"] == "infinite") is bool(lacking)


def test_inpatient_table_has_the_worst_class():
    table, by_class = INPATIENTS["table"], INPATIENTS["classes"]
    assert table["distinct"] == min(fact["distinct"] for fact in by_class)
    assert table["entropy"] == min(fact["entropy"] for fact in by_class)
    assert table["alpha"] == max(fraction(fact["alpha"]) for fact in by_class)
    assert fraction(table["t_equal"]) == max(fraction(fact["t_equal"]) for fact in by_class)
    assert table["t_equal_rounded"] == round(float(fraction(table["t_equal"])), 4)
    assert table["beta"] == pytest.approx(float(max(fraction(f["beta"]) for f in by_class)))
    assert table["enhanced_beta"] is None
    assert any(fact["enhanced_beta"] is None for fact in by_class)
    for key in ("delta_ln_present", "delta_log2_present"):
        assert table[key] == max(fact[key] for fact in by_class)
    infinite = sum(fact["delta_strict"] == "infinite" for fact in by_class)
    assert table["delta_classes_infinite"] == infinite
    for key, stated in INPATIENTS["stated"].items():
        assert [float(fraction(fact[key])) for fact in by_class] == pytest.approx(stated, abs=5e-5)


def test_inpatient_inference_attack():
    fact = INPATIENTS["table"]["inference"]
    n = len(CONDITIONS)
    groups = [[CONDITIONS[row] for row in known["rows"]] for known in INPATIENTS["classes"]]
    accuracy = Fraction(sum(max(Counter(group).values()) for group in groups), n)
    prior = max(shares(CONDITIONS).values())
    right = Fraction(0)
    for group in groups:
        for value in group:
            rest = Counter(group) - Counter([value])
            winners = [other for other, count in rest.items() if count == max(rest.values())]
            right += Fraction(winners.count(value), len(winners))
    assert accuracy == fraction(fact["accuracy"])
    assert prior == fraction(fact["prior"])
    assert (accuracy - prior) / (1 - prior) == fraction(fact["advantage"])
    assert right / n == fraction(fact["leave_one_out"])


@pytest.mark.parametrize("fact", INPATIENTS["ordered_distance"]["classes"])
def test_salary_distances(fact):
    everyone = INPATIENTS["ordered_distance"]["values"]
    assert ordered_distance(fact["values"], everyone) == pytest.approx(fact["distance"], abs=5e-5)


# --- Missing values that match everything --------------------------------------------------------


def rows_of(columns) -> list[tuple]:
    return list(zip(*columns.values(), strict=True))


def match(one: tuple, other: tuple) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", ["missing_cells", "missing_row_and_column"])
def test_wildcard_counts(name):
    fact = WILDCARD[name]
    rows = rows_of(fact["columns"])
    neighbours = [[match(row, other) for other in rows] for row in rows]
    assert [sum(near) for near in neighbours] == fact["sample_counts"]
    weighted = [
        sum(w for w, hit in zip(fact["weights"], near, strict=True) if hit) for near in neighbours
    ]
    assert weighted == fact["weighted_counts"]


def test_individual_risk_of_singletons_and_pairs():
    fact = WILDCARD["individual_risk"]
    rows = rows_of(fact["columns"])
    weight = Counter()
    for row, w in zip(rows, fact["weights"], strict=True):
        weight[row] += w
    count = Counter(rows)
    for row, stated in zip(rows, fact["exact"], strict=True):
        p = count[row] / weight[row]
        q, log = 1 - p, math.log(1 / p)
        closed = {
            1: p / q * log,
            2: p / q - (p / q) ** 2 * log,
            3: p / (2 * q**3) * (q * (3 * q - 2) + 2 * p**2 * log),
        }
        assert stated == pytest.approx(closed[count[row]], abs=6e-9)


def test_diversity_where_keys_are_missing():
    fact = WILDCARD["diversity_where_keys_are_missing"]
    rows = rows_of(fact["columns"])
    assert [sum(match(row, other) for other in rows) for row in rows] == fact["sample_counts"]
    inside = [
        [s for other, s in zip(rows, fact["sensitive"], strict=True) if other == row]
        for row in rows
    ]
    assert [len(set(values)) for values in inside] == fact["distinct_own_category"]
    assert [entropy_l(v) for v in inside] == pytest.approx(fact["entropy_own_category"], abs=1e-6)


def test_diversity_leaves_missing_sensitive_values_out():
    fact = WILDCARD["diversity_where_the_sensitive_value_is_missing"]
    values = defaultdict(set)
    for (key,), s in zip(rows_of(fact["columns"]), fact["sensitive"], strict=True):
        values[key] |= set() if s is None else {s}
    assert [len(values[key]) for (key,) in rows_of(fact["columns"])] == fact["distinct"]
    assert fact["distinct"] != fact["distinct_of_sdcmicro_which_is_wrong"]


# --- Special uniques -----------------------------------------------------------------------------


def minimal_sample_uniques(columns) -> list[list[tuple[str, ...]]]:
    names, rows = list(columns), rows_of(columns)
    found: list[list[tuple[str, ...]]] = [[] for _ in rows]
    for size in range(1, len(names) + 1):
        for subset in combinations(range(len(names)), size):
            keys = [tuple(row[i] for i in subset) for row in rows]
            counts = Counter(keys)
            for place, key in enumerate(keys):
                chosen = tuple(names[i] for i in subset)
                if counts[key] == 1 and not any(set(m) <= set(chosen) for m in found[place]):
                    found[place].append(chosen)
    return found


@pytest.mark.parametrize("name", SUDA)
def test_suda_scores(name):
    fact = SUDA[name]
    found = minimal_sample_uniques(fact["columns"])
    m = len(fact["columns"])
    scores = [sum(math.factorial(m - len(s)) for s in subsets) for subsets in found]
    assert scores == fact["score"]
    if "score_ihsn" in fact:
        ihsn = [sum((2 ** (m - len(s)) - 1) / math.comb(m, len(s)) for s in row) for row in found]
        assert ihsn == pytest.approx(fact["score_ihsn"])
    for column, percent in fact.get("contribution_percent", {}).items():
        part = sum(math.factorial(m - len(s)) for subsets in found for s in subsets if column in s)
        assert 100 * part / sum(scores) == percent


# --- pyCANON's traps -----------------------------------------------------------------------------


def figure(name: str, groups: list[list], everyone: list):
    present = [[s for s in group if s is not None] for group in groups]
    if name in {"distinct_l", "entropy_l"} and not all(present):
        return None
    worst = {
        "k": lambda: min(map(len, groups)),
        "classes": lambda: len(groups),
        "average_risk": lambda: len(groups) / len(everyone),
        "discernibility": lambda: sum(len(group) ** 2 for group in groups),
        "distinct_l": lambda: min(len(set(group)) for group in present),
        "entropy_l": lambda: min(map(entropy_l, present)),
        "alpha": lambda: max(max(shares(group).values()) for group in present),
        "t_equal": lambda: max(equal_distance(group, everyone) for group in present),
        "t_ordered": lambda: max(ordered_distance(group, everyone) for group in present),
        "beta": lambda: max(max(gains(group, everyone).values()) for group in present),
        "recursive_c_above": lambda: max(recursive_c_above(g, len(set(g))) for g in present),
        "delta_ln_present": lambda: max(delta_present(group, everyone) for group in present),
        "delta_log2_present": lambda: figure("delta_ln_present", groups, everyone) / math.log(2),
        "classification_metric": lambda: (
            sum(len(group) - max(Counter(group).values()) for group in present) / len(everyone)
        ),
    }
    if name == "enhanced_beta":
        found = [enhanced_beta(group, everyone) for group in present]
        return None if None in found else max(found)
    if name == "delta_strict":
        lacking = any(set(everyone) - set(group) for group in present)
        return "infinite" if lacking else figure("delta_ln_present", groups, everyone)
    return worst[name]()


@pytest.mark.parametrize("trap", TRAPS, ids=[f"{t['row']}: {t['what']}" for t in TRAPS])
def test_right_answers_of_the_traps(trap):
    keys = rows_of({name: trap["columns"][name] for name in trap["quasi_identifiers"]})
    everyone = trap["columns"].get(trap.get("sensitive"), [0] * len(keys))
    groups = defaultdict(list)
    for key, s in zip(keys, everyone, strict=True):
        groups[key].append(s)
    assert trap["expected"]
    for name, stated in trap["expected"].items():
        value = figure(name, list(groups.values()), everyone)
        assert value == (pytest.approx(stated) if isinstance(stated, float) else stated), name


def test_traps_state_what_pycanon_says_instead():
    for trap in TRAPS:
        if trap["row"] != "4":  # five equal values are the one case it gets right
            assert trap["pycanon"] != trap["expected"]
