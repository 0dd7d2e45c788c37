from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.measure import Estimate
from microdata.roles import Role, Roles
from reports.likelihood import PUBLIC
from reports.register import (
    LARGE,
    Risk,
    measure_titles,
    modulating_factors,
    risk_register,
    worst_first,
)
from reports.stage import Stage
from reports.wording import shorten
from risk.policy import load_policy

COMPUTED = ("reidentification", "attribute", "access")
PARTNER = {"audience": "partner", "controls": ["secure_room"], "motive": "low"}
CHANGED = {
    "severity": 3, "likelihood": 2, "residual_likelihood": 1, "impact": "A wrong dose",
    "source": "A typing mistake", "measures": "Two people check",
}  # fmt: skip


def risks_of(assessment, **answers):
    given_answers = MappingProxyType({"severity": 3} | answers)
    return {risk.key: risk for risk in risk_register(replace(assessment, answers=given_answers))}


def table(k, distinct=2):
    figures = {
        ("classes", "smallest"): Estimate(value=k),
        ("models", "l-diversity", "illness", "distinct"): Estimate(value=distinct),
    }
    return Stage(figures=figures, sizes={k: 1})


def test_the_three_computed_risks_then_the_three_events_then_the_users(released):
    found = risks_of(released, risks=[{"title": "Stigma"}, {}])
    assert tuple(found) == (*COMPUTED, "change", "loss", "own 1", "own 2")
    assert [found[key].origin for key in found] == ["computed"] * 3 + ["asked"] * 4
    assert found["own 1"].title == "Stigma"
    assert found["own 2"].title == "A risk without a name"


def test_reidentification_is_by_design_after_a_release_and_an_event_after_a_leak(released):
    found = risks_of(released)
    assert found["reidentification"].kind == found["attribute"].kind == "by design"
    assert found["access"].kind == "event"


def test_what_is_told_of_a_whole_group_is_a_row_of_its_own(released):
    made = replace(released, after=table(50, distinct=1))
    found = risks_of(made, confirmed_by="A. Person")
    assert found["reidentification"].residual_likelihood == 1
    assert found["attribute"].residual_likelihood == 4
    assert "illness" in found["attribute"].impact


def test_before_and_now_are_both_there_by_the_same_rule(released):
    made = replace(released, before=table(2), after=table(11))
    for key in COMPUTED:
        risk = risks_of(made)[key]
        assert (risk.likelihood, risk.residual_likelihood) == (4, 2), key
        assert risk.severity == risk.residual_severity == 3


def test_a_leak_is_not_lowered_by_a_context(released):
    made = replace(released, after=table(11))
    found = risks_of(made, confirmed_by="A. Person", **PARTNER)
    assert found["reidentification"].residual_likelihood == 1
    assert found["access"].residual_likelihood == 2
    assert PUBLIC not in found["access"].reasons


def test_a_leak_tells_what_a_whole_group_shares_whatever_its_size(released):
    same = {("models", "l-diversity", "illness", "distinct"): Estimate(value=1)}
    after = replace(released.after, figures={**released.after.figures, **same})
    found = risks_of(replace(released, after=after), audience="partner")
    assert found["reidentification"].residual_likelihood == 3
    assert found["access"].residual_likelihood == 4
    assert any("'illness'" in reason for reason in found["access"].reasons)


def test_a_leak_is_not_negligible_without_a_name(released):
    made = replace(released, after=table(50))
    assert risks_of(made)["access"].residual_likelihood == 2
    assert risks_of(made, confirmed_by="A. Person")["access"].residual_likelihood == 1


def test_without_a_sensitive_attribute_or_without_rows_nothing_is_invented(released):
    bare = Stage(figures={("classes", "smallest"): Estimate(value=5)}, sizes={5: 1})
    assert "attribute" not in risks_of(replace(released, before=bare, after=None))
    empty = Stage(figures={}, sizes={})
    found = risks_of(replace(released, after=empty))
    assert found["reidentification"].residual_likelihood is None
    assert found["reidentification"].residual is None


def test_change_and_loss_are_as_the_user_judged_them(released):
    found = risks_of(released, change=CHANGED)
    assert (found["change"].inherent, found["change"].residual) == ("amber", "amber")
    assert found["change"].residual_severity == 3
    assert found["change"].residual_likelihood == 1
    assert found["change"].measures == ("Two people check",)
    assert (found["loss"].severity, found["loss"].likelihood, found["loss"].residual) == (
        None, None, None,
    )  # fmt: skip


def test_measures_without_a_judgement_change_nothing(released):
    said = {"severity": 4, "likelihood": 3, "measures": "A backup"}
    risk = risks_of(released, loss=said)["loss"]
    assert (risk.residual_severity, risk.residual_likelihood) == (4, 3)


def test_every_row_reads_its_cells_from_the_matrix_of_the_policy(released):
    harsh = (("red",) * 4,) * 4
    own = replace(load_policy("k5"), id="own", matrix=harsh)
    found = risks_of(replace(released, policy=own), change=CHANGED, risks=[CHANGED])
    cells = {cell for risk in found.values() for cell in (risk.inherent, risk.residual) if cell}
    assert cells == {"red"}


def test_measures_are_the_steps_and_what_the_user_named(released):
    answers = {"measures": [{"title": "A contract", "status": "planned"}, {"status": "planned"}]}
    titles = measure_titles(replace(released, answers=answers))
    assert titles == (*(shorten(step, 120) for step in released.recipe_text), "A contract")


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ({"vulnerable": "weak"}, "weak position"),
        ({"vulnerable": "children"}, "weak position"),
        ({"audience": "public"}, "cannot be taken back"),
        ({"acquaintance": "yes"}, "may know some"),
        ({"audience": "partner", "controls": ["contract"]}, "Mitigating"),
    ],
)
def test_what_aggravates_and_mitigates_follows_from_the_answers(released, answers, word):
    none = " ".join(modulating_factors(replace(released, answers={})))
    some = " ".join(modulating_factors(replace(released, answers=answers)))
    assert word not in none
    assert word in some


def test_nothing_binds_the_receivers_of_a_public_release(released):
    answers = {"audience": "public", "controls": ["secure_room"]}
    assert "Mitigating" not in " ".join(modulating_factors(replace(released, answers=answers)))


@pytest.mark.parametrize(("people", "aggravating"), [(LARGE - 1, False), (LARGE, True)])
def test_many_people_aggravate(released, people, aggravating):
    many = replace(released, after=Stage(figures={}, sizes={people: 1}), answers={})
    assert (f"{people:,} people" in " ".join(modulating_factors(many))) is aggravating


LEVEL = st.none() | st.integers(1, 4)


@given(st.lists(st.tuples(LEVEL, LEVEL), max_size=8))
def test_the_worst_risks_lead_and_those_without_a_cell_follow_the_red(levels):
    risks = tuple(
        Risk(
            key=str(i), title="", impact="", source="", kind="event", origin="asked",
            residual_severity=severity, residual_likelihood=chance,
        )
        for i, (severity, chance) in enumerate(levels)
    )  # fmt: skip
    ordered = worst_first(risks)
    rank = {"red": 0, None: 1, "amber": 2, "green": 3}
    assert sorted(risk.key for risk in ordered) == sorted(risk.key for risk in risks)
    ranks = [rank[risk.residual] for risk in ordered]
    assert ranks == sorted(ranks)


def test_a_row_as_json_holds_its_cells(released):
    data = risks_of(released, change=CHANGED)["change"].to_json()
    assert (data["inherent"], data["residual"], data["origin"]) == ("amber", "amber", "asked")


def test_a_title_of_blanks_is_no_title_and_nothing_beside_something_binds_nobody(released):
    assert risks_of(released, risks=[{"title": " \n "}])["own 1"].title == "A risk without a name"
    bound = {"audience": "partner", "controls": ["none", "secure_room"]}
    assert not any("Mitigating" in one for one in modulating_factors(told(released, bound)))
    bound["controls"] = ["secure_room"]
    assert any("Mitigating" in one for one in modulating_factors(told(released, bound)))


def told(assessment, answers):
    return replace(assessment, answers=answers)


def test_one_fact_becomes_known_and_two_become_known(released):
    assert "illness becomes known" in risks_of(released)["attribute"].impact
    by_column = {**released.roles.by_column, "town": Role.SENSITIVE}
    found = risks_of(replace(released, roles=Roles(by_column=by_column)))["attribute"]
    assert "town and illness become known" in found.impact


def test_one_red_risk_of_the_user_keeps_the_verdict_from_being_the_best(released):
    calm = PARTNER | {"severity": 1, "severity_reason": "A class exercise with made-up people."}
    assert told(released, calm).overall == "acceptable with conditions"  # membership is not known
    known = {
        ("attacks", "membership", key): Estimate(value=0.0)
        for key in ("advantage", "tpr_at_1_percent_fpr")
    }
    after = replace(released.after, figures={**released.after.figures, **known})
    released = replace(released, after=after)
    best = told(released, calm)
    assert best.overall == "acceptable on the computed evidence"
    for likelihood, verdict in ((4, "acceptable with conditions"), (1, best.overall)):
        own = {"title": "Stigma", "severity": 3, "likelihood": likelihood}
        assert told(released, calm | {"risks": [own]}).overall == verdict


def test_of_two_red_risks_the_one_with_more_severity_and_likelihood_comes_first(released):
    own = [
        {"title": "Red", "severity": 3, "likelihood": 3},
        {"title": "Redder", "severity": 4, "likelihood": 4},
    ]
    order = [risk.title for risk in worst_first(risk_register(told(released, {"risks": own})))]
    assert order.index("Redder") < order.index("Red")
