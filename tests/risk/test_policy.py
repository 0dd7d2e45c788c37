from __future__ import annotations

import copy
import json

import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate, NotComputed
from risk.policy import PRESETS, Policy, load_policy, policy_from_bytes

K = ("models", "k-anonymity")
OWN = {
    "id": "own",
    "title": "Our own rule",
    "setting": "",
    "source": {"title": "Board decision", "date": "2026-01-01"},
    "status": "convention",
    "verified_on": "2026-01-02",
    "note": "",
    "requirements": [
        {"figure": ["models", "k-anonymity"], "at_least": 4, "title": "k = 4", "why": ""},
        {
            "figure": ["models", "t-closeness", "*", "equal"],
            "at_most": 0.2,
            "title": "t = 0.2",
            "why": "",
        },
    ],
}


def t(column):
    return ("models", "t-closeness", column, "equal")


def test_every_preset_asks_for_the_class_size_of_its_source():
    sizes = {name: policy.class_size for name, policy in PRESETS.items()}
    assert sizes == {
        "k3": 3,
        "k5": 5,
        "k10": 10,
        "k11": 11,
        "k20": 20,
        "school10": 10,
        "cms11": 11,
        "ema-hc": 11,
        "ipc-low": 11,
        "ipc-medium": 14,
        "ipc-high": 20,
        "hipaa-safe-harbor": None,
        "wp216": None,
        "quebec": None,
    }
    for name, policy in PRESETS.items():
        assert policy.id == name
        assert policy.source.title
        assert Policy.from_json(policy.to_json()) == policy


def test_a_class_of_11_meets_the_threshold_0_09_and_a_class_of_10_does_not():
    policy = PRESETS["ema-hc"]
    assert policy.judge({K: Estimate(value=11)})[0].verdict == "met"
    verdict = policy.judge({K: Estimate(value=10)})[0]
    assert verdict.verdict == "not met"
    assert verdict.why == "the smallest class is 10, required 11"
    assert verdict.requirement == "Every person has at least 10 look-alikes (k = 11)"
    assert verdict.to_json()["policy"] == "ema-hc"


def test_14_passes_the_medium_threshold_of_ontario_and_13_does_not():
    policy = PRESETS["ipc-medium"]
    assert policy.judge({K: Estimate(value=14)})[0].verdict == "met"
    assert policy.judge({K: Estimate(value=13)})[0].verdict == "not met"


def test_the_disclosure_threshold_is_never_below_5():
    assert PRESETS["k3"].disclosure_threshold == 5
    assert PRESETS["k20"].disclosure_threshold == 20


def test_a_star_asks_for_every_sensitive_attribute():
    policy = Policy.from_json(OWN)
    figures = {K: Estimate(value=4), t("a"): Estimate(value=0.1), t("b"): Estimate(value=0.2)}
    assert [verdict.verdict for verdict in policy.judge(figures)] == ["met", "met"]
    worse = policy.judge(figures | {t("b"): Estimate(value=0.3)})[1]
    assert worse.verdict == "not met"
    assert worse.why == "the largest distance (equal) of b is 0.3, at most 0.2"


def test_what_was_not_computed_is_not_met():
    policy = Policy.from_json(OWN)
    reason = NotComputed(reason="Nobody knows.")
    one = policy.judge({K: reason, t("a"): Estimate(value=0), t("b"): reason})
    assert [verdict.verdict for verdict in one] == ["not computed", "not computed"]
    assert one[0].why == "Nobody knows."
    none = policy.judge({})
    assert [verdict.verdict for verdict in none] == ["not computed", "not computed"]
    failing = policy.judge({t("a"): Estimate(value=0.9), t("b"): reason})
    assert failing[1].verdict == "not met"


def test_a_policy_is_read_from_a_file(tmp_path):
    path = tmp_path / "own.json"
    path.write_text(json.dumps(OWN), encoding="utf-8")
    assert load_policy(path) == load_policy(str(path)) == Policy.from_json(OWN)
    assert load_policy("k5") is PRESETS["k5"]


def change(path, value):
    data = copy.deepcopy(OWN)
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "JSON object"),
        (change(["thresholds"], {}), "unknown keys: 'thresholds'"),
        (change(["source", "author"], "x"), "unknown keys: 'author'"),
        (change(["requirements", 0, "at_mots"], 1), "unknown keys: 'at_mots'"),
        (change(["title"], None), "'title'"),
        (change(["status"], "rule"), "status"),
        (change(["status"], ["law"]), "status"),
        (change(["verified_on"], 2026), "'verified_on'"),
        (change(["requirements"], []), "no requirement"),
        (change(["requirements"], None), "list"),
        (change(["requirements"], [OWN["requirements"][0]] * 201), "more than 200"),
        (change(["requirements", 0, "at_most"], 9), "either"),
        (change(["requirements", 0, "at_least"], None), "either"),
        (change(["requirements", 0, "at_least"], "11"), "number"),
        (change(["requirements", 0, "at_least"], True), "number"),
        (change(["requirements", 0, "at_least"], float("nan")), "number"),
        (change(["requirements", 0, "at_least"], 10**400), "number"),
        (change(["requirements", 0, "at_least"], 10.5), "whole class size"),
        (change(["requirements", 0, "figure"], "models.k-anonymity"), "list of names"),
        (change(["requirements", 0, "figure"], []), "names no figure"),
        (change(["requirements", 0, "figure"], ["model", "k-anonymity"]), "names no figure"),
        (
            change(["requirements", 1, "figure"], ["reidentification", "prosecutor", "highest"]),
            "class size",
        ),
        (
            change(
                ["requirements", 1, "figure"],
                ["reidentification", "prosecutor", "at_risk", "0.1"],
            ),
            "class size",
        ),
    ],
)
def test_a_file_of_another_form_is_refused(data, message):
    with pytest.raises(PrivacyToolError, match=message):
        Policy.from_json(data)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b" " * 1_000_001])
def test_a_damaged_file_is_refused(tmp_path, raw):
    path = tmp_path / "own.json"
    path.write_bytes(raw)
    with pytest.raises(PrivacyToolError, match="policy file"):
        load_policy(path)


def test_an_unknown_policy_names_those_there_are():
    with pytest.raises(PrivacyToolError, match="k3, k5"):
        load_policy("k4")


def test_a_file_that_is_sent_is_read_like_one_on_the_disk():
    raw = json.dumps(OWN).encode()
    assert policy_from_bytes(raw, "own.json") == Policy.from_json(OWN)
    assert policy_from_bytes(b"\xef\xbb\xbf" + raw, "own.json").id == "own"
    for damaged in (b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b" " * 1_000_001):
        with pytest.raises(PrivacyToolError, match="The policy file"):
            policy_from_bytes(damaged, "own.json")


def test_a_preset_cannot_be_replaced_under_its_own_id():
    preset = PRESETS["ema-hc"].to_json()
    assert policy_from_bytes(json.dumps(preset).encode(), "copy.json") == PRESETS["ema-hc"]
    preset["requirements"][0]["at_least"] = 2
    with pytest.raises(PrivacyToolError, match="an id of its own"):
        policy_from_bytes(json.dumps(preset).encode(), "copy.json")


def test_numbers_and_checks_stand_in_one_file():
    check = {"check": "hipaa-class", "class": "F", "title": "No e-mail", "why": ""}
    data = OWN | {"requirements": [check, *OWN["requirements"]]}
    policy = Policy.from_json(data)
    assert [len(policy.requirements), len(policy.checks)] == [2, 1]
    assert Policy.from_json(policy.to_json()) == policy
    verdicts = policy.judge({K: Estimate(value=4), t("a"): Estimate(value=0.1)})
    assert [verdict.verdict for verdict in verdicts] == ["met", "met", "not computed"]
    assert verdicts[2].requirement == "No e-mail"
    assert policy.class_size == 4
