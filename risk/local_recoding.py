"""What no figure counts where records are generalised each in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from microdata.measure import Context, Finding, MeasureResult, NotComputed
from risk.models.base import NOTHING_RELEASED

CHOICES = "How far a record is generalised depends on the values of the others."
NOT_COUNTED = "No figure of risk counts this."
ATTACKS = (
    f"{CHOICES} Someone who knows the method can reason backwards: a group that was not released "
    "in finer detail could not have been, and that tells of the values in it (minimality, "
    f"downcoding and combinatorial refinement attacks). {NOT_COUNTED}"
)
INSTEAD = (
    "For a release to people whom you do not trust, use the same levels for everybody, levels that "
    "were fixed before anyone looked at the data, or one level more than is needed."
)


@dataclass(frozen=True, kw_only=True)
class LocalRecoding:
    """
    A warning where the same value of a quasi-identifier is released in different ways.

    After local recoding or the suppression of single cells there is no rule from value to label.
    The method's choices then depend on the data, and who knows it can undo part of it.

    References
    ----------
    Wong, Fu, Wang, Pei (2007), Minimality attack in privacy preserving data publishing, VLDB.
    Cohen (2022), Attacks on deidentification's defenses, USENIX Security. Chhillar et al. (2025),
    arXiv 2509.03350.
    """

    name: ClassVar[str] = "local-recoding"
    title: ClassVar[str] = "Recoding that differs from record to record"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Wong et al. 2007; Cohen 2022; Chhillar et al. 2025"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why there is nothing to warn of, or None."""
        return None if context.release.released_records else NOTHING_RELEASED

    def evaluate(self, context: Context) -> MeasureResult:
        """Return the warning where it applies; there is no figure."""
        columns = columns_without_rule(context)
        if not columns or self.needs(context) is not None:
            return MeasureResult(figures={})
        names = ", ".join(repr(name) for name in columns)
        message = (
            f"The same value of {names} is released in different ways. {CHOICES} {NOT_COUNTED}"
        )
        finding = Finding(code="local-recoding", severity="warning", message=message)
        return MeasureResult(figures={}, findings=(finding,))


def columns_without_rule(context: Context) -> tuple[str, ...]:
    """Return the quasi-identifiers in which one value is released in several ways, all true."""
    released = context.release.columns
    return tuple(
        name
        for name in context.roles.quasi_identifiers
        if name in released
        and released[name].lookup is None
        and released[name].explicit is not None
        and not released[name].perturbed
    )
