"""The parameters of a step, declared once: form, recipe file and messages follow from them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar, Literal, Self

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from risk.models.base import is_number
from transforms.step import check_keys

NUMERIC = (ColumnKind.INTEGER, ColumnKind.DECIMAL)
DATES = (ColumnKind.DATE,)


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """
    One parameter of a step.

    Parameters
    ----------
    name : str
        The field of the step, and its key in a recipe file.
    title : str
        The label of its control, with the unit.
    kind : {"columns", "column", "whole", "number", "choice", "text", "flag", "by_column", "links"}
        Several columns, one column or none, a whole number, a number or nothing, one of `choices`,
        a text, yes or no, a number for each of some columns, or other columns for each of some.
    default : object
        What a recipe file that does not name the parameter means; `REQUIRED` where it must.
    low, high : float, optional
        The least and the greatest number allowed.
    choices : tuple of str
    help : str
        What a larger or another value does, in one sentence.
    column_kinds : tuple of ColumnKind
        The columns that a form offers; all where it is empty.
    later : bool
        Whether the step got it after recipes had been saved. It is then written only where it is
        not the default, so that an old recipe keeps its digest.
    """

    name: str
    title: str
    kind: Literal[
        "columns", "column", "whole", "number", "choice", "text", "flag", "by_column", "links"
    ]
    default: Any = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""
    column_kinds: tuple[ColumnKind, ...] = ()
    later: bool = False

    def read(self, value: object, *, step: str) -> Any:
        """
        Return a value as the step holds it.

        Raises
        ------
        PrivacyToolError
            A value of another type or out of range; the sentence names step and parameter.
        """
        where = f"In the step {step!r} {self.name!r}"
        if self.kind == "columns":
            return self._columns(value, where)
        if self.kind == "by_column":
            return self._by_column(value, where)
        if self.kind == "links":
            return _links(value, where)
        if self.kind in {"column", "text"}:
            if value is None and self.kind == "column" and self.default is None:
                return None
            if not isinstance(value, str):
                raise PrivacyToolError(f"{where} must be {self._wanted()}.")
            return value
        if self.kind == "choice":
            if value not in self.choices:
                raise PrivacyToolError(f"{where} must be one of: {', '.join(self.choices)}.")
            return value
        if self.kind == "flag":
            if not isinstance(value, bool):
                raise PrivacyToolError(f"{where} must be true or false.")
            return value
        if value is None and self.default is None:
            return None
        return self._number(value, where)

    def _columns(self, value: object, where: str) -> tuple[str, ...]:
        names = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
        if not names or not all(isinstance(name, str) for name in names):
            raise PrivacyToolError(
                f"{where} must be a list that names at least one column as text."
            )
        if len(set(names)) != len(names):
            raise PrivacyToolError(f"{where} must name each column only once.")
        return tuple(names)

    def _by_column(self, value: object, where: str) -> tuple[tuple[str, float], ...]:
        pairs = tuple(value.items()) if isinstance(value, Mapping) else value
        if not isinstance(pairs, tuple) or not all(
            isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)
            for pair in pairs
        ):
            raise PrivacyToolError(f"{where} must be an object: a number for some columns.")
        if len({name for name, _ in pairs}) != len(pairs):
            raise PrivacyToolError(f"{where} must name each column only once.")
        return tuple((name, self._number(number, where)) for name, number in pairs)

    def _number(self, value: object, where: str) -> float:
        if not is_number(value) or (self.kind == "whole" and value != int(value)):
            raise PrivacyToolError(f"{where} must be {self._wanted()}.")
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if not low <= value <= high:
            raise PrivacyToolError(f"{where} must be {self._wanted()}.")
        # Adding zero turns -0.0, which a file would write differently, into 0.0.
        return int(value) if self.kind == "whole" else float(value) + 0.0

    def _wanted(self) -> str:
        noun = {
            "column": "the name of a column as text",
            "text": "a text",
            "whole": "a whole number",
        }.get(self.kind, "a number")
        if self.low is not None and self.high is not None:
            return f"{noun} from {self.low:,.10g} to {self.high:,.10g}"
        if self.low is not None:
            return f"{noun} from {self.low:,.10g} upwards"
        return noun if self.high is None else f"{noun} up to {self.high:,.10g}"


def _links(value: object, where: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return other columns for each of some, from pairs or from the objects of a recipe file."""
    if isinstance(value, list):
        whole = (isinstance(link, Mapping) and set(link) == {"column", "with"} for link in value)
        value = tuple((link["column"], link["with"]) for link in value) if all(whole) else None
    pairs = value if isinstance(value, tuple) else (None,)
    found = []
    for pair in pairs:
        column, named = pair if isinstance(pair, tuple) and len(pair) == 2 else (None, None)
        others = tuple(named) if isinstance(named, list | tuple) else (None,)
        if not isinstance(column, str) or not all(isinstance(other, str) for other in others):
            raise PrivacyToolError(
                f'{where} must be a list of objects such as {{"column": "zip", "with": ["city"]}}.'
            )
        if not others or column in others or len(set(others)) != len(others):
            raise PrivacyToolError(
                f"{where} must name, with the column {column!r}, at least one other column, and "
                "each only once."
            )
        found.append((column, others))
    if len({column for column, _ in found}) != len(found):
        raise PrivacyToolError(f"{where} must name each column only once.")
    return tuple(found)


REQUIRED = object()
"""The default of a parameter that a recipe file must name."""


def columns_parameter(
    title: str = "Columns", *, kinds: tuple[ColumnKind, ...] = (), advice: str = ""
) -> Parameter:
    """Return the parameter ``columns`` that most steps have: at least one, each once."""
    return Parameter(
        name="columns",
        title=title,
        kind="columns",
        default=REQUIRED,
        column_kinds=kinds,
        help=advice,
    )


class DeclaredStep:
    """
    A step whose fields are its declared parameters: checked, written and read alike.

    A subclass is a frozen keyword-only dataclass that gives `name`, `title`, `keeps_rule`,
    `parameters`, a field of the same name for each of them, `describe` and `apply`.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    keeps_rule: ClassVar[bool]
    parameters: ClassVar[tuple[Parameter, ...]]

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            value = parameter.read(getattr(self, parameter.name), step=self.name)
            object.__setattr__(self, parameter.name, value)

    # Not a property: that would forbid a step to have a parameter of this name.
    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that the step names, each once, in order."""
        named = (self.columns_of(parameter) for parameter in self.parameters)
        return tuple(dict.fromkeys(chain.from_iterable(named)))

    def columns_of(self, parameter: Parameter) -> tuple[str, ...]:
        """Return the columns that one of the parameters names."""
        value: Any = getattr(self, parameter.name)
        if parameter.kind == "columns":
            return tuple(value)
        if parameter.kind == "by_column":
            return tuple(name for name, _ in value)
        if parameter.kind == "links":
            return tuple(name for column, others in value for name in (column, *others))
        return (value,) if parameter.kind == "column" and value is not None else ()

    def to_json(self) -> dict[str, Any]:
        """Return the step as it stands in a recipe file."""
        data: dict[str, Any] = {"step": self.name}
        for parameter in self.parameters:
            value = getattr(self, parameter.name)
            if parameter.later and value == parameter.default:
                continue
            if parameter.kind == "columns":
                value = list(value)
            elif parameter.kind == "by_column":
                value = dict(value)
            elif parameter.kind == "links":
                value = [{"column": column, "with": list(others)} for column, others in value]
            data[parameter.name] = value
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the step from a recipe file; a parameter that is not named has its default."""
        check_keys(data, {parameter.name for parameter in cls.parameters}, step=cls.name)
        for parameter in cls.parameters:
            if parameter.name not in data and parameter.default is REQUIRED:
                raise PrivacyToolError(f"The step {cls.name!r} must name {parameter.name!r}.")
        # A step reads its values itself.
        return cls(**{p.name: data.get(p.name, p.default) for p in cls.parameters})
