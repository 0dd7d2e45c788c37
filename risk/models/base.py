"""What privacy models have in common, and the worst class with its caveats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, TypeGuard

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate, Figure, NotComputed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import Contingency, EquivalenceClasses

TIE = 1e-12
"""Relative tolerance of a comparison with a threshold: exp(ln 3) must reach 3."""

WILDCARD = "A missing or suppressed cell of a quasi-identifier matches every value."
"""Printed with every figure of the wildcard reading."""

NOTHING_RELEASED = NotComputed(
    reason="No record is released, so there is nothing whose risk could be measured."
)


class PrivacyModel(Protocol):
    """
    A condition on the classes of a release.

    One implementation serves the figures, the suppression of records and the verdicts.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    scope: ClassVar[Literal["class", "table"]]

    @property
    def column(self) -> str | None:
        """The sensitive attribute that it protects; None for a model of identity."""
        ...

    def failing(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Return which classes fail: bool[m]; all or none for a model of the whole table."""
        ...

    def per_class(self, classes: EquivalenceClasses) -> NDArray[np.float64]:
        """Return the figure of each class: float64[m], NaN where it cannot be computed."""
        ...

    def value(self, classes: EquivalenceClasses) -> Figure:
        """Return the figure of the worst class."""
        ...

    def text(self) -> str:
        """Return the model as the command line writes it."""
        ...

    def describe(self) -> str:
        """Return the model as a sentence."""
        ...

    def to_json(self) -> dict[str, object]:
        """Return the model as an object, for column names that hold brackets."""
        ...


def number_text(value: float) -> str:
    """Return a number without a needless decimal point: ``5``, ``0.2``."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def require(*, valid: bool, model: str, rule: str) -> None:
    """Refuse a parameter of a model that breaks its rule."""
    if not valid:
        raise PrivacyToolError(f"The model {model!r} needs {rule}. Change the number.")


def is_number(value: object) -> TypeGuard[float]:
    """Whether a parameter is a finite number (and not a truth value)."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float can hold
        return False


def contingency_of(classes: EquivalenceClasses, column: str) -> Contingency:
    """Return the contingency of a sensitive attribute; refuse a column that has none."""
    if column not in classes.sensitive:
        raise PrivacyToolError(
            f"A model protects the column {column!r}, which is not a published sensitive "
            "attribute. Mark the column as sensitive, or remove the model."
        )
    return classes.sensitive[column]


def worst_class(
    values: NDArray[np.float64],
    *,
    worst: Literal["min", "max"],
    column: str | None = None,
    caveats: tuple[str, ...] = (),
    whole: bool = False,
) -> Figure:
    """
    Return the figure of the worst class.

    Parameters
    ----------
    values : float64[m]
        NaN for a class in which every value of the attribute is missing.
    worst : {"min", "max"}
        Which end is worst.
    column : str, optional
        The attribute, named in the reason.
    caveats : tuple of str
    whole : bool
        Whether the values are counts, given as whole numbers.

    Returns
    -------
    Estimate or NotComputed
        Not computed where one class cannot be: the worst class is then not known.
    """
    if not values.size:
        return NOTHING_RELEASED
    extreme = float(values.min() if worst == "min" else values.max())
    if not math.isnan(extreme):  # as it is where any of the values is
        return Estimate(value=int(extreme) if whole else extreme, caveats=caveats)
    unknown = np.isnan(values)
    rest = values[~unknown]
    others = ""
    if rest.size:
        extreme = float(rest.min() if worst == "min" else rest.max())
        others = f" The worst of the other groups has {extreme:.4g}."
    return NotComputed(
        reason=f"In {int(unknown.sum()):,} of {values.size:,} groups of look-alikes every value "
        f"of the column {column!r} is missing, so the worst group is not known.{others}"
    )


def worst_of_attribute(
    model: PrivacyModel,
    classes: EquivalenceClasses,
    *,
    worst: Literal["min", "max"],
    absent: Figure | None = None,
    whole: bool = False,
) -> Figure:
    """
    Return the figure of the worst class for a model of one sensitive attribute.

    Parameters
    ----------
    model : PrivacyModel
        One that protects a column.
    classes : EquivalenceClasses
    worst : {"min", "max"}
    absent : NotComputed, optional
        Why there is no figure, where the model knows a reason of its own.
    whole : bool
        Whether the values are counts.
    """
    column = model.column or ""
    reason = absent_column(classes, column) if absent is None else absent
    if reason is not None:
        return reason
    return worst_class(
        model.per_class(classes),
        worst=worst,
        column=column,
        caveats=missing_caveats(classes.sensitive[column], column),
        whole=whole,
    )


def missing_caveats(contingency: Contingency, column: str) -> tuple[str, ...]:
    """Return the sentence on missing values of an attribute, if there are any."""
    share = contingency.missing_share
    if not share:
        return ()
    return (f"{share:.1%} of the people have no value of {column!r}; they are left out.",)


def absent_column(classes: EquivalenceClasses, column: str) -> NotComputed | None:
    """Return why a sensitive attribute cannot be judged in these classes, or None."""
    if not classes.n_classes:
        return NOTHING_RELEASED
    if column not in classes.sensitive:
        return NotComputed(
            reason=f"The column {column!r} is not a published sensitive attribute of this table."
        )
    return None


def not_comparable(classes: EquivalenceClasses, column: str) -> NotComputed | None:
    """Return why an attribute's distribution cannot be held against the original's, or None."""
    absent = absent_column(classes, column)
    if absent is not None:
        return absent
    if not classes.sensitive[column].comparable:
        return NotComputed(
            reason=f"The released values of the column {column!r} do not say which "
            "original values they stand for, so their distributions cannot be compared."
        )
    return None


def within(values: NDArray[np.float64], limit: float) -> NDArray[np.bool_]:
    """Return which figures are at most a limit, rounding forgiven; NaN is not: bool[m]."""
    return np.asarray(values <= limit + TIE * max(1.0, limit))
