"""Privacy models from the text of the command line and from JSON objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from microdata.errors import PrivacyToolError
from risk.models.base import PrivacyModel
from risk.models.k_anonymity import KAnonymity
from risk.models.l_diversity import DistinctLDiversity, EntropyLDiversity, RecursiveCLDiversity
from risk.models.t_closeness import DISTANCES, TCloseness
from risk.models.table_risk import AverageRisk, SampleUniqueness


@dataclass(frozen=True)
class Form:
    """How a model is written: its numbers by JSON key and field, and what stands in brackets."""

    build: Callable[..., PrivacyModel]
    numbers: Mapping[str, str]
    column: bool = True
    distance: bool = False


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        KAnonymity.name: Form(KAnonymity, {"at_least": "k"}, column=False),
        DistinctLDiversity.name: Form(DistinctLDiversity, {"at_least": "diversity"}),
        EntropyLDiversity.name: Form(EntropyLDiversity, {"at_least": "diversity"}),
        RecursiveCLDiversity.name: Form(RecursiveCLDiversity, {"c": "c", "l": "rank"}),
        TCloseness.name: Form(TCloseness, {"at_most": "t"}, distance=True),
        AverageRisk.name: Form(AverageRisk, {"at_most": "at_most"}, column=False),
        SampleUniqueness.name: Form(SampleUniqueness, {"at_most": "at_most"}, column=False),
    }
)
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
NOT_AVAILABLE = (
    "delta-disclosure",
    "beta-likeness",
    "enhanced-beta-likeness",
    "alpha",
    "population-uniqueness",
    "delta-presence",
    "k-map",
)


def _form(name: str) -> Form:
    if name in NOT_AVAILABLE:
        raise PrivacyToolError(
            f"The model {name!r} is not available in this version. Use one of: {', '.join(FORMS)}."
        )
    if name not in FORMS:
        raise PrivacyToolError(f"{name!r} is not a privacy model. Use one of: {', '.join(FORMS)}.")
    return FORMS[name]


def _number(text: str, model: str) -> float:
    if _NUMBER.fullmatch(text) is None:
        raise PrivacyToolError(
            f"The model {model!r} needs a number after '='. Write it like 5 or 0.2."
        )
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def parse_model(text: str) -> PrivacyModel:
    """
    Read a model as the command line writes it.

    Parameters
    ----------
    text : str
        ``name=number``, ``name(column)=number``, ``name(column,distance)=number``. The column is
        everything up to the last ``)=``, so its name may hold brackets and signs.

    Raises
    ------
    PrivacyToolError
        Not a model, not available in this version, or a number out of range.

    Examples
    --------
    >>> parse_model("t-closeness(occupation,equal)=0.2")
    TCloseness(column='occupation', distance='equal', t=0.2)
    """
    if not isinstance(text, str):
        raise PrivacyToolError("A privacy model must be text, such as 'k-anonymity=5'.")
    text = text.strip()
    inside, bracket, value = text.rpartition(")=")
    if bracket:
        name, opened, argument = inside.partition("(")
    else:
        (name, _, value), opened, argument = text.partition("="), "", ""
    form = _form(name.strip())
    name = name.strip()
    if not value or bool(opened) is not form.column:
        brackets = "(column,distance)" if form.distance else "(column)" if form.column else ""
        numbers = "c,l" if len(form.numbers) > 1 else "number"
        raise PrivacyToolError(f"The model {name!r} is written as {name}{brackets}={numbers}.")
    given: dict[str, object] = {"model": name}
    if form.distance:
        argument, comma, distance = argument.rpartition(",")
        if not comma or distance not in DISTANCES:
            raise PrivacyToolError(
                f"The model {name!r} needs its distance after the column: "
                f"{name}(column,{'|'.join(DISTANCES)})=number."
            )
        given["distance"] = distance
    if form.column:
        if name == EntropyLDiversity.name and argument.endswith(",grassberger"):
            raise PrivacyToolError(
                "Entropy l-diversity with Grassberger's estimator is not available in this "
                "version. Leave ',grassberger' out."
            )
        given["column"] = argument
    given_numbers = value.split(",")
    if len(given_numbers) != len(form.numbers):
        raise PrivacyToolError(
            f"The model {name!r} needs {len(form.numbers)} numbers after '=': "
            f"{', '.join(form.numbers)}."
        )
    for key, number in zip(form.numbers, given_numbers, strict=True):
        given[key] = _number(number, name)
    return model_from_json(given)


def model_from_json(data: object) -> PrivacyModel:
    """
    Read a model from an object, such as ``{"model": "k-anonymity", "at_least": 5}``.

    Raises
    ------
    PrivacyToolError
        Not an object, unknown or lacking keys, wrong types, or a number out of range.
    """
    if not isinstance(data, dict) or not isinstance(data.get("model"), str):
        raise PrivacyToolError(
            'A privacy model must be an object with the key "model", such as '
            '{"model": "k-anonymity", "at_least": 5}.'
        )
    name = data["model"]
    form = _form(name)
    keys = {"model", *form.numbers}
    keys |= {"column"} if form.column else set()
    keys |= {"distance"} if form.distance else set()
    where = f"The model {name!r}"
    if set(data) - keys:
        raise PrivacyToolError.unknown_keys({str(key) for key in set(data) - keys}, where=where)
    if keys - set(data):
        lacking = ", ".join(repr(key) for key in sorted(keys - set(data)))
        raise PrivacyToolError(f"{where} lacks the keys {lacking}. Add them.")
    fields: dict[str, Any] = {field: data[key] for key, field in form.numbers.items()}
    for key in keys & {"column", "distance"}:
        if not isinstance(data[key], str) or not data[key]:
            raise PrivacyToolError(f"{where} needs text for {key!r}.")
        fields[key] = data[key]
    return form.build(**fields)
