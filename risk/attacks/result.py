"""What a simulated attack found, and how it is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microdata.measure import Estimate, Figure, NotComputed, Path
from risk.attacks.figures import figures_json, value_of
from risk.attacks.intervals import Interval
from risk.attacks.saved import (
    as_list,
    as_number,
    as_number_or_none,
    as_object,
    as_text,
    as_texts,
    as_whole,
)

CLAIM_SIZES = (1, 2, 3, 4, 5, 10, 11, 20, 50, 100)
"""Up to how many candidates a claim is made; one in so many is its confidence."""
TOP_N = (5, 10)
"""Lists of candidates whose chance to hold the right one is given beside the first guess."""
SMALL = (5, 11)
"""Fewer candidates than these are counted, as sizes of groups are."""
SIZE_BANDS = {"1": 1, "2": 2, "3-4": 4, "5-10": 10, "11-19": 19, "20-99": 99, "100+": None}
"""Numbers of candidates that are told together, each by the largest that it holds."""
FIGURES: tuple[Path, ...] = (
    ("top_1",),
    ("expected",),
    *(("top_n", str(n)) for n in TOP_N),
    *(("candidates", name) for name in ("median", "p5")),
    *(("candidates", f"below_{k}") for k in SMALL),
    ("candidates", "none"),
    ("candidates", "nearest"),
    *(("candidates", "share", band) for band in SIZE_BANDS),
    ("unique", "claims"),
    ("unique", "precision"),
    ("nearest", "claims"),
    ("nearest", "precision"),
    ("baseline",),
    ("advantage",),
    ("control",),
)
"""Where every figure of an attack stands in its JSON, in the order in which they are written."""
ATTACKERS = ("rule-aware", "value-only")
_KEYS = {
    *("attacker", "known", "targets", "repeats", "wrong", "curve", "interval", "by_subset"),
    *("seed", "caveats", "not_computed"),
}
UNCHECKED = NotComputed(
    reason="Nothing tells who of the external file is who in the table, so matches were counted "
    "and none could be checked. Map a column to a direct identifier or to the person column."
)


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """
    The claims of an attacker who claims a match wherever a guess is right with some confidence.

    Precision is the share of claims that are right, None where none is made; recall the share of
    all targets who are rightly claimed. Both are None where no match can be checked. Claims by the
    nearest people are among them.
    """

    confidence: float
    claims: float
    precision: float | None
    recall: float | None

    @classmethod
    def from_json(cls, data: object) -> CurvePoint:
        """Read a saved point; raise TypeError, KeyError or ValueError where it is none."""
        saved = as_object(data, {"confidence", "claims", "precision", "recall"})
        return cls(
            confidence=as_number(saved["confidence"]),
            claims=as_number(saved["claims"]),
            precision=as_number_or_none(saved["precision"]),
            recall=as_number_or_none(saved["recall"]),
        )


@dataclass(frozen=True, kw_only=True)
class SubsetResult:
    """
    What an attacker finds who knows some of the columns; unique are those with one candidate.

    The first guess and the precision are None where no match can be checked.
    """

    columns: tuple[str, ...]
    top_1: float | None
    unique: float
    precision: float | None

    @classmethod
    def from_json(cls, data: object) -> SubsetResult:
        """Read a saved set; raise TypeError, KeyError or ValueError where it is none."""
        saved = as_object(data, {"columns", "top_1", "unique", "precision"})
        return cls(
            columns=as_texts(saved["columns"]),
            top_1=as_number_or_none(saved["top_1"]),
            unique=as_number(saved["unique"]),
            precision=as_number_or_none(saved["precision"]),
        )

    @property
    def harm(self) -> float:
        """What sets are ranked by: right first guesses, or claims where none can be checked."""
        return self.unique if self.top_1 is None else self.top_1

    def to_json(self) -> dict[str, Any]:
        """Return the set as an object."""
        return vars(self) | {"columns": list(self.columns)}


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
        Of ``top_1``, or of the share of people with a single candidate where no match can be
        checked; None where that is exact.
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
        return value_of(self.figures, path)

    @property
    def checked(self) -> bool:
        """Whether it is known whose records the matches are, so that some can be called right."""
        return self.figures["top_1",] != UNCHECKED

    @property
    def frontier(self) -> tuple[SubsetResult, ...]:
        """The worst set of each number of columns."""
        worst: dict[int, SubsetResult] = {}
        for subset in self.by_subset:
            worst.setdefault(len(subset.columns), subset)
        return tuple(worst.values())

    def to_json(self) -> dict[str, Any]:
        """Return the object that the command line prints."""
        figures, reasons = figures_json(self.figures)
        refused = {} if self.rule_aware is None else {"rule_aware": self.rule_aware.reason}
        return {
            "attacker": self.attacker,
            "known": list(self.known),
            "targets": self.targets,
            "repeats": self.repeats,
            "wrong": dict(self.wrong),
            **figures,
            "curve": [vars(point) for point in self.curve],
            "interval": "exact" if self.interval is None else vars(self.interval),
            "by_subset": [subset.to_json() for subset in self.by_subset],
            "seed": self.seed,
            "caveats": list(self.caveats),
            "not_computed": refused | reasons,
        }

    @classmethod
    def from_json(cls, data: object) -> AttackResult:
        """
        Read what `to_json` wrote, without loss.

        Raises
        ------
        TypeError, KeyError, ValueError
            A part is of another type, lacking, too many or no number; the reader of the saved
            file makes a sentence of it.
        """
        places = {path[0] for path in FIGURES}
        saved = as_object(data, _KEYS | places)
        attacker = as_text(saved["attacker"])
        if attacker not in ATTACKERS:
            raise ValueError("a saved attacker is none that there is")
        interval = saved["interval"]
        band = None if interval == "exact" else Interval.from_json(interval)
        seed, caveats = as_whole(saved["seed"]), as_texts(saved["caveats"])
        reasons = as_object(saved["not_computed"])
        figures: dict[Path, Figure] = {}
        for path in FIGURES:
            value: object = saved
            for key in path:
                value = as_object(value)[key]
            if value is None:
                figures[path] = NotComputed(reason=as_text(reasons[".".join(path)]))
                continue
            first = path == ("top_1",)
            figures[path] = Estimate(
                value=math.inf if value == "infinite" else as_number(value),
                low=band.low if band and first else None,
                high=band.high if band and first else None,
                method=band.method if band else "exact",
                attacker=attacker,
                seed=seed if band else None,
                caveats=caveats if first else (),
            )
        refused = reasons.get("rule_aware")
        result = cls(
            attacker=attacker,
            rule_aware=None if refused is None else NotComputed(reason=as_text(refused)),
            known=as_texts(saved["known"]),
            targets=as_whole(saved["targets"]),
            repeats=as_whole(saved["repeats"]),
            figures=figures,
            curve=tuple(map(CurvePoint.from_json, as_list(saved["curve"]))),
            interval=band,
            wrong={as_text(name): as_number(v) for name, v in as_object(saved["wrong"]).items()},
            by_subset=tuple(map(SubsetResult.from_json, as_list(saved["by_subset"]))),
            seed=seed,
            caveats=caveats,
        )
        if result.to_json() != saved:
            raise ValueError("a saved attack holds what no attack wrote")
        return result

    def describe(self) -> list[str]:
        """Return the lines that a person reads."""
        knows = (
            "who knows how values were made coarser"
            if self.attacker == "rule-aware"
            else "who only reads what is published"
        )
        band = "exact"
        if self.interval is not None:
            low, high = self.interval.low, self.interval.high
            band = f"estimated, 95 % interval {low:.4%} to {high:.4%}, {self.interval.method}"
        unique, top = self.figures["unique", "precision"], self.figures["top_1",]
        claims = _people(self.value("unique", "claims"))
        right = "" if isinstance(unique, NotComputed) else f", right in {unique.value:.2%} of them"
        lines = [
            f"An attacker {knows} looks for {self.targets:,} people.",
            top.reason
            if isinstance(top, NotComputed)
            else f"found by the first guess: {top.value:.4%} ({band})",
            f"people left with a single candidate: {claims}{right}",
            f"people left without a candidate: {self.value('candidates', 'none'):.4%}",
        ]
        nearest = self.figures["candidates", "nearest"]
        if isinstance(nearest, Estimate):
            lines.append(f"people matched with those nearest to them: {nearest.value:.4%}")
        how = "left with a single candidate" if isinstance(top, NotComputed) else "found"
        lines += [
            f"worst {len(subset.columns)} known: {', '.join(subset.columns)} -- "
            f"{subset.harm:.4%} {how}"
            for subset in self.frontier
        ]
        if self.rule_aware is not None:
            lines.append(self.rule_aware.reason)
        return [*lines, *self.caveats]


def _people(number: float) -> str:
    """Return a number of people, which may be a mean over repeats."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"
