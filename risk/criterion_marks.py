"""Which figures speak for singling out, linkability, inference and membership, and from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from microdata.measure import Path
from risk.requirement import TIE, number_words

Reading = Literal["protected", "residual", "exposed", "not assessed"]
Side = Literal[">", ">=", "<="]

_SIDES: Mapping[Side, str] = {">": "above", ">=": "from", "<=": "up to"}
_WELL_HIDDEN = 11  # the class size of the guidance for public release: 1/11 is often written 0.09
_WELL = 1 / _WELL_HIDDEN


@dataclass(frozen=True, kw_only=True)
class Bound:
    """
    On which side of a number a reading begins.

    Parameters
    ----------
    side : {">", ">=", "<="}
    number : float
    """

    side: Side
    number: float

    def holds(self, value: float) -> bool:
        """Tell whether a value is on this side; a tie within rounding counts as equal."""
        slack = TIE * abs(self.number)
        if self.side == ">":
            return value > self.number + slack
        if self.side == ">=":
            return value >= self.number - slack
        return value <= self.number + slack

    @property
    def words(self) -> str:
        """The bound in words: "from 11", "up to 0.2"."""
        if self.side == "<=" and self.number == 0:  # a share is never below 0
            return "at 0"
        # Of one over a group's size nobody recognises the decimals.
        words = f"1 in {_WELL_HIDDEN}" if self.number == _WELL else number_words(self.number)
        return f"{_SIDES[self.side]} {words}"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """
    How one figure reads under a criterion.

    Parameters
    ----------
    path : Path
        ``*`` stands for each sensitive attribute.
    what : str
        What the figure is, in words.
    exposed, protected : Bound, optional
        Where the reading is so; residual in between. None where no value of this figure alone
        reads so.
    less : Path, optional
        The figure is what the one at `path` lacks to this one.
    needed : bool
        Whether the criterion is not protected while this figure could not be computed.
    """

    path: Path
    what: str
    exposed: Bound | None = None
    protected: Bound | None = None
    less: Path | None = None
    needed: bool = False

    def reading(self, value: float) -> Reading:
        """Return how a value reads."""
        if self.exposed is not None and self.exposed.holds(value):
            return "exposed"
        if self.protected is not None and self.protected.holds(value):
            return "protected"
        return "residual"

    @property
    def convention(self) -> str:
        """The marks in words: "exposed up to 1, protected from 11"."""
        said = [
            f"{name} {bound.words}"
            for name, bound in (("exposed", self.exposed), ("protected", self.protected))
            if bound is not None
        ]
        return ", ".join(said if self.protected else [*said, "never protected by itself"])


@dataclass(frozen=True, kw_only=True)
class Definition:
    """
    A criterion: what it asks, and which figures answer.

    Parameters
    ----------
    title, question : str
    marks : tuple of Mark
    note : str
        What the figures leave out.
    every : bool
        Whether it is protected only if every figure was computed and reads so.
    """

    title: str
    question: str
    marks: tuple[Mark, ...]
    note: str
    every: bool = False


_NOBODY = Bound(side="<=", number=0)
_ANYBODY = Bound(side=">", number=0)


def _candidates(attacker: str, who: str) -> tuple[Mark, ...]:
    certain, hidden = Bound(side=">=", number=1), Bound(side="<=", number=_WELL)
    return tuple(
        Mark(
            path=("reidentification", attacker, key),
            what=f"{what} {who}",
            exposed=certain,
            protected=hidden,
        )
        for key, what in (("highest", "the highest risk"), ("average", "the average risk"))
    )


DEFINITIONS: Mapping[str, Definition] = {
    "singling-out": Definition(
        title="Singling out",
        question="Can a person be picked out of the table?",
        marks=(
            Mark(
                path=("uniqueness", "sample"),
                what="share of people with no look-alike",
                exposed=_ANYBODY,
                protected=_NOBODY,
            ),
            Mark(
                path=("models", "k-anonymity"),
                what="people in the smallest group of look-alikes",
                needed=True,
                exposed=Bound(side="<=", number=1),
                protected=Bound(side=">=", number=_WELL_HIDDEN),
            ),
            Mark(
                path=("reidentification", "prosecutor", "below", str(_WELL_HIDDEN)),
                what=f"share of people in groups of fewer than {_WELL_HIDDEN}",
                protected=_NOBODY,
            ),
            Mark(
                path=("uniqueness", "population", "high"),
                what="share of the population with no look-alike (the highest)",
                protected=_NOBODY,
            ),
            Mark(
                path=("attacks", "singling_out", "univariate", "people"),
                what="share of people who have some value that nobody else has",
                exposed=_ANYBODY,
                protected=_NOBODY,
            ),
            Mark(
                path=("attacks", "singling_out", "multivariate", "success"),
                what="share of random conditions on columns that exactly one person fulfils",
                exposed=_ANYBODY,
                protected=_NOBODY,
            ),
        ),
        note="It holds for the columns that were marked as known to others, and for no others.",
    ),
    "linkability": Definition(
        title="Linkability",
        question="Can records of one person, here and elsewhere, be put together?",
        marks=(
            *_candidates("prosecutor", "if the attacker knows who is in the table"),
            *_candidates("journalist", "if the attacker matches against the population"),
            Mark(
                path=("attacks", "linkability", "worst"),
                what="share of people whose two partial files can be put together",
                exposed=_ANYBODY,
                protected=_NOBODY,
            ),
        ),
        note="Linking was simulated within the columns that were marked as known to others. "
        "Tables elsewhere that hold other columns, or another release of the same people, are not "
        "covered.",
        every=True,
    ),
    "inference": Definition(
        title="Inference",
        question="Can something be learned about a person from the others in the group?",
        marks=(
            Mark(
                path=("models", "homogeneity", "*", "share"),
                what="share of people in groups that are all alike",
                exposed=_ANYBODY,
                protected=_NOBODY,
            ),
            Mark(
                path=("models", "l-diversity", "*", "distinct"),
                what="different values in the least diverse group",
                needed=True,
                exposed=Bound(side="<=", number=1),
                protected=Bound(side=">=", number=2),
            ),
            Mark(
                path=("models", "t-closeness", "*", "equal"),
                what="largest distance of a group from the whole table",
                needed=True,
                protected=Bound(side="<=", number=0.2),
            ),
            Mark(
                path=("models", "inference", "*", "advantage"),
                what="what knowing the group adds to the best guess",
                protected=Bound(side="<=", number=0.1),
            ),
            Mark(
                path=("models", "inference", "*", "leave_one_out"),
                less=("models", "inference", "*", "accuracy"),
                what="what the person's own record adds to the best guess",
                protected=Bound(side="<=", number=0.05),
            ),
        ),
        note="It holds for the columns that were marked as sensitive, and for no others.",
    ),
    "membership": Definition(
        title="Membership",
        question="Can somebody tell that a person is in the table at all?",
        marks=(
            Mark(
                path=("models", "delta-presence", "highest"),
                what="highest probability that a person of the population is in the table",
                exposed=Bound(side=">=", number=1),
                protected=Bound(side="<=", number=_WELL),
            ),
            Mark(
                path=("attacks", "membership", "advantage"),
                what="how much more often people in the table are taken to be in it than others",
                needed=True,
                exposed=Bound(side=">=", number=0.5),
                protected=Bound(side="<=", number=0.1),
            ),
            Mark(
                path=("attacks", "membership", "tpr_at_1_percent_fpr"),
                what="share of people in the table who are recognised at 1 % false alarms",
                exposed=Bound(side=">=", number=0.5),
                protected=Bound(side="<=", number=0.05),
            ),
        ),
        note="It can be told only with a table of the population, and holds for that one.",
    ),
}
