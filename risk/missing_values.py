"""What the other reading of missing values would say about the size of the groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from microdata.measure import (
    Context,
    Estimate,
    Figure,
    Finding,
    MeasureResult,
    NotComputed,
    Path,
)
from microdata.wildcard import seconds_needed
from risk.models.base import NOTHING_RELEASED

LONGEST_SECONDS = 3.0
KEYS = ("smallest", "unique_people", "average_risk")
NONE_OPEN = NotComputed(
    reason="No quasi-identifier has missing or suppressed cells, so both readings agree."
)

BY_PERSON = NotComputed(
    reason="Groups count distinct persons, and a person in two matching groups would count twice: "
    "the reading in which a missing value matches all is for tables with one row a person."
)
TOO_LONG = NotComputed(
    reason="Missing cells are spread over so many groups that this reading would take more than "
    f"about {LONGEST_SECONDS:.0f} seconds. Ask for it with the wildcard rule for missing values."
)


@dataclass(frozen=True, kw_only=True)
class MissingRule:
    """
    A way to read missing and suppressed cells of the columns that an attacker may know.

    Parameters
    ----------
    name : str
        What it is called; "own" and "wildcard" are values of `Context.missing`.
    offered : bool
        Whether figures can be asked for by this rule.
    sentence : str
        What it does and why verdicts do or do not rest on it, for the screen and the documents.
    """

    name: str
    offered: bool
    sentence: str


MISSING_RULES: tuple[MissingRule, ...] = (
    MissingRule(
        name="own",
        offered=True,
        sentence="A missing value counts as a value of its own: two people with a gap in the same "
        "place look alike. Verdicts use this rule unless another is asked for, because groups are "
        "then never larger than if a gap matched other values.",
    ),
    MissingRule(
        name="wildcard",
        offered=True,
        sentence="A missing value matches every value, as in sdcMicro (alpha = 1). A gap in one "
        "row then enlarges the groups of other people, so risks come out lower. It is shown beside "
        "the verdicts, which rest on it only where it is asked for.",
    ),
    MissingRule(
        name="alpha",
        offered=False,
        sentence="A row with a gap counts in part for the people whom it could match, as in "
        "sdcMicro with alpha between 0 and 1. It is not used for verdicts: the part is a choice "
        "that nothing in the table supports, and even at 0 a row with a gap still counts all "
        "complete rows that it could match.",
    ),
    MissingRule(
        name="exclude rows",
        offered=False,
        sentence="Rows with a gap are left out before counting. It is not used for verdicts: the "
        "people in these rows are released too, and their risk would be in no figure.",
    ),
)
"""The two rules that are offered, and the known alternatives with why no verdict rests on them."""


@dataclass(frozen=True, kw_only=True)
class WildcardReading:
    """
    Group sizes where a missing or suppressed cell matches every value.

    A reading beside the verdict, never the verdict: neighbourhoods overlap, so they are larger
    than the classes that they are compared with.
    """

    name: ClassVar[str] = "wildcard-reading"
    title: ClassVar[str] = "Groups where a missing value matches all"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Templ et al. 2015 (sdcMicro, freqCalc with alpha = 1)"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        if context.roles.person is not None:
            return BY_PERSON
        classes, first_open = context.classes, context.first_open
        if not classes.n_records:
            return NOTHING_RELEASED
        if not any((classes.codes(name) >= least).any() for name, least in first_open.items()):
            return NONE_OPEN
        # Who asks for the wildcard rule waits for it; beside another rule it is left out.
        if context.missing == "own" and seconds_needed(classes, first_open) > LONGEST_SECONDS:
            return TOO_LONG
        return None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        reason = self.needs(context)
        figures: dict[Path, Figure] = {}
        if reason is not None:
            return MeasureResult(figures={("missing_as_wildcard", key): reason for key in KEYS})
        classes, sizes = context.classes, context.wildcard_sizes
        values = (
            int(sizes.min()),
            int(classes.count[sizes == 1].sum()),
            float((classes.count / sizes).sum()) / classes.n_records,
        )
        for key, value in zip(KEYS, values, strict=True):
            figures["missing_as_wildcard", key] = Estimate(value=value, attacker="prosecutor")
        findings: tuple[Finding, ...] = ()
        if values[0] != classes.k:
            message = (
                f"The smallest group holds {classes.k:,} if a missing value is a value of its "
                f"own, and {values[0]:,} if it matches every value. Verdicts use the "
                f"{'first' if context.missing == 'own' else 'second, as was asked for'}."
            )
            findings = (Finding(code="missing-rule-matters", severity="warning", message=message),)
        return MeasureResult(figures=figures, findings=findings)
