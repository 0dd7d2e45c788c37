from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from risk.models import (
    AlphaModel,
    AverageRisk,
    BetaLikeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctLDiversity,
    EnhancedBetaLikeness,
    EntropyLDiversity,
    KAnonymity,
    KMap,
    PopulationUniqueness,
    RecursiveCLDiversity,
    SampleUniqueness,
    TCloseness,
    model_from_json,
    parse_model,
)

names = st.text(min_size=1, max_size=12)
limits = st.floats(0, 1)
models = st.one_of(
    st.builds(KAnonymity, k=st.integers(1, 10**6)),
    st.builds(DistinctLDiversity, column=names, diversity=st.floats(1, 1e9)),
    st.builds(
        EntropyLDiversity,
        column=names,
        diversity=st.floats(1, 1e9),
        estimator=st.sampled_from(["shannon", "grassberger"]),
    ),
    st.builds(AlphaModel, column=names, alpha=limits),
    st.builds(BetaLikeness, column=names, beta=st.floats(0, 1e9)),
    st.builds(EnhancedBetaLikeness, column=names, beta=st.floats(0, 1e9)),
    st.builds(DeltaDisclosure, column=names, delta=st.floats(1e-9, 1e9)),
    st.builds(
        KMap,
        k=st.integers(1, 10**6),
        method=st.sampled_from(["table", "poisson", "zero-truncated"]),
        significance=st.floats(1e-9, 0.5),
    ),
    st.builds(
        PopulationUniqueness,
        estimator=st.sampled_from(["pitman", "zayatz", "snb", "dankar"]),
        at_most=limits,
    ),
    st.builds(DeltaPresence, at_least=st.floats(0, 0.5), at_most=st.floats(0.5, 1)),
    st.builds(RecursiveCLDiversity, column=names, c=st.floats(1e-9, 1e9), rank=st.integers(1, 99)),
    st.builds(
        TCloseness,
        column=names,
        distance=st.sampled_from(["equal", "ordered", "hierarchical"]),
        t=limits,
    ),
    st.builds(AverageRisk, at_most=limits),
    st.builds(SampleUniqueness, at_most=limits),
)


@settings(max_examples=200, deadline=None)
@given(models)
def test_every_model_survives_its_text_and_its_json(model):
    assert parse_model(model.text()) == model
    assert model_from_json(model.to_json()) == model
    assert model.describe().endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "k-anonymity=5",
        "distinct-l-diversity(occupation)=3",
        "entropy-l-diversity(occupation)=3",
        "recursive-cl-diversity(occupation)=4,3",
        "t-closeness(occupation,equal)=0.2",
        "entropy-l-diversity(occupation,grassberger)=3",
        "delta-disclosure(occupation)=1.5",
        "beta-likeness(occupation)=2",
        "enhanced-beta-likeness(occupation)=2",
        "alpha(occupation)=0.5",
        "average-risk=0.05",
        "sample-uniqueness=0.01",
        "population-uniqueness(pitman)=0.01",
        "population-uniqueness(zayatz)=0.01",
        "population-uniqueness(snb)=0.01",
        "population-uniqueness(dankar)=0.01",
        "delta-presence=0.05,0.15",
        "k-map=5",
        "k-map(poisson,0.01)=5",
        "k-map(zero-truncated,0.01)=5",
    ],
)
def test_the_texts_of_the_command_line_are_canonical(text):
    assert parse_model(text).text() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k-anonymity",
        "k-anonymity=",
        "k-anonymity=five",
        "k-anonymity=1_0",
        "k-anonymity=1e999",
        "k-anonymity=nan",
        "k-anonymity=" + "9" * 5000,
        "k-anonymity=5,6",
        "k-anonymity(age)=5",
        "distinct-l-diversity=3",
        "distinct-l-diversity()=3",
        "t-closeness(occupation)=0.2",
        "t-closeness(occupation,euclid)=0.2",
        "recursive-cl-diversity(occupation)=4",
        "l-diversity(occupation)=3",
        "entropy-l-diversity(,grassberger)=3",
        "t-closeness(,equal)=0.2",
        "t-closeness(equal)=0.2",
        "k-anonymity()=5",
        "k-map()=5",
        "k-map(0.01)=5",
        "k-map(poisson,)=5",
        "k-map(,0.01)=5",
        "k-map(gauss,0.01)=5",
        "k-map(poisson,0.01,0.01)=5",
        "k-map(poisson,2)=5",
        "population-uniqueness=0.01",
        "population-uniqueness()=0.01",
        "population-uniqueness(rocher)=0.01",
        "population-uniqueness(pitman)=2",
        "delta-presence=0.05",
        "delta-presence(a)=0.05,0.15",
        "delta-presence=0.15,0.05",
        "alpha=0.5",
        "alpha(a)=-0.5",
        "delta-disclosure(a)=0",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text):
    with pytest.raises(PrivacyToolError, match=r"\.$"):
        parse_model(text)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"model": 5},
        {"model": "k-anonymity"},
        {"model": "k-anonymity", "at_least": "5"},
        {"model": "k-anonymity", "at_least": True},
        {"model": "k-anonymity", "at_least": 5, "column": "a"},
        {"model": "t-closeness", "column": "a", "distance": ["equal"], "at_most": 0.2},
        {"model": "entropy-l-diversity", "column": "a", "at_least": 2, "estimator": None},
        {"model": "entropy-l-diversity", "column": "a", "at_least": 2, "estimator": "miller"},
        {"model": "entropy-l-diversity", "column": "a", "at_least": 2, "distance": "equal"},
        {"model": "k-map", "at_least": 5, "method": "poisson", "significance": "0.01"},
        {"model": "k-map", "at_least": 5, "method": "poisson", "significance": float("nan")},
        {"model": "k-map", "at_least": 5, "method": ["poisson"]},
        {"model": "delta-presence", "at_least": 0.1},
        {"model": "population-uniqueness", "at_most": 0.1},
        {"model": "population-uniqueness", "at_most": 0.1, "estimator": "rocher"},
        {"model": "alpha", "column": "a", "at_most": "0.5"},
        {"model": "t-closeness", "column": "", "distance": "equal", "at_most": 0.2},
    ],
)
def test_objects_of_another_form_are_refused(data):
    with pytest.raises(PrivacyToolError):
        model_from_json(data)


def test_column_names_with_brackets_go_through_json():
    model = model_from_json(
        {"model": "t-closeness", "column": "a,b)=(", "distance": "equal", "at_most": 0.2}
    )
    assert model == TCloseness(column="a,b)=(", distance="equal", t=0.2)


@pytest.mark.parametrize("column", ["a,b", "a)=(", "f(x)", "a=b", " a ", "shannon,x", "=", "ä,ö"])
@pytest.mark.parametrize("pattern", ["alpha({0})=0.5", "t-closeness({0},ordered)=0.2"])
def test_the_text_form_keeps_names_with_signs(column, pattern):
    model = parse_model(pattern.format(column))
    assert model.column == column
    assert parse_model(model.text()) == model


def test_a_name_that_ends_like_an_option_keeps_its_object():
    data = {"model": "entropy-l-diversity", "column": "s,grassberger", "at_least": 2}
    model = model_from_json(data)
    assert (model.column, model.estimator) == ("s,grassberger", "shannon")
    assert model.to_json() == data
    assert parse_model("entropy-l-diversity(grassberger)=2").column == "grassberger"
    # the text of such a name means the option, so whoever writes texts has to compare
    assert parse_model(model.text()) == EntropyLDiversity(
        column="s", diversity=2, estimator="grassberger"
    )


def test_a_refusal_shows_how_the_model_is_written():
    with pytest.raises(PrivacyToolError) as refusal:
        parse_model("k-map(gauss)=5")
    assert "k-map=number or k-map(table|poisson|zero-truncated,number)=number" in str(refusal.value)
    with pytest.raises(PrivacyToolError, match=r"alpha\(column\)=number"):
        parse_model("alpha=0.5")


def test_what_may_be_left_out_has_its_usual_value():
    assert parse_model("k-map(poisson)=5") == parse_model("k-map(poisson,0.01)=5")
    assert parse_model("entropy-l-diversity(a,shannon)=3") == parse_model(
        "entropy-l-diversity(a)=3"
    )
