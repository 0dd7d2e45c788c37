"""Our figure beside that of the other program, and whether they agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from microdata.measure import Path
from risk.second_opinion.question import Question, same

VerdictOnFigure = Literal["agrees", "differs", "not comparable"]
_KEYS = {"figure", "ours", "theirs", "verdict", "why", "reported"}
_OPTIONAL = ("ours", "theirs", "reported")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """
    One figure, computed by this program and by pycanon.

    Parameters
    ----------
    figure : Path
        Where ours stands among the figures of a stage.
    ours : float, optional
        What pycanon's is compared with; None where there is no figure of ours.
    theirs : float, optional
        None where pycanon gave none, or could only have given one of something else.
    verdict : {"agrees", "differs", "not comparable"}
    why : str
        The verdict as sentences.
    reported : float, optional
        The figure that stands in the report, where that is another one than `ours`: t and beta are
        reported against the original table's distribution, and pycanon knows the released table
        alone.
    """

    figure: Path
    ours: float | None
    theirs: float | None
    verdict: VerdictOnFigure
    why: str
    reported: float | None = None

    @classmethod
    def of(cls, question: Question, theirs: float) -> Comparison:
        """Compare our figure with pycanon's answer."""
        ours = question.ours
        if ours is None or not math.isfinite(theirs):
            return cls.impossible(question, "pycanon gave no number")
        agrees = same(ours, theirs)
        said = (
            "The independent program pycanon gives the same figure."
            if agrees
            else "The independent program pycanon gives another figure. Rely on neither before "
            "the difference is explained."
        )
        return cls(
            figure=question.figure,
            ours=ours,
            theirs=theirs,
            verdict="agrees" if agrees else "differs",
            why=" ".join((said, *question.notes)),
            reported=question.reported,
        )

    @classmethod
    def impossible(cls, question: Question, because: str) -> Comparison:
        """Say why the figure of the report stands alone; `because` ends the sentence."""
        return cls(
            figure=question.figure,
            ours=question.ours if question.reported is None else question.reported,
            theirs=None,
            verdict="not comparable",
            why=f"Not comparable, because {because}.",
        )

    def to_json(self) -> dict[str, object]:
        """Return the object that is saved in an assessment."""
        return {**vars(self), "figure": list(self.figure)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Comparison:
        """
        Read what `to_json` wrote.

        Raises
        ------
        TypeError
            A part is of another type, or lacking; the reader of the assessment makes a sentence
            of it.
        """
        path = data.get("figure")
        texts = [*path, data.get("why")] if isinstance(path, list) else [None]
        if (
            set(data) != _KEYS
            or not all(isinstance(text, str) for text in texts)
            or data["verdict"] not in get_args(VerdictOnFigure)
            or not all(data[key] is None or _is_number(data[key]) for key in _OPTIONAL)
        ):
            raise TypeError("a saved comparison is something else")
        return cls(**{**data, "figure": tuple(data["figure"])})


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)
