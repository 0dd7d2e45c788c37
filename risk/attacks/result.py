"""What a simulated attack found, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from microdata.measure import Estimate, Figure, NotComputed, Path, figure_json
from risk.attacks.intervals import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLAIM_SIZES = (1, 2, 3, 4, 5, 10, 11, 20, 50, 100)
"""Up to how many candidates a claim is made; one in so many is its confidence."""
TOP_N = (5, 10)
"""Lists of candidates whose chance to hold the right one is given beside the first guess."""
SMALL = (5, 11)
"""Fewer candidates than these are counted, as sizes of groups are."""
NO_CLAIM = NotComputed(reason="Nobody was left with a single candidate, so no match was claimed.")
NO_CANDIDATE = NotComputed(reason="What the attacker knows fits nobody in the release.")


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """
    The claims of an attacker who claims a match wherever a guess is right with some confidence.

    Precision is the share of claims that are right, None where none is made; recall the share of
    all targets who are rightly claimed.
    """

    confidence: float
    claims: float
    precision: float | None
    recall: float


@dataclass(frozen=True, kw_only=True)
class SubsetResult:
    """What an attacker finds who knows some of the columns; unique are those with one candidate."""

    columns: tuple[str, ...]
    top_1: float
    unique: float
    precision: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """
    The outcome for each target of one repeat.

    Parameters
    ----------
    size : int64[T]
        How many released people fit what is known.
    fits : bool[T]
        Whether the target's own record is among them.
    member : float64[T]
        The probability that the target is in the release at all; 1 where that is certain.
    """

    size: NDArray[np.int64]
    fits: NDArray[np.bool_]
    member: NDArray[np.float64]

    @property
    def probability(self) -> NDArray[np.float64]:
        """That a guess among the candidates is right: float64[T]."""
        return np.where(self.fits, self.member / np.maximum(self.size, 1), 0.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class AttackResult:
    """
    What a simulated linkage attack found.

    Parameters
    ----------
    attacker : {"rule-aware", "value-only"}
        The one that was simulated.
    rule_aware : NotComputed, optional
        Why that attacker was asked for and could not be simulated.
    known : tuple of str
        The columns that were matched.
    targets, repeats : int
        How many people were looked for, and how often what is known went wrong anew.
    figures : mapping of Path to Estimate or NotComputed
        At their places in the command line's JSON.
    curve : tuple of CurvePoint
    interval : Interval, optional
        Of ``top_1``; None where it is exact.
    wrong : mapping of str to float
        The share of known values of each column that were wrong: an error may draw the right one.
    by_subset : tuple of SubsetResult
        Sets of few columns first; of those of one size the worst first.
    seed : int
    caveats : tuple of str
    """

    attacker: str
    rule_aware: NotComputed | None
    known: tuple[str, ...]
    targets: int
    repeats: int
    figures: Mapping[Path, Figure]
    curve: tuple[CurvePoint, ...]
    interval: Interval | None
    wrong: Mapping[str, float]
    by_subset: tuple[SubsetResult, ...]
    seed: int
    caveats: tuple[str, ...]

    @property
    def top_1(self) -> float:
        """The share of targets whom the first guess finds."""
        return self.value("top_1")

    def value(self, *path: str) -> float:
        """Return a figure that was computed."""
        figure = self.figures[path]
        if isinstance(figure, NotComputed):
            raise TypeError(figure.reason)
        return figure.value

    @property
    def frontier(self) -> tuple[SubsetResult, ...]:
        """The worst set of each number of columns."""
        worst: dict[int, SubsetResult] = {}
        for subset in self.by_subset:
            worst.setdefault(len(subset.columns), subset)
        return tuple(worst.values())

    def to_json(self) -> dict[str, Any]:
        """Return the object that the command line prints."""
        result: dict[str, Any] = {
            "attacker": self.attacker,
            "known": list(self.known),
            "targets": self.targets,
            "repeats": self.repeats,
            "wrong": dict(self.wrong),
        }
        reasons = {} if self.rule_aware is None else {"rule_aware": self.rule_aware.reason}
        for path, figure in self.figures.items():
            place = result
            for key in path[:-1]:
                place = place.setdefault(key, {})
            place[path[-1]] = figure_json(figure)
            if isinstance(figure, NotComputed):
                reasons[".".join(path)] = figure.reason
        return result | {
            "curve": [vars(point) for point in self.curve],
            "interval": "exact" if self.interval is None else vars(self.interval),
            "by_subset": [vars(subset) for subset in self.by_subset],
            "seed": self.seed,
            "caveats": list(self.caveats),
            "not_computed": reasons,
        }

    def describe(self) -> list[str]:
        """Return the lines that a person reads."""
        knows = (
            "who knows how values were made coarser"
            if self.attacker == "rule-aware"
            else "who only reads what is published"
        )
        band = "exact"
        if self.interval is not None:
            band = f"{self.interval.low:.4g} to {self.interval.high:.4g}, {self.interval.method}"
        unique = self.figures["unique", "precision"]
        right = "" if isinstance(unique, NotComputed) else f", right in {unique.value:.2%} of them"
        lines = [
            f"An attacker {knows} looks for {self.targets:,} people.",
            f"found by the first guess: {self.top_1:.4%} ({band})",
            f"people left with a single candidate: {self.value('unique', 'claims'):,.6g}{right}",
            f"people whom nobody fits: {self.value('candidates', 'none'):.4%}",
        ]
        lines += [
            f"worst {len(subset.columns)} known: {', '.join(subset.columns)} -- {subset.top_1:.4%}"
            for subset in self.frontier
        ]
        if self.rule_aware is not None:
            lines.append(self.rule_aware.reason)
        return [*lines, *self.caveats]


def claims_up_to(found: Sequence[Found], size: int) -> CurvePoint:
    """Return the claims where at most so many candidates are left, on average over repeats."""
    claims = right = targets = 0.0
    for one in found:
        claimed = (one.size > 0) & (one.size <= size)
        claims += int(claimed.sum())
        right += float(one.probability[claimed].sum())
        targets += one.size.size
    return CurvePoint(
        confidence=1 / size,
        claims=claims / len(found),
        precision=right / claims if claims else None,
        recall=right / targets,
    )


def subset_result(columns: tuple[str, ...], found: Found) -> SubsetResult:
    """Return what one set of known columns gives away."""
    point = claims_up_to([found], 1)
    return SubsetResult(
        columns=columns,
        top_1=float(found.probability.mean()),
        unique=point.claims / found.size.size,
        precision=point.precision,
    )


def figures_of(
    found: Sequence[Found], people: int, asked: int, top: Estimate
) -> dict[Path, Figure]:
    """
    Return the figures of an attack from the outcomes of its repeats.

    Parameters
    ----------
    found : sequence of Found
    people : int
        n, among whom a blind guess is made.
    asked : int
        How many people could have been targets; the targets stand for all of them.
    top : Estimate
        The success of the first guess, as it is to be told.
    """
    size = np.concatenate([one.size for one in found])
    probability = np.concatenate([one.probability for one in found])
    member = np.concatenate([one.member for one in found])
    right = np.concatenate([one.fits for one in found]) * member

    def as_top(value: float) -> Estimate:
        return Estimate(value=value, method=top.method, attacker=top.attacker, seed=top.seed)

    some = size[size > 0]
    unique = claims_up_to(found, 1)
    baseline = float(member.mean()) / people
    gain = NotComputed(reason="One person is released, so a blind guess is always right.")
    outside = float((1 - member).sum())
    return {
        ("top_1",): top,
        ("expected",): as_top(top.value * asked),
        **{
            ("top_n", str(n)): as_top(
                float((right * np.minimum(1, n / np.maximum(size, 1))).mean())
            )
            for n in TOP_N
        },
        **{
            ("candidates", name): as_top(float(np.quantile(some, share, method="inverted_cdf")))
            if some.size
            else NO_CANDIDATE
            for name, share in (("median", 0.5), ("p5", 0.05))
        },
        **{
            ("candidates", f"below_{k}"): as_top(float(((size > 0) & (size < k)).mean()))
            for k in SMALL
        },
        ("candidates", "none"): as_top(float((size == 0).mean())),
        ("unique", "claims"): as_top(unique.claims),
        ("unique", "precision"): NO_CLAIM if unique.precision is None else as_top(unique.precision),
        ("baseline",): as_top(baseline),
        ("advantage",): gain
        if baseline >= 1
        else as_top((float(probability.mean()) - baseline) / (1 - baseline)),
        ("control",): NotComputed(
            reason="Every person looked for is in the release, so nobody can be claimed who is "
            "not. Give a population table and say that membership is unknown."
        )
        if outside <= 0
        else as_top(float(((1 - member) * (size == 1)).sum() / outside)),
    }
