from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from risk.models import (
    AverageRisk,
    DistinctLDiversity,
    EntropyLDiversity,
    KAnonymity,
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
    st.builds(EntropyLDiversity, column=names, diversity=st.floats(1, 1e9)),
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
        "average-risk=0.05",
        "sample-uniqueness=0.01",
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
        "entropy-l-diversity(occupation,grassberger)=3",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text):
    with pytest.raises(PrivacyToolError, match=r"\.$"):
        parse_model(text)


@pytest.mark.parametrize(
    "text", ["k-map=5", "delta-disclosure(occupation)=1.5", "delta-presence=0.05,0.15"]
)
def test_models_of_later_versions_say_so(text):
    with pytest.raises(PrivacyToolError, match="not available in this version"):
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
