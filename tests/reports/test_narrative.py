from dataclasses import replace

import pytest

from microdata.measure import Estimate, NotComputed
from reports.assessment import assess
from reports.document.verdicts import likelihood_words
from reports.headline import headline_rows, people_below, policy_size
from reports.narrative import (
    assumption_lines,
    caveat_lines,
    criterion_words,
    figure_rows,
    limits_line,
    not_computed,
    open_items,
    overall_reason,
    policy_sentence,
    recipe_lines,
    risk_sentence,
)
from reports.questionnaire import judge, questions_of, unanswered
from reports.stage import Stage
from reports.wording import format_share
from risk.criteria import criteria
from risk.policy import PRESETS, Verdict, load_policy
from transforms.recipe import Recipe


def stage(sizes, **figures):
    return Stage(figures=figures.get("figures", {}), sizes=sizes)


def test_people_alone_are_counted_out_of_all():
    text = risk_sentence(stage({1: 14021, 2: 2026}), ["age", "sex"])
    assert text == (
        "14,021 of 18,073 people (77.6 %) are alone in their class: whoever knows age and sex "
        "finds them with certainty."
    )


def test_one_person_alone_is_singular():
    assert "1 of 6 people (16.7 %) is alone" in risk_sentence(stage({1: 1, 5: 1}), ["age"])


def test_without_people_alone_the_smallest_group_speaks():
    text = risk_sentence(stage({5: 2}), ["age"])
    assert "at least 4 look-alikes (k = 5)" in text
    assert "at most 1 in 5 (20.0 %)" in text
    assert "1 look-alike (k = 2)" in risk_sentence(stage({2: 1}), ["age"])


def test_an_empty_release_says_so():
    assert risk_sentence(stage({})) == "Nobody is left in the table: every record was left out."


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (("met",), "The computed rules of Class size 5 are met."),
        (("not met",), "The rule of Class size 5 is not met."),
        (
            ("not met", "met", "not computed"),
            "1 of 3 rules of Class size 5 is not met; 1 could not",
        ),
        (("met", "not computed"), "1 of 2 rules of Class size 5 could not be computed."),
    ],
)
def test_the_policy_sentence_counts_rules_and_claims_nothing_else(said, text):
    verdicts = [Verdict(policy="k5", requirement="r", verdict=v, why="w") for v in said]
    sentence = (
        f"{risk_sentence(stage({5: 2}), ['age'])} {policy_sentence(load_policy('k5'), verdicts)}"
    )
    assert text in sentence
    assert "compliant" not in sentence


def test_the_policy_size_is_the_class_size_it_asks_for():
    assert {name: policy_size(policy) for name, policy in PRESETS.items()} == {
        name: policy.class_size or 5 for name, policy in PRESETS.items()
    }
    assert policy_size(None) == 5
    assert policy_size(load_policy("k20")) == 20


def test_people_below_a_size_are_people_not_classes():
    assert people_below(stage({1: 3, 4: 2, 5: 9}), 5) == 11


def test_the_scoreboard_tells_before_now_and_the_change(released):
    tiles = {row.id: row for row in headline_rows(released.before, released.after, size=5)}
    assert list(tiles) == ["smallest", "highest", "at-risk", "left-out", "detail"]
    assert (tiles["smallest"].before, tiles["smallest"].now) == ("1", "8")
    assert tiles["smallest"].change == "better"
    assert tiles["smallest"].arrow == "▲"
    assert tiles["highest"].before == "certain (100 %)"
    assert tiles["highest"].now == "1 in 8 (12.5 %)"
    assert tiles["at-risk"].before == "160 (100 %)"
    assert tiles["at-risk"].now == "0 (0 %)"
    assert tiles["left-out"].now == "2 (1.25 %)"
    assert tiles["left-out"].change == "worse"
    assert tiles["detail"].before == "100 %"


def test_without_a_release_nothing_is_better_or_worse(original_only):
    rows = headline_rows(original_only.before)
    assert {row.change for row in rows} == {""}
    assert all(row.before == row.now for row in rows)


def test_the_table_holds_every_figure_of_both_stages(released):
    rows = figure_rows(released)
    assert {row.path for row in rows} == set(released.before.figures) | set(released.after.figures)
    sections = [row.section for row in rows]
    assert sections == sorted(sections, key=list(dict.fromkeys(sections)).index)


def test_an_estimate_is_called_one(released):
    figures = {
        ("uniqueness", "population", "pitman"): Estimate(
            value=0.09, low=0.03, high=0.2, method="pitman", caveats=("A caveat.",)
        ),
    }
    rows = figure_rows(replace(released, before=replace(released.before, figures=figures)))
    row = next(row for row in rows if row.path[-1] == "pitman")
    assert row.obtained == "estimated (pitman)"
    assert row.before == "3.00–20.0 %, estimated"
    assert row.after == "not part of this assessment"
    assert caveat_lines([row]) == (f"{row.name}: A caveat.",)


def test_gaps_are_listed_by_reason(released):
    figures = {
        ("models", "alpha"): NotComputed(reason="Because."),
        ("x",): NotComputed(reason="Y."),
    }
    only = replace(released, before=replace(released.before, figures=figures), after=None)
    assert not_computed(only) == (
        ("Because.", "Largest share of one value in a group (alpha)"),
        ("Y.", "X"),
    )


def test_assumptions_name_population_missing_rule_unit_and_order(released):
    lines = " ".join(assumption_lines(released))
    assert "one row is one person" in lines
    assert released.population in lines
    assert "counts as a value of its own" in lines
    assert "Order of the values of 'illness'" in lines
    assert len(set(assumption_lines(released))) == len(assumption_lines(released))


def test_limits_are_always_told():
    assert "membership" in limits_line()


def test_without_a_recipe_it_says_that_nothing_is_done(released, original_only):
    assert recipe_lines(original_only) == ("No step: the table would be shared as it is.",)
    assert len(recipe_lines(released)) == 2
    assert "made elsewhere" in recipe_lines(replace(released, elsewhere="x.csv"))[0]


def test_what_is_not_met_is_open(released):
    verdict = Verdict(policy="k5", requirement="A rule", verdict="not met", why="it is 1")
    failed = replace(released, verdicts=(verdict,))
    assert open_items(failed)[0] == "Not met: A rule. It is 1."
    assert failed.overall == "not acceptable"
    assert overall_reason(failed).startswith("The rule of Class size 5 is not met")


def test_what_only_a_person_can_say_is_asked_where_the_policy_asks(released):
    policy = PRESETS["hipaa-safe-harbor"]
    (key,) = questions_of(policy)
    asked = replace(released, policy=policy)
    assert questions_of(policy)[key] in unanswered(asked)
    assert questions_of(policy)[key] not in unanswered(released)
    said = replace(asked, answers={**asked.answers, "attested": {key: "yes"}})
    assert questions_of(policy)[key] not in unanswered(said)
    judged = [judge(policy, {}, (), given.answers)[-1].verdict for given in (asked, said)]
    assert judged == ["not computed", "met"]


def test_a_criterion_is_told_with_the_figures_that_decide_it_in_their_units(released):
    found = {item.id: item for item in criteria(released.before.figures)}
    told = criterion_words(found["singling-out"])
    share = released.before.value("uniqueness", "sample")
    assert f"{format_share(share)} (exposed above 0" in told
    assert "for no others." in told
    assert "population" in criterion_words(found["membership"])


def test_silence_on_severity_tells_what_the_least_answer_would_come_to(released):
    silent = replace(released, answers={"purpose": "Teaching"})
    assert silent.pia["severity"] is None
    assert "(at 3, the least that the columns suggest, the cell would be red)" in overall_reason(
        silent
    )


def test_nobody_left_is_no_missing_answer(case_of):
    steps = [{"step": "suppress_records", "require": ["k-anonymity=500"]}]
    nobody = assess(case_of(recipe=Recipe.from_json({"version": 1, "steps": steps})))
    assert "not answered" not in overall_reason(nobody)
    assert "nobody is left" in overall_reason(nobody)
    assert "The rule of Class size 5 could not be computed" in overall_reason(nobody)
    assert "(computed)" not in likelihood_words(nobody)
