"""Privacy models from the text of the command line and from JSON objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from microdata.errors import PrivacyToolError
from risk.models.alpha import AlphaModel
from risk.models.base import PrivacyModel
from risk.models.beta_likeness import BetaLikeness, EnhancedBetaLikeness
from risk.models.delta_disclosure import DeltaDisclosure
from risk.models.delta_presence import DeltaPresence
from risk.models.k_anonymity import KAnonymity
from risk.models.k_map import METHODS, KMap
from risk.models.l_diversity import (
    ESTIMATORS,
    DistinctLDiversity,
    EntropyLDiversity,
    RecursiveCLDiversity,
)
from risk.models.population_uniqueness import RULE, PopulationUniqueness
from risk.models.t_closeness import DISTANCES, TCloseness
from risk.models.table_risk import AverageRisk, SampleUniqueness
from risk.uniqueness.decision_rule import ESTIMATORS as POPULATION_ESTIMATORS

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)


@dataclass(frozen=True)
class Option:
    """What may stand in brackets beside a column: one of some words, or a number."""

    key: str
    words: tuple[str, ...] = ()
    required: bool = False

    def fits(self, text: str) -> bool:
        """Whether a piece of text is this option."""
        return text in self.words if self.words else _NUMBER.fullmatch(text) is not None

    def read(self, text: str, model: str) -> object:
        """Return the option as JSON holds it."""
        return text if self.words else _number(text, model)

    @property
    def shown(self) -> str:
        """How the option is written."""
        return "|".join(self.words) if self.words else "number"


@dataclass(frozen=True)
class Form:
    """How a model is written: its numbers by JSON key and field, and what stands in brackets."""

    build: Callable[..., PrivacyModel]
    numbers: Mapping[str, str]
    column: bool = True
    options: tuple[Option, ...] = ()

    def written(self, name: str) -> str:
        """Return how a model of this form is written, without and with what may be left out."""
        numbers = "number" if len(self.numbers) == 1 else ",".join(self.numbers)
        column = ("column",) if self.column else ()
        least = (*column, *(option.shown for option in self.options if option.required))
        most = (*column, *(option.shown for option in self.options))
        forms = dict.fromkeys(",".join(inside) for inside in (least, most))
        return " or ".join(
            f"{name}({inside})={numbers}" if inside else f"{name}={numbers}" for inside in forms
        )


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        KAnonymity.name: Form(KAnonymity, {"at_least": "k"}, column=False),
        DistinctLDiversity.name: Form(DistinctLDiversity, {"at_least": "diversity"}),
        EntropyLDiversity.name: Form(
            EntropyLDiversity,
            {"at_least": "diversity"},
            options=(Option("estimator", ESTIMATORS),),
        ),
        RecursiveCLDiversity.name: Form(RecursiveCLDiversity, {"c": "c", "l": "rank"}),
        TCloseness.name: Form(
            TCloseness, {"at_most": "t"}, options=(Option("distance", DISTANCES, required=True),)
        ),
        AlphaModel.name: Form(AlphaModel, {"at_most": "alpha"}),
        BetaLikeness.name: Form(BetaLikeness, {"at_most": "beta"}),
        EnhancedBetaLikeness.name: Form(EnhancedBetaLikeness, {"at_most": "beta"}),
        DeltaDisclosure.name: Form(DeltaDisclosure, {"at_most": "delta"}),
        AverageRisk.name: Form(AverageRisk, {"at_most": "at_most"}, column=False),
        SampleUniqueness.name: Form(SampleUniqueness, {"at_most": "at_most"}, column=False),
        PopulationUniqueness.name: Form(
            PopulationUniqueness,
            {"at_most": "at_most"},
            column=False,
            options=(Option("estimator", (*POPULATION_ESTIMATORS, RULE), required=True),),
        ),
        DeltaPresence.name: Form(
            DeltaPresence, {"at_least": "at_least", "at_most": "at_most"}, column=False
        ),
        KMap.name: Form(
            KMap,
            {"at_least": "k"},
            column=False,
            options=(Option("method", METHODS), Option("significance")),
        ),
    }
)


def _form(name: str) -> Form:
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


def _brackets(argument: str, form: Form, name: str) -> dict[str, object]:
    """Read what stands in brackets: the options in order, after the column where there is one."""
    if form.column:
        given: dict[str, object] = {}
        # From the right, so that what is left is the column, whatever signs its name holds.
        for option in reversed(form.options):
            rest, comma, last = argument.rpartition(",")
            if comma and option.fits(last):
                given[option.key] = option.read(last, name)
                argument = rest
            elif option.required:
                raise PrivacyToolError(f"The model {name!r} is written as {form.written(name)}.")
        return given | {"column": argument}
    pieces = argument.split(",") if argument else []
    pairs = list(zip(form.options, pieces, strict=False))
    least = sum(option.required for option in form.options)
    if not least <= len(pieces) <= len(form.options) or not all(o.fits(p) for o, p in pairs):
        raise PrivacyToolError(f"The model {name!r} is written as {form.written(name)}.")
    return {option.key: option.read(piece, name) for option, piece in pairs}


def parse_model(text: str) -> PrivacyModel:
    """
    Read a model as the command line writes it.

    Parameters
    ----------
    text : str
        ``name=number``, ``name(column)=number``, ``name(column,option)=number``,
        ``name(option)=number``. The column is everything up to the options before the last
        ``)=``, so its name may hold brackets and signs.

    Raises
    ------
    PrivacyToolError
        Not a model, or a number out of range.

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
    name = name.strip()
    form = _form(name)
    if not value or bool(opened) is not bool(argument) or (form.column and not opened):
        raise PrivacyToolError(f"The model {name!r} is written as {form.written(name)}.")
    given: dict[str, object] = {"model": name} | _brackets(argument, form, name)
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
    needed = {"model", *form.numbers} | ({"column"} if form.column else set())
    needed |= {option.key for option in form.options if option.required}
    where = f"The model {name!r}"
    unknown = set(data) - needed - {option.key for option in form.options}
    if unknown:
        raise PrivacyToolError.unknown_keys({str(key) for key in unknown}, where=where)
    if needed - set(data):
        lacking = ", ".join(repr(key) for key in sorted(needed - set(data)))
        raise PrivacyToolError(f"{where} lacks the keys {lacking}. Add them.")
    fields: dict[str, Any] = {field: data[key] for key, field in form.numbers.items()}
    if form.column:
        fields["column"] = _text(data, "column", where)
    for option in form.options:
        if option.key in data:
            words = bool(option.words)
            fields[option.key] = _text(data, option.key, where) if words else data[option.key]
    return form.build(**fields)


def _text(data: Mapping[str, Any], key: str, where: str) -> str:
    text = data[key]
    if not isinstance(text, str) or not text:
        raise PrivacyToolError(f"{where} needs text for {key!r}.")
    return text
