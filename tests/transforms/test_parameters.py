from __future__ import annotations

import dataclasses
import inspect
import json
from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from transforms.parameters import REQUIRED, DeclaredStep, Parameter
from transforms.steps import STEPS

DECLARED = [step for step in STEPS if issubclass(step, DeclaredStep)]
KINDS = ("columns", "column", "whole", "number", "choice", "text", "flag", "by_column", "links")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@dataclass(frozen=True, kw_only=True)
class Example(DeclaredStep):
    """A step with a parameter of every kind."""

    name: ClassVar[str] = "example"
    title: ClassVar[str] = "Example"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(name="columns", title="Columns", kind="columns", default=REQUIRED),
        Parameter(name="other", title="Other", kind="column"),
        Parameter(name="size", title="Size", kind="whole", default=3, low=1, high=1_000_000),
        Parameter(name="share", title="Share", kind="number", low=0),
        Parameter(name="way", title="Way", kind="choice", default="up", choices=("up", "down")),
        Parameter(name="text", title="Text", kind="text", default=""),
        Parameter(name="flag", title="Flag", kind="flag", default=False),
        Parameter(name="weights", title="Weights", kind="by_column", default={}, high=10),
        Parameter(name="added", title="Added", kind="whole", default=0, later=True),
    )

    columns: tuple[str, ...]
    other: str | None = None
    size: int = 3
    share: float | None = None
    way: str = "up"
    text: str = ""
    flag: bool = False
    weights: tuple[tuple[str, float], ...] = ()
    added: int = 0


@dataclass(frozen=True, kw_only=True)
class OneColumn(DeclaredStep):
    """A step that has no parameter called columns."""

    name: ClassVar[str] = "one_column"
    title: ClassVar[str] = "One column"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(name="column", title="Column", kind="column", default=REQUIRED),
        Parameter(name="weights", title="Weights", kind="by_column", default={}),
    )

    column: str
    weights: tuple[tuple[str, float], ...] = ()


FULL = {
    "step": "example",
    "columns": ["a", "b"],
    "other": "c",
    "size": 7,
    "share": 0.5,
    "way": "down",
    "text": "x",
    "flag": True,
    "weights": {"d": 1.5},
    "added": 4,
}


def test_a_step_goes_through_json_and_back():
    step = Example.from_json(FULL)
    assert step == Example(
        columns=("a", "b"),
        other="c",
        size=7,
        share=0.5,
        way="down",
        text="x",
        flag=True,
        weights=(("d", 1.5),),
        added=4,
    )
    assert step.to_json() == FULL
    assert Example.from_json(json.loads(json.dumps(step.to_json()))) == step
    assert step.columns == ("a", "b")


def test_what_a_file_does_not_name_has_its_default_and_what_came_later_is_not_written():
    step = Example.from_json({"step": "example", "columns": ["a"]})
    assert step == Example(columns=("a",))
    assert set(step.to_json()) == set(FULL) - {"added"}
    assert step.to_json()["size"] == 3


def test_the_columns_are_gathered_from_all_parameters_where_none_is_called_so():
    step = OneColumn.from_json({"step": "one_column", "column": "a", "weights": {"b": 1, "a": 2}})
    assert step.columns == ("a", "b")
    assert OneColumn(column="z").columns == ("z",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": "a"}, "'columns' must be a list that names at least one column"),
        ({"columns": []}, "at least one column"),
        ({"columns": ["a", 1]}, "as text"),
        ({"columns": ["a", "a"]}, "only once"),
        ({"columns": None}, "at least one column"),
        ({"other": 1}, "'other' must be the name of a column as text"),
        ({"size": 0}, "'size' must be a whole number from 1 to 1,000,000"),
        ({"size": 1_000_001}, "from 1 to 1,000,000"),
        ({"size": 2.5}, "whole number"),
        ({"size": True}, "whole number"),
        ({"size": "3"}, "whole number"),
        ({"size": None}, "whole number"),
        ({"size": float("nan")}, "whole number"),
        ({"size": float("inf")}, "whole number"),
        ({"share": -0.1}, "'share' must be a number from 0 upwards"),
        ({"share": 10**400}, "a number"),
        ({"way": "left"}, "'way' must be one of: up, down"),
        ({"way": ["up"]}, "one of"),
        ({"text": None}, "'text' must be a text"),
        ({"flag": 1}, "'flag' must be true or false"),
        ({"weights": [1]}, "an object"),
        ({"weights": {"d": 11}}, "a number up to 10"),
        ({"weights": {"d": "1"}}, "a number up to 10"),
        ({"other_size": 3}, "unknown keys: 'other_size'"),
    ],
)
def test_what_is_wrong_is_told_with_step_and_parameter(changes, words):
    with pytest.raises(PrivacyToolError, match=words) as error:
        Example.from_json(FULL | changes)
    assert "'example'" in str(error.value)


def test_a_parameter_that_must_be_named_is_asked_for():
    with pytest.raises(PrivacyToolError, match="must name 'columns'"):
        Example.from_json({"step": "example"})
    with pytest.raises(PrivacyToolError, match="must name 'column'"):
        OneColumn.from_json({"step": "one_column"})


def test_fields_are_checked_without_a_file_too():
    with pytest.raises(PrivacyToolError, match="from 1 to"):
        Example(columns=("a",), size=0)
    with pytest.raises(PrivacyToolError, match="at least one"):
        Example(columns=())
    with pytest.raises(PrivacyToolError, match="only once"):
        OneColumn(column="a", weights=(("b", 1.0), ("b", 2.0)))


def test_equal_numbers_are_written_alike():
    one = Example(columns=("a",), size=4.0, share=0)
    two = Example(columns=("a",), size=4, share=-0.0)
    assert json.dumps(one.to_json()) == json.dumps(two.to_json())
    assert isinstance(one.size, int)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from([*FULL, "x"]), ANYTHING, max_size=3))
def test_a_hostile_file_is_refused_or_read_as_it_will_be_written(changes):
    try:
        step = Example.from_json({"columns": ["a"]} | changes)
    except PrivacyToolError:
        return
    assert Example.from_json(json.loads(json.dumps(step.to_json()))) == step


@pytest.mark.parametrize("step", DECLARED, ids=lambda step: step.name)
def test_every_declared_step_can_be_made_into_a_form(step):
    fields = {field.name: field for field in dataclasses.fields(step)}
    declared = {parameter.name for parameter in step.parameters}
    assert declared == set(fields)
    assert inspect.getdoc(step)
    for parameter in step.parameters:
        assert parameter.kind in KINDS
        assert parameter.title[0].isupper()
        # What a column is needs no help; what a number does needs a sentence.
        assert parameter.help.endswith(".") or parameter.kind in {"columns", "column"}
        if parameter.kind == "choice":
            assert parameter.choices
        if parameter.default is REQUIRED:
            continue
        # A new field and a file without it mean the same.
        read = parameter.read(parameter.default, step=step.name)
        default = fields[parameter.name].default
        if default is dataclasses.MISSING:
            default = fields[parameter.name].default_factory()
        assert parameter.read(default, step=step.name) == read
