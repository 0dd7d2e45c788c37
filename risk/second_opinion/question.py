"""What the other program is asked, and in which form, so that it cannot be misled."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from microdata.measure import Context, Estimate, NotComputed, Path
from risk.model_figures import KAnonymityFigure
from risk.models import AlphaModel, BetaLikeness, DistinctLDiversity, PrivacyModel, TCloseness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import Contingency, EquivalenceClasses
    from microdata.measure import Figure

MAX_CELLS = 50_000_000
"""More cells than these are not sent: pycanon would not finish, and would hold them twice."""

TOLERANCE = 1e-9
"""Relative; programs that add in another order differ in the last digits."""
_ROUNDING = 1e-12  # absolute: a distance of zero may come out as 1e-17

Asked = Literal["k", "distinct l", "alpha", "t equal", "t ordered", "beta"]


@dataclass(frozen=True, kw_only=True)
class Question:
    """
    One figure that pycanon is asked for.

    Parameters
    ----------
    figure : Path
    asked : str
    attribute : int, optional
        Which of the sensitive attributes that are sent; None for k.
    ours : float, optional
    reported : float, optional
        The figure of the report, where that is another one.
    notes : tuple of str
        Sentences that stand with the comparison.
    hindrance : str
        Why it is not asked after all, as the end of a sentence; "" where it is.
    """

    figure: Path
    asked: Asked
    attribute: int | None = None
    ours: float | None = None
    reported: float | None = None
    notes: tuple[str, ...] = ()
    hindrance: str = ""


def same(one: float, other: float) -> bool:
    """Whether two figures differ by rounding at most."""
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=_ROUNDING)


def questions(context: Context) -> tuple[Question, ...]:
    """Return what pycanon is asked about a release, with our figures."""
    general = _general_hindrance(context)
    k = KAnonymityFigure().evaluate(context).figures["models", "k-anonymity"]
    asked = [_of_figure(Question(figure=("models", "k-anonymity"), asked="k"), k)]
    if context.missing == "wildcard":
        asked[0] = _hindered(
            asked[0],
            "a missing cell matches every value here, while pycanon only knows groups of equal "
            "values",
        )
    published = _published(context)
    for name in context.roles.sensitive:
        attribute = published.index(name) if name in published else None
        asked += _of_attribute(context.classes, name, attribute)
    return tuple(_hindered(question, general) for question in asked)


def _published(context: Context) -> list[str]:
    return [name for name in context.roles.sensitive if name in context.release.columns]


def _general_hindrance(context: Context) -> str:
    classes = context.classes
    cells = context.release.released_records * (len(classes.columns) + len(classes.sensitive))
    if not classes.n_records:
        return "no record is released"
    if not np.array_equal(classes.count, classes.rows):
        return "pycanon counts rows, and here some people have more than one row"
    if cells > MAX_CELLS:
        return f"the table has more than {MAX_CELLS:,} cells, too many for pycanon"
    return ""


def _hindered(question: Question, hindrance: str) -> Question:
    """Return the question with a reason not to ask it; the first reason stays."""
    return question if question.hindrance else replace(question, hindrance=hindrance)


def _of_figure(question: Question, figure: Figure) -> Question:
    if isinstance(figure, NotComputed):
        reason = figure.reason[:1].lower() + figure.reason[1:].rstrip(".")
        return replace(question, hindrance=f"there is no figure of ours: {reason}")
    return replace(question, ours=float(figure.value))


def _of_attribute(
    classes: EquivalenceClasses, name: str, attribute: int | None
) -> Iterator[Question]:
    contingency = classes.sensitive.get(name)
    against = classes if contingency is None else _against_released(classes, name, contingency)
    notes = () if contingency is None else _notes(contingency, name)
    for asked, figure, model in _models(name):
        question = _of_figure(
            Question(figure=figure, asked=asked, attribute=attribute, notes=notes),
            model.value(against),
        )
        if asked == "t ordered" and contingency is not None and _constant(contingency):
            question = _hindered(
                question, "pycanon divides by zero where an attribute has one value only"
            )
        yield _beside_report(question, model.value(classes))


def _models(name: str) -> tuple[tuple[Asked, Path, PrivacyModel], ...]:
    """
    Return what is asked of a sensitive attribute: where it stands, and the model that gives ours.

    Entropy l, recursive (c, l) and enhanced beta are left out: pycanon is known to be wrong there.
    It has no hierarchical t.
    """
    closeness = ("models", "t-closeness", name)
    return (
        (
            "distinct l",
            ("models", "l-diversity", name, "distinct"),
            DistinctLDiversity(column=name, diversity=1),
        ),
        ("t equal", (*closeness, "equal"), TCloseness(column=name, distance="equal", t=1)),
        ("t ordered", (*closeness, "ordered"), TCloseness(column=name, distance="ordered", t=1)),
        ("alpha", ("models", "alpha", name), AlphaModel(column=name, alpha=1)),
        ("beta", ("models", "beta-likeness", name), BetaLikeness(column=name, beta=1)),
    )


def _constant(contingency: Contingency) -> bool:
    return np.unique(contingency.value).size == 1


def _against_released(
    classes: EquivalenceClasses, name: str, contingency: Contingency
) -> EquivalenceClasses:
    """Return the classes with the released records' distribution in the original table's place."""
    released = replace(contingency, overall=contingency.released)
    return replace(classes, sensitive={name: released})


def _notes(contingency: Contingency, name: str) -> tuple[str, ...]:
    if not contingency.missing.any():
        return ()
    return (f"Records without a value of {name!r} were left out of both.",)


def _beside_report(question: Question, figure: Figure) -> Question:
    """Return the question with the figure of the report, where that is another one."""
    ours = question.ours
    if not isinstance(figure, Estimate) or ours is None or same(figure.value, ours):
        return question
    sentence = (
        "Both are against the distribution of the released records, which is all that pycanon "
        f"knows; against the original table's, as reported, it is {figure.value:.4g}."
    )
    return replace(question, reported=float(figure.value), notes=(*question.notes, sentence))


def table(context: Context) -> NDArray[np.int32]:
    """
    Return the released records as codes: int32[columns, n], quasi-identifiers first.

    No value and no name of a column travels. A missing cell of a quasi-identifier is a code like
    every other; sensitive attributes are ranks in their order, and -1 where a value is missing.
    Without any published quasi-identifier one constant column makes one class of everybody.
    """
    release = context.release
    quasi = [release.codes(name) for name in context.classes.columns]
    if not quasi:
        quasi = [np.zeros(release.released_records, np.int32)]
    stacked = np.stack([*quasi, *(_ranks(context, name) for name in _published(context))])
    return np.asarray(stacked, dtype=np.int32)


def _ranks(context: Context, name: str) -> NDArray[np.int32]:
    column = context.release.columns[name]
    place = {label: rank for rank, label in enumerate(context.classes.sensitive[name].labels)}
    ranks = [place[label] for label in column.nodes.labels]
    return np.array([*ranks, -1, -1], np.int32)[context.release.codes(name)]
