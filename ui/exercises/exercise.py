"""What an exercise is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.charts import ChartSpec
from reports.wording import format_risk, format_share


@dataclass(frozen=True, kw_only=True)
class Table:
    """A small table of demo values: what it shows, a head, and its rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError(f"A row of the table {self.title!r} does not match its head.")


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """
    An exercise with its figures, all of them measured on a demo table.

    Parameters
    ----------
    scene : str
        Who has which table, in two or three sentences.
    shown : Table, optional
        What the learner sees before the prediction.
    question : str
    label : str
        Of the control that takes the prediction.
    choices : tuple of float
        The shares to choose from; empty where any share from 0 to 1 may be predicted.
    answer : float
        The measured share.
    finding : str
        What the answer says, one sentence.
    chart : ChartSpec
    table : Table, optional
        Shown beside the answer.
    why, protects, try_it : str
        Why it is so, what protects (measured as well), and where in the app to see it.
    """

    scene: str
    shown: Table | None = None
    question: str
    label: str
    choices: tuple[float, ...] = ()
    answer: float
    finding: str
    chart: ChartSpec
    table: Table | None = None
    why: str
    protects: str
    try_it: str

    def text(self, share: float) -> str:
        """Return a predicted or measured share as it is printed."""
        if self.choices:
            return format_risk(share)
        hundredth = round(share * 100)
        return f"{hundredth} %" if share == hundredth / 100 else format_share(share)

    def compare(self, predicted: float) -> str:
        """Return how far the prediction is from what was measured, without a judgement."""
        if self.choices:
            if predicted == self.answer:
                return "That is what you predicted."
            return f"You predicted {self.text(predicted)}."
        difference = round(100 * (self.answer - predicted))
        if not difference:
            return "That is what you predicted."
        direction = "more" if difference > 0 else "less"
        points = "point" if abs(difference) == 1 else "points"
        return f"That is {abs(difference)} percentage {points} {direction} than you predicted."


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """
    One exercise.

    Parameters
    ----------
    id : str
        Stable short name.
    title : str
    make : callable
        Measures the demo table and returns the lesson; the same one each time.
    """

    id: str
    title: str
    make: Callable[[], Lesson]
