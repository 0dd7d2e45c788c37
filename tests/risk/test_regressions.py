"""What once went wrong, each with the smallest table that shows it."""

import pandas as pd
import pytest

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.measure import Context, Estimate, NotComputed
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from reports.assessment import assess
from reports.case import Case
from risk.criteria import criterion
from risk.failing import failing
from risk.models import KAnonymity
from risk.policy import load_policy
from risk.requirement import Requirement
from risk.scenario import Scenario
from transforms.recipe import Recipe

K3 = load_policy("k3")


def roles_of(quasi=(), sensitive=(), **others):
    by_column = dict.fromkeys(quasi, Role.QUASI_IDENTIFIER)
    by_column |= dict.fromkeys(sensitive, Role.SENSITIVE)
    return Roles(by_column=by_column | {name: Role[role] for role, name in others.items()})


def case(columns, quasi, sensitive=(), *, others=None, **options):
    table = dataset_from_frame(pd.DataFrame(columns), "t.csv")
    return Case(dataset=table, roles=roles_of(quasi, sensitive, **(others or {})), **options)


def test_a_release_without_any_quasi_identifier_is_measured():
    recipe = Recipe.from_json({"version": 1, "steps": [{"step": "drop_column", "columns": ["q"]}]})
    made = assess(case({"q": list("abc"), "s": list("xyz")}, ["q"], ["s"], recipe=recipe))
    assert made.after.value("classes", "smallest") == 3
    assert isinstance(made.after.figure("special_uniques"), NotComputed)


def test_a_criterion_is_not_protected_while_a_class_has_no_known_value():
    columns = {"q": ["a"] * 30 + ["b"] * 30, "s": ["x"] * 20 + ["y"] * 10 + [None] * 30}
    figures = assess(case(columns, ["q"], ["s"])).before.figures
    assert isinstance(figures["models", "l-diversity", "s", "distinct"], NotComputed)
    assert criterion("inference", figures).reading != "protected"


def test_a_population_is_compared_with_persons_and_not_with_rows():
    columns = {"q": list("aabb") * 5, "pid": list("11112222333344445555")}
    assert case(columns, ["q"], others={"PERSON": "pid"}, population=Population(size=10))
    with pytest.raises(PrivacyToolError, match="The population has 4 people"):
        case(columns, ["q"], others={"PERSON": "pid"}, population=Population(size=4))


def test_a_row_without_a_person_is_a_person_of_its_own():
    columns = {"q": list("aabb"), "pid": ["1", "1", None, None]}
    assert case(columns, ["q"], others={"PERSON": "pid"}, population=Population(size=3))
    with pytest.raises(PrivacyToolError, match="the table has 3"):
        case(columns, ["q"], others={"PERSON": "pid"}, population=Population(size=2))


def test_the_sentence_on_missing_values_names_the_reading_that_verdicts_use():
    columns = {"q": ["a", "a", "b", "b", None, None]}
    for missing, words in (("own", "Verdicts use the first"), ("wildcard", "use the second")):
        stage = assess(case(columns, ["q"], missing=missing, policy=K3)).before
        (found,) = (f for f in stage.findings if f.code == "missing-rule-matters")
        assert words in found.message


def test_the_only_group_is_as_the_whole_table_also_where_persons_hold_several_values():
    columns = {"q": ["a"] * 4, "s": ["flu", "cold", "gout", "gout"], "pid": list("1123")}
    hierarchy = Hierarchy.from_rows(
        "s", [("flu", "resp", "*"), ("cold", "resp", "*"), ("gout", "joint", "*")]
    )
    recipe = Recipe.from_json({"version": 1, "steps": [{"step": "generalize", "levels": {"s": 1}}]})
    made = assess(
        case(
            columns,
            ["q"],
            ["s"],
            others={"PERSON": "pid"},
            recipe=recipe,
            hierarchies={"s": hierarchy},
        )
    )
    assert made.after.value("models", "t-closeness", "s", "equal") == pytest.approx(0)
    assert made.after.value("models", "inference", "s", "prior") == pytest.approx(
        made.after.value("models", "inference", "s", "accuracy")
    )


def test_with_a_size_alone_the_journalist_equals_the_prosecutor_under_the_wildcard_rule():
    columns = {"q": ["a"] * 100 + ["b", "b"], "r": ["a"] * 100 + ["x", None]}
    stage = assess(
        case(columns, ["q", "r"], missing="wildcard", population=Population(size=1000))
    ).before
    for end in ("highest", "average", "lowest"):
        assert stage.value("reidentification", "journalist", end) == pytest.approx(
            stage.value("reidentification", "prosecutor", end)
        )
    assert isinstance(stage.figure("reidentification", "journalist_estimated"), NotComputed)


def test_a_journalist_without_a_population_is_judged_on_the_table():
    made = assess(
        case(
            {"q": ["a"] * 6, "r": list("xxxyyy")},
            ["q"],
            policy=K3,
            scenarios=(Scenario(name="J", attacker="journalist", known=("r",)),),
        )
    )
    (found,) = made.scenarios
    assert (found.highest, found.verdict) == (pytest.approx(1 / 3), "met")


def test_a_scenario_may_know_what_the_population_table_lacks():
    population = dataset_from_frame(pd.DataFrame({"q": ["a"] * 60}), "p.csv")
    made = assess(
        case(
            {"q": ["a"] * 6, "r": list("xxxyyy")},
            ["q"],
            population=Population(table=population),
            scenarios=(Scenario(name="J", attacker="journalist", known=("q", "r")),),
        )
    )
    assert made.scenarios[0].highest == pytest.approx(1 / 3)
    assert made.before.value("reidentification", "journalist", "highest") == pytest.approx(1 / 60)


@pytest.mark.parametrize(("value", "met"), [(0.99, True), (1.0, False), (1.01, False)])
def test_delta_disclosure_is_met_only_below_its_limit(value, met):
    rule = Requirement(
        figure=("models", "delta-disclosure", "*", "log2_present"), at_most=1.0, title="t"
    )
    assert rule.met_by(value) is met
    assert rule.threshold_text == "below 1"
    assert Requirement(figure=("models", "alpha", "*"), at_most=1.0, title="t").met_by(1.0)


def test_who_fails_follows_the_rule_for_missing_values():
    columns = {"q": ["a", "a", "b", "b", None, None]}
    made = case(columns, ["q"], missing="wildcard", policy=K3)
    context = made.context(Release.original(made.encoded()))
    assert isinstance(context, Context)
    found = failing(context, KAnonymity(k=4))
    assert found.people == int((context.sizes < 4).sum() * 2)
    assert failing(context, KAnonymity(k=3)).people == 0


def test_what_a_column_does_is_not_told_by_another_rule_for_missing_values():
    made = assess(case({"q": ["a", "a", None], "r": list("xyz")}, ["q", "r"], missing="wildcard"))
    assert made.sensitivity.changes == ()
    assert "value of its own" in made.sensitivity.left_out


def test_an_estimate_that_there_is_not_stands_as_one_gap():
    data = assess(case({"q": list("aab")}, ["q"])).to_json()["before"]
    assert data["reidentification"]["journalist_estimated"] is None
    some = assess(case({"q": list("aab")}, ["q"], population=Population(size=9)))
    figure = some.before.figure("reidentification", "journalist_estimated", "average")
    assert isinstance(figure, Estimate)


def test_a_column_of_stars_tells_nobody_apart_whatever_the_population_holds():
    hierarchy = Hierarchy.from_rows("q", [(value, "*") for value in "abc"])
    population = dataset_from_frame(pd.DataFrame({"q": list("aabbccddd")}), "p.csv")
    recipe = Recipe.from_json({"version": 1, "steps": [{"step": "generalize", "levels": {"q": 1}}]})
    made = assess(
        case(
            {"q": list("aabbcc")},
            ["q"],
            recipe=recipe,
            hierarchies={"q": hierarchy},
            population=Population(table=population),
        )
    ).after
    assert made.value("reidentification", "journalist", "highest") == pytest.approx(1 / 9)
    assert made.value("models", "delta-presence", "lowest") == pytest.approx(6 / 9)


def test_a_sensitive_value_that_only_the_population_holds_leaves_the_distances_as_they_are():
    hierarchy = Hierarchy.from_rows("s", [("x", "u", "*"), ("y", "u", "*"), ("w", "v", "*")])
    columns = {"q": list("aabb"), "s": list("xywx")}
    population = dataset_from_frame(
        pd.DataFrame({"q": list("aabbab"), "s": list("xywxzz")}), "p.csv"
    )
    alone = assess(case(columns, ["q"], ["s"], hierarchies={"s": hierarchy})).before
    beside = assess(
        case(
            columns,
            ["q"],
            ["s"],
            hierarchies={"s": hierarchy},
            population=Population(table=population),
        )
    ).before
    for distance in ("equal", "ordered", "hierarchical"):
        path = ("models", "t-closeness", "s", distance)
        assert alone.value(*path) is not None
        assert beside.value(*path) == pytest.approx(alone.value(*path))


def test_nothing_is_estimated_where_people_are_in_several_groups():
    columns = {"q": list("aabbccdd"), "pid": list("12121234")}
    stage = assess(
        case(columns, ["q"], others={"PERSON": "pid"}, population=Population(size=1000))
    ).before
    for path in (
        ("uniqueness", "population"),
        ("uniqueness", "log_linear"),
        ("reidentification", "journalist_estimated"),
        ("models", "k-map-estimated"),
    ):
        assert "more than one group" in stage.figure(*path).reason
    assert stage.value("special_uniques", "suda", "sampling_fraction") == pytest.approx(4 / 1000)
    one = {"q": list("aabbc"), "pid": list("11223")}
    stage = assess(
        case(one, ["q"], others={"PERSON": "pid"}, population=Population(size=1000))
    ).before
    assert stage.value("uniqueness", "population", "size") == 1000
