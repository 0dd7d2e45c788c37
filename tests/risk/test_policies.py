"""The presets, each against its source and on tables made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.identifiers import detected
from microdata.measure import Estimate
from microdata.profile import profile, suggested_roles
from microdata.readers import dataset_from_frame, read_dataset
from microdata.release import Release, ReleasedColumn
from microdata.roles import Roles
from microdata.safe_harbor import HIPAA_CLASSES, RESTRICTED_ZIP3
from risk.policy import PRESETS

DEMO = Path(__file__).resolve().parents[2] / "demo_data"
K = ("models", "k-anonymity")
ATTESTED = {"no_actual_knowledge": "yes"}


@pytest.mark.parametrize(
    ("name", "size", "status"),
    [
        ("k3", 3, "precedent"),
        ("k5", 5, "precedent"),
        ("k10", 10, "convention"),
        ("k11", 11, "precedent"),
        ("k20", 20, "precedent"),
        ("school10", 10, "convention"),
        ("cms11", 11, "guidance"),
        ("ema-hc", 11, "guidance"),
        ("ipc-low", 11, "guidance"),
        ("ipc-medium", 14, "guidance"),
        ("ipc-high", 20, "guidance"),
    ],
)
def test_a_class_size_passes_at_its_number_and_fails_one_below(name, size, status):
    policy = PRESETS[name]
    assert policy.status == status
    assert f"k = {size}" in policy.requirements[0].title
    assert policy.judge({K: Estimate(value=size)})[0].verdict == "met"
    assert policy.judge({K: Estimate(value=size - 1)})[0].verdict == "not met"


@pytest.mark.parametrize(
    ("name", "status"), [("hipaa-safe-harbor", "law"), ("wp216", "guidance"), ("quebec", "law")]
)
def test_a_policy_without_a_number_says_so_and_was_not_read_again(name, status):
    policy = PRESETS[name]
    assert policy.status == status
    assert policy.class_size is None
    assert policy.disclosure_threshold == 5
    assert "no" in policy.note
    assert {verdict.verdict for verdict in policy.judge({})} == {"not computed"}


def test_no_preset_claims_to_have_been_read_or_that_anything_complies():
    for policy in PRESETS.values():
        assert policy.verified_on is None
        text = f"{policy.title} {policy.note} {policy.setting}".casefold()
        assert "complian" not in text
        assert "certif" not in text


def test_safe_harbor_asks_for_all_eighteen_classes_ages_small_areas_and_knowledge():
    checks = PRESETS["hipaa-safe-harbor"].checks
    assert [c.hipaa_class for c in checks if c.hipaa_class] == list(HIPAA_CLASSES)
    assert len(HIPAA_CLASSES) == 18
    assert {c.check for c in checks} == {"hipaa-class", "ages-over-89", "zip3", "attested"}
    assert len(set(RESTRICTED_ZIP3)) == 17
    assert all(len(code) == 3 for code in RESTRICTED_ZIP3)


def verdicts(frame, answers=ATTESTED, change=lambda release: release):
    release = change(Release.original(encode(dataset_from_frame(pd.DataFrame(frame), "t"))))
    columns = detected(release, Roles(by_column={}))
    judged = PRESETS["hipaa-safe-harbor"].judge({}, columns=columns, answers=answers)
    return {verdict.requirement: verdict for verdict in judged}


def failed(found):
    return {title for title, verdict in found.items() if verdict.verdict == "not met"}


def test_a_table_with_names_and_a_race_fails_for_the_names_alone():
    names = [f"Q{i}" for i in range(60)]
    found = verdicts({"surname": names, "race": ["White", "Black", "Brown"] * 20})
    assert failed(found) == {"No names are released"}
    assert "'surname'" in found["No names are released"].why
    assert "'race'" not in "".join(verdict.why for verdict in found.values())


def test_a_table_of_coarse_columns_meets_every_computed_rule():
    frame = {
        "zip": ["130**", "021**"] * 30,
        "age": ["20-29", ">=90"] * 30,
        "admission": ["2019", "2020"] * 30,
        "diagnosis": ["flu", "asthma"] * 30,
    }
    found = verdicts(frame)
    assert {verdict.verdict for verdict in found.values()} == {"met"}
    unanswered = verdicts(frame, answers={})
    assert [v.verdict for v in unanswered.values()].count("not computed") == 1


def test_each_trap_fails_its_own_rule():
    def rules(**frame):
        return failed(verdicts(frame))

    assert rules(age=["91", "30"] * 30) == {
        "Ages over 89, and years that tell them, are one group of 90 or older"
    }
    assert rules(zip=["036**", "130**"] * 30) == {
        "Three digits of a ZIP code stand only for areas of more than 20,000 people"
    }
    assert rules(admission=["2019-03-01", "2019-04-02"] * 30) == {
        "No element of a date about a person other than the year is released"
    }
    assert rules(ip=["10.0.0.1", "10.0.0.2"] * 30) == {"No IP addresses are released"}


def test_dropping_and_generalising_change_the_verdict():
    frame = {"email": [f"p{i}@example.org" for i in range(60)], "zip": ["13053", "02139"] * 30}
    assert len(failed(verdicts(frame))) == 3
    assert len(failed(verdicts(frame, change=lambda release: release.without(("email",))))) == 2

    def coarse(release):
        rows = [("13053", "130**"), ("02139", "021**")]
        domain = replace(release.source.domain("zip"), hierarchy=Hierarchy.from_rows("zip", rows))
        return release.without(("email",)).with_columns(ReleasedColumn.generalized(domain, 1))

    assert not failed(verdicts(frame, change=coarse))


def test_the_hospital_table_is_told_what_it_holds():
    dataset = read_dataset((DEMO / "hospital.csv").read_bytes(), "hospital.csv")
    columns = detected(Release.original(encode(dataset)), suggested_roles(profile(dataset)))
    judged = PRESETS["hipaa-safe-harbor"].judge({}, columns=columns)
    assert sum(verdict.verdict == "not met" for verdict in judged) == 7
    assert all(not verdict.why.startswith(("=", "+", "-", "@")) for verdict in judged)


@pytest.mark.parametrize("name", ["<script>alert(1)</script> email", "=HYPERLINK(1) email"])
def test_a_hostile_column_name_is_quoted_inside_a_sentence(name):
    found = verdicts({name: [f"p{i}@example.org" for i in range(60)]})
    why = found["No e-mail addresses are released"].why
    assert why.startswith(f"The column {name!r} seems to hold")


@pytest.mark.parametrize("name", ["wp216", "quebec"])
def test_three_criteria_follow_from_the_figures(name):
    policy = PRESETS[name]
    assert [check.criterion for check in policy.checks] == [
        "singling-out",
        "linkability",
        "inference",
    ]
    figures = {
        ("uniqueness", "sample"): Estimate(value=0.0),
        K: Estimate(value=12),
        ("reidentification", "prosecutor", "highest"): Estimate(value=1 / 10),
        ("models", "l-diversity", "hiv", "distinct"): Estimate(value=1),
    }
    judged = policy.judge(figures)
    assert [verdict.verdict for verdict in judged] == ["met", "not computed", "not met"]
    assert judged[0].why.startswith("Protected on the marks of this product: ")
    assert "a person must weigh" in judged[1].why
    assert "Tables elsewhere that hold other columns" in judged[1].why
    assert judged[2].why.startswith(
        "Exposed: different values in the least diverse group (column 'hiv')"
    )
    unique = policy.judge(figures | {("uniqueness", "sample"): Estimate(value=0.001)})
    assert unique[0].verdict == "not met"
